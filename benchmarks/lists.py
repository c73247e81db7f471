"""How long `sif check` takes over a list, and how that grows with its rows.

    python benchmarks/lists.py            1,000 and 10,000 rows under all policies, in turns
    python benchmarks/lists.py --turns 9  steadier on a busy machine

Each application has a cost of its own. Processor time is measured, the start of the command
included. See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import csv
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tabulate import tabulate

ROWS = (1_000, 10_000)
#: What the project wants to hold for the longest list, in seconds of processor time.
TARGET = 5.0


def written(folder: Path, rows: int) -> Path:
    """A list of so many applications, each with a cost of its own."""
    file = folder / f"{rows}.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        write = csv.writer(stream, delimiter=";")
        write.writerow(["application.cost", "application.areas", "parts.follow_up_plan"])
        write.writerows(
            (500_000 + 100 * row, 1 + row % 4, ("ja", "nej")[row % 2]) for row in range(rows)
        )
    return file


def seconds(file: Path) -> float:
    """The processor time of one command over a list."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.run(
        [sys.executable, "-m", "sifrules", "check", str(file)],
        stdout=subprocess.DEVNULL,
        check=False,
    )
    if ran.returncode not in (0, 1):  # 1: not every application may be funded
        sys.exit(ran.returncode)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=3)
    turns: int = parser.parse_args().turns
    taken: dict[int, list[float]] = {rows: [] for rows in ROWS}
    with tempfile.TemporaryDirectory() as folder:
        files = {rows: written(Path(folder), rows) for rows in ROWS}
        for _ in range(turns):
            for rows, file in files.items():
                taken[rows].append(seconds(file))
    medians = {rows: statistics.median(some) for rows, some in taken.items()}
    table = [
        [rows, f"{medians[rows]:.2f}", f"{min(taken[rows]):.2f}", f"{max(taken[rows]):.2f}"]
        for rows in ROWS
    ]
    print(tabulate(table, headers=["rows", "s", "least", "most"], colalign=("right",) * 4))
    short, long = (medians[rows] for rows in ROWS)
    print(f"ten times the rows take {long / short:.1f} times as long")
    print(f"{ROWS[-1]} rows under {TARGET:.0f} s: {'met' if long < TARGET else 'NOT MET'}")


if __name__ == "__main__":
    main()
