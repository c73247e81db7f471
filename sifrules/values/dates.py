"""Dates as precise as their source: a year, a half-year, a month or a day.

Much of the record is known only as "spring 2012". A `PartialDate` holds that precision, and
its comparisons give ``None`` where the source does not settle the order. A `Month` is the unit
of claims and schedules.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import cache
from typing import Self

from attrs import define, frozen, setters

from sifrules.values.errors import SifError, unexpected
from sifrules.values.messages import Message
from sifrules.values.text import Language

_SEASONS = {"spring": (1, 6, "våren"), "autumn": (7, 12, "hösten")}
_WRITTEN = re.compile(r"(\d{4})(?:-(spring|autumn|\d{2})(?:-(\d{2}))?)?")


@frozen
class PartialDate:
    """A date known to the year, the half-year, the month or the day.

    ``written`` is the date as in the source, ``first`` and ``last`` the earliest and the latest
    day it can be. ``spring`` (våren) is the first half of the year and ``autumn`` (hösten) the
    second: the widest that the Swedish words cover, so that no more is claimed than is stated.

    >>> when = PartialDate.parse("2012-spring")
    >>> when.first, when.last
    (datetime.date(2012, 1, 1), datetime.date(2012, 6, 30))
    >>> print(when.before(PartialDate.parse("2012-03-15")))
    None
    >>> when.before(PartialDate.parse("2013"))
    True
    """

    written: str
    first: dt.date
    last: dt.date

    @classmethod
    def parse(cls, written: object) -> Self:
        """The date from a TOML date, a bare year or a text; `SifError` for anything else."""
        text = written.isoformat() if type(written) is dt.date else str(written)
        match = _WRITTEN.fullmatch(text)
        if match is None or isinstance(written, bool):
            raise unexpected(Message("expected.date"), written)
        year, middle, day = int(match[1]), match[2], match[3]
        try:
            if middle is None:
                return cls(text, dt.date(year, 1, 1), dt.date(year, 12, 31))
            if middle in _SEASONS:
                if day is not None:
                    raise ValueError
                start, end, _ = _SEASONS[middle]
                return cls(text, dt.date(year, start, 1), _end_of_month(year, end))
            if day is None:
                month = int(middle)
                return cls(text, dt.date(year, month, 1), _end_of_month(year, month))
            exact = dt.date(year, int(middle), int(day))
            return cls(text, exact, exact)
        except ValueError:
            raise unexpected(Message("expected.date"), written) from None

    @classmethod
    def of(cls, when: object) -> PartialDate:
        """The date that is meant: itself, a day, the day of a date with a time, or a text.

        >>> print(PartialDate.of(dt.datetime(2014, 5, 1, 12, 30)), PartialDate.of("2014-05"))
        2014-05-01 2014-05
        """
        if isinstance(when, PartialDate):
            return when
        return cls.parse(when.isoformat()[:10] if isinstance(when, dt.date) else when)

    def before(self, other: PartialDate) -> bool | None:
        """Whether it lies wholly before another date; None where the sources do not settle it."""
        if self.last < other.first:
            return True
        return False if self.first >= other.last else None

    def by(self, day: dt.date) -> bool | None:
        """Whether it has passed by the end of a day; None where the source does not settle it."""
        if self.last <= day:
            return True
        return False if self.first > day else None

    def text(self, language: Language) -> str:
        """The date as an official writes it in a language.

        >>> PartialDate.parse("2012-spring").text("sv"), PartialDate.parse("2013-05").text("sv")
        ('våren 2012', 'maj 2013')
        """
        year, _, rest = self.written.partition("-")
        if rest in _SEASONS:
            return f"{_SEASONS[rest][2] if language == 'sv' else rest} {year}"
        if len(rest) == len("05"):
            return Month.parse(self.written).text(language)
        return self.written

    def __str__(self) -> str:
        return self.written


# Made millions of times: immutable like `frozen`, but constructed as fast as a plain class.
@define(order=True, unsafe_hash=True, on_setattr=setters.frozen)
class Month:
    """A calendar month (månad), from year 1 to year 9999.

    >>> Month.parse("2017-08") + 29
    Month(year=2020, month=1)
    >>> print(Month(2017, 8))
    2017-08
    """

    year: int
    month: int

    def __attrs_post_init__(self) -> None:
        if not (1 <= self.year <= 9999 and 1 <= self.month <= 12):
            raise SifError(
                Message(
                    "value.expected", expected=Message("expected.month_within"), value=str(self)
                )
            )

    @classmethod
    def parse(cls, written: str) -> Self:
        """The month written as ``2017-08``; `SifError` for anything else."""
        match = re.fullmatch(r"(\d{4})-(\d{2})", written)
        if match is None or not 1 <= int(match[2]) <= 12 or int(match[1]) == 0:
            raise unexpected(Message("expected.month_as"), written)
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def read(cls, shown: str) -> Self:
        """The inverse of `text`, for either language.

        >>> print(Month.read("augusti 2017"), Month.read("2017-08"))
        2017-08 2017-08
        """
        name, _, year = shown.partition(" ")
        if year.isdecimal() and name in month_names():
            return cls(int(year), month_names().index(name) + 1)
        return cls.parse(shown)

    def __add__(self, months: int) -> Month:
        return _month(self.year * 12 + self.month - 1 + months)

    def __sub__(self, other: Month) -> int:
        """The number of months from the other month to this one."""
        return (self.year - other.year) * 12 + self.month - other.month

    @property
    def date(self) -> PartialDate:
        """The month as a date that is known to the month."""
        return PartialDate.parse(str(self))

    def text(self, language: Language) -> str:
        """The month as an official writes it; in English as in a file.

        >>> Month(2017, 8).text("sv"), Month(2017, 8).text("en")
        ('augusti 2017', '2017-08')
        """
        return f"{month_names()[self.month - 1]} {self.year}" if language == "sv" else str(self)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@cache
def _month(number: int) -> Month:
    """The month with a number from the year 0, cached: a simulation adds to few thousand."""
    year, month = divmod(number, 12)
    return Month(year, month + 1)


@cache
def month_names(language: Language = "sv") -> tuple[str, ...]:
    """The names of the months, from CLDR by way of Babel.

    Babel is imported at the first month in words: that takes 30 ms, once.

    >>> month_names("en")[3], month_names("sv")[4]
    ('April', 'maj')
    """
    from babel import Locale

    names = Locale(language).months["format"]["wide"]
    return tuple(names[month] for month in range(1, 13))


def _end_of_month(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
