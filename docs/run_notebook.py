"""Run docs/tutorials/notebook.ipynb from top to bottom, and keep what comes out of each cell in it.

    python docs/run_notebook.py            runs it and writes its outputs
    python docs/run_notebook.py --check    exits 1 where a cell fails, or says something else

Needs the group ``notebook`` and the extras ``study`` and ``report``. What is compared are the
texts that come out, a table's HTML without its tags: drawings depend on what draws them.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "tutorials" / "notebook.ipynb"
Notebook = dict[str, Any]


def read(file: Path) -> Notebook:
    """A notebook as plain data."""
    found: Notebook = json.loads(file.read_text("utf-8"))
    return found


def said(notebook: Notebook) -> Iterator[tuple[int, str]]:
    """Every text that came out of a cell, with the cell's number."""
    for number, cell in enumerate(notebook["cells"], 1):
        for output in cell.get("outputs", ()):
            if "text" in output:
                yield number, _joined(output["text"])
            data = output.get("data", {})
            if "text/html" in data:
                html = re.sub(r"<style.*?</style>", "", _joined(data["text/html"]), flags=re.S)
                text = unescape(re.sub(r"<[^>]*>", " ", html))
                yield number, " ".join(text.split())
            elif "text/plain" in data and not any("svg" in kind for kind in data):
                yield number, _joined(data["text/plain"])


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def stale(kept: Notebook, made: Notebook) -> list[str]:
    """What came out otherwise than it is kept, cell by cell."""
    before, now = _by_cell(kept), _by_cell(made)
    return [
        f"cell {number}: kept {before.get(number, [])}, now {now.get(number, [])}"
        for number in sorted(before.keys() | now.keys())
        if before.get(number) != now.get(number)
    ]


def _by_cell(notebook: Notebook) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, text in said(notebook):
        found.setdefault(number, []).append(text)
    return found


def run(notebook: Notebook) -> Notebook:
    """The notebook with what comes out of it now; a cell that fails raises, and says where."""
    import nbformat
    from nbclient import NotebookClient
    from traitlets.config import Config

    made = nbformat.reads(json.dumps(notebook), as_version=4)
    alone = Config({"KernelManager": {"transport": "ipc"}})  # no port is opened for it
    NotebookClient(made, timeout=120, record_timing=False, config=alone).execute()
    for cell in made["cells"]:
        if "outputs" in cell:
            cell["outputs"] = _in_one(cell["outputs"])
    made["metadata"] = notebook["metadata"]
    found: Notebook = json.loads(nbformat.writes(made))
    return found


def _in_one(outputs: list[Any]) -> list[Any]:
    """What a cell prints in one piece, however many it came in."""
    found: list[Any] = []
    for each in outputs:
        before = found[-1] if found else {}
        if each["output_type"] == "stream" and each["name"] == before.get("name"):
            before["text"] += each["text"]
        else:
            found.append(each)
    return found


def main() -> None:
    kept = read(FILE)
    made = run(kept)
    if sys.argv[1:] == ["--check"]:
        changed = stale(kept, made)
        for line in changed:
            print(line, file=sys.stderr)
        if changed:
            print(
                "docs/tutorials/notebook.ipynb is stale; run python docs/run_notebook.py",
                file=sys.stderr,
            )
        sys.exit(1 if changed else 0)
    if sys.argv[1:]:
        sys.exit("usage: python docs/run_notebook.py [--check]")
    FILE.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
