"""What to measure to settle a question (informationsvärde): partial perfect information.

Whoever chooses one of some options for the world that we live in chooses the one that is best on
average. If one assumption were known exactly, the one that is best among the worlds with that value
would be chosen instead. The gain is the expected value of partial perfect information. How what an
option gives varies with an assumption is a smooth curve fitted to the draws (regression, as Strong,
Oakley and Brennan, 2014): of a few waves along the places of the draws.

A curve through chance gains something, too. So draws are shuffled: the mean gain of shuffled ones
is taken off, which makes great gains rather too small, and an assumption can be distinguished from
none where its gain is greater than the greatest of all assumptions is in nineteen of twenty
shuffles.

Of a hypothesis the options are to say that it holds, and that it does not, and the gain is in the
chance to be right.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Fewer draws than this say nothing of whether a hypothesis depends on single assumptions.
FEWEST = 64
#: The waves of a curve, and how many times draws are shuffled.
WAVES, SHUFFLES = 3, 40
_LIMIT, _NIL = 0.95, 1e-9


@frozen
class InformationGain:
    """How much is gained if one assumption were known.

    In the unit of what is chosen by; of a hypothesis in the chance to be right, from 0 to 0.5.
    ``tells`` is whether it can be distinguished from nothing.
    """

    path: str
    gain: float
    tells: bool


def information(
    paths: Sequence[str], values: Array, likely: Array, *, seed: int = 1
) -> tuple[InformationGain, ...]:
    """The gain from knowing each assumption, the greatest first.

    ``values`` are draws × assumptions, ``likely`` how likely the hypothesis is to hold in each
    draw, from 0 to 1; draws in which that is not a number are left out. Nothing where too few are
    left, or where no assumption varies.

    >>> stream = np.random.default_rng(1)
    >>> drawn = stream.random((512, 3))
    >>> found = information(["a", "b", "c"], drawn, (drawn[:, 1] > 0.5).astype(float))
    >>> found[0].path, found[0].tells, 0.3 < found[0].gain <= 0.5
    ('b', True, True)
    """
    known = np.isfinite(likely)
    values, likely = values[known], likely[known]
    if len(values) < FEWEST:
        return ()
    either = np.column_stack([likely, 1 - likely])
    return gains(paths, values, either, within=(0.0, 1.0), seed=seed)


def gains(
    paths: Sequence[str],
    values: Array,
    options: Array,
    *,
    within: tuple[float, float] = (-np.inf, np.inf),
    seed: int = 1,
) -> tuple[InformationGain, ...]:
    """The gain from knowing each assumption before one of some options is chosen.

    ``values`` are draws × assumptions, ``options`` what each option gives, draws × options, more
    being better, which is never less or more than what it lies ``within``. The greatest gain is
    first; assumptions that do not vary are left out.
    """
    varying: list[int] = np.flatnonzero(np.ptp(values, axis=0) > 0).tolist()
    if not varying:
        return ()
    stream = np.random.default_rng(seed)
    orders = [np.arange(len(values)), *(stream.permutation(len(values)) for _ in range(SHUFFLES))]
    shuffled = np.stack([options[order] for order in orders], axis=1)
    found = np.array([_gain(values[:, at], shuffled, within) for at in varying])
    by_chance = found[:, 1:]
    # what is left of rounding is no gain
    limit = float(np.quantile(by_chance.max(axis=0), _LIMIT)) + _NIL * float(np.ptp(options))
    each = [
        InformationGain(
            path=paths[at],
            gain=max(0.0, float(gain - chance)),
            tells=bool(gain > max(limit, 0.0)),
        )
        for at, gain, chance in zip(varying, found[:, 0], by_chance.mean(axis=1), strict=True)
    ]
    return tuple(sorted(each, key=lambda one: (-one.gain, one.path)))


def _gain(column: Array, options: Array, within: tuple[float, float]) -> Array:
    """The gain of one assumption in each shuffle, of draws × shuffles × options."""
    flat = options.reshape(len(column), -1)
    curve = np.clip(curve_of(column, flat), *within).reshape(options.shape)
    known: Array = curve.max(axis=2).mean(axis=0) - options.mean(axis=0).max(axis=1)
    return known


def curve_of(column: Array, given: Array) -> Array:
    """What the draws give, draws × any, as a smooth curve along the places of an assumption.

    Values that tie have one place; of few values each has a height of its own.

    >>> curve_of(np.array([1.0, 1.0, 2.0]), np.array([[0.0], [1.0], [3.0]])).round(9).tolist()
    [[0.5], [0.5], [3.0]]
    """
    _, where, counts = np.unique(column, return_inverse=True, return_counts=True)
    places = ((np.cumsum(counts) - counts / 2) / len(column))[where]
    waves = min(WAVES, len(counts) - 1)
    shape = np.linalg.qr(np.cos(np.pi * places[:, None] * np.arange(waves + 1)))[0]
    curve: Array = shape @ (shape.T @ given)
    return curve
