"""Index clauses (indexuppräkning): claims or sums revised by an index such as KPI, PKV or LPIK.

The index values are data of the guideline's file, with their citation. For years after the last
of them nothing is known: what a simulation assumes stands as ``assumed_growth``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Literal

import attrs
from attrs import frozen

from sifrules.errors import SifError
from sifrules.policy.parts import Part, Slot, clause
from sifrules.policy.settlement import Investment, Rest
from sifrules.rules.wording import share_words
from sifrules.values.dates import Month
from sifrules.values.messages import Message, Text
from sifrules.values.money import Ore, share_of, split
from sifrules.values.numbers import written
from sifrules.values.text import LANGUAGES, LocalizedText, same

_MOST = Decimal("0.5")
_FROM = {
    "start": LocalizedText(sv="året då projektet startar", en="the year in which it starts"),
    "end": LocalizedText(sv="året då projektet slutar", en="the year in which it ends"),
}
WHY = LocalizedText(
    sv="uppräkning med {index} från {base} till {year}",
    en="revision by {index} from {base} to {year}",
)
_OPEN = LocalizedText(
    sv="{index} för {year} är inte känt; uppräkningen kommer därtill",
    en="{index} for {year} is not known; the revision comes on top",
)


@frozen(kw_only=True)
class IndexYear:
    """The index of a year: its value, or by how much it rose from the year before."""

    year: int
    value: Decimal | None = None
    change: Decimal | None = None


def _stated(years: tuple[IndexYear, ...]) -> Text | None:
    """The check for index values: year by year, all of them values or all of them changes."""
    numbers = [each.year for each in years]
    by_value = all(each.value is not None and each.change is None for each in years)
    by_change = all(each.change is not None and each.value is None for each in years)
    one_by_one = bool(numbers) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    possible = all(each.value is None or each.value > 0 for each in years) and all(
        each.change is None or abs(each.change) <= _MOST for each in years
    )
    sound = one_by_one and possible and (by_value or by_change)
    return None if sound else Message("expected.index_years")


def _years_words(years: tuple[IndexYear, ...]) -> LocalizedText:
    return LocalizedText(
        **{lang: ", ".join(_year_words(each).text(lang) for each in years) for lang in LANGUAGES}
    )


def _year_words(each: IndexYear) -> LocalizedText:
    if each.change is not None:
        shown = share_words(each.change)
        return LocalizedText(sv=f"{each.year}: {shown.sv}", en=f"{each.year}: {shown.en}")
    number = Decimal(each.value or 0).normalize()
    sv, en = (f"{each.year}: {written(number, 'f', lang)}" for lang in LANGUAGES)
    return LocalizedText(sv=sv, en=en)


def _growth(share: Decimal) -> Text | None:
    return None if abs(share) <= _MOST else Message("expected.index_growth")


@frozen(kw_only=True)
class Index(Part):
    """By which index a sum is revised, from one year to another (uppräkning).

    ``years`` are the values that are known, or the changes from year to year, as PKV is
    published. ``revised_from`` is the year that a claim is stated in: that in which the project
    starts, unless the guideline says when it ends. After the last known year the index rises by
    ``assumed_growth``, where that is stated; before the first nothing is known. A sum is revised
    upwards alone: an index that has fallen leaves it as it is.

    >>> rises = {2017: "0.03", 2018: "0.02"}
    >>> years = tuple(IndexYear(year=y, change=Decimal(rise)) for y, rise in rises.items())
    >>> pkv = Index(path="return_model.index", name="PKV", years=years)
    >>> float(pkv.factor(2016, 2018)), pkv.factor(2016, 2019)
    (1.0506, None)
    """

    slot: ClassVar[Slot] = Slot.INNER
    kind: ClassVar[str] = "index"
    words: ClassVar[LocalizedText] = LocalizedText(sv="indexuppräkning", en="revision by an index")

    name: str = clause("vilket index", "which index", default=attrs.NOTHING)
    years: tuple[IndexYear, ...] = clause(
        "indextal", "index values", default=(), check=_stated, say=_years_words
    )
    revised_from: Literal["start", "end"] | None = clause(
        "räknas upp från", "revised from", say=lambda since: _FROM[since]
    )
    assumed_growth: Decimal | None = clause(
        "antagen ökning om året därefter",
        "assumed rise a year after that",
        check=_growth,
        say=share_words,
    )

    def __attrs_post_init__(self) -> None:
        if not self.years and self.assumed_growth is None:
            raise SifError(Message("index.no_values"), fix=Message("index.give_values"))

    @cached_property
    def _levels(self) -> Mapping[int, Fraction]:
        levels: dict[int, Fraction] = {}
        for each in self.years:
            if each.value is not None:
                levels[each.year] = Fraction(each.value)
            else:
                before = levels.setdefault(each.year - 1, Fraction(1))
                levels[each.year] = before * (1 + Fraction(each.change or 0))
        return levels

    @property
    def known(self) -> tuple[int, int] | None:
        """The first and the last year of which the index is known."""
        return (min(self._levels), max(self._levels)) if self._levels else None

    def level(self, year: int) -> Fraction | None:
        """The index of a year, known or assumed; None where it is neither."""
        if year in self._levels:
            return self._levels[year]
        if self.assumed_growth is None:
            return None
        growth = 1 + Fraction(self.assumed_growth)
        if self.known is None:
            return growth ** (year - _ANY_YEAR)
        last = self.known[1]
        return self._levels[last] * growth ** (year - last) if year > last else None

    def factor(self, base: int, year: int) -> Fraction | None:
        """How much a sum is worth in a year of what it is in another; None where not known."""
        if year <= base:
            return Fraction(1)
        one, other = self.level(base), self.level(year)
        return None if one is None or other is None else max(Fraction(1), other / one)

    # --- claims -----------------------------------------------------------------------

    def revisions(
        self, investment: Investment, returned: int, due: list[Month]
    ) -> Iterator[tuple[Month, int, LocalizedText]]:
        """By how much each instalment is revised, with when it is due and why."""
        base = self._base(investment)
        for month, instalment in zip(due, split(returned, [1] * len(due)), strict=True):
            factor = self.factor(base, month.year)
            if factor is not None and factor > 1:
                why = WHY.format(index=self.name, base=same(str(base)), year=same(str(month.year)))
                yield month, share_of(instalment, factor - 1), why

    def rest(self, investment: Investment, due: list[Month]) -> Rest | None:
        """What cannot be told yet: the revision to a year of which the index is not known."""
        base = self._base(investment)
        for month in due:
            if self.factor(base, month.year) is None:
                unknown = base if self.level(base) is None else month.year
                why = _OPEN.format(index=self.name, year=same(str(unknown)))
                return Rest(why, self.cite("years"))
        return None

    def _base(self, investment: Investment) -> int:
        return (investment.end if self.revised_from == "end" else investment.start).year

    # --- sums -------------------------------------------------------------------------

    def revised(self, amount: int, base: int, year: int) -> int:
        """A sum as it is in a later year; by the last year that is known where that is not.

        >>> from sifrules.values.money import ore
        >>> kpi = Index(path="funding.index", name="KPI", years=(
        ...     IndexYear(year=2020, value=Decimal(100)), IndexYear(year=2021, value=Decimal(102))))
        >>> [kpi.revised(ore(5_000_000), 2020, year) // 100 for year in (2020, 2021, 2022)]
        [5000000, 5100000, 5100000]
        """
        factor = self.factor(base, year)
        if factor is None and self.known is not None and base <= self.known[1] < year:
            factor = self.factor(base, self.known[1])
        return int(share_of(Ore(amount), factor)) if factor is not None else amount


#: With an assumed rise alone any year may stand for the first.
_ANY_YEAR = 2000
