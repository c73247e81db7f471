"""How the answer to a query is shown: a table for people, or all its rows for programs."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Any

import click

from sifrules.presentation.answer import Answer, json_text, rendered
from sifrules.presentation.table import Column, Table, csv_lines
from sifrules.values.messages import Message, Text
from sifrules.values.numbers import written
from sifrules.values.text import Language
from sifrules_simulation.results.sql import Queried
from sifrules_simulation.results.tables import SavedTables

#: The most rows that are shown to people; programs get all of them.
MOST = 200

#: Lines that are printed at a time.
_TOGETHER = 1_000
#: A list is shown to people as far as this.
_WIDEST = 60
#: Numbers that say which one, not how many.
_NAMES = frozenset({"draw", "month", "replication", "seed", "year", "years"})
_ABOUT = Message("query_answer.about")
_LEFT_OUT = Message("query_answer.left_out")
_NO_ROWS = Message("query_answer.no_rows")
UNFINISHED = Message("query_answer.unfinished")
UNREADABLE = Message("query_answer.unreadable")


def put_out(queried: Queried, saved: SavedTables, form: str, lang: Language) -> None:
    """Print an answer in the form requested; what programs read is printed as it comes."""
    if form in ("csv", "json"):
        lines = _json(queried) if form == "json" else _csv(queried, lang)
        while some := list(islice(lines, _TOGETHER)):
            click.echo("\n".join(some))
        for each in about(saved):
            click.echo(f"sif: {each.text(lang)}", err=True)
        return
    rows = _shown(queried)
    notes = about(saved)
    if not rows:
        notes.insert(0, _NO_ROWS)
    if len(rows) == MOST:
        more = queried.count() - MOST
        notes += [_LEFT_OUT.format(n=written(more, ",", lang))] if more > 0 else []
    columns = _heads(queried)
    table = Table(columns, _cells(columns, rows, lang))
    reported = tuple(each.text(lang) for each in notes)
    answer = Answer(data=None, tables=(table,), csv=table, notes=((_ABOUT, reported),))
    click.echo(rendered(answer, form, lang))


def about(saved: SavedTables) -> list[Text]:
    """The notes on tables: that they are incomplete, and what was left out."""
    lines: list[Text] = [] if saved.finished else [UNFINISHED]
    return [*lines, *(UNREADABLE.format(name=name) for name in saved.unreadable)]


def _heads(queried: Queried) -> list[Column]:
    return [Column(each.name, number=each.number) for each in queried.columns]


def _shown(queried: Queried) -> list[Sequence[Any]]:
    rows: list[Sequence[Any]] = []
    for batch in queried.batches:
        rows += batch
        if len(rows) >= MOST:
            break
    return rows[:MOST]


# --- for programs ---------------------------------------------------------------------


def _csv(queried: Queried, lang: Language) -> Iterator[str]:
    rows = chain.from_iterable(queried.batches)
    return csv_lines(_heads(queried), ([_text(value) for value in row] for row in rows), lang)


def _json(queried: Queried) -> Iterator[str]:
    """A list of rows, each an object on a line of its own."""
    names = [column.name for column in queried.columns]
    last = ""
    for row in chain.from_iterable(queried.batches):
        yield f"{last}," if last else "["
        values = dict(zip(names, map(_plain, row), strict=True))
        last = f"  {json_text(values)}"
    yield from (last, "]") if last else ("[]",)


def _plain(value: Any) -> Any:
    """A value as JSON has it; a number that is none is null."""
    match value:
        case bool() | int() | str() | None:
            return value
        case float() | Decimal():
            return float(value) if math.isfinite(value) else None
        case list() | tuple():
            return [_plain(each) for each in value]
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case dt.date() | dt.time():
            return value.isoformat()
    return str(value)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case int() | float() | Decimal() if not isinstance(value, bool):
            return str(value)
    plain = _plain(value)
    return plain if isinstance(plain, str) else json_text(plain)


# --- for people -----------------------------------------------------------------------


def _cells(
    columns: Sequence[Column], rows: Sequence[Sequence[Any]], lang: Language
) -> list[list[str]]:
    decimals = [_decimals([row[at] for row in rows]) for at in range(len(columns))]
    return [
        [
            _cell(value, column, places, lang)
            for value, column, places in zip(row, columns, decimals, strict=True)
        ]
        for row in rows
    ]


def _decimals(values: Sequence[Any]) -> int:
    """How many decimals a column takes: four figures of its largest number.

    >>> _decimals([0.3692, 0.05]), _decimals([36.92]), _decimals([61_000_000.0])
    (4, 2, 1)
    """
    sizes = [abs(float(each)) for each in values if isinstance(each, float | Decimal)]
    most = max(filter(math.isfinite, sizes), default=0.0)
    if not most:
        return 1
    return min(8, max(1, 3 - math.floor(math.log10(most))))


def _cell(value: Any, column: Column, places: int, lang: Language) -> str:
    if value is None:
        return "–"
    if isinstance(value, list | dict):
        text = _text(value)
        return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return _text(value)
    if isinstance(value, int):
        return str(value) if column.head in _NAMES else written(value, ",", lang)
    if not math.isfinite(value):
        return "–"
    return written(value, f",.{places}f", lang)
