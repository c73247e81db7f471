"""Two assumptions at a time (två antaganden i taget): where a hypothesis holds, and where not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules_simulation.analysis.information import InformationGain
from sifrules_simulation.analysis.regions import Region

Array = NDArray[np.float64]

#: The draws that a field should have on average, and the most fields along a side.
DRAWS_A_FIELD, MOST = 16, 6


@frozen(kw_only=True)
class TwoWay:
    """In what share of worlds a hypothesis holds, by two assumptions.

    ``shares`` are fields, rows upwards along ``y`` and columns along ``x``; None where no draw
    lies. The ends of the fields are ``x_ends`` and ``y_ends``.
    """

    x: str
    y: str
    x_ends: tuple[float, ...]
    y_ends: tuple[float, ...]
    shares: tuple[tuple[float | None, ...], ...]


def pair_of(
    found: Sequence[Region], information: Sequence[InformationGain]
) -> tuple[str, str] | None:
    """The two assumptions to look at: those of the region, then those that settle most.

    None where neither a region nor the gain from knowing an assumption tells of two.
    """
    region = [part.path for each in found if each.tells for part in each.conditions]
    most = [each.path for each in information if each.tells]
    paths = list(dict.fromkeys((*region, *most)))
    return (paths[0], paths[1]) if len(paths) > 1 else None


def two_way(paths: Sequence[str], values: Array, holds: Array, pair: tuple[str, str]) -> TwoWay:
    """The fields of two assumptions, from draws × parameters and how likely it is to hold in each.

    Draws in which that is not a number are left out.
    """
    known = np.isfinite(holds)
    x, y = (values[known, list(paths).index(path)] for path in pair)
    side = int(np.clip(np.sqrt(known.sum() / DRAWS_A_FIELD), 2, MOST))
    ends = [np.linspace(each.min(), each.max(), side + 1) for each in (x, y)]
    count, _, _ = np.histogram2d(y, x, bins=[ends[1], ends[0]])
    there, _, _ = np.histogram2d(y, x, bins=[ends[1], ends[0]], weights=holds[known])
    return TwoWay(
        x=pair[0],
        y=pair[1],
        x_ends=tuple(ends[0].tolist()),
        y_ends=tuple(ends[1].tolist()),
        shares=tuple(
            tuple(float(of / n) if n else None for of, n in zip(some, many, strict=True))
            for some, many in zip(there, count, strict=True)
        ),
    )
