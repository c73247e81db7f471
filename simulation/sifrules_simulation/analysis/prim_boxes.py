"""Boxes in which something is frequent (PRIM): the one place that calls the EMA workbench's.

The patient rule induction method peels a little off the whole, time and again, so that what is
left has more of what is of interest, and then pastes on what was peeled off in vain.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules.errors import SifError

Array = NDArray[np.float64]

#: What counts as a case at all, next to nothing: cases are weighed, or of interest or not.
_ANY = 1e-12


@frozen(kw_only=True)
class Box:
    """One box along the peeling: the limits of each input in it, both ends included.

    ``mass`` is the share of all cases in it, ``density`` the mean interest of those, ``coverage``
    their share of all interest. ``chances`` are the quasi-p-values of each restricted input's two
    ends, for cases that are either of interest or not.
    """

    limits: Mapping[str, tuple[float, float]]
    mass: float
    density: float
    coverage: float
    chances: Mapping[str, tuple[float, float]]


def prim_boxes(
    columns: Mapping[str, Array],
    interest: Array,
    *,
    mass: float,
    missing: Callable[[], SifError],
) -> list[Box]:
    """All boxes along a peeling, the whole first and the last one pasted last.

    ``interest`` is how much of what is looked for is in each case, from 0 to 1; some of it must be
    there. No box is less than the ``mass``. ``missing`` gives the error where the EMA workbench is
    not installed.
    """
    with warnings.catch_warnings():
        # on import it warns of what else it could be used with, and later uses what the newest
        # pandas warns of
        warnings.simplefilter("ignore")
        try:
            import pandas as pd
            from ema_workbench.analysis.prim import Prim
            from ema_workbench.analysis.scenario_discovery_util import RuleInductionType
        except ImportError:
            raise missing() from None
        table = pd.DataFrame({name: np.asarray(each, float) for name, each in columns.items()})
        found = Prim(
            table, interest, threshold=_ANY, mass_min=mass, mode=RuleInductionType.REGRESSION
        ).find_box()
    trajectory, whole = found.peeling_trajectory, float(interest.sum())
    return [
        Box(
            limits={name: (float(lims[name][0]), float(lims[name][1])) for name in columns},
            mass=float(trajectory["mass"][at]),
            density=float(trajectory["mean"][at]),
            coverage=float(trajectory["mean"][at] * trajectory["n"][at] / whole),
            chances={name: (float(ends[0]), float(ends[1])) for name, ends in qp.items()},
        )
        for at, (lims, qp) in enumerate(zip(found.box_lims, found.qp, strict=True))
    ]
