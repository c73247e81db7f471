"""Whether a project is worth applying for (bedömning), under each policy.

The valuation is the one by which simulated committees choose, term by term: a policy is asked for
its decision, its claims and its demands, and all else is the project's and the scenario's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import fsum

from attrs import evolve, frozen

from sifrules.plugin.registry import Registry
from sifrules.plugin.simulation import Prospect
from sifrules.policy.decide import ELIGIBILITY, decide, rulebook_for
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.tracks import NAMED
from sifrules.rules.conditions import Value
from sifrules.rules.decisions import Decision, Finding, Outcome, together
from sifrules.rules.engines import engine_for
from sifrules.rules.rulebook import Stage
from sifrules.rules.vocabulary import application
from sifrules_simulation.analysis.assessed_project import (
    AssessedProject,
    ProjectDetails,
    assessed_project,
)
from sifrules_simulation.analysis.cash_flows import OutcomeFlows, outcomes_of
from sifrules_simulation.analysis.paying_effects import EffectSpan, paying_spans, tried_effects
from sifrules_simulation.model.behaviours import Weighing
from sifrules_simulation.model.completion import stated_in_full
from sifrules_simulation.model.foresight import ProspectEvaluator
from sifrules_simulation.model.mechanisms import ALL_ON, Mechanisms
from sifrules_simulation.model.policy_adapter import OF_FUND, PolicyAdapter
from sifrules_simulation.model.projects import MONEY_FACTS
from sifrules_simulation.model.scenarios import Scenario

_APPLICANT = application.applicant.name
_STAGES = (*ELIGIBILITY, Stage.ALLOCATION)
_OUTCOMES = {True: Outcome.ELIGIBLE, False: Outcome.NOT_ELIGIBLE, None: Outcome.CANNOT_TELL}
#: Parameters that are no property of the project, and on which its worth may depend.
_OF_COMMITTEE = (
    "behaviour.mission_weight",
    "behaviour.others_weight",
    "behaviour.horizon",
    "behaviour.discount",
    "behaviour.risk_aversion",
    "behaviour.effort",
    "behaviour.burden",
    "behaviour.grant_chance",
    "handling.return_months",
)
#: What stands in for a share that a guideline does not state.
_SHARE = "unstated.return_share"


@frozen(kw_only=True)
class Valuation:
    """What applying is worth to the committee, term by term (kronor of today, as it weighs them).

    All but ``effort`` count with the chance of a grant; ``worth`` is what is left, and the
    committee applies where it is above nothing.
    """

    human: float
    savings: float
    claims: float
    risk: float
    burden: float
    grant_chance: float
    effort: float

    @property
    def if_granted(self) -> float:
        """What the project is worth if it is granted."""
        return self.human + self.savings - self.claims - self.risk - self.burden

    @property
    def worth(self) -> float:
        return self.grant_chance * self.if_granted - self.effort

    @property
    def pays(self) -> bool:
        return self.worth > 0

    @property
    def in_money(self) -> float:
        """What it is worth without the human gains."""
        return self.worth - self.grant_chance * self.human


@frozen
class Dependence:
    """What a project is worth at both ends of a parameter's range, all else the same."""

    path: str
    low: float
    high: float
    worth_low: float
    worth_high: float

    @property
    def swing(self) -> float:
        return abs(self.worth_high - self.worth_low)

    @property
    def turns(self) -> bool:
        """Whether applying pays at one end and not at the other."""
        return (self.worth_low > 0) is not (self.worth_high > 0)


@frozen(kw_only=True)
class PolicyAssessment:
    """One project under one policy.

    ``decision`` is on the application as it is written. Where it asks for more, for longer or with
    less of its own than the guideline allows, ``cut`` is the decision on the project within those
    limits, and all amounts are of that project. Where there is no fund to apply to ``valuation``
    is None.
    """

    policy: FundPolicy
    decision: Decision
    cut: Decision | None
    #: the project as it is written, and as it counts
    written: AssessedProject
    project: AssessedProject
    outcomes: tuple[OutcomeFlows, ...] = ()
    valuation: Valuation | None = None
    #: the effects at which applying pays, with and without the human gains
    pays_at: tuple[EffectSpan, ...] = ()
    pays_at_in_money: tuple[EffectSpan, ...] = ()
    depends_on: tuple[Dependence, ...] = ()
    #: what the scenario assumes where the guideline is silent
    assumed: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The decision that counts: on the project within the limits, where it had to be cut."""
        return (self.cut or self.decision).outcome

    @property
    def least_effect(self) -> int | None:
        """The least effect (öre) at which applying pays; a larger one need not pay."""
        return self.pays_at[0].least if self.pays_at else None

    @property
    def least_effect_in_money(self) -> int | None:
        """The least effect (öre) at which it pays without the human gains."""
        return self.pays_at_in_money[0].least if self.pays_at_in_money else None

    @property
    def granted(self) -> int | None:
        """What would be granted (öre): nothing where it is refused, None where one cannot tell."""
        if self.outcome is Outcome.CANNOT_TELL:
            return None
        return self.project.project.applied_for if self.outcome is Outcome.ELIGIBLE else 0


@frozen
class Assessor:
    """Assesses one application: its facts as written, and what is said beside them."""

    registry: Registry
    facts: Mapping[str, object]
    details: ProjectDetails
    scenario: Scenario
    engine: str | None = None

    def under(self, policy: FundPolicy) -> PolicyAssessment:
        """The application under one policy."""
        known = {name: value for name, value in self.facts.items() if name in policy.vocabulary}
        decision = _of_application(decide(policy, known, stages=_STAGES, engine=self.engine))
        case = _Case(self.registry, policy, decision, policy.vocabulary.read(known), self.details)
        filled, assumed = stated_in_full(self.registry, policy, self.scenario)
        at = case.under(filled, self.scenario)
        written = assessed_project(case.values, self.details, self.scenario)
        cut = None if at.project.project == written.project else self._decided(case, at.project)
        done = PolicyAssessment(
            policy=policy,
            decision=decision,
            cut=cut,
            written=written,
            project=at.project,
            assumed=assumed,
        )
        if not at.foresight.adapter.has_fund:
            return done
        pays_at, in_money = _paying(at)
        return evolve(
            done,
            outcomes=outcomes_of(at.foresight, at.project),
            valuation=at.valuation,
            pays_at=pays_at,
            pays_at_in_money=in_money,
            depends_on=tuple(self._dependences(case, filled, at, assumed)),
        )

    def _decided(self, case: _Case, of: AssessedProject) -> Decision:
        """The decision on a project that is not as it is written in the application."""
        book = rulebook_for(case.on_track(case.policy), _STAGES)
        values = {name: value for name, value in case.values.items() if name != NAMED}
        decision = engine_for(book, self.engine).decide({**values, **of.project.facts()})
        return _of_application(decision)

    def _dependences(
        self, case: _Case, filled: FundPolicy, at: _Position, assumed: tuple[str, ...]
    ) -> Iterator[Dependence]:
        """What each parameter does that stands in for what is not said, the strongest first."""
        found = []
        shares = any("return_model.share=" in change for change in assumed)
        of_policy = (_SHARE,) if shares else ()
        for path in (*at.project.assumed, *_OF_COMMITTEE, *of_policy):
            stated = self.scenario.stated[path]
            ends = []
            for value in (stated.low, stated.high):
                around = self.scenario.with_values({path: value})
                policy = filled
                if path == _SHARE:
                    policy, _ = stated_in_full(self.registry, case.policy, around)
                ends.append(case.under(policy, around).valuation.worth)
            found.append(Dependence(path, stated.low, stated.high, *ends))
        found.sort(key=lambda each: (-each.swing, each.path))
        yield from (each for each in found if each.swing)


def _of_application(decision: Decision) -> Decision:
    """A decision by what the application says: what is left in the fund need not be known.

    A rule that reads the fund stays where its facts are stated.
    """
    if decision.tracks:
        tracks = tuple(map(_of_application, decision.tracks))
        return evolve(min(tracks, key=lambda each: each.distance), tracks=tracks)
    findings = tuple(each for each in decision.findings if not _waits_for_fund(each))
    return evolve(decision, findings=findings, outcome=_OUTCOMES[together(findings)])


def _waits_for_fund(finding: Finding) -> bool:
    return finding.open and any(fact.name.startswith(OF_FUND) for fact in finding.rule.facts)


@frozen
class _Case:
    """One application under one policy, whatever the scenario."""

    registry: Registry
    policy: FundPolicy
    decision: Decision
    values: Mapping[str, Value]
    details: ProjectDetails

    def on_track(self, policy: FundPolicy) -> FundPolicy:
        """A policy as it is seen on the track that the application goes to, if there is one."""
        return policy if self.decision.track is None else policy.on_track(self.decision.track)

    def under(self, filled: FundPolicy, scenario: Scenario) -> _Position:
        """What the committee sees under the policy in a scenario."""
        adapter = PolicyAdapter(filled, scenario, ALL_ON)
        if self.decision.track is not None:
            adapter = adapter.tracks[self.decision.track]
        written = assessed_project(self.values, self.details, scenario)
        return _Position(ProspectEvaluator(adapter), self._within_limits(adapter, written))

    def _within_limits(self, adapter: PolicyAdapter, of: AssessedProject) -> AssessedProject:
        """The project cut to what the guideline allows, where a rule on money or time refuses it.

        As simulated applicants cut theirs; what the fund can bear is not counted, as nobody knows
        what will be left of it.
        """
        refused = (fact.name for each in self.decision.refusals for fact in each.rule.facts)
        if MONEY_FACTS.isdisjoint(refused):
            return of
        unlimited = evolve(adapter, switches=Mechanisms.without(["depletion"]))
        said = {_APPLICANT: self.values[_APPLICANT]} if _APPLICANT in self.values else {}
        project = unlimited.project(of.idea, of.start, said)
        own = of.project.own * project.cost // of.project.cost
        return evolve(of, project=evolve(project, own=max(own, project.own)))


@frozen
class _Position:
    """A project as its committee sees it under one policy."""

    foresight: ProspectEvaluator
    project: AssessedProject

    @property
    def valuation(self) -> Valuation:
        """What applying is worth, by the terms of `Weighing.worth`."""
        of = self.project
        facts = {**of.idea.facts, **of.project.facts()}
        prospect = self.foresight.prospect(of.idea, of.project, of.start, facts)
        given = self.foresight.adapter.scenario.values
        return _terms(prospect, Weighing().given(given), min(of.project.own, of.by_others))

    def hoping(self, effect: int) -> _Position:
        """The same, where the effect that is hoped for is another."""
        idea = evolve(self.project.idea, effect=effect, believed_effect=effect)
        return evolve(self, project=evolve(self.project, idea=idea))


def _terms(prospect: Prospect, weighing: Weighing, by_others: int) -> Valuation:
    """A prospect term by term; what others pay of the cost is no burden to the committee."""
    shortfall = fsum(
        each.chance * max(0.0, each.claims - each.savings) for each in prospect.expectations
    )
    return Valuation(
        human=weighing.mission_weight * prospect.expected("human"),
        savings=prospect.expected("savings"),
        claims=prospect.expected("claims"),
        risk=weighing.risk_aversion * shortfall,
        burden=prospect.burden - by_others / 100,
        grant_chance=prospect.grant_chance,
        effort=prospect.effort,
    )


def _paying(at: _Position) -> tuple[tuple[EffectSpan, ...], tuple[EffectSpan, ...]]:
    """The effects at which applying pays, with the human gains and in money alone."""
    effects = tried_effects(at.project.project.cost)
    found = [at.hoping(effect).valuation for effect in effects]

    def worth(effect: int) -> float:
        return at.hoping(effect).valuation.worth

    def in_money(effect: int) -> float:
        return at.hoping(effect).valuation.in_money

    return (
        paying_spans(effects, [each.worth for each in found], worth),
        paying_spans(effects, [each.in_money for each in found], in_money),
    )
