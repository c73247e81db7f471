"""Mistakes in a query (fel i en fråga): what duckdb says of it, in one line with the place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from sifrules.errors import SifError, nearest
from sifrules.values.messages import Joined, Message
from sifrules_simulation.results.tables import SavedTables

_PLACE = re.compile(r"^LINE (\d+): (.*)\n( *)\^", re.MULTILINE)
_COLUMN = re.compile(
    r'Referenced column "(?P<name>.*?)" |does not have a column named "(?P<other>.*?)"'
)
_OWNER = re.compile(r'Referenced table "(.*?)" not found')
_TABLE = re.compile(r"Table with name (\S+) does not exist")
_KIND = re.compile(r"^[A-Za-z ]+ Error: ")


def mistake(reported: str, saved: SavedTables, sql: str, below: int = 0) -> SifError:
    """The error of a query, out of what duckdb tells; ``below`` so many lines it was tried."""
    where = _place(reported, below)
    column, table, owner = (each.search(reported) for each in (_COLUMN, _TABLE, _OWNER))
    if reported.startswith("Permission Error"):
        return SifError(
            Message("query.only_saved_tables", path=saved.path),
            where=where,
            fix=Message("query.select_from", tables=", ".join(saved.tables)),
        )
    if column:
        name = column["name"] or column["other"]
        return SifError(
            Message("query.no_column", name=name), where=where, fix=_near(name, saved, sql)
        )
    if table:
        name = table[1].strip('"')
        return SifError(
            Message("query.no_table", name=name), where=where, fix=nearest(name, saved.tables)
        )
    if owner:
        return SifError(
            Message("query.no_owner", owner=owner[1]), where=where, fix=_quoted(owner[1], saved)
        )
    if "must be at the top level" in reported:
        return SifError(Message("query.writes_nothing"), where=where)
    return SifError(_KIND.sub("", reported.strip()).partition("\n")[0].rstrip(".! "), where=where)


def _place(reported: str, below: int) -> str:
    """Where in the query it is, as far as duckdb says."""
    found = _PLACE.search(reported)
    line = int(found[1]) - below if found else 0
    if found is None or line < 1:  # the fault is in what stands around the query
        return "--sql"
    if found[2].startswith("..."):
        return f"--sql, line {line}"
    before = len(f"LINE {found[1]}: ")
    return f"--sql, line {line}, column {len(found[3]) - before + 1}"


def _near(name: str, saved: SavedTables, sql: str) -> Message:
    """Which column was probably meant: of the tables that are asked, or else of any."""
    if f'"{name}"' in sql:
        return Message("query.single_quotes", name=name)
    asked = [each for each in saved.tables if re.search(rf"\b{re.escape(each)}\b", sql)]
    for tables in (asked, saved.tables):
        close = difflib.get_close_matches(name, _columns(saved, tables), n=3, cutoff=0.6)
        if close:
            return Message("nearest.meant", names=Joined(close, Message("nearest.or")))
    return Message("query.lists_columns", path=saved.path)


def _quoted(owner: str, saved: SavedTables) -> Message:
    """What was meant by ``owner.name``: perhaps a column with a point in its name."""
    pointed = [each for each in _columns(saved, saved.tables) if each.startswith(f"{owner}.")]
    if pointed:
        return Message("query.double_quotes", name=pointed[0])
    return nearest(owner, saved.tables)


def _columns(saved: SavedTables, tables: Iterable[str]) -> list[str]:
    names = (name for each in tables for name in saved[each].scan().collect_schema().names())
    return list(dict.fromkeys(names))
