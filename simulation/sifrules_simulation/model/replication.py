"""One replication (körning): a fund is simulated over its years in a world, under a policy."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import simpy
from attrs import field, frozen

from sifrules.plugin.simulation import Behaviour, IdeaHistory, Observer, Portfolio
from sifrules.values.dates import Month
from sifrules_simulation.model.ahead import ChosenAhead, chosen_ahead
from sifrules_simulation.model.events import EventPublisher
from sifrules_simulation.model.fund import Fund
from sifrules_simulation.model.idea_process import IdeaProcess
from sifrules_simulation.model.idea_table import IdeaTable
from sifrules_simulation.model.lives import Lives
from sifrules_simulation.model.parts_in_columns import PartRaised
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.rules_in_force import RulesInForce, rules_in_force
from sifrules_simulation.model.streams import Array
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
    _known: list[tuple[IdeaTable, int, ChosenAhead | None]] = field(
        factory=list, init=False, eq=False, repr=False
    )

    @scalar.default
    def _scalar(self) -> bool:
        return self.adapter.engine == "durable"

    @property
    def ahead(self) -> bool:
        """Whether choices are worked out before: no rules change, and nobody sees the events."""
        return not (self.scalar or self.observers or len(self.rules.periods) > 1)

    def own_facts(self, world: World) -> dict[str, Array]:
        """The facts that only this policy knows, a row for each idea of the world's table."""
        share = self.adapter.scenario.parameters.facts.other
        found = (
            (name, world.own_column(each.policy.vocabulary[name], share))
            for each in self.rules.adapters
            for name in each.own_facts
        )
        return {name: column for name, column in found if column is not None}

    def chosen_ahead(self, world: World, months: int) -> ChosenAhead | None:
        """What becomes of the ideas until they are applied with, None if only time can tell.

        It is worked out once for all worlds of a table that follow each other.
        """
        if not self.ahead or not len(world.table):
            return None
        if not self._known or self._known[0][:2] != (world.table, months):
            sees, own = self.rules.at(0).alone, self.own_facts(world)
            try:
                found = chosen_ahead(sees, self.behaviour, world.table, own, months)
            except PartRaised:
                found = None
            self._known[:] = [(world.table, months, found)]
        return self._known[0][2]

    @rules.default
    def _rules(self) -> RulesInForce:
        given = self.adapter
        return rules_in_force(given.policy, given.scenario, given.switches, given.engine)


@cache
def _months(begins: Month, count: int) -> list[Month]:
    """The simulated months, as dates."""
    return [begins + month for month in range(count)]


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
    adapter, rules, years_months = setup.adapter, setup.rules, 12 * years
    env = simpy.Environment()
    months = _months(adapter.scenario.begins, years_months)
    fund = Fund(env, rules, months, world.surplus, EventPublisher(setup.observers))
    env.process(fund.clock())
    given = adapter.scenario.parameters
    room = max(1, round(given.municipality.capacity * adapter.switches.size(given)))
    committees: dict[int, simpy.Resource] = {}
    own = setup.own_facts(world)
    ahead = setup.chosen_ahead(world, years_months)
    rows: Sequence[int] = range(world.first, world.until)
    if ahead is not None:
        rows = ahead.chosen_between(world.first, world.until)
    processes = {}
    for row, idea in zip(rows, world.table.ideas(rows), strict=True):
        if idea.committee not in committees:
            committees[idea.committee] = simpy.Resource(env, room)
        process = processes[row] = IdeaProcess(
            idea,
            setup.behaviour,
            rules,
            months,
            fund.publisher,
            {name: values[row].item() for name, values in own.items()},
            fund,
            env,
            fund,
            committees[idea.committee],
            setup.scalar,
        )
        if ahead is not None:
            process.life = ahead.life(row)
            ahead.chosen[row].begin(process)
        env.process(process.run())
    with _uncollected():
        env.run(until=years_months)
    if setup.check:
        fund.ledger.check()
    lives: Sequence[IdeaHistory] = [process.life for process in processes.values()]
    known: dict[str, Any] = {}
    if ahead is not None:
        known["pursued"] = lives
        lives = every = Lives(world, ahead, dict(zip(processes, lives, strict=True)))
        known |= {"halted": every.halted(), "counts": every.counts()}
    return Portfolio(
        policy=adapter.policy.id,
        seed=world.draws.seed,
        replication=world.draws.replication,
        years=years,
        lives=lives,
        balances=fund.balances,
        put_in=fund.put_in,
        ledger=fund.ledger,
        has_fund=adapter.has_fund,
        parameters=adapter.scenario.values,
        tracks=tuple(adapter.tracks),
        **known,
    )
