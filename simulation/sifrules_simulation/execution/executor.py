"""Executors: what runs tasks, behind `submit` and `as_completed` of `concurrent.futures`.

Three implement the interface: this process and processes of this machine (``local``), and the
workers of a Dask cluster (``dask``). ``dispatch`` chooses one and runs tasks on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set as AbstractSet
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any, Protocol, TypeVar

from attrs import frozen

from sifrules.values.messages import Message
from sifrules_simulation.execution.tasks import Result

Value = TypeVar("Value")

#: The error of a task whose process was ended twice.
DIED = Message("executor.process_ended")


@frozen
class Died:
    """Result of a task whose process was ended twice, the second time with no other task."""


class ProcessDied(Exception):
    """Exception of a future whose process was ended before the task was finished."""


class Executor(Protocol):
    """Runs tasks, each to a `concurrent.futures.Future`.

    The future of a task whose process is ended has the exception `ProcessDied`; with more tasks
    submitted at the time, their futures may have it too. The executor stays usable.
    """

    @property
    def slots(self) -> int:
        """How many tasks to have submitted at once, so that no process waits for one."""

    def share(self, value: Value) -> Value:
        """The value as an argument of `submit`; transferred once, however many tasks take it."""

    def submit(self, work: Callable[..., Result], *arguments: Any) -> Future[Result]:
        """Run work with these arguments."""

    def as_completed(self, pending: set[Future[Any]]) -> Iterator[Future[Any]]:
        """Futures as they are finished, each removed from the set first; the set may grow."""

    def cancel(self, pending: AbstractSet[Future[Any]]) -> None:
        """Give up what is pending: nobody will read it."""


def completed(
    pending: set[Future[Any]], seconds: float | None = None
) -> Iterator[Future[Any] | None]:
    """Futures as they are finished, removed from the set; None after seconds without one."""
    while pending:
        done, _ = wait(pending, timeout=seconds, return_when=FIRST_COMPLETED)
        if not done:
            yield None
        for future in done:
            pending.discard(future)
            yield future


def mapped(future: Future[Any], read: Callable[[Future[Any]], Result]) -> Future[Result]:
    """A future that has, once another is finished, what is read from it or the error raised."""
    outer: Future[Result] = Future()

    def settle(inner: Future[Any]) -> None:
        try:
            result = read(inner)
        except BaseException as error:  # of any kind: it is raised where the result is asked for
            outer.set_exception(error)
        else:
            outer.set_result(result)

    future.add_done_callback(settle)
    return outer
