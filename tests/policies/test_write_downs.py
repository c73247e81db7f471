"""Write-downs keep a part of a claim: never more than the claim, never less than nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sifrules import Citation, Investment, Month, SifError
from sifrules.values.money import share_of
from sifrules_policies import ByDecision, NoWriteDown, OnFailureToNothing, ToMeasuredEffect
from sifrules_policies.write_downs import PARTS

CITED = {"": Citation("A guideline", place="4")}
AMOUNTS = st.integers(0, 10**11)
SHARES = st.decimals(0, 1, places=4)


def _investment(**known: Any) -> Investment:
    return Investment(**{"cost": 100, "start": Month(2020, 1), "months": 12, **known})


investments = st.builds(
    _investment,
    cost=AMOUNTS,
    effect=st.none() | st.integers(-(10**11), 10**11),
    failed=st.booleans(),
    decided_write_down=AMOUNTS,
)


@given(st.sampled_from(PARTS), AMOUNTS, investments)
def test_what_is_kept_lies_between_nothing_and_the_claim(
    kind: Any, claimed: int, project: Investment
) -> None:
    """For every kind; and each says why and where that is stated."""
    kept, why, citation = kind(sources=CITED).keep(claimed, project)
    assert 0 <= kept <= claimed
    assert why.sv
    assert citation == CITED[""]


@given(AMOUNTS, investments)
def test_no_write_down_keeps_it_all(claimed: int, project: Investment) -> None:
    """Whatever the effect."""
    assert NoWriteDown(sources=CITED).keep(claimed, project)[0] == claimed


@pytest.mark.parametrize(
    ("known", "kept"),
    [
        ({}, 80),
        ({"effect": 1}, 80),
        ({"effect": 0}, 0),
        ({"effect": -5}, 0),
        ({"failed": True}, 0),
        ({"failed": True, "effect": 50}, 0),
    ],
)
def test_the_claim_ceases_only_where_no_effect_was_measured(
    known: dict[str, Any], kept: int
) -> None:
    """An effect that nobody has measured is not one that failed to come."""
    assert OnFailureToNothing(sources=CITED).keep(80, _investment(**known))[0] == kept


@given(AMOUNTS, investments, SHARES)
def test_a_claim_is_written_down_to_the_effect_but_not_below_the_floor(
    claimed: int, project: Investment, floor: Decimal
) -> None:
    """The floor is a share of the cost; an effect not measured writes nothing down."""
    kept, _, _ = ToMeasuredEffect(sources=CITED, floor=floor).keep(claimed, project)
    if project.measured is None:
        assert kept == claimed
    else:
        assert kept == min(claimed, max(project.measured, share_of(project.cost, floor)))


@given(AMOUNTS, investments, SHARES, SHARES)
def test_a_higher_floor_never_keeps_less(
    claimed: int, project: Investment, one: Decimal, other: Decimal
) -> None:
    """In the order of the floors."""
    low, high = (
        ToMeasuredEffect(sources=CITED, floor=floor).keep(claimed, project)[0]
        for floor in sorted((one, other))
    )
    assert low <= high


@given(AMOUNTS, AMOUNTS)
def test_a_decision_writes_down_as_much_as_was_decided(claimed: int, decided: int) -> None:
    """And no more than there was."""
    kept, _, _ = ByDecision(sources=CITED).keep(claimed, _investment(decided_write_down=decided))
    assert kept == max(0, claimed - decided)


@pytest.mark.parametrize("floor", ["-0.1", "1.1", "0.33333"])
def test_a_floor_that_is_no_share_is_refused(floor: str) -> None:
    """From 0 to 1 with at most four decimals."""
    with pytest.raises(SifError, match="share from 0 to 1"):
        ToMeasuredEffect(sources=CITED, floor=Decimal(floor))
