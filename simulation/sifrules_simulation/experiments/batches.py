"""Batches (delkörningar): the pieces of work that every run is done in, saved one by one.

A comparison is a row of batches of some replications each; so is each part of a study: its
draws, its causes, its calibration. A batch takes a second or less. It gives numbers, and
reports which replications failed. Batches that are saved are read and not run, so that a run
that was stopped is resumed where it was.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError
from sifrules.values.messages import Message, Text
from sifrules_simulation.execution.dispatch import run_unordered
from sifrules_simulation.execution.executor import DIED, Died

if TYPE_CHECKING:
    import polars as pl

Array = NDArray[np.float64]
Values = TypeVar("Values")
#: The cells of each batch, by its number: the arguments of the work, a tuple for each cell.
Cells = Mapping[int, Sequence[tuple[Any, ...]]]


@frozen(kw_only=True)
class Failure:
    """A replication that failed: where, with what error, and the command that shows it.

    ``draw`` is None in the scenario as it is; ``policy`` is empty where a process died, as
    nobody knows which policy it was simulating.
    """

    part: str
    policy: str
    draw: int | None
    replication: int
    seed: int
    error: str
    command: str

    def as_error(self, what: Text) -> SifError:
        """The error of a run in which nothing was finished; ``what`` is as "every draw"."""
        where = {"what": what, "replication": self.replication, "seed": self.seed}
        if not self.command:
            return SifError(
                Message("failure.died", **where, error=DIED), fix=Message("failure.fewer_jobs")
            )
        return SifError(
            Message("failure.failed", **where, policy=self.policy, error=self.error),
            fix=Message("failure.see", command=self.command),
        )


def died(part: str, draw: int | None, replication: int, seed: int) -> Failure:
    """The failure of a batch whose process died; which policy it was in is not known."""
    return Failure(
        part=part,
        policy="",
        draw=draw,
        replication=replication,
        seed=seed,
        error=str(DIED),
        command="",
    )


@frozen(kw_only=True, eq=False)
class BatchResult(Generic[Values]):
    """What a batch, or a cell of one, gave: its numbers if any, and what failed in it."""

    values: Values | None = None
    failures: tuple[Failure, ...] = ()


class BatchSchema(Protocol[Values]):
    """What the batches of a part of a run are of, and what they look like as tables."""

    @property
    def name(self) -> str:
        """What its files are called."""

    def runs(self, number: int) -> int:
        """How many replications a batch takes."""

    def died(self, number: int) -> tuple[Failure, ...]:
        """What failed where a process that ran a batch died of it."""

    def joined(self, cells: Sequence[BatchResult[Values]]) -> BatchResult[Values]:
        """A batch of the results of its cells, in their order."""

    def framed(self, number: int, values: Values | None) -> pl.DataFrame:
        """The numbers of a batch as a table, an empty one where there are none."""

    def read(self, number: int, frame: pl.DataFrame) -> Values:
        """The numbers in a batch's table. Raises `ValueError` where it is not of that shape."""


@frozen(kw_only=True, eq=False)
class ArrayBatchSchema:
    """Batches of one cell that are arrays: an axis for each key of the rows, then columns.

    ``rows`` gives the keys of a batch's rows with the values that each takes, the last
    fastest. ``columns`` are the last axis of its numbers; a row is ``each`` replications of
    single funds. ``fatal`` is the failure to report where the process of a batch died.
    """

    name: str
    rows: Callable[[int], Mapping[str, Sequence[Any]]]
    columns: tuple[str, ...]
    fatal: Callable[[int], Failure]
    each: int = 1

    def shape(self, number: int) -> tuple[int, ...]:
        """The shape of a batch's numbers."""
        return (*(len(values) for values in self.rows(number).values()), len(self.columns))

    def runs(self, number: int) -> int:
        """How many replications of single funds a batch takes."""
        return self.each * math.prod(self.shape(number)[:-1])

    def died(self, number: int) -> tuple[Failure, ...]:
        """What failed where the process that ran a batch died of it."""
        return (self.fatal(number),)

    def joined(self, cells: Sequence[BatchResult[Array]]) -> BatchResult[Array]:
        """The only cell."""
        (only,) = cells
        return only

    def framed(self, number: int, values: Array | None) -> pl.DataFrame:
        """A batch as a table: the keys of each row, then the numbers."""
        import polars as pl

        rows = self.rows(number)
        keys = list(zip(*product(*rows.values()), strict=True))
        row_keys = {name: pl.Series(name, key) for name, key in zip(rows, keys, strict=True)}
        flat = values.reshape(-1, len(self.columns)) if values is not None else None
        numbers = {
            name: flat[:, at] if flat is not None else np.full(len(keys[0]), np.nan)
            for at, name in enumerate(self.columns)
        }
        frame = pl.DataFrame({**row_keys, **numbers}).fill_nan(None)
        return frame if values is not None else frame.clear()

    def read(self, number: int, frame: pl.DataFrame) -> Array:
        """The numbers in a batch's table. Raises `ValueError` where it is not of that shape."""
        values = frame.select(self.columns).fill_null(np.nan).to_numpy()
        return np.array(values, dtype=float).reshape(self.shape(number))


class NotSaved(SifError):
    """A batch that could not be saved: the run ends, as there is no room."""


class BatchSaver(Protocol):
    """Saves batches as they are finished, and gives back those that it has."""

    def load(self, schema: BatchSchema[Values], number: int) -> BatchResult[Values] | None:
        """A batch that is saved whole; None where it is to be run."""

    def save(self, schema: BatchSchema[Values], number: int, result: BatchResult[Values]) -> None:
        """Save a batch that was finished."""

    def already(self, count: int) -> None:
        """Report that so many replications need not be run."""


@frozen(kw_only=True)
class Running:
    """How batches are run: on so many processes, saved by whom, their number reported to whom.

    ``here`` runs them all in this process, whatever ``jobs`` or a cluster would do: observers
    that gather what they see have it in this process alone.
    """

    jobs: int | None = None
    here: bool = False
    tick: Callable[[int], None] = lambda _: None
    saver: BatchSaver | None = None


#: On all cores, with nothing saved.
ON_ALL_CORES = Running()


@define
class BatchResults(Generic[Values]):
    """The batches of a part by number; not all of them where the run was stopped."""

    batches: dict[int, BatchResult[Values]] = field(factory=dict)
    stopped: bool = False

    @property
    def values(self) -> dict[int, Values]:
        """The numbers of the batches that have any, in order."""
        found = ((number, self.batches[number].values) for number in sorted(self.batches))
        return {number: values for number, values in found if values is not None}

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The failures, in order."""
        return tuple(
            each for number in sorted(self.batches) for each in self.batches[number].failures
        )


def run_all(
    schema: BatchSchema[Values],
    work: Callable[..., BatchResult[Values]],
    cells: Cells,
    running: Running,
) -> BatchResults[Values]:
    """All batches of a part, by number; those finished before a Ctrl-C ended it early."""
    found: BatchResults[Values] = BatchResults()
    try:
        for number, result in run_batches(schema, work, cells, running):
            found.batches[number] = result
    except KeyboardInterrupt:
        found.stopped = True
    return found


def run_batches(
    schema: BatchSchema[Values],
    work: Callable[..., BatchResult[Values]],
    cells: Cells,
    running: Running,
    *,
    ordered: bool = False,
) -> Iterator[tuple[int, BatchResult[Values]]]:
    """Batches with their numbers: those saved are read, the rest is run and saved at once.

    As they are finished, those saved first; or ``ordered`` by number. One at a time, so that
    memory does not grow with them. The same whatever was saved before, and on any number of
    processes. Raises `KeyboardInterrupt` where it is stopped.
    """
    saver = running.saver
    saved = {
        number for number in cells if saver is not None and saver.load(schema, number) is not None
    }
    if saver is not None:
        saver.already(sum(map(schema.runs, saved)))
    missing = {number: cells[number] for number in cells if number not in saved}
    fresh = _fresh(schema, work, missing, running)
    if not ordered:
        for number in saved:
            yield number, _again(saver, schema, number)
        yield from fresh
        return
    waiting: dict[int, BatchResult[Values]] = {}
    for number in cells:
        if number in saved:
            yield number, _again(saver, schema, number)
            continue
        while number not in waiting:
            at, result = next(fresh)
            waiting[at] = result
        yield number, waiting.pop(number)


def _again(
    saver: BatchSaver | None, schema: BatchSchema[Values], number: int
) -> BatchResult[Values]:
    """A batch that was saved, when it is its turn."""
    result = saver.load(schema, number) if saver is not None else None
    if result is None:
        raise SifError(Message("batches.removed", number=number, part=schema.name))
    return result


def _fresh(
    schema: BatchSchema[Values],
    work: Callable[..., BatchResult[Values]],
    missing: Cells,
    running: Running,
) -> Iterator[tuple[int, BatchResult[Values]]]:
    """Batches that are run, as all of their cells are finished, each saved before it is given."""
    places = [(number, at) for number, some in missing.items() for at in range(len(some))]
    tasks = [missing[number][at] for number, at in places]
    done: dict[int, dict[int, BatchResult[Values] | Died]] = {}
    for task, cell in run_unordered(work, tasks, running.jobs, here=running.here):
        number, at = places[task]
        parts = done.setdefault(number, {})
        parts[at] = cell
        if len(parts) < len(missing[number]):
            continue
        del done[number]
        yield number, _whole(schema, number, [parts[at] for at in sorted(parts)], running)


def _whole(
    schema: BatchSchema[Values],
    number: int,
    cells: Sequence[BatchResult[Values] | Died],
    running: Running,
) -> BatchResult[Values]:
    """A batch of its finished cells, saved."""
    finished = [cell for cell in cells if not isinstance(cell, Died)]
    if len(finished) < len(cells):  # not saved: with more memory it may well be finished
        result: BatchResult[Values] = BatchResult(failures=schema.died(number))
    else:
        result = schema.joined(finished)
        _save(running.saver, schema, number, result)
    running.tick(schema.runs(number))
    return result


def _save(
    saver: BatchSaver | None,
    schema: BatchSchema[Values],
    number: int,
    result: BatchResult[Values],
) -> None:
    if saver is None:
        return
    try:
        saver.save(schema, number, result)
    except SifError as error:
        raise NotSaved(error.what, where=error.where, fix=error.fix) from error
