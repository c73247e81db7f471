"""One replication (körning): a fund lives through its years in a world, under a policy."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import simpy
from attrs import field, frozen

from sifrules.plugin.simulation import Behaviour, Observer, Portfolio
from sifrules_simulation.model.events import EventPublisher
from sifrules_simulation.model.foresight import ProspectEvaluator
from sifrules_simulation.model.fund import Fund
from sifrules_simulation.model.idea_process import IdeaProcess
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.world import World


@frozen
class ReplicationSetup:
    """What is lived by: a practice, how committees behave under it, and who watches."""

    practice: PolicyAdapter
    behaviour: Behaviour
    observers: tuple[Observer, ...] = ()
    #: whether the books are checked at the end
    check: bool = False
    foresight: ProspectEvaluator = field(init=False)

    @foresight.default
    def _foresight(self) -> ProspectEvaluator:
        return ProspectEvaluator(self.practice)


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


def simulate(conduct: ReplicationSetup, world: World, years: int) -> Portfolio:
    """Live through the years; what became of every idea, and the books.

    The same conduct and world always give the same portfolio. Raises `LedgerError` where
    the books are checked and do not hold together.
    """
    practice = conduct.practice
    env = simpy.Environment()
    months = [practice.scenario.begins + month for month in range(12 * years)]
    fund = Fund(env, practice, months, world.surplus, EventPublisher(conduct.observers))
    env.process(fund.clock())
    given = practice.scenario.parameters
    room = max(1, round(given.municipality.capacity * practice.switches.size(given)))
    committees = [simpy.Resource(env, room) for _ in range(given.municipality.committees)]
    share = given.facts.other
    own = {
        name: world.own_fact(practice.policy.vocabulary[name], share) for name in practice.own_facts
    }
    courses = [
        IdeaProcess(
            env,
            idea,
            practice,
            conduct.foresight,
            conduct.behaviour,
            fund,
            committees[idea.committee],
            {name: values[idea.number] for name, values in own.items() if idea.number in values},
        )
        for idea in world.ideas
    ]
    for course in courses:
        env.process(course.run())
    with _uncollected():
        env.run(until=12 * years)
    if conduct.check:
        fund.ledger.check()
    return Portfolio(
        policy=practice.policy.id,
        seed=world.draws.seed,
        replication=world.draws.replication,
        years=years,
        lives=[course.life for course in courses],
        balances=fund.balances,
        put_in=fund.put_in,
        ledger=fund.ledger,
        has_fund=practice.has_fund,
        parameters=practice.scenario.values,
    )
