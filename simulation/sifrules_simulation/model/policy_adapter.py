"""A policy prepared for simulation: its rules, its time and its effort, and its claims.

This is the one place where the simulation reads a policy. What a committee's behaviour is
shown is worked out from here as cash flows, risk and effort; it never sees the policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import attrs
from attrs import frozen

from sifrules.plugin.simulation import Idea
from sifrules.policy.contracts import funding_of, priorities_of, procedure_of, return_model_of
from sifrules.policy.decide import ELIGIBILITY
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Funding, Priority, ReturnModel, Slot, slot_at
from sifrules.policy.priorities import Rank, rank
from sifrules.policy.procedure import Procedure
from sifrules.policy.settlement import Investment, Settlement
from sifrules.policy.tracks import Track, divided
from sifrules.policy.two_decisions import DecisionStep, rules_of
from sifrules.rules.amounts import OfYear
from sifrules.rules.conditions import Fact, Value
from sifrules.rules.decisions import Decision
from sifrules.rules.engines import Engine, engine_for
from sifrules.rules.rulebook import RuleBook, Stage
from sifrules.values.dates import Month
from sifrules.values.money import LARGEST, Ore
from sifrules_simulation.model.bound_years import yearly_parts
from sifrules_simulation.model.lead_times import amount_leads, drawn, lead_times, taken_in
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.projects import MONEY_FACTS, Project, ProjectRules
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.world import KNOWN

INSIDE = ("administration", "committee")
CIVIL = ("civil_society",)
APPLICANT, START = "application.applicant", "application.start_year"
SAVINGS, BASE_AMOUNT = "application.expected_savings", "application.base_amount"
_EXISTS = "fund.exists"
_STARTED, _REACHED = "investment.start_year", "investment.target_reached"
_NO_FACTS: Mapping[str, Value] = {}
#: The names of the facts that are known of an investment when it is settled.
INVESTMENT_FACTS = frozenset((_STARTED, _REACHED))
#: The names of the facts that an application says of its project (`PolicyAdapter.facts`).
PROJECT_FACTS = frozenset((APPLICANT, START, SAVINGS, BASE_AMOUNT, *MONEY_FACTS))


@frozen(slots=False, eq=False)
class PolicyAdapter:
    """One policy in one municipality, with some mechanisms perhaps switched off."""

    policy: FundPolicy
    scenario: Scenario
    switches: Mechanisms
    engine: str = "compiled"
    #: the tracks of the fund, where this is the policy on one of them
    beside: tuple[Track, ...] = ()
    #: the fund's age in years when the simulation begins, where another guideline settles it
    age: int | None = None

    def __getstate__(self) -> dict[str, Any]:
        """What another process needs to make it anew; engines are made there."""
        return {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}

    @cached_property
    def tracks(self) -> Mapping[str, PolicyAdapter]:
        """The adapter of each track of the fund, by name; nothing where there are none."""
        return {
            name: attrs.evolve(self, policy=seen, beside=self.policy.tracks)
            for name, seen in self.policy.by_track.items()
        }

    @cached_property
    def track(self) -> str:
        """The name of the track that the policy is seen on, empty for a fund as a whole."""
        return "" if self.policy.track is None else self.policy.track.name

    @cached_property
    def pot(self) -> str:
        """The name of its own sub-pot, empty where it grants from what is common."""
        track = self.policy.track
        return "" if track is None or track.pot is None else track.name

    # --- what the policy demands ----------------------------------------------------

    @cached_property
    def funding(self) -> Funding:
        """Where the fund's money comes from."""
        return funding_of(self.policy)

    @cached_property
    def procedure(self) -> Procedure:
        """How an application is handled, with defaults where the guideline is silent."""
        return procedure_of(self.policy)

    @cached_property
    def return_model(self) -> ReturnModel | None:
        """How money comes back, None where the guideline states no return."""
        return return_model_of(self.policy)

    @cached_property
    def has_fund(self) -> bool:
        """Whether there is a fund to apply to."""
        return self._book.given.get(_EXISTS) is not False

    @cached_property
    def _book(self) -> RuleBook:
        """The rules in force: without caps, or the limit of the money, where these are off."""
        book = self.policy.rulebook
        off = [f"{part.path}." for part in self.policy.caps if not self.switches.cap]
        if not self.switches.depletion:
            off.append(f"{self.funding.path}.")
            off += [f"{rule.id}." for rule in self.policy.of_division]
        if not off:
            return book
        left = [
            rule
            for rule in book.rules
            if not (rule.stage is Stage.ALLOCATION or rule.id.startswith(_OF_TRACK))
            or not f"{rule.id}.".startswith(tuple(off))
        ]
        return RuleBook(book.policy, left, book.derivations, book.given)

    @cached_property
    def idea_test(self) -> bool:
        """Whether an idea is tested before an application is written."""
        return bool(self.procedure.idea_test)

    @cached_property
    def idea_first(self) -> bool:
        """Whether the idea is decided first, and the amount later."""
        return bool(self.procedure.decides_idea_first)

    @cached_property
    def demands(self) -> int:
        """How many demands an application, and the reports on a grant, have to meet."""
        rules = sum(
            1
            for rule in self._book.rules
            if rule.stage in ELIGIBILITY and not _is_cap_of_track(rule.id)
        )
        return rules + self.procedure.reports

    def taken_in(self, ready: int) -> int:
        """When what is ready in some month is taken: in a month of closing, or in a window."""
        return taken_in(self.procedure, self.scenario.begins, ready)

    def lead_time(self, luck: float) -> int:
        """Months from need to decision: the guideline's, or the scenario's where it is silent."""
        return int(drawn(self.lead_times, luck))

    def amount_lead(self, luck: float) -> int:
        """Months from the decision on the idea to that on the amount; 0 where there is but one."""
        return int(drawn(self.amount_leads, luck)) if self.amount_leads else 0

    @cached_property
    def lead_times(self) -> tuple[float, float]:
        """The fewest and the most months from need to decision."""
        return lead_times(self.procedure, self.scenario.parameters.handling)

    @cached_property
    def amount_leads(self) -> tuple[float, float] | None:
        """The same from the decision on the idea to that on the amount; None where one decides."""
        return amount_leads(self.procedure, self.scenario.parameters.handling)

    def put_in(self, year: int, left: int, surplus: bool) -> int:
        """What is set aside at the start of a simulated year (öre); negative for what lapses.

        Of a fund that is older than the simulation, all that was set aside before it begins
        is there at its start, as if nothing had been granted. A closed fund holds nothing.
        """
        if self.is_closed(year):
            return -left
        own = year + self._age
        if own < 0:
            return 0
        if year > 0:
            return self.funding.put_in(own, left, surplus)
        there = left
        for each in range(own + 1):
            there += self.funding.put_in(each, there, surplus and each == own)
        return there - left

    def lapses(self, year: int, left: int) -> int:
        """How much of what is left (öre) lapses at the start of a simulated year."""
        if self.is_closed(year):
            return left
        return self.funding.lapses(left) if year > 0 and year + self._age > 0 else 0

    def is_closed(self, year: int) -> bool:
        """Whether the fund has come to an end when a simulated year begins."""
        return self._closes is not None and year >= self._closes

    @cached_property
    def _closes(self) -> int | None:
        """The simulated year from which the fund is closed; None where no year is known."""
        closing = self.funding.closing_year
        if closing is None:
            return None
        by_calendar = self.scenario.calendar == "begins"
        first = self.scenario.begins.year if by_calendar else self.funding.first_year
        return None if first is None else closing - first

    def own_year(self, year: int) -> int:
        """A simulated year as the fund counts it, from 0."""
        return year + self._age

    @cached_property
    def _age(self) -> int:
        """The fund's age in years when the simulation begins; below nothing if it comes later."""
        if self.age is not None:
            return self.age
        first = self.funding.first_year
        if first is None or self.scenario.calendar == "first_sum":
            return 0
        return self.scenario.begins.year - first

    def decide(self, stages: tuple[Stage, ...], values: Mapping[str, Value]) -> Decision:
        """The decision on an application at some stages, by the chosen engine."""
        if stages not in self._engines:
            self._engines[stages] = engine_for(self.book_at(stages), self.engine)
        return self._engines[stages].decide(values)

    def decide_step(
        self, step: DecisionStep, stages: tuple[Stage, ...], values: Mapping[str, Value]
    ) -> Decision:
        """The decision by the rules of some stages that are on the idea, or on the amount."""
        key = (step, *stages)
        if key not in self._engines:
            self._engines[key] = engine_for(rules_of(self.book_at(stages), step), self.engine)
        return self._engines[key].decide(values)

    def book_at(self, stages: tuple[Stage, ...]) -> RuleBook:
        """The rules in force at some stages."""
        if stages not in self._books:
            self._books[stages] = self._book.only(*stages)
        return self._books[stages]

    @cached_property
    def _books(self) -> dict[tuple[Stage, ...], RuleBook]:
        return {}

    @cached_property
    def _engines(self) -> dict[tuple[str, ...], Engine]:
        return {}

    @cached_property
    def prioritises(self) -> bool:
        """Whether the guideline says who goes first where the money does not suffice."""
        return any(seen.priorities for seen in (self.policy, *self.policy.by_track.values()))

    def rank(self, values: Mapping[str, Value]) -> Rank:
        """The rank of an application in the queue, the same for all without priorities."""
        return rank(self.policy, values, self._priorities) if self._priorities else _NO_RANK

    @cached_property
    def _priorities(self) -> tuple[Priority, ...]:
        return priorities_of(self.policy)

    def tries(self, stages: tuple[Stage, ...]) -> bool:
        """Whether there are rules to try at some stages."""
        return any(rule.stage in stages for rule in self._book.rules)

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The facts that the rules read, but for those that follow from others."""
        besides = (fact.name for fact in (*self._read_when_settled, *self.policy.ranked_by))
        follows = self._book.derived.keys() - PROJECT_FACTS
        return tuple(
            name
            for name in dict.fromkeys((*self._book.vocabulary, *besides))
            if name not in follows and not name.startswith((*OF_FUND, "investment."))
        )

    @cached_property
    def _read_when_settled(self) -> tuple[Fact, ...]:
        """The facts that the return model reads when an investment is settled."""
        return () if self.return_model is None else self.return_model.settled_by

    @cached_property
    def own_facts(self) -> tuple[str, ...]:
        """The facts among these, on all tracks, that only this policy knows."""
        asked = [*self.asked, *(name for each in self.tracks.values() for name in each.own_facts)]
        return tuple(name for name in dict.fromkeys(asked) if name not in KNOWN)

    def facts(
        self, idea: Idea, project: Project, start: Month, own: Mapping[str, Value]
    ) -> dict[str, Value]:
        """What an application for a project says, as far as the policy asks.

        It is handed in by whoever the guideline lets apply: an idea from outside by those
        who had it or, where they have one, by their partner in the municipality.
        """
        about: dict[str, Value] = {
            **project.facts(),
            SAVINGS: int(idea.believed_effect * project.scale),
            **self._whoever_pays(idea, start, own),
        }
        about.update(idea.facts)
        return {name: about[name] for name in self.asked if name in about}

    def _whoever_pays(self, idea: Idea, start: Month, own: Mapping[str, Value]) -> dict[str, Value]:
        """What an application says of neither its money nor its time, beside the idea's facts."""
        said: dict[str, Value] = {START: start.year, APPLICANT: self.applicant(idea), **own}
        if self.base_amount is not None:
            said[BASE_AMOUNT] = self.base_amount.nearest(start.year)
        return said

    @cached_property
    def base_amount(self) -> OfYear | None:
        """The table of base amounts that the rules read, if any."""
        base = self._book.derived.get(BASE_AMOUNT)
        return base if isinstance(base, OfYear) else None

    def applicant(self, idea: Idea) -> str:
        """Who hands in an idea."""
        if idea.origin != CIVIL[0]:
            return self.first_allowed(INSIDE)
        partner = bool(idea.facts["application.municipal_partner"])
        return self.first_allowed((*CIVIL, *INSIDE) if partner else CIVIL)

    def first_allowed(self, options: tuple[str, ...]) -> str:
        """The first that the guideline lets apply, else the first."""
        if options not in self._allowed:
            allowed = (who for who in options if self._lets_apply(who))
            self._allowed[options] = next(allowed, options[0])
        return self._allowed[options]

    def _lets_apply(self, who: str) -> bool:
        """Whether the rules that read the applicant alone are met by this one."""
        rules = (r for r in self._book.rules if [f.name for f in r.facts] == [APPLICANT])
        return all(rule.condition.test({APPLICANT: who}) for rule in rules)

    @cached_property
    def _allowed(self) -> dict[tuple[str, ...], str]:
        return {}

    def project(self, idea: Idea, start: Month, own: Mapping[str, Value] = _NO_FACTS) -> Project:
        """An idea cut to fit: to what the fund can bear, and to what the rules allow."""
        bears = self.most if self.switches.depletion and self.most > 0 else None
        if bears is not None and self.funding.binds_coming_years:
            bears = bears * max(12, idea.months) // 12
        about = _NO_FACTS
        if self.project_rules.on_money:
            about = {**idea.facts, **self._whoever_pays(idea, start, own)}
        return self.project_rules.fitted(idea.cost, idea.months, bears, about)

    def parts(self, amount: int, months: int) -> tuple[int, ...]:
        """An amount as it is taken out of a year's money, and of that of the years that follow."""
        return yearly_parts(amount, months) if self.funding.binds_coming_years else (amount,)

    @cached_property
    def project_rules(self) -> ProjectRules:
        """The rules that an applicant meets by asking for less, or by paying a part itself."""
        return ProjectRules(self._book, self.scenario.parameters.behaviour.cofunding)

    @cached_property
    def most(self) -> int:
        """The most that one project asks for: what a year gives, or a share of what comes once."""
        opens = max(0, -self._age)
        first, second = (self.put_in(year, 0, False) for year in (opens, opens + 1))
        if self.beside:
            first = self._own_part(first, 0)
            second = self._own_part(second, first)
        if second >= first:
            return first
        return int(self.scenario.parameters.handling.fits_fund * first)

    def _own_part(self, money: int, before: int) -> int:
        """What of some money that is shared out the track may grant, its sub-pot or the rest."""
        parts = divided(self.beside, money, {self.track: before})
        return parts[self.pot] if self.pot else money - sum(parts.values())

    # --- what comes back ------------------------------------------------------------

    def investment(
        self,
        idea: Idea,
        project: Project,
        start: Month,
        *,
        granted: int,
        effect: int | None,
        failed: bool,
        hoped: int | None,
        reached: bool | None,
        facts: Mapping[str, Value],
        exempt: bool = False,
    ) -> Investment:
        """An investment as it is settled: what was granted of its cost, measured and planned.

        ``facts`` is what its application says, ``reached`` whether it came out as hoped, None
        where no evaluation can say. Where write-down is switched off it is settled as if it
        did what was ``hoped``.
        """
        if not self.switches.write_down:
            effect, failed, exempt = hoped, False, False
            reached = None if reached is None else True
        return Investment(
            cost=Ore(project.cost_of(granted)),
            granted=Ore(granted),
            start=start,
            months=project.months,
            effect=None if effect is None else Ore(max(effect, -LARGEST)),
            failed=failed,
            exempt=exempt,
            gains=idea.gains,
            effects_begin=start + idea.delay,
            return_months=self.return_months,
            facts=self._settled_by(facts, start, reached),
        )

    def _settled_by(
        self, facts: Mapping[str, Value], start: Month, reached: bool | None
    ) -> Mapping[str, Value]:
        """The facts that the return model reads, as far as they are known."""
        if not self._read_when_settled:
            return _NO_FACTS
        known = {**facts, _STARTED: start.year}
        if reached is not None:
            known[_REACHED] = reached
        return {
            fact.name: known[fact.name] for fact in self._read_when_settled if fact.name in known
        }

    @cached_property
    def return_months(self) -> int | None:
        """The length of an application's return plan; None where the guideline has its own."""
        if self.return_model is not None and self.return_model.period is not None:
            return None
        return self.scenario.parameters.handling.return_months

    @cached_property
    def settles(self) -> bool:
        """Whether there is anything to settle: a return model, and not switched off."""
        return self.switches.return_flow and self.policy.return_model is not None

    def until_back(self, due: Month, now: Month) -> int:
        """Months from now until an instalment is paid: when it is due, or that year's closing."""
        wait = max(0, due - now)
        if self.return_model is not None and self.return_model.comes_back == "closing":
            wait += _DECEMBER - (now + wait).month
        return wait

    def settle(self, investment: Investment) -> Settlement:
        """What comes back of an investment by the policy's own rules."""
        return self.settled_by_policy.settle(investment) if self.settles else _NOTHING

    @cached_property
    def settled_by_policy(self) -> FundPolicy:
        """The policy, claiming of an effect that is not measured what the scenario assumes."""
        stated = self.policy.return_model
        model = self.scenario.structure.of_model(stated)
        if model is stated:
            return self.policy
        return attrs.evolve(self.policy, return_model=model)

    @cached_property
    def allows_exemption(self) -> bool:
        """Whether the guideline lets somebody exempt an investment from its return."""
        return self.return_model is not None and self.return_model.allows_exemption


def _is_cap_of_track(rule: str) -> bool:
    """Whether a rule is a cap of a track: a bound, and nothing that takes work to show."""
    return rule.startswith(_OF_TRACK) and slot_at(rule) == Slot.CAPS


_DECEMBER = 12
#: What begins the names of facts about the fund's money, whole or of a track.
OF_FUND = ("fund.", "track.")
_OF_TRACK = "track."
_NOTHING = Settlement()
_NO_RANK = Rank()
