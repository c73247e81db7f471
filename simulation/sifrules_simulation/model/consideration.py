"""What a committee does with an idea before it applies (överväganden).

Whether somebody takes it up, how it is cut to a project, whether its idea passes the test, whether
a refusal is foreseen, and whether the committee chooses to apply. It depends on the month, by which
the rules in force are known, and on nothing that the fund does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from attrs import define, field

from sifrules.plugin.simulation import Behaviour, Idea, IdeaHistory, Prospect, Step, chooses
from sifrules.policy.decide import ELIGIBILITY
from sifrules.policy.two_decisions import DecisionStep
from sifrules.rules.conditions import Value
from sifrules.rules.decisions import Decision, Outcome, Verdict
from sifrules.rules.rulebook import Rule, Stage
from sifrules.values.citations import Citation
from sifrules.values.dates import Month
from sifrules.values.messages import Message, Worded
from sifrules_simulation.model.events import EventPublisher
from sifrules_simulation.model.foresight import ProspectEvaluator
from sifrules_simulation.model.idea_facts import is_seen_to
from sifrules_simulation.model.idea_words import ORIGINS, expected, places, rounded, rule_ids
from sifrules_simulation.model.parameters import Parameters
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.projects import Project
from sifrules_simulation.model.rules_in_force import Period, RulesInForce
from sifrules_simulation.model.track_choice import best_track


class Clock(Protocol):
    """Knows which simulated month it is."""

    @property
    def month(self) -> int: ...


@define(eq=False)
class Consideration:
    """What a committee considers of one idea. Nothing changes but ``life``, the record of it."""

    idea: Idea
    behaviour: Behaviour
    rules: RulesInForce
    months: list[Month]
    publisher: EventPublisher
    own_facts: Mapping[str, Value]
    clock: Clock
    #: the scenario's parameters
    given: Parameters = field(init=False)
    #: whether anyone listens to what happens
    watched: bool = field(init=False)
    life: IdeaHistory = field(init=False)
    project: Project = field(init=False)
    lead: int = field(init=False)
    #: months from the decision on the idea to that on the amount, 0 where there is but one
    amount_lead: int = field(init=False)
    #: the rules by which the application is prepared, and the start for which it is
    prepared_by: PolicyAdapter = field(init=False)
    prepared_for: Month = field(init=False)
    #: the rules under which its idea was tested, if it was
    tested_by: PolicyAdapter | None = field(init=False, default=None)
    #: what the application says by these rules, once that is worked out
    said: dict[str, Value] | None = field(init=False, default=None)

    @given.default
    def _given(self) -> Parameters:
        return self.rules.first.scenario.parameters

    @watched.default
    def _watched(self) -> bool:
        return bool(self.publisher)

    @life.default
    def _life(self) -> IdeaHistory:
        return IdeaHistory(self.idea)

    @property
    def month(self) -> int:
        """The simulated month that it is."""
        return self.clock.month

    @property
    def adapter(self) -> PolicyAdapter:
        """The rules that are in force, on the chosen track if there are tracks."""
        rules = self.rules.first if self.rules.lasting else self.rules.at(self.month).adapter
        return self.on_track(rules) if rules.tracks else rules

    # --- the steps ------------------------------------------------------------------

    def is_taken_up(self) -> bool:
        """Whether somebody at the committee has the time for it."""
        self.publish(Step.ARISES, about=self._described)
        return self.idea.luck["attention"] < self.given.ideas.attention or self.stop(
            Step.NOT_TAKEN_UP
        )

    def prepare(self) -> None:
        """Cut the idea to a project, as an application is going to have it."""
        rules = self.prepared_by = self.adapter
        self.lead = rules.lead_time(self.idea.luck["lead"])
        self.amount_lead = rules.amount_lead(self.idea.luck["lead"])
        self.prepared_for = start = self.expected_start
        self.project = project = rules.project(self.idea, start, self.own_facts)
        self.said = None
        self.life.applied_for, self.life.scale = project.applied_for, project.scale

    def prepare_amount(self) -> None:
        """Cut the idea to a project again, by the rules in force when its amount is decided."""
        rules = self.prepared_by = self.adapter
        self.lead = self.amount_lead = 0
        self.prepared_for = start = self.expected_start
        self.project = project = rules.project(self.idea, start, self.own_facts)
        self.said = None
        self.life.applied_for, self.life.scale = project.applied_for, project.scale

    @property
    def values(self) -> dict[str, Value]:
        """What the application says, by the rules under which it was prepared."""
        if self.said is None:
            self.said = self.prepared_by.facts(
                self.idea, self.project, self.prepared_for, self.own_facts
            )
        return self.said

    def is_tested(self) -> bool:
        """Whether the idea passes the test that comes before an application is written."""
        if not self.passes((Stage.IDEA_TEST,), Step.IDEA_TEST, "idea"):
            return False
        self.tested_by = self.adapter
        return True

    def foresees_refusal(self) -> bool:
        """Whether the committee knows that the rules rule the idea out, and refrains.

        What an applicant sees to itself is no ground: it means to.
        """
        if not self.adapter.tries(ELIGIBILITY):
            return False
        decision = self.adapter.decide(ELIGIBILITY, self.says(self.adapter))
        against = [each.rule for each in decision.refusals if not is_seen_to(each.rule)]
        return self.refrains_from(against)

    def refrains_from(self, against: Sequence[Rule]) -> bool:
        """Whether it refrains, as it knows of rules that are against it."""
        knows = self.idea.luck["knows_rules"] < self.given.behaviour.knows_rules
        if not against or (self.adapter.has_fund and not knows):
            return False
        cited = tuple(rule.citation for rule in against)
        self.publish(Step.FORESEEN_REFUSAL, about=against[0].demand, cited=cited)
        self.life.foreseen_by = tuple(rule.id for rule in against)
        return not self.stop(Step.FORESEEN_REFUSAL)

    def chooses(self) -> bool:
        """Whether the committee, by what it sees, wants to apply."""
        prospect = self.prospect()
        return self.notes_choice(chooses(self.behaviour, prospect), prospect)

    def notes_choice(self, chosen: bool, prospect: Prospect | None = None) -> bool:
        """Note whether the committee wants to apply, by what it sees; whether it does."""
        self.life.considered, self.life.chosen = self.month, chosen
        step = Step.CHOOSES if chosen else Step.REFRAINS
        about = expected(prospect) if self.watched and prospect is not None else None
        self.publish(step, about=about)
        return chosen or self.stop(Step.REFRAINS)

    # --- the track ------------------------------------------------------------------

    def choose_track(self, rules: PolicyAdapter) -> str:
        """The track that serves the committee best by some rules; it stays with its choice."""
        chosen = self.life.track
        if chosen is None or chosen not in rules.tracks:
            month = self.month
            sees = self.rules.foresight(month, month)
            if sees.adapter is not rules:
                sees = ProspectEvaluator(rules)
            now = self.months[month]
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

    # --- by which rules -------------------------------------------------------------

    def prospect(self) -> Prospect:
        """What the committee sees of the project, by the rules that it expects to hold."""
        month, start = self.month, self.expected_start
        foresight = self.sees(self.rules.foresight(month, start - self.months[0]))
        return foresight.prospect(self.idea, self.project, start, self.says(foresight.adapter))

    def prospect_after(self, reform: Period) -> Prospect | None:
        """What it would see after a reform; None where the new rules would refuse it."""
        foresight, months = self.sees(reform.alone), self.months
        if reform.since >= len(months):
            return None
        rules, lag = foresight.adapter, self.given.handling.start_lag
        luck = self.idea.luck["lead"]
        waits = rules.lead_time(luck) + rules.amount_lead(luck)
        start = months[0] + reform.since + waits + lag
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
        decides = self.on_track(rules)
        return decides, self.says(decides)

    def decider(self, what: str) -> PolicyAdapter:
        """The rules that decide an idea or an application: those in force, or of its beginning."""
        decided = getattr(self.rules.binding, what) == "decided"
        return self.adapter if decided else self.prepared_by

    def passes(
        self, stages: tuple[Stage, ...], step: Step, what: str, of: DecisionStep | None = None
    ) -> bool:
        """Whether the rules of some stages let it through; those ``of`` one of two decisions."""
        rules = self.decider(what)
        if not rules.tries(stages):
            return True
        if of is None:
            decision = rules.decide(stages, self.says(rules))
        else:
            decision = rules.decide_step(of, stages, self.says(rules))
        self.publish(step, about=decision.outcome.words, cited=places(decision), by=rules)
        return decision.outcome is Outcome.ELIGIBLE or self.stop(step, decision)

    # --- small things ---------------------------------------------------------------

    @property
    def now(self) -> Any:
        """The month that it is, as a date."""
        return self.months[self.month]

    @property
    def expected_start(self) -> Any:
        """When a project would start that is applied for now."""
        lag = self.given.handling.start_lag
        return self.months[self.month] + self.lead + self.amount_lead + lag

    @property
    def _described(self) -> Message | None:
        """The idea's cost, months and origin, where anyone listens."""
        if not self.watched:
            return None
        cost, origin = rounded(self.idea.cost), ORIGINS[self.idea.origin]
        return Message("event.idea", cost=cost, months=self.idea.months, origin=origin)

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
            rules = by or self.rules.at(self.month).adapter
            self.publisher.publish(
                self.month, step, self.idea.number, amount, about, cited, rules.policy.id
            )
