"""Folders whose names would be patterns or columns: only the folder that was named is read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sifrules_simulation import table
from sifrules_simulation.model.breakdowns import BREAKDOWNS
from sifrules_simulation.results.reader import read_results
from sifrules_simulation.results.sql import queried
from sifrules_simulation.results.summary import results
from sifrules_simulation.results.tables import tables_in

pytestmark = pytest.mark.once

Sif = Callable[..., Any]
Stopped = Callable[..., Any]
Files = Callable[[Path], dict[str, bytes]]

#: Names that a reader could take for a pattern or a column, and another that each would match.
NAMES = {
    "utkast [2]": "utkast 2",
    "all*": "all of them",
    "q?": "qz",
    "**": "X",
    "é%20{0}#": "X",
    "policy=x": "other",
    "replication=7": "other",
}
#: A folder below folders of all these names: what is wrong with one is wrong with it.
NESTED, MATCHED = Path(*NAMES), Path(*NAMES.values())
RUN = ("compare", "orebro@2016", "sodertalje@2015", "--replications", "90", "--years", "2",
       "--jobs", "1")  # fmt: skip


def matched(saved: Path, place: Path) -> None:
    """Results that a pattern would match, of a policy that was not run."""
    shutil.copytree(saved, place)
    for file in place.glob("*.parquet"):
        frame = pl.read_parquet(saved / file.name)
        frame.with_columns(pl.lit("other").alias("policy")).head(1).write_parquet(file)


@pytest.fixture(params=NAMES)
def named(request: pytest.FixtureRequest, saved: Path, tmp_path: Path) -> Path:
    """A saved comparison in such a folder, and next to it one that must not be read."""
    shutil.copytree(saved, tmp_path / request.param)
    matched(saved, tmp_path / NAMES[request.param])
    return tmp_path / str(request.param)


@pytest.fixture
def nested(saved: Path, tmp_path: Path) -> Path:
    """A place that is not there yet, and results that its path would match as a pattern."""
    matched(saved, tmp_path / MATCHED)
    return tmp_path / NESTED


def test_every_reader_reads_the_file_that_is_named(named: Path, saved: Path) -> None:
    """A table, a summary and a report's frames hold what was saved."""
    assert table(named, "runs").collect().equals(pl.read_parquet(saved / "runs.parquet"))
    assert results(named).rows == results(saved).rows
    found = read_results(named)
    assert set(found.breakdowns) == {each.name for each in BREAKDOWNS}
    for name, frame in {"summary": found.summary, **found.breakdowns}.items():
        assert frame is not None
        assert frame.equals(pl.read_parquet(saved / f"{name}.parquet"))


def test_a_query_reads_the_file_that_is_named(named: Path) -> None:
    """duckdb takes every path for a pattern: policies and rows are those of the file named."""
    pytest.importorskip("duckdb", reason="duckdb, of the extra sql, is not installed here")
    sql = "SELECT policy, count(*), max(replication) FROM runs GROUP BY policy ORDER BY policy"
    with queried(tables_in(named), sql) as found:
        rows = [row for batch in found.batches for row in batch]
    assert rows == [("norrkoping@2022", 4, 3), ("orebro@2016", 4, 3)]


def test_a_run_is_saved_stopped_and_resumed_there(
    sif: Sif, stopped: Stopped, tmp_path: Path, nested: Path, files_of: Files
) -> None:
    """What was finished is read before, and the end is that of a run in a folder not so named."""
    plain = tmp_path / "plain"
    assert sif(*RUN, "--out", str(plain)).code == 0
    assert stopped(2, *RUN, "--out", str(nested)).code == 130
    assert "orebro@2016" in sif("results", str(nested)).out
    if find_spec("duckdb"):
        sql = ("--sql", "SELECT count(*) AS n FROM runs", "--format", "csv")
        assert sif("results", str(nested), *sql).out.split() == ["n", "80"]
    assert sif("resume", str(nested), "--jobs", "1").code == 0
    assert files_of(nested) == files_of(plain)


def test_every_command_reads_that_folder_alone(sif: Sif, nested: Path, saved: Path) -> None:
    """Means, a report with its workbook and a chart are made of no other folder."""
    shutil.copytree(saved, nested)
    reported = sif("results", str(nested), "--format", "csv")
    assert (reported.code, reported.out) == (0, sif("results", str(saved), "--format", "csv").out)
    assert sif("report", str(nested), "--xlsx", str(nested / "x.xlsx")).code == 0
    assert sif("chart", "balances", str(nested), "--out", str(nested / "x.svg")).code == 0
