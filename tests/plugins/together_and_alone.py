"""Run the tests of the municipalities: all together, and each with the others switched off.

    python tests/plugins/together_and_alone.py

One environment is enough for all of them, as they differ in one variable alone. It ends
with 1 where any of them failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

from sifrules.plugin.discovery import OFF
from sifrules.plugin.hookspecs import PROJECT

HERE = Path(__file__).parent
#: Plugins of the distribution that are no municipality, and that all of them need.
SHARED = {"parts", "simulation"}


def combinations() -> Iterator[tuple[str, str]]:
    """What is tried, and the plugins that are off meanwhile."""
    ours = [each for each in entry_points(group=PROJECT) if each.dist and each.dist.name == PROJECT]
    towns = sorted({each.name for each in ours} - SHARED)
    yield "all together", ""
    for town in towns:
        yield f"{town} alone", ",".join(each for each in towns if each != town)


def main() -> None:
    failed = []
    for name, off in combinations():
        print(f"--- {name}", flush=True)
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n0", "-m", "not once", str(HERE)],
            env={**os.environ, OFF: off},
            check=False,
        )
        if ran.returncode:
            failed.append(name)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
