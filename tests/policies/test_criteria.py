"""Criteria: each demands one thing, is cited, and cannot decide on what is not stated."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sifrules import Citation, FundPolicy, Rule, SifError, application, decide
from sifrules.rules.vocabulary import APPLICANTS
from sifrules_policies import criteria, plain_criteria
from sifrules_policies.criteria import (
    EXTERNAL,
    ExternalActorCooperates,
    FactCriterion,
    LowersCosts,
    MinimumAreas,
    ProjectTime,
    SavingsCoverCost,
)
from sifrules_policies.criterion import Criterion

CITED = {"": Citation("A guideline", place="2")}
PARTS: tuple[type[Criterion], ...] = (*criteria.PARTS, *plain_criteria.PARTS)
#: what the kinds need that cannot be stated without a value
NEEDED: dict[str, dict[str, Any]] = {
    "minimum_areas": {"areas": 2},
    "savings_cover_cost": {"share": Decimal(1)},
    "project_time": {"at_most": 36},
    "fact": {"fact": application.areas, "at_least": Decimal(2)},
}


def _part(kind: type[Any], **stated: Any) -> Any:
    return kind(path="criteria.it", sources=CITED, **{**NEEDED.get(kind.kind, {}), **stated})


def _rule(kind: type[Any], **stated: Any) -> Rule:
    (rule,) = _part(kind, **stated).rules()
    assert isinstance(rule, Rule)
    return rule


@pytest.mark.parametrize("kind", PARTS, ids=lambda kind: kind.kind)
def test_every_criterion_gives_cited_rules_that_are_open_when_nothing_is_known(
    kind: type[Criterion],
) -> None:
    """Each rule stands under the path of its clause and says its demand in both languages."""
    rules = list(_part(kind).rules())
    assert rules
    for rule in rules:
        assert rule.id.startswith("criteria.it")
        assert rule.citation == CITED[""]
        assert rule.demand.sv
        assert rule.demand.en
        assert rule.condition.test({}) is None


def test_kinds_are_distinguished_by_their_names() -> None:
    """No two criteria share a kind."""
    assert len({part.kind for part in PARTS}) == len(PARTS)


@given(st.integers(1, 10), st.integers(0, 12))
def test_enough_areas_are_at_least_as_many_as_stated(least: int, taking_part: int) -> None:
    """To the number."""
    met = _rule(MinimumAreas, areas=least).condition.test({"application.areas": taking_part})
    assert met is (taking_part >= least)


@given(st.decimals(0, 10, places=4), st.integers(0, 10**11), st.integers(0, 10**11))
def test_savings_cover_the_stated_share_of_the_cost(
    share: Decimal, savings: int, cost: int
) -> None:
    """Every share that may be stated can be decided on, exactly."""
    values = {"application.expected_savings": savings, "application.cost": cost}
    met = _rule(SavingsCoverCost, share=share).condition.test(values)
    assert met is (savings * 10_000 >= cost * int(share * 10_000))


@pytest.mark.parametrize(("savings", "follows"), [(1, True), (0, False), (-1, False), (None, None)])
def test_expected_savings_above_nothing_lower_costs(
    savings: int | None, follows: bool | None
) -> None:
    """What is not known does not follow."""
    (link,) = _part(LowersCosts).derivations()
    known = {} if savings is None else {"application.expected_savings": savings}
    assert link.value(known) is follows


def test_dampened_costs_count_only_where_the_guideline_says_so() -> None:
    """By its own clause."""
    dampens = {"application.dampens_costs": True, "application.lowers_costs": False}
    assert _rule(LowersCosts).condition.test(dampens) is False
    assert _rule(LowersCosts, or_dampens=True).condition.test(dampens) is True


@pytest.mark.parametrize("applicant", APPLICANTS)
@pytest.mark.parametrize("partner", [True, False, None])
def test_an_external_actor_needs_a_municipal_partner(
    policy_of: Callable[..., FundPolicy], applicant: str, partner: bool | None
) -> None:
    """Who is inside the municipality needs none; the chain shows how it followed."""
    policy = policy_of(criteria={"it": {"kind": "external_actor_cooperates", "cite": "guide"}})
    facts = {"application.applicant": applicant, "application.municipal_partner": partner}
    decision = decide(policy, facts, engine="compiled")
    inside = applicant not in EXTERNAL
    expected = {True: "eligible", False: "not_eligible", None: "cannot_tell"}
    assert decision.outcome.value == expected[True if inside else partner]
    assert decision.chain[0].derivation.fact.name == "application.external_actor"
    assert ExternalActorCooperates.kind == "external_actor_cooperates"


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 70))
def test_project_time_lies_within_its_bounds(one: int, other: int, months: int) -> None:
    """Both ends belong to it; bounds the wrong way round are refused."""
    low, high = sorted((one, other))
    rule = _rule(ProjectTime, at_least=low, at_most=high)
    assert rule.condition.test({"application.duration": months}) is (low <= months <= high)
    if low < high:
        with pytest.raises(SifError, match="no more than at_most"):
            _part(ProjectTime, at_least=high, at_most=low)


def test_project_time_without_a_bound_is_refused() -> None:
    """A criterion has to demand something."""
    with pytest.raises(SifError, match="expected at_least, at_most or both"):
        ProjectTime(path="criteria.it", sources=CITED)


@pytest.mark.parametrize(
    ("stated", "met", "not_met"),
    [
        ({"fact": application.early, "holds": False}, False, True),
        ({"fact": application.areas, "at_least": Decimal(2)}, 2, 1),
        ({"fact": application.areas, "more_than": Decimal(2)}, 3, 2),
        ({"fact": application.areas, "less_than": Decimal(2)}, 1, 2),
        ({"fact": application.cost, "at_most": Decimal("1.50")}, Decimal("1.50"), Decimal("1.51")),
        ({"fact": application.applicant, "one_of": ("committee",)}, "committee", "company"),
        ({"fact": application.areas, "at_least": Decimal(2), "at_most": Decimal(3)}, 3, 4),
    ],
    ids=str,
)
def test_a_criterion_on_any_fact_can_be_stated_without_python(
    stated: dict[str, Any], met: Any, not_met: Any
) -> None:
    """Every kind of bound, alone and together, in the unit that the fact is written in."""
    part = FactCriterion(path="criteria.it", sources=CITED, **stated)
    fact = part.fact
    assert part.condition.test({fact.name: fact.value(met)}) is True
    assert part.condition.test({fact.name: fact.value(not_met)}) is False


@pytest.mark.parametrize(
    "wrong",
    [
        {"fact": application.areas},
        {"fact": application.areas, "holds": True},
        {"fact": application.areas, "at_least": Decimal("2.5")},
        {"fact": application.early, "at_least": Decimal(1)},
        {"fact": application.applicant, "one_of": ("king",)},
        {"fact": application.applicant, "at_most": Decimal(1)},
        {"fact": application.cost, "at_least": Decimal("0.001")},
    ],
    ids=str,
)
def test_a_bound_that_does_not_fit_its_fact_is_refused(wrong: dict[str, Any]) -> None:
    """When the guideline is read."""
    with pytest.raises(SifError):
        FactCriterion(path="criteria.it", sources=CITED, **wrong)
