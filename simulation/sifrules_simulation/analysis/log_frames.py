"""Frames of what happened (händelsetabeller): a row for each idea, event, investment or claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sifrules.errors import SifError, nearest
from sifrules.values.messages import Message
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.model.breakdowns import YEARLY
from sifrules_simulation.model.logs import LOGS

if TYPE_CHECKING:
    import polars as pl

#: The tables that can be asked for by name; the yearly panel is always there.
NAMES = tuple(LOGS)
#: What the columns of an event log are called in process mining (XES, as pm4py has them).
CASE, ACTIVITY, TIMESTAMP, RESOURCE = (
    "case:concept:name",
    "concept:name",
    "time:timestamp",
    "org:resource",
)


def refuse_unknown_logs(names: tuple[str, ...]) -> None:
    """Raise `SifError` for the first name that no such table has."""
    for name in names:
        if name not in LOGS:
            raise SifError(Message("query.no_table", name=name), fix=nearest(name, NAMES))


def log_frame(
    simulated: pl.LazyFrame, design: Design, name: str, *, draw: int | None = None
) -> pl.LazyFrame:
    """One table out of rows that hold it as lists: policy, draw, replication, and its columns.

    A comparison has no draws; the column is there, so that tables of all runs have the same keys.
    """
    import polars as pl

    log = LOGS[name]
    saved = [pl.col(each).alias(column) for each, column in log.saved.items()]
    rows = simulated.select("policy", "replication", *saved)
    first = next(iter(log.columns))
    # a replication in which nothing of the kind happened has an empty list, which is no row
    rows = rows.filter(pl.col(first).list.len() > 0).explode(list(log.columns))
    keys = [pl.col("policy"), pl.lit(draw, dtype=pl.Int64).alias("draw"), pl.col("replication")]
    if "month" in log.columns:
        date = _date(pl.col("month"), design).alias("date")
        return rows.select(*keys, date, *(pl.col(each) for each in log.columns))
    return rows.select(*keys, *(pl.col(each) for each in log.columns))


def panel_frame(simulated: pl.LazyFrame, design: Design) -> pl.LazyFrame:
    """A row for each policy, replication and year: applications, grants, money."""
    import polars as pl

    columns = [pl.col(each).alias(name) for each, name in YEARLY.saved.items()]
    years = pl.int_ranges(pl.lit(1), pl.lit(design.years + 1), dtype=pl.Int64).alias("year")
    return simulated.select("policy", "replication", years, *columns).explode(
        "year", *YEARLY.columns
    )


def _date(month: pl.Expr, design: Design) -> pl.Expr:
    """The first day of a month that is counted from the beginning."""
    import polars as pl

    begins = design.scenario.begins
    months = month + (begins.year * 12 + begins.month - 1)
    return pl.date(months // 12, months % 12 + 1, 1)


def event_log(events: pl.LazyFrame) -> pl.LazyFrame:
    """Events in the columns of process mining: a case is an idea in a replication of a policy.

    What happens to the fund itself is the case ``fund``. The columns are those that pm4py reads
    and writes as XES; events of one month are in the order in which they happened.
    """
    import polars as pl

    idea = pl.col("idea").cast(pl.String).fill_null("fund")
    case = pl.concat_str(
        [pl.col("policy"), pl.col("replication").cast(pl.String), idea], separator="/"
    )
    return events.select(
        case.alias(CASE),
        pl.col("activity").alias(ACTIVITY),
        pl.col("date").cast(pl.Datetime("us")).dt.replace_time_zone("UTC").alias(TIMESTAMP),
        pl.col("committee").alias(RESOURCE),
        pl.col("amount"),
        pl.col("guideline"),
        pl.col("policy").alias("case:policy"),
        pl.col("replication").alias("case:replication"),
    )


def wide(frames: list[tuple[tuple[str, ...], tuple[int, ...], pl.DataFrame]]) -> pl.DataFrame:
    """Records of batches in memory, with the policy and the replication that each row is of."""
    import polars as pl

    parts = [
        logs.select(
            pl.Series("policy", list(labels) * len(numbers), dtype=pl.String),
            pl.Series("replication", [each for each in numbers for _ in labels], dtype=pl.Int64),
            pl.all(),
        )
        for labels, numbers, logs in frames
    ]
    return pl.concat(parts)
