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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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

living, portfolios = best(lives)
measuring, _ = best(
    lambda: [measure.of(each) for each in portfolios for measure in registry.measures.values()]
)
print(json.dumps({
    "drawing a world": drawing / 20,
    "simulating the years": living / 20 / len(policies),
    "measuring": measuring / 20 / len(policies),
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


def costs(tree: Path, policies: tuple[str, ...]) -> dict[str, float]:
    """What each part of a replication takes in a tree (ms of the processor)."""
    paths = [str(tree / shelf) for shelf in SHELVES]
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*paths, *filter(None, given)])}
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, ",".join(policies)],
        env=environment, cwd=tree, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found = {name: 1000 * seconds for name, seconds in json.loads(ran.stdout).items()}
    return {**found, "all of it": sum(found.values())}


def table(revision: str, policies: tuple[str, ...]) -> str:
    """What was and what is, and how many times less that is, turn by turn."""
    with checked_out(revision) as before:
        turns = [(costs(before, policies), costs(ROOT, policies)) for _ in range(TURNS)]
    rows = []
    for name in turns[0][1]:
        ratios = sorted(was[name] / now[name] for was, now in turns)
        was, now = (min(turn[at][name] for turn in turns) for at in (0, 1))
        spread = f"{ratios[0]:.2f}–{ratios[-1]:.2f}"
        rows.append((name, f"{was:.2f}", f"{now:.2f}", f"{statistics.median(ratios):.2f}", spread))
    columns = (", ".join(policies), f"{revision}, ms", "here, ms", "ratio", "from–to")
    return str(tabulate(rows, columns, disable_numparse=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("revision", nargs="?", default="1d06904")
    revision = parser.parse_args().revision
    print(table(revision, ("orebro@2016",)), table(revision, POLICIES), sep="\n\n")


if __name__ == "__main__":
    main()
