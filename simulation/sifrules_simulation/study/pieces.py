"""Pieces of work (arbetsstycken): what a study is run in, and what is kept of it at once.

Each part of a study (its draws, its causes, ...) is a row of pieces, a second of work or
less each. A piece gives numbers, or tells which replication failed. Pieces that are kept
are read and not run, so that a study which was stopped goes on where it was.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError
from sifrules_simulation.running import DIED, Died, finished

Array = NDArray[np.float64]


@frozen(kw_only=True)
class Failure:
    """A replication that failed: where, with what error, and the command that shows it.

    ``draw`` is None in the scenario as it is; where a process died nobody knows which policy.
    """

    part: str
    policy: str
    draw: int | None
    replication: int
    seed: int
    error: str
    command: str


@frozen(kw_only=True, eq=False)
class Piece:
    """What came of a piece of work: its numbers, or the replication that failed in it."""

    values: Array | None = None
    failure: Failure | None = None


@frozen(kw_only=True, eq=False)
class Part:
    """A part of a study, and what its pieces look like as tables.

    ``rows`` says of a piece what its rows are: names with the values that they take, the last
    fastest. ``columns`` are the last axis of its numbers; a row is ``each`` replications of
    single funds. ``died`` is the failure to tell where the process that did a piece died.
    """

    name: str
    rows: Callable[[int], Mapping[str, Sequence[Any]]]
    columns: tuple[str, ...]
    died: Callable[[int], Failure]
    each: int = 1

    def shape(self, number: int) -> tuple[int, ...]:
        """The shape of a piece's numbers."""
        return (*(len(values) for values in self.rows(number).values()), len(self.columns))

    def runs(self, number: int) -> int:
        """How many replications of single funds a piece takes."""
        return self.each * math.prod(self.shape(number)[:-1])


class NotKept(SifError):
    """A piece that could not be kept: the run ends, for what is lacking is room."""


class Keeper(Protocol):
    """Keeps pieces as they are finished, and gives back those that it has."""

    def kept(self, part: Part, count: int) -> dict[int, Piece]:
        """The whole pieces that are kept of a part of so many."""

    def keep(self, part: Part, number: int, piece: Piece) -> None:
        """Keep a piece that was finished."""

    def already(self, count: int) -> None:
        """Tell that so many replications need not be run."""


@define
class Gathered:
    """The pieces of a part by number; not all of them where the run was stopped."""

    pieces: dict[int, Piece] = field(factory=dict)
    stopped: bool = False

    @property
    def values(self) -> dict[int, Array]:
        """The numbers of the pieces that did not fail, in order."""
        found = ((number, self.pieces[number].values) for number in sorted(self.pieces))
        return {number: values for number, values in found if values is not None}

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The failures, in order."""
        found = (self.pieces[number].failure for number in sorted(self.pieces))
        return tuple(failure for failure in found if failure is not None)


def gathered(
    part: Part,
    work: Callable[..., Piece],
    tasks: Sequence[tuple[Any, ...]],
    *,
    jobs: int | None,
    tick: Callable[[int], None],
    keeper: Keeper | None = None,
) -> Gathered:
    """The pieces of a part: those kept are read, what is missing is run and kept at once.

    The same whatever was kept before, and on any number of processes. Ctrl-C ends it early.
    """
    found = Gathered()
    if keeper is not None:
        found.pieces |= keeper.kept(part, len(tasks))
        keeper.already(sum(map(part.runs, found.pieces)))
    missing = [number for number in range(len(tasks)) if number not in found.pieces]
    try:
        for at, result in finished(work, [tasks[number] for number in missing], jobs):
            number = missing[at]
            if isinstance(result, Died):  # not kept: with more memory it may well be done
                found.pieces[number] = Piece(failure=part.died(number))
            else:
                found.pieces[number] = result
                if keeper is not None:
                    _keep(keeper, part, number, result)
            tick(part.runs(number))
    except KeyboardInterrupt:
        found.stopped = True
    return found


def _keep(keeper: Keeper, part: Part, number: int, piece: Piece) -> None:
    try:
        keeper.keep(part, number, piece)
    except SifError as error:
        raise NotKept(error.what, where=error.where, fix=error.fix) from error


def died(part: str, draw: int | None, replication: int, seed: int) -> Failure:
    """The failure of a piece whose process died; there is no telling which policy's it was."""
    return Failure(
        part=part,
        policy="",
        draw=draw,
        replication=replication,
        seed=seed,
        error=DIED,
        command="",
    )
