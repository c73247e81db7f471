"""Grants that bind the pots of coming years: each year's part comes out of that year's pot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sifrules import FundPolicy, Idea, Portfolio, SifError
from sifrules.policy.decide import decide
from sifrules_simulation.model.bound_years import BoundYears, yearly_parts
from sifrules_simulation.model.scenarios import Scenario

CITED = {"cite": "guide: 3"}
BUDGET = {"kind": "budget", **CITED}


@pytest.fixture(scope="session")
def bound(policy_of: Callable[..., FundPolicy]) -> Callable[..., FundPolicy]:
    """Makes a toy policy with a pot of a million a year, which grants bind or do not."""

    def make(binds: bool = True, **more: Any) -> FundPolicy:
        pot = {"kind": "yearly_pot", "amount": 1_000_000, "binds_coming_years": binds, **CITED}
        return policy_of(funding=pot | more, return_model=BUDGET)

    return make


def _granted(portfolio: Portfolio) -> list[tuple[int, int]]:
    """The years and amounts (kronor) that were taken out of the fund's pots, in order."""
    return [
        (posting.date.year, posting.amount // 100)
        for posting in portfolio.ledger.postings
        if posting.debit[0] == "reserved"
    ]


@given(amount=st.integers(1, 10**12), months=st.integers(1, 120))
def test_the_parts_of_the_years_sum_to_the_grant_and_reach_for_what_is_paid(
    amount: int, months: int
) -> None:
    """To the öre; what is paid month by month is never more than what is granted by then."""
    parts = yearly_parts(amount, months)
    assert sum(parts) == amount
    monthly = amount // months
    for years in range(1, len(parts)):
        assert 12 * years * monthly <= sum(parts[:years])


def test_each_year_takes_its_part_out_of_its_own_pot(
    bound: Callable[..., FundPolicy], idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """Two million over two years fits in a pot of one million a year, and fills both."""
    two_years = idea(cost=200_000_000, months=24)
    portfolio = lived(bound(), two_years, years=4)
    (life,) = portfolio.lives
    first = portfolio.ledger.postings[0].date.year
    assert (life.granted_in, life.applied_for, life.spent) == (6, 200_000_000, 200_000_000)
    assert _granted(portfolio) == [(first, 1_000_000), (first + 1, 1_000_000)]


def test_without_the_clause_the_year_of_the_grant_bears_it_all(
    bound: Callable[..., FundPolicy], idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """So that the project is cut to what one pot holds."""
    portfolio = lived(bound(binds=False), idea(cost=200_000_000, months=24), years=4)
    assert [amount for _, amount in _granted(portfolio)] == [1_000_000]


def test_a_pot_that_is_bound_leaves_no_room_until_a_year_is_free(
    bound: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    plain: Scenario,
) -> None:
    """A second project of two years waits for the third year."""
    around = plain.changed({"handling.patience": 48})
    two = [idea(number, cost=200_000_000, months=24, committee=number) for number in range(2)]
    portfolio = lived(bound(), *two, years=5, around=around)
    assert [life.granted_in for life in portfolio.lives] == [6, 24]
    by_year = {year: 0 for year, _ in _granted(portfolio)}
    for year, amount in _granted(portfolio):
        by_year[year] += amount
    assert max(by_year.values()) <= 1_000_000


def test_an_application_is_held_against_the_pot_year_by_year(
    bound: Callable[..., FundPolicy],
) -> None:
    """Two million over two years passes, over one year it does not."""
    about = {"application.cost": 2_000_000, "fund.granted_this_year": 0}
    for months, outcome in ((24, "eligible"), (12, "not_eligible")):
        said = {**about, "application.duration": months, "fund.available": 1_000_000}
        assert decide(bound(), said, stages=["allocation"]).outcome == outcome


def test_what_is_bound_cannot_be_carried_over_too(bound: Callable[..., FundPolicy]) -> None:
    """The two do not go together, and the file says so."""
    with pytest.raises(SifError, match="binds the pots of coming years"):
        bound(rolls_over=True)


def test_a_part_is_due_once_and_the_fullest_year_counts() -> None:
    """Of two grants that overlap in a year."""
    years = BoundYears()
    years.bind(0, "one", (5, 5), "")
    years.bind(1, "two", (4, 4), "")
    assert years.most_bound(0, 1) == 5
    assert years.most_bound(0, 3) == 9
    assert [part.name for part in years.due(1)] == ["one"]
    assert years.due(1) == []
