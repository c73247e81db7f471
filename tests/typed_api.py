"""Which types the public names give; checked by ``docs/check_types.py``, never run."""

from __future__ import annotations

from typing import assert_type

import pandas as pd
import polars as pl
import pyarrow as pa

import sifrules
import sifrules_simulation
from sifrules_simulation import Comparison, table


def versions() -> None:
    """Both packages say of which version they are."""
    assert_type(sifrules.__version__, str)
    assert_type(sifrules_simulation.__version__, str)


def saved_tables() -> None:
    """A saved table is lazy in polars, and whole in the other libraries."""
    assert_type(table("results", "runs"), pl.LazyFrame)
    assert_type(table("results", "runs", library="polars", columns=["grants"]), pl.LazyFrame)
    assert_type(table("results", "runs", library="pandas"), pd.DataFrame)
    assert_type(table("results", "runs", library="pyarrow"), pa.Table)


def tables_of(result: Comparison) -> None:
    """The tables of a comparison are whole in every library."""
    assert_type(result.table(), pl.DataFrame)
    assert_type(result.table("runs", library="pandas"), pd.DataFrame)
    assert_type(result.table("runs", library="pyarrow"), pa.Table)
