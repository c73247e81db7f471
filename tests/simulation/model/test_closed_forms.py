"""A portfolio small enough to work out by hand, under each return model."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from sifrules import FundPolicy, Idea, Portfolio

CITED = {"cite": "guide: 3"}
FUND = {"kind": "endowment", "amount": 5_000_000, **CITED}

#: An idea arises in month 0, is applied for and granted in month 6 (1 200 000 kronor),
#: runs to month 18 and is evaluated in month 24: costs fell by as much as it cost. So the
#: fund holds 5.0 million, from month 6 on 3.8, and from then on what comes back.
GRANTED, EVALUATED = 6, 24

RETURNS: dict[str, tuple[dict[str, Any], dict[int, int]]] = {
    "budget model: nothing comes back": ({"kind": "budget"}, {}),
    "by the plan: the whole cost in three parts, the first when the project has ended": (
        {"kind": "return_flow", "share": 1, "begins": "plan"},
        # Due in months 18, 30 and 42; the first is settled when it is evaluated.
        {24: 400_000, 30: 400_000, 42: 400_000},
    ),
    "a share and a fee on top: the fee does not go to the fund": (
        {
            "kind": "return_flow",
            "share": Decimal("0.5"),
            "begins": "plan",
            "fee": Decimal("0.05"),
            "fee_place": "on_top",
        },
        {24: 200_000, 30: 200_000, 42: 200_000},
    ),
    "as effects appear: from month 18, a year after the start": (
        {"kind": "return_flow", "share": 1, "begins": "effects"},
        {24: 400_000, 30: 400_000, 42: 400_000},
    ),
    "at a deadline: 36 months after the start, over two years in two parts": (
        {
            "kind": "return_flow",
            "share": 1,
            "begins": "deadline",
            "begins_within": 36,
            "lasts": 24,
            "instalment_every": 12,
        },
        {42: 600_000, 54: 600_000},
    ),
    "a share of the outcome, under a ceiling": (
        {"kind": "outcome_share", "split": Decimal("0.5"), "ceiling": Decimal("0.4")},
        {24: 480_000},
    ),
    "co-funding: nothing comes back": ({"kind": "co_funding", "share": 0}, {}),
}


@pytest.mark.parametrize(("model", "coming"), RETURNS.values(), ids=RETURNS)
def test_the_balance_month_by_month_is_what_was_worked_out(
    model: dict[str, Any],
    coming: dict[int, int],
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """Fixed costs and no randomness: every month's balance is known beforehand."""
    policy = policy_of(funding=FUND, return_model={**model, **CITED})
    portfolio = lived(policy, idea())
    balance, expected = 5_000_000, []
    for month in range(72):
        balance += coming.get(month, 0) - (1_200_000 if month == GRANTED else 0)
        expected.append(balance * 100)
    assert list(portfolio.balances) == expected
    assert portfolio.ledger.balance("spent") == 120_000_000


WRITE_DOWNS: dict[str, tuple[dict[str, Any], int, int]] = {
    "on failure the claim ceases": ({"kind": "on_failure_to_nothing"}, 0, 1_200_000),
    "to the effect, at least the floor": (
        {"kind": "to_measured_effect", "floor": Decimal("0.25")},
        300_000,
        900_000,
    ),
    "none: the claim stands": ({"kind": "none"}, 1_200_000, 0),
    "by decision, and none was decided": ({"kind": "by_decision"}, 1_200_000, 0),
}


@pytest.mark.parametrize(("rule", "returned", "given_up"), WRITE_DOWNS.values(), ids=WRITE_DOWNS)
def test_a_failure_is_written_down_by_the_policys_rule(
    rule: dict[str, Any],
    returned: int,
    given_up: int,
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """What is returned and what is given up, of a cost of 1.2 million that had no effect."""
    policy = policy_of(
        funding=FUND,
        return_model={"kind": "return_flow", "share": 1, "begins": "plan", **CITED},
        write_down={**rule, **CITED},
    )
    portfolio = lived(policy, idea(success=0.0))
    assert portfolio.balances[-1] == (3_800_000 + returned) * 100
    assert portfolio.ledger.balance("written_down") == given_up * 100
    assert portfolio.lives[0].outcome == "fails"


def test_a_failure_is_exempted_where_the_guideline_allows_it(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """The whole claim is given up by exemption, and only where one is stated."""
    model = {"kind": "return_flow", "share": 1, "exemption": "executive_board", **CITED}
    portfolio = lived(policy_of(funding=FUND, return_model=model), idea(success=0.0))
    assert portfolio.ledger.balance("exempted") == 120_000_000
    assert portfolio.balances[-1] == 380_000_000
    del model["exemption"]
    portfolio = lived(policy_of(funding=FUND, return_model=model), idea(success=0.0))
    assert portfolio.ledger.balance("exempted") == 0


def test_without_write_down_a_claim_stands_as_if_all_had_gone_as_hoped(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """The switch takes write-down, the bound by effect and exemption out together."""
    model = {
        "kind": "return_flow",
        "share": 1,
        "bounded_by_effect": True,
        "exemption": "executive_board",
        **CITED,
    }
    policy = policy_of(funding=FUND, return_model=model)
    failed = idea(success=0.0)
    assert lived(policy, failed).balances[-1] == 380_000_000
    assert lived(policy, failed, off=("write_down",)).balances[-1] == 500_000_000
    assert lived(policy, failed, off=("return_flow",)).balances[-1] == 380_000_000
