"""What came of an exploration: a frame of all inputs beside all outcomes, and its summaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from sifrules.dataframes import given, refuse_without
from sifrules.errors import SifError, nearest
from sifrules.values.messages import Message, Text
from sifrules_simulation.analysis.explored_notes import explored_notes
from sifrules_simulation.analysis.happened import HAPPENED, Happened
from sifrules_simulation.analysis.log_frames import exploration_log
from sifrules_simulation.experiments.batches import Failure
from sifrules_simulation.experiments.explored import ExplorationPlan
from sifrules_simulation.experiments.logged import below
from sifrules_simulation.statistics.estimates import RunningMoments
from sifrules_simulation.statistics.intervals import CONFIDENCE

if TYPE_CHECKING:
    import polars as pl

Array = NDArray[np.float64]
#: The tables of an exploration, by name.
TABLES = ("runs", "means", "summary")


@frozen(eq=False, kw_only=True, repr=False)
class Exploration(Happened):
    """Policies × levers × uncertainties, explored.

    ``runs`` has a row for each variant of a policy, draw and replication, with a key, the value of
    every lever and parameter, and every outcome. ``means`` has their means, a row for each variant
    and draw; ``summary`` a row for each variant and outcome, over all draws. A batch in which a
    replication failed is left out, and ``failures`` lists why.
    """

    plan: ExplorationPlan
    provenance: Mapping[str, Any]
    values: Mapping[int, Array]
    failures: tuple[Failure, ...] = ()
    stopped: bool = False
    #: what happened, batch by batch, where it was asked for and is kept in memory
    _logs: Mapping[int, pl.DataFrame] = field(factory=dict)
    #: reads a table by name, where what happened was saved and is not in memory
    _saved: Callable[[str], pl.LazyFrame] | None = None

    @property
    def failure(self) -> SifError | None:
        """Why there is nothing, where everything failed."""
        if self.values or not self.failures:
            return None
        return self.failures[0].as_error(Message("failure.every_replication"))

    @property
    def levers(self) -> tuple[str, ...]:
        """The columns that are levers."""
        return self.plan.levers

    @property
    def uncertainties(self) -> tuple[str, ...]:
        """The columns that are uncertain parameters."""
        return self.plan.uncertainties

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The columns that are outcomes."""
        return self.plan.outcomes

    @property
    def notes(self) -> tuple[Text, ...]:
        """What stands in where a guideline is silent, which rules hold when, and levers not taken.

        Each has its words as ``en`` and ``sv``.
        """
        return tuple(explored_notes(self.plan))

    @property
    def runs(self) -> pl.DataFrame:
        """A row for each variant, draw and replication: keys, inputs, outcomes."""
        return self.plan.frame(self.values)

    @property
    def means(self) -> pl.DataFrame:
        """A row for each variant and draw: keys, inputs, and the outcomes' means."""
        import polars as pl

        keys = ["policy", "variant", "draw", *self.levers, *self.uncertainties]
        return (
            self.runs.group_by(keys, maintain_order=True)
            .agg(pl.len().alias("replications"), pl.col(self.outcomes).mean())
            .select(*keys, "replications", *self.outcomes)
        )

    @property
    def summary(self) -> pl.DataFrame:
        """A row for each variant and outcome: its mean over all draws, with an interval.

        The interval is that of the mean of the draws; with one draw, of its replications. ``p5``
        and ``p95`` are what the draws themselves lie between.
        """
        import polars as pl

        frame = self.means if len(self.plan.draws) > 1 else self.runs
        keys = ["policy", "variant", *self.levers]
        rows: list[dict[str, Any]] = []
        for key, some in frame.group_by(keys, maintain_order=True):
            for name in self.outcomes:
                values = some[name].drop_nulls().to_numpy()
                moments = RunningMoments((1,))
                moments.add(values[:, None])
                estimate = moments.estimate(0, level=CONFIDENCE)
                ends = np.quantile(values, (0.05, 0.95)).tolist() if len(values) else [None, None]
                rows.append(
                    {
                        **dict(zip(keys, key, strict=True)),
                        "outcome": name,
                        "mean": estimate.mean,
                        "low": estimate.low,
                        "high": estimate.high,
                        "p5": ends[0],
                        "p95": ends[1],
                        "count": len(values),
                    }
                )
        schema = {name: frame.schema[name] for name in keys}
        numbers = dict.fromkeys(("mean", "low", "high", "p5", "p95"), pl.Float64)
        return pl.DataFrame(
            rows, schema={**schema, "outcome": pl.String, **numbers, "count": pl.Int64}
        )

    @property
    def kept_tables(self) -> tuple[str, ...]:
        """The tables of what happened that were asked for."""
        return self.plan.design.tables

    def _log(self, name: str) -> pl.DataFrame:
        if self._saved is not None:
            return self._saved(name).collect()
        batches = (self._logs[number].lazy() for number in sorted(self._logs))
        if not self._logs:
            raise SifError(Message("comparison.not_kept"))
        return below(exploration_log(each, self.plan, name).collect() for each in batches)

    def table(self, name: str = "runs", *, library: str = "polars") -> Any:
        """One of `TABLES`, or what happened, in ``polars``, ``pandas`` or ``pyarrow``.

        What happened is ``ideas``, ``events``, ``event_log``, ``investments``, ``claims``,
        ``panel`` and ``committee_runs``, where they were asked for.
        """
        known = (*TABLES, *HAPPENED)
        if name not in known:
            raise SifError(Message("query.no_table", name=name), fix=nearest(name, known))
        refuse_without(library)
        return given(getattr(self, name), library)

    def __repr__(self) -> str:
        plan = self.plan
        size = f"{len(plan.variants)} variants, {len(plan.draws)} draws"
        return f"<Exploration of {size}, {plan.replications} replications each>"

    def _repr_html_(self) -> str:
        return self.summary._repr_html_()
