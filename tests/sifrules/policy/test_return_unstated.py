"""A guideline without a word on return differs from one by which nothing is returned."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sifrules import Guideline, Registry
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.settlement import Investment
from sifrules.validation import validate
from sifrules.values.dates import Month
from sifrules.values.money import Ore

TERMS = {"cite": "report: 1", "in_force": "2020"}
NO_FUND = {"kind": "none", "cite": "guide: 1"}
BUDGET = {"kind": "budget", "cite": "guide: 3"}
INVESTMENT = Investment(cost=Ore(100_000_000), start=Month(2021, 1), months=24)


@pytest.fixture
def made(
    toy: Callable[..., Guideline], registry_of: Callable[..., Registry]
) -> Callable[..., tuple[Registry, FundPolicy]]:
    def policy(**stated: object) -> tuple[Registry, FundPolicy]:
        guideline = toy(terms=TERMS, **stated)
        found = registry_of(guideline)
        return found, found.policy(guideline.id)

    return policy


def test_what_is_claimed_cannot_be_determined_where_nothing_is_said_of_return(
    made: Callable[..., tuple[Registry, FundPolicy]],
) -> None:
    """A settlement under a silent guideline is open, and says why."""
    _, policy = made(return_model=None)
    settlement = policy.settle(INVESTMENT)
    assert (settlement.settled, settlement.claims) == (False, ())
    assert "says nothing on return" in str(settlement.reason.text("en"))


@pytest.mark.parametrize(
    "stated", [{"return_model": BUDGET}, {"return_model": None, "funding": NO_FUND}]
)
def test_nothing_is_claimed_where_nothing_returns_or_there_is_no_fund(
    made: Callable[..., tuple[Registry, FundPolicy]], stated: dict[str, object]
) -> None:
    """A settlement that is sure to claim nothing."""
    _, policy = made(**stated)
    settlement = policy.settle(INVESTMENT)
    assert (settlement.settled, settlement.claims, policy.states_return) == (True, (), True)


def test_validation_doubts_a_guideline_that_says_nothing_on_return(
    made: Callable[..., tuple[Registry, FundPolicy]],
) -> None:
    """Its author may have forgotten it."""
    found, policy = made(return_model=None)
    assert ("return_unstated", "return_model") in [(i.kind, i.key) for i in validate(found, policy)]
    found, policy = made(return_model=BUDGET)
    assert "return_unstated" not in [issue.kind for issue in validate(found, policy)]
