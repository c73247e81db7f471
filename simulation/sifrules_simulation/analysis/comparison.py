"""Comparing policies (jämförelse): means with intervals, and paired differences.

Differences are always "policy minus baseline", replication by replication in the same
world, and the baseline is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from attrs import asdict, define, field, frozen

from sifrules.dataframes import given, refuse_without
from sifrules.errors import SifError, nearest
from sifrules.values.messages import Message, Text
from sifrules_simulation.analysis.assumed_notes import assumed_notes
from sifrules_simulation.analysis.happened import HAPPENED, Happened
from sifrules_simulation.analysis.log_frames import comparison_log, panel_frame
from sifrules_simulation.analysis.run_notes import run_notes
from sifrules_simulation.experiments.batches import BatchResult, Failure
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.logged import below
from sifrules_simulation.experiments.provenance import as_columns
from sifrules_simulation.experiments.runner import (
    Array,
    ReplicationBatch,
    ReplicationSchema,
    added_together,
    shape,
)
from sifrules_simulation.model.breakdowns import BREAKDOWNS, YEARLY
from sifrules_simulation.model.logs import PANEL
from sifrules_simulation.model.measures import SHOWN
from sifrules_simulation.model.stops import STOPS
from sifrules_simulation.statistics.estimates import Estimate, RunningMoments
from sifrules_simulation.statistics.intervals import CONFIDENCE
from sifrules_simulation.statistics.sequential import (
    Precision,
    StandingOut,
    known_within,
    widest,
)

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

#: What an estimate is given as, by the ends of the columns' names.
_ENDS = ("mean", "low", "high")


@frozen(eq=False, kw_only=True, repr=False)
class Comparison(Happened):
    """What came of a comparison.

    ``replications`` is how many were finished, ``failures`` which were not; a replication that
    failed under one policy is left out for all. ``failure`` is there if every one failed;
    ``stops`` is how often each rule stopped ideas, by policy and by the names of `STOPS`,
    ``level`` how sure the intervals are, ``batches`` in how many batches it was run,
    ``precision`` how closely a difference was to be known, if it was asked for. Shows itself as
    a table in a notebook.
    """

    experiment: Design
    baseline: str
    replications: int
    provenance: Mapping[str, Any]
    stops: Mapping[str, Mapping[str, Mapping[str, int]]]
    level: float = CONFIDENCE
    failures: tuple[Failure, ...] = ()
    stopped: bool = False
    batches: int = 0
    precision: Precision | None = None
    _means: RunningMoments
    _paired: RunningMoments
    _breakdowns: Mapping[str, RunningMoments]
    _values: Array | None = None
    _numbers: tuple[int, ...] = ()
    #: what happened, batch by batch, where it was asked for and is kept in memory
    _logs: tuple[ReplicationBatch, ...] = ()
    #: reads a table by name, where what happened was saved and is not in memory
    _saved: Callable[[str], pl.LazyFrame] | None = None

    @property
    def failure(self) -> SifError | None:
        """Why there is nothing to compare, where every replication failed."""
        if self.replications or not self.failures:
            return None
        return self.failures[0].as_error(Message("failure.every_replication"))

    @property
    def labels(self) -> tuple[str, ...]:
        """The policies, as they are named here."""
        return self.experiment.labels

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of the measures."""
        return tuple(measure.name for measure in self.experiment.measures)

    def mean(self, policy: str, measure: str) -> Estimate:
        """A measure's mean over the replications, with its interval."""
        return self._means.estimate(*self._at(policy, measure), level=self.level)

    def difference(self, policy: str, measure: str) -> Estimate:
        """The mean of policy minus baseline, paired by replication, with its interval."""
        return self._paired.estimate(*self._at(policy, measure), level=self.level)

    def variance_ratio(self, policy: str, measure: str) -> float:
        """How many times smaller pairing makes the variance of the difference."""
        policy_at, at = self._at(policy, measure)
        base_at, _ = self._at(self.baseline, measure)
        single = self._means.variance
        unpaired = float(single[policy_at, at] + single[base_at, at])
        paired = float(self._paired.variance[policy_at, at])
        return unpaired / paired if paired else float("inf")

    def _at(self, policy: str, measure: str) -> tuple[int, int]:
        if policy not in self.labels:
            raise SifError(
                Message("comparison.no_policy", policy=policy), fix=nearest(policy, self.labels)
            )
        if measure not in self.measures:
            raise SifError(
                Message("measure.unknown", measure=measure), fix=nearest(measure, self.measures)
            )
        return self.labels.index(policy), self.measures.index(measure)

    # --- frames ---------------------------------------------------------------------

    @overload
    def table(
        self, name: str = "summary", *, library: Literal["polars"] = "polars"
    ) -> pl.DataFrame: ...
    @overload
    def table(self, name: str = "summary", *, library: Literal["pandas"]) -> pd.DataFrame: ...
    @overload
    def table(self, name: str = "summary", *, library: Literal["pyarrow"]) -> pa.Table: ...
    @overload
    def table(self, name: str = "summary", *, library: str) -> Any: ...
    def table(self, name: str = "summary", *, library: str = "polars") -> Any:
        """A table of it in ``polars``, ``pandas`` or ``pyarrow``, as saved tables are named.

        ``summary`` is `frame`, ``runs`` is `runs`; others are by the names of `BREAKDOWNS`
        (``yearly``, ``balances`` and ``committees``), and of what happened (``panel``, and
        ``ideas``, ``events``, ``event_log``, ``investments``, ``claims`` and ``committee_runs``,
        where they were asked for).
        """
        known = ("summary", "runs", *self._breakdowns, *HAPPENED)
        if name not in known:
            raise SifError(Message("query.no_table", name=name), fix=nearest(name, known))
        refuse_without(library)
        if name in HAPPENED:
            return given(getattr(self, name), library)
        if name in self._breakdowns:
            return given(self.breakdown(name), library)
        return given(self.runs if name == "runs" else self.frame, library)

    @property
    def frame(self) -> pl.DataFrame:
        """A row for each policy and measure: mean and difference with their intervals."""
        import polars as pl

        rows = [
            {
                "policy": policy,
                "measure": measure.name,
                "unit": measure.unit,
                **_columns("", self.mean(policy, measure.name)),
                **_columns("difference_", self.difference(policy, measure.name)),
                "baseline": self.baseline,
                "replications": self.replications,
                **as_columns(self.provenance, policy),
            }
            for policy in self.labels
            for measure in self.experiment.measures
        ]
        return pl.DataFrame(rows, infer_schema_length=None)

    @property
    def runs(self) -> pl.DataFrame:
        """A tidy row for each policy and replication in turn, every measure a column.

        Read from the folder where they were saved in one. Raises `SifError` where the single
        replications were neither saved nor kept, and where each of them failed.
        """
        if self._values is None and self._saved is not None:
            import polars as pl

            places = {policy: at for at, policy in enumerate(self.labels)}
            by_policy = pl.col("policy").replace_strict(places)
            return self._saved("runs").sort(by_policy, "replication").collect()
        if self._values is None:
            raise self._nothing_kept
        return runs_frame(self.experiment, self.provenance, self._numbers, self._values)

    @property
    def _nothing_kept(self) -> SifError:
        """Why there are no single replications: each of them failed, or none was kept."""
        kept = SifError(Message("comparison.not_kept"), fix=Message("comparison.keep"))
        return self.failure or kept

    @property
    def yearly(self) -> pl.DataFrame:
        """A row for each policy, year and count of the yearly panel: mean and interval."""
        return self.breakdown("yearly")

    @property
    def balances(self) -> pl.DataFrame:
        """A row for each policy and month: what is left in the fund at its end (kronor)."""
        return self.breakdown("balances")

    @property
    def committees(self) -> pl.DataFrame:
        """A row for each policy, committee and what it bears: mean and interval (kronor).

        In each replication committee 1 is the one that gains most; see `committee_accounts`.
        """
        return self.breakdown("committees")

    def breakdown(self, name: str) -> pl.DataFrame:
        """A row for each policy, step and column of one of `BREAKDOWNS`: mean and interval."""
        import polars as pl

        (which,) = (each for each in BREAKDOWNS if each.name == name)
        moments = self._breakdowns[name]
        rows = []
        for at, policy in enumerate(self.labels):
            source = as_columns(self.provenance, policy)
            for step in range(moments.shape[1]):
                for number, column in enumerate(which.columns):
                    estimate = moments.estimate(at, step, number, level=self.level)
                    row = {"policy": policy, which.step: step + 1, "measure": column}
                    rows.append({**row, **_columns("", estimate), **source})
        return pl.DataFrame(rows, infer_schema_length=None)

    # --- what happened --------------------------------------------------------------

    @property
    def notes(self) -> tuple[Text, ...]:
        """What stands in where a guideline is silent, what is left out, which rules hold when.

        Each has its words as ``en`` and ``sv``.
        """
        design = self.experiment
        assumed = assumed_notes(zip(self.labels, design.assumed, strict=True))
        return (*assumed, *run_notes(self))

    @property
    def kept_tables(self) -> tuple[str, ...]:
        """The tables of what happened that were asked for, and the yearly panel."""
        return (*self.experiment.tables, PANEL.name)

    def _log(self, name: str) -> pl.DataFrame:
        if self._saved is not None:
            saved = self._saved(name)
            if name == PANEL.name:
                saved = saved.select("policy", "replication", "year", *YEARLY.columns)
            return saved.collect()
        if not self._logs:
            raise self._nothing_kept
        schema = ReplicationSchema(self.experiment, ())
        batches = [schema.framed(0, each).lazy() for each in self._logs]
        if name == PANEL.name:
            return below(panel_frame(each, self.experiment).collect() for each in batches)
        return below(comparison_log(each, self.experiment, name).collect() for each in batches)

    # --- shown ----------------------------------------------------------------------

    def as_json(self) -> dict[str, Any]:
        """The comparison as the command line's JSON carries it."""
        return {
            "seed": self.experiment.seed,
            "years": self.experiment.years,
            "replications": self.replications,
            "baseline": self.baseline,
            "level": self.level,
            "precision": self.precision.as_json("replications") if self.precision else None,
            "policies": [self._policy_json(policy) for policy in self.labels],
            "failures": [asdict(each) for each in self.failures],
            "provenance": dict(self.provenance),
        }

    def _policy_json(self, policy: str) -> dict[str, Any]:
        return {
            "id": policy,
            "measures": {
                measure.name: {
                    **_columns("", self.mean(policy, measure.name)),
                    "unit": measure.unit,
                }
                for measure in self.experiment.measures
            },
            "difference": {
                measure.name: _columns("", self.difference(policy, measure.name))
                for measure in self.experiment.measures
            },
            **{way: dict(rules) for way, rules in self.stops[policy].items()},
        }

    def __repr__(self) -> str:
        policies = ", ".join(self.labels)
        span = f"{self.replications} replications of {self.experiment.years} years"
        return f"<Comparison of {policies}: {span}>"

    def _repr_html_(self) -> str:
        import polars as pl

        estimates = (f"{kind}{end}" for kind in ("", "difference_") for end in _ENDS)
        shown = self.frame.filter(pl.col("measure").is_in(SHOWN))
        with pl.Config(tbl_rows=-1, tbl_hide_column_data_types=True, tbl_hide_dataframe_shape=True):
            return shown.select("policy", "measure", "unit", *estimates)._repr_html_()


def _most_first(counter: Counter[str]) -> dict[str, int]:
    return dict(sorted(counter.items(), key=lambda each: (-each[1], each[0])))


def _columns(prefix: str, estimate: Estimate) -> dict[str, float | None]:
    return {f"{prefix}{end}": getattr(estimate, end) for end in _ENDS}


def runs_frame(
    experiment: Design,
    provenance: Mapping[str, Any],
    replications: Sequence[int],
    values: Array,
) -> pl.DataFrame:
    """A row for each policy and replication of some values, with what they depend on."""
    import polars as pl

    frames = []
    for at, policy in enumerate(experiment.labels):
        named = {
            measure.name: values[:, at, number]
            for number, measure in enumerate(experiment.measures)
        }
        frame = pl.DataFrame({"replication": replications, **named})
        frames.append(frame.select(pl.lit(policy).alias("policy"), pl.all()))
    return pl.concat(frames).fill_nan(None).with_columns(**provenance_columns(provenance))


def provenance_columns(provenance: Mapping[str, Any]) -> dict[str, pl.Expr]:
    """What stands in every row of a policy, as columns that depend on the column ``policy``."""
    import polars as pl

    each = {one["id"]: as_columns(provenance, one["id"]) for one in provenance["policies"]}
    policies = list(each)
    return {
        name: pl.col("policy").replace_strict(
            policies,
            [each[policy][name] for policy in policies],
            return_dtype=pl.String if isinstance(value, str) else pl.Int64,
        )
        for name, value in each[policies[0]].items()
    }


@define
class ComparisonBuilder:
    """Adds batches, in order, to a comparison; saves single replications if asked to."""

    experiment: Design
    baseline: str
    keep: bool = False
    replications: int = 0
    failures: list[Failure] = field(factory=list)
    batches: int = 0
    _means: RunningMoments = field(init=False)
    _paired: RunningMoments = field(init=False)
    _differing: StandingOut = field(init=False)
    _breakdowns: dict[str, RunningMoments] = field(init=False)
    _collected: list[ReplicationBatch] = field(factory=list)
    _stops: list[dict[str, Counter[str]]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        policies = len(self.experiment.labels)
        measured = (policies, len(self.experiment.measures))
        self._means, self._paired = RunningMoments(measured), RunningMoments(measured)
        self._differing = StandingOut(measured)
        self._breakdowns = {
            each.name: RunningMoments((policies, *shape(self.experiment, each)))
            for each in BREAKDOWNS
        }
        self._stops = [{way.name: Counter() for way in STOPS} for _ in self.experiment.labels]

    @property
    def _batches_here(self) -> tuple[ReplicationBatch, ...]:
        return tuple(self._collected) if self.keep else ()

    def add(self, result: BatchResult[ReplicationBatch]) -> None:
        """Add the result of a batch."""
        self.batches += 1
        self.failures += result.failures
        batch = result.values
        if batch is None:
            return
        base = self.experiment.labels.index(self.baseline)
        paired = batch.values - batch.values[:, base : base + 1]
        for some in self._added(batch.replications):
            self._means.add(batch.values[some])
            self._paired.add(paired[some])
            self._differing.add(paired[some])
            for name, moments in self._breakdowns.items():
                moments.add(batch.breakdowns[name][some])
        if self.keep:
            self._collected.append(batch)
        for policy, ways in enumerate(self._stops):
            for way, counter in ways.items():
                counter.update(batch.stopped(policy, way))
        self.replications += len(batch.replications)

    def _added(self, replications: Sequence[int]) -> Iterator[slice]:
        """The rows of a batch that are added up together, by the numbers of replications."""
        together, first = added_together(self.experiment), 0
        for _, some in groupby(replications, lambda number: number // together):
            until = first + len(list(some))
            yield slice(first, until)
            first = until

    def widest(self, measure: str, level: float) -> float | None:
        """The largest half-width of the paired difference of a measure; None if not known."""
        at = [each.name for each in self.experiment.measures].index(measure)
        unit = self.experiment.measures[at].unit
        base = self.experiment.labels.index(self.baseline)
        others = (policy for policy in range(len(self.experiment.labels)) if policy != base)
        found = [
            (self._paired.estimate(policy, at, level=level), self._differing.count(policy, at))
            for policy in others
        ]
        return widest(
            (estimate.count, known_within(estimate, differing, unit, level))
            for estimate, differing in found
        )

    def result(
        self,
        provenance: Mapping[str, Any],
        level: float = CONFIDENCE,
        stopped: bool = False,
        precision: Precision | None = None,
    ) -> Comparison:
        """The comparison of what was gathered."""
        ordered = [
            {way: _most_first(counter) for way, counter in ways.items()} for ways in self._stops
        ]
        return Comparison(
            experiment=self.experiment,
            baseline=self.baseline,
            replications=self.replications,
            provenance=provenance,
            stops=dict(zip(self.experiment.labels, ordered, strict=True)),
            level=level,
            failures=tuple(self.failures),
            stopped=stopped,
            batches=self.batches,
            precision=precision,
            means=self._means,
            paired=self._paired,
            breakdowns=self._breakdowns,
            values=np.concatenate([each.values for each in self._collected])
            if self._collected
            else None,
            logs=self._batches_here,
            numbers=tuple(number for each in self._collected for number in each.replications),
        )
