"""What happened in replications (händelser), as batches carry it: a row each, columns as lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sifrules.errors import SifError, nearest
from sifrules.values.messages import Message
from sifrules_simulation.model.logs import ALL_LOGS, FLAG, FLOAT, INT, TEXT, Replicated

if TYPE_CHECKING:
    import polars as pl


def logs_named(names: Iterable[str]) -> tuple[str, ...]:
    """Tables to keep, each once; `SifError` for one that there is not."""
    found = tuple(dict.fromkeys((names,) if isinstance(names, str) else names))
    for name in found:
        if name not in ALL_LOGS:
            raise SifError(
                Message("query.no_table", name=str(name)), fix=nearest(str(name), ALL_LOGS)
            )
    return found


def log_columns(tables: Iterable[str]) -> list[str]:
    """The columns of some tables of what happened, as they are saved."""
    return [column for name in tables for column in ALL_LOGS[name].saved]


def logs_of(tables: Iterable[str], replicated: Replicated) -> dict[str, list[Any]]:
    """What happened in one replication: each column of some tables as a list."""
    found: dict[str, list[Any]] = {}
    for name in tables:
        found |= ALL_LOGS[name].lists(replicated)
    return found


def log_lists(
    tables: Sequence[str], rows: Sequence[Mapping[str, list[Any]]]
) -> pl.DataFrame | None:
    """What happened in some replications and policies as lists, a row for each."""
    if not tables:
        return None
    import polars as pl

    kinds = {INT: pl.Int64, FLOAT: pl.Float64, TEXT: pl.String, FLAG: pl.Boolean}
    return pl.DataFrame(
        [
            pl.Series(saved, [row[saved] for row in rows], dtype=pl.List(kinds[log.columns[each]]))
            for name in tables
            for log in (ALL_LOGS[name],)
            for saved, each in log.saved.items()
        ]
    )


def below(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Frames one below the other."""
    import polars as pl

    return pl.concat(list(frames))
