"""Numbers are written one way in each language, and what is written can be read back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol, get_minus_sign_symbol
from hypothesis import given, strategies as st

from sifrules.rules.wording import share_words
from sifrules.values.dates import Month, PartialDate
from sifrules.values.numbers import NO_BREAK_SPACE, number_words, percent, read, written
from sifrules.values.text import LANGUAGES, Language, LocalizedText

languages = st.sampled_from(LANGUAGES)
amounts = st.decimals(-(10**12), 10**12, places=2)


@given(amounts, languages)
def test_an_exact_number_is_read_back_as_itself(value: Decimal, language: Language) -> None:
    """No digit is lost, whatever marks set it apart."""
    assert read(written(value, ",.2f", language), language) == value


@given(st.integers(-(10**15), 10**15), languages)
def test_a_whole_number_is_read_back_as_itself(value: int, language: Language) -> None:
    """Groups of thousands change nothing of the number."""
    assert read(written(value, ",d", language), language) == value


@given(st.floats(-1e9, 1e9), languages, st.integers(0, 4))
def test_a_rounded_number_is_off_by_half_its_last_digit_at_most(
    value: float, language: Language, places: int
) -> None:
    """What is shown is the number that it is shown for."""
    shown = read(written(value, f",.{places}f", language), language)
    assert abs(shown - Decimal(value)) <= Decimal(1).scaleb(-places) / 2


@given(amounts, languages)
def test_a_number_is_never_broken_across_lines(value: Decimal, language: Language) -> None:
    """There is no space in it that a line could be broken at, and no hyphen for a minus."""
    assert not set(written(value, "+,.2f", language)) & {" ", "-"}


@given(amounts)
def test_both_languages_write_the_same_number(value: Decimal) -> None:
    """They differ in their marks alone."""
    words = number_words(value, ",.2f")
    assert read(words.sv, "sv") == read(words.en, "en")


@given(st.decimals(0, 1, places=4), languages)
def test_a_share_is_read_back_from_its_per_cent(share: Decimal, language: Language) -> None:
    """A share in per cent has all the digits that it had."""
    number = share_words(share).text(language).removesuffix("%").strip()
    assert read(number, language) == share * 100


@pytest.mark.parametrize("form", ["+,.1f", ",.1f"])
@pytest.mark.parametrize("value", [0.0, -0.0, 0.04, -0.04])
def test_what_is_rounded_to_nothing_has_no_sign(value: float, form: str) -> None:
    """A loss of nothing is no loss."""
    assert written(value, form, "sv") == "0,0"


def test_the_swedish_marks_are_those_of_unicodes_locale_data() -> None:
    """CLDR's decimal comma, no-break space between thousands, minus sign and month names."""
    minus, group = get_minus_sign_symbol("sv"), get_group_symbol("sv")
    text = f"{minus}1{group}234{get_decimal_symbol('sv')}5"
    assert written(-1234.5, ",.1f", "sv") == text
    assert Month(2017, 8).text("sv") == format_date(dt.date(2017, 8, 1), "MMMM y", locale="sv")


def test_swedish_and_english_use_their_own_marks() -> None:
    """As in a municipality's budget, and as in an English paper."""
    assert written(-1234567.5, ",.1f", "sv") == "−1\xa0234\xa0567,5"
    assert written(-1234567.5, ",.1f", "en") == "−1,234,567.5"
    assert percent("12,5", "sv") == f"12,5{NO_BREAK_SPACE}%"


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_a_month_has_its_swedish_name(year: int, month: int) -> None:
    """A month, and a date known to the month, are said alike."""
    found = Month(year, month)
    assert found.text("sv") == found.date.text("sv")
    assert found.text("sv").endswith(f" {year}")
    assert found.text("en") == str(found)
    assert Month.read(found.text("sv")) == Month.read(found.text("en")) == found


def test_the_twelve_months_are_distinguished() -> None:
    """No name is there twice."""
    said = [Month(2020, month).text("sv") for month in range(1, 13)]
    assert said[0] == "januari 2020"
    assert said[11] == "december 2020"
    assert len(set(said)) == 12


def test_a_date_is_put_into_a_text_as_the_language_says_it() -> None:
    """A half-year known from a source is no code to whoever reads about it."""
    text = LocalizedText(sv="från {date}", en="from {date}")
    put = text.format(date=PartialDate.parse("2012-spring"))
    assert put == LocalizedText(sv="från våren 2012", en="from spring 2012")
