"""Criteria (kriterier) that test a single flag, such as that exclusion is countered.

Those that compute something are in `sifrules_policies.criteria`.
"""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from sifrules.rules.conditions import Fact
from sifrules.rules.rulebook import Stage
from sifrules.rules.vocabulary import application
from sifrules.values.text import LocalizedText
from sifrules_policies.criterion import FlagCriterion


@frozen(kw_only=True)
class ReducesExclusion(FlagCriterion):
    """Counters exclusion (motverkar utanförskap).

    >>> ReducesExclusion.fact.name
    'application.reduces_exclusion'
    """

    kind: ClassVar[str] = "reduces_exclusion"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="minskar eller motverkar utanförskap", en="counters exclusion"
    )
    fact: ClassVar[Fact] = application.reduces_exclusion


@frozen(kw_only=True)
class LowersUnemployment(FlagCriterion):
    """Lowers unemployment in the long run (minskar arbetslösheten), also indirectly.

    >>> LowersUnemployment.fact.name
    'application.lowers_unemployment'
    """

    kind: ClassVar[str] = "lowers_unemployment"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="sänker på sikt arbetslösheten, direkt eller genom en orsakskedja",
        en="lowers unemployment in the long run, directly or through a chain of causes",
    )
    fact: ClassVar[Fact] = application.lowers_unemployment


@frozen(kw_only=True)
class Evaluable(FlagCriterion):
    """Can be evaluated (utvärderingsbar).

    >>> Evaluable.fact.name
    'application.evaluable'
    """

    kind: ClassVar[str] = "evaluable"
    words: ClassVar[LocalizedText] = LocalizedText(sv="kan utvärderas", en="can be evaluated")
    fact: ClassVar[Fact] = application.evaluable


@frozen(kw_only=True)
class ExternalEvaluation(FlagCriterion):
    """An external party evaluates with scientific methods (extern utvärdering).

    >>> ExternalEvaluation.fact.name
    'application.external_evaluation'
    """

    kind: ClassVar[str] = "external_evaluation"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="en extern part följer och utvärderar med vetenskapliga metoder",
        en="an external party follows and evaluates with scientific methods",
    )
    fact: ClassVar[Fact] = application.external_evaluation


@frozen(kw_only=True)
class NewThinking(FlagCriterion):
    """Tries new ways of working (nytänkande).

    >>> NewThinking.fact.name
    'application.new_thinking'
    """

    kind: ClassVar[str] = "new_thinking"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="prövar nya arbetssätt eller metoder", en="tries new ways of working or methods"
    )
    fact: ClassVar[Fact] = application.new_thinking


@frozen(kw_only=True)
class FurthersCooperation(FlagCriterion):
    """Furthers cooperation between operations (främjar samverkan).

    >>> FurthersCooperation.fact.name
    'application.furthers_cooperation'
    """

    kind: ClassVar[str] = "furthers_cooperation"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="främjar samverkan mellan verksamheter", en="furthers cooperation between operations"
    )
    fact: ClassVar[Fact] = application.furthers_cooperation


@frozen(kw_only=True)
class Preventive(FlagCriterion):
    """Promoting and preventive (främjande och förebyggande).

    >>> Preventive.fact.name
    'application.preventive'
    """

    kind: ClassVar[str] = "preventive"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="främjande och förebyggande", en="promoting and preventive"
    )
    fact: ClassVar[Fact] = application.preventive


@frozen(kw_only=True)
class Early(FlagCriterion):
    """Breaks a negative development early (tidig insats).

    >>> Early.fact.name
    'application.early'
    """

    kind: ClassVar[str] = "early"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="bryter en negativ utveckling tidigt", en="breaks a negative development early"
    )
    fact: ClassVar[Fact] = application.early


@frozen(kw_only=True)
class ChildrenAndYoung(FlagCriterion):
    """For children and young people (barn och unga).

    >>> ChildrenAndYoung.fact.name
    'application.children_and_young'
    """

    kind: ClassVar[str] = "children_and_young"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="riktar sig till barn och unga", en="is for children and young people"
    )
    fact: ClassVar[Fact] = application.children_and_young


@frozen(kw_only=True)
class PublicHealth(FlagCriterion):
    """Furthers public health (främjar folkhälsan).

    >>> PublicHealth.fact.name
    'application.public_health'
    """

    kind: ClassVar[str] = "public_health"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="främjar folkhälsan bland invånarna", en="furthers the inhabitants' public health"
    )
    fact: ClassVar[Fact] = application.public_health


@frozen(kw_only=True)
class WithinGoalAreas(FlagCriterion):
    """Lies within the fund's goal areas (målområden).

    >>> WithinGoalAreas.fact.name
    'application.within_goal_areas'
    """

    kind: ClassVar[str] = "within_goal_areas"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="ligger inom fondens målområden", en="lies within the fund's goal areas"
    )
    fact: ClassVar[Fact] = application.within_goal_areas


@frozen(kw_only=True)
class SavingsPeriodStated(FlagCriterion):
    """States when the cost reduction is foreseen (tidsperiod för kostnadsminskningen).

    >>> SavingsPeriodStated.fact.name
    'application.savings_period_stated'
    """

    kind: ClassVar[str] = "savings_period_stated"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="anger perioden då kostnadsminskningen kan förutses",
        en="states the period in which the cost reduction is foreseen",
    )
    fact: ClassVar[Fact] = application.savings_period_stated


@frozen(kw_only=True)
class NotRegularOperations(FlagCriterion):
    """Not regular operations, nor work already under way (inte ordinarie verksamhet).

    >>> NotRegularOperations.wanted
    False
    """

    kind: ClassVar[str] = "not_regular_operations"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="är inte ordinarie verksamhet eller redan pågående arbete",
        en="is not regular operations nor work already under way",
    )
    fact: ClassVar[Fact] = application.regular_operations
    wanted: ClassVar[bool] = False


@frozen(kw_only=True)
class OutsidePartiesConsidered(FlagCriterion):
    """Cooperation with outside parties has been considered (samverkan övervägd).

    >>> OutsidePartiesConsidered.usual_stage.value
    'application'
    """

    kind: ClassVar[str] = "outside_parties_considered"
    usual_stage: ClassVar[Stage] = Stage.APPLICATION
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="samverkan med parter utanför kommunen har övervägts",
        en="cooperation with parties outside the municipality has been considered",
    )
    fact: ClassVar[Fact] = application.outside_parties_considered


@frozen(kw_only=True)
class OneTotalSum(FlagCriterion):
    """One total sum for the whole project time (totalsumma för hela projekttiden).

    >>> OneTotalSum.fact.name
    'application.one_total_sum'
    """

    kind: ClassVar[str] = "one_total_sum"
    usual_stage: ClassVar[Stage] = Stage.APPLICATION
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="en totalsumma för hela projekttiden", en="one total sum for the whole project time"
    )
    fact: ClassVar[Fact] = application.one_total_sum


PARTS = (
    ReducesExclusion,
    LowersUnemployment,
    Evaluable,
    ExternalEvaluation,
    NewThinking,
    FurthersCooperation,
    Preventive,
    Early,
    ChildrenAndYoung,
    PublicHealth,
    WithinGoalAreas,
    SavingsPeriodStated,
    NotRegularOperations,
    OutsidePartiesConsidered,
    OneTotalSum,
)
