"""Running tasks: on the executor that fits, results as they are finished or in order.

Ctrl-C is raised between two results only, and a task whose process dies is tried once more.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any

from sifrules.errors import SifError, unexpected
from sifrules.values.messages import Message
from sifrules_simulation.execution.cluster import active, threads
from sifrules_simulation.execution.dask import DaskExecutor
from sifrules_simulation.execution.executor import (
    DIED,
    Died,
    Executor,
    ProcessDied,
)
from sifrules_simulation.execution.local import ProcessExecutor, SerialExecutor, cpu_count
from sifrules_simulation.execution.tasks import Result, Shared, Task, run_task, split

#: Where nobody estimates the time, so few tasks are run in this process.
_FEW = 2
#: How many seconds it takes to start worker processes, which import what a task needs.
_STARTUP = 1.0


def cores() -> int:
    """How many tasks a run may do at once: on this machine, or on the cluster around it."""
    cluster = active()
    return threads(cluster) if cluster is not None else cpu_count()


def run_ordered(
    work: Callable[..., Result],
    tasks: Sequence[Task],
    jobs: int | None = None,
    *,
    seconds: float | None = None,
) -> Iterator[Result]:
    """Results of tasks, in order; the same on any number of cores.

    Ctrl-C is raised between two results. Raises `SifError` where a task's process died twice.
    ``seconds`` is as `run_unordered` has it.
    """
    waiting: dict[int, Result] = {}
    following = 0
    for number, result in run_unordered(work, tasks, jobs, seconds=seconds):
        if isinstance(result, Died):
            raise SifError(
                Message("dispatch.failed", error=DIED), fix=Message("dispatch.more_memory")
            )
        waiting[number] = result
        while following in waiting:
            yield waiting.pop(following)
            following += 1


def run_unordered(
    work: Callable[..., Result],
    tasks: Sequence[Task],
    jobs: int | None = None,
    *,
    seconds: float | None = None,
    here: bool = False,
) -> Iterator[tuple[int, Result | Died]]:
    """Results of tasks as they are finished, each with the number of its task.

    ``jobs`` is how many processes of this machine share the tasks, all cores unless given.
    ``seconds`` estimates how long all tasks take on one core; with it a run decides whether
    starting processes is worth its time, and without it more than two tasks are. Inside
    ``joblib.parallel_config("dask")`` that cluster's workers run all tasks, whatever ``jobs``
    says; `ClusterError` where they cannot. ``here`` runs all in this process, whatever else is
    said: what tasks leave behind in memory is then there to be read.

    A task whose process dies is tried once more, alone; if that dies too, its result is `Died`.
    """
    if jobs is not None and (type(jobs) is not int or jobs < 1):
        raise unexpected(Message("expected.jobs"), jobs)
    if not tasks:
        return
    executor = SerialExecutor() if here else choose_executor(len(tasks), jobs, seconds)
    with _interrupt_between() as stop_if_asked, closing(_run(executor, work, tasks)) as results:
        for each in results:
            yield each
            stop_if_asked()


def choose_executor(tasks: int, jobs: int | None, seconds: float | None = None) -> Executor:
    """The cluster that is set around this, otherwise processes where they are worth starting.

    >>> choose_executor(60, jobs=1)
    SerialExecutor()
    >>> choose_executor(2, jobs=2), choose_executor(3, jobs=2)
    (SerialExecutor(), ProcessExecutor(jobs=2))
    >>> choose_executor(60, jobs=2, seconds=0.5), choose_executor(2, jobs=4, seconds=30.0)
    (SerialExecutor(), ProcessExecutor(jobs=2))
    """
    cluster = active()
    if cluster is not None:
        return DaskExecutor.connected(cluster)
    jobs = min(jobs or cpu_count(), tasks)
    if jobs > 1 and _worth_processes(tasks, jobs, seconds):
        return ProcessExecutor(jobs)
    return SerialExecutor()


@contextmanager
def starting_processes(jobs: int | None, module: str) -> Iterator[None]:
    """Start the worker processes of a long run while it is still planned, if it is to have any.

    Each imports the module in which the work is, which takes half a second. They are ended at once
    where an error shows that there is nothing to run.
    """
    if active() is not None or (jobs or cpu_count()) < 2:
        yield
        return
    processes = ProcessExecutor(jobs or cpu_count())
    processes.start(module)
    try:
        yield
    except SifError:
        processes.cancel(frozenset())
        raise


def _worth_processes(tasks: int, jobs: int, seconds: float | None) -> bool:
    """Whether starting worker processes saves time."""
    if seconds is None:
        return tasks > _FEW
    return _STARTUP + seconds / jobs < seconds


# --- tasks and their results ------------------------------------------------------------


def _run(
    executor: Executor, work: Callable[..., Result], tasks: Sequence[Task]
) -> Generator[tuple[int, Result | Died]]:
    """Run all tasks, and those whose process died once more, one at a time."""
    arguments, own = split(tasks)
    suspects = []
    with closing(_results(executor, Shared(work, arguments), own, executor.slots)) as results:
        for number, result in results:
            if isinstance(result, Died):
                suspects.append(number)
            else:
                yield number, result
    for number in suspects:
        yield from _results(executor, Shared(work, arguments), {number: own[number]}, 1)


def _results(
    executor: Executor, shared: Shared, own: Mapping[int, Task], slots: int
) -> Generator[tuple[int, Any]]:
    """Results as they are finished, with `Died` where a process died; submitted in turn."""
    handle = executor.share(shared)

    def submit(number: int) -> Future[Any]:
        return executor.submit(run_task, handle, own[number])

    with closing(_futures(executor, submit, own, slots)) as futures:
        for number, future in futures:
            try:
                result = future.result()
            except ProcessDied:
                result = Died()
            yield number, result


def _futures(
    executor: Executor, submit: Callable[[int], Future[Any]], numbers: Iterable[int], slots: int
) -> Generator[tuple[int, Future[Any]]]:
    """Futures as they are finished; never more than so many are pending."""
    waiting = iter(numbers)
    submitted = {submit(number): number for number in islice(waiting, slots)}
    pending = set(submitted)
    try:
        for future in executor.as_completed(pending):
            for number in islice(waiting, 1):
                following = submit(number)
                submitted[following] = number
                pending.add(following)
            yield submitted.pop(future), future
    finally:
        if pending:
            executor.cancel(pending)


# --- Ctrl-C -----------------------------------------------------------------------------


@contextmanager
def _interrupt_between() -> Iterator[Callable[[], None]]:
    """Hold a Ctrl-C back until it is asked for; a second one is not held back."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    asked = False
    before = signal.getsignal(signal.SIGINT)

    def hold(*_: object) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, before)

    def stop_if_asked() -> None:
        if asked:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, hold)
    try:
        yield stop_if_asked
    finally:
        signal.signal(signal.SIGINT, before)
