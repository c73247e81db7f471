"""Sequential stopping (sekventiellt stopp): replications until a difference is precise enough.

A run that stops at the first interim look at which an interval is narrow enough stops early
where the interval is narrow by chance, and so covers too seldom. The probability of error is
therefore divided among all possible looks (alpha spending): at whichever of them a run stops,
its interval covers at least as often as `CONFIDENCE` says.

That holds where there is a variance to compute an interval of. A difference that is the same in
nearly all replications has none: what it will be in the rare ones is not yet seen, and an interval
of no width is no precision. With fewer than `FEWEST` replications that stand out, what is known is
how rare they are at most (the exact interval of a share, the rule of three where there is none);
times the largest difference there can be, that is the half-width. Where no largest difference is
known, no half-width is, and the run goes on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError, nearest, shown
from sifrules.values.messages import Message
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.statistics.intervals import CONFIDENCE, Share, share_at_most

#: The number of replications before the first interim look of a comparison.
FIRST = 50
#: With fewer replications than these that stand out, there is no variance to rely on.
FEWEST = 5


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


@define
class StandingOut:
    """Counts the values that stand out from the rest, element by element.

    Those are the ones that are not nil or the ones that are not as the first, whichever are fewer.
    Values that are not a number are left out.

    >>> seen = StandingOut((1,))
    >>> seen.add(np.array([[0.0], [0.0], [np.nan], [0.5]]))
    >>> seen.count(0)
    1
    """

    shape: tuple[int, ...]
    _first: NDArray[np.float64] = field(init=False)
    _not_first: NDArray[np.int64] = field(init=False)
    _not_nil: NDArray[np.int64] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._first = np.full(self.shape, np.nan)
        self._not_first, self._not_nil = (np.zeros(self.shape, np.int64) for _ in range(2))

    def add(self, values: NDArray[np.float64]) -> None:
        """Add an array of replications × ``shape``."""
        if not len(values):
            return
        known = ~np.isnan(values)
        first = np.take_along_axis(values, known.argmax(axis=0)[None], axis=0)[0]
        self._first = np.where(np.isnan(self._first), first, self._first)
        self._not_first += (known & ~np.isclose(values, self._first, rtol=1e-9)).sum(axis=0)
        self._not_nil += (known & ~np.isclose(values, 0.0)).sum(axis=0)

    def count(self, *at: int) -> int:
        """How many stand out, of the element at a position."""
        return int(min(self._not_first[at], self._not_nil[at]))


def known_within(
    estimate: Estimate, standing_out: int, unit: str, level: float = CONFIDENCE
) -> float | None:
    """How closely a mean difference is known; None where that cannot be told.

    That is the half-width of its interval, or where fewer than `FEWEST` values stand out, what
    rare ones could make of it: a difference of two shares is at most one.

    >>> round(known_within(Estimate(0.0, 0.0, 0.0, 1000), 0, "share"), 4)
    0.0037
    >>> known_within(Estimate(0.0, 0.0, 0.0, 1000), 0, "SEK")
    """
    if estimate.half_width is None or estimate.mean is None or standing_out >= FEWEST:
        return estimate.half_width
    if unit != "share":
        return None
    rare = share_at_most(Share(standing_out, estimate.count), level)
    return max(estimate.half_width, rare * (1 + abs(estimate.mean)))


def widest(known: Iterable[tuple[int, float | None]]) -> float | None:
    """The largest half-width of some differences; None where one of them has none.

    Each is a number of values and a half-width. Differences without a single value are left out:
    their measure is not defined there.

    >>> widest([(9, 1.0), (9, 2.0), (0, None)])
    2.0
    """
    widths = [width for count, width in known if count]
    stated = [width for width in widths if width is not None]
    return max(stated) if stated and len(stated) == len(widths) else None


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
