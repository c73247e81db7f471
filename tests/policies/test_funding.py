"""Funding: where there is a fund, no grant exceeds what is left in it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sifrules import Citation, FaultyFile, FundPolicy, Stage, decide
from sifrules.values.dates import PartialDate
from sifrules.values.money import ore
from sifrules_policies.funding import (
    PARTS,
    BudgetLine,
    DatedSum,
    Earmark,
    Endowment,
    IncomeShare,
    NoFund,
    TopUp,
    YearlyPot,
)

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
    values = {"application.applied_for": cost, "fund.available": left}
    assert rule.condition.test(values) is (cost <= left)


@pytest.mark.parametrize("kind", PARTS, ids=lambda kind: kind.kind)
def test_the_policy_itself_settles_whether_there_is_a_fund(kind: type[Any]) -> None:
    """Nobody is asked for what the guideline says."""
    assert _part(kind).given() == {"fund.exists": kind is not NoFund}


@pytest.mark.parametrize("kind", [Endowment, YearlyPot, IncomeShare, Earmark, BudgetLine])
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
    assert rule.condition.test({**granted, "application.applied_for": ore(2)}) is True
    assert rule.condition.test({**granted, "application.applied_for": ore(3)}) is False


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


def _in_years(fund: Any, years: int = 7) -> list[int]:
    return [fund.put_in(year, 0, False) // 100 for year in range(years)]


DATED = {"2013": 10, "2016": 10, "2017-06": 12, "2018": 15}


def test_each_of_any_number_of_sums_comes_in_its_year() -> None:
    """10, 10, 12 and 15 in 2013, 2016, 2017 and 2018, counted from the first of them."""
    sums = [DatedSum(date=PartialDate.parse(d), amount=ore(a)) for d, a in DATED.items()]
    fund = _part(Endowment, sums=tuple(sums))
    assert _in_years(fund) == [10, 0, 0, 10, 12, 15, 0]
    assert (fund.first_year, fund.undated, fund.opening) == (2013, 0, ore(10))


def test_the_old_fields_are_a_shorthand_of_the_list() -> None:
    """An amount, when it was decided and two raises are three sums."""
    first, second = (TopUp(date=PartialDate.parse(f"{y}"), amount=ore(5)) for y in (2014, 2016))
    decided = PartialDate.parse("2013")
    old = _part(Endowment, amount=ore(9), decided=decided, first_raise=first, second_raise=second)
    listed = [DatedSum(date=decided, amount=ore(9))]
    listed += [DatedSum(date=each.date, amount=each.amount) for each in (first, second)]
    assert _in_years(old) == _in_years(_part(Endowment, sums=tuple(listed)))


@given(
    st.lists(st.tuples(st.integers(2000, 2020) | st.none(), st.integers(1, 10**9)), max_size=6),
    st.integers(0, 10**9),
)
def test_no_krona_is_lost_and_none_without_a_date_is_in_a_year(
    stated: list[tuple[int | None, int]], more: int
) -> None:
    """All years together and what is undated are the total; the undated is what has no date."""
    sums = tuple(
        DatedSum(date=None if year is None else PartialDate.parse(str(year)), amount=ore(amount))
        for year, amount in stated
    )
    dated = sum(amount for year, amount in stated if year is not None)
    total = sum(amount for _, amount in stated) + more
    fund = _part(Endowment, sums=sums, total=ore(total) if stated else None)
    assert sum(_in_years(fund, 25)) == dated
    assert fund.undated == (ore(total) - ore(dated) if stated else 0)


def test_sums_at_an_unknown_time_after_the_first_are_in_no_year() -> None:
    """Ten, ten and twelve of 47 that are dated, and 15 of which only the total tells."""
    fund = _part(
        Endowment,
        amount=ore(10),
        decided=PartialDate.parse("2013"),
        first_raise=TopUp(date=PartialDate.parse("2016"), amount=ore(10)),
        second_raise=TopUp(date=PartialDate.parse("2017"), amount=ore(12)),
        total=ore(47),
    )
    assert _in_years(fund) == [10, 0, 0, 10, 12, 0, 0]
    assert fund.undated == ore(15)
    begun = _part(Endowment, amount=ore(10), first_raise=fund.first_raise)
    assert (_in_years(begun, 5), begun.undated) == ([10, 0, 0, 0, 0], ore(10))


def test_each_sum_of_a_list_has_a_citation_of_its_own(
    policy_of: Callable[..., FundPolicy],
) -> None:
    """Budgets of different years are different documents; the fund needs no other citation."""
    policy = policy_of(
        funding={
            "kind": "endowment",
            "sums": [
                {"date": "2013", "amount": 10, "cite": "guide: 1"},
                {"date": "2016", "amount": 12, "cite": "report: 2"},
            ],
        }
    )
    cited = {clause.path: str(clause.citation) for clause in policy.clauses}
    assert cited["funding.sums[0].amount"] == "The guideline, 1 (2020)"
    assert cited["funding.sums[1].amount"] == "The report, KS 1/2021, 2"
    (rule,) = policy.funding.rules()
    assert rule.citation.document == "The guideline"


def test_a_listed_sum_without_a_citation_is_refused(policy_of: Callable[..., FundPolicy]) -> None:
    """Also where the other sums have theirs; the fault names the sum."""
    sums = [{"date": "2013", "amount": 1, "cite": "guide: 1"}, {"date": "2016", "amount": 2}]
    with pytest.raises(FaultyFile, match=r"funding\.sums\[1\]"):
        policy_of(funding={"kind": "endowment", "sums": sums})


def test_what_a_pot_carries_over_can_still_be_granted() -> None:
    """Money of last year is granted out of what the fund has, not out of this year's pot."""
    (rule,) = _part(YearlyPot, amount=ore(6), rolls_over=True).rules()
    assert [fact.name for fact in rule.facts] == ["application.applied_for", "fund.available"]


@given(amount=st.integers(1, 10**6), left=st.integers(0, 10**6), most=st.integers(1, 10**6))
def test_of_what_is_left_of_a_pot_no_more_is_carried_than_may_be(
    amount: int, left: int, most: int
) -> None:
    """Nothing where it lapses, all where it rolls over, else at most the limit."""
    pots = {
        0: _part(YearlyPot, amount=ore(amount)),
        left: _part(YearlyPot, amount=ore(amount), rolls_over=True),
        min(left, most): _part(YearlyPot, amount=ore(amount), carried_at_most=ore(most)),
    }
    for carried, pot in pots.items():
        assert ore(left) + pot.put_in(1, ore(left), False) == ore(amount) + ore(carried)


def test_a_share_of_an_income_is_kept_within_its_bounds() -> None:
    """A tenth of what sales bring, between ten and thirty; without a known income the least."""
    share: dict[str, Any] = {"share": Decimal("0.1"), "at_least": ore(10), "at_most": ore(30)}
    for income, gives in ((50, 10), (200, 20), (500, 30)):
        assert _in_years(_part(IncomeShare, income=ore(income), **share), 2) == [gives] * 2
    unknown = _part(IncomeShare, **share)
    assert (_in_years(unknown, 2), unknown.opening) == ([10, 10], ore(10))
    assert unknown.reckoned is not None
    assert _part(IncomeShare, share=Decimal("0.1")).opening is None


@pytest.mark.parametrize(
    "stated",
    [
        {"kind": "yearly_pot", "rolls_over": False, "carried_at_most": 5},
        {"kind": "income_share", "at_least": 5, "at_most": 4},
        {"kind": "endowment", "amount": 5, "closes_by": "merger"},
    ],
    ids=lambda stated: stated["kind"],
)
def test_what_contradicts_itself_is_refused(
    policy_of: Callable[..., FundPolicy], stated: dict[str, Any]
) -> None:
    """At the fund's key."""
    with pytest.raises(FaultyFile, match="funding"):
        policy_of(funding={"cite": "guide: 1", **stated})


@pytest.mark.parametrize(
    ("closes", "year"), [("2018", 2019), ("2018-06", 2019), ("2018-01-01", 2018)]
)
def test_a_fund_is_closed_from_the_first_new_year_after_it_ends(closes: str, year: int) -> None:
    """A year may be lived to its end; a first of January closes at once."""
    assert _part(Endowment, closes=PartialDate.parse(closes)).closing_year == year
