"""The executor of a Dask cluster (kluster): the client's own, with checks and plain errors.

Dask shares tasks out, and runs them again where a worker is lost. Added here: a worker checks
that its environment is that of this machine, and whatever ends a run is a `ClusterError`.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Set as AbstractSet
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

from attrs import define, frozen

from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules_simulation.execution.cluster import GO_ON, WAIT, Cluster, ClusterError, lost, threads
from sifrules_simulation.execution.executor import (
    ProcessDied,
    Value,
    completed,
    mapped,
)
from sifrules_simulation.execution.tasks import Result
from sifrules_simulation.execution.worker_check import (
    environment_here,
    mismatches,
    refuse,
    require_same_environment,
    same_environment,
)

#: How many seconds a run waits, at least, for a worker where all of them have gone.
PATIENCE = 60.0
#: How often, in seconds, it is checked that the scheduler and any worker are there.
_GLANCE = 0.5
#: How many seconds sharing a value may take, and how often it is tried.
_SHARING, _TRIES = 60.0, 3


@define
class DaskExecutor:
    """Runs tasks on the workers of a cluster, by `distributed.Client.get_executor`."""

    cluster: Cluster
    slots: int
    _executor: Any
    _scheduler: Any

    @classmethod
    def connected(cls, cluster: Cluster) -> DaskExecutor:
        """An executor on a cluster whose workers are like this machine.

        Raises `ClusterError` where they are not, or there is none.
        """
        count = threads(cluster)
        with _as_lost(cluster, OSError):
            require_same_environment(cluster)
        client = cluster.client
        return cls(cluster, 2 * count, client.get_executor(pure=False), client.scheduler_comm)

    def share(self, value: Value) -> Value:
        """A handle of the value, which `submit` takes for it.

        It is the result of a task, so that Dask can make it again if its worker is lost.
        """
        handle: Any = None
        error: BaseException | None = None
        with _as_lost(self.cluster, OSError):
            for _ in range(_TRIES):  # a worker that dies meanwhile does not matter
                handle = self.cluster.client.submit(_same, value, key=_key())
                error = handle.exception(timeout=_SHARING)
                if error is None:
                    break
            else:
                raise _unreadable(error)
        shared: Value = handle
        return shared

    def submit(self, work: Callable[..., Result], *arguments: Any) -> Future[Result]:
        """Run work on a worker, which first compares its environment with that of here."""
        with _as_lost(self.cluster):
            future = self._executor.submit(
                _checked, environment_here(), work, *arguments, key=_key(), **self.cluster.options
            )
        return mapped(future, self._read)

    def as_completed(self, pending: set[Future[Any]]) -> Iterator[Future[Any]]:
        """Futures as they are finished, each removed from the set first.

        Raises `ClusterError` where the scheduler is lost, or all workers are and none comes back.
        """
        seen = time.monotonic()
        for future in completed(pending, _GLANCE):
            if future is not None:
                yield future
                seen = time.monotonic()
                continue
            # Dask reports most results that are lost with the scheduler, but not one that is just
            # being fetched, and none where the client has connected anew.
            client = self.cluster.client
            if client.status != "running" or client.scheduler_comm is not self._scheduler:
                raise lost(self.cluster)
            if self._has_worker():
                seen = time.monotonic()
            elif time.monotonic() - seen > self._patience:
                raise _deserted(self._patience)

    def cancel(self, pending: AbstractSet[Future[Any]]) -> None:
        """Give up what was submitted; where the scheduler is lost, so is that."""
        if self.cluster.client.scheduler_comm is self._scheduler:
            with suppress(Exception):
                self._executor.shutdown(wait=False)

    @property
    def _patience(self) -> float:
        """How many seconds without any worker end the run."""
        return max(PATIENCE, self.cluster.patience)

    def _has_worker(self) -> bool:
        """Whether there is any worker; where the scheduler does not answer, there may be."""
        client = self.cluster.client
        try:
            return bool(client.sync(client.scheduler.ncores, callback_timeout=WAIT))
        except Exception:  # a scheduler that is lost is seen at the next glance
            return True

    def _read(self, future: Future[Any]) -> Any:
        """What a worker answered, or the error that its answer stands for."""
        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        try:
            with _as_lost(self.cluster):
                answer = future.result()
        except (KilledWorker, CommClosedError) as error:  # or it died as its result was fetched
            raise ProcessDied from error
        except ClusterError:
            raise
        except Exception as error:  # errors of the work are answers
            raise _unreadable(error) from error
        if isinstance(answer, _Differs):
            refuse(self.cluster, {answer.worker: mismatches(answer.environment)})
        if isinstance(answer, _Raised):
            answer.error.add_note(answer.trace)
            raise answer.error
        return answer


@contextmanager
def _as_lost(cluster: Cluster, *kinds: type[Exception]) -> Iterator[None]:
    """What Dask raises where the scheduler goes away, as the error that says just that."""
    try:
        yield
    except SifError:
        raise
    except Exception as error:
        if isinstance(error, (CancelledError, *kinds)) or cluster.client.status != "running":
            raise lost(cluster) from error
        raise


def _deserted(patience: float) -> ClusterError:
    """The error of a cluster whose workers have all gone."""
    return ClusterError(Message("cluster.no_worker_left", seconds=patience), fix=GO_ON)


def _unreadable(error: BaseException | None) -> ClusterError:
    """The error of work that workers cannot even begin."""
    shown = " ".join(str(error).split())
    return ClusterError(
        Message("cluster.unreadable_work", kind=type(error).__name__, error=shown),
        fix=Message("cluster.install_there"),
    )


def _key() -> str:
    """A name of a task that no other has, so that Dask takes no result for another's."""
    return f"sifrules-{uuid4().hex}"


# --- on a worker ------------------------------------------------------------------------


@frozen
class _Differs:
    """Answer of a worker whose environment is not that of the machine that asks."""

    worker: str
    environment: str


@frozen
class _Raised:
    """Answer of a worker on which the work raised: an error, and where it was raised."""

    error: Exception
    trace: str


def _checked(environment: str, work: Callable[..., Any], *arguments: Any) -> Any:
    """Run work where the environment is that of the machine that asks."""
    own = environment_here()
    if not same_environment(own, environment):
        from distributed import get_worker

        return _Differs(get_worker().address, own)
    try:
        return work(*arguments)
    except Exception as error:
        return _Raised(error, traceback.format_exc())


def _same(value: Value) -> Value:
    """A value that was sent, as the result of a task."""
    return value
