"""Transitional provisions: return before, none after, and nothing guessed in between."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sifrules import Citation, Investment, Month, Ore, PartialDate, SifError
from sifrules_policies import BudgetModel, ReturnFlow, Transition

CITED = {"": Citation("A guideline", place="3")}


def _flow(**stated: Any) -> ReturnFlow:
    return ReturnFlow(**{"path": "return_model", "sources": CITED, "share": Decimal(1), **stated})


def _investment(start: Month) -> Investment:
    return Investment(cost=Ore(100), start=start, months=12)


def _transition(gap: str = "unclear", before: str = "2021", after: str = "2021") -> Transition:
    return Transition(
        path="return_model.transition",
        sources=CITED,
        returns_before=PartialDate.parse(before),
        ends_after=PartialDate.parse(after),
        gap=gap,  # type: ignore[arg-type]  # one of three words
    )


@pytest.mark.parametrize("model", [ReturnFlow, BudgetModel])
def test_a_start_in_the_gap_is_left_open_and_says_how_to_choose(
    model: type[ReturnFlow] | type[BudgetModel],
) -> None:
    """Neither wording covers it, so nothing is claimed and nothing is said not to be owed."""
    settlement = model(sources=CITED, transition=_transition()).settle(
        _investment(Month(2021, 6)), None
    )
    assert not settlement.settled
    assert settlement.reason is not None
    assert "return_model.transition.gap" in settlement.reason.en


@pytest.mark.parametrize(("gap", "claims"), [("return", 1), ("no_return", 0)])
def test_the_gap_can_be_read_either_way(gap: str, claims: int) -> None:
    """As a what-if, with the choice named in the settlement."""
    model = _flow(transition=_transition(gap))
    settlement = model.settle(_investment(Month(2021, 6)), None)
    assert settlement.settled
    assert len(settlement.claims) == claims


@pytest.mark.parametrize(("year", "claims"), [(2020, 1), (2022, 0)])
def test_outside_the_gap_the_wordings_hold(year: int, claims: int) -> None:
    """Return before, none after."""
    settlement = _flow(transition=_transition()).settle(_investment(Month(year, 6)), None)
    assert settlement.settled
    assert len(settlement.claims) == claims


@given(
    gap=st.sampled_from(["unclear", "return", "no_return"]),
    first=st.integers(1, 36),
    length=st.integers(0, 24),
    start=st.integers(-6, 72),
    precise=st.booleans(),
)
def test_the_rules_and_the_settlement_agree_on_whether_return_applies(
    gap: str, first: int, length: int, start: int, precise: bool
) -> None:
    """What follows from the start year never contradicts what is settled for the month."""
    before, after = Month(2019, 1) + first, Month(2019, 1) + first + length
    written = (str(before), str(after)) if precise else (str(before.year), str(after.year))
    rule = _transition(gap, *written)
    month = Month(2019, 1) + start
    (link,) = rule.derivations()
    followed = link.value({"investment.start_year": month.year})
    assert followed is None or followed is rule.applies(month)


def test_a_transition_that_ends_before_it_begins_is_refused() -> None:
    """Return cannot both apply and not apply to one start."""
    with pytest.raises(SifError):
        _transition(before="2022", after="2020")


def test_a_month_across_the_day_of_the_change_cannot_be_determined() -> None:
    """A start known to the month may lie on either side; the reading of the gap does not help."""
    rule = Transition(
        returns_before=PartialDate.parse("2021-06-15"),
        ends_after=PartialDate.parse("2021-12-31"),
        gap="no_return",
    )
    assert [rule.applies(Month(2021, month)) for month in (5, 6, 7)] == [True, None, False]


def test_a_budget_model_claims_nothing_for_a_start_under_the_earlier_guideline() -> None:
    """It says so, and that the earlier guideline's return applies."""
    model = BudgetModel(sources=CITED, transition=_transition())
    settlement = model.settle(_investment(Month(2017, 8)), None)
    assert (settlement.settled, settlement.total) == (True, 0)
    assert settlement.reason is not None
    assert "earlier" in settlement.reason.en
