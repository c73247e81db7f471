"""Whether a long run's memory stays flat, and what a second process brings.

    python benchmarks/long_run.py                        100,000 replications, kept in a folder
    python benchmarks/long_run.py --replications 5000    a shorter look

The command line is run as an analyst runs it, with `--out`, on two processes. Its memory,
that of all its processes together, is read ten times a second; the first tenth of the
replications is set beside the last. Then one process and two do the same work, in turns.
See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from attrs import frozen
from process_memory import memory_of
from tabulate import tabulate

POLICY, YEARS = "orebro@2016", 5
SHORT, TURNS = 10_000, 3


@frozen
class Reading:
    """How many chunks were kept, and the memory of all processes, in MB."""

    chunks: int
    memory: float


def command(replications: int, jobs: int, out: Path) -> list[str]:
    """What is run."""
    return [
        *(sys.executable, "-c", "import sys; from sifrules.cli import main; main(sys.argv[1:])"),
        *("simulate", POLICY, "--years", str(YEARS), "--replications", str(replications)),
        *("--jobs", str(jobs), "--out", str(out), "--format", "json"),
    ]


def readings(replications: int, out: Path) -> Iterator[Reading]:
    """What is read of a run, ten times a second, until it has ended."""
    running = subprocess.Popen(command(replications, 2, out), stdout=subprocess.DEVNULL)
    process = psutil.Process(running.pid)
    while running.poll() is None:
        kept = len(list((out / "pieces").glob("*.parquet"))) if out.exists() else 0
        yield Reading(kept, memory_of(process))
        time.sleep(0.1)
    if running.returncode:
        raise SystemExit(f"the run ended with {running.returncode}")


def memory(replications: int) -> str:
    """The memory of a long run, tenth by tenth of its replications, and while it ends."""
    with tempfile.TemporaryDirectory() as place:
        found = list(readings(replications, Path(place) / "kept"))
    # The files of the chunks are taken away again once the tables are written: only what was read
    # before the last of them was there is of the replications.
    chunks = max(each.chunks for each in found)
    until = next(at for at, each in enumerate(found) if each.chunks == chunks)
    running, ending = found[:until], found[until:]
    tenths = [
        [each.memory for each in running if each.chunks and each.chunks * 10 // chunks == tenth]
        for tenth in range(10)
    ]
    rows = [
        (f"{tenth + 1}", f"{statistics.median(each):.0f}", f"{max(each):.0f}")
        for tenth, each in enumerate(tenths)
        if each
    ]
    table = tabulate(rows, ("tenth", "MB, median", "MB, most"), disable_numparse=True)
    flat = statistics.median(tenths[-1]) / statistics.median(tenths[0])
    usual = statistics.median(each.memory for each in running if each.chunks)
    return (
        f"{replications:,} replications of {POLICY} over {YEARS} years on two processes\n\n"
        f"{table}\n\n"
        f"the last tenth ÷ the first: {flat:.2f} (to stay within 0.90–1.10); "
        f"most of all, while the tables are written: {max(each.memory for each in ending):.0f} MB, "
        f"{max(each.memory for each in found) / usual:.2f} times the median (to stay below 1.50)"
    )


def second_process(replications: int) -> str:
    """How many times faster two processes are than one, in turns."""
    rows: dict[str, list[float]] = {
        "a comparison in Python, the two processes there": [],
        "the same, the two processes started by it": [],
        "the command line, its start and its tables included": [],
    }
    for _ in range(TURNS):
        one, starting, there = _in_python(replications)
        line_by_one, line_by_two = (_of_command(replications, jobs) for jobs in (1, 2))
        found = (one / there, one / starting, line_by_one / line_by_two)
        for each, ratio in zip(rows.values(), found, strict=True):
            each.append(ratio)
    table = [
        (name, f"{statistics.median(each):.2f}", f"{min(each):.2f}–{max(each):.2f}")
        for name, each in rows.items()
    ]
    columns = (f"{replications:,} replications", "one process ÷ two", "from–to")
    return f"{tabulate(table, columns, disable_numparse=True)}\n\nto reach: 1.85"


def _in_python(replications: int) -> list[float]:
    """What a comparison takes on one process, on two that it starts, and on the same two again."""
    script = (
        "import time\n"
        "from sifrules import compare\n"
        "for jobs in (1, 2, 2):\n"
        "    begun = time.perf_counter()\n"
        f"    compare('{POLICY}', years={YEARS}, replications={replications}, jobs=jobs)\n"
        "    print(time.perf_counter() - begun)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return [float(each) for each in ran.stdout.split()]


def _of_command(replications: int, jobs: int) -> float:
    """What the command line takes, from its start until its tables are written."""
    with tempfile.TemporaryDirectory() as place:
        begun = time.perf_counter()
        run = command(replications, jobs, Path(place) / "kept")
        subprocess.run(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--replications", type=int, default=100_000)
    asked = parser.parse_args()
    print(memory(asked.replications))
    print()
    print(second_process(min(SHORT, asked.replications)))


if __name__ == "__main__":
    main()
