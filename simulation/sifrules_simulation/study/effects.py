"""The effect of the return flow (återföringens effekt): with and without, all else equal.

For every draw of the uncertain parameters, each policy lives through the same worlds
twice: as it is, and with its return flow taken out. Differences are *without minus with*.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import attrs
import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError, nearest
from sifrules.money import ore
from sifrules.policy import FundPolicy
from sifrules.registry import Registry
from sifrules.simulated import Behaviour, Measure
from sifrules_simulation.comparing import claims_nothing, policies_named
from sifrules_simulation.estimates import LEVEL, Estimate, Sums
from sifrules_simulation.experiment import told
from sifrules_simulation.grids import Grid
from sifrules_simulation.pieces import Failure, Keeper, Piece, Running, died, gathered
from sifrules_simulation.practice import Practice, completed
from sifrules_simulation.replication import Conduct, live
from sifrules_simulation.reproducing import command
from sifrules_simulation.scenarios import Scenario
from sifrules_simulation.study.uncertainty import Draws
from sifrules_simulation.switches import ALL_ON, Switches
from sifrules_simulation.world import World, world

Array = NDArray[np.float64]

#: What is measured of each arm: uptake and money, then what speaks for a return.
MEASURES = (
    "application_uptake",
    "granted",
    "grants",
    "returned",
    "months_exhausted",
    "evaluated",
    "net_municipal_saving",
    "human_gain",
)
#: The arms of the comparison.
WITH, WITHOUT = 0, 1
ARMS = ("with", "without")
_MOST = 10_000


@frozen(kw_only=True, eq=False)
class Setup:
    """Policies to study, and how they are lived by."""

    policies: tuple[FundPolicy, ...]
    labels: tuple[str, ...]
    asked: tuple[str, ...]
    scenario: Scenario
    behaviour: Behaviour
    measures: tuple[Measure, ...]
    assumed: tuple[tuple[str, ...], ...]
    years: int = 15
    seed: int = 1

    def conduct(self, policy: int, around: Scenario, switches: Switches) -> Conduct:
        """How one policy is lived by in one world, with what it leaves open as drawn there."""
        stated = restated(self.policies[policy], self.assumed[policy], around)
        return Conduct(Practice(stated, around, switches), self.behaviour.given(around.values))

    def measured(self, conduct: Conduct, drawn: World) -> list[float]:
        """The measures of one policy in one world, not a number where not defined."""
        portfolio = live(conduct, drawn, self.years)
        values = [measure.of(portfolio) for measure in self.measures]
        return [np.nan if value is None else float(value) for value in values]

    def failure(
        self,
        part: str,
        draw: int | None,
        policy: int,
        around: Scenario,
        replication: int,
        switches: Switches,
        error: Exception,
    ) -> Failure:
        """What is kept of a replication that failed."""
        again = command(
            self.asked[policy],
            around,
            seed=self.seed,
            replication=replication,
            years=self.years,
            behaviour=self.behaviour.name,
            off=switches.off,
        )
        return Failure(
            part=part,
            policy=self.labels[policy],
            draw=draw,
            replication=replication,
            seed=self.seed,
            error=told(error),
            command=again,
        )


def setup(
    registry: Registry,
    scenario: Scenario,
    named: Sequence[str | FundPolicy] | None,
    *,
    behaviour: str,
    years: int,
    seed: int,
    measures: Sequence[str] = MEASURES,
) -> Setup:
    """What is to be studied: the policies named, else all that claim a return."""
    if behaviour not in registry.behaviours:
        raise SifError(f"no behaviour {behaviour!r}", fix=nearest(behaviour, registry.behaviours))
    filled = [
        (asked, *completed(registry, policy, scenario))
        for policy, asked in policies_named(registry, named or ())
    ]
    returning = [each for each in filled if not claims_nothing(each[1], scenario)]
    if named and len(returning) < len(filled):
        without = next(policy for _, policy, _ in filled if claims_nothing(policy, scenario))
        raise SifError(
            f"{without.id} has no return flow to take out", fix="name policies that claim a return"
        )
    if not returning:
        raise SifError("no policy has a return flow", fix="see sif policies")
    return Setup(
        policies=tuple(policy for _, policy, _ in returning),
        labels=tuple(policy.id for _, policy, _ in returning),
        asked=tuple(asked for asked, _, _ in returning),
        scenario=scenario,
        behaviour=registry.behaviours[behaviour],
        measures=tuple(measure_named(registry, name) for name in measures),
        assumed=tuple(changes for _, _, changes in returning),
        years=years,
        seed=seed,
    )


def measure_named(registry: Registry, name: str) -> Measure:
    """A measure by its name; `SifError` names the nearest where there is none."""
    if name not in registry.measures:
        raise SifError(f"no measure {name!r}", fix=nearest(name, registry.measures))
    return registry.measures[name]


def restated(policy: FundPolicy, assumed: tuple[str, ...], around: Scenario) -> FundPolicy:
    """A policy whose guideline is silent, with what the drawn scenario assumes instead."""
    unstated = around.parameters.unstated
    for change in assumed:
        path = change.partition("=")[0]
        if path == "funding.amount":
            amount = ore(round(unstated.funding))
            funding: Any = policy.funding
            policy = evolve(policy, funding=attrs.evolve(funding, amount=amount))
        elif path == "return_model.share":
            model: Any = policy.return_model
            share = Decimal(f"{unstated.return_share:.4f}")
            policy = evolve(policy, return_model=attrs.evolve(model, share=share))
    return policy


@frozen(eq=False)
class Effects:
    """What came of a study: draws × replications × policies × arms × measures.

    ``draws`` are those that were finished, of so many ``asked`` for; ``failures`` says why
    others are missing. ``failure`` is there if every draw failed.
    """

    setup: Setup
    draws: Draws
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


def over_draws(values: Array, level: float = LEVEL) -> Estimate:
    """The mean over draws with its interval."""
    sums = Sums((1,))
    sums.add(values[:, None])
    return sums.estimate(0, level=level)


def effects(
    setup: Setup,
    draws: Draws,
    replications: int,
    *,
    switches: Switches = ALL_ON,
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
    setup: Setup, around: Scenario, number: int, replications: int, switches: Switches, part: str
) -> Piece[Array]:
    """One draw: replications × policies × arms × measures.

    The worlds of different draws are different ones: their replications are numbered on.
    """
    first = number * replications
    both = (switches, evolve(switches, return_flow=False))
    arms: list[Conduct] = []
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
