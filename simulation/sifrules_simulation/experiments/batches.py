"""Pieces of work (arbetsstycken): what every run is done in, and what is kept of it at once.

A comparison is a row of pieces, some replications each; so is each part of a study (its
draws, its causes, ...). A piece takes a second or less. It gives numbers, and tells which
replications failed. Pieces that are kept are read and not run, so that a run which was
stopped goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from attrs import define, field, frozen

from sifrules.errors import SifError
from sifrules_simulation.execution.dispatch import run_unordered
from sifrules_simulation.execution.executor import DIED, Died

if TYPE_CHECKING:
    import polars as pl

Values = TypeVar("Values")
#: What is to be done, by the number of the piece.
Tasks = Mapping[int, tuple[Any, ...]]


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

    def as_error(self, what: str) -> SifError:
        """The error of a run in which nothing else is left to tell, such as "every draw"."""
        whose = f" of {self.policy}" if self.policy else ""
        return SifError(
            f"{what} failed, the first in replication {self.replication}{whose} "
            f"(seed {self.seed}): {self.error}",
            fix=f"see it with: {self.command}" if self.command else "take fewer --jobs",
        )


@frozen(kw_only=True, eq=False)
class Piece(Generic[Values]):
    """What came of a piece of work: its numbers if there are any, and what failed in it."""

    values: Values | None = None
    failures: tuple[Failure, ...] = ()


class Part(Protocol[Values]):
    """A part of a run: what its pieces are of, and what they look like as tables."""

    @property
    def name(self) -> str:
        """What its files are called."""

    def runs(self, number: int) -> int:
        """How many replications a piece takes."""

    def died(self, number: int) -> tuple[Failure, ...]:
        """What to tell as failed where the process that did a piece died of it."""

    def framed(self, number: int, values: Values | None) -> pl.DataFrame:
        """The numbers of a piece as a table, an empty one where there are none."""

    def read(self, number: int, frame: pl.DataFrame) -> Values:
        """The numbers in a piece's table. Raises `ValueError` where it is not of that shape."""


class NotKept(SifError):
    """A piece that could not be kept: the run ends, for what is lacking is room."""


class Keeper(Protocol):
    """Keeps pieces as they are finished, and gives back those that it has."""

    def piece(self, part: Part[Values], number: int) -> Piece[Values] | None:
        """A piece that is kept whole; None where it is to be run."""

    def keep(self, part: Part[Values], number: int, piece: Piece[Values]) -> None:
        """Keep a piece that was finished."""

    def already(self, count: int) -> None:
        """Tell that so many replications need not be run."""


@frozen(kw_only=True)
class Running:
    """How pieces are run: on so many processes, kept by whom, and who is told how many."""

    jobs: int | None = None
    tick: Callable[[int], None] = lambda _: None
    keeper: Keeper | None = None


@define
class Gathered(Generic[Values]):
    """The pieces of a part by number; not all of them where the run was stopped."""

    pieces: dict[int, Piece[Values]] = field(factory=dict)
    stopped: bool = False

    @property
    def values(self) -> dict[int, Values]:
        """The numbers of the pieces that have any, in order."""
        found = ((number, self.pieces[number].values) for number in sorted(self.pieces))
        return {number: values for number, values in found if values is not None}

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The failures, in order."""
        return tuple(
            each for number in sorted(self.pieces) for each in self.pieces[number].failures
        )


def gathered(
    part: Part[Values],
    work: Callable[..., Piece[Values]],
    tasks: Tasks,
    running: Running,
) -> Gathered[Values]:
    """Pieces of a part, by number: those kept are read, the rest is run and kept at once.

    The same whatever was kept before, and on any number of processes. Ctrl-C ends it early.
    """
    found: Gathered[Values] = Gathered()
    kept = _kept(part, tasks, running.keeper)
    found.pieces |= {number: piece for number, piece in kept if piece is not None}
    _told(part, found.pieces, running)
    missing = [number for number in tasks if number not in found.pieces]
    try:
        for number, piece in _fresh(part, work, tasks, missing, running):
            found.pieces[number] = piece
    except KeyboardInterrupt:
        found.stopped = True
    return found


def in_order(
    part: Part[Values],
    work: Callable[..., Piece[Values]],
    tasks: Tasks,
    running: Running,
) -> Iterator[Piece[Values]]:
    """Pieces of a part, in order and one at a time: memory does not grow with them.

    Those kept are read when it is their turn, what is missing is run and kept at once.
    Raises `KeyboardInterrupt` where it is stopped.
    """
    kept = {number for number, piece in _kept(part, tasks, running.keeper) if piece is not None}
    _told(part, kept, running)
    missing = [number for number in tasks if number not in kept]
    fresh = _fresh(part, work, tasks, missing, running)
    waiting: dict[int, Piece[Values]] = {}
    for number in tasks:
        if number in kept:
            ((_, piece),) = _kept(part, [number], running.keeper)
            if piece is None:
                raise SifError(f"piece {number} of {part.name} was taken away while it was read")
            yield piece
            continue
        while number not in waiting:
            at, piece = next(fresh)
            waiting[at] = piece
        yield waiting.pop(number)


def _kept(
    part: Part[Values], numbers: Iterable[int], keeper: Keeper | None
) -> Iterator[tuple[int, Piece[Values] | None]]:
    if keeper is not None:
        for number in numbers:
            yield number, keeper.piece(part, number)


def _told(part: Part[Any], kept: Iterable[int], running: Running) -> None:
    if running.keeper is not None:
        running.keeper.already(sum(map(part.runs, kept)))


def _fresh(
    part: Part[Values],
    work: Callable[..., Piece[Values]],
    tasks: Tasks,
    missing: Sequence[int],
    running: Running,
) -> Iterator[tuple[int, Piece[Values]]]:
    """Pieces that are run, as they are finished, each kept before it is given."""
    for at, result in run_unordered(work, [tasks[number] for number in missing], running.jobs):
        number = missing[at]
        piece: Piece[Values]
        if isinstance(result, Died):  # not kept: with more memory it may well be done
            piece = Piece(failures=part.died(number))
        else:
            piece = result
            _keep(running.keeper, part, number, piece)
        running.tick(part.runs(number))
        yield number, piece


def _keep(keeper: Keeper | None, part: Part[Values], number: int, piece: Piece[Values]) -> None:
    if keeper is None:
        return
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
