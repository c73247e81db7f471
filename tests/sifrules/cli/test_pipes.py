"""Files that come through a pipe, which can be read but once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Sif = Callable[..., Any]

ROOT = Path(__file__).parents[3]
WHAT_IF = ROOT / "examples" / "what-ifs" / "orebro-without-floor.toml"
CASES = ROOT / "plugins" / "sifrules_plugins" / "orebro" / "cases.toml"


@pytest.fixture
def piped(sif: Sif, tmp_path: Path) -> Sif:
    """Runs a command on a file's text, which comes through a pipe once."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes here")

    def run(file: Path, *args: str) -> Any:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        writing = threading.Thread(target=pipe.write_bytes, args=(file.read_bytes(),), daemon=True)
        writing.start()
        try:
            return sif(*(each.format(pipe=pipe) for each in args))
        finally:
            writing.join(timeout=10)
            pipe.unlink()

    return run


@pytest.mark.parametrize(
    ("file", "args"),
    [
        (WHAT_IF, ("validate", "{pipe}")),
        (WHAT_IF, ("show", "{pipe}")),
        (WHAT_IF, ("diff", "orebro@2016", "{pipe}")),
        (CASES, ("test", "{pipe}")),
        (WHAT_IF, ("compare", "{pipe}", "--replications", "2", "--years", "2", "--jobs", "1")),
    ],
    ids=["validate", "show", "diff", "test", "compare"],
)
def test_a_pipe_is_read_once(piped: Sif, sif: Sif, file: Path, args: tuple[str, ...]) -> None:
    """A command that looks at a file twice finds the same in a pipe."""
    ran = piped(file, *args)
    assert (ran.code, ran.err) == (0, "")
    assert ran.code == sif(*(each.format(pipe=file) for each in args)).code


@pytest.mark.skipif(not Path("/dev/stdin").exists(), reason="this system has no such file")
def test_standard_input_is_validated_as_the_file_is() -> None:
    """``cat file | sif validate /dev/stdin`` says what ``sif validate file`` says."""
    ran = subprocess.run(
        [sys.executable, "-m", "sifrules", "validate", "/dev/stdin"],
        input=WHAT_IF.read_bytes(),
        capture_output=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
