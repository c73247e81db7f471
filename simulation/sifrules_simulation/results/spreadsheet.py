"""Tables for a spreadsheet (kalkylblad): CSV as Excel opens it in the language of its reader.

Swedish Excel takes semicolons between cells, decimal commas and a byte-order mark. Amounts are
whole kronor there: the Parquet files have them to the last decimal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sifrules.plugin.simulation import Measure
from sifrules.values.text import Language
from sifrules_simulation.model.breakdowns import BREAKDOWNS

if TYPE_CHECKING:
    import polars as pl

#: How a text begins that a spreadsheet would take for a formula.
_FORMULA = r"^([=+\-@\t\r])"
#: Control and direction marks, which could make a text read as something else.
_MARKS = r"[\p{Cc}\p{Cf}]"
#: The columns whose unit is that of the measure, or of the parameter, that a row is about.
_BY_ROW = ("unit", "measure")


def amounts_of(measures: Iterable[Measure]) -> frozenset[str]:
    """The columns and the measures that are amounts in kronor."""
    named = [measure.name for measure in measures if measure.unit == "SEK"]
    arms = [f"{name}_{arm}" for name in named for arm in ("with", "without")]
    columns = (column for each in BREAKDOWNS for column in each.columns.items())
    broken_down = [name for name, column in columns if column.unit == "SEK"]
    return frozenset((*named, *arms, *broken_down))


def whole_kronor(frame: pl.LazyFrame, amounts: Collection[str]) -> pl.LazyFrame:
    """A table with its amounts in whole kronor, halves to even.

    ``amounts`` are the columns that are amounts, or the measures that are where each row is about
    one; a column ``unit`` says it by itself.
    """
    import polars as pl

    floats = pl.selectors.float()
    columns = frame.collect_schema().names()
    by = next((name for name in _BY_ROW if name in columns), None)
    if by is None:
        return frame.with_columns(
            (floats & pl.selectors.by_name(amounts, require_all=False)).round()
        )
    about = pl.col(by) == "SEK" if by == "unit" else pl.col(by).is_in(list(amounts))
    return frame.with_columns(pl.when(about).then(floats.round()).otherwise(floats).name.keep())


def write_csv(frame: pl.LazyFrame, to: Path, lang: Language) -> None:
    """Write a table as CSV, bit by bit.

    A text that a spreadsheet would take for a formula is saved as text, without control and
    direction marks.
    """
    import polars as pl

    texts = pl.selectors.string().str.replace(_FORMULA, "'${1}").str.replace_all(_MARKS, " ")
    swedish = lang == "sv"
    frame.with_columns(texts).sink_csv(
        to, separator=";" if swedish else ",", decimal_comma=swedish, include_bom=swedish
    )
