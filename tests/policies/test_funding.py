"""Funding: where there is a fund, no grant exceeds what is left in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sifrules import Citation, FundPolicy, Stage, decide
from sifrules.values.money import ore
from sifrules_policies.funding import PARTS, BudgetLine, Earmark, Endowment, NoFund, YearlyPot

CITED = {"": Citation("A guideline", place="1")}
FUNDS: list[type[Any]] = [part for part in PARTS if part is not NoFund]


def _part(kind: type[Any], **stated: Any) -> Any:
    return kind(path="funding", sources=CITED, **stated)


@pytest.mark.parametrize("kind", FUNDS, ids=lambda kind: kind.kind)
@given(cost=st.integers(0, 10**11), left=st.integers(0, 10**11))
def test_a_cost_is_granted_only_out_of_what_is_left(kind: type[Any], cost: int, left: int) -> None:
    """To the öre, for every kind of fund."""
    (rule,) = _part(kind).rules()
    assert (rule.id, rule.stage) == ("funding.balance", Stage.ALLOCATION)
    values = {"application.cost": cost, "fund.available": left}
    assert rule.condition.test(values) is (cost <= left)


@pytest.mark.parametrize("kind", PARTS, ids=lambda kind: kind.kind)
def test_the_policy_itself_settles_whether_there_is_a_fund(kind: type[Any]) -> None:
    """Nobody is asked for what the guideline says."""
    assert _part(kind).given() == {"fund.exists": kind is not NoFund}


@pytest.mark.parametrize("kind", [Endowment, YearlyPot, Earmark, BudgetLine])
def test_an_amount_that_is_not_stated_is_not_known(kind: type[Any]) -> None:
    """It is neither nothing nor without end."""
    assert _part(kind).opening is None
    assert _part(kind, amount=ore(5)).opening == ore(5)


def test_a_fund_opens_with_what_was_first_set_aside() -> None:
    """Later raises are no part of it; only where nothing else is known, the sum is."""
    assert _part(Endowment, amount=ore(65), total=ore(87)).opening == ore(65)
    assert _part(Endowment, total=ore(87)).opening == ore(87)


def test_a_yearly_pot_gives_what_is_left_of_the_year() -> None:
    """What was granted this year is counted against the pot, not what some fund has left."""
    (rule,) = _part(YearlyPot, amount=ore(6)).rules()
    granted = {"fund.granted_this_year": ore(4)}
    assert rule.condition.test({**granted, "application.cost": ore(2)}) is True
    assert rule.condition.test({**granted, "application.cost": ore(3)}) is False


def test_without_a_fund_every_application_is_refused_with_a_citation(
    policy_of: Callable[..., FundPolicy],
) -> None:
    """Also where nothing is known of it, with the reason and where it is stated."""
    policy = policy_of(funding={"kind": "none", "cite": "guide: 1"})
    decision = decide(policy, {}, engine="compiled")
    assert decision.outcome.value == "not_eligible"
    (refusal,) = decision.refusals
    assert refusal.reads == {"fund.exists": False}
    assert str(refusal.rule.citation) == "The guideline, 1 (2020)"
    assert _part(NoFund).opening == 0


def test_a_top_up_inside_a_fund_is_cited_as_the_fund_or_by_itself(
    policy_of: Callable[..., FundPolicy],
) -> None:
    """An inner part takes the outer's citation where it has none."""
    policy = policy_of(
        funding={
            "kind": "endowment",
            "cite": "guide: 1",
            "first_raise": {"date": "2015", "amount": {"value": 22, "cite": "report: 2"}},
        }
    )
    cited = {clause.path: str(clause.citation) for clause in policy.clauses}
    assert cited["funding.first_raise.date"] == "The guideline, 1 (2020)"
    assert cited["funding.first_raise.amount"] == "The report, KS 1/2021, 2"
