"""Cells of a design (celler): the one loop in which every run simulates its policies.

A cell is some policies, each under some sets of mechanisms, in some replications of one
scenario: of the scenario as it is, or as one draw of a study has it. All that is simulated in
one replication is simulated in the same world (common random numbers), however a run is
divided into cells.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import numpy as np
from attrs import define, evolve, field, frozen

from sifrules.errors import SifError, shown
from sifrules.plugin.simulation import Event, Portfolio
from sifrules.values.messages import Message
from sifrules_simulation.experiments.batches import Failure
from sifrules_simulation.experiments.design import Design, error_line
from sifrules_simulation.model.logs import Replicated
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.own_size import POPULATION
from sifrules_simulation.model.replication import ReplicationSetup, simulate
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.world import World, worlds

Row = TypeVar("Row")


@frozen(kw_only=True, eq=False)
class Cell:
    """What is simulated: ``policies`` × ``mechanisms`` in ``replications`` of one scenario.

    ``part`` is the part of the run, ``draw`` the number of the draw that the scenario is.
    A cell that is ``whole`` gives nothing where any of its replications fails.
    """

    part: str
    policies: range
    replications: range
    scenario: Scenario | None = None
    mechanisms: tuple[Mechanisms, ...] = ()
    draw: int | None = None
    whole: bool = False


@define
class CellResult(Generic[Row]):
    """For each replication that was finished, what was measured, policy by policy.

    Of each policy one row for each set of mechanisms, the latter fastest.
    """

    rows: dict[int, list[Row]] = field(factory=dict)
    failures: list[Failure] = field(factory=list)


def run_cell(
    design: Design,
    cell: Cell,
    measured: Callable[[Portfolio], Row],
    *,
    books_monthly: bool = False,
    logged: Callable[[Replicated], Row] | None = None,
) -> CellResult[Row]:
    """Simulate a cell; a replication that fails is left out of it, and reported.

    Where it ``books_monthly`` the books have each month's payments, and not one for all months.
    With ``logged`` that is what is measured instead, of a replication with its events.
    """
    found: CellResult[Row] = CellResult()
    arms: list[_Arm] = []
    drawn = _Worlds(design, cell)

    def seen(arm: _Arm, portfolio: Portfolio) -> Row:
        if logged is None:
            return measured(portfolio)
        return logged(Replicated(portfolio, arm.setup.rules, tuple(arm.events)))

    for replication in cell.replications:
        try:
            arms = arms or list(_arms(design, cell, books_monthly))
            found.rows[replication] = list(_simulated(design, arms, replication, drawn, seen))
        except _Failed as failed:
            around = cell.scenario or design.scenario
            failure = design.failure(
                cell.part, cell.draw, failed.policy, around, replication, failed.mechanisms,
                failed.error,
            )  # fmt: skip
            found.failures.append(failure)
            if cell.whole:
                found.rows.clear()
                break
    return found


@frozen(eq=False)
class _Arm:
    """One policy under one set of mechanisms."""

    policy: int
    mechanisms: Mechanisms
    setup: ReplicationSetup
    #: the events of the replication that is simulated, where a table of them is asked for
    events: list[Event]


class _Failed(Exception):
    """A replication that failed: of which policy, under which mechanisms, with what error."""

    def __init__(self, policy: int, mechanisms: Mechanisms, error: Exception) -> None:
        super().__init__(policy, mechanisms, error)
        self.policy, self.mechanisms = policy, mechanisms
        self.error = str(error) if isinstance(error, MeasureFailed) else error_line(error)


def _arms(design: Design, cell: Cell, books_monthly: bool) -> Iterator[_Arm]:
    for policy in cell.policies:
        for mechanisms in cell.mechanisms or (design.switches,):
            events: list[Event] = []
            try:
                setup = design.setup(policy, cell.scenario, mechanisms)
                if books_monthly:
                    setup = evolve(setup, scalar=True)
                if design.sees_events:
                    setup = evolve(setup, observers=(*setup.observers, events.append))
            except Exception as error:  # a plugin's own code: whatever it raises is reported
                raise _Failed(policy, mechanisms, error) from error
            yield _Arm(policy, mechanisms, setup, events)


@define
class _Worlds:
    """The worlds of a cell, drawn some replications at once: these are worked out together."""

    design: Design
    cell: Cell
    _drawn: dict[tuple[bool, bool, float], tuple[range, list[World]]] = field(factory=dict)

    def at(self, replication: int, arm: _Arm) -> World:
        """The world of one replication, the same for arms in which it does not differ."""
        design, mechanisms, around = self.design, arm.mechanisms, arm.setup.adapter.scenario
        key = (mechanisms.novelty, mechanisms.organisation_size, around.value(POPULATION))
        numbers, found = self._drawn.get(key, (range(0), []))
        if replication not in numbers:
            at = self.cell.replications.index(replication)
            numbers = self.cell.replications[at : at + _AT_ONCE]
            found = worlds(around, design.years, design.seed, numbers, mechanisms)
            self._drawn[key] = numbers, found
        return found[numbers.index(replication)]


#: How many replications are drawn, and considered by committees, at once.
_AT_ONCE = 50


def _simulated(
    design: Design,
    arms: list[_Arm],
    replication: int,
    drawn: _Worlds,
    seen: Callable[[_Arm, Portfolio], Row],
) -> Iterator[Row]:
    """What is measured of each policy under each set of mechanisms in one replication."""
    for arm in arms:
        around = drawn.at(replication, arm)
        try:
            arm.events.clear()
            yield seen(arm, simulate(arm.setup, around, design.years))
        except Exception as error:  # a plugin's own code: whatever it raises is reported
            raise _Failed(arm.policy, arm.mechanisms, error) from error


class MeasureFailed(Exception):
    """A measure that raised: which, and what."""


def measures_of(design: Design, portfolio: Portfolio) -> list[float]:
    """The measures of a portfolio, not a number where one is not defined.

    Raises `MeasureFailed` where one raises, or gives what is no finite number.
    """
    row = []
    for measure in design.measures:
        try:
            value = measure.of(portfolio)
            row.append(np.nan if value is None else _finite(value))
        except Exception as error:  # a plugin's own code: whatever it raises is reported
            raise MeasureFailed(f"the measure {measure.name}: {error_line(error)}") from error
    return row


def _finite(value: float) -> float:
    """A value as a number; not defined is said by None, and nothing is said by infinity."""
    number = float(value)
    if not math.isfinite(number):
        raise SifError(Message("measure.not_finite", value=shown(value)))
    return number
