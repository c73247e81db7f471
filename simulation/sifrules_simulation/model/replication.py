"""One replication (körning): a fund is simulated over its years in a world, under a policy."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import simpy
from attrs import field, frozen

from sifrules.plugin.simulation import Behaviour, Observer, Portfolio
from sifrules_simulation.model.ahead import chosen_ahead
from sifrules_simulation.model.events import EventPublisher
from sifrules_simulation.model.fund import Fund
from sifrules_simulation.model.idea_process import IdeaProcess
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.rules_in_force import RulesInForce, rules_in_force
from sifrules_simulation.model.world import World


@frozen
class ReplicationSetup:
    """What is simulated: a policy adapter, how committees behave under it, and who observes.

    ``rules`` are the adapter's, and those of the reforms that follow on its policy.
    """

    adapter: PolicyAdapter
    behaviour: Behaviour
    observers: tuple[Observer, ...] = ()
    #: whether the books are checked at the end
    check: bool = False
    #: whether every idea is considered by itself and in its time, and each month's payments are
    #: booked, as with the reference engine; otherwise what can be known is worked out before,
    #: and an investment's payments are booked at once. What comes of it is the same
    scalar: bool = field()
    rules: RulesInForce = field(init=False)

    @scalar.default
    def _scalar(self) -> bool:
        return self.adapter.engine == "durable"

    @property
    def ahead(self) -> bool:
        """Whether choices are worked out before: no rules change, and nobody sees the events."""
        return not (self.scalar or self.observers or len(self.rules.periods) > 1)

    @rules.default
    def _rules(self) -> RulesInForce:
        given = self.adapter
        return rules_in_force(given.policy, given.scenario, given.switches, given.engine)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: a replication makes many objects and keeps most."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def simulate(setup: ReplicationSetup, world: World, years: int) -> Portfolio:
    """Simulate the years; what became of every idea, and the books.

    The same setup and world always give the same portfolio. Raises `LedgerError` where
    the books are checked and do not hold together.
    """
    adapter = setup.adapter
    env = simpy.Environment()
    months = [adapter.scenario.begins + month for month in range(12 * years)]
    rules = setup.rules
    fund = Fund(env, rules, months, world.surplus, EventPublisher(setup.observers))
    env.process(fund.clock())
    given = adapter.scenario.parameters
    room = max(1, round(given.municipality.capacity * adapter.switches.size(given)))
    committees = [simpy.Resource(env, room) for _ in range(given.municipality.committees)]
    share = given.facts.other
    own = {
        name: world.own_fact(each.policy.vocabulary[name], share)
        for each in rules.adapters
        for name in each.own_facts
    }
    processes = [
        IdeaProcess(
            idea,
            setup.behaviour,
            rules,
            months,
            fund.publisher,
            {name: values[idea.number] for name, values in own.items() if idea.number in values},
            fund,
            env,
            fund,
            committees[idea.committee],
            setup.scalar,
        )
        for idea in world.ideas
    ]
    for process in chosen_ahead(processes, 12 * years) if setup.ahead else processes:
        env.process(process.run())
    with _uncollected():
        env.run(until=12 * years)
    if setup.check:
        fund.ledger.check()
    return Portfolio(
        policy=adapter.policy.id,
        seed=world.draws.seed,
        replication=world.draws.replication,
        years=years,
        lives=[process.life for process in processes],
        balances=fund.balances,
        put_in=fund.put_in,
        ledger=fund.ledger,
        has_fund=adapter.has_fund,
        parameters=adapter.scenario.values,
        tracks=tuple(adapter.tracks),
    )
