"""The final tables of a run, saved with their provenance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sifrules_simulation.analysis.comparison import Comparison, beside
from sifrules_simulation.experiments.batches import Failure
from sifrules_simulation.experiments.runner import LISTS, PANEL, PANEL_COLUMNS
from sifrules_simulation.results.folder import _KINDS, ResultsFolder, failures_frame
from sifrules_simulation.results.metadata import run_metadata

if TYPE_CHECKING:
    import polars as pl

    from sifrules_simulation.experiments.planning import Plan


def keep(
    folder: ResultsFolder, plan: Plan, comparison: Comparison, chunks: list[Path]
) -> tuple[str, ...]:
    """Keep a comparison: what it came to, and every replication out of its chunks' tables.

    Gives back the names of the files.
    """
    import polars as pl

    source = {**comparison.provenance, "replications": comparison.replications}
    about = run_metadata(comparison, plan.assumed)
    written = [folder.json("comparison.json", {**comparison.as_json(), "about": about})]
    written.append(folder.json("provenance.json", source))
    if comparison.replications:
        lived = pl.scan_parquet(chunks)
        written += folder.table("runs", runs_table(lived, source), source)
        written += folder.table("panel", panel_table(lived, plan.experiment.years, source), source)
    else:
        folder.without(*(f"{name}.{kind}" for name in ("runs", "panel") for kind in _KINDS))
    for name, frame in (
        ("summary", comparison.frame),
        ("yearly", comparison.yearly),
        ("balances", comparison.balances),
        ("committees", comparison.committees),
    ):
        written += folder.table(name, frame.lazy(), source)
    return (*written, *keep_failures(folder, comparison.failures, source))


def keep_failures(
    folder: ResultsFolder, failures: Sequence[Failure], source: dict[str, Any]
) -> tuple[str, ...]:
    """Keep a row for each replication that failed; no file where none did."""
    if failures:
        return tuple(folder.table("failures", failures_frame(failures).lazy(), source))
    folder.without(*(f"failures.{kind}" for kind in _KINDS))
    return ()


def runs_table(lived: pl.LazyFrame, source: dict[str, Any]) -> pl.LazyFrame:
    """A row for each policy and replication, every measure a column, with what it hangs on."""
    import polars as pl

    return lived.select(pl.exclude(LISTS)).with_columns(**beside(source))


def panel_table(lived: pl.LazyFrame, years: int, source: dict[str, Any]) -> pl.LazyFrame:
    """A row for each policy, replication and year, with what it hangs on."""
    import polars as pl

    columns = [pl.col(each).alias(name) for each, name in zip(PANEL_COLUMNS, PANEL, strict=True)]
    year = pl.int_ranges(pl.lit(1), pl.lit(years + 1), dtype=pl.Int64).alias("year")
    hangs_on = {name: each for name, each in beside(source).items() if name != "years"}
    by_year = lived.select("policy", "replication", year, *columns).explode("year", *PANEL)
    return by_year.with_columns(**hangs_on)
