"""Money is whole öre, exact, and nothing is lost by splitting it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from sifrules.errors import SifError
from sifrules.values.money import LARGEST, in_words, kronor, ore, share_of, split
from sifrules.values.numbers import NO_BREAK_SPACE, read
from sifrules.values.text import LANGUAGES, Language

amounts = st.integers(0, LARGEST)
weights = st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any)
shares = st.decimals(0, 1, places=4)


@given(amounts)
def test_an_amount_survives_the_way_to_kronor_and_back(amount: int) -> None:
    """Whole öre written as kronor with two decimals read back as the same öre."""
    assert ore(Decimal(amount) / 100) == amount


@given(st.integers(-(10**9), 10**9))
def test_the_kronor_that_a_file_shows_are_exact(amount: int) -> None:
    """What `kronor` shows, written out, is the amount again."""
    assert Decimal(str(kronor(amount))) * 100 == amount


@pytest.mark.parametrize(
    "written", [0.1, 1.0, float("nan"), "100", True, None, [1], Decimal("NaN"), Decimal("Infinity")]
)
def test_what_is_no_exact_amount_is_refused(written: object) -> None:
    """Floats, texts, booleans and what is no number are no kronor."""
    with pytest.raises(SifError, match="expected kronor"):
        ore(written)


@pytest.mark.parametrize("written", [-1, LARGEST // 100 + 1, 10**30, Decimal("0.001")])
def test_an_absurd_amount_is_refused(written: object) -> None:
    """Amounts below nothing, past the largest, or finer than an öre are refused."""
    with pytest.raises(SifError, match="kronor"):
        ore(written)


@pytest.mark.parametrize(
    "written", [Decimal("1." + "0" * 40 + "1"), Decimal("0." + "9" * 40)], ids=["above", "below"]
)
def test_an_amount_finer_than_an_ore_is_refused_however_long_it_is(written: Decimal) -> None:
    """Many decimals do not slip through by being rounded."""
    with pytest.raises(SifError, match="two decimals"):
        ore(written)


def test_a_number_of_many_thousand_digits_is_refused_like_any_other() -> None:
    """A number that Python itself will not print ends in advice, not in a traceback."""
    with pytest.raises(SifError, match="kronor"):
        ore(10**5000)


@given(amounts, weights)
def test_parts_sum_to_the_amount(amount: int, shares_of: list[int]) -> None:
    """However an amount is split, nothing is lost and nothing is made."""
    assert sum(split(amount, shares_of)) == amount


@given(amounts, weights)
def test_no_part_is_an_ore_off_its_exact_share(amount: int, shares_of: list[int]) -> None:
    """Each part is its exact share, up or down to a whole öre; no weight, nothing."""
    for part, weight in zip(split(amount, shares_of), shares_of, strict=True):
        assert abs(part - Fraction(amount * weight, sum(shares_of))) < 1
        assert weight > 0 or part == 0


@pytest.mark.parametrize("wrong", [[], [0, 0], [1, -1], [Decimal("-0.1")]])
def test_weights_that_share_nothing_are_refused(wrong: list[int]) -> None:
    """There must be a weight above nothing, and none below."""
    with pytest.raises(SifError, match="weights"):
        split(100, wrong)


@given(amounts, shares)
def test_a_share_and_the_rest_make_the_whole_to_within_an_ore(amount: int, share: Decimal) -> None:
    """Rounding moves at most one öre between a share and its complement."""
    assert abs(share_of(amount, share) + share_of(amount, 1 - share) - amount) <= 1


@given(amounts, shares, shares)
def test_a_larger_share_is_never_a_smaller_amount(amount: int, a: Decimal, b: Decimal) -> None:
    """Shares keep their order when rounded."""
    assert share_of(amount, min(a, b)) <= share_of(amount, max(a, b))


@pytest.mark.parametrize(("amount", "half"), [(1, 0), (3, 2), (5, 2), (7, 4)])
def test_half_an_ore_is_rounded_to_even(amount: int, half: int) -> None:
    """The rounding is half to even, as stated."""
    assert share_of(amount, Decimal("0.5")) == half


@given(st.integers(-LARGEST, LARGEST), st.sampled_from(LANGUAGES))
def test_an_amount_in_words_can_be_read_back(amount: int, language: Language) -> None:
    """Grouping and decimals change nothing of the number."""
    number, _, unit = in_words(amount, language).rpartition(NO_BREAK_SPACE)
    assert read(number, language) * 100 == amount
    assert unit == {"sv": "kr", "en": "SEK"}[language]


def test_an_amount_in_words_is_never_broken_across_lines() -> None:
    """There is no space in it that a line could be broken at."""
    assert " " not in in_words(123_456_789, "sv") + in_words(123_456_789, "en")
