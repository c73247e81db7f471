"""A search for trade-offs by NSGA-II: 2,000 evaluations of three levers, on two processes.

    python benchmarks/search.py                     to take less than five minutes
    python benchmarks/search.py --evaluations 40    a shorter look

An evaluation is an experiment of three replications over the usual years. The extra `explore` is
needed.
"""

from __future__ import annotations

import argparse
import time

import sifrules

LEVERS = {
    "return_model.share": (0.0, 1.0),
    "return_model.floor": (0.0, 0.5),
    "return_model.fee": (0.0, 0.1),
}
#: How long the search may take on two cores (seconds).
MOST = 300


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--evaluations", type=int, default=2_000)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args(arguments)
    began = time.perf_counter()
    found = sifrules.search(
        "orebro@2016",
        LEVERS,
        maximise=["application_uptake", "returned"],
        evaluations=asked.evaluations,
        jobs=asked.jobs,
    )
    took = time.perf_counter() - began
    verdict = "met" if took < MOST else "NOT MET"
    print(
        f"{asked.evaluations:,} evaluations of 3 replications on {asked.jobs} processes in "
        f"{took:.1f} s (to take less than {MOST} s: {verdict}); {len(found)} trade-offs, "
        f"{found['application_uptake'].max():.3f} the highest uptake, "
        f"{found['returned'].max() / 1e6:.1f} MSEK returned the most"
    )


if __name__ == "__main__":
    main()
