"""Serving the page: what still runs when it is closed ends without a complaint."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from http.client import HTTPException
from threading import Event
from typing import Any
from urllib.request import urlopen

import pytest

from sifrules.cli.options import the_registry

pytestmark = pytest.mark.once


@pytest.mark.parametrize("asked", ["run", "report.html"])
def test_what_does_not_end_in_time_is_interrupted_without_a_complaint(
    asked: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C while a batch takes longer than the connections have: no line is printed of it."""
    for needed in ("uvicorn", "starlette", "altair"):
        pytest.importorskip(needed, reason="the page needs the extra app")
    from sifrules_simulation.app import serving, simulating

    begun, may_end = Event(), Event()

    def never_ending(*_: Any, **__: Any) -> Any:
        begun.set()
        may_end.wait(30)
        raise simulating.Stopped

    monkeypatch.setattr(simulating, "run", never_ending)
    monkeypatch.setattr(serving, "_GRACE", 1)

    def ask(address: str) -> None:
        there = address.replace("/?", f"/{asked}?policy=orebro@2016&")
        with suppress(OSError, HTTPException), urlopen(there, timeout=30) as answer:
            answer.read()
        may_end.set()

    def close() -> None:
        begun.wait(30)
        os.kill(os.getpid(), signal.SIGINT)

    def ready(address: str) -> None:
        for target, args in ((ask, (address,)), (close, ())):
            threads.append(threading.Thread(target=target, args=args))
            threads[-1].start()

    threads = list[threading.Thread]()
    serving.serve(the_registry(), (), 0, "en", ready)
    for each in threads:
        each.join(30)
    assert begun.is_set()
    assert capsys.readouterr() == ("", "")
