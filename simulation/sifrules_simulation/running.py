"""Running an experiment: on one core or many, with progress, and kept when it is stopped."""

from __future__ import annotations

import sys
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
    is done here; else joblib shares the tasks out. What comes is the same.
    """
    jobs = min(jobs or cores(), len(tasks))
    if jobs <= 1 or len(tasks) <= _FEW:
        yield from (work(*task) for task in tasks)
        return
    from joblib import Parallel, delayed

    parallel = Parallel(n_jobs=jobs, return_as="generator", pre_dispatch=f"{2 * jobs}")
    results = parallel(delayed(work)(*task) for task in tasks)
    try:
        yield from results
    finally:
        with warnings.catch_warnings():  # that what is still running is given up is meant
            warnings.simplefilter("ignore", UserWarning)
            results.close()


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
