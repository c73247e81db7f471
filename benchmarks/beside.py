"""What a replication costs, beside what it cost at an earlier commit.

    python benchmarks/beside.py              1d06904 and what lies here, in turns
    python benchmarks/beside.py REVISION     another commit

The earlier commit is checked out in a temporary folder. Both trees are run in processes of their
own, in turns, and processor time is compared: the machine's own speed, and what else it does, fall
out. See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen
from tabulate import tabulate

ROOT = Path(__file__).parents[1]
#: Where the packages lie in a tree.
SHELVES = ("", "policies", "plugins", "simulation")
TURNS = 5
#: Policies that were there from the beginning.
POLICIES = ("norrkoping@2010", "norrkoping@2022", "orebro@2016", "sodertalje@2015")
#: Run in either tree; the best of several rounds, in seconds of the processor.
SCRIPT = """
import json, sys, time
import simpy
import sifrules

registry = sifrules.registry()
policies = sys.argv[1].split(",")
try:
    from sifrules_simulation.experiments.planning import comparison_design
    from sifrules_simulation.model.replication import simulate
    from sifrules_simulation.model.world import world

    design = comparison_design(registry, policies)
    def prepared():
        return [design.setup(at) for at in range(len(policies))]
except ImportError:  # as it was called before the modules were moved
    from sifrules_simulation.comparing import planned
    from sifrules_simulation.replication import live as simulate
    from sifrules_simulation.world import world

    design = planned(registry, policies).experiment
    prepared = design.conducts

try:
    from sifrules_simulation.model.world import worlds
except ImportError:  # as they were drawn before: each by itself
    def worlds(scenario, years, seed, replications, switches):
        return [world(scenario, years, seed, number, switches) for number in replications]

def best(work):
    found = []
    for _ in range(5):
        begun = time.process_time()
        result = work()
        found.append(time.process_time() - begun)
    return min(found), result

drawing, drawn = best(
    lambda: worlds(design.scenario, design.years, design.seed, range(20), design.switches)
)
def lives():
    setups = prepared()
    return [simulate(setup, around, design.years) for around in drawn for setup in setups]

class Counting(simpy.Environment):
    events = processes = 0

    def schedule(self, *args, **options):
        Counting.events += 1
        super().schedule(*args, **options)

    def process(self, generator):
        Counting.processes += 1
        return super().process(generator)

usual, simpy.Environment = simpy.Environment, Counting
runs = len(lives())
simpy.Environment = usual
events, processes = round(Counting.events / runs), round(Counting.processes / runs)

def waits(env, times):
    for _ in range(times):
        yield env.timeout(1)

def bare(events, processes):
    # Starting and ending a process is an event each; the rest are waits.
    each, more = divmod(events - 2 * processes, processes)
    for _ in range(runs):
        env = simpy.Environment()
        for number in range(processes):
            env.process(waits(env, each + (number < more)))
        env.run()

alone, _ = best(lambda: bare(*json.loads(sys.argv[2]) or (events, processes)))
living, portfolios = best(lives)
measuring, _ = best(
    lambda: [measure.of(each) for each in portfolios for measure in registry.measures.values()]
)
print(json.dumps({
    "seconds": {
        "drawing a world": drawing / 20,
        "simulating the years": living / runs,
        "measuring": measuring / runs,
    },
    "alone": alone / runs,
    "events": [events, processes],
}))
"""


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """A tree of an earlier commit, in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), revision], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


@frozen
class Cost:
    """What a replication takes in a tree (ms of the processor), part by part.

    ``alone`` is what SimPy takes that does nothing else, with as many ``events`` and processes.
    """

    parts: Mapping[str, float]
    alone: float
    events: Sequence[int]

    @property
    def over_alone(self) -> float:
        """How many times SimPy alone the world and its years are."""
        return (self.parts["drawing a world"] + self.parts["simulating the years"]) / self.alone


def cost(tree: Path, policies: tuple[str, ...], events: Sequence[int] = ()) -> Cost:
    """What a replication takes in a tree; SimPy alone with so many events, else its own."""
    paths = [str(tree / shelf) for shelf in SHELVES]
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*paths, *filter(None, given)])}
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, ",".join(policies), json.dumps(events)],
        env=environment, cwd=tree, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found = json.loads(ran.stdout)
    parts = {name: 1000 * seconds for name, seconds in found["seconds"].items()}
    parts["all of it"] = sum(parts.values())
    return Cost(parts, 1000 * found["alone"], found["events"])


def table(revision: str, policies: tuple[str, ...]) -> str:
    """What was and what is, and how many times less that is, turn by turn.

    Below, both over SimPy alone with as many events as the earlier commit had.
    """
    turns = []
    with checked_out(revision) as before:
        for _ in range(TURNS):
            was = cost(before, policies)
            turns.append((was, cost(ROOT, policies, was.events)))
    rows = []
    for name in turns[0][0].parts:
        ratios = sorted(was.parts[name] / now.parts[name] for was, now in turns)
        least = [min(turn[at].parts[name] for turn in turns) for at in (0, 1)]
        rows.append((name, *(f"{each:.2f}" for each in least), *_median(ratios)))
    over = [sorted(turn[at].over_alone for turn in turns) for at in (0, 1)]
    columns = (", ".join(policies), f"{revision}, ms", "here, ms", "ratio", "from–to")
    listed = str(tabulate(rows, columns, disable_numparse=True))
    events, processes = turns[0][0].events
    (then, _), (here, spread) = map(_median, over)
    return (
        f"{listed}\nworld and years over SimPy alone, of {events} events in {processes} processes "
        f"as in {revision}: {then} then, {here} ({spread}) here"
    )


def _median(ratios: Sequence[float]) -> tuple[str, str]:
    """The median of sorted ratios, and the least and most."""
    return f"{statistics.median(ratios):.2f}", f"{ratios[0]:.2f}–{ratios[-1]:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("revision", nargs="?", default="1d06904")
    revision = parser.parse_args().revision
    print(table(revision, ("orebro@2016",)), table(revision, POLICIES), sep="\n\n")


if __name__ == "__main__":
    main()
