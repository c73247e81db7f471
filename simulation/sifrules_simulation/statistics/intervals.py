"""Confidence intervals (konfidensintervall): the kind used for each estimate, each kind once.

`confidence_interval` chooses the kind, so another kind of interval is a change of this module
alone; only sensitivity indices have intervals of their own, SALib's. scipy is imported when the
first interval is computed, never before.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

#: The confidence level of an interval where no other is stated.
CONFIDENCE = 0.95


@frozen
class Mean:
    """A sample mean (medelvärde) of at least two values, with its standard error."""

    value: float
    standard_error: float
    count: int


@frozen
class Share:
    """A share (andel): how many of some trials, at least one, were successes.

    Neither need be whole: a trial may count by how likely its success is.
    """

    successes: float
    trials: float


@frozen(kw_only=True)
class Resampled:
    """A statistic of a sample whose distribution is known only from resampling (bootstrap).

    ``statistic`` gives the value for the rows of the sample at some positions, an array of
    ``size`` integers below ``size``; it may be infinite. The same ``seed`` gives the same interval.
    """

    size: int
    statistic: Callable[[NDArray[np.int64]], float]
    resamples: int
    seed: int


def confidence_interval(
    of: Mean | Share | Resampled, level: float = CONFIDENCE
) -> tuple[float, float]:
    """The low and the high end of the interval with a confidence level.

    A mean has Student's t interval, a share Wilson's score interval, any other statistic the
    percentile bootstrap.

    >>> low, high = confidence_interval(Mean(2.0, 0.5, 10))
    >>> round(low, 3), round(high, 3)
    (0.869, 3.131)
    >>> low, high = confidence_interval(Share(successes=9, trials=10))
    >>> round(low, 3), round(high, 3)
    (0.596, 0.982)
    """
    match of:
        case Mean():
            return _student(of, level)
        case Share():
            return _wilson(of, level)
        case Resampled():
            return _bootstrap(of, level)


def share_at_most(of: Share, level: float = CONFIDENCE) -> float:
    """The upper end of the exact interval of a share (Clopper and Pearson), for rare events.

    Where nothing was seen in n trials it is about 3.7 / n at 95 %, two-sided: the rule of three.

    >>> round(share_at_most(Share(0, 100)), 4)
    0.0362
    """
    from scipy.special import betaincinv

    if of.successes == of.trials:
        return 1.0
    return float(betaincinv(of.successes + 1, of.trials - of.successes, 0.5 + level / 2))


def standard_error(half_width: float, count: int) -> float:
    """The standard error of a mean over ``count`` values, from its interval at `CONFIDENCE`."""
    return half_width / t_quantile(count - 1, CONFIDENCE)


@cache
def t_quantile(degrees_of_freedom: int, level: float) -> float:
    """The half-width of a two-sided interval in standard errors (Student's t).

    From scipy.special, which `scipy.stats.t.ppf` itself calls: importing scipy.stats takes half
    a second more, and every comparison needs this quantile.
    """
    from scipy.special import stdtrit

    return float(stdtrit(degrees_of_freedom, 0.5 + level / 2))


def normal_quantile(level: float) -> float:
    """The half-width of a two-sided interval in standard deviations (normal distribution)."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2))


def _student(mean: Mean, level: float) -> tuple[float, float]:
    half_width = t_quantile(mean.count - 1, level) * mean.standard_error
    return mean.value - half_width, mean.value + half_width


def _wilson(share: Share, level: float) -> tuple[float, float]:
    hits, trials, z = share.successes, share.trials, normal_quantile(level)
    mean, below = hits / trials, 2 * (trials + z**2)
    middle = (2 * trials * mean + z**2) / below
    half = float(z / below * np.sqrt(4 * trials * mean * (1 - mean) + z**2))
    low = 0.0 if hits <= 0 else middle - half
    return low, 1.0 if hits >= trials else middle + half


def _bootstrap(resampled: Resampled, level: float) -> tuple[float, float]:
    """The percentile interval; its ends are values of resamples.

    scipy resamples, but would interpolate the ends, which has no meaning next to infinity.
    """
    from scipy.stats import bootstrap

    with np.errstate(invalid="ignore"):  # scipy's own ends, where a statistic is infinite
        found: Any = bootstrap(
            (np.arange(resampled.size),),
            resampled.statistic,
            n_resamples=resampled.resamples,
            confidence_level=level,
            method="percentile",
            vectorized=False,
            rng=np.random.default_rng(resampled.seed),
        )
    ordered = np.sort(found.bootstrap_distribution)
    tail = int((1 - level) / 2 * resampled.resamples)
    return float(ordered[tail]), float(ordered[-1 - tail])
