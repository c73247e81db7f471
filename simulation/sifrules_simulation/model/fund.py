"""The fund (fonden) over time: its money, its queue, and the books it keeps.

Applications that the rules allow wait here until there is money and room under the caps.
Every krona goes through the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from itertools import accumulate
from typing import Any, Literal

import simpy
from attrs import define, field

from sifrules.plugin.simulation import Step
from sifrules.policy.decide import ELIGIBILITY
from sifrules.policy.ledger import FUND, Ledger
from sifrules.policy.priorities import Rank
from sifrules.policy.tracks import TRACK_FACTS
from sifrules.rules.conditions import Condition, Value
from sifrules.rules.decisions import Decision, Outcome
from sifrules.rules.rulebook import Stage
from sifrules.rules.vocabulary import application, fund as fund_facts
from sifrules.rules.wording import condition_words
from sifrules.values.citations import Citation
from sifrules.values.dates import Month
from sifrules.values.messages import Message, Worded
from sifrules_simulation.model.bound_years import BoundYears
from sifrules_simulation.model.events import EventPublisher
from sifrules_simulation.model.policy_adapter import OF_FUND, PolicyAdapter
from sifrules_simulation.model.projects import EMPTY_YEAR, Project
from sifrules_simulation.model.rules_in_force import RulesInForce
from sifrules_simulation.model.sub_pots import SubPots

_ALLOCATION = (Stage.ALLOCATION,)
_AVAILABLE = "fund.available"
_NEW = "fund.new_investments_this_year"
_GRANTED = "fund.granted_this_year"
#: The names of the facts that the fund has a value for when it allocates money.
FUND_FACTS = frozenset((_AVAILABLE, _NEW, _GRANTED, *(fact.name for fact in TRACK_FACTS)))
_DURATION = application.duration.name
_WITHIN = application.applied_for <= fund_facts.available
_LEFT_HERE, _NEW_HERE, _GRANTED_HERE = (fact.name for fact in TRACK_FACTS)
#: How long before a month its beginning is: a new year opens then, before what happens in it.
_BEFORE = 0.25


#: From the fund's rules to those that decide an application, and what it says under them.
Under = Callable[[PolicyAdapter], tuple[PolicyAdapter, Mapping[str, Value]]]


@define(eq=False)
class QueuedApplication:
    """One application in the queue; ``answer`` gives the decision, eligible where granted.

    ``under`` gives the rules that decide it, those of its track if there is one, and what it says
    under them.
    """

    name: str
    idea: int
    amount: int
    under: Under
    answer: simpy.Event
    #: whose rules decide it: the fund's, or those of the track that it is for
    adapter: PolicyAdapter
    values: Mapping[str, Value] = field(init=False)
    rank: Rank = field(init=False)
    #: the amount as it is taken out of this year's money, and the coming years' (öre)
    parts: tuple[int, ...] = field(init=False)
    #: whether it was tried, and has to wait
    waits: bool = False
    #: whether its criteria are to be tried again, as the rules have changed
    anew: bool = False

    def __attrs_post_init__(self) -> None:
        self._read()

    def decided_by(self, adapter: PolicyAdapter) -> None:
        """Have it decided by other rules of the fund, its criteria too."""
        self.adapter, self.anew = adapter, True
        self._read()

    def _read(self) -> None:
        self.adapter, self.values = self.under(self.adapter)
        self.rank = self.adapter.rank(self.values)
        months: Any = self.values.get(_DURATION, 12)
        self.parts = self.adapter.parts(self.amount, months)


@define(eq=False)
class Fund:
    """The fund in one replication.

    The queue is served first come, first served. Where the guideline states priorities, those
    of one month are served together and the higher rank goes first, also before those that have
    waited longer. One that does not fit yet lets later, smaller ones pass. What can never fit is
    refused at once. A track with a sub-pot grants from that alone.
    """

    env: simpy.Environment
    rules: RulesInForce
    months: list[Month]
    surplus: tuple[bool, ...]
    publisher: EventPublisher
    #: the rules that are in force
    adapter: PolicyAdapter = field(init=False)
    ledger: Ledger = field(factory=Ledger)
    put_in: list[int] = field(init=False)
    _queue: list[QueuedApplication] = field(factory=list)
    _hoping: list[tuple[int, str, simpy.Event]] = field(factory=list)
    _to_be_served: bool = False
    _new: int = 0
    _granted: int = 0
    #: what was granted this year on each track, as amounts (öre)
    _on_tracks: dict[str, list[int]] = field(factory=dict)
    pots: SubPots = field(init=False)
    _bound: BoundYears = field(factory=BoundYears)

    @pots.default
    def _pots(self) -> SubPots:
        return SubPots(self.adapter.policy.tracks, self.ledger)

    @put_in.default
    def _put_in(self) -> list[int]:
        return [0] * (len(self.months) // 12)

    @adapter.default
    def _adapter(self) -> PolicyAdapter:
        return self.rules.first

    @property
    def month(self) -> int:
        """The month that it is; a quarter before a month is that month's beginning."""
        return int(self.env.now + _BEFORE)

    @property
    def balances(self) -> list[int]:
        """What is left at the end of each month, by the books (öre)."""
        changes, begins = [0] * len(self.months), self.months[0]
        month: Any = begins
        at = 0
        for when, change in self.ledger.changes(FUND):
            if when is not month:  # what follows is mostly of the same month
                month = when
                at = month - begins
            changes[at] += change
        return list(accumulate(changes))

    # --- time -----------------------------------------------------------------------

    def clock(self) -> Generator[simpy.Event, Any, None]:
        """A new year opens before what happens in it.

        So does a reform, and before the year where both come at once.
        """
        reforms = {period.since: period.adapter for period in self.rules.reforms}
        years = range(12, len(self.months), 12)
        self.open_year(0)
        for month in sorted({*years, *(each for each in reforms if each < len(self.months))}):
            yield self.env.timeout(month - _BEFORE - self.env.now)
            if month in reforms:
                self.reform(month, reforms[month])
            if month % 12 == 0:
                self.open_year(month // 12)

    def open_year(self, year: int) -> None:
        """Let lapse what the funding takes back, and set aside what it gives this year."""
        left = self.ledger.available
        net = self.adapter.put_in(year, left, self.surplus[year])
        lapsed = min(left, max(self.adapter.lapses(year, left), -net))
        given = max(0, net + lapsed)
        self.put_in[year] += given
        self._new = self._granted = 0
        self._on_tracks.clear()
        when = self.months[12 * year]
        back = self.pots.close_year(when)
        if lapsed:
            reason = "wound up" if self.adapter.is_closed(year) else "lapsed"
            self.pots.withdraw(when, lapsed, reason)
        if given or back:
            self.pots.share_out(when, given, back, self._set_aside)
        for part in self._bound.due(year):
            self._reserve(part.name, part.amount, part.pot, "bound by an earlier grant")
        self._publish_money(12 * year, lapsed, given)
        self.money_came()

    def _publish_money(self, month: int, lapsed: int, given: int) -> None:
        if not self.publisher:
            return
        rules = self.adapter
        cited, by = [rules.funding.set_aside_cited], rules.policy.id
        for step, amount in ((Step.LAPSED, lapsed), (Step.SET_ASIDE, given)):
            if amount:
                self.publisher.publish(month, step, None, amount, None, cited, by)

    def reform(self, month: int, adapter: PolicyAdapter) -> None:
        """Put other rules in force: for the money, for the queue, and for all that is decided."""
        difference = self.rules.set_aside_anew(month)
        self.adapter = adapter
        if not adapter.has_fund:
            difference = -self.ledger.available
        lapsed, given = min(self.ledger.available, max(0, -difference)), max(0, difference)
        when = self.months[month]
        self.pots.reform(when, adapter.policy.tracks)
        if lapsed:
            self.pots.withdraw(when, lapsed, "lowered by a reform")
        if given:
            self.put_in[month // 12] += given
            self.pots.share_out(when, given, 0, self._set_aside)
        self._publish_money(month, lapsed, given)
        if self.rules.binding.queue == "decided":
            for queued in self._queue:
                queued.decided_by(adapter)
        self.money_came()

    def _set_aside(self, when: Month, amount: int, pot: str = "") -> None:
        """Money comes into the fund: the municipality's, or a financier's from outside."""
        adapter = self.adapter.tracks[pot] if pot else self.adapter
        model = adapter.return_model if adapter.settles else None
        if model is None or model.financier is None:
            self.ledger.endow(when, amount, pot=pot)
        else:
            self.ledger.finance(when, amount, model.financier, pot=pot)

    # --- the queue ------------------------------------------------------------------

    def ask(
        self,
        name: str,
        idea: int,
        amount: int,
        under: Under,
    ) -> QueuedApplication:
        """Hand in an application that the rules allow; its answer comes now or later."""
        queued = QueuedApplication(name, idea, amount, under, self.env.event(), self.adapter)
        if self.adapter.prioritises:
            self._queue.append(queued)
            self._serve_when_all_have_asked()
        elif not self._answered(queued):
            self._queue.append(queued)
        return queued

    def _serve_when_all_have_asked(self) -> None:
        """Serve the queue after all that is handed in this month.

        Who hands in has waited for the month, so that it comes before an event made now.
        """
        if not self._to_be_served:
            self._to_be_served = True
            self.env.timeout(0).callbacks.append(self._serve_asked)

    def _serve_asked(self, _: simpy.Event) -> None:
        self._to_be_served = False
        self._serve()

    def withdraw(self, queued: QueuedApplication) -> None:
        """Take an application out of the queue."""
        self._queue.remove(queued)

    def enough_for(self, project: Project, rules: PolicyAdapter) -> simpy.Event | None:
        """None where the fund can pay for a project now, else an event for when it can."""
        amount, pot = rules.parts(project.applied_for, project.months)[0], rules.pot
        if not self.adapter.switches.depletion or self.ledger.left(pot) >= amount:
            return None
        event = self.env.event()
        self._hoping.append((amount, pot, event))
        return event

    def paid_back(self, name: str, amount: int) -> None:
        """What the fund got back from an investment can be granted again.

        Where refill is switched off it leaves the fund instead.
        """
        if amount and not self.adapter.switches.refill:
            when, pot = self.months[self.month], self.ledger.pot_of(name)
            self.ledger.withdraw(when, amount, "refill is switched off", pot=pot)
        self.money_came()

    def money_came(self) -> None:
        """Serve the queue again, and let those who hoped for money know that there is some."""
        if self._queue:
            self._serve()
        if self._hoping:
            for amount, pot, event in self._hoping:
                if amount <= self.ledger.left(pot):
                    event.succeed()
            self._hoping = [hope for hope in self._hoping if not hope[2].triggered]

    def _serve(self) -> None:
        """Answer those in the queue that can be, by rank and then by how long they have waited."""
        if not self._queue:
            return
        for queued in sorted(self._queue, key=lambda each: each.rank, reverse=True):
            if self._answered(queued):
                self._queue.remove(queued)

    def _answered(self, queued: QueuedApplication) -> bool:
        """Whether an application was granted or refused for good; granted ones are booked."""
        if queued.anew:
            queued.anew = False
            tried = queued.adapter.decide(ELIGIBILITY, queued.values)
            if tried.outcome is not Outcome.ELIGIBLE:
                queued.answer.succeed(tried)
                return True
        decision = queued.adapter.decide(_ALLOCATION, {**queued.values, **self._facts(queued)})
        if decision.outcome is Outcome.ELIGIBLE:
            if not self._has(queued):
                return self._waits(queued, _WITHIN, self.adapter.funding.set_aside_cited)
            self._grant(queued)
        elif decision.outcome is Outcome.NOT_ELIGIBLE and self._may_change(decision, queued):
            about = decision.refusals[0].rule
            return self._waits(queued, about.condition, about.citation)
        queued.answer.succeed(decision)
        return True

    def _has(self, queued: QueuedApplication) -> bool:
        """Whether the money for it is there, whatever its rules say of a year's pot.

        It is not where the fund is closed, nor in the months from a reform until its first year.
        """
        left = self.ledger.left(queued.adapter.pot)
        return not self.adapter.switches.depletion or queued.parts[0] <= left

    def _waits(self, queued: QueuedApplication, lacks: Condition, cited: Citation | None) -> bool:
        """Let an application wait for what it lacks; always False."""
        if self.publisher and not queued.waits:
            self._publish(Step.QUEUED, queued, condition_words(lacks), [cited])
        queued.waits = True
        return False

    def _facts(self, queued: QueuedApplication) -> dict[str, Value]:
        closed = self.adapter.is_closed(self.month // 12)
        facts: dict[str, Value] = {
            _AVAILABLE: 0 if closed else self.ledger.available,
            _NEW: self._new,
            _GRANTED: self._granted_in_years_of(queued),
        }
        if queued.adapter.track:
            here = self._on_tracks.get(queued.adapter.track, [])
            left = 0 if closed else self.ledger.left(queued.adapter.pot)
            facts |= {_LEFT_HERE: left, _NEW_HERE: len(here), _GRANTED_HERE: sum(here)}
        return facts

    def _granted_in_years_of(self, queued: QueuedApplication) -> int:
        """What is granted this year; the most of any year that the grant would bind."""
        years = len(queued.parts)
        return self._bound.most_bound(self.month // 12, years) if years > 1 else self._granted

    def _may_change(self, decision: Decision, queued: QueuedApplication) -> bool:
        """Whether all that speaks against depends on the fund, and may pass with time.

        A ceiling on a year that a year without other grants would not meet does not pass.
        """
        known = decision.book.known({**queued.values, **EMPTY_YEAR})
        return all(
            any(fact.name.startswith(OF_FUND) for fact in finding.rule.facts)
            and finding.rule.condition.test(known) is not False
            for finding in decision.refusals
        )

    def _reserve(
        self,
        name: str,
        amount: int,
        pot: str,
        lacks: str | Literal[False],
        cited: Citation | None = None,
    ) -> None:
        """Grant some money; what lacks of it is set aside, where a reason is given."""
        when = self.months[self.month]
        lacking = amount - self.ledger.left(pot)
        if lacking > 0 and lacks:
            self.ledger.endow(when, lacking, lacks, pot=pot)
        self.ledger.grant(when, name, amount, cited, pot=pot)
        self._granted += amount

    def _grant(self, queued: QueuedApplication) -> None:
        if self.publisher:
            self._publish_who_goes_first(queued)
        pot = queued.adapter.pot
        endless = not self.adapter.switches.depletion
        lacks: str | Literal[False] = endless and "depletion is switched off"
        terms: Any = queued.adapter.policy.terms
        decides = terms.sources.get("decides") or next(iter(terms.sources.values()), None)
        self._reserve(queued.name, queued.parts[0], pot, lacks, decides)
        self._bound.bind(self.month // 12, queued.name, queued.parts, pot)
        self._new += 1
        if queued.adapter.track:
            self._on_tracks.setdefault(queued.adapter.track, []).append(queued.amount)
        if self.publisher:
            cited = [terms.sources.get("decides")]
            self._publish(Step.GRANTED, queued, None, cited, queued.amount)

    def _publish_who_goes_first(self, queued: QueuedApplication) -> None:
        """Publish before how many others in the queue an application goes by its rank, if any."""
        after = sum(1 for each in self._queue if each.rank < queued.rank)
        if after:
            about = Message("event.before_others", n=after, rank=queued.rank.words)
            ranked: Any = queued.adapter.policy.priorities
            cited = [
                part.sources.get("") or next(iter(part.sources.values()), None) for part in ranked
            ]
            self._publish(Step.GOES_FIRST, queued, about, cited)

    def _publish(
        self,
        step: Step,
        queued: QueuedApplication,
        about: Worded | None,
        cited: Iterable[Citation | None],
        amount: int | None = None,
    ) -> None:
        """Publish what happened to an application in the queue, by the rules that decide it."""
        by = queued.adapter.policy.id
        self.publisher.publish(self.month, step, queued.idea, amount, about, cited, by)
