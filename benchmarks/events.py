"""Events written with flat memory: how many, how fast, and how much memory at the most.

    python benchmarks/events.py              a million events, and then four
    python benchmarks/events.py 10_000_000   so many, and a quarter of them before

The peak of this process may not grow with the number of events: they go from batch to file.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import sifrules

POLICIES = ["orebro@2016", "norrkoping@2010", "sodertalje@2015", "skane@2013"]


def measured(events: int, jobs: int = 2) -> None:
    """Write about so many events, in this process, and print what it took."""
    few = sifrules.compare(POLICIES, replications=5, tables=["events"], jobs=1)
    replications = max(5, round(5 * events / len(few.events)))
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        sifrules.compare(
            POLICIES,
            replications=replications,
            tables=["events"],
            out=folder,
            keep=False,
            jobs=jobs,
        )
        file = Path(folder) / "events.parquet"
        count = sifrules.table(folder, "events").select("month").collect().height
        size = file.stat().st_size
    seconds = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:,} events of {replications} replications in {seconds:.0f} s, "
        f"{size / 1e6:.0f} MB, peak {peak:.0f} MB"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measured(int(sys.argv[2]))
    else:
        most = int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 4_000_000
        for events in (most // 4, most):
            subprocess.run([sys.executable, __file__, "--one", str(events)], check=True)
