"""What is granted out of coming years' pots (bundet i kommande års potter), year by year.

Where a grant binds the pots of the years that a project runs, each year's part is granted out of
that year's pot, when the year opens. What is bound is paid also where the pot was lowered since.
"""

from __future__ import annotations

from collections import Counter

from attrs import define, field, frozen

from sifrules.values.money import split


def yearly_parts(amount: int, months: int) -> tuple[int, ...]:
    """An amount by the years of a project, in proportion to the months of each.

    >>> yearly_parts(3_000, 30)
    (1200, 1200, 600)
    """
    whole, rest = divmod(months, 12)
    return split(amount, [12] * whole + ([rest] if rest else []))


@frozen
class BoundPart:
    """One year's part of a grant: the investment's name, how much (öre), out of which sub-pot."""

    name: str
    amount: int
    pot: str


@define
class BoundYears:
    """What coming years' pots are bound to, and how much of each year's is granted."""

    _parts: dict[int, list[BoundPart]] = field(factory=dict)
    _granted: Counter[int] = field(factory=Counter)

    def bind(self, year: int, name: str, parts: tuple[int, ...], pot: str) -> None:
        """Bind a year and those that follow to the parts of a grant; the first is granted now."""
        for each, amount in enumerate(parts, year):
            self._granted[each] += amount
            if each > year:
                self._parts.setdefault(each, []).append(BoundPart(name, amount, pot))

    def due(self, year: int) -> list[BoundPart]:
        """The parts that are granted when a year opens, once."""
        return self._parts.pop(year, [])

    def most_bound(self, year: int, years: int) -> int:
        """The most that is granted or bound in any of some years (öre)."""
        return max(self._granted[each] for each in range(year, year + years))
