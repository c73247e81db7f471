"""The effect of the return flow (återföringens effekt): with and without, all else equal.

For every draw of the uncertain parameters, each policy lives through the same worlds
twice: as it is, and with its return flow taken out. Differences are *without minus with*.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError
from sifrules_simulation.experiments.batches import Failure, Keeper, Piece, Running, died, gathered
from sifrules_simulation.experiments.grids import Grid
from sifrules_simulation.experiments.planning import Setup
from sifrules_simulation.experiments.sampling import ParameterSample
from sifrules_simulation.model.mechanisms import ALL_ON, Mechanisms
from sifrules_simulation.model.replication import ReplicationSetup
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.world import world
from sifrules_simulation.statistics.estimates import Estimate, RunningMoments
from sifrules_simulation.statistics.intervals import CONFIDENCE

Array = NDArray[np.float64]
#: The arms of the comparison.
WITH, WITHOUT = 0, 1
ARMS = ("with", "without")
_MOST = 10_000


@frozen(eq=False)
class Effects:
    """What came of a study: draws × replications × policies × arms × measures.

    ``draws`` are those that were finished, of so many ``asked`` for; ``failures`` says why
    others are missing. ``failure`` is there if every draw failed.
    """

    setup: Setup
    draws: ParameterSample
    values: Array
    failure: SifError | None = None
    stopped: bool = False
    failures: tuple[Failure, ...] = ()
    asked: int = 0

    def arm(self, policy: int, arm: int, measure: str) -> Array:
        """A measure of one arm, draws × replications."""
        at = [each.name for each in self.setup.measures].index(measure)
        found: Array = self.values[:, :, policy, arm, at]
        return found

    def differences(self, policy: int, measure: str) -> Array:
        """Without minus with the return flow, draws × replications."""
        return self.arm(policy, WITHOUT, measure) - self.arm(policy, WITH, measure)

    def of(self, numbers: NDArray[np.int_], origin: str) -> Effects:
        """The same of some of the draws, by the numbers that they have."""
        rows = np.flatnonzero(np.isin(self.draws.numbers, numbers))
        return evolve(self, draws=self.draws.of(rows, origin), values=self.values[rows])

    def and_then(self, more: Effects) -> Effects:
        """The same and that of the draws that come after them."""
        return Effects(
            self.setup,
            self.draws.and_then(more.draws),
            np.concatenate([self.values, more.values]),
            self.failure if more.failure is not None else None,
            more.stopped,
            (*self.failures, *more.failures),
            self.asked + more.asked,
        )


def means(values: Array) -> Array:
    """The mean of each draw over its replications; not a number where there is none."""
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    mean: Array = np.divide(total, count, out=np.full(len(values), np.nan), where=count > 0)
    return mean


def over_draws(values: Array, level: float = CONFIDENCE) -> Estimate:
    """The mean over draws with its interval."""
    sums = RunningMoments((1,))
    sums.add(values[:, None])
    return sums.estimate(0, level=level)


def effects(
    setup: Setup,
    draws: ParameterSample,
    replications: int,
    *,
    switches: Mechanisms = ALL_ON,
    jobs: int | None = None,
    tick: Callable[[int], None] = lambda _: None,
    keeper: Keeper | None = None,
    part: str = "effects",
    rows: range | None = None,
) -> Effects:
    """Run every policy with and without its return flow, over all draws or some ``rows`` of them.

    ``switches`` are those of both arms, but for the return flow itself.

    A draw in which a replication fails is left there and told in ``failures``; what was done
    before Ctrl-C is kept, by ``keeper`` at once and under the name of the ``part``. ``tick`` is
    told how many replications of single funds were finished.
    """
    if not 2 <= replications <= _MOST:
        raise SifError(f"expected from 2 to {_MOST} replications a draw, got {replications}")
    numbers = draws.numbers.tolist()
    rows = range(len(draws)) if rows is None else rows
    tasks = {
        row: (setup, draws.world(row), numbers[row], replications, switches, part) for row in rows
    }
    found = gathered(
        _part(setup, numbers, replications, part),
        _one_draw,
        tasks,
        Running(jobs=jobs, tick=tick, keeper=keeper),
    )
    done, failures = found.values, found.failures
    shape = (replications, len(setup.labels), 2, len(setup.measures))
    return Effects(
        setup,
        draws.of(np.array(list(done), dtype=int), draws.origin),
        np.array(list(done.values()), dtype=float).reshape(-1, *shape),
        failures[0].as_error("every draw") if failures and not done and not found.stopped else None,
        found.stopped,
        failures,
        len(rows),
    )


def runs(setup: Setup, replications: int) -> int:
    """How many replications of single funds one draw takes."""
    return replications * len(setup.labels) * 2


def _part(setup: Setup, numbers: Sequence[int], replications: int, name: str) -> Grid:
    """What the pieces look like: a draw each."""

    def worlds(piece: int) -> range:
        return range(numbers[piece] * replications, (numbers[piece] + 1) * replications)

    return Grid(
        name=name,
        rows=lambda piece: {
            "draw": (numbers[piece],),
            "replication": worlds(piece),
            "policy": setup.labels,
            "return_flow": ARMS,
        },
        columns=tuple(each.name for each in setup.measures),
        fatal=lambda piece: died(name, numbers[piece], worlds(piece)[0], setup.seed),
    )


def _one_draw(
    setup: Setup, around: Scenario, number: int, replications: int, switches: Mechanisms, part: str
) -> Piece[Array]:
    """One draw: replications × policies × arms × measures.

    The worlds of different draws are different ones: their replications are numbered on.
    """
    first = number * replications
    both = (switches, evolve(switches, return_flow=False))
    arms: list[ReplicationSetup] = []
    rows = []
    at, replication = 0, first
    try:
        for at in range(2 * len(setup.policies)):
            arms.append(setup.conduct(at // 2, around, both[at % 2]))
        for replication in range(first, first + replications):
            drawn = world(around, setup.years, setup.seed, replication, ALL_ON)
            row = []
            for at in range(len(arms)):
                row.append(setup.measured(arms[at], drawn))
            rows.append(row)
    except Exception as error:  # a plugin's own code: whatever it raises is told
        off = both[at % 2]
        failure = setup.failure(part, number, at // 2, around, replication, off, error)
        return Piece(failures=(failure,))
    shape = (1, replications, len(setup.labels), 2, len(setup.measures))
    return Piece(values=np.array(rows, dtype=float).reshape(shape))
