"""Stopping by precision: until a difference is known closely, however often one looks.

Who looks at an interval again and again, and stops when it is narrow enough, stops sooner
where chance has made it narrow. So the chance of error is shared out over all looks there
could be: whichever of them a run stops at, its interval is as sure as one looked at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import frozen

from sifrules.errors import SifError, nearest, shown
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.statistics.intervals import CONFIDENCE

#: How many replications a comparison does before it first looks.
FIRST = 50


def interim_looks(most: int, first: int = FIRST) -> Iterator[tuple[int, float]]:
    """When a run that stops by precision looks, and how sure it then must be.

    It looks at 50, 100, 200 ... replications, or as many times ``first``, as a study does at
    blocks of draws. The k-th look gets 1 / (k (k + 1)) of the chance of error, which sums to
    one however many there are.

    >>> [(count, round(level, 4)) for count, level in interim_looks(300)]
    [(50, 0.975), (100, 0.9917), (200, 0.9958), (300, 0.9975)]
    >>> [count for count, _ in interim_looks(200, first=64)]
    [64, 128, 200]
    """
    count, look = min(first, most), 1
    while True:
        yield count, 1 - (1 - CONFIDENCE) / (look * (look + 1))
        if count >= most:
            return
        count, look = min(2 * count, most), look + 1


def level_of(spent: int, most: int, first: int = FIRST) -> float:
    """How sure intervals are at the look that so many are at, or on the way to.

    >>> round(level_of(60, 300), 4)
    0.9917
    """
    return next(level for count, level in interim_looks(most, first) if count >= min(spent, most))


@frozen(kw_only=True)
class Precision:
    """How closely a difference was to be known, and how far a run came.

    ``half_width`` was asked for, ``widest`` is the widest half-width at the last look, None
    where it is not known. ``spent`` counts draws or replications, of at most so many;
    ``level`` is how sure the intervals are.
    """

    measure: str
    half_width: float
    widest: float | None
    reached: bool
    spent: int
    most: int
    level: float

    def as_json(self, counted: str) -> dict[str, Any]:
        """It as plain data, with what is ``counted``: draws or replications."""
        return {
            "measure": self.measure,
            "half_width": self.half_width,
            "reached": self.reached,
            counted: self.spent,
            "level": self.level,
            "widest": self.widest,
            "most": self.most,
        }


def widest(estimates: Iterable[Estimate]) -> float | None:
    """The largest half-width of some differences; None if not known.

    Those without a single value are left out: their measure is not defined there.

    >>> widest([Estimate(2.0, 1.0, 3.0, 9), Estimate(5.0, 3.0, 7.0, 9)])
    2.0
    """
    widths = [each.half_width for each in estimates if each.count]
    known = [width for width in widths if width is not None]
    return max(known) if known and len(known) == len(widths) else None


def within(width: float | None, half_width: float) -> bool:
    """Whether the widest half-width is known, and no wider than was asked for."""
    return width is not None and width <= half_width


def refuse_imprecise(precision: tuple[str, float], measures: Sequence[str]) -> None:
    """Raise `SifError` for a measure that there is not, or a half-width that is none."""
    try:
        measure, width = precision
    except (TypeError, ValueError):
        raise SifError(
            f"expected a measure and a half-width, got {shown(precision)}",
            fix='give them as ("application_uptake", 0.02)',
        ) from None
    if measure not in measures:
        raise SifError(f"no measure {measure!r}", fix=nearest(str(measure), measures))
    number = isinstance(width, int | float) and not isinstance(width, bool)
    if not number or not 0 < width < math.inf:
        raise SifError(
            f"expected a half-width above 0, got {shown(width)}",
            fix="give it in the measure's unit: a share from 0 to 1, kronor, or a count",
        )
