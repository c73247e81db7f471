"""Which rules are in force when (gällande regler): the adapters of a policy and its reforms.

A policy without reforms has one adapter for all months. With reforms every question is put to
the rules of a month: those of the day decide, those that an investment is bound by settle it,
and those that are announced are what a committee expects.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import evolve, field, frozen

from sifrules.policy.binding import Binding
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.timeline import periods
from sifrules.values.dates import Month
from sifrules_simulation.model.foresight import ProspectEvaluator
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.probe import hoped_for
from sifrules_simulation.model.scenarios import Scenario


@frozen(eq=False)
class Period:
    """Some months under one guideline: from which simulated month, by which adapter."""

    since: int
    adapter: PolicyAdapter
    #: what a committee expects by its rules as long as no reform is announced
    alone: ProspectEvaluator
    #: what it expects when the next reform, with its transitional provision, is announced
    announced: ProspectEvaluator


@frozen(eq=False)
class RulesInForce:
    """The rules of a policy over the simulated months.

    ``lead`` is how many months before a reform committees know of it.
    """

    begins: Month
    binding: Binding
    lead: int
    periods: tuple[Period, ...]
    first: PolicyAdapter = field(init=False)
    #: whether the first rules are in force all the time
    lasting: bool = field(init=False)

    @first.default
    def _first(self) -> PolicyAdapter:
        return self.at(0).adapter

    @lasting.default
    def _lasting(self) -> bool:
        return len(self.periods) == 1

    @property
    def adapters(self) -> Iterator[PolicyAdapter]:
        """The adapters, in the order in which they come into force."""
        return (period.adapter for period in self.periods)

    @property
    def reforms(self) -> tuple[Period, ...]:
        """The periods that begin within the simulated months."""
        return tuple(period for period in self.periods if period.since > 0)

    def at(self, month: int) -> Period:
        """The rules in force in a simulated month."""
        found = self.periods[0]
        if len(self.periods) > 1:
            for period in self.periods[1:]:
                if period.since <= month:
                    found = period
        return found

    # --- what committees expect -----------------------------------------------------

    def foresight(self, now: int, start: int) -> ProspectEvaluator:
        """What a committee expects now of a project that would start in a month."""
        if self.lasting:
            return self.periods[0].alone
        known = [period for period in self.periods if period.since <= max(0, now + self.lead)]
        decides = now if self.binding.investment == "grant" else start
        found = known[0]
        for period in known[1:]:
            if period.since <= decides:
                found = period
        return found.alone if found is known[-1] else found.announced

    def next_announced(self, now: int) -> Period | None:
        """The next reform that is announced and not yet in force, if any."""
        if not self.lead:
            return None
        ahead = (each for each in self.periods if now < each.since <= now + self.lead)
        return next(ahead, None)

    # --- what settles an investment -------------------------------------------------

    def settling(self, granted: int, started: int, now: int) -> Period:
        """The rules by which an investment is settled, by the binding and by provisions.

        A later guideline that exempts what is running goes before; and one whose transitional
        provision says that the earlier return applies leaves the investment to that.
        """
        bound = self.at({"start": started, "grant": granted, "end": now}[self.binding.investment])
        if self.lasting:
            return bound
        for later in self.periods:
            if bound.since < later.since <= now and _exempts_running(later.adapter):
                return later
        earlier = self.at(started)
        if earlier.since < bound.since and _returns_by_the_earlier(
            bound.adapter, self.begins + started
        ):
            return earlier
        return bound

    def forgives(self, bound: Period, due: int) -> bool:
        """Whether a claim that is settled falls away by the rules in force when it is due."""
        if self.lasting:
            return False
        later = [each.adapter for each in self.periods if bound.since < each.since <= due]
        if any(map(_exempts_running, later)):
            return True
        return self.binding.claim == "due" and bool(later) and not _claims_anything(later[-1])

    # --- the money at a reform ------------------------------------------------------

    def set_aside_anew(self, month: int) -> int:
        """What a reform in a month adds to what is set aside once; negative for what it takes.

        A guideline restates the fund: what it sets aside once, and has by then, is compared with
        what the one before had. Money for each year comes at the next new year.
        """
        before, after = self.at(month - 1).adapter, self.at(month).adapter
        new = _set_aside_once(after, month // 12)
        return 0 if new is None else new - (_set_aside_once(before, month // 12) or 0)


def rules_in_force(
    policy: FundPolicy, scenario: Scenario, switches: Mechanisms, engine: str
) -> RulesInForce:
    """The rules of a policy, and of its reforms, over the months of a scenario."""
    made: list[Period] = []
    first: PolicyAdapter | None = None
    stretches = periods(policy)
    for number, (since, stated) in enumerate(stretches):
        adapter = PolicyAdapter(stated, scenario, switches, engine)
        if first is None:
            first = adapter
        else:
            adapter = evolve(adapter, age=_age_beside(adapter, first))
        expected = ProspectEvaluator(adapter)
        alone = expected
        if number + 1 < len(stretches):
            alone = _without_transition(adapter, expected)
        month = 0 if since is None else since - scenario.begins
        made.append(Period(month, adapter, alone, expected))
    lead = scenario.parameters.behaviour.announced
    return RulesInForce(scenario.begins, policy.binding, lead, tuple(made))


def _set_aside_once(adapter: PolicyAdapter, year: int) -> int | None:
    """What a guideline has set aside once by a simulated year, as if nothing were granted.

    None where it sets aside money for each year.
    """
    there, funding, own = 0, adapter.funding, adapter.own_year(year)
    for each in range(max(0, own) + 1):
        there += funding.put_in(each, there, False)
    recurring = funding.put_in(own + _LATER, there, False)
    return there if recurring + funding.lapses(there) == 0 else None


def _age_beside(adapter: PolicyAdapter, other: PolicyAdapter) -> int:
    """The fund's age by a guideline, where another's holds when the simulation begins."""
    own, before = adapter.funding.first_year, other.funding.first_year
    return other.own_year(0) + (0 if own is None or before is None else before - own)


def _without_transition(adapter: PolicyAdapter, expected: ProspectEvaluator) -> ProspectEvaluator:
    """What is expected before anybody knows of the reform that a provision belongs to."""
    model: Any = adapter.policy.return_model
    if adapter.return_model is None or adapter.return_model.transition is None:
        return expected
    unchanged = evolve(adapter.policy, return_model=evolve(model, transition=None))
    return ProspectEvaluator(evolve(adapter, policy=unchanged))


def _exempts_running(adapter: PolicyAdapter) -> bool:
    return adapter.return_model is not None and adapter.return_model.exempts_running


def _returns_by_the_earlier(adapter: PolicyAdapter, start: Month) -> bool:
    model = adapter.return_model
    transition: Any = None if model is None else model.transition
    return transition is not None and transition.applies(start) is True


def _claims_anything(adapter: PolicyAdapter) -> bool:
    """Whether an investment that did what was hoped would owe anything, on any track."""
    if adapter.tracks:
        return any(map(_claims_anything, adapter.tracks.values()))
    return bool(adapter.settle(hoped_for(adapter.scenario.begins)).claims)


#: So many years on, all that is set aside once has been.
_LATER = 60
