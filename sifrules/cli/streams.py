"""Standard streams (standardströmmar): what the command line writes to, wherever it runs."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import TextIOWrapper


def prepare_streams() -> None:
    """Make every answer writable.

    A file or a pipe gets UTF-8, whatever the locale says; on a terminal, what its encoding lacks
    becomes a question mark. A stream that was closed (``2>&-``, pythonw) leads nowhere.
    """
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:  # a name of a file may hold bytes that are no text
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def write_nowhere() -> None:
    """Let what is still to be written to the output go nowhere, so that leaving does not retry."""
    with suppress(OSError, ValueError):  # an output that is no file of the system
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_closed() -> None:
    """Open closed streams on nowhere, lest a file that is opened next takes their number."""
    for number in (0, 1, 2):  # input, output, error
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
