"""Serving the page: what still runs when it is closed ends without a complaint."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.once

#: Serves in a process of its own, as a browser in this one has a loop that runs: asks for results
#: and for a report, both of which wait for a batch that does not end in time, and closes then.
CLOSED_WHILE_ASKED = """
import os, signal, threading
from contextlib import suppress
from http.client import HTTPException
from urllib.request import urlopen

from sifrules.cli.options import the_registry
from sifrules_simulation.app import serving, simulating

begun, may_end, asked = threading.Event(), threading.Event(), []

def never_ending(*_, **__):
    begun.set()
    may_end.wait(60)
    raise simulating.Stopped

def ask(address):
    with suppress(OSError, HTTPException), urlopen(address, timeout=60) as answer:
        answer.read()

def close():
    begun.wait(60)
    os.kill(os.getpid(), signal.SIGINT)
    for each in asked:
        each.join()
    may_end.set()

def ready(address):
    for path in ("run", "report.html"):
        there = address.replace("/?", f"/{path}?policy=orebro@2016&")
        asked.append(threading.Thread(target=ask, args=(there,)))
    for each in (*asked, threading.Thread(target=close)):
        each.start()

simulating.run, serving._GRACE = never_ending, 1
serving.serve(the_registry(), (), 0, "en", ready)
print("closed while asked" if begun.is_set() else "nothing was asked")
"""


def test_what_does_not_end_in_time_is_interrupted_without_a_complaint() -> None:
    """Ctrl-C while a batch takes longer than the connections have: no line is printed of it."""
    for needed in ("uvicorn", "starlette", "altair"):
        pytest.importorskip(needed, reason="the page needs the extra app")
    ran = subprocess.run([sys.executable, "-c", CLOSED_WHILE_ASKED], capture_output=True,
                         text=True, timeout=120, check=False)  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "closed while asked\n", "")
