"""Write the reference pages out of the code, or check that they are up to date.

    python docs/build_reference.py            writes every page
    python docs/build_reference.py --check    exits 1 and names the pages that are stale; of
                                              those that are named after it, if any are

Each page is a module in ``docs/reference_pages``: its hand-written introduction stands at the
module's top, all else on the page is read out of the code.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from reference_pages import (
    coverage,
    default_scenario,
    facts,
    hooks,
    measures,
    mechanisms,
    parameters,
    parts,
    reform_power,
    results,
)

REFERENCE = Path(__file__).parent / "reference"
PAGES: Mapping[Path, Callable[[], str]] = {
    REFERENCE / f"{module.__name__.rpartition('.')[2]}.md": module.page
    for module in (
        coverage,
        default_scenario,
        facts,
        hooks,
        measures,
        mechanisms,
        parameters,
        parts,
        reform_power,
        results,
    )
}


def is_stale(file: Path) -> bool:
    """Whether a page is not what is built now."""
    return not file.exists() or file.read_text("utf-8") != PAGES[file]()


def main(arguments: list[str]) -> int:
    """Write the pages, or name the stale ones; the exit code."""
    check, *names = arguments or [""]
    if check == "--check" and {*names} <= {file.stem for file in PAGES}:
        stale = [file for file in PAGES if (not names or file.stem in names) and is_stale(file)]
        for file in stale:
            print(f"{file.name} is stale; run python docs/build_reference.py", file=sys.stderr)
        return 1 if stale else 0
    if arguments:
        print("usage: python docs/build_reference.py [--check [PAGE ...]]", file=sys.stderr)
        return 2
    for file, page in PAGES.items():
        file.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
