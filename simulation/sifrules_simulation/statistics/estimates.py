"""Means with intervals, kept as running sums: memory does not grow with replications.

Sums are merged in the order of the replications, so that the same replications give the
same bytes however they were shared out among processes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: How sure an interval is.
CONFIDENCE = 0.95


@frozen
class Estimate:
    """A mean with its interval; ``low`` and ``high`` are None where too little is known."""

    mean: float | None
    low: float | None
    high: float | None
    count: int

    @property
    def half_width(self) -> float | None:
        """Half of the interval's width."""
        return None if self.high is None or self.low is None else (self.high - self.low) / 2

    def at(self, level: float) -> Estimate:
        """The same with an interval that is so sure, made of one that is as sure as `CONFIDENCE`.

        >>> round(Estimate(0.0, -1.0, 1.0, 1000).at(0.99).high, 2)
        1.32
        """
        if self.mean is None or self.half_width is None:
            return self
        reach = (
            self.half_width
            * t_quantile(self.count - 1, level)
            / t_quantile(self.count - 1, CONFIDENCE)
        )
        return Estimate(self.mean, self.mean - reach, self.mean + reach, self.count)


@define
class RunningMoments:
    """Counts, means and sums of squares, element by element; what is not a number is left out.

    >>> sums = RunningMoments((1,))
    >>> sums.add(np.array([[1.0], [2.0], [np.nan], [3.0]]))
    >>> sums.estimate(0).mean, sums.estimate(0).count
    (2.0, 3)
    """

    shape: tuple[int, ...]
    count: Array = field(init=False)
    mean: Array = field(init=False)
    squares: Array = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.count, self.mean, self.squares = (np.zeros(self.shape) for _ in range(3))

    def add(self, values: Array) -> None:
        """Add replications, along the first axis."""
        values = np.ascontiguousarray(values)  # numpy sums another layout in another order
        known = ~np.isnan(values)
        count = known.sum(axis=0).astype(float)
        safe = np.where(known, values, 0.0)
        mean = np.divide(safe.sum(axis=0), count, out=np.zeros(self.shape), where=count > 0)
        squares = (np.where(known, values - mean, 0.0) ** 2).sum(axis=0)
        total = self.count + count
        delta = mean - self.mean
        weight = np.divide(count, total, out=np.zeros(self.shape), where=total > 0)
        self.squares = self.squares + squares + delta**2 * self.count * weight
        self.mean = self.mean + delta * weight
        self.count = total

    def estimate(self, *at: int, level: float = CONFIDENCE) -> Estimate:
        """The mean of one element with its interval (Student's t)."""
        count = int(self.count[at])
        if count == 0:
            return Estimate(None, None, None, 0)
        mean = float(self.mean[at])
        if count == 1:
            return Estimate(mean, None, None, 1)
        error = math.sqrt(float(self.squares[at]) / (count - 1) / count)
        reach = t_quantile(count - 1, level) * error
        return Estimate(mean, mean - reach, mean + reach, count)

    @property
    def variance(self) -> Array:
        """The variance of single replications."""
        spare = np.maximum(self.count - 1, 1)
        result: Any = self.squares / spare
        return np.asarray(result)


_QUANTILES: dict[tuple[int, float], float] = {}


def t_quantile(freedom: int, level: float) -> float:
    """How many standard errors an interval of this level reaches (Student's t)."""
    key = (freedom, level)
    if key not in _QUANTILES:
        from scipy.special import stdtrit

        _QUANTILES[key] = float(stdtrit(freedom, 0.5 + level / 2))
    return _QUANTILES[key]
