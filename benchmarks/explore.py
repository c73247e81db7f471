"""The study of three levers: 60 policies × 30 draws × 3 replications, how long and on what.

    python benchmarks/explore.py              on two processes, to take less than 60 seconds
    python benchmarks/explore.py --draws 2    a shorter look

First the whole study is timed. Then some draws are run in this process, and its processor time is
divided: what is made ready (60 policies with their clauses changed), what is simulated, and what is
done with the numbers.
"""

from __future__ import annotations

import argparse
import time
from itertools import pairwise

from tabulate import tabulate

import sifrules
from sifrules.plugin.registry import installed
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.exploration_plan import ExplorationRequest, exploration_plan
from sifrules_simulation.experiments.explored import run_exploration

LEVERS = {
    "return_model.share": [0.0, 0.25, 0.5, 0.75, 1.0],
    "return_model.floor": [0.0, 0.15, 0.3, 0.5],
    "return_model.fee": [0.0, 0.05, 0.1],
}
OUTCOMES = ["application_uptake", "returned"]
#: How long the study may take on two cores (seconds).
MOST = 60
#: How many draws are run in this process.
FEW = 5


def whole(draws: int, jobs: int) -> str:
    """The study as the guide has it, from its call to its best policies."""
    began = time.perf_counter()
    found = sifrules.explore("orebro@2016", LEVERS, "scenario", OUTCOMES, draws=draws, jobs=jobs)
    sifrules.best_under_uncertainty(found, OUTCOMES[0], regret="p90")
    took = time.perf_counter() - began
    verdict = "met" if took < MOST else "NOT MET"
    return (
        f"{len(found.runs):,} replications ({len(found.plan.variants)} policies × {draws} draws "
        f"× {found.plan.replications}) on {jobs} processes in {took:.1f} s "
        f"(to take less than {MOST} s: {verdict})"
    )


def divided(draws: int) -> str:
    """The processor time of some draws in this process, by what it is spent on."""
    towns = installed()
    marks = [time.process_time()]
    request = ExplorationRequest(
        policies="orebro@2016", levers=LEVERS, uncertainties="scenario", outcomes=OUTCOMES,
        draws=draws,
    )  # fmt: skip
    plan = exploration_plan(towns, request)
    marks.append(time.process_time())
    values = run_exploration(plan, Running(jobs=1)).values
    marks.append(time.process_time())
    plan.frame(values)
    marks.append(time.process_time())
    spent = [later - earlier for earlier, later in pairwise(marks)]
    runs = plan.runs
    rows = [
        (what, f"{1000 * took:.0f}", f"{1000 * took / runs:.2f}", f"{took / sum(spent):.0%}")
        for what, took in zip(("made ready", "simulated", "put together"), spent, strict=True)
    ]
    heads = (f"{draws} draws in one process", "ms of processor", "ms a replication", "share")
    return tabulate(rows, heads, disable_numparse=True, colalign=("left", *3 * ("right",)))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--draws", type=int, default=30)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args(arguments)
    print(whole(asked.draws, asked.jobs))
    print()
    print(divided(min(FEW, asked.draws)))


if __name__ == "__main__":
    main()
