"""Where in the assumptions a hypothesis turns (vändpunkter): scenario discovery.

A box of a few assumptions is sought in which an outcome is more frequent than in all draws (PRIM,
the patient rule induction method). What is looked for is what is rarer in all draws: where the
hypothesis holds, or, if it holds in most, where it does not; and besides where it is reversed, if
that is ever so. Draws are not counted by what was seen in them: each counts by how likely the
outcome is there, with the noise of few replications taken out.

The box is fitted to two thirds of the draws and tried on the rest. It is worth reading only where
the outcome is surely more frequent there than in all draws held out, and by a margin. That there is
no such region is an answer too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules_simulation.analysis.errors import not_installed, too_few
from sifrules_simulation.analysis.information import curve_of
from sifrules_simulation.analysis.prim_boxes import prim_boxes
from sifrules_simulation.statistics.estimates import Estimate

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Fewer draws than this cannot be both fitted to and held out.
FEWEST = 120
#: The share of draws that is fitted to, the least share of them in a box, the most assumptions that
#: a box restricts, and how many of them are tried: those that vary most with the outcome.
FITTED, SMALLEST, RESTRICTED, TRIED = 2 / 3, 0.08, 3, 8
#: An assumption is restricted only where that adds this part of what the box is worth.
ADDS = 0.05
#: An outcome that is likely in fewer draws than this in all, or in a smaller share, has no region.
RARE, RARE_SHARE = 10, 0.05
#: By how much an outcome must at least be more frequent in a region than in all draws.
BEATS = 0.05


class DrawOutcome(StrEnum):
    """What comes of a hypothesis in one draw, as a code."""

    HOLDS = "holds"
    FAILS = "fails"
    REVERSED = "reversed"


@frozen
class ParameterInterval:
    """The values of one parameter in a region, both ends included.

    >>> ParameterInterval("ideas.evaluable", low=0.2).met(np.array([0.1, 0.2])).tolist()
    [False, True]
    """

    path: str
    low: float = -math.inf
    high: float = math.inf

    def met(self, column: Array) -> Mask:
        """In which draws it is met."""
        return (self.low <= column) & (column <= self.high)


@frozen(kw_only=True)
class Region:
    """Where an outcome is frequent, and how that did on the draws held out.

    There ``density`` is the share of worlds in the region with the outcome, ``coverage`` the share
    of all worlds with the outcome that lie in the region, ``mass`` the share of draws in it, and
    ``base`` the share of all of them with the outcome. ``conditions`` are empty where none was
    found to fit, or where the outcome is so rare in all draws that none was sought.
    """

    outcome: DrawOutcome
    conditions: tuple[ParameterInterval, ...]
    density: Estimate
    coverage: Estimate
    mass: float
    base: float

    @property
    def tells(self) -> bool:
        """Whether the outcome is surely more frequent there than in all draws, by the margin."""
        low = self.density.low
        return bool(self.conditions) and low is not None and low > self.base + BEATS


def regions(
    paths: Sequence[str], values: Array, holds: Array, reverse: Array, *, seed: int = 1
) -> tuple[Region, ...]:
    """The regions of one hypothesis, from draws × parameters.

    ``holds`` is how likely it is to hold in each draw, ``reverse`` how likely the opposite is;
    draws in which these are not numbers are left out. The first region is of where it holds, or
    does not hold where it holds in more than half of all; a second one of where it is reversed.
    What a region shows is what was tried on the draws held out: its numbers were rounded before.
    `SifError` where too few draws are known.
    """
    if values.shape != (len(holds), len(paths)):
        raise SifError(
            Message(
                "draws.wrong_shape",
                draws=len(holds),
                parameters=len(paths),
                shape=" × ".join(map(str, values.shape)),
            )
        )
    known = np.isfinite(holds) & np.isfinite(reverse)
    if known.sum() < FEWEST:
        raise too_few(Message("region.too_few", fewest=FEWEST, got=int(known.sum())))
    values, holds, reverse = values[known], holds[known], reverse[known]
    asked = {DrawOutcome.HOLDS: holds}
    if holds.mean() > 0.5:
        asked = {DrawOutcome.FAILS: 1 - holds}
    if not _rare(reverse):
        asked[DrawOutcome.REVERSED] = reverse
    return tuple(_region(paths, values, likely, outcome, seed) for outcome, likely in asked.items())


def _rare(likely: Array) -> bool:
    return bool(likely.sum() < RARE or likely.mean() < RARE_SHARE)


def _region(
    paths: Sequence[str], values: Array, likely: Array, outcome: DrawOutcome, seed: int
) -> Region:
    """The region of one outcome, tried on the draws held out."""
    fitted = _split(likely, np.random.default_rng(seed))
    found = () if _rare(likely) else _fitted(paths, values[fitted], likely[fitted])
    held, came = values[~fitted], likely[~fitted]
    inside = _inside(paths, held, found)
    there, all_of_it = float(came[inside].sum()), float(came.sum())
    return Region(
        outcome=outcome,
        conditions=found,
        density=Estimate.of_share(there, int(inside.sum())),
        coverage=Estimate.of_share(there, all_of_it),
        mass=float(inside.mean()),
        base=float(came.mean()),
    )


def _split(likely: Array, stream: np.random.Generator) -> Mask:
    """Which draws are fitted to: two thirds of them, alike in how likely the outcome is."""
    order = np.lexsort((stream.random(len(likely)), likely))
    fitted = np.ones(len(likely), dtype=bool)
    for third in range(0, len(order), 3):
        some = order[third : third + 3]
        if len(some) == 3:
            fitted[some[stream.integers(3)]] = False
    return fitted


def _inside(paths: Sequence[str], values: Array, found: Sequence[ParameterInterval]) -> Mask:
    inside = np.ones(len(values), dtype=bool)
    for each in found:
        inside &= each.met(values[:, list(paths).index(each.path)])
    return inside


def _fitted(paths: Sequence[str], values: Array, likely: Array) -> tuple[ParameterInterval, ...]:
    """The box that is worth most of those along the peeling, with few assumptions.

    The worth of a box is how much more frequent the outcome is in it, in standard errors: times the
    root of how many draws lie there.
    """

    def worth(box: Sequence[ParameterInterval]) -> float:
        inside = _inside(paths, values, box)
        return float((likely[inside] - likely.mean()).sum() / np.sqrt(max(1, inside.sum())))

    tried = _varying_most(values, likely)
    boxes = prim_boxes(
        {paths[at]: values[:, at] for at in tried},
        likely,
        mass=SMALLEST,
        missing=lambda: not_installed("region.needs", "ema-workbench"),
    )
    whole = boxes[0].limits
    best: tuple[ParameterInterval, ...] = ()
    for box in boxes[1:]:
        found = tuple(
            _rounded(paths[at], values[:, at], box.limits[paths[at]], whole[paths[at]])
            for at in tried
            if box.limits[paths[at]] != whole[paths[at]]
        )
        found = tuple(each for each in found if each != ParameterInterval(each.path))
        if worth(found) > worth(best):
            best = found
    while best:
        fewer = [tuple(each for each in best if each is not one) for one in best]
        less = max(fewer, key=worth)
        if len(best) <= RESTRICTED and worth(less) < (1 - ADDS) * worth(best):
            break
        best = less
    return best


def _varying_most(values: Array, likely: Array) -> list[int]:
    """The assumptions to try: those whose curve through the draws varies most."""
    parts = []
    for at, column in enumerate(values.T):
        if np.ptp(column) == 0:
            continue
        part = curve_of(column, likely[:, None])[:, 0]
        parts.append((-float(part.var()), at))
    return sorted(at for _, at in sorted(parts)[:TRIED])


def _rounded(
    path: str, column: Array, limits: tuple[float, float], whole: tuple[float, float]
) -> ParameterInterval:
    """The limits as they are shown: three digits, more where these would move them far."""
    integer, span = bool((column == np.floor(column)).all()), float(np.ptp(column))

    def short(limit: float, towards: float) -> float:
        if integer:
            return math.ceil(limit) if towards < 0 else math.floor(limit)
        for digits in range(3, 18):
            tried = float(f"{limit:.{digits}g}")
            if abs(tried - limit) <= span / 200:
                return tried
        return limit

    low = -math.inf if limits[0] <= whole[0] else short(limits[0], -1)
    high = math.inf if limits[1] >= whole[1] else short(limits[1], 1)
    return ParameterInterval(path, low, high)
