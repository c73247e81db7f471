"""Events written with flat memory: how many, how fast, and how much memory at the most.

    python benchmarks/events.py              a million events, and then four
    python benchmarks/events.py 10_000_000   so many, and a quarter of them before

Events go from batch to file: the memory of all processes together, read while they are simulated
and while the tables are put together, may not grow with their number. See benchmarks/README.md.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import psutil
from attrs import frozen
from process_memory import memory_of
from tabulate import tabulate

import sifrules

POLICIES = ["orebro@2016", "norrkoping@2010", "sodertalje@2015", "skane@2013"]


def write(replications: int, folder: str) -> None:
    """Simulate so many replications on two processes, every event saved in a folder."""
    sifrules.compare(
        POLICIES,
        replications=replications,
        tables=["events"],
        out=folder,
        keep=False,
        jobs=2,
    )


def replications_for(events: int) -> int:
    """How many replications have about so many events."""
    few = sifrules.compare(POLICIES, replications=5, tables=["events"], jobs=1)
    return max(5, round(5 * events / len(few.events)))


@frozen
class Reading:
    """The memory of all processes of a run, in MB, and whether its tables are being written."""

    memory: float
    ending: bool


def readings(replications: int, folder: str) -> Iterator[Reading]:
    """What is read of a run in processes of its own, ten times a second."""
    script = f"import events; events.write({replications}, {folder!r})"
    running = subprocess.Popen([sys.executable, "-c", script], cwd=Path(__file__).parent)
    process = psutil.Process(running.pid)
    while running.poll() is None:
        yield Reading(memory_of(process), (Path(folder) / "comparison.json").exists())
        time.sleep(0.1)
    if running.returncode:
        raise SystemExit(f"the run ended with {running.returncode}")


def measured(events: int) -> tuple[float, list[str]]:
    """The most memory that about so many events take, and a row of what they took."""
    replications, begun = replications_for(events), time.monotonic()
    with TemporaryDirectory() as folder:
        found = list(readings(replications, folder))
        seconds = time.monotonic() - begun
        count = sifrules.table(folder, "events").select(pl.len()).collect().item()
        size = (Path(folder) / "events.parquet").stat().st_size
    while_running = [each.memory for each in found if not each.ending]
    tenth = max(1, len(while_running) // 10)
    usual = [statistics.median(each) for each in (while_running[tenth:], while_running[-tenth:])]
    most = max(each.memory for each in found)
    row = [
        *(f"{count:,}", f"{replications:,}", f"{seconds:.0f}", f"{size / 1e6:.0f}"),
        *(f"{each:.0f}" for each in (*usual, max(while_running), most)),
    ]
    return most, row


HEADS = (
    *("events", "replications", "seconds", "MB on disk"),
    *("MB usually", "MB in the last tenth", "MB at most", "MB at most, with the tables"),
)


def main() -> None:
    most = int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 4_000_000
    found = [measured(events) for events in (most // 4, most)]
    print(tabulate([row for _, row in found], HEADS, disable_numparse=True))
    (few, _), (many, _) = found
    print(f"\nfour times as many events take {many / few:.2f} times the memory at the most")


if __name__ == "__main__":
    main()
