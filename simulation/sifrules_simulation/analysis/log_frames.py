"""Frames of what happened (händelsetabeller): a row for each idea, event, investment or claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sifrules.policy.timeline import periods
from sifrules.values.dates import Month
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.explored import ExplorationPlan
from sifrules_simulation.model.breakdowns import YEARLY
from sifrules_simulation.model.logs import ALL_LOGS

if TYPE_CHECKING:
    import polars as pl

#: What the columns of an event log are called in process mining (XES, as pm4py has them).
CASE, ACTIVITY, TIMESTAMP, RESOURCE = (
    "case:concept:name",
    "concept:name",
    "time:timestamp",
    "org:resource",
)
#: The case, and the resource, of what happens to the fund itself.
FUND = "fund"


def log_frame(
    simulated: pl.LazyFrame, name: str, begins: Month, keys: Sequence[pl.Expr]
) -> pl.LazyFrame:
    """One table out of rows that hold it as lists: the keys of a row, the date, its columns."""
    import polars as pl

    log = ALL_LOGS[name]
    saved = [pl.col(each).alias(column) for each, column in log.saved.items()]
    of = [f"key {at}" for at in range(len(keys))]
    rows = simulated.select(*(each.alias(key) for each, key in zip(keys, of, strict=True)), *saved)
    first = next(iter(log.columns))
    # a replication in which nothing of the kind happened has an empty list, which is no row
    rows = rows.filter(pl.col(first).list.len() > 0).explode(list(log.columns))
    names = [pl.col(key).alias(each.meta.output_name()) for key, each in zip(of, keys, strict=True)]
    if "month" in log.columns:
        names.append(_date(pl.col("month"), begins).alias("date"))
    return rows.select(*names, *(pl.col(each) for each in log.columns))


def comparison_log(simulated: pl.LazyFrame, design: Design, name: str) -> pl.LazyFrame:
    """A table of a comparison. It has no draws; the column is there, as in tables of other runs."""
    import polars as pl

    keys = (
        pl.col("policy"),
        pl.lit(None, dtype=pl.Int64).alias("draw"),
        pl.col("replication"),
    )
    return log_frame(simulated, name, design.scenario.begins, keys)


def exploration_log(simulated: pl.LazyFrame, plan: ExplorationPlan, name: str) -> pl.LazyFrame:
    """A table of an exploration: the keys are those of its runs, the guideline is as it is named.

    Levers are no part of a guideline's name: they stand in the runs, next to the same key.
    """
    import polars as pl

    variant, draw = pl.col("variant"), pl.col("draw")
    named = [each.named for each in plan.variants]
    keys = (
        pl.format("v{}-d{}-r{}", variant, draw, pl.col("replication")).alias("experiment"),
        _renamed(variant, dict(enumerate(named))).alias("policy"),
        variant,
        draw,
        pl.col("replication"),
    )
    found = log_frame(simulated, name, plan.design.scenario.begins, keys)
    if "guideline" not in ALL_LOGS[name].columns:
        return found
    before = {
        changed.id: stated.id
        for each in plan.variants
        for (_, changed), (_, stated) in zip(
            periods(each.policy), periods(each.before), strict=True
        )
    }
    return found.with_columns(_renamed(pl.col("guideline"), before))


def _renamed(column: pl.Expr, names: Mapping[Any, str]) -> pl.Expr:
    """A column with its values put by names, row by row, so that it is written bit by bit.

    polars would have all rows in memory to replace values in them by itself.
    """
    import polars as pl

    def named(values: pl.Series) -> pl.Series:
        if values.dtype == pl.String:
            return values.replace(names)
        return values.replace_strict(names, return_dtype=pl.String)

    return column.map_batches(named, return_dtype=pl.String, is_elementwise=True)


def panel_frame(simulated: pl.LazyFrame, design: Design) -> pl.LazyFrame:
    """A row for each policy, replication and year: applications, grants, money."""
    import polars as pl

    columns = [pl.col(each).alias(name) for each, name in YEARLY.saved.items()]
    years = pl.int_ranges(pl.lit(1), pl.lit(design.years + 1), dtype=pl.Int64).alias("year")
    return simulated.select("policy", "replication", years, *columns).explode(
        "year", *YEARLY.columns
    )


def _date(month: pl.Expr, begins: Month) -> pl.Expr:
    """The first day of a month that is counted from the beginning."""
    import polars as pl

    months = month + (begins.year * 12 + begins.month - 1)
    return pl.date(months // 12, months % 12 + 1, 1)


def event_log(events: pl.LazyFrame) -> pl.LazyFrame:
    """Events in the columns of process mining: a case is an idea in a replication of a policy.

    Of an exploration it is an idea in an experiment. What happens to the fund itself is the case
    and the resource ``fund``. The columns are those that pm4py reads and writes as XES; events of
    one month are in the order in which they happened.
    """
    import polars as pl

    explored = "experiment" in events.collect_schema().names()
    run = "experiment" if explored else "replication"
    idea = pl.col("idea").cast(pl.String).fill_null(FUND)
    case = pl.concat_str([pl.col("policy"), pl.col(run).cast(pl.String), idea], separator="/")
    more = ("experiment", "variant", "draw") if explored else ()
    return events.select(
        case.alias(CASE),
        pl.col("activity").alias(ACTIVITY),
        pl.col("date").cast(pl.Datetime("us")).dt.replace_time_zone("UTC").alias(TIMESTAMP),
        pl.col("committee").fill_null(FUND).alias(RESOURCE),
        pl.col("amount"),
        pl.col("guideline"),
        *(pl.col(each).alias(f"case:{each}") for each in ("policy", *more, "replication")),
    )
