"""Running an experiment: on one core or many, with progress, and kept when it is stopped."""

from __future__ import annotations

import gc
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sifrules_simulation.experiment import Chunk, Experiment, chunks, run_chunk

Result = TypeVar("Result")

#: Is told how many replications were finished.
Progress = Callable[[int], None]


def cores() -> int:
    """How many processes a run may use."""
    from joblib import cpu_count

    return int(cpu_count())


def run(
    experiment: Experiment, replications: int, *, start: int = 0, jobs: int | None = None
) -> Iterator[Chunk]:
    """The chunks of a run, in order, as they come; the same on any number of cores."""
    plan = chunks(experiment, replications, start)
    tasks = [(experiment, first, count) for first, count in plan]
    yield from shared_out(run_chunk, tasks, jobs)


def shared_out(
    work: Callable[..., Result], tasks: Sequence[tuple[Any, ...]], jobs: int | None = None
) -> Iterator[Result]:
    """What a piece of work gives for each task, in order, as it comes.

    With one job, or so little to do that processes would cost more than they save, all
    is done here; else joblib shares the tasks out. What comes is the same. Ctrl-C is
    raised between two results, so that whoever takes them is never cut off in the middle.
    """
    jobs = min(jobs or cores(), len(tasks))
    with _stop_between() as stop_if_asked:
        for result in _results(work, tasks, jobs):
            yield result
            stop_if_asked()


def _results(
    work: Callable[..., Result], tasks: Sequence[tuple[Any, ...]], jobs: int
) -> Iterator[Result]:
    if jobs <= 1 or len(tasks) <= _FEW:
        yield from (_undisturbed(work, task) for task in tasks)
        return
    from joblib import Parallel, delayed

    parallel = Parallel(
        n_jobs=jobs,
        return_as="generator",
        pre_dispatch=f"{2 * jobs}",
        initializer=_leave_stopping_to_the_parent,
    )
    results = parallel(delayed(_undisturbed)(work, task) for task in tasks)
    try:
        yield from results
    finally:
        with warnings.catch_warnings():  # that what is still running is given up is meant
            warnings.simplefilter("ignore", UserWarning)
            results.close()


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


@contextmanager
def progress(total: int, what: str) -> Iterator[Progress]:
    """A progress bar on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda count: bar.advance(task, count)
