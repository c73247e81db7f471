"""Folders whose names would be patterns: every command takes the folder that was named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sifrules_simulation.model.breakdowns import BREAKDOWNS
from sifrules_simulation.results.reader import read_results

pytestmark = pytest.mark.once

Sif = Callable[..., Any]
Stopped = Callable[..., Any]
Files = Callable[[Path], dict[str, bytes]]

#: Names that are patterns, and another name that each would match.
PATTERNS = {"utkast [2]": "utkast 2", "a*b": "aXb", "b?c": "bXc", "**": "X", "é%20{0}#": "X"}
RUN = ("compare", "orebro@2016", "sodertalje@2015", "--replications", "90", "--years", "2",
       "--jobs", "1")  # fmt: skip


@pytest.fixture(params=PATTERNS)
def folder(request: pytest.FixtureRequest, tmp_path: Path, saved: Path) -> Path:
    """A place that is not there yet; next to it are results that the pattern would match."""
    shutil.copytree(saved, tmp_path / PATTERNS[request.param])
    return tmp_path / str(request.param)


def test_a_run_is_saved_stopped_and_resumed_there(
    sif: Sif, stopped: Stopped, tmp_path: Path, folder: Path, files_of: Files
) -> None:
    """A run that is resumed ends in the same bytes as in a folder of another name."""
    plain = tmp_path / "plain"
    assert sif(*RUN, "--out", str(plain)).code == 0
    assert stopped(2, *RUN, "--out", str(folder)).code == 130
    assert sif("resume", str(folder), "--jobs", "1").code == 0
    assert files_of(folder) == files_of(plain)


def test_what_is_read_is_of_that_folder_alone(
    sif: Sif, tmp_path: Path, folder: Path, saved: Path
) -> None:
    """A report, a chart, the means and a query have the numbers of no other folder."""
    shutil.copytree(saved, folder)
    found = read_results(folder)
    assert set(found.breakdowns) == {each.name for each in BREAKDOWNS}
    for name, frame in {"summary": found.summary, **found.breakdowns}.items():
        assert frame is not None
        assert frame.equals(pl.read_parquet(saved / f"{name}.parquet"))
    reported = sif("results", str(folder), "--format", "csv")
    assert (reported.code, reported.out) == (0, sif("results", str(saved), "--format", "csv").out)
    assert sif("report", str(folder), "--xlsx", str(folder / "x.xlsx")).code == 0
    assert sif("chart", "balances", str(folder), "--out", str(folder / "x.svg")).code == 0


@pytest.mark.parametrize("finished", [True, False])
def test_a_query_asks_that_folder_alone(
    sif: Sif, stopped: Stopped, folder: Path, saved: Path, finished: bool
) -> None:
    """duckdb takes every path for a pattern: it counts the rows of the folder that was named."""
    pytest.importorskip("duckdb", reason="duckdb, of the extra sql, is not installed here")
    if finished:
        shutil.copytree(saved, folder)
    else:
        assert stopped(2, *RUN, "--out", str(folder)).code == 130
    ran = sif("results", str(folder), "--sql", "SELECT count(*) AS n FROM runs", "--format", "csv")
    assert ran.out.split() == ["n", "8" if finished else "80"]
