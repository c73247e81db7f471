"""Dates are as precise as their source, and no more."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, strategies as st

from sifrules.errors import SifError
from sifrules.values.dates import Month, PartialDate

years = st.integers(1900, 2200)
days = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))
months = st.builds(Month, years, st.integers(1, 12))
written = st.one_of(
    years.map(str),
    st.builds("{}-{}".format, years, st.sampled_from(["spring", "autumn"])),
    months.map(str),
    days.map(str),
)
partial = written.map(PartialDate.parse)


@given(written)
def test_a_date_is_written_as_it_was_read(text: str) -> None:
    """Reading a date neither adds nor takes precision."""
    assert str(PartialDate.parse(text)) == text


@given(partial, partial)
def test_one_date_is_before_another_only_where_every_day_of_it_is(
    one: PartialDate, other: PartialDate
) -> None:
    """`before` says True or False only where no day within the two would say otherwise."""
    answer = one.before(other)
    extremes = {one.first < other.last, one.last < other.first}
    assert answer is (extremes.pop() if len(extremes) == 1 else None)


@given(partial, partial)
def test_two_dates_are_never_each_before_the_other(one: PartialDate, other: PartialDate) -> None:
    """If one is before the other, the other is not before the one."""
    if one.before(other):
        assert other.before(one) is False


@given(partial, days)
def test_a_date_has_come_only_where_all_of_it_lies_behind(when: PartialDate, day: dt.date) -> None:
    """`by` is None exactly on the days on which a part of it is still to come."""
    assert (when.by(day) is None) == (when.first <= day < when.last)
    assert (when.by(day) is True) == (when.last <= day)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "2013-13",
        "2013-02-30",
        "2013-00",
        "0000",
        "13",
        "2013-spring-01",
        "våren 2013",
        True,
        None,
        20.5,
        -2013,
        dt.datetime(2013, 1, 1),
        "2013-05-17T00:00",
        " 2013",
    ],
)
def test_what_is_no_date_is_refused_with_the_ways_to_write_one(wrong: object) -> None:
    """The refusal shows every way in which a date may be written."""
    with pytest.raises(SifError, match=r"2013-spring.*2013-05-17, got"):
        PartialDate.parse(wrong)


def test_a_toml_date_and_a_bare_year_are_dates() -> None:
    """A TOML file may write a date without quotes."""
    assert PartialDate.parse(dt.date(2013, 5, 17)) == PartialDate.parse("2013-05-17")
    assert PartialDate.parse(2013) == PartialDate.parse("2013")


def test_half_years_meet_without_a_gap() -> None:
    """Spring and autumn together are the year, and no day is in both."""
    spring, autumn = PartialDate.parse("2013-spring"), PartialDate.parse("2013-autumn")
    assert spring.last + dt.timedelta(days=1) == autumn.first
    assert spring.before(autumn) is True


@given(months, st.integers(-600, 600))
def test_months_added_are_months_between(month: Month, count: int) -> None:
    """Subtraction undoes addition, across years and both ways."""
    assert (month + count) - month == count


@given(months, months)
def test_months_are_ordered_as_their_dates_are(one: Month, other: Month) -> None:
    """A month before another has its days before the other's."""
    assert (one < other) == (one.date.before(other.date) is True)


@pytest.mark.parametrize("wrong", ["2017", "2017-13", "2017-00", "0000-01", "2017-8", "17-08"])
def test_what_is_no_month_is_refused_with_the_way_to_write_one(wrong: str) -> None:
    """The refusal shows how a month is written."""
    with pytest.raises(SifError, match="expected a month as 2017-08"):
        Month.parse(wrong)


def test_a_half_year_is_said_in_both_languages() -> None:
    """An official reads "våren 2012", a researcher "spring 2012"."""
    spring = PartialDate.parse("2012-spring")
    assert (spring.text("sv"), spring.text("en")) == ("våren 2012", "spring 2012")


def test_a_month_past_the_calendar_is_a_mistake_and_no_crash() -> None:
    """Counting on from the last month there is ends in a clear message."""
    with pytest.raises(SifError, match="9999-12"):
        _ = Month(9999, 12) + 1
