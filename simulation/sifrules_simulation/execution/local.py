"""Running an experiment: on one core, many, or a cluster; stopped with care, on when one dies."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

from sifrules.errors import SifError
from sifrules_simulation.execution.cluster import active, threads
from sifrules_simulation.execution.executor import DIED, Died, Result, closed, without_gc


def cores() -> int:
    """How many pieces of work a run may do at once: on this machine, or on a cluster."""
    from joblib import cpu_count

    on = active()
    return threads(on) if on is not None else int(cpu_count())


def run_ordered(
    work: Callable[..., Result], tasks: Sequence[tuple[Any, ...]], jobs: int | None = None
) -> Iterator[Result]:
    """What a piece of work gives for each task, in order; the same on any number of cores.

    Ctrl-C is raised between two results, so that whoever takes them is never cut off in the
    middle. Raises `SifError` where the process that does a piece dies of it, twice.
    """
    waiting: dict[int, Result] = {}
    following = 0
    for number, result in run_unordered(work, tasks, jobs):
        if isinstance(result, Died):
            raise SifError(
                f"a piece of work failed: {DIED}",
                fix="take fewer --jobs, or give workers more memory, so that it does for each",
            )
        waiting[number] = result
        while following in waiting:
            yield waiting.pop(following)
            following += 1


def run_unordered(
    work: Callable[..., Result], tasks: Sequence[tuple[Any, ...]], jobs: int | None = None
) -> Iterator[tuple[int, Result | Died]]:
    """What a piece of work gives for each task, with the task's number, as they are finished.

    With one job, or so little to do that processes would cost more than they save, all
    is done here; else joblib shares the tasks out. Where a process dies, what it may have
    been at is tried once more, each piece alone; one that its process dies of again is `Died`.
    Inside ``joblib.parallel_config("dask")`` the workers of that cluster do it all, whatever
    ``jobs`` says; `ClusterError` where they cannot.
    """
    with _stop_between() as stop_if_asked, closing(_results(work, tasks, jobs)) as results:
        for each in results:
            yield each
            stop_if_asked()


def _results(
    work: Callable[..., Result], tasks: Sequence[tuple[Any, ...]], jobs: int | None
) -> Generator[tuple[int, Result | Died]]:
    on = active()
    if on is not None and tasks:
        from sifrules_simulation.execution.dask import finished_by

        yield from finished_by(on, work, tasks)
        return
    jobs = min(jobs or cores(), len(tasks))
    if jobs <= 1 or len(tasks) <= _FEW:
        yield from ((number, without_gc(work, task)) for number, task in enumerate(tasks))
        return
    left = dict(enumerate(tasks))
    while left:
        begun: list[int] = []
        for number, result in _in_processes(work, left, jobs, begun):
            del left[number]
            yield number, result
        for number in [each for each in begun if each in left]:  # where a process has died
            yield number, _alone(work, left.pop(number))


def _in_processes(
    work: Callable[..., Result], tasks: Mapping[int, tuple[Any, ...]], jobs: int, begun: list[int]
) -> Iterator[tuple[int, Result]]:
    """Results as they come, until all are done or a process dies; ``begun`` is filled in."""
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    def begin() -> Iterator[Any]:
        for number, task in list(tasks.items()):
            begun.append(number)
            yield delayed(_numbered)(number, work, task)

    parallel = Parallel(
        n_jobs=jobs,
        return_as="generator_unordered",
        pre_dispatch=f"{2 * jobs}",
        initializer=_leave_stopping_to_the_parent,
    )
    try:
        with closed(parallel(begin())) as results:
            for each in results:  # noqa: UP028 (yield from would close them first, with a warning)
                yield each
    except TerminatedWorkerError:
        return


def _alone(work: Callable[..., Result], task: tuple[Any, ...]) -> Result | Died:
    """Do a task in a process of its own, which may die of it."""
    from joblib.externals.loky import ProcessPoolExecutor
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    with ProcessPoolExecutor(1, initializer=_leave_stopping_to_the_parent) as executor:
        try:
            result: Result = executor.submit(without_gc, work, task).result()
        except TerminatedWorkerError:
            return Died()
    return result


def _numbered(
    number: int, work: Callable[..., Result], task: tuple[Any, ...]
) -> tuple[int, Result]:
    return number, without_gc(work, task)


def _leave_stopping_to_the_parent() -> None:
    """A terminal sends Ctrl-C to every process; only the one that gathers shall heed it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _stop_between() -> Iterator[Callable[[], None]]:
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


#: So few tasks are done at once here: starting processes takes longer than two of them.
_FEW = 2
