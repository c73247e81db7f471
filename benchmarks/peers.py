"""Benchmarks against what people would use instead: four tables in one run.

    pip install --group peers -e .
    python benchmarks/peers.py [--quick]

1. the five-rule decision, by our engines and by other rule engines;
2. what a runner adds to a replication that does next to nothing;
3. a small fund, told in other simulation libraries, and a replication of ours per event;
4. how our simulation grows with what is asked, and its peak memory.

All is timed side by side, in turns, and given as ratios within a turn. Who is not
installed, or does not run on this Python, is named with the reason. Whatever the figures
are, the exit code is 0; it is not where contestants do not agree, as nothing can be said
then. See benchmarks/README.md.
"""

# Mesa starts processes that read this file again: what it needs is imported in main().
from __future__ import annotations

import argparse
import platform
import warnings
from importlib.metadata import PackageNotFoundError, version

#: Everyone whose version is printed, by the name to install.
PEERS = (
    "durable-rules",
    "rule-engine",
    "business-rules",
    "zen-engine",
    "clipspy",
    "experta",
    "joblib",
    "ema-workbench",
    "mesa",
    "simpy",
    "salabim",
    "ciw",
)


def told(name: str) -> str:
    """A library and its version, or that it is not there."""
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name} not installed"


def main() -> None:
    """Print the four tables."""
    parser = argparse.ArgumentParser(description="Time what people would use instead.")
    parser.add_argument("--quick", action="store_true", help="for trying out: under a minute")
    quick = parser.parse_args().quick

    import peers_decide
    import peers_fund_table
    import peers_growth
    import peers_run
    from peers_timing import INSTALL

    from sifrules.presentation.table import Table, as_text

    def show(table: Table) -> None:
        print(f"\n{table.title}\n\n{as_text(table)}", flush=True)

    print(f"Python {platform.python_version()} on {platform.machine()}")
    print(", ".join(told(name) for name in PEERS))
    if any(told(name).endswith("not installed") for name in PEERS):
        print(f"Install those that are missing with: {INSTALL}")
    show(peers_decide.table(rounds=2 if quick else 25))
    show(peers_run.table(*((2_000, 1) if quick else (20_000, 3))))
    show(peers_fund_table.table(*((20, 2) if quick else (50, 7))))
    show(peers_growth.table(*((2, 1) if quick else (5, 5))))
    print(f"\n{peers_growth.memory(*((5, 50) if quick else (200, 2_000)))}")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
