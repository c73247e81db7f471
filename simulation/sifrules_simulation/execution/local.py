"""Executors of this machine: this process, or processes of loky next to it."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Set as AbstractSet
from concurrent.futures import Future
from functools import lru_cache
from importlib import import_module
from multiprocessing import parent_process
from typing import Any

from attrs import define, field

from sifrules_simulation.execution.executor import (
    ProcessDied,
    Value,
    completed,
    mapped,
)
from sifrules_simulation.execution.tasks import Result

#: How many seconds worker processes wait for another task before they end.
_IDLE = 300
#: How many seconds a task may take to come into the queue of the processes.
_QUEUEING = 1.0
#: How often, in seconds, a worker process looks whether its parent is still there.
_PARENT_CHECK = 1.0
#: Numerical libraries get one thread each, as processes already use all cores.
_ONE_THREAD = dict.fromkeys(
    (
        "BLIS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)


def cpu_count() -> int:
    """How many cores this process may use: affinity and container limits are respected."""
    from joblib.externals import loky

    return int(loky.cpu_count())


@define
class SerialExecutor:
    """Runs each task in this process, when its future is waited for."""

    _calls: dict[Future[Any], Callable[[], Any]] = field(factory=dict, init=False, repr=False)

    @property
    def slots(self) -> int:
        """One: a task submitted ahead would only wait."""
        return 1

    def share(self, value: Value) -> Value:
        """The value itself."""
        return value

    def submit(self, work: Callable[..., Result], *arguments: Any) -> Future[Result]:
        """Note what is to be run; `as_completed` runs it."""
        future: Future[Result] = Future()
        self._calls[future] = lambda: work(*arguments)
        return future

    def as_completed(self, pending: set[Future[Any]]) -> Iterator[Future[Any]]:
        """Run one pending task after another."""
        while pending:
            future = pending.pop()
            call = self._calls.pop(future)
            try:
                future.set_result(call())
            except Exception as error:
                future.set_exception(error)
            yield future

    def cancel(self, pending: AbstractSet[Future[Any]]) -> None:
        """Forget what was not run."""
        for future in pending:
            self._calls.pop(future, None)


@define
class ProcessExecutor:
    """Runs tasks in worker processes of loky, reused by the next run of as many jobs."""

    jobs: int
    _last: Any = field(default=None, init=False, repr=False)

    @property
    def slots(self) -> int:
        """A task for each process, and one that waits for it."""
        return 2 * self.jobs

    def share(self, value: Value) -> Value:
        """The value itself, which travels with each task: between processes that is cheap."""
        return value

    def start(self, module: str) -> None:
        """Start the processes before there is work for them, and let them import a module."""
        for _ in range(self.jobs):
            self._last = self._processes().submit(_import, module)

    def submit(self, work: Callable[..., Result], *arguments: Any) -> Future[Result]:
        """Run work in one of the processes; they are started anew where one has died."""
        from joblib.externals.loky.process_executor import BrokenProcessPool

        try:
            self._last = self._processes().submit(work, *arguments)
        except BrokenProcessPool:
            _processes.cache_clear()
            self._last = self._processes().submit(work, *arguments)
        return mapped(self._last, _read)

    def as_completed(self, pending: set[Future[Any]]) -> Iterator[Future[Any]]:
        """Futures as they are finished, each removed from the set first."""
        return (future for future in completed(pending) if future is not None)

    def cancel(self, pending: AbstractSet[Future[Any]]) -> None:
        """End the processes, as what they run cannot be stopped otherwise.

        The last task is first let into the queue of the processes: loky's thread that fills it
        fails where a task is given up that it has not yet come to.
        """
        until = time.monotonic() + _QUEUEING
        while not (self._last.running() or self._last.done()) and time.monotonic() < until:
            time.sleep(0.001)
        self._processes().shutdown(kill_workers=True)
        _processes.cache_clear()

    def _processes(self) -> Any:
        return _processes(self.jobs, os.getpid())


def _import(module: str) -> None:
    import_module(module)


def _read(future: Future[Result]) -> Result:
    """The result of loky's future."""
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    try:
        return future.result()
    except TerminatedWorkerError as error:
        raise ProcessDied from error


@lru_cache(maxsize=1)
def _processes(jobs: int, parent: int) -> Any:
    """Worker processes of this process, which end once they are idle or nobody refers to them.

    They are not those of loky's `get_reusable_executor`, which joblib takes for its own.
    """
    from joblib.externals.loky import ProcessPoolExecutor

    # It replaces a process that was idle or grew large, and no task is lost by that.
    warnings.filterwarnings("ignore", "A worker stopped while some jobs", UserWarning)
    return ProcessPoolExecutor(
        jobs, timeout=_IDLE, initializer=prepare_worker, initargs=(parent,), env=_ONE_THREAD
    )


@atexit.register  # loky still calls what the interpreter would have taken apart by then
def end_idle_processes() -> None:
    """Let worker processes that wait for more tasks end, and give their memory back.

    So it is done before large tables are written, as those of what happened: that takes memory
    itself.
    """
    _processes.cache_clear()


def prepare_worker(parent: int) -> None:
    """Make a worker process ignore Ctrl-C, and end when its parent is gone.

    A terminal sends SIGINT to every process of a group; the parent alone decides what it means.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout = sys.stderr  # what a plugin prints there is no part of an answer
    threading.Thread(target=_end_with_parent, args=(parent,), daemon=True).start()


def _end_with_parent(parent: int) -> None:
    """Wait until the parent (its process id is given) is gone, however it ended; end then."""
    if sys.platform == "win32":
        watched = parent_process()
        if watched is not None:
            watched.join()
    else:
        while os.getppid() == parent:
            time.sleep(_PARENT_CHECK)
    os._exit(1)
