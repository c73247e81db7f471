"""Running an experiment: on one core or many, stopped with care, on when a process dies."""

from __future__ import annotations

import gc
import signal
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from attrs import frozen

from sifrules.errors import SifError

Result = TypeVar("Result")


def cores() -> int:
    """How many processes a run may use."""
    from joblib import cpu_count

    return int(cpu_count())


def shared_out(
    work: Callable[..., Result], tasks: Sequence[tuple[Any, ...]], jobs: int | None = None
) -> Iterator[Result]:
    """What a piece of work gives for each task, in order; the same on any number of cores.

    Ctrl-C is raised between two results, so that whoever takes them is never cut off in the
    middle. Raises `SifError` where the process that does a piece dies of it, twice.
    """
    waiting: dict[int, Result] = {}
    following = 0
    for number, result in finished(work, tasks, jobs):
        if isinstance(result, Died):
            raise SifError(
                f"a piece of work failed: {DIED}",
                fix="take fewer --jobs, so that there is memory for each",
            )
        waiting[number] = result
        while following in waiting:
            yield waiting.pop(following)
            following += 1


def finished(
    work: Callable[..., Result], tasks: Sequence[tuple[Any, ...]], jobs: int | None = None
) -> Iterator[tuple[int, Result | Died]]:
    """What a piece of work gives for each task, with the task's number, as they are finished.

    With one job, or so little to do that processes would cost more than they save, all
    is done here; else joblib shares the tasks out. Where a process dies, what it may have
    been at is tried once more, each piece alone; one that its process dies of again is `Died`.
    """
    jobs = min(jobs or cores(), len(tasks))
    with _stop_between() as stop_if_asked:
        for each in _results(work, tasks, jobs):
            yield each
            stop_if_asked()


#: What is told of a piece of work that its process died of.
DIED = "the process that did it was ended from outside, twice (out of memory?)"


@frozen
class Died:
    """Stands for the result of a piece of work that the process doing it died of, twice."""


def _results(
    work: Callable[..., Result], tasks: Sequence[tuple[Any, ...]], jobs: int
) -> Iterator[tuple[int, Result | Died]]:
    if jobs <= 1 or len(tasks) <= _FEW:
        yield from ((number, _undisturbed(work, task)) for number, task in enumerate(tasks))
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
    results = parallel(begin())
    try:
        for each in results:  # noqa: UP028 (yield from would close them first, with a warning)
            yield each
    except TerminatedWorkerError:
        return
    finally:
        with warnings.catch_warnings():  # that what is still running is given up is meant
            warnings.simplefilter("ignore", UserWarning)
            results.close()


def _alone(work: Callable[..., Result], task: tuple[Any, ...]) -> Result | Died:
    """Do a task in a process of its own, which may die of it."""
    from joblib.externals.loky import ProcessPoolExecutor
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    with ProcessPoolExecutor(1, initializer=_leave_stopping_to_the_parent) as executor:
        try:
            result: Result = executor.submit(_undisturbed, work, task).result()
        except TerminatedWorkerError:
            return Died()
    return result


def _numbered(
    number: int, work: Callable[..., Result], task: tuple[Any, ...]
) -> tuple[int, Result]:
    return number, _undisturbed(work, task)


def _undisturbed(work: Callable[..., Result], task: tuple[Any, ...]) -> Result:
    """Do a task without looking for circular garbage; a tenth of the time goes there else."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        return work(*task)
    finally:
        if was_on:
            gc.enable()


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
