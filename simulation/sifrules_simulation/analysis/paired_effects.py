"""The effect of the return flow (återföringens effekt): with and without, all else equal.

For every draw of the uncertain parameters, each policy is simulated in the same worlds
twice: as it is, and with its return flow taken out. Differences are *without minus with*.
To take that apart it is simulated a third time: claims come and are paid, but are not expected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules_simulation.experiments.batches import (
    ON_ALL_CORES,
    ArrayBatchSchema,
    BatchResult,
    Failure,
    Running,
    died,
    run_all,
)
from sifrules_simulation.experiments.cells import Cell, measures_of, run_cell
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.sampling import ParameterSample
from sifrules_simulation.model.mechanisms import ALL_ON, Mechanisms
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.statistics.estimates import Estimate, RunningMoments, known_mean
from sifrules_simulation.statistics.intervals import CONFIDENCE

Array = NDArray[np.float64]
#: The arms of a comparison, each by its name with the mechanisms that it is without; the third
#: is there where the return flow is taken apart.
WITH, WITHOUT, UNSEEN = 0, 1, 2
ARMS: Mapping[str, tuple[str, ...]] = {"with": (), "without": ("return_flow",)}
PARTS: Mapping[str, tuple[str, ...]] = {**ARMS, "unseen": ("claims_expected",)}
_MOST = 10_000


@frozen(eq=False)
class Effects:
    """What came of a study: draws × replications × policies × arms × measures.

    ``draws`` are those that were finished, of so many ``asked`` for; ``failures`` reports why
    others are missing. ``failure`` is there if every draw failed.
    """

    design: Design
    draws: ParameterSample
    values: Array
    failure: SifError | None = None
    stopped: bool = False
    failures: tuple[Failure, ...] = ()
    asked: int = 0

    def arm(self, policy: int, arm: int, measure: str) -> Array:
        """A measure of one arm, draws × replications."""
        at = [each.name for each in self.design.measures].index(measure)
        found: Array = self.values[:, :, policy, arm, at]
        return found

    def differences(self, policy: int, measure: str) -> Array:
        """Without minus with the return flow, draws × replications."""
        return self.between(policy, measure, WITHOUT, WITH)

    def between(self, policy: int, measure: str, one: int, other: int) -> Array:
        """A measure of one arm minus that of another, draws × replications."""
        return self.arm(policy, one, measure) - self.arm(policy, other, measure)

    def of(self, numbers: NDArray[np.int_], origin: str) -> Effects:
        """The same of some of the draws, by the numbers that they have."""
        rows = np.flatnonzero(np.isin(self.draws.numbers, numbers))
        return evolve(self, draws=self.draws.of(rows, origin), values=self.values[rows])

    def and_then(self, more: Effects) -> Effects:
        """The same and that of the draws that come after them."""
        return Effects(
            self.design,
            self.draws.and_then(more.draws),
            np.concatenate([self.values, more.values]),
            self.failure if more.failure is not None else None,
            more.stopped,
            (*self.failures, *more.failures),
            self.asked + more.asked,
        )


def means(values: Array) -> Array:
    """The mean of each draw over its replications; not a number where there is none."""
    return known_mean(values, axis=1)


def over_draws(values: Array, level: float = CONFIDENCE) -> Estimate:
    """The mean over draws with its interval."""
    sums = RunningMoments((1,))
    sums.add(values[:, None])
    return sums.estimate(0, level=level)


def effects(
    design: Design,
    draws: ParameterSample,
    replications: int,
    *,
    switches: Mechanisms = ALL_ON,
    running: Running = ON_ALL_CORES,
    part: str = "effects",
    rows: range | None = None,
    arms: Mapping[str, tuple[str, ...]] = ARMS,
) -> Effects:
    """Run every policy with and without its return flow, over all draws or some ``rows`` of them.

    ``switches`` are those of all ``arms``, but for what each is without.

    A draw in which a replication fails is left out and reported in ``failures``; draws that
    were finished before a Ctrl-C are there. Batches are saved under the name of the ``part``.
    """
    if not 2 <= replications <= _MOST:
        raise SifError(
            Message("paired_effects.replications", most=_MOST, replications=replications)
        )
    numbers = draws.numbers.tolist()
    rows = range(len(draws)) if rows is None else rows
    mechanisms = tuple(evolve(switches, **dict.fromkeys(off, False)) for off in arms.values())
    tasks = {
        row: [(design, draws.world(row), numbers[row], replications, mechanisms, part)]
        for row in rows
    }
    found = run_all(
        _schema(design, numbers, replications, part, tuple(arms)),
        _one_draw,
        tasks,
        design.observed(running),
    )
    done, failures = found.values, found.failures
    shape = (replications, len(design.labels), len(arms), len(design.measures))
    return Effects(
        design,
        draws.of(np.array(list(done), dtype=int), draws.origin),
        np.array(list(done.values()), dtype=float).reshape(-1, *shape),
        failures[0].as_error(Message("failure.every_draw"))
        if failures and not done and not found.stopped
        else None,
        found.stopped,
        failures,
        len(rows),
    )


def runs(design: Design, replications: int, arms: int = len(ARMS)) -> int:
    """How many replications of single funds one draw takes."""
    return replications * len(design.labels) * arms


def _schema(
    design: Design, numbers: Sequence[int], replications: int, name: str, arms: Sequence[str]
) -> ArrayBatchSchema:
    """What the batches look like: a draw each."""

    def worlds(batch: int) -> range:
        return range(numbers[batch] * replications, (numbers[batch] + 1) * replications)

    return ArrayBatchSchema(
        name=name,
        rows=lambda batch: {
            "draw": (numbers[batch],),
            "replication": worlds(batch),
            "policy": design.labels,
            "return_flow": arms,
        },
        columns=tuple(each.name for each in design.measures),
        fatal=lambda batch: died(name, numbers[batch], worlds(batch)[0], design.seed),
    )


def _one_draw(
    design: Design,
    around: Scenario,
    number: int,
    replications: int,
    mechanisms: tuple[Mechanisms, ...],
    part: str,
) -> BatchResult[Array]:
    """One draw: replications × policies × arms × measures.

    The worlds of different draws are different ones: their replications are numbered on.
    """
    first = number * replications
    cell = Cell(
        part=part,
        policies=range(len(design.policies)),
        replications=range(first, first + replications),
        scenario=around,
        mechanisms=mechanisms,
        draw=number,
        whole=True,
    )
    found = run_cell(design, cell, partial(measures_of, design))
    if found.failures:
        return BatchResult(failures=tuple(found.failures))
    shape = (1, replications, len(design.labels), len(mechanisms), len(design.measures))
    return BatchResult(values=np.array(list(found.rows.values()), dtype=float).reshape(shape))
