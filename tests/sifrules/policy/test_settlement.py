"""An investment as it is settled, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sifrules import Citation, FundPolicy, Investment, Month, Settlement, SifError
from sifrules.policy.settlement import Claim, ClaimKind, Reduction, ReductionKind
from sifrules.values.money import LARGEST, Ore
from sifrules.values.text import same

START = Month(2020, 1)
CITED = Citation("A guideline")


def _investment(**known: Any) -> Investment:
    return Investment(**{"cost": 100, "start": START, "months": 12, **known})


def test_a_project_ends_in_the_month_after_its_last() -> None:
    """Twelve months from January end with December."""
    assert _investment(months=12).end == Month(2021, 1)


@given(st.integers(-LARGEST, LARGEST))
def test_an_effect_below_nothing_counts_as_nothing(effect: int) -> None:
    """Costs that rose give no negative return."""
    assert _investment(effect=effect).measured == max(0, effect)


def test_a_failed_investment_has_no_effect_whatever_was_measured() -> None:
    """And one that nobody measured has none that is known."""
    assert _investment(effect=50, failed=True).measured == 0
    assert _investment(failed=True).measured == 0
    assert _investment().measured is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"cost": -1},
        {"cost": LARGEST + 1},
        {"effect": LARGEST + 1},
        {"months": 0},
        {"months": 601},
        {"return_months": 0},
        {"return_months": 1201},
    ],
    ids=str,
)
def test_an_impossible_investment_is_a_mistake_that_can_be_mended(wrong: dict[str, int]) -> None:
    """It raises what the command line prints in one line."""
    with pytest.raises(SifError):
        _investment(**wrong)


def test_a_return_before_the_start_is_refused() -> None:
    """A plan that lets the return begin before the project cannot be meant."""
    with pytest.raises(SifError):
        _investment(return_from=Month(2019, 12))


@pytest.mark.parametrize("amount", [0, -1])
def test_a_claim_or_a_reduction_of_nothing_is_none(amount: int) -> None:
    """Every entry of a settlement moves money."""
    with pytest.raises(ValueError, match="amount"):
        Claim(START, Ore(amount), ClaimKind.RETURN, same("x"), CITED)
    with pytest.raises(ValueError, match="amount"):
        Reduction(ReductionKind.EXEMPTED, Ore(amount), same("x"), CITED)


@given(st.lists(st.tuples(st.sampled_from(ClaimKind), st.integers(1, 100))))
def test_a_settlement_is_the_sum_of_its_kinds(entries: list[tuple[ClaimKind, int]]) -> None:
    """Returns and fees together are all that is claimed."""
    claims = tuple(Claim(START, Ore(n), kind, same("x"), CITED) for kind, n in entries)
    settlement = Settlement(claims)
    assert settlement.total == sum(settlement.of(kind) for kind in ClaimKind)


def test_a_guideline_that_states_no_return_claims_nothing_and_says_so(
    policy_of: Callable[..., FundPolicy],
) -> None:
    """Silence is reported as silence."""
    settlement = policy_of(return_model=None).settle(_investment(effect=50))
    assert settlement.claims == ()
    assert settlement.reason is not None


@pytest.mark.parametrize("wrong", [{"start": "2020-01"}, {"gains": {"a": 0.5}}])
def test_a_value_of_the_wrong_kind_is_a_mistake_that_says_what_to_write(wrong: Any) -> None:
    """A text for a month, a float for a share: no traceback later on."""
    with pytest.raises(SifError, match=r"expected a (Month|Decimal)"):
        _investment(**wrong)
