"""Experiments (försök): policies × replications in one scenario, on common random numbers.

An `Experiment` says what is run; `sifrules_simulation.experiments.runner` runs it, some
replications at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, field, frozen, validators

from sifrules.errors import SifError
from sifrules.plugin.simulation import Behaviour, Measure, Observer, Portfolio
from sifrules_simulation.model.mechanisms import ALL_ON, Mechanisms
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.replication import ReplicationSetup, simulate
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.world import world

if TYPE_CHECKING:
    from sifrules.policy.fund_policy import FundPolicy


from collections.abc import Iterable

from sifrules.errors import nearest


def refuse_unknown(experiment: Experiment, measures: Iterable[str]) -> None:
    """Raise `SifError` for the first name that no measure has."""
    known = [measure.name for measure in experiment.measures]
    for name in measures:
        if name not in known:
            raise SifError(f"no measure {name!r}", fix=nearest(name, known))


@frozen(kw_only=True, eq=False)
class Experiment:
    """What is run: policies in a scenario for so many years, from one seed.

    ``labels`` name the policies in what comes out, each once, and ``asked`` are what a
    command line writes for them.
    """

    policies: tuple[FundPolicy, ...]
    labels: tuple[str, ...]
    asked: tuple[str, ...]
    scenario: Scenario
    behaviour: Behaviour
    measures: tuple[Measure, ...]
    years: int = field(default=15, validator=[validators.ge(1), validators.le(100)])
    seed: int = field(default=1, validator=validators.ge(0))
    switches: Mechanisms = ALL_ON
    engine: str = "compiled"
    observers: tuple[Observer, ...] = ()
    check: bool = False

    @property
    def committees(self) -> int:
        """How many committees the municipality has."""
        return int(self.scenario.values["municipality.committees"])

    def conducts(self) -> tuple[ReplicationSetup, ...]:
        """How each policy is lived by."""
        behaviour = self.behaviour.given(self.scenario.values)
        return tuple(
            ReplicationSetup(
                PolicyAdapter(policy, self.scenario, self.switches, self.engine),
                behaviour,
                self.observers,
                self.check,
            )
            for policy in self.policies
        )

    def portfolio(self, policy: int, replication: int, *watching: Observer) -> Portfolio:
        """One replication of one policy, watched if anyone asks."""
        conduct = self.conducts()[policy]
        conduct = evolve(conduct, observers=(*conduct.observers, *watching))
        around = world(self.scenario, self.years, self.seed, replication, self.switches)
        return simulate(conduct, around, self.years)


def told(error: BaseException) -> str:
    """What went wrong. SimPy raises a copy of what a process raised, with it as the cause."""
    error = error.__cause__ or error
    if isinstance(error, SifError):
        return str(error)
    return " ".join(f"{type(error).__name__}: {error}".strip(": ").split())
