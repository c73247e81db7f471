"""Amounts and shares are read as people write them, and refused where that is unclear."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from sifrules import SifError
from sifrules.values.money import LARGEST, in_words, ore
from sifrules.values.quantities import in_kronor, is_quantity, read_amount, read_number, read_share
from sifrules.values.text import LANGUAGES


@pytest.mark.parametrize(
    ("written", "kronor"),
    [
        ("6,2 mnkr", 6_200_000),
        ("6.2 MSEK", 6_200_000),
        ("6,2mkr", 6_200_000),
        ("6,2 miljoner kronor", 6_200_000),
        ("12 000 tkr", 12_000_000),
        ("12\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}tkr", 12_000_000),
        ("0,125 mnkr", 125_000),
        ("1,5 mdkr", 1_500_000_000),
        ("12 200 000", 12_200_000),
        ("12 200 000 kr", 12_200_000),
        ("6.20 kr", Decimal("6.20")),
        ("1664992,50", Decimal("1664992.50")),
        ("\N{MINUS SIGN}2 tkr", -2_000),
    ],
)
def test_an_amount_is_read_with_its_unit(written: str, kronor: int | Decimal) -> None:
    """Kronor, thousands, millions and billions, in Swedish and in English, exactly."""
    assert read_amount(written) == ore(kronor, negative=True)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("6.2", "may be kronor or millions; write 6.2 kr or 6.2 mnkr"),
        ("6,25", "may be kronor or millions; write 6,25 kr or 6,25 mnkr"),
        ("12,200,000", "may be no decimal sign; write 12200000"),
        ("1.500 mnkr", "may be no decimal sign; write 1500"),
        ("6 euro", "expected an amount"),
        ("6.2 M", "expected an amount"),
        ("50 %", "expected an amount"),
        ("1 22", "expected an amount"),
        ("1e7", "expected an amount"),
        ("9" * 5000, "expected an amount"),
        ("0.000000001 mnkr", "at most two decimals"),
        ("1000 mdkr", "at most 100000000000 kronor"),
    ],
)
def test_an_amount_that_is_unclear_is_refused(written: str, told: str) -> None:
    """What to write instead is said; no unit is guessed."""
    with pytest.raises(SifError, match=told):
        read_amount(written)


@pytest.mark.parametrize("written", ["50 %", "50%", "0,5", "0.50", "50 procent", "50,0 per cent"])
def test_a_share_is_read_with_or_without_its_sign(written: str) -> None:
    """All of these are a half."""
    assert read_share(written) == Decimal("0.5")


@pytest.mark.parametrize("written", ["50", "0,5 kr", "half", "", "1/2", "9" * 5000])
def test_a_share_that_is_unclear_is_refused(written: str) -> None:
    """A bare number above one may be per cent."""
    with pytest.raises(SifError, match=r"expected a share as 0\.5 or 50 %"):
        read_share(written)


@given(st.integers(-LARGEST, LARGEST), st.sampled_from(LANGUAGES))
def test_an_amount_in_words_is_read_back(amount: int, language: str) -> None:
    """What the tool writes it also reads, in both languages where no group is set by commas."""
    words = in_words(amount, language).replace(",", "" if language == "en" else ",")
    assert read_amount(words) == amount
    assert ore(in_kronor(amount), negative=True) == amount


@given(st.decimals(0, 1, places=4))
def test_a_share_in_per_cent_is_the_same_share(share: Decimal) -> None:
    """With a sign and without, with a comma and with a point."""
    for written in (f"{share * 100:f} %", f"{share:f}", f"{share:f}".replace(".", ",")):
        assert read_share(written) == share == read_number(written)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_advice(text: str) -> None:
    """Nothing but our own error comes of it."""
    for read in (read_amount, read_share, read_number):
        with suppress(SifError):
            read(text)
    assert is_quantity(text) in (True, False)
