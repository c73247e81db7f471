"""What to measure to settle a question (informationsvärde): partial perfect information.

Whoever says of the world that we live in whether a hypothesis holds there is right with the chance
that is the greater of its share of worlds and the rest. If one assumption were known exactly, the
share among the worlds with that value would be said instead, and one would be right more often. The
gain is the expected value of partial perfect information, in the chance to be right. How the share
varies with an assumption is a smooth curve fitted to how likely the hypothesis is to hold in each
draw, with the noise of few replications taken out (regression, as Strong, Oakley and Brennan,
2014).

A curve through chance gains something, too. So draws are shuffled: the mean gain of shuffled ones
is taken off, and an assumption can be distinguished from none where its gain is greater than the
greatest of all assumptions is in nineteen of twenty shuffles.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Fewer draws than this say nothing of single assumptions.
FEWEST = 64
#: The waves of a curve, and how many times draws are shuffled.
WAVES, SHUFFLES = 3, 40
_LIMIT = 0.95


@frozen
class InformationGain:
    """How much more often one would be right if one assumption were known: from 0 to 0.5.

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
    varying: list[int] = np.flatnonzero(np.ptp(values, axis=0) > 0).tolist()
    if not varying:
        return ()
    stream = np.random.default_rng(seed)
    shuffled = [likely, *(stream.permutation(likely) for _ in range(SHUFFLES))]
    gains = _gains(_places(values[:, varying], stream), np.column_stack(shuffled))
    by_chance = gains[:, 1:]
    limit = float(np.quantile(by_chance.max(axis=0), _LIMIT))
    found = [
        InformationGain(
            path=paths[at],
            gain=max(0.0, float(gain - chance)),
            tells=bool(gain > limit and gain > 0),
        )
        for at, gain, chance in zip(varying, gains[:, 0], by_chance.mean(axis=1), strict=True)
    ]
    return tuple(sorted(found, key=lambda each: (-each.gain, each.path)))


def _places(values: Array, stream: np.random.Generator) -> Array:
    """The place of every value in its column, between 0 and 1; ties in an order drawn by lot."""
    places = np.empty(values.shape)
    for at, column in enumerate(values.T):
        order = np.lexsort((stream.random(len(column)), column))
        places[order, at] = (np.arange(len(column)) + 0.5) / len(column)
    return places


def _gains(places: Array, likely: Array) -> Array:
    """The gain of each assumption, assumptions × shuffles."""
    count, shares = len(places), likely.mean(axis=0)
    before = np.maximum(shares, 1 - shares)
    gains = np.empty((places.shape[1], likely.shape[1]))
    for at, column in enumerate(places.T):
        waves = np.cos(np.pi * column[:, None] * np.arange(1, WAVES + 1))
        curve = np.clip(shares + waves @ (2 / count * waves.T @ (likely - shares)), 0.0, 1.0)
        gains[at] = np.maximum(curve, 1 - curve).mean(axis=0) - before
    return gains
