"""Uncertainties (osäkerheter): every parameter of a scenario, drawn from its range.

Draws are a scrambled Sobol sequence: they fill the ranges more evenly than chance would.
Within its range every value is taken to be as likely as any other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules.errors import SifError, shown
from sifrules_simulation.parameters import ORDERED, declared
from sifrules_simulation.scenarios import Scenario

_WHOLE = {path: bool(field.metadata["whole"]) for path, field in declared()}
#: More draws than this are no study but a mistake.
MOST = 1_000_000


@frozen(eq=False)
class Draws:
    """Values for every uncertain parameter of a scenario, a row for each draw.

    ``origin`` says where they come from: the *prior* (the ranges) or the *posterior*.
    """

    scenario: Scenario
    paths: tuple[str, ...]
    values: NDArray[np.float64]
    origin: str = "prior"

    def __len__(self) -> int:
        return len(self.values)

    def world(self, number: int) -> Scenario:
        """The scenario with the values of one draw; it keeps the name of the scenario."""
        return self.scenario.with_values(dict(zip(self.paths, self.row(number), strict=True)))

    def row(self, number: int) -> list[float]:
        """The values of one draw, in the order of the paths."""
        row: list[float] = self.values[number].tolist()
        return row


def uncertain(scenario: Scenario) -> tuple[str, ...]:
    """The parameters whose range has any width."""
    return tuple(path for path, each in scenario.stated.items() if each.low < each.high)


def draws(scenario: Scenario, count: int, seed: int) -> Draws:
    """So many draws of every uncertain parameter; the first of more draws are the same.

    >>> from sifrules_simulation import scenario
    >>> few, more = draws(scenario(), 4, 1), draws(scenario(), 8, 1)
    >>> few.row(3) == more.row(3)
    True
    """
    from scipy.stats import qmc

    if type(count) is not int or not 2 <= count <= MOST:
        raise SifError(f"expected from 2 to {MOST} draws, got {shown(count)}")
    paths = uncertain(scenario)
    sobol = qmc.Sobol(len(paths), scramble=True, rng=np.random.default_rng(seed))
    cube = sobol.random_base2(math.ceil(math.log2(count)))[:count]
    return Draws(scenario, paths, placed(scenario, paths, cube))


def placed(
    scenario: Scenario, paths: tuple[str, ...], cube: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Points of the unit cube as parameters within their ranges, whole and in order."""
    columns: dict[str, NDArray[np.float64]] = {}
    for at, path in enumerate(paths):
        low, high = scenario.stated[path].low, scenario.stated[path].high
        if _WHOLE[path]:
            spread = np.floor(low + cube[:, at] * (high - low + 1))
            columns[path] = np.minimum(spread, high)
        else:
            columns[path] = low + cube[:, at] * (high - low)
    _put_in_order(columns, {path: each.value for path, each in scenario.stated.items()})
    return np.column_stack([columns[path] for path in paths])


def _put_in_order(columns: dict[str, NDArray[np.float64]], fixed: Mapping[str, float]) -> None:
    """See that no least lies above its most."""
    for less, more in ORDERED:
        if less in columns and more in columns:
            pair = np.sort(np.column_stack([columns[less], columns[more]]), axis=1)
            columns[less], columns[more] = pair[:, 0], pair[:, 1]
        elif less in columns:
            columns[less] = np.minimum(columns[less], fixed[more])
        elif more in columns:
            columns[more] = np.maximum(columns[more], fixed[less])
