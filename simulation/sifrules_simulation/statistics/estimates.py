"""Estimates with confidence intervals, and running moments to make them of.

Memory does not grow with the number of replications. Moments are merged in the order of the
replications, so that the same replications give the same bytes, whichever processes ran them.
"""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from sifrules_simulation.statistics.intervals import (
    CONFIDENCE,
    Mean,
    Share,
    confidence_interval,
    standard_error,
)

Array = NDArray[np.float64]


def known_mean(values: Array, axis: int = 0) -> Array:
    """The mean along an axis of what is known; not a number where nothing is.

    >>> known_mean(np.array([[1.0, np.nan], [3.0, np.nan]])).tolist()
    [2.0, nan]
    """
    known = ~np.isnan(values)
    count, total = known.sum(axis=axis), np.where(known, values, 0.0).sum(axis=axis)
    mean: Array = np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)
    return mean


@frozen
class Estimate:
    """A mean or a share (skattning) with the ends of its confidence interval.

    ``count`` is the number of values behind it. Without any value ``mean`` is None too; the ends
    are None where there are too few values for an interval.
    """

    mean: float | None
    low: float | None
    high: float | None
    count: int

    @classmethod
    def of_mean(
        cls, mean: float | None, error: float | None, count: int, level: float = CONFIDENCE
    ) -> Self:
        """The estimate of a mean over ``count`` values, from its standard error.

        >>> Estimate.of_mean(2.0, None, 1)
        Estimate(mean=2.0, low=None, high=None, count=1)
        """
        if mean is None or error is None or count < 2:
            return cls(mean, None, None, count)
        return cls(mean, *confidence_interval(Mean(mean, error, count), level), count)

    @classmethod
    def of_share(cls, successes: float, trials: float, level: float = CONFIDENCE) -> Self:
        """The estimate of a share, from how many of the trials were successes.

        Neither need be whole, as where trials count by how likely they are.

        >>> Estimate.of_share(0, 0).mean, Estimate.of_share(1, 4).mean
        (None, 0.25)
        """
        if trials == 0:
            return cls(None, None, None, 0)
        low, high = confidence_interval(Share(successes, trials), level)
        return cls(successes / trials, low, high, int(trials))

    @property
    def half_width(self) -> float | None:
        """Half of the interval's width, None without an interval."""
        return None if self.high is None or self.low is None else (self.high - self.low) / 2

    def at(self, level: float) -> Estimate:
        """The same mean with an interval of another confidence level than `CONFIDENCE`.

        >>> round(Estimate(0.0, -1.0, 1.0, 1000).at(0.99).high, 2)
        1.32
        """
        if self.half_width is None:
            return self
        error = standard_error(self.half_width, self.count)
        return Estimate.of_mean(self.mean, error, self.count, level)


@define
class RunningMoments:
    """Counts, means and sums of squared deviations of replications, element by element.

    ``shape`` is that of one replication. Values that are not a number are left out.

    >>> moments = RunningMoments((1,))
    >>> moments.add(np.array([[1.0], [2.0], [np.nan], [3.0]]))
    >>> moments.estimate(0).mean, moments.estimate(0).count
    (2.0, 3)
    """

    shape: tuple[int, ...]
    count: Array = field(init=False)
    mean: Array = field(init=False)
    squares: Array = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.count, self.mean, self.squares = (np.zeros(self.shape) for _ in range(3))

    def add(self, values: Array) -> None:
        """Add an array of replications × ``shape``."""
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
        """The mean of the element at a position, with its confidence interval."""
        count = int(self.count[at])
        if count == 0:
            return Estimate(None, None, None, 0)
        known = count > 1
        error = math.sqrt(float(self.squares[at]) / (count - 1) / count) if known else None
        return Estimate.of_mean(float(self.mean[at]), error, count, level)

    @property
    def variance(self) -> Array:
        """The sample variance of single replications, element by element."""
        spare = np.maximum(self.count - 1, 1)
        result: Any = self.squares / spare
        return np.asarray(result)
