"""What a simulated replication costs, against SimPy alone and against the reference engine.

    python benchmarks/simulate.py             ratios, and how much pairing helps
    python benchmarks/simulate.py --memory    also the peak memory of short and long runs

Everything is timed side by side in one run, in turns, and given as ratios: the machine's
own speed falls out. See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import simpy
from attrs import evolve
from tabulate import tabulate

import sifrules
from sifrules_simulation import compare
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.experiment import experiment
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.model.replication import simulate
from sifrules_simulation.model.world import World, worlds

#: How many worlds are drawn at once, as a run draws them; fewer where durable-rules decides.
REPLICATIONS, FEW = 50, 5
TURNS = 9
#: Clauses changed, each on its policy, to see how much pairing helps.
CHANGES = (
    ("orebro@2016", "return_model.floor=0.0"),
    ("orebro@2016", "return_model.fee=0.0"),
    ("orebro@2016", "return_model.share=0.5"),
    ("norrkoping@2010", "return_model.share=0.5"),
    ("sodertalje@2015", "return_model.lasts=120"),
)
MEASURES = ("application_uptake", "applications", "grants", "granted", "human_gain")


def designed(engine: str, policies: str | None = None) -> Design:
    """All bundled policies, or one of them, in the default scenario."""
    return comparison_design(sifrules.registry(), policies, engine=engine)


def drawn(of: Design, replications: int) -> list[World]:
    """The worlds of the replications that are timed, made anew as a run makes them."""
    return worlds(of.scenario, of.years, of.seed, range(replications), of.switches)


def all_policies(
    of: Design, scalar: bool = False, replications: int = REPLICATIONS
) -> Callable[[], None]:
    """Every policy in every world, each idea by itself and in its time if ``scalar``."""
    setups = [of.setup(at) for at in range(len(of.policies))]
    if scalar:
        setups = [evolve(setup, scalar=True) for setup in setups]

    def run() -> None:
        around = drawn(of, replications)
        for setup in setups:
            for each in around:
                simulate(setup, each, of.years)

    return run


def events(of: Design) -> list[tuple[int, int]]:
    """How many processes and events each run of a policy in a world has, the scalar way.

    So many there are where every idea is a process and every month of an investment an event.
    """
    counts: list[tuple[int, int]] = []

    class Counting(simpy.Environment):
        def __init__(self) -> None:
            super().__init__()
            self.processes = self.events = 0
            counting.append(self)

        def schedule(self, *args: object, **kwargs: object) -> None:
            self.events += 1
            super().schedule(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they are

        def process(self, generator: Iterator[simpy.Event]) -> simpy.Process:  # type: ignore[override]
            self.processes += 1
            return super().process(generator)  # type: ignore[arg-type]

    counting: list[Counting] = []
    usual, simpy.Environment = simpy.Environment, Counting  # type: ignore[misc]
    try:
        all_policies(of, scalar=True)()
    finally:
        simpy.Environment = usual  # type: ignore[misc]
    counts.extend((each.processes, each.events) for each in counting)
    return counts


def bare(counts: list[tuple[int, int]]) -> Callable[[], None]:
    """SimPy alone: as many processes, which wait as many times in all, and do nothing else."""

    def waits(env: simpy.Environment, times: int) -> Iterator[simpy.Event]:
        for _ in range(times):
            yield env.timeout(1)

    def run() -> None:
        for processes, scheduled in counts:
            env = simpy.Environment()
            # Starting and ending a process is an event each; the rest are waits.
            each, more = divmod(scheduled - 2 * processes, processes)
            for number in range(processes):
                env.process(waits(env, each + (number < more)))  # type: ignore[arg-type]
            env.run()

    return run


def seconds(run: Callable[[], None]) -> float:
    """What a run takes of the processor."""
    begun = time.process_time()
    run()
    return time.process_time() - begun


def ratios(one: Callable[[], None], other: Callable[[], None], turns: int = TURNS) -> list[float]:
    """How much longer one takes than another, turn by turn."""
    one()
    other()
    return sorted(seconds(one) / seconds(other) for _ in range(turns))


def speed() -> str:
    """The table of ratios."""
    compiled, durable = designed("compiled"), designed("durable")
    one = designed("compiled", "orebro@2016")
    counts, of_one = events(compiled), events(one)
    rows = [
        ("orebro@2016 ÷ SimPy alone", ratios(all_policies(one), bare(of_one)), "see beside.py"),
        (
            "every policy ÷ SimPy alone",
            ratios(all_policies(compiled), bare(counts)),
            "see beside.py",
        ),
        (
            "the scalar way with durable deciding ÷ compiled",
            ratios(
                all_policies(durable, replications=FEW),
                all_policies(compiled, replications=FEW),
                3,
            ),
            "at least 5",
        ),
    ]
    per_run = sum(scheduled for _, scheduled in counts) / len(counts)
    head = f"{len(counts)} runs of {per_run:.0f} events on average, the scalar way"
    table = [
        (name, f"{statistics.median(found):.2f}", f"{found[0]:.2f}–{found[-1]:.2f}", aim)
        for name, found, aim in rows
    ]
    columns = ("what", "ratio", "from–to", "to reach")
    return f"{head}\n\n{tabulate(table, columns, disable_numparse=True)}"


def preparing() -> str:
    """The table of what is done once, or for each experiment (ms of the processor)."""
    registry, steps = sifrules.registry(), itertools.count(1)
    policy = registry.policy("orebro@2016")
    reduced = experiment(
        policy,
        {"return_model.floor": (0.0, 0.3)},
        {"behaviour.mission_weight": (0.5, 3.0)},
        registry=registry,
    )

    def changed() -> None:
        registry.changed(policy, [f"return_model.floor={next(steps) / 10_000}"])

    def prepared() -> None:
        comparison_design(registry, policy).setup(0)

    def called() -> None:
        more = next(steps)
        floor, weight = more / 10_000, 1 + more / 10_000
        reduced({"return_model.floor": floor, "behaviour.mission_weight": weight})

    rows = []
    for name, run, aim in (
        ("a clause changed, and the policy checked", changed, ""),
        ("a policy prepared for simulation", prepared, "under 2"),
        ("an experiment of 3 replications, from levers to measures", called, "under 15"),
    ):
        run()
        found = sorted(1000 * seconds(run) for _ in range(20))
        rows.append((name, f"{statistics.median(found):.2f}", f"{found[0]:.2f}", aim))
    columns = ("what", "ms, median", "ms, least", "to reach")
    return str(tabulate(rows, columns, disable_numparse=True))


def pairing() -> str:
    """How many times smaller pairing makes the variance of a difference."""
    registry = sifrules.registry()
    rows = []
    for id, change in CHANGES:
        changed = registry.policy(id, [change])
        result = compare([id, changed], replications=200, registry=registry)
        found = (result.variance_ratio(changed.id, measure) for measure in MEASURES)
        rows.append((changed.id, *(f"{ratio:.1f}" for ratio in found)))
    everything = compare(None, replications=200, registry=registry)
    for label in everything.labels:
        if label != everything.baseline:
            found = (everything.variance_ratio(label, measure) for measure in MEASURES)
            rows.append((f"{label} − {everything.baseline}", *(f"{ratio:.1f}" for ratio in found)))
    columns = ("difference", *MEASURES)
    return str(tabulate(rows, columns, disable_numparse=True))


def peaks(*sizes: int) -> list[float]:
    """The peak memory of a process that runs so many replications, in MB, for each number."""
    script = (
        "import resource, sys\n"
        "from sifrules_simulation import compare\n"
        "compare(['orebro@2016'], replications=int(sys.argv[1]), jobs=1, keep=False)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    found = []
    for replications in sizes:
        ran = subprocess.run(
            [sys.executable, "-c", script, str(replications)],
            capture_output=True,
            text=True,
            check=True,
        )
        found.append(int(ran.stdout) / 1024)
    return found


def memory() -> str:
    """The peak memory of one process at 200 and at 5,000 replications."""
    few, many = peaks(200, 5_000)
    return f"peak memory: {few:.0f} MB at 200, {many:.0f} MB at 5,000 replications"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--memory", action="store_true", help="also measure peak memory")
    asked = parser.parse_args()
    print(speed(), preparing(), pairing(), sep="\n\n")
    if asked.memory:
        print(f"\n{memory()}")


if __name__ == "__main__":
    main()
