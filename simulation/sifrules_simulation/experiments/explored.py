"""Running an exploration (utforskning): variants × draws × replications, in batches.

A batch is some variants of policies in one draw, all of its replications.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
from attrs import define, evolve, field, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError, nearest
from sifrules.plugin.simulation import Portfolio
from sifrules.values.messages import Message
from sifrules_simulation.experiments.batches import (
    ArrayBatchSchema,
    BatchResult,
    Failure,
    Running,
    died,
    run_batches,
)
from sifrules_simulation.experiments.cells import Cell, measures_of, run_cell
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.exploration import Variant
from sifrules_simulation.experiments.logged import log_columns, log_lists, logs_of
from sifrules_simulation.experiments.sampling import ParameterSample
from sifrules_simulation.model.logs import Replicated
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.structure import ALTERNATIVES

if TYPE_CHECKING:
    import polars as pl

Array = NDArray[np.float64]

#: What the part is called whose batches these are.
PART = "exploration"
#: How many variants a batch has at most, and how many replications of single funds.
_GROUP, _RUNS = 20, 200
_STRUCTURE = "structure."


@frozen
class ExploredBatch:
    """A batch: some variants in a draw, named by its place, in some replications."""

    draw: int
    variants: tuple[int, ...]
    replications: range


@frozen(kw_only=True, eq=False)
class ExplorationPlan:
    """What is explored: a design of all variants, the draws, and which variants meet which draws.

    ``pairs`` names for each draw the variants that are simulated in it. ``notes`` are the levers
    that a policy does not take, with why.
    """

    design: Design
    variants: tuple[Variant, ...]
    draws: ParameterSample
    pairs: tuple[tuple[int, ...], ...]
    replications: int
    notes: tuple[Message, ...] = ()

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The names of the measures that come out."""
        return tuple(each.name for each in self.design.measures)

    @property
    def levers(self) -> tuple[str, ...]:
        """The paths of the levers, as columns carry them."""
        return tuple(dict.fromkeys(path for each in self.variants for path in each.levers))

    @property
    def uncertainties(self) -> tuple[str, ...]:
        """The paths of the uncertainties, as columns carry them."""
        weights = self.draws.scenario.weights if self.draws.structures else ()
        return (*self.draws.paths, *(f"{_STRUCTURE}{name}" for name in weights))

    @property
    def runs(self) -> int:
        """How many replications of single funds it takes."""
        return self.replications * sum(map(len, self.pairs))

    @property
    def batches(self) -> list[ExploredBatch]:
        """The batches: however many replications there are, one of them is not large."""
        return [
            ExploredBatch(draw, some[first : first + _GROUP], again)
            for draw, some in enumerate(self.pairs)
            for first in range(0, len(some), _GROUP)
            for again in _parts(self.replications, max(1, _RUNS // min(_GROUP, len(some))))
        ]

    def world(self, draw: int) -> Scenario:
        """The scenario as a draw has it, with what a command line writes to have it again."""
        return drawn_world(self.draws, draw)

    # --- frames ---------------------------------------------------------------------

    def frame(self, values: Mapping[int, Array]) -> pl.DataFrame:
        """A row for each variant, draw and replication of finished batches, all inputs first."""
        import polars as pl

        batches = self.batches
        rows = np.array(
            [
                (batches[number].draw, variant, again)
                for number in values
                for variant in batches[number].variants
                for again in batches[number].replications
            ],
            dtype=int,
        ).reshape(-1, 3)
        # a batch is draw × replication × variant; a row here is variant, then replication
        flat = [
            found[0].transpose(1, 0, 2).reshape(-1, len(self.outcomes)) for found in values.values()
        ]
        measured = np.concatenate(flat) if flat else np.empty((0, len(self.outcomes)))
        draw, variant, replication = rows.T
        frame = pl.DataFrame(
            {
                "experiment": [
                    f"v{one}-d{number}-r{again}"
                    for one, number, again in zip(
                        variant.tolist(),
                        self.draws.numbers[draw].tolist(),
                        replication.tolist(),
                        strict=True,
                    )
                ],
                "policy": pl.Series([self.variants[one].named for one in variant], dtype=pl.String),
                "variant": variant,
                "draw": self.draws.numbers[draw],
                "replication": replication,
                **self._inputs(variant, draw),
                **{name: measured[:, at] for at, name in enumerate(self.outcomes)},
            }
        )
        return frame.with_columns(pl.col(self.outcomes).fill_nan(None)).sort(
            "variant", "draw", "replication", maintain_order=True
        )

    def _inputs(self, variant: Array, draw: Array) -> dict[str, pl.Series]:
        """The value of every lever and parameter in some rows."""
        import polars as pl

        columns: dict[str, pl.Series] = {}
        for path in self.levers:
            stated = [each.levers.get(path) for each in self.variants]
            numbers = all(each is None or isinstance(each, float) for each in stated)
            kind = pl.Float64() if numbers else pl.String()
            written = stated if numbers else [_text(each) for each in stated]
            columns[path] = pl.Series(path, written, dtype=kind)[variant]
        for at, path in enumerate(self.draws.paths):
            columns[path] = pl.Series(path, self.draws.values[draw, at])
        if self.draws.structures:
            for name in self.draws.scenario.weights:
                chosen = [str(getattr(each, name)) for each in self.draws.structures]
                path = f"{_STRUCTURE}{name}"
                columns[path] = pl.Series(path, chosen, dtype=pl.String)[draw]
        return columns


def _text(value: object) -> str | None:
    if value is None:
        return None
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def drawn_world(draws: ParameterSample, row: int) -> Scenario:
    """The scenario as a draw has it; the values, not the draw, are what a command line writes."""
    given = draws.scenario
    values = dict(zip(draws.paths, draws.row(row), strict=True))
    drawn = given.with_values(values)
    changes = [f"{path}={value!r}" for path, value in values.items()]
    if draws.structures:
        structure = draws.structures[row]
        drawn = evolve(drawn, structure=structure)
        changes += [
            f"{_STRUCTURE}{name}={getattr(structure, name)}"
            for name in ALTERNATIVES
            if name in given.weights
        ]
    assumed = (word for change in changes for word in ("--assume", change))
    return evolve(drawn, changes=(*given.changes, *assumed))


def _parts(count: int, size: int) -> list[range]:
    """Numbers from 0, so many at once."""
    return [range(first, min(first + size, count)) for first in range(0, count, size)]


# --- batches ------------------------------------------------------------------------------


@frozen(eq=False)
class ExploredValues:
    """What a batch gave: numbers (draw × replications × variants × measures), and what happened.

    ``logs`` has a row for each replication and variant, a column for each of a table as lists.
    """

    numbers: Array
    logs: pl.DataFrame | None = None


@frozen(eq=False)
class ExplorationSchema:
    """The batches of an exploration as tables: keys, numbers, and what happened as lists."""

    numbers: ArrayBatchSchema
    tables: tuple[str, ...]
    name = PART

    def runs(self, number: int) -> int:
        """How many replications of single funds a batch takes."""
        return self.numbers.runs(number)

    def died(self, number: int) -> tuple[Failure, ...]:
        """What failed where the process that ran a batch died of it."""
        return self.numbers.died(number)

    def joined(self, cells: Sequence[BatchResult[ExploredValues]]) -> BatchResult[ExploredValues]:
        """The only cell."""
        (only,) = cells
        return only

    def framed(self, number: int, values: ExploredValues | None) -> pl.DataFrame:
        """A batch as a table, an empty one where a replication failed."""
        frame = self.numbers.framed(number, None if values is None else values.numbers)
        logs = log_lists(self.tables, []) if values is None else values.logs
        return frame if logs is None else frame.hstack(logs)

    def read(self, number: int, frame: pl.DataFrame) -> ExploredValues:
        """A batch out of its table. Raises `ValueError` where it is not of that shape."""
        logged = log_columns(self.tables)
        if not set(logged) <= set(frame.columns):
            raise ValueError("not with what happened")
        logs = frame.select(logged) if logged else None
        return ExploredValues(self.numbers.read(number, frame), logs)


@define
class ExplorationResults:
    """What came of it: the numbers of batches, and what happened where that stays in memory."""

    values: dict[int, Array] = field(factory=dict)
    logs: dict[int, pl.DataFrame] = field(factory=dict)
    failures: tuple[Failure, ...] = ()
    stopped: bool = False


def run_exploration(plan: ExplorationPlan, running: Running) -> ExplorationResults:
    """Run all of it; what was finished before a Ctrl-C ended it early.

    What happened is in files where there is a saver, and in memory where there is none.
    """
    tasks = {number: [(plan, batch)] for number, batch in enumerate(plan.batches)}
    schema = exploration_schema(plan)
    found, failures = ExplorationResults(), dict[int, tuple[Failure, ...]]()
    try:
        observed = plan.design.observed(running)
        for number, result in run_batches(schema, _one_batch, tasks, observed):
            failures[number] = result.failures
            if result.values is None:
                continue
            found.values[number] = result.values.numbers
            if running.saver is None and plan.design.tables:
                found.logs[number] = schema.framed(number, result.values)
    except KeyboardInterrupt:
        found.stopped = True
    found.values = {number: found.values[number] for number in sorted(found.values)}
    found.failures = tuple(each for number in sorted(failures) for each in failures[number])
    return found


def exploration_schema(plan: ExplorationPlan) -> ExplorationSchema:
    """What the batches of a plan look like as tables."""
    batches, numbers = plan.batches, plan.draws.numbers.tolist()

    def rows(batch: int) -> dict[str, Sequence[Any]]:
        of = batches[batch]
        return {
            "draw": (numbers[of.draw],),
            "replication": of.replications,
            "variant": of.variants,
        }

    def first(batch: int) -> int:
        of = batches[batch]
        return int(numbers[of.draw]) * plan.replications + of.replications.start

    return ExplorationSchema(
        ArrayBatchSchema(
            name=PART,
            rows=rows,
            columns=plan.outcomes,
            fatal=lambda batch: died(
                PART, numbers[batches[batch].draw], first(batch), plan.design.seed
            ),
        ),
        plan.design.tables,
    )


@frozen(eq=False)
class _Row:
    """What is saved of one variant in one replication."""

    values: list[float]
    logs: Mapping[str, list[Any]]


def _one_batch(plan: ExplorationPlan, batch: ExploredBatch) -> BatchResult[ExploredValues]:
    """Some variants in one draw.

    The worlds of different draws are different ones: their replications are numbered on.
    """
    design, some, number = plan.design, batch.variants, int(plan.draws.numbers[batch.draw])
    first = number * plan.replications
    chosen = evolve(
        design,
        policies=tuple(design.policies[at] for at in some),
        labels=tuple(design.labels[at] for at in some),
        asked=tuple(design.asked[at] for at in some),
        assumed=tuple(design.assumed[at] for at in some),
    )
    cell = Cell(
        part=PART,
        policies=range(len(some)),
        replications=range(first + batch.replications.start, first + batch.replications.stop),
        scenario=plan.world(batch.draw),
        draw=number,
        whole=True,
    )

    def measured(portfolio: Portfolio) -> _Row:
        return _Row(measures_of(chosen, portfolio), {})

    def logged(replicated: Replicated) -> _Row:
        values = measures_of(chosen, replicated.portfolio)
        return _Row(values, logs_of(chosen.tables, replicated))

    found = run_cell(chosen, cell, measured, logged=logged if chosen.tables else None)
    if found.failures:
        return BatchResult(failures=tuple(found.failures))
    rows = [row for each in found.rows.values() for row in each]
    shape = (1, len(batch.replications), len(some), len(design.measures))
    values = np.array([row.values for row in rows], dtype=float).reshape(shape)
    logs = log_lists(chosen.tables, [row.logs for row in rows])
    return BatchResult(values=ExploredValues(values, logs))


def chosen_measures(design: Design, outcomes: Sequence[str]) -> Design:
    """A design that measures some outcomes and nothing else; `SifError` for one there is not."""
    known = {each.name: each for each in design.measures}
    for name in outcomes:
        if name not in known:
            raise SifError(Message("measure.unknown", measure=name), fix=nearest(name, known))
    if not outcomes:
        raise SifError(Message("exploration.no_outcome"), fix=Message("exploration.name_outcome"))
    return attrs.evolve(design, measures=tuple(known[name] for name in dict.fromkeys(outcomes)))


def names_of(outcomes: Sequence[str]) -> Sequence[str]:
    """Names of outcomes, be they several or one."""
    return (outcomes,) if isinstance(outcomes, str) else outcomes
