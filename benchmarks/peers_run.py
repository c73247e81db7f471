"""Table 2: what it costs to have a replication run, where the replication is next to nothing.

A replication adds two numbers: its own and a half. Everyone runs the same replications
and must give the same sums. Each is timed in three pieces, in every turn:

* the *start*: a few replications, all processes started for it;
* the same few again, with the processes that are kept from one call to the next;
* all replications. The difference of the last two, over the difference of the numbers of
  replications, is what one more replication costs.

So a library that starts its processes anew for every call (Mesa does) pays for that in
the column on the start, and not in that on the replication.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from time import perf_counter

from attrs import define, field
from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor
from peers_timing import absence, in_turns, ratios, spread

from sifrules.presentation.table import Column, Table
from sifrules_simulation.execution.dispatch import run_ordered

FEW = 200
#: What takes less than so many seconds is repeated, and the least counts.
ENOUGH = 0.3
#: So many replications of one policy are a chunk of our runs.
CHUNK = 40
HALF = 0.5

#: Runs the replications of these numbers and gives their sums, in any order.
Runs = Callable[[Sequence[float]], list[float]]


def replication(number: float) -> float:
    """A replication that adds two numbers."""
    return number + HALF


def chunk(numbers: Sequence[float]) -> list[float]:
    """Some replications, one after the other."""
    return [replication(number) for number in numbers]


def chunked(numbers: Sequence[float]) -> list[tuple[Sequence[float]]]:
    """The replications in pieces, each an argument list."""
    return [(numbers[at : at + CHUNK],) for at in range(0, len(numbers), CHUNK)]


@contextmanager
def _loky() -> Iterator[None]:
    """No process of joblib's is there before, and none after."""
    get_reusable_executor().shutdown(wait=True)
    try:
        yield
    finally:
        get_reusable_executor().shutdown(wait=True)


@contextmanager
def our_runner(processes: int) -> Iterator[Runs]:
    """Ours: `run_ordered`, as every run of the simulation uses it."""

    def runs(numbers: Sequence[float]) -> list[float]:
        results = run_ordered(chunk, chunked(numbers), processes)
        return [total for totals in results for total in totals]

    with _loky():
        yield runs


@contextmanager
def joblib_alone(processes: int) -> Iterator[Runs]:
    """joblib as its manual has it; it makes batches of its own."""
    with _loky():
        yield lambda numbers: list(
            Parallel(n_jobs=processes)(delayed(replication)(number) for number in numbers)
        )


@contextmanager
def joblib_in_chunks(processes: int) -> Iterator[Runs]:
    """joblib, given the same chunks as ours."""

    def runs(numbers: Sequence[float]) -> list[float]:
        tasks = (delayed(chunk)(*task) for task in chunked(numbers))
        return [total for totals in Parallel(n_jobs=processes)(tasks) for total in totals]

    with _loky():
        yield runs


def adding(number: float) -> dict[str, float]:
    """The replication in the form that EMA workbench takes."""
    return {"total": replication(number)}


@contextmanager
def ema(processes: int) -> Iterator[Runs]:
    """EMA workbench: one scenario for each replication, by the evaluator for one or many."""
    from ema_workbench import (
        Model,
        MultiprocessingEvaluator,
        RealParameter,
        ScalarOutcome,
        Scenario,
        SequentialEvaluator,
    )

    logging.getLogger("EMA").setLevel(logging.ERROR)
    # Importing Mesa changes this for everyone; fork is what Linux has else.
    multiprocessing.set_start_method("fork", force=True)
    model = Model("adding", function=adding)
    model.uncertainties = [RealParameter("number", 0, 1e9)]
    model.outcomes = [ScalarOutcome("total")]
    made: dict[int, list[object]] = {}

    def runs(numbers: Sequence[float]) -> list[float]:
        scenarios = made.get(len(numbers)) or [Scenario(str(n), number=n) for n in numbers]
        made[len(numbers)] = scenarios
        # It logs its progress, that is nothing here; else it would draw a bar.
        _, outcomes = evaluator.perform_experiments(scenarios=scenarios, log_progress=True)
        return [float(total) for total in outcomes["total"]]

    chosen = (
        SequentialEvaluator(model)
        if processes == 1
        else MultiprocessingEvaluator(model, n_processes=processes)
    )
    with chosen as evaluator:
        yield runs


@contextmanager
def mesa(processes: int) -> Iterator[Runs]:
    """Mesa's batch_run; it asks for processes that are started anew (spawn)."""
    from mesa.batchrunner import batch_run
    from peers_batch import Adding

    multiprocessing.set_start_method("spawn", force=True)

    def runs(numbers: Sequence[float]) -> list[float]:
        found = batch_run(
            Adding,
            {"number": numbers},
            number_processes=processes,
            max_steps=1,
            display_progress=False,
        )
        return [row["total"] for row in found]

    yield runs


def _least(runs: Runs, numbers: Sequence[float]) -> tuple[float, list[float]]:
    """The least time that some replications took, and their sums; what is short is repeated."""
    least, spent, found = float("inf"), 0.0, []
    for _ in range(10):
        gc.collect()
        begun = perf_counter()
        found = runs(numbers)
        took = perf_counter() - begun
        least, spent = min(least, took), spent + took
        if spent > ENOUGH:
            break
    return least, found


@define
class Runner:
    """Someone who runs replications, and what was timed in each turn."""

    opened: Callable[[int], AbstractContextManager[Runs]]
    processes: int
    many: Sequence[float]
    starts: list[float] = field(factory=list)

    def turn(self) -> float:
        """One turn; the seconds that one more replication took."""
        few = self.many[:FEW]
        begun = perf_counter()
        with self.opened(self.processes) as runs:
            runs(few)
            start = perf_counter() - begun
            short, _ = _least(runs, few)
            long, found = _least(runs, self.many)
        if sorted(found) != [replication(number) for number in self.many]:
            raise SystemExit(f"{self.opened.__name__} gives other sums than the rest")
        self.starts.append(start)
        return (long - short) / (len(self.many) - len(few))


#: Everyone: the name, the module that must be there, and who opens it.
RUNNERS = (
    ("joblib alone", "joblib", joblib_alone),
    (f"joblib, given chunks of {CHUNK}", "joblib", joblib_in_chunks),
    (f"ours (shared_out), chunks of {CHUNK}", "sifrules_simulation", our_runner),
    ("EMA workbench", "ema_workbench", ema),
    ("Mesa batch_run", "mesa", mesa),
)


def table(replications: int, turns: int) -> Table:
    """What a replication and a start cost, on one process and on two."""
    many = [float(number) for number in range(replications)]
    runners: dict[str, Runner] = {}
    absent = {}
    for name, module, opened in RUNNERS:
        why = absence(module)
        for processes in (1, 2):
            if why:
                absent[f"{name}; {processes}"] = why
            else:
                runners[f"{name}; {processes}"] = Runner(opened, processes, many)
    took = in_turns({name: each.turn for name, each in runners.items()}, turns, warm_up=False)
    rows = []
    for name, each in runners.items():
        base = took[f"joblib alone; {each.processes}"]
        rows.append(
            [
                name.partition(";")[0],
                str(each.processes),
                f"{statistics.median(took[name]) * 1e6:,.2f}",
                *spread(ratios(took[name], base), 3),
                f"{statistics.median(each.starts) * 1e3:,.0f}",
                "",
            ]
        )
    for name, why in absent.items():
        who, _, processes = name.partition("; ")
        rows.append([who, processes, "", "", "", "", why])
    rows.sort(key=lambda row: row[1])
    return Table(
        [
            Column("who runs it"),
            Column("processes", number=True),
            Column("µs each", number=True),
            Column("ratio", number=True),
            Column("from–to", number=True),
            Column("start, ms", number=True),
            Column("", width=44),
        ],
        rows,
        title=(
            f"2. Overhead of a replication that adds two numbers: {replications:,} replications,\n"
            f"   all give the same sums; {turns} turns, ratios to joblib alone on as many processes"
        ),
    )
