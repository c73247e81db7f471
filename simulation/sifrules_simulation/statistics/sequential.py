"""Sequential stopping (sekventiellt stopp): replications until a difference is precise enough.

A run that stops at the first interim look at which an interval is narrow enough stops early
where the interval is narrow by chance, and so covers too seldom. The probability of error is
therefore divided among all possible looks (alpha spending): at whichever of them a run stops,
its interval covers at least as often as `CONFIDENCE` says.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import frozen

from sifrules.errors import SifError, nearest, shown
from sifrules.values.messages import Message
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.statistics.intervals import CONFIDENCE

#: The number of replications before the first interim look of a comparison.
FIRST = 50


def interim_looks(most: int, first: int = FIRST) -> Iterator[tuple[int, float]]:
    """The interim looks of a run: the count at each, and the confidence level of its intervals.

    The counts are ``first`` (replications, or draws of a study), twice that, four times that and
    so on, at last ``most``. The k-th look spends 1 / (k (k + 1)) of the probability of error;
    these shares sum to at most one.

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
    """The confidence level at the first interim look with at least the count that was spent.

    >>> round(level_of(60, 300), 4)
    0.9917
    """
    return next(level for count, level in interim_looks(most, first) if count >= min(spent, most))


@frozen(kw_only=True)
class Precision:
    """The requested precision of a difference, and the precision that a run reached.

    ``half_width`` is the requested half-width in the unit of the ``measure``, ``widest`` the
    widest at the last interim look, None where there is none. ``spent`` counts the draws or
    replications, of at most ``most``; ``level`` is the confidence level of the intervals.
    """

    measure: str
    half_width: float
    widest: float | None
    reached: bool
    spent: int
    most: int
    level: float

    def as_json(self, counted: str) -> dict[str, Any]:
        """Plain data; ``counted`` names what was spent, draws or replications."""
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
    """The largest half-width of some differences; None where one of them has no interval.

    Differences without a single value are left out: their measure is not defined there.

    >>> widest([Estimate(2.0, 1.0, 3.0, 9), Estimate(5.0, 3.0, 7.0, 9)])
    2.0
    """
    widths = [each.half_width for each in estimates if each.count]
    known = [width for width in widths if width is not None]
    return max(known) if known and len(known) == len(widths) else None


def within(width: float | None, half_width: float) -> bool:
    """Whether the widest half-width is known, and no wider than the requested one."""
    return width is not None and width <= half_width


def refuse_imprecise(precision: tuple[str, float], measures: Sequence[str]) -> None:
    """Raise `SifError` for an unknown measure, or a half-width that is not a positive number."""
    try:
        measure, width = precision
    except (TypeError, ValueError):
        raise SifError(
            Message("precision.expected", value=shown(precision)),
            fix=Message("precision.give_as"),
        ) from None
    if measure not in measures:
        raise SifError(
            Message("measure.unknown", measure=measure), fix=nearest(str(measure), measures)
        )
    number = isinstance(width, int | float) and not isinstance(width, bool)
    if not number or not 0 < width < math.inf:
        raise SifError(
            Message("precision.expected_width", value=shown(width)),
            fix=Message("precision.give_in_unit"),
        )
