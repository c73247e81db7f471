"""Pages that are written out of the code: put them down, or tell which are stale."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path


def write_or_check(pages: Mapping[Path, str], script: str) -> None:
    """Write pages or, with ``--check``, leave with 1 where one is not as it must be."""
    if sys.argv[1:] == ["--check"]:
        stale = [
            file
            for file, text in pages.items()
            if not file.exists() or file.read_text("utf-8") != text
        ]
        for file in stale:
            print(f"docs/{file.name} is stale; run python docs/{script}", file=sys.stderr)
        sys.exit(1 if stale else 0)
    if sys.argv[1:]:
        sys.exit(f"usage: python docs/{script} [--check]")
    for file, text in pages.items():
        file.write_text(text, "utf-8")
