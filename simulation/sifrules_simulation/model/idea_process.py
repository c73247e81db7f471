"""The process of an idea (en idés gång): from when it arises to the last instalment.

`IdeaProcess.run` is the main flow, one step a line: idea test, choice, capacity, application,
decision, queue, disbursement, evaluation, claims, implementation.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

import simpy
from attrs import define, field

from sifrules.plugin.simulation import Behaviour, Idea, IdeaHistory, ProjectOutcome, Prospect, Step
from sifrules.policy.decide import ELIGIBILITY
from sifrules.policy.settlement import ClaimKind, ReductionKind, Settlement
from sifrules.rules.conditions import Value
from sifrules.rules.decisions import Decision, Outcome, Verdict
from sifrules.rules.rulebook import Stage
from sifrules.values.citations import Citation
from sifrules.values.messages import Message, Worded
from sifrules.values.text import same
from sifrules_simulation.model.foresight import ProspectEvaluator, costs_of_applying
from sifrules_simulation.model.fund import Fund
from sifrules_simulation.model.idea_words import (
    ORIGINS,
    OUTCOMES,
    expected,
    facts_read,
    places,
    rounded,
    rule_ids,
)
from sifrules_simulation.model.parameters import Parameters
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.projects import Project
from sifrules_simulation.model.rules_in_force import Period
from sifrules_simulation.model.track_choice import best_track
from sifrules_simulation.model.world import SEEN_TO

Flow = Generator[simpy.Event, Any, Any]


@define(eq=False)
class IdeaProcess:
    """One idea under way. ``life`` is the record of it; nothing else is changed but the fund."""

    env: simpy.Environment
    idea: Idea
    behaviour: Behaviour
    fund: Fund
    capacity: simpy.Resource
    own_facts: Mapping[str, Value]
    #: the scenario's parameters
    given: Parameters = field(init=False)
    #: whether anyone listens to what happens
    watched: bool = field(init=False)
    life: IdeaHistory = field()
    project: Project = field(init=False)
    lead: int = field(init=False)
    #: the rules by which the application is prepared, and what it says
    prepared_by: PolicyAdapter = field(init=False)
    #: the rules under which its idea was tested, if it was
    tested_by: PolicyAdapter | None = field(init=False, default=None)
    values: dict[str, Value] = field(init=False)
    #: the month in which the project started, once it has
    started_in: int = field(init=False)

    @property
    def adapter(self) -> PolicyAdapter:
        """The rules that are in force, on the chosen track if there are tracks."""
        return self.on_track(self.fund.adapter)

    @given.default
    def _given(self) -> Parameters:
        return self.fund.adapter.scenario.parameters

    @watched.default
    def _watched(self) -> bool:
        return bool(self.fund.publisher)

    @life.default
    def _life(self) -> IdeaHistory:
        return IdeaHistory(self.idea)

    # --- the main flow --------------------------------------------------------------

    def run(self) -> Flow:
        """All that happens to the idea, until it stops somewhere or its claims are paid."""
        yield self.env.timeout(self.idea.arises)
        if not self.is_taken_up():
            return
        self.prepare()
        yield from self.waits_for_reform()
        if self.adapter.idea_test:
            yield self.env.timeout(self.given.handling.idea_test)
            if not self.passes((Stage.IDEA_TEST,), Step.IDEA_TEST, "idea"):
                return
            self.tested_by = self.adapter
        if self.foresees_refusal() or not self.chooses():
            return
        enough = self.fund.enough_for(self.project, self.adapter)
        if enough is not None and not (yield from self.patiently(enough)):
            return
        with self.capacity.request() as place:
            if not place.triggered and not (yield from self.patiently(place)):
                return
            yield self.env.timeout(self.until_window())
            if not self.applies() or not (yield from self.is_granted()):
                return
            settlement = yield from self.is_run()
        if settlement is None:
            yield self.env.timeout(self.given.handling.evaluation_lag)
            settlement = self.is_evaluated(self.life.spent)
        yield from self.pays_back(settlement)

    # --- before the application -----------------------------------------------------

    def is_taken_up(self) -> bool:
        """Whether somebody at the committee has the time for it."""
        self.publish(Step.ARISES, about=self._described)
        return self.idea.luck["attention"] < self.given.ideas.attention or self.stop(
            Step.NOT_TAKEN_UP
        )

    def prepare(self) -> None:
        """Cut the idea to a project, and put down what an application would say."""
        self.prepared_by = self.adapter
        self.lead = self.adapter.lead_time(self.idea.luck["lead"])
        start = self.expected_start
        self.project = self.adapter.project(self.idea, start, self.own_facts)
        self.values = self.adapter.facts(self.idea, self.project, start, self.own_facts)
        self.life.applied_for, self.life.scale = self.project.applied_for, self.project.scale

    def choose_track(self, rules: PolicyAdapter) -> str:
        """The track that serves the committee best by some rules; it stays with its choice."""
        chosen = self.life.track
        if chosen is None or chosen not in rules.tracks:
            month = self.fund.month
            sees = self.fund.rules.foresight(month, month)
            if sees.adapter is not rules:
                sees = ProspectEvaluator(rules)
            now = self.fund.months[month]
            chosen = best_track(sees, self.behaviour, self.idea, now, self.own_facts)
            self.life.track = chosen
            track: Any = rules.tracks[chosen].policy.track
            cited = (track.terms.sources.get(""),)
            self.publish(Step.TRACK_CHOSEN, about=track.title, cited=cited)
        return chosen

    def on_track(self, rules: PolicyAdapter) -> PolicyAdapter:
        """Some rules of the fund as they are on the chosen track, if there are tracks."""
        return rules.tracks[self.choose_track(rules)] if rules.tracks else rules

    def sees(self, expected: ProspectEvaluator) -> ProspectEvaluator:
        """What is expected by some rules of the fund, on the chosen track if there are tracks."""
        rules = expected.adapter
        return expected.on_tracks[self.choose_track(rules)] if rules.tracks else expected

    def waits_for_reform(self) -> Flow:
        """Wait for rules that are announced, where by them it is worth applying for less.

        The committee waits where it would apply by the new rules and either would not by those
        in force, or has less to pay back and to work for.
        """
        ahead = self.fund.rules.next_announced(self.fund.month)
        if ahead is None or self.expected_start >= self.fund.months[0] + ahead.since:
            return
        now, later = self.prospect(), self.prospect_after(ahead)
        if later is None or not self.behaviour.applies(later):
            return
        if self.behaviour.applies(now) and costs_of_applying(now) <= costs_of_applying(later):
            return
        self.publish(Step.AWAITS_REFORM)
        yield self.env.timeout(ahead.since - self.fund.month)
        self.prepare()

    def prospect(self) -> Prospect:
        """What the committee sees of the project, by the rules that it expects to hold."""
        month, start = self.fund.month, self.expected_start
        foresight = self.sees(self.fund.rules.foresight(month, start - self.fund.months[0]))
        return foresight.prospect(self.idea, self.project, start, self.says(foresight.adapter))

    def prospect_after(self, reform: Period) -> Prospect | None:
        """What it would see after a reform; None where the new rules would refuse it."""
        foresight, months = self.sees(reform.alone), self.fund.months
        if reform.since >= len(months):
            return None
        rules, lag = foresight.adapter, self.given.handling.start_lag
        start = months[0] + reform.since + rules.lead_time(self.idea.luck["lead"]) + lag
        project = rules.project(self.idea, start, self.own_facts)
        said = rules.facts(self.idea, project, start, self.own_facts)
        if rules.decide(ELIGIBILITY, said).refusals or not rules.has_fund:
            return None
        return foresight.prospect(self.idea, project, start, said)

    def says(self, rules: PolicyAdapter) -> dict[str, Value]:
        """What the application says as some rules ask for it."""
        if rules is self.prepared_by or rules.policy is self.prepared_by.policy:
            return self.values
        return rules.facts(self.idea, self.project, self.expected_start, self.own_facts)

    def under(self, rules: PolicyAdapter) -> tuple[PolicyAdapter, Mapping[str, Value]]:
        """The rules that decide the application, on its track, and what it says under them."""
        rules = self.on_track(rules)
        return rules, self.says(rules)

    def decider(self, what: str) -> PolicyAdapter:
        """The rules that decide an idea or an application: those in force, or of its beginning."""
        decided = getattr(self.fund.rules.binding, what) == "decided"
        return self.adapter if decided else self.prepared_by

    def passes(self, stages: tuple[Stage, ...], step: Step, what: str) -> bool:
        """Whether the rules of some stages let it through."""
        rules = self.decider(what)
        if not rules.tries(stages):
            return True
        decision = rules.decide(stages, self.says(rules))
        self.publish(step, about=decision.outcome.words, cited=places(decision), by=rules)
        return decision.outcome is Outcome.ELIGIBLE or self.stop(step, decision)

    def foresees_refusal(self) -> bool:
        """Whether the committee knows that the rules rule the idea out, and refrains.

        What an applicant sees to itself is no ground: it means to.
        """
        if not self.adapter.tries(ELIGIBILITY):
            return False
        decision = self.adapter.decide(ELIGIBILITY, self.says(self.adapter))
        against = [each for each in decision.refusals if not _SEEN_TO.issuperset(facts_read(each))]
        knows = self.idea.luck["knows_rules"] < self.given.behaviour.knows_rules
        if not against or (self.adapter.has_fund and not knows):
            return False
        cited = tuple(finding.rule.citation for finding in against)
        self.publish(Step.FORESEEN_REFUSAL, about=against[0].rule.demand, cited=cited)
        self.life.foreseen_by = tuple(finding.rule.id for finding in against)
        return not self.stop(Step.FORESEEN_REFUSAL)

    def chooses(self) -> bool:
        """Whether the committee, by what it sees, wants to apply."""
        prospect = self.prospect()
        self.life.considered = self.fund.month
        self.life.chosen = bool(self.behaviour.applies(prospect))
        step = Step.CHOOSES if self.life.chosen else Step.REFRAINS
        self.publish(step, about=expected(prospect) if self.watched else None)
        return self.life.chosen or self.stop(Step.REFRAINS)

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
        ready = self.fund.month + max(1, self.lead - tested)
        return self.adapter.taken_in(ready) - self.fund.month

    # --- the application ------------------------------------------------------------

    def applies(self) -> bool:
        """Hand in the application; whether the rules and the board let it through."""
        self.life.applied = self.fund.month
        self.publish(Step.APPLIES, self.project.applied_for)
        rules = self.decider("application")
        stages = (Stage.APPLICATION,) if rules is self.tested_by else ELIGIBILITY
        if not self.passes(stages, Step.DECIDED, "application"):
            return False
        if self.idea.luck["board"] >= self.given.handling.board_refusal:
            return True
        terms: Any = self.adapter.policy.terms
        self.publish(Step.BOARD_REFUSES, cited=(terms.sources.get("decides"),))
        return self.stop(Step.BOARD_REFUSES)

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
            self.life.granted_in = self.fund.month
            return True
        self.publish(Step.DECIDED, about=decision.outcome.words, cited=places(decision))
        return self.stop(Step.DECIDED, decision)

    # --- the investment -------------------------------------------------------------

    def is_run(self) -> Flow:
        """The investment runs: money is paid out month by month, and what is left goes back.

        Returns what the final evaluation leads to where it is made before the end.
        """
        if self.given.handling.start_lag:
            yield self.env.timeout(self.given.handling.start_lag)
        self.started_in = self.fund.month
        self.publish(Step.STARTS)
        months, ledger = self.project.months, self.fund.ledger
        least = self.given.handling.spent_least
        granted = self.project.applied_for
        used = int(granted * (least + self.idea.luck["spent"] * (1 - least)))
        monthly = used // months
        early, settlement = self.given.handling.evaluation_lag, None
        for month in range(1, months + 1):
            yield self.env.timeout(1)
            amount = monthly if month < months else used - monthly * (months - 1)
            if amount:
                ledger.pay_out(self.now, self.name, amount)
            if month == months // 2:
                self.publish(Step.HALF_TIME, monthly * month)
            if early < 0 and month == max(1, months + early):
                settlement = self.is_evaluated(used)
        self.life.spent, self.life.ended_in = used, self.fund.month
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
        foresight = self.sees(self.settled_by.announced)
        rules = foresight.adapter
        start, said = self._start, self.says(rules)
        stake, depends = foresight.at_stake(self.idea, self.project, start, said)
        outcome = self.life.outcome = self.turns_out(stake)
        interest = self.given.handling.evaluation_interest if depends else 0.0
        evaluated = self.idea.evaluable or self.idea.luck["evaluation"] < interest
        self.life.evaluated, self.life.evaluated_in = evaluated, self.fund.month
        self.publish(Step.EVALUATED, about=OUTCOMES[outcome if evaluated else None])
        self.is_implemented(outcome)
        found = self.idea.effect * self.life.realised * foresight.found(self.idea, self.project)
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

    @property
    def settled_by(self) -> Period:
        """The rules by which the investment is settled now."""
        granted = self.life.granted_in or 0
        return self.fund.rules.settling(granted, self.started_in, self.fund.month)

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
        begins, bound = self.fund.months[0], self.settled_by
        for claim in sorted(settlement.claims, key=lambda claim: claim.due - begins):
            wait = bound.adapter.until_back(claim.due, self.now)
            if wait > 0:
                yield self.env.timeout(wait)
            if self.fund.rules.forgives(bound, self.fund.month):
                self.fund.ledger.exempt(self.now, self.name, claim.amount, claim.citation)
                self.publish(Step.EXEMPTED, claim.amount, claim.why, (claim.citation,))
                continue
            fee, payer = claim.kind is ClaimKind.FEE, claim.payer or self.idea.payer
            self.fund.ledger.pay(
                self.now, self.name, claim.amount, payer, fee=fee, payee=claim.payee,
                citation=claim.citation,
            )  # fmt: skip
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
    def name(self) -> str:
        """What the books call the investment."""
        return f"idea {self.idea.number}"

    @property
    def now(self) -> Any:
        """The month that it is, as a date."""
        return self.fund.months[self.fund.month]

    @property
    def expected_start(self) -> Any:
        """When a project would start that is applied for now."""
        lag = self.given.handling.start_lag
        return self.fund.months[self.fund.month] + self.lead + lag

    @property
    def _start(self) -> Any:
        return self.fund.months[self.life.granted_in or 0] + self.given.handling.start_lag

    @property
    def _described(self) -> Message | None:
        """The idea's cost, months and origin, where anyone listens."""
        if not self.watched:
            return None
        said = {"cost": rounded(self.idea.cost), "months": self.idea.months}
        return Message("event.idea", **said, origin=ORIGINS[self.idea.origin])

    def stop(self, step: Step, decision: Decision | None = None) -> bool:
        """Note where it stopped, and by which rules; always False."""
        self.life.stopped = step
        if decision is not None:
            self.life.refused_by = rule_ids(decision, Verdict.NOT_MET)
            if not self.life.refused_by:
                self.life.undecided_by = rule_ids(decision, Verdict.CANNOT_TELL)
        return False

    def publish(
        self,
        step: Step,
        amount: int | None = None,
        about: Worded | None = None,
        cited: tuple[Citation | None, ...] = (),
        by: PolicyAdapter | None = None,
    ) -> None:
        """Publish an event by the rules in force, or ``by`` others, where anyone listens."""
        if self.watched:
            rules = by or self.fund.adapter
            self.fund.publisher.publish(
                self.fund.month, step, self.idea.number, amount, about, cited, rules.policy.id
            )


_SEEN_TO = frozenset(SEEN_TO)


def _came(event: simpy.Event) -> bool:
    """Whether what was waited for has come."""
    return bool(event.triggered)
