"""The benchmarks for researchers run, and say how large what they ran was."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
pytestmark = pytest.mark.once


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """One of the scripts as a module."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module


def test_the_study_of_three_levers_is_of_sixty_policies(
    benchmark: Callable[[str], ModuleType], capsys: pytest.CaptureFixture[str]
) -> None:
    """Three replications of each in every draw; its time is divided into all of its parts."""
    benchmark("explore").main(["--draws", "1", "--jobs", "1"])
    printed = capsys.readouterr().out
    assert printed.startswith("180 replications (60 policies × 1 draws × 3)")
    assert [part in printed for part in ("made ready", "simulated", "put together")] == [True] * 3


def test_a_search_is_of_so_many_evaluations(
    benchmark: Callable[[str], ModuleType], capsys: pytest.CaptureFixture[str]
) -> None:
    """Where its library is there."""
    pytest.importorskip("pymoo")
    benchmark("search").main(["--evaluations", "8", "--jobs", "1"])
    assert capsys.readouterr().out.startswith("8 evaluations of 3 replications")


def test_events_are_counted_in_the_file(benchmark: Callable[[str], ModuleType]) -> None:
    """About as many as were asked for are written, and memory is read while that is done."""
    most, row = benchmark("events").measured(3_000)
    assert 1_000 < int(row[0].replace(",", "")) < 10_000
    assert most > float(row[4]) > 20
