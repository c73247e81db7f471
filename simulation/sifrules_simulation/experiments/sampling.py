"""Sampling of the uncertain parameters (osäkra parametrar), each within its range.

The draws are Latin hypercubes of `BLOCK` draws each: within a block every parameter takes one
value from each of `BLOCK` equal parts of its range, and which values meet is left to chance.
Each parameter has a random stream of its own, named by its path.
A Sobol sequence would fill the ranges still more evenly, but at eighty parameters some of its
columns move alike for thousands of draws, and one parameter then passes for the cause of what
another does. Within its range every value is taken to be as likely as any other, unless the
scenario gives the parameter a distribution.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError, shown
from sifrules.values.messages import Message
from sifrules_simulation.experiments.defaults import BLOCK
from sifrules_simulation.model.parameters import ORDERED, declared
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.streams import RandomStreams
from sifrules_simulation.model.structure import Structure, drawn_at

_WHOLE = {path: bool(field.metadata["whole"]) for path, field in declared()}
#: All parameters, in the order of the cube's columns.
PATHS = tuple(_WHOLE)
#: More draws than this are no study but a mistake.
MOST = 1_000_000


@frozen(eq=False)
class ParameterSample:
    """Values for every uncertain parameter of a scenario, a row for each draw.

    ``numbers`` are the numbers of the draws among all draws of their seed. ``origin`` says
    where they come from: the *prior* (the ranges) or the *posterior*.
    """

    scenario: Scenario
    paths: tuple[str, ...]
    values: NDArray[np.float64]
    numbers: NDArray[np.int_]
    origin: str = "prior"
    #: the structural assumptions of each draw, where the scenario gives alternatives weights
    structures: tuple[Structure, ...] = ()

    def of(self, rows: NDArray[np.int_], origin: str) -> ParameterSample:
        """Some of the draws, by row."""
        return evolve(
            self,
            values=self.values[rows],
            numbers=self.numbers[rows],
            origin=origin,
            structures=tuple(self.structures[row] for row in rows) if self.structures else (),
        )

    def and_then(self, more: ParameterSample) -> ParameterSample:
        """These draws and then more of the same scenario."""
        return evolve(
            self,
            values=np.concatenate([self.values, more.values]),
            numbers=np.concatenate([self.numbers, more.numbers]),
            structures=(*self.structures, *more.structures),
        )

    def __len__(self) -> int:
        return len(self.values)

    def world(self, row: int) -> Scenario:
        """The scenario with the values of one draw, under the name of the scenario."""
        drawn = self.scenario.with_values(dict(zip(self.paths, self.row(row), strict=True)))
        if self.structures:
            drawn = evolve(drawn, structure=self.structures[row])
        return evolve(drawn, changes=(*drawn.changes, "--draw", str(self.numbers[row])))

    def row(self, row: int) -> list[float]:
        """The values of one draw, in the order of the paths."""
        values: list[float] = self.values[row].tolist()
        return values


def uncertain(scenario: Scenario) -> tuple[str, ...]:
    """The parameters whose range has any width, in the order in which they are declared.

    Without those of alternatives of a structural assumption that are neither taken nor drawn.
    """
    stated, idle = scenario.stated, scenario.idle
    return tuple(
        path for path in _WHOLE if stated[path].low < stated[path].high and path not in idle
    )


def draws(scenario: Scenario, count: int, seed: int) -> ParameterSample:
    """``count`` draws of every uncertain parameter; a longer sample begins with a shorter one.

    >>> from sifrules_simulation import scenario
    >>> few, more = draws(scenario(), 4, 1), draws(scenario(), 8, 1)
    >>> few.row(3) == more.row(3)
    True
    """
    sample = within(scenario, latin_hypercube(count, seed))
    return evolve(sample, structures=_structures(scenario, count, seed))


def _structures(scenario: Scenario, count: int, seed: int) -> tuple[Structure, ...]:
    """The structural assumptions of each draw by their weights; nothing where none has any."""
    names = tuple(scenario.weights)
    if not names:
        return ()
    points = latin_hypercube(count, seed, [f"structure.{name}" for name in names])
    return structures_at(scenario, points)


def structures_at(scenario: Scenario, points: NDArray[np.float64]) -> tuple[Structure, ...]:
    """The structural assumptions at points of the unit cube, a column for each with weights."""
    names = tuple(scenario.weights)
    if not names:
        return ()
    return tuple(
        drawn_at(dict(zip(names, point, strict=True)), scenario.weights, scenario.structure)
        for point in points.tolist()
    )


def within(
    scenario: Scenario, points: NDArray[np.float64], numbers: NDArray[np.int_] | None = None
) -> ParameterSample:
    """Points of the unit cube as draws of what a scenario leaves open, each in its range."""
    paths = uncertain(scenario)
    columns = points[:, [at for at, path in enumerate(PATHS) if path in paths]]
    numbers = np.arange(len(points)) if numbers is None else numbers
    return ParameterSample(scenario, paths, placed(scenario, paths, columns), numbers)


def latin_hypercube(count: int, seed: int, paths: Sequence[str] = PATHS) -> NDArray[np.float64]:
    """Points of the unit cube: a row for each draw, a column for each parameter in ``paths``.

    Each column comes from a random stream named by its parameter, so adding a parameter,
    or moving one, changes no other column. The same point stands for the same draw in every
    scenario, each with ranges of its own. Raises `SifError` for an impossible ``count``.
    """
    if type(count) is not int or not 2 <= count <= MOST:
        raise SifError(Message("calibration.number_of_draws", most=MOST, draws=shown(count)))
    blocks = [RandomStreams(seed, block) for block in range(math.ceil(count / BLOCK))]
    columns = [
        np.concatenate([_stratified(block.stream(f"sampling.{path}")) for block in blocks])
        for path in paths
    ]
    return np.column_stack(columns)[:count]


def _stratified(stream: np.random.Generator) -> NDArray[np.float64]:
    """One value from each of `BLOCK` equal parts of the unit interval, in chance order."""
    return (stream.permutation(BLOCK) + stream.random(BLOCK)) / BLOCK


def placed(
    scenario: Scenario, paths: tuple[str, ...], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Points of the unit cube as parameters within their ranges, whole and in order.

    A parameter that has a distribution follows it, and those that are correlated go together.
    """
    columns: dict[str, NDArray[np.float64]] = {}
    points = scenario.correlation.among(paths).joined(points, paths)
    for at, path in enumerate(paths):
        stated = scenario.stated[path]
        low, high = stated.low, stated.high
        if stated.distribution is not None:
            try:
                drawn = stated.distribution.quantiles(points[:, at], low, high)
            except SifError as error:
                raise SifError(error.what, where=path, fix=error.fix) from None
            columns[path] = np.rint(drawn) if _WHOLE[path] else drawn
        elif _WHOLE[path]:
            spread = np.floor(low + points[:, at] * (high - low + 1))
            columns[path] = np.minimum(spread, high)
        else:
            columns[path] = low + points[:, at] * (high - low)
    _put_in_order(columns, {path: each.value for path, each in scenario.stated.items()})
    return np.column_stack([columns[path] for path in paths]) if paths else points


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
