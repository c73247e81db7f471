"""Running replications (replikationer) of a design: some to a batch, under all of its policies.

A replication is whole or left out: where it fails under one policy it is reported as a
failure, and the others are left without it too, so that all are compared in the same worlds.
Batches are the same however many processes share their cells, and are put together in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from sifrules.plugin.simulation import Portfolio
from sifrules_simulation.experiments.batches import (
    BatchResult,
    Failure,
    Running,
    died,
    run_batches,
)
from sifrules_simulation.experiments.cells import Cell, measures_of, run_cell
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.logged import below, log_columns, log_lists, logs_of
from sifrules_simulation.model.breakdowns import BREAKDOWNS, Breakdown
from sifrules_simulation.model.logs import LOGS, Replicated
from sifrules_simulation.model.stops import STOPS

if TYPE_CHECKING:
    import polars as pl

Array = NDArray[np.float64]

_STOPS = tuple(each.name for each in STOPS)
#: All columns of a batch's table that are lists.
LISTS = (*(column for each in BREAKDOWNS for column in each.saved), *_STOPS)
#: The same with those of all tables of what happened that may be kept.
ALL_LISTS = (*LISTS, *(column for each in LOGS.values() for column in each.saved))
#: How many policies times replications are added up together, whatever makes up a batch.
_ADDED = 40
#: How many of these make up a batch at most: half a second of work.
_IN_A_BATCH = 6
#: So many batches at least where there is enough for them, to share out among processes.
_BATCHES = 8
#: How many policies make up a cell of a batch.
_CELL = 20
_PART = "replications"
#: Stands in no id of a rule.
_APART = "\0"

#: For each of `STOPS` the rules at which ideas stopped.
Stopped = tuple[tuple[str, ...], ...]


@frozen(eq=False)
class ReplicationBatch:
    """Some replications (delkörning), those that did not fail.

    ``replications`` are their numbers, ``values`` is replications × policies × measures,
    ``breakdowns`` is for each of `BREAKDOWNS` replications × policies × steps × columns; amounts
    in kronor.
    ``stops`` names for each of them, each policy and each of `STOPS` the rules at which ideas
    or applications stopped, as often as they did.
    """

    replications: tuple[int, ...]
    values: Array
    breakdowns: Mapping[str, Array]
    stops: tuple[tuple[Stopped, ...], ...]
    #: what happened, a row for each replication and policy, a column for each of a table as
    #: lists; nothing where no table is kept
    logs: pl.DataFrame | None = None

    def stopped(self, policy: int, way: str) -> Mapping[str, int]:
        """How often each rule stopped an idea in one of the ways, under one policy."""
        at = _STOPS.index(way)
        return Counter(rule for each in self.stops for rule in each[policy][at])


def shape(design: Design, breakdown: Breakdown) -> tuple[int, int]:
    """The steps and columns of a breakdown in a design."""
    return breakdown.steps(design.years, design.committees), len(breakdown.columns)


#: The first replication of a batch, and how many there are.
Span = tuple[int, int]


def added_together(design: Design) -> int:
    """How many replications are added up together: means do not depend on the batches."""
    return max(1, _ADDED // len(design.policies))


def spans(design: Design, replications: int, start: int = 0) -> list[Span]:
    """The batches of a run; the same for any number of processes."""
    together = added_together(design)
    size = together * max(1, min(_IN_A_BATCH, replications // (_BATCHES * together)))
    return [
        (first, min(size, start + replications - first))
        for first in range(start, start + replications, size)
    ]


def run(
    design: Design, batches: Sequence[Span], running: Running, numbers: range | None = None
) -> Iterator[BatchResult[ReplicationBatch]]:
    """Batches of a run, or those with some ``numbers``, in order; the same on any processes."""
    some = range(len(batches)) if numbers is None else numbers
    groups = _groups(len(design.policies))
    cells = {number: [(design, group, *batches[number]) for group in groups] for number in some}
    schema = ReplicationSchema(design, tuple(batches))
    for _, result in run_batches(schema, run_batch, cells, design.observed(running), ordered=True):
        yield result


def _groups(policies: int) -> list[range]:
    """The policies of each cell of a batch, so that a batch of many is shared out too."""
    return [range(first, min(first + _CELL, policies)) for first in range(0, policies, _CELL)]


def run_batch(
    design: Design, policies: range, first: int, count: int
) -> BatchResult[ReplicationBatch]:
    """Run a cell of a batch; replications that fail are left out of it, and reported."""
    cell = Cell(part=_PART, policies=policies, replications=range(first, first + count))
    found = run_cell(
        design,
        cell,
        lambda portfolio: _row(design, portfolio),
        logged=partial(_logged, design) if design.tables else None,
    )
    if not found.rows:
        return BatchResult(failures=tuple(found.failures))
    rows = list(found.rows.values())
    batch = ReplicationBatch(
        replications=tuple(found.rows),
        values=np.array([[each.values for each in row] for row in rows]),
        breakdowns={
            breakdown.name: np.array([[each.breakdowns[at] for each in row] for row in rows])
            for at, breakdown in enumerate(BREAKDOWNS)
        },
        stops=tuple(tuple(each.stops for each in row) for row in rows),
        logs=log_lists(design.tables, [each.logs for row in rows for each in row]),
    )
    return BatchResult(values=batch, failures=tuple(found.failures))


@frozen(eq=False)
class _Row:
    """What is saved of one policy in one replication."""

    values: list[float]
    breakdowns: tuple[Array, ...]
    stops: Stopped
    logs: Mapping[str, list[Any]] = field(factory=dict)


def _logged(design: Design, replicated: Replicated) -> _Row:
    """The same, with what happened."""
    logs = logs_of(design.tables, replicated)
    return evolve(_row(design, replicated.portfolio), logs=logs)


def _row(design: Design, portfolio: Portfolio) -> _Row:
    return _Row(
        values=measures_of(design, portfolio),
        breakdowns=tuple(each.compute(portfolio) for each in BREAKDOWNS),
        stops=tuple(
            tuple(rule for life in portfolio.halted for rule in way.rules(life)) for way in STOPS
        ),
    )


def _joined(cells: Sequence[BatchResult[ReplicationBatch]]) -> BatchResult[ReplicationBatch]:
    """The policies of some cells next to each other, in the replications that no cell lacks."""
    failed: dict[int, Failure] = {}
    for cell in cells:
        for failure in cell.failures:
            failed.setdefault(failure.replication, failure)
    failures = tuple(failed[replication] for replication in sorted(failed))
    batches = [cell.values for cell in cells if cell.values is not None]
    if len(batches) < len(cells):
        return BatchResult(failures=failures)
    common = [each for each in batches[0].replications if each not in failed]
    if not common:
        return BatchResult(failures=failures)
    rows = [[each.replications.index(number) for number in common] for each in batches]

    def concatenated(of: Callable[[ReplicationBatch], Array]) -> Array:
        each = [of(batch)[at] for batch, at in zip(batches, rows, strict=True)]
        return np.concatenate(each, axis=1)

    stops = (
        tuple(
            chain.from_iterable(
                batch.stops[at[place]] for batch, at in zip(batches, rows, strict=True)
            )
        )
        for place in range(len(common))
    )
    logs = None
    if batches[0].logs is not None:
        each = [
            batch.logs[place * batch.values.shape[1] : (place + 1) * batch.values.shape[1]]
            for at in range(len(common))
            for batch, places in zip(batches, rows, strict=True)
            for place in (places[at],)
            if batch.logs is not None
        ]
        logs = below(each)
    joined = ReplicationBatch(
        replications=tuple(common),
        values=concatenated(lambda batch: batch.values),
        breakdowns={
            name: concatenated(lambda batch, name=name: batch.breakdowns[name])  # type: ignore[misc]
            for name in batches[0].breakdowns
        },
        stops=tuple(stops),
        logs=logs,
    )
    return BatchResult(values=joined, failures=failures)


@frozen(eq=False)
class ReplicationSchema:
    """The one part of a comparison: what its batches look like as tables.

    A row is one policy in one replication: its measures, as lists the columns of its
    breakdowns, and the rules at which ideas stopped.
    """

    design: Design
    spans: tuple[Span, ...]
    name = _PART

    def runs(self, number: int) -> int:
        """How many replications a batch takes."""
        return self.spans[number][1]

    def died(self, number: int) -> tuple[Failure, ...]:
        """What failed where a process that ran a batch died of it: all of it."""
        first, count = self.spans[number]
        seed = self.design.seed
        return tuple(died(_PART, None, each, seed) for each in range(first, first + count))

    def joined(
        self, cells: Sequence[BatchResult[ReplicationBatch]]
    ) -> BatchResult[ReplicationBatch]:
        """A batch of its cells; a replication that failed in one is left out of all."""
        return _joined(cells)

    def framed(self, number: int, values: ReplicationBatch | None) -> pl.DataFrame:
        """A batch as a table, an empty one where every replication failed."""
        import polars as pl

        batch = values or self._nothing
        policies = len(self.design.labels)
        rows = len(batch.replications) * policies
        numbers = batch.values.reshape(rows, len(self._measures))
        lists: dict[str, Array] = {}
        for each in BREAKDOWNS:
            of = batch.breakdowns[each.name].reshape(rows, *shape(self.design, each))
            lists |= {name: of[:, :, at] for at, name in enumerate(each.saved)}
        stops = [each for one in batch.stops for each in one]
        logs = batch.logs
        if logs is None:
            logs = log_lists(self.design.tables, [])
        frame = pl.DataFrame(
            {
                "policy": pl.Series(self.design.labels * (rows // policies), dtype=pl.String),
                "replication": np.repeat(np.array(batch.replications, dtype=np.int64), policies),
                **{name: numbers[:, at] for at, name in enumerate(self._measures)},
                **{
                    name: pl.Series(each, dtype=pl.Array(pl.Float64, each.shape[1]))
                    for name, each in lists.items()
                },
                **{name: _lists([each[at] for each in stops]) for at, name in enumerate(_STOPS)},
            }
        ).with_columns(pl.col(self._measures).fill_nan(None))
        return frame if logs is None else pl.concat([frame, logs], how="horizontal")

    def read(self, number: int, frame: pl.DataFrame) -> ReplicationBatch:
        """A batch out of its table. Raises `ValueError` where it is not of that shape."""
        policies = len(self.design.labels)
        logged = log_columns(self.design.tables)
        columns = ["policy", "replication", *self._measures, *LISTS, *logged]
        if frame.columns != columns or len(frame) % policies:
            raise ValueError(f"not {policies} policies with their measures")
        count = len(frame) // policies
        numbers = frame.select(self._measures).fill_null(np.nan).to_numpy()
        stops = [tuple(map(tuple, each)) for each in frame.select(_STOPS).iter_rows()]
        return ReplicationBatch(
            replications=tuple(frame["replication"].to_list()[::policies]),
            values=np.array(numbers, dtype=float).reshape(count, policies, -1),
            breakdowns={
                each.name: np.stack(
                    [_flat(frame[name]).reshape(count, policies, -1) for name in each.saved],
                    axis=-1,
                )
                for each in BREAKDOWNS
            },
            stops=tuple(tuple(stops[at : at + policies]) for at in range(0, len(stops), policies)),
            logs=frame.select(logged) if logged else None,
        )

    @property
    def _nothing(self) -> ReplicationBatch:
        empty = np.empty(0)
        return ReplicationBatch((), empty, {each.name: empty for each in BREAKDOWNS}, ())

    @property
    def _measures(self) -> list[str]:
        return [measure.name for measure in self.design.measures]


def _lists(rules: Sequence[Sequence[str]]) -> pl.Series:
    """Lists of ids of rules, put together as texts: polars takes ten times as long by the list."""
    import polars as pl

    joined = pl.Series([_APART.join(each) if each else None for each in rules], dtype=pl.String)
    return joined.str.split(_APART).fill_null([])


def _flat(lists: pl.Series) -> Array:
    return np.array(lists.explode().to_numpy(), dtype=float)
