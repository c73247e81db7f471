"""Running an exploration (utforskning): variants × draws × replications, in batches.

A batch is some variants of policies in one draw, all of its replications.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError, nearest
from sifrules.values.messages import Message
from sifrules_simulation.experiments.batches import (
    ArrayBatchSchema,
    BatchResult,
    BatchResults,
    Running,
    died,
    run_all,
)
from sifrules_simulation.experiments.cells import Cell, measures_of, run_cell
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.exploration import Variant
from sifrules_simulation.experiments.sampling import ParameterSample
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.structure import ALTERNATIVES

if TYPE_CHECKING:
    import polars as pl

Array = NDArray[np.float64]

#: What the part is called whose batches these are.
PART = "exploration"
#: How many variants a batch has.
_GROUP = 20
_STRUCTURE = "structure."


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
    def batches(self) -> list[tuple[int, tuple[int, ...]]]:
        """The batches: each a draw, by its place, with some variants."""
        return [
            (draw, some[first : first + _GROUP])
            for draw, some in enumerate(self.pairs)
            for first in range(0, len(some), _GROUP)
        ]

    def world(self, draw: int) -> Scenario:
        """The scenario as a draw has it, with what a command line writes to have it again."""
        return drawn_world(self.draws, draw)

    # --- frames ---------------------------------------------------------------------

    def frame(self, values: Mapping[int, Array]) -> pl.DataFrame:
        """A row for each variant, draw and replication of finished batches, all inputs first."""
        import polars as pl

        batches = self.batches
        at = [batches[number] for number in values]
        each = np.array([(draw, one) for draw, some in at for one in some], dtype=int)
        each = each.reshape(-1, 2)
        rows = len(each) * self.replications
        # a batch is draw × replication × variant; a row here is variant, then replication
        flat = [
            found[0].transpose(1, 0, 2).reshape(-1, len(self.outcomes)) for found in values.values()
        ]
        measured = np.concatenate(flat) if flat else np.empty((0, len(self.outcomes)))
        draw, variant = np.repeat(each, self.replications, axis=0).T
        replication = np.tile(np.arange(self.replications), len(each))
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
        assert len(frame) == rows
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


def run_exploration(plan: ExplorationPlan, running: Running) -> BatchResults[Array]:
    """Run all of it; what was finished before a Ctrl-C ended it early."""
    batches = plan.batches
    tasks = {
        number: [
            (plan.design, plan.world(draw), int(plan.draws.numbers[draw]), some, plan.replications)
        ]
        for number, (draw, some) in enumerate(batches)
    }
    return run_all(_schema(plan, batches), _one_batch, tasks, plan.design.observed(running))


def _schema(
    plan: ExplorationPlan, batches: Sequence[tuple[int, tuple[int, ...]]]
) -> ArrayBatchSchema:
    numbers = plan.draws.numbers.tolist()

    def rows(batch: int) -> dict[str, Sequence[Any]]:
        draw, some = batches[batch]
        return {
            "draw": (numbers[draw],),
            "replication": range(plan.replications),
            "variant": some,
        }

    def first(batch: int) -> int:
        return int(numbers[batches[batch][0]]) * plan.replications

    return ArrayBatchSchema(
        name=PART,
        rows=rows,
        columns=plan.outcomes,
        fatal=lambda batch: died(PART, numbers[batches[batch][0]], first(batch), plan.design.seed),
    )


def _one_batch(
    design: Design, around: Scenario, number: int, some: tuple[int, ...], replications: int
) -> BatchResult[Array]:
    """Some variants in one draw: draw × replications × variants × measures.

    The worlds of different draws are different ones: their replications are numbered on.
    """
    first = number * replications
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
        replications=range(first, first + replications),
        scenario=around,
        draw=number,
        whole=True,
    )
    found = run_cell(chosen, cell, partial(measures_of, chosen))
    if found.failures:
        return BatchResult(failures=tuple(found.failures))
    shape = (1, replications, len(some), len(design.measures))
    return BatchResult(values=np.array(list(found.rows.values()), dtype=float).reshape(shape))


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
