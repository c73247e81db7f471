"""The design of a run (försöksplan): policies × scenarios × mechanisms × replications.

A `Design` states what is run, and is made once per run by
`sifrules_simulation.experiments.planning`. It is run in cells, by
`sifrules_simulation.experiments.cells`, on common random numbers: in each replication the
same world for all policies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from attrs import evolve, field, frozen, validators

from sifrules.errors import SifError, nearest
from sifrules.plugin.simulation import Behaviour, Measure, Observer, Portfolio
from sifrules.values.messages import Message, Text
from sifrules_simulation.experiments.batches import Failure, Running
from sifrules_simulation.experiments.defaults import YEARS
from sifrules_simulation.experiments.rerun import command
from sifrules_simulation.model.completion import restated
from sifrules_simulation.model.logs import ALL_LOGS
from sifrules_simulation.model.mechanisms import ALL_ON, Mechanisms
from sifrules_simulation.model.own_size import of_own_size
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.replication import ReplicationSetup, simulate
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.world import world

if TYPE_CHECKING:
    from sifrules.policy.fund_policy import FundPolicy


@frozen
class LeftOut:
    """A policy that was asked for and cannot be simulated, and why."""

    policy: str
    why: Text


@frozen(kw_only=True, eq=False)
class Design:
    """What is run: policies in a scenario for so many years, from one seed.

    ``labels`` name the policies in what comes out, each once, and ``asked`` are what a command
    line writes for them. ``assumed`` states of each policy what the scenario assumes where its
    guideline is silent. ``left_out`` are policies that were asked for and cannot be simulated.
    ``environment`` is what any run depends on: versions and plugins.
    """

    policies: tuple[FundPolicy, ...]
    labels: tuple[str, ...]
    asked: tuple[str, ...]
    scenario: Scenario
    behaviour: Behaviour
    measures: tuple[Measure, ...]
    assumed: tuple[tuple[str, ...], ...]
    baseline: str
    environment: Mapping[str, Any]
    years: int = field(default=YEARS, validator=[validators.ge(1), validators.le(100)])
    seed: int = field(default=1, validator=validators.ge(0))
    switches: Mechanisms = ALL_ON
    engine: str = "compiled"
    observers: tuple[Observer, ...] = ()
    check: bool = False
    left_out: tuple[LeftOut, ...] = ()
    #: the names of the records that are kept of every replication
    tables: tuple[str, ...] = ()

    @property
    def sees_events(self) -> bool:
        """Whether a record that is kept is made of events."""
        return any(ALL_LOGS[name].by_events for name in self.tables)

    def observed(self, running: Running) -> Running:
        """The way of running that lets the observers of the design see every event."""
        return evolve(running, here=True) if self.observers else running

    @property
    def committees(self) -> int:
        """How many committees the municipality has."""
        return int(self.scenario.values["municipality.committees"])

    def setup(
        self, policy: int, around: Scenario | None = None, switches: Mechanisms | None = None
    ) -> ReplicationSetup:
        """How one policy is simulated, with what it leaves open as a scenario ``around`` has it.

        In the scenario and with the mechanisms of the design, unless others are given. What is
        set up in the design's own scenario is set up once in a process.
        """
        made, key = _MADE.setdefault(self, {}), (policy, switches or self.switches)
        if around is None and key in made:
            return made[key]
        stated = self.policies[policy]
        scenario = of_own_size(around or self.scenario, stated)
        if around is not None:
            stated = restated(stated, self.assumed[policy], scenario)
        adapter = PolicyAdapter(stated, scenario, switches or self.switches, self.engine)
        behaviour = self.behaviour.given(scenario.values)
        setup = ReplicationSetup(adapter, behaviour, self.observers, self.check)
        if around is None:
            made[key] = setup
        return setup

    def portfolio(self, policy: int, replication: int, *watching: Observer) -> Portfolio:
        """One replication of one policy, observed by those ``watching``."""
        setup = self.setup(policy)
        setup = evolve(setup, observers=(*setup.observers, *watching))
        around = world(setup.adapter.scenario, self.years, self.seed, replication, self.switches)
        return simulate(setup, around, self.years)

    def failure(
        self,
        part: str,
        draw: int | None,
        policy: int,
        around: Scenario,
        replication: int,
        switches: Mechanisms,
        error: str,
    ) -> Failure:
        """What is saved of a replication that failed, with the command that shows it."""
        again = command(
            self.asked[policy],
            around,
            seed=self.seed,
            replication=replication,
            years=self.years,
            behaviour=self.behaviour.name,
            off=switches.off,
            engine=self.engine,
        )
        return Failure(
            part=part,
            policy=self.labels[policy],
            draw=draw,
            replication=replication,
            seed=self.seed,
            error=error,
            command=again,
        )


#: What each design has set up in this process; other processes set it up themselves.
_MADE: WeakKeyDictionary[Design, dict[tuple[int, Mechanisms], ReplicationSetup]]
_MADE = WeakKeyDictionary()


def refuse_unknown(design: Design, measures: Iterable[str]) -> None:
    """Raise `SifError` for the first name that no measure has."""
    known = [measure.name for measure in design.measures]
    for name in measures:
        if name not in known:
            raise SifError(Message("measure.unknown", measure=name), fix=nearest(name, known))


def error_line(error: BaseException) -> str:
    """What went wrong. SimPy raises a copy of what a process raised, with it as the cause."""
    error = error.__cause__ or error
    if isinstance(error, SifError):
        return str(error)
    return " ".join(f"{type(error).__name__}: {error}".strip(": ").split())
