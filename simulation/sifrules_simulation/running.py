"""Running an experiment: on one core or many, with progress, and kept when it is stopped."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from sifrules_simulation.experiment import Chunk, Experiment, chunks, run_chunk

#: Is told how many replications were finished.
Progress = Callable[[int], None]


def cores() -> int:
    """How many processes a run may use."""
    from joblib import cpu_count

    return int(cpu_count())


def run(
    experiment: Experiment, replications: int, *, start: int = 0, jobs: int | None = None
) -> Iterator[Chunk]:
    """The chunks of a run, in order, as they come.

    With one job, or so little to do that processes would cost more than they save, all
    is done here; else joblib shares the chunks out. What comes is the same.
    """
    plan = chunks(experiment, replications, start)
    jobs = min(jobs or cores(), len(plan))
    if jobs <= 1 or len(plan) <= _FEW:
        yield from (run_chunk(experiment, first, count) for first, count in plan)
        return
    from joblib import Parallel, delayed

    parallel = Parallel(n_jobs=jobs, return_as="generator", pre_dispatch=f"{2 * jobs}")
    results = parallel(delayed(run_chunk)(experiment, first, count) for first, count in plan)
    try:
        yield from results
    finally:
        with warnings.catch_warnings():  # that what is still running is given up is meant
            warnings.simplefilter("ignore", UserWarning)
            results.close()


#: So few chunks are run at once here: starting processes takes longer than two of them.
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


def counted(results: Iterable[Chunk], tick: Progress) -> Iterator[Chunk]:
    """The chunks as they come, each counted."""
    for chunk in results:
        tick(len(chunk.values))
        yield chunk
