"""Criteria (kriterier) that compute or combine: areas, costs, savings, who cooperates.

Those that test a single flag are in `sifrules_policies.plain_criteria`. `FactCriterion`
states a criterion on any fact, also one that a guideline brings itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

import attrs
from attrs import frozen

from sifrules.errors import SifError
from sifrules.policy.parts import clause, positive
from sifrules.rules.conditions import Condition, Fact, IfThen, all_of
from sifrules.rules.rulebook import Derivation, Rule, Stage
from sifrules.rules.stated import Bounds, StatedCondition
from sifrules.rules.vocabulary import application
from sifrules.rules.wording import condition_words, months_words, rows_words, share_words
from sifrules.values.citations import Citation
from sifrules.values.messages import Message
from sifrules.values.text import LocalizedText, same
from sifrules_policies.criterion import Criterion

_ABOVE_NOTHING = LocalizedText(
    sv="en insats vars väntade kostnadsminskningar är över noll läses som att den sänker kostnader",
    en="a measure whose expected cost reductions are above nothing is read as lowering costs",
)
_OUTSIDE = LocalizedText(
    sv="den som varken är nämnd eller förvaltning läses som extern aktör",
    en="whoever is neither a committee nor an administration is read as an external actor",
)
EXTERNAL = ("municipal_company", "civil_society", "public_body", "company")


@frozen(kw_only=True)
class MinimumAreas(Criterion):
    """Cooperation of a least number of areas of operation (verksamhetsområden).

    >>> rule = next(iter(_cited(MinimumAreas, areas=2).rules()))
    >>> rule.condition.test({"application.areas": 1}), rule.condition.test({})
    (False, None)
    """

    kind: ClassVar[str] = "minimum_areas"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="samverkan mellan verksamhetsområden", en="cooperation of areas of operation"
    )

    areas: int = clause("minsta antal", "at least", default=attrs.NOTHING, check=positive)

    def rules(self) -> Iterable[Rule]:
        demand = LocalizedText(
            sv="minst {n} verksamhetsområden samverkar",
            en="at least {n} areas of operation cooperate",
        ).format(n=self.areas)
        yield self.rule(self.stage, application.areas >= self.areas, demand)


@frozen(kw_only=True)
class LowersCosts(Criterion):
    """Lowers the municipality's costs (minskade kommunala kostnader).

    Where expected reductions are given, it lowers costs if they are above zero.
    ``or_dampens`` also accepts that the growth of costs is dampened.

    >>> link = next(iter(_cited(LowersCosts).derivations()))
    >>> link.value({"application.expected_savings": 0})
    False
    """

    kind: ClassVar[str] = "lowers_costs"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="väntas sänka kommunens kostnader", en="is expected to lower the municipality's costs"
    )

    or_dampens: bool | None = clause(
        "eller dämpa kostnadsutvecklingen", "or to dampen the growth of costs"
    )

    def derivations(self) -> Iterable[Derivation]:
        fact = application.lowers_costs
        holds = application.expected_savings > 0
        yield Derivation(f"derived.{fact.name}", fact, holds, self.reads(_ABOVE_NOTHING))

    def rules(self) -> Iterable[Rule]:
        if self.or_dampens:
            wanted = application.lowers_costs | application.dampens_costs
            yield self.rule(self.stage, wanted, condition_words(wanted))
        else:
            yield self.rule(self.stage, application.lowers_costs, self.words)


@frozen(kw_only=True)
class SavingsCoverCost(Criterion):
    """Expected cost reductions reach a share of the cost (kostnadsreduceringar).

    >>> rule = next(iter(_cited(SavingsCoverCost, share=Decimal(1)).rules()))
    >>> rule.condition.test({"application.expected_savings": 99, "application.cost": 100})
    False
    """

    kind: ClassVar[str] = "savings_cover_cost"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="förväntade kostnadsminskningar täcker kostnaden",
        en="expected cost reductions cover the cost",
    )

    share: Decimal = clause(
        "andel av kostnaden",
        "share of the cost",
        default=attrs.NOTHING,
        check=lambda share: (
            None
            if 0 <= share <= 10 and share == round(share, 4)
            else Message("expected.from_0_to_10")
        ),
    )

    def rules(self) -> Iterable[Rule]:
        demand = LocalizedText(
            sv="väntade kostnadsminskningar når {share} av kostnaden",
            en="expected cost reductions reach {share} of the cost",
        ).format(share=share_words(self.share))
        wanted = application.expected_savings >= application.cost * self.share
        yield self.rule(self.stage, wanted, demand)


@frozen(kw_only=True)
class MunicipalEffects(Criterion):
    """Economic effects inside municipal operations (effekter i kommunens verksamhet).

    Civil society and municipal companies may take part as long as this holds.

    >>> MunicipalEffects.kind
    'municipal_effects'
    """

    kind: ClassVar[str] = "municipal_effects"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="ekonomiska effekter väntas inom kommunens egna verksamheter",
        en="economic effects are expected inside the municipality's own operations",
    )

    def rules(self) -> Iterable[Rule]:
        yield self.rule(self.stage, application.municipal_effects, self.words)


@frozen(kw_only=True)
class ExternalActorCooperates(Criterion):
    """An external actor cooperates with the municipality (extern aktör samverkar).

    Follows from who applies and whether a committee or administration is a partner.

    >>> part = _cited(ExternalActorCooperates)
    >>> external, cooperates = part.derivations()
    >>> external.value({"application.applicant": "civil_society"})
    True
    >>> cooperates.value({"application.external_actor": False})
    True
    """

    kind: ClassVar[str] = "external_actor_cooperates"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="en extern aktör samverkar med kommunen",
        en="an external actor cooperates with the municipality",
    )

    def derivations(self) -> Iterable[Derivation]:
        external, cooperates = application.external_actor, application.cooperates_with_municipality
        outside = application.applicant.one_of(*EXTERNAL)
        yield Derivation(f"derived.{external.name}", external, outside, self.reads(_OUTSIDE))
        holds = ~external | application.municipal_partner
        yield Derivation(f"derived.{cooperates.name}", cooperates, holds, self.cite())

    def rules(self) -> Iterable[Rule]:
        yield self.rule(self.stage, application.cooperates_with_municipality, self.words)


@frozen(kw_only=True)
class CommitteesAgree(Criterion):
    """The committees concerned stand behind it, one of them leading (huvudansvarig nämnd).

    >>> len(list(_cited(CommitteesAgree, one_leads=True).rules()))
    2
    """

    kind: ClassVar[str] = "committees_agree"
    usual_stage: ClassVar[Stage] = Stage.APPLICATION
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="nämnden som genomför och nämnderna där effekten uppstår står bakom projektet",
        en="the committee that runs it and those where the effect arises stand behind it",
    )

    one_leads: bool | None = clause("en nämnd är huvudansvarig", "one committee leads")

    def rules(self) -> Iterable[Rule]:
        yield self.rule(self.stage, application.committees_agree, self.words)
        if self.one_leads:
            demand = application.lead_committee.words
            yield self.rule(self.stage, application.lead_committee, demand, "one_leads")


@frozen(kw_only=True)
class ProjectTime(Criterion):
    """The project time lies within bounds (projekttid), in months.

    >>> rule = next(iter(_cited(ProjectTime, at_least=12, at_most=36).rules()))
    >>> [rule.condition.test({"application.duration": months}) for months in (11, 12, 36, 37)]
    [False, True, True, False]
    """

    kind: ClassVar[str] = "project_time"
    words: ClassVar[LocalizedText] = LocalizedText(sv="projekttid", en="project time")

    at_least: int | None = clause("minst", "at least", check=positive, say=months_words)
    at_most: int | None = clause("högst", "at most", check=positive, say=months_words)

    def __attrs_post_init__(self) -> None:
        if self.at_least is None and self.at_most is None:
            raise SifError(Message("criteria.no_bounds"))
        if self.at_least and self.at_most and self.at_least > self.at_most:
            raise SifError(Message("criteria.bounds_reversed"))

    def rules(self) -> Iterable[Rule]:
        bounds = []
        if self.at_least is not None:
            bounds.append(application.duration >= self.at_least)
        if self.at_most is not None:
            bounds.append(application.duration <= self.at_most)
        within = all_of(*bounds)
        yield self.rule(self.stage, within, condition_words(within))


def _as_written(bound: Decimal) -> LocalizedText:
    """A bound as the guideline writes it, in the unit of its fact."""
    return same(format(bound, "f"))


@frozen(kw_only=True)
class FactCriterion(Criterion):
    """A criterion on any fact (kriterium på en uppgift), for what has no class of its own.

    State one or more of ``holds`` (for a flag), ``at_least``, ``at_most``, ``more_than``,
    ``less_than`` and ``one_of``. Numbers are written as the fact is: kronor, months.

    >>> part = _cited(FactCriterion, fact=application.areas, at_least=3)
    >>> part.condition.test({"application.areas": 2})
    False
    """

    kind: ClassVar[str] = "fact"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="villkor på en uppgift", en="condition on a fact"
    )

    fact: Fact = clause("uppgift", "fact", default=attrs.NOTHING)
    holds: bool | None = clause("ska gälla", "must hold")
    at_least: Decimal | None = clause("minst", "at least", say=_as_written)
    at_most: Decimal | None = clause("högst", "at most", say=_as_written)
    more_than: Decimal | None = clause("mer än", "more than", say=_as_written)
    less_than: Decimal | None = clause("mindre än", "less than", say=_as_written)
    one_of: tuple[str, ...] = clause("en av", "one of", default=())

    def __attrs_post_init__(self) -> None:
        self.condition  # noqa: B018 - built here, so that an impossible one is refused when loading

    @property
    def condition(self) -> Condition:
        """The condition that the stated bounds make together."""
        return Bounds(
            holds=self.holds,
            at_least=self.at_least,
            at_most=self.at_most,
            more_than=self.more_than,
            less_than=self.less_than,
            one_of=self.one_of,
        ).on(self.fact)

    def rules(self) -> Iterable[Rule]:
        yield self.rule(self.stage, self.condition, condition_words(self.condition))


@frozen(kw_only=True)
class ConditionCriterion(Criterion):
    """A criterion put together of conditions: either/or, all of several, if this then that.

    State exactly one of ``any_of``, ``all_of`` and ``if_then``. Each condition is a table that
    has one of these in its turn, or a ``fact`` with what is demanded of it, as `FactCriterion`
    has it; a flag that is named alone must hold.

    >>> part = _cited(
    ...     ConditionCriterion,
    ...     any_of=(application.preventive.is_(True), application.early.is_(True)),
    ... )
    >>> part.condition.test({"application.early": True})
    True
    """

    kind: ClassVar[str] = "condition"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="sammansatt villkor", en="condition of several parts"
    )

    any_of: tuple[Condition, ...] = clause(
        "minst ett av", "at least one of", default=(), say=rows_words
    )
    all_of: tuple[Condition, ...] = clause("alla", "all of", default=(), say=rows_words)
    if_then: IfThen | None = clause("om, så", "if, then")

    def __attrs_post_init__(self) -> None:
        self.condition  # noqa: B018 - built here, so that a faulty one is refused when loading

    @property
    def condition(self) -> Condition:
        """The one condition that the parts make together."""
        stated = StatedCondition(any_of=self.any_of, all_of=self.all_of, if_then=self.if_then)
        return stated.condition

    def rules(self) -> Iterable[Rule]:
        yield self.rule(self.stage, self.condition, condition_words(self.condition))


def _cited(part: type[Criterion], **fields: Any) -> Criterion:
    """A part cited to an example guideline, for the worked examples above."""
    return part(path="criteria.example", sources={"": Citation("Example guideline")}, **fields)


PARTS = (
    MinimumAreas,
    LowersCosts,
    SavingsCoverCost,
    MunicipalEffects,
    ExternalActorCooperates,
    CommitteesAgree,
    ProjectTime,
    FactCriterion,
    ConditionCriterion,
)
