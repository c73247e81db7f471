"""Saved tables are read from the files that are named, whatever their folders are called."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sifrules_simulation import table
from sifrules_simulation.results.reader import read_results
from sifrules_simulation.results.sql import queried
from sifrules_simulation.results.summary import results
from sifrules_simulation.results.tables import tables_in

pytestmark = pytest.mark.once

Sif = Callable[..., Any]

#: Names that readers of Parquet take for a column or a pattern, and a folder the pattern fits.
NAMED = {
    "policy=x": "other",
    "replication=7": "other",
    "utkast [2]": "utkast 2",
    "all*": "all of them",
    "q?": "qz",
}


@pytest.fixture(params=NAMED)
def named(request: pytest.FixtureRequest, saved: Path, tmp_path: Path) -> Path:
    """A saved comparison in such a folder, and next to it one that must not be read."""
    place, other = tmp_path / request.param, tmp_path / NAMED[request.param]
    shutil.copytree(saved, place)
    shutil.copytree(saved, other)
    for file in other.glob("*.parquet"):
        pl.read_parquet(saved / file.name).with_columns(pl.lit("other").alias("policy")).head(
            1
        ).write_parquet(file)
    return place


def test_every_reader_reads_the_file_that_is_named(named: Path, saved: Path) -> None:
    """A table, a summary and a report's frames hold what was saved."""
    assert table(named, "runs").collect().equals(pl.read_parquet(saved / "runs.parquet"))
    assert results(named).rows == results(saved).rows
    found, wanted = read_results(named).summary, read_results(saved).summary
    assert found is not None
    assert wanted is not None
    assert found.equals(wanted)


def test_a_query_reads_the_file_that_is_named(named: Path) -> None:
    """Policies and replications are those of the file, not of the folder's name."""
    pytest.importorskip("duckdb", reason="duckdb, of the extra sql, is not installed here")
    sql = "SELECT policy, count(*), max(replication) FROM runs GROUP BY policy ORDER BY policy"
    with queried(tables_in(named), sql) as found:
        rows = [row for batch in found.batches for row in batch]
    assert rows == [("norrkoping@2022", 4, 3), ("orebro@2016", 4, 3)]


@pytest.mark.parametrize("name", NAMED)
def test_a_run_is_saved_stopped_and_resumed_in_any_folder(
    name: str, sif: Sif, stopped: Sif, tmp_path: Path, saved: Path
) -> None:
    """Its batches are read back as they were saved: the tables are those of a run not stopped."""
    place = tmp_path / name
    asked = ("compare", "orebro@2016", "norrkoping@2022", "--replications", "60", "--years", "2")
    asked += ("--jobs", "1")
    assert stopped(1, *asked, "--out", str(place)).code == 130
    assert "norrkoping@2022" in sif("results", str(place)).out
    assert sif("resume", str(place), "--jobs", "1").code == 0
    assert sif(*asked, "--out", str(tmp_path / "whole")).code == 0
    whole = pl.read_parquet(tmp_path / "whole" / "runs.parquet")
    assert table(place, "runs").collect().equals(whole)
