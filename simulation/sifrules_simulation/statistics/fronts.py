"""Fronts (Paretofronter): what nothing else is at least as good as in all, and better in one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: So many comparisons are held in memory at a time.
_AT_ONCE = 10_000_000


def on_front(better: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which rows no other row is at least as good as in every column, and better in one.

    More is better in every column. A row with a number that is not known is on no front.

    >>> on_front(np.array([[1.0, 3.0], [2.0, 2.0], [1.0, 2.0]])).tolist()
    [True, True, False]
    """
    known: NDArray[np.bool_] = np.logical_not(np.isnan(better).any(axis=1))
    filled = np.where(known[:, None], better, -np.inf)
    beaten = np.zeros(len(filled), dtype=bool)
    step = max(1, _AT_ONCE // max(1, filled.size))
    for first in range(0, len(filled), step):
        some = filled[first : first + step, None, :]
        at_least = np.greater_equal(filled[None, :, :], some).all(axis=2)
        above = np.greater(filled[None, :, :], some).any(axis=2)
        beaten[first : first + step] = np.logical_and(at_least, above).any(axis=1)
    return np.logical_and(known, np.logical_not(beaten))
