"""The process of an idea (en idés gång): from when it arises to the last instalment.

`IdeaProcess.run` is the main flow, one step a line: consideration, capacity, application,
decision, queue, disbursement, evaluation, claims, implementation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from typing import Any

import simpy
from attrs import define, field

from sifrules.plugin.simulation import ProjectOutcome, Step, chooses
from sifrules.policy.decide import ELIGIBILITY
from sifrules.policy.settlement import Claim, ClaimKind, ReductionKind, Settlement
from sifrules.policy.two_decisions import DecisionStep
from sifrules.rules.decisions import Outcome
from sifrules.rules.rulebook import Stage
from sifrules.values.text import same
from sifrules_simulation.model.consideration import Consideration
from sifrules_simulation.model.foresight import costs_of_applying
from sifrules_simulation.model.foresight_columns import Stake
from sifrules_simulation.model.fund import Fund
from sifrules_simulation.model.idea_words import OUTCOMES, places
from sifrules_simulation.model.months import monthly_steps
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.rules_in_force import Period

Flow = Generator[simpy.Event, Any, Any]


@define(eq=False)
class IdeaProcess(Consideration):
    """One idea under way. ``life`` is the record of it; nothing else is changed but the fund."""

    env: simpy.Environment
    fund: Fund
    capacity: simpy.Resource
    #: whether what is paid out is booked each month, and not at once for all months
    books_monthly: bool = False
    #: what the books call the investment
    name: str = field(init=False)
    #: whether the committee chooses to apply, where that is known before the time comes
    chosen_ahead: bool | None = field(init=False, default=None)
    #: what is at stake for the committee, where that is known before the time comes
    stake: Stake | None = field(init=False, default=None)
    #: whether it meets every rule on ideas and applications, where that is known before
    meets: bool = field(init=False, default=False)
    #: the month in which the project started, once it has
    started_in: int = field(init=False)
    #: the rules by which it was settled, once it has been evaluated
    settled_by: Period = field(init=False)

    @name.default
    def _name(self) -> str:
        return f"idea {self.idea.number}"

    # --- the main flow --------------------------------------------------------------

    def run(self) -> Flow:
        """All that happens to the idea, until it stops somewhere or its claims are paid."""
        yield self.env.timeout(self.idea.arises)
        if self.chosen_ahead:
            if self.tested_by is not None:
                yield self.env.timeout(self.given.handling.idea_test)
        elif not (yield from self.is_considered()):
            return
        yield from self.is_pursued()

    def is_considered(self) -> Flow:
        """Whether the committee takes it up, and in time chooses to apply."""
        if not self.is_taken_up():
            return False
        self.prepare()
        yield from self.waits_for_reform()
        if self.adapter.idea_test:
            yield self.env.timeout(self.given.handling.idea_test)
            if not self.is_tested():
                return False
        return not self.foresees_refusal() and self.chooses()

    def is_pursued(self) -> Flow:
        """All that happens from the choice to apply on."""
        later = self.adapter.idea_first  # then there need not be any money yet
        enough = None if later else self.fund.enough_for(self.project, self.adapter)
        if enough is not None and not (yield from self.patiently(enough)):
            return
        with self.capacity.request() as place:
            if not place.triggered and not (yield from self.patiently(place)):
                return
            yield self.env.timeout(self.until_window())
            if not self.applies() or not (yield from self.amount_is_set()):
                return
            if not (yield from self.is_granted()):
                return
            settlement = yield from self.is_run()
        if settlement is None:
            yield self.env.timeout(self.adapter.scenario.evaluation_lag)
            settlement = self.is_evaluated(self.life.spent)
        yield from self.pays_back(settlement)

    # --- waiting --------------------------------------------------------------------

    def waits_for_reform(self) -> Flow:
        """Wait for rules that are announced, where by them it is worth applying for less.

        The committee waits where it would apply by the new rules and either would not by those
        in force, or has less to pay back and to work for.
        """
        ahead = self.rules.next_announced(self.month)
        if ahead is None or self.expected_start >= self.months[0] + ahead.since:
            return
        now, later = self.prospect(), self.prospect_after(ahead)
        if later is None or not chooses(self.behaviour, later):
            return
        if chooses(self.behaviour, now) and costs_of_applying(now) <= costs_of_applying(later):
            return
        self.publish(Step.AWAITS_REFORM)
        yield self.env.timeout(ahead.since - self.month)
        self.prepare()

    def patiently(self, event: simpy.Event) -> Flow:
        """Wait for something as long as patience lasts; whether it came."""
        yield event | self.env.timeout(self.given.handling.patience)
        if _came(event):
            yield from self.in_step()
            return True
        self.publish(Step.SHELVED)
        return self.stop(Step.SHELVED)

    def in_step(self) -> Flow:
        """Go on at the month itself, where what was waited for came at its beginning."""
        before = -self.env.now % 1
        if before:
            yield self.env.timeout(before)

    def until_window(self) -> int:
        """Months to write the application and then wait for the time when it is taken."""
        tested = self.given.handling.idea_test if self.adapter.idea_test else 0
        ready = self.month + max(1, self.lead - tested)
        return self.adapter.taken_in(ready) - self.month

    # --- the application ------------------------------------------------------------

    def applies(self) -> bool:
        """Hand in the application; whether the rules and the board let it through."""
        self.life.applied = self.month
        self.publish(Step.APPLIES, self.project.applied_for)
        if not self.meets:
            rules = self.decider("application")
            first = DecisionStep.IDEA if rules.idea_first else None
            if not self.passes(self._stages(rules), Step.DECIDED, "application", first):
                return False
        if self.idea.luck["board"] >= self.given.handling.board_refusal:
            return True
        terms: Any = self.adapter.policy.terms
        self.publish(Step.BOARD_REFUSES, cited=(terms.sources.get("decides"),))
        return self.stop(Step.BOARD_REFUSES)

    def amount_is_set(self) -> Flow:
        """Where the idea is decided first: wait for the decision that sets the amount.

        It is what the rules in force then allow; whether they allow it at all.
        """
        if not self.decider("application").idea_first:
            return True
        self.life.approved_in = self.month
        self.publish(Step.IDEA_APPROVED)
        yield self.env.timeout(self.amount_lead)
        self.prepare_amount()
        self.stake = None  # what was known before is of the project as it was
        self.publish(Step.AMOUNT_SET, self.project.applied_for)
        rules = self.decider("application")
        of = DecisionStep.AMOUNT if rules.idea_first else None
        return self.passes(self._stages(rules), Step.DECIDED, "application", of)

    def _stages(self, rules: PolicyAdapter) -> tuple[Stage, ...]:
        """The stages at which some rules decide: without those by which its idea was tested."""
        return (Stage.APPLICATION,) if rules is self.tested_by else ELIGIBILITY

    def is_granted(self) -> Flow:
        """Wait for money and room under the caps; whether it is granted."""
        amount = self.project.applied_for
        queued = self.fund.ask(self.name, self.idea.number, amount, self.under)
        if not _came(queued.answer):
            limit = self.env.timeout(self.given.handling.patience)
            yield queued.answer | limit
            if not _came(queued.answer):
                self.fund.withdraw(queued)
                self.publish(Step.WITHDRAWN)
                return self.stop(Step.WITHDRAWN)
            yield from self.in_step()
        decision: Any = queued.answer.value
        if decision.outcome is Outcome.ELIGIBLE:
            self.life.granted_in = self.month
            return True
        self.publish(Step.DECIDED, about=decision.outcome.words, cited=places(decision))
        return self.stop(Step.DECIDED, decision)

    # --- the investment -------------------------------------------------------------

    def is_run(self) -> Flow:
        """The investment runs: money is paid out month by month, and what is left goes back.

        Nothing depends on how much has been paid out: it is booked at the end, or in the last month
        that is simulated, unless each month is to be booked. Returns what the final evaluation
        leads to where it is made before the end.
        """
        if self.given.handling.start_lag:
            yield self.env.timeout(self.given.handling.start_lag)
        self.started_in = self.month
        self.publish(Step.STARTS)
        months, ledger = self.project.months, self.fund.ledger
        least = self.given.handling.spent_least
        granted = self.project.applied_for
        used = int(granted * (least + self.idea.luck["spent"] * (1 - least)))
        monthly, settlement = used // months, None
        booked, last = 0, min(months, len(self.months) - 1 - self.started_in)
        early = self.adapter.scenario.evaluation_lag
        evaluated_in = max(1, months + early) if early < 0 else None
        happens: Iterable[int] = range(1, months + 1)
        if not (self.books_monthly or self.watched):
            happens = sorted({last, months, evaluated_in or last}.intersection(happens))
        waited = 0
        for month in happens:
            yield monthly_steps(self.env, month - waited)
            waited = month
            if month == last or self.books_monthly:
                paid = used if month == months else monthly * month
                if paid > booked:
                    ledger.pay_out(self.now, self.name, paid - booked)
                    booked = paid
            if month == months // 2:
                self.publish(Step.HALF_TIME, monthly * month)
            if month == evaluated_in:
                settlement = self.is_evaluated(used)
        self.life.spent, self.life.ended_in = used, self.month
        self.life.own_spent = self.project.cost_of(used) - used
        if granted > used:
            ledger.release(self.now, self.name, granted - used)
            self.fund.money_came()
        self.publish(Step.ENDS, used)
        return settlement

    def is_evaluated(self, granted: int) -> Settlement:
        """The final evaluation of what so much of the fund's money was used for.

        What is claimed by it, and whether the work is carried on.
        """
        decided = self.life.granted_in or 0
        self.settled_by = self.rules.settling(decided, self.started_in, self.month)
        foresight = self.sees(self.settled_by.announced)
        rules = foresight.adapter
        start, said = self._start, self.says(rules)
        stake = self.stake
        if stake is None:
            stake = Stake(*foresight.at_stake(self.idea, self.project, start, said))
        outcome = self.life.outcome = self.turns_out(stake.loss)
        interest = self.given.handling.evaluation_interest if stake.depends else 0.0
        evaluated = self.idea.evaluable or self.idea.luck["evaluation"] < interest
        self.life.evaluated, self.life.evaluated_in = evaluated, self.month
        self.publish(Step.EVALUATED, about=OUTCOMES[outcome if evaluated else None])
        self.is_implemented(outcome)
        idea, project = self.idea, self.project
        whole = idea.effect * project.scale
        rise = self.given.effects.early_rise
        self.life.early_costs = int(whole * rise * idea.delay / idea.lifetime)
        found = idea.effect * self.life.realised * foresight.found(idea, project)
        found -= whole * foresight.risen(idea, project)
        hoped = foresight.hoped(self.idea, self.project)
        failed = evaluated and outcome is ProjectOutcome.FAILS
        return rules.settle(
            rules.investment(
                self.idea,
                self.project,
                start,
                granted=granted,
                effect=int(found) if evaluated else None,
                failed=failed,
                hoped=hoped if evaluated else None,
                reached=outcome is ProjectOutcome.AS_HOPED if evaluated else None,
                facts=said,
                exempt=failed
                and rules.allows_exemption
                and self.idea.luck["exemption"] < self.given.handling.exemption,
            )
        )

    def turns_out(self, stake: float) -> ProjectOutcome:
        """How it turns out: with less priority, and a lower chance, the less there is at stake."""
        loss = self.given.behaviour.priority_loss * (1 - stake)
        success, luck = self.idea.success * (1 - loss), self.idea.luck["outcome"]
        if luck < success:
            return ProjectOutcome.AS_HOPED
        return ProjectOutcome.PARTLY if luck < success + self.idea.partly else ProjectOutcome.FAILS

    def is_implemented(self, outcome: ProjectOutcome) -> None:
        """Whether the committee takes it into regular operations."""
        handling = self.given.handling
        worked = outcome is not ProjectOutcome.FAILS
        chance = handling.implemented_success if worked else handling.implemented_failure
        self.life.implemented = self.idea.luck["implementation"] < chance
        self.publish(Step.IMPLEMENTED if self.life.implemented else Step.NOT_IMPLEMENTED)

    # --- the return -----------------------------------------------------------------

    def pays_back(self, settlement: Settlement) -> Flow:
        """Book what is claimed and given up, then pay each instalment when it is due."""
        self.life.unsettled = not settlement.complete
        self.book(settlement)
        begins, until_back = self.months[0], self.settled_by.adapter.until_back
        due = defaultdict(list)
        for claim in settlement.claims:
            due[claim.due - begins].append(claim)
        for month in sorted(due):
            together = due[month]
            wait = until_back(together[0].due, self.now)
            if wait > 0:
                yield self.env.timeout(wait)
            self.pays(together)

    def pays(self, claims: Sequence[Claim]) -> None:
        """Pay some claims this month, but for those that fall away by now."""
        now, ledger, bound = self.now, self.fund.ledger, self.settled_by
        forgiven = bool(self.rules.reforms) and self.rules.forgives(bound, self.month)
        for claim in claims:
            if forgiven:
                ledger.exempt(now, self.name, claim.amount, claim.citation)
                self.publish(Step.EXEMPTED, claim.amount, claim.why, (claim.citation,))
                continue
            fee, payer = claim.kind is ClaimKind.FEE, claim.payer or self.idea.payer
            ledger.pay(
                now, self.name, claim.amount, payer, fee=fee, payee=claim.payee,
                citation=claim.citation,
            )  # fmt: skip
            if self.watched:
                self.publish(Step.PAID, claim.amount, same(payer), (claim.citation,), bound.adapter)
            self.fund.paid_back(self.name, 0 if fee or claim.payee else claim.amount)

    def book(self, settlement: Settlement) -> None:
        """The claim as it would stand in full, and at once what of it is given up."""
        ledger, given_up = self.fund.ledger, settlement.reductions
        planned = settlement.total + sum(each.amount for each in given_up)
        self.life.claims, self.life.claimed = len(settlement.claims), settlement.total
        if planned == 0:
            return
        cited = tuple(claim.citation for claim in settlement.claims)
        ledger.claim(self.now, self.name, planned, cited[0] if cited else settlement.citation)
        about = settlement.claims[0].why if settlement.claims else settlement.reason
        by = self.settled_by.adapter
        self.publish(Step.CLAIMED, planned, about, cited, by)
        for each in given_up:
            if each.kind is ReductionKind.EXEMPTED:
                ledger.exempt(self.now, self.name, each.amount, each.citation)
                self.publish(Step.EXEMPTED, each.amount, each.why, (each.citation,), by)
            else:
                ledger.write_down(self.now, self.name, each.amount, each.citation)
                self.publish(Step.WRITTEN_DOWN, each.amount, each.why, (each.citation,), by)

    # --- small things ---------------------------------------------------------------

    @property
    def _start(self) -> Any:
        return self.months[self.life.granted_in or 0] + self.given.handling.start_lag


def _came(event: simpy.Event) -> bool:
    """Whether what was waited for has come."""
    return bool(event.triggered)
