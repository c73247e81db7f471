"""Caps: the last that fits is granted, the first that does not is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sifrules import Citation, Rule, SifError, Stage
from sifrules.rules.conditions import OneOf
from sifrules.rules.vocabulary import application
from sifrules_policies import (
    AmountPerInvestment,
    AmountPerYear,
    CofundingShare,
    DurationCap,
    NewInvestmentsPerYear,
    ShareOfCost,
)
from sifrules_policies.caps import PARTS

CITED = {"": Citation("A guideline", place="5")}
#: öre
AMOUNTS = st.integers(1, 10**11)
NEEDED: dict[str, dict[str, Any]] = {
    "cofunding_share": {"at_least": Decimal("0.5")},
    "share_of_cost": {"at_most": Decimal("0.7")},
}


def _rule(kind: type[Any], **stated: Any) -> Rule:
    (rule,) = kind(path="caps.it", sources=CITED, **stated).rules()
    assert isinstance(rule, Rule)
    return rule


@pytest.mark.parametrize("kind", PARTS, ids=lambda kind: kind.kind)
def test_every_cap_is_a_cited_rule_of_the_allocation(kind: type[Any]) -> None:
    """Open when nothing is known, and said in both languages."""
    rule = _rule(kind, **NEEDED.get(kind.kind, {"limit": 3}))
    assert (rule.id, rule.stage, rule.citation) == ("caps.it", Stage.ALLOCATION, CITED[""])
    assert rule.condition.test({}) is None
    assert rule.demand.sv != rule.demand.en


@given(st.integers(1, 50), st.integers(0, 60))
def test_another_investment_may_be_granted_while_there_were_fewer(limit: int, before: int) -> None:
    """At the limit no more are."""
    rule = _rule(NewInvestmentsPerYear, limit=limit)
    assert rule.condition.test({"fund.new_investments_this_year": before}) is (before < limit)


@given(AMOUNTS, AMOUNTS)
def test_an_investment_may_apply_for_as_much_as_the_cap(limit: int, cost: int) -> None:
    """To the öre."""
    rule = _rule(AmountPerInvestment, limit=limit)
    assert rule.condition.test({"application.applied_for": cost}) is (cost <= limit)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_year_holds_no_more_than_its_cap(limit: int, granted: int, cost: int) -> None:
    """What was granted and what is asked for together, to the öre."""
    rule = _rule(AmountPerYear, limit=limit)
    values = {"fund.granted_this_year": granted, "application.applied_for": cost}
    assert rule.condition.test(values) is (granted + cost <= limit)


@given(st.integers(1, 120), st.integers(0, 150))
def test_a_project_may_last_as_long_as_the_cap(limit: int, months: int) -> None:
    """To the month."""
    rule = _rule(DurationCap, limit=limit)
    assert rule.condition.test({"application.duration": months}) is (months <= limit)


@given(st.integers(0, 10_000), AMOUNTS, AMOUNTS)
def test_co_funding_reaches_the_stated_share(steps: int, own: int, cost: int) -> None:
    """Exactly, without rounding."""
    rule = _rule(CofundingShare, at_least=Decimal(steps) / 10_000)
    values = {"application.cofunding": own, "application.cost": cost}
    assert rule.condition.test(values) is (own * 10_000 >= cost * steps)


@pytest.mark.parametrize("kind", [part for part in PARTS if part.kind not in NEEDED])
@pytest.mark.parametrize("limit", [0, -1])
def test_a_cap_of_nothing_is_refused(kind: type[Any], limit: int) -> None:
    """A fund that grants nothing is said otherwise."""
    with pytest.raises(SifError, match="more than 0"):
        kind(path="caps.it", sources=CITED, limit=limit)


@given(AMOUNTS, AMOUNTS, st.sampled_from(["committee", "civil_society"]))
def test_a_cap_may_hold_for_some_applicants_only(limit: int, asked: int, who: str) -> None:
    """Others are not refused by it, whatever they ask for."""
    where = OneOf(application.applicant, ("civil_society",))
    rule = _rule(AmountPerInvestment, limit=limit, where=where)
    values = {"application.applied_for": asked, "application.applicant": who}
    assert rule.condition.test(values) is (who == "committee" or asked <= limit)
    assert "civil society" in rule.demand.en


@given(st.integers(0, 10_000), AMOUNTS, AMOUNTS)
def test_the_fund_pays_no_more_than_its_share(steps: int, asked: int, cost: int) -> None:
    """Exactly, without rounding."""
    rule = _rule(ShareOfCost, at_most=Decimal(steps) / 10_000)
    values = {"application.applied_for": asked, "application.cost": cost}
    assert rule.condition.test(values) is (asked * 10_000 <= cost * steps)


def test_a_cap_on_the_cost_does_not_ask_who_pays_it() -> None:
    """Where the guideline says cost, what others pay counts too."""
    rule = _rule(AmountPerInvestment, limit=5, of="cost")
    assert [fact.name for fact in rule.facts] == ["application.cost"]


def test_co_funding_in_money_leaves_out_work_in_kind() -> None:
    """It reads what is paid in money alone, and says so."""
    rule = _rule(CofundingShare, at_least=Decimal("0.3"), in_kind=False)
    values = {"application.cost": 100, "application.cofunding": 60}
    assert rule.condition.test(values) is None
    assert rule.condition.test({**values, "application.cofunding_in_money": 29}) is False
    assert "in money" in rule.demand.en
