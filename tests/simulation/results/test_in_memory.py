"""Results in memory: the same as what was saved and read back."""

from __future__ import annotations

from pathlib import Path

from sifrules.cli.options import the_registry
from sifrules_simulation.results.in_memory import results_of
from sifrules_simulation.results.manifest import COMPARISON
from sifrules_simulation.results.reader import read_results
from sifrules_simulation.runs.request import RunRequest
from sifrules_simulation.runs.run import ComparisonResult, run


def test_they_are_what_is_read_back(tmp_path: Path) -> None:
    """A comparison's data, its summary and its breakdowns, with no file in between."""
    request = RunRequest(kind=COMPARISON, policies=("orebro@2016", "norrkoping@2010"),
                         scenario="default", years=2, seed=1, replications=3, form="table",
                         lang="sv")  # fmt: skip
    found = run(the_registry(), request, tmp_path, jobs=1)
    assert isinstance(found, ComparisonResult)
    read, made = read_results(tmp_path), results_of(found.comparison, "x")
    assert made.comparison == read.comparison
    assert made.about == read.about
    assert made.summary is not None
    assert made.summary.equals(read.summary)
    assert made.breakdowns.keys() == read.breakdowns.keys()
