"""A CSV opens in a spreadsheet as its reader's language has it, with amounts in whole kronor."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sifrules_simulation.results.spreadsheet import whole_kronor, write_csv

Sif = Callable[..., Any]
AMOUNT = 16423000.000000002


def test_a_column_that_is_an_amount_is_in_whole_kronor() -> None:
    """Other numbers are as they were."""
    frame = pl.LazyFrame({"granted": [AMOUNT], "uptake": [0.25], "policy": ["a"]})
    found = whole_kronor(frame, ["granted", "returned"]).collect()
    assert found.to_dicts() == [{"granted": 16423000.0, "uptake": 0.25, "policy": "a"}]


@pytest.mark.parametrize(("by", "is_one", "other"), [
    ("unit", "SEK", "share"), ("measure", "granted", "application_uptake"),
])  # fmt: skip
def test_a_row_that_is_about_an_amount_is_in_whole_kronor(by: str, is_one: str, other: str) -> None:
    """By its unit, or by its measure where the table has no unit."""
    frame = pl.LazyFrame({by: [is_one, other], "mean": [AMOUNT, 0.25], "low": [None, 0.1]})
    found = whole_kronor(frame, ["granted"]).collect()
    assert found["mean"].to_list() == [16423000.0, 0.25]
    assert found["low"].to_list() == [None, 0.1]


def test_a_swedish_file_has_semicolons_commas_and_a_byte_order_mark(tmp_path: Path) -> None:
    """An English one has none of them."""
    frame = pl.LazyFrame({"name": ["Örebro; n", "=1+1"], "share": [0.25, 1.5]})
    write_csv(frame, tmp_path / "sv.csv", "sv")
    write_csv(frame, tmp_path / "en.csv", "en")
    swedish, english = ((tmp_path / f"{lang}.csv").read_bytes() for lang in ("sv", "en"))
    reported = '\ufeffname;share\n"Örebro; n";0,25\n\'=1+1;1,5\n'
    assert swedish.decode() == reported
    assert english.decode() == "name,share\nÖrebro; n,0.25\n'=1+1,1.5\n"


def test_saved_tables_are_of_the_language_that_was_asked_for(sif: Sif, tmp_path: Path) -> None:
    """Every CSV of a run in Swedish is Swedish; its amounts are whole, and its Parquet exact."""
    run = ("compare", "orebro@2016", "--replications", "3", "--years", "3", "--jobs", "1")
    ran = sif(*run, "--lang", "sv", "--format", "csv", "--out", str(tmp_path))
    saved = [file.read_text("utf-8") for file in sorted(tmp_path.glob("*.csv"))]
    assert saved
    exact = pl.read_parquet(tmp_path / "summary.parquet")
    for text in (*saved, ran.out):
        assert text.startswith("\ufeffpolicy;")
        for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"):
            amount = row["mean"] if row.get("unit") == "SEK" else row.get("granted")
            assert amount is None or amount == "" or float(amount.replace(",", ".")).is_integer()
    whole = exact.filter(unit="SEK")["mean"]
    assert any(value != round(value) for value in whole)
