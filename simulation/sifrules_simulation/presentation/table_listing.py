"""The list of saved tables: what a folder has, column by column."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sifrules.plugin.simulation import Measure
from sifrules.presentation.answer import Answer
from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language, same
from sifrules_simulation.presentation.formatting import unit_of
from sifrules_simulation.presentation.query_answer import about
from sifrules_simulation.results.data_dictionary import column_of
from sifrules_simulation.results.tables import SavedTable, tables_in

if TYPE_CHECKING:
    import polars as pl

_HEADS = {
    "table": Message("table_listing.heads_table"),
    "column": Message("table_listing.heads_column"),
    "kind": Message("table_listing.heads_kind"),
    "unit": Message("table_listing.heads_unit"),
    "what": Message("table_listing.heads_what"),
}
_TITLE = Message("table_listing.title")
_KINDS: dict[str, Text] = {
    "text": same("text"),
    "number": Message("table_listing.kinds_number"),
    "whole": Message("table_listing.kinds_whole"),
    "list": Message("table_listing.kinds_list"),
    "flag": Message("table_listing.kinds_flag"),
}
_ABOUT = Message("table_listing.about")


def listed(folder: Path, measures: Mapping[str, Measure], lang: Language) -> Answer:
    """The tables in a folder: their rows, and what each of their columns is."""
    saved = tables_in(folder)
    data = [_described(each, measures, lang) for each in saved.tables.values()]
    heads = [_HEADS[name].text(lang) for name in ("column", "kind", "unit", "what")]
    tables = [
        Table(
            [Column(heads[0]), Column(heads[1]), Column(heads[2]), Column(heads[3], width=60)],
            [_cells(column, lang) for column in each["columns"]],
            _TITLE.format(table=each["table"], rows=each["rows"]).text(lang),
        )
        for each in data
    ]
    flat = [[each["table"], *column.values()] for each in data for column in each["columns"]]
    return Answer(
        data=data,
        tables=tuple(tables),
        csv=Table([Column(name) for name in _HEADS], flat),
        notes=((_ABOUT, tuple(each.text(lang) for each in about(saved))),),
    )


def _cells(column: Mapping[str, str], lang: Language) -> list[str]:
    unit = column["unit"]
    unit_words = unit_of(unit).column.text(lang) if unit else ""
    return [column["column"], _KINDS[column["kind"]].text(lang), unit_words, column["what"]]


def _described(
    table: SavedTable, measures: Mapping[str, Measure], lang: Language
) -> dict[str, Any]:
    import polars as pl

    frame = table.scan()
    columns = [
        {"column": name, "kind": _kind(kind), "unit": each.unit, "what": each.words.text(lang)}
        for name, kind in frame.collect_schema().items()
        for each in [column_of(name, measures, table.name)]
    ]
    rows = frame.select(pl.len()).collect(engine="streaming").item()
    return {"table": table.name, "rows": rows, "columns": columns}


def _kind(kind: pl.DataType) -> str:
    if kind.is_nested():
        return "list"
    if kind.is_integer():
        return "whole"
    if kind.is_numeric():
        return "number"
    return "flag" if str(kind) == "Boolean" else "text"
