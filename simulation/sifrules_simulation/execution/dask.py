"""Work on a Dask cluster (arbete på kluster): shared out by joblib, done by Dask's workers.

joblib and Dask share the work out, and do it again where a worker is lost. What is here
beside: what all pieces have in common is sent once, a worker looks whether it is like the
machine that asks, and a piece that Dask gives up is told, where joblib would wait for ever.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from attrs import frozen
from distributed import CancelledError, KilledWorker, get_worker
from joblib import Parallel, delayed
from joblib._dask import DaskDistributedBackend

from sifrules.errors import SifError
from sifrules_simulation.execution.cluster import GO_ON, ClusterError, lost, threads
from sifrules_simulation.execution.executor import Died, closed, without_gc
from sifrules_simulation.execution.worker_check import (
    environment_here,
    mismatches,
    refuse,
    require_same_environment,
)

#: How many seconds a run waits, at least, for a worker where all of them have gone.
PATIENCE = 60.0
#: How often it is looked whether there is any, and how long and often sharing out is tried.
_GLANCE = 0.5
_HANDING, _TRIES = 60.0, 3

Task = tuple[Any, ...]


def finished_by(
    backend: Any, work: Callable[..., Any], tasks: Sequence[Task]
) -> Iterator[tuple[int, Any]]:
    """What a piece of work gives for each task, with the task's number, as they are finished.

    A piece whose workers died of it is done once more, alone; after that it is `Died`.
    Raises `ClusterError` where workers are unlike this machine, and where all of them, or the
    scheduler, are lost.
    """
    threads(backend)  # there is a worker
    with _told_if_lost(backend, OSError):
        require_same_environment(backend)
    arguments, own = _parted(tasks)
    common = _Common(environment_here(), work, arguments)
    given = _given(backend, common)
    suspects = []
    for number, result in _once(backend, given, own):
        if isinstance(result, Died):
            suspects.append(number)
        else:
            yield number, result
    for number in suspects:
        if given.status != "finished":  # it may have been with what a worker died of
            given = _given(backend, common)
        yield from _once(backend, given, {number: own[number]})


def _once(backend: Any, given: Any, own: Mapping[int, Task]) -> Iterator[tuple[int, Any]]:
    """Share pieces out and take them as they come."""
    ours = Backend.like(backend)
    parallel = Parallel(backend=ours, return_as="generator_unordered")
    pieces = (delayed(_piece)(number, given, each) for number, each in own.items())
    with _told_if_lost(backend), closed(_begun(parallel, pieces, ours)) as results:
        for number, result in results:
            if isinstance(result, _Unlike):
                refuse(backend, {result.worker: result.lines})
            yield number, result


def _begun(parallel: Any, pieces: Iterator[Any], ours: Backend) -> Any:
    """Let joblib begin, where there is a worker or one comes back."""
    try:
        return parallel(pieces)
    except TimeoutError:
        raise ours.deserted() from None


def _given(backend: Any, common: _Common) -> Any:
    """What all pieces have in common, on the cluster; a worker that dies then is no matter."""
    error: Any = None
    with _told_if_lost(backend, OSError):
        for _ in range(_TRIES):
            given = backend.client.submit(_as_it_is, common, key=f"sifrules-{uuid4().hex}")
            error = given.exception(timeout=_HANDING)
            if error is None:
                return given
        raise unreadable(error)


@contextmanager
def _told_if_lost(backend: Any, *kinds: type[Exception]) -> Iterator[None]:
    """What Dask raises where the scheduler goes away is told as just that."""
    try:
        yield
    except SifError:
        raise
    except Exception as error:
        if isinstance(error, (CancelledError, *kinds)) or backend.client.status != "running":
            raise lost(backend) from error
        raise


def unreadable(error: BaseException) -> ClusterError:
    """The error of work that could not even be begun over there."""
    told = " ".join(str(error).split())
    return ClusterError(
        f"the cluster cannot read the work ({type(error).__name__}: {told})",
        fix="install there what is used here, and start its scheduler and workers anew",
    )


# --- what travels ---------------------------------------------------------------------


@frozen
class _Common:
    """What all pieces have in common: the tools they want, the work, and arguments by place."""

    tools: str
    work: Callable[..., Any]
    arguments: Mapping[int, Any]


@frozen
class _Unlike:
    """Stands for the result of a piece that a worker would not do, and says why."""

    worker: str
    lines: tuple[str, ...]


def _parted(tasks: Sequence[Task]) -> tuple[dict[int, Any], dict[int, Task]]:
    """The arguments that all tasks share, by place, and what each task has of its own.

    >>> scenario = {"a": 1}
    >>> _parted([(scenario, 1), (scenario, 2)])
    ({0: {'a': 1}}, {0: (1,), 1: (2,)})
    """
    common = {
        place: argument
        for place, argument in enumerate(tasks[0])
        if all(each[place] is argument for each in tasks)
    }
    own = {
        number: tuple(each for place, each in enumerate(task) if place not in common)
        for number, task in enumerate(tasks)
    }
    return common, own


def _piece(number: int, given: _Common, own: Task) -> tuple[int, Any]:
    """A piece of work, on a worker."""
    lines = mismatches(given.tools)
    if lines:
        return number, _Unlike(get_worker().address, lines)
    rest = iter(own)
    count = len(own) + len(given.arguments)
    task = (given.arguments[at] if at in given.arguments else next(rest) for at in range(count))
    return number, without_gc(given.work, tuple(task))


def _as_it_is(common: _Common) -> _Common:
    """What all pieces have in common, as a result that Dask can make again if it is lost."""
    return common


# --- joblib's backend, and what it does not tell --------------------------------------


@frozen
class _GivenUp:
    """Stands for the result of pieces that Dask gave up."""

    numbers: tuple[int, ...]
    error: BaseException


class Backend(DaskDistributedBackend):  # type: ignore[misc]  # joblib has no types
    """joblib's backend for Dask, which also tells of pieces that no worker could do."""

    @classmethod
    def like(cls, backend: Any) -> Backend:
        """A backend of the same client, with the same options."""
        patience = max(PATIENCE, backend.wait_for_workers_timeout or 0)
        return cls(
            client=backend.client, wait_for_workers_timeout=patience, **backend.submit_kwargs
        )

    def effective_n_jobs(self, n_jobs: int) -> int:
        """How many pieces are done at once; with one alone joblib would do them all here."""
        return max(2, int(super().effective_n_jobs(n_jobs)))

    def start_call(self) -> None:
        """Begin to collect results, and to watch whether anyone works on them."""
        super().start_call()
        self._asked: dict[Any, Callable[[Any], None]] = {}
        self._watching = True
        self.client.loop.add_callback(self._watch)

    def stop_call(self) -> None:
        """No more results are collected."""
        self._watching = False
        super().stop_call()

    def submit(self, func: Any, callback: Any = None) -> Any:
        """Have pieces done, and tell also where they were given up: joblib tells successes."""
        numbers = tuple(args[0] for _, args, _ in func.items)
        future = super().submit(func, callback)
        self._asked[future] = callback

        def given_up(done: Any) -> None:
            self._asked.pop(done, None)
            error = done.exception()
            if error is not None:
                callback(_GivenUp(numbers, error))

        future.add_done_callback(given_up)
        return future

    def retrieve_result_callback(self, out: Any) -> Any:
        """The results of some pieces, or an error that ends the run."""
        if not isinstance(out, _GivenUp):
            return super().retrieve_result_callback(out)
        if isinstance(out.error, KilledWorker):
            return [(number, Died()) for number in out.numbers]
        if isinstance(out.error, ClusterError):
            raise out.error
        raise unreadable(out.error)

    async def _watch(self) -> None:
        """End the run where the scheduler is lost, or all workers are and none comes back."""
        client, seen = self.client, time.monotonic()
        connection = client.scheduler_comm
        while self._watching:
            await asyncio.sleep(_GLANCE)
            # Dask tells of most results that are lost with the scheduler, but not of one that is
            # just being fetched; and none is left where it has connected anew.
            error = None
            if client.status != "running" or client.scheduler_comm is not connection:
                error = lost(self)
            elif await self._workers():
                seen = time.monotonic()
            elif time.monotonic() - seen > self.wait_for_workers_timeout:
                error = self.deserted()
            if error is not None:
                for callback in list(self._asked.values()):
                    callback(_GivenUp((), error))
                return

    def deserted(self) -> ClusterError:
        """The error of a cluster whose workers have all gone."""
        waited = f"{self.wait_for_workers_timeout:.0f} s"
        return ClusterError(f"no worker is left, and none came back in {waited}", fix=GO_ON)

    async def _workers(self) -> bool:
        """Whether there is any worker; where nobody answers, there may be."""
        try:
            return bool(await self.client.scheduler.ncores())
        except Exception:  # that the scheduler was lost is seen at the next glance
            return True
