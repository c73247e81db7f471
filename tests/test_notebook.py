"""The notebook: it was run whole, in order, and what stands in it is what comes out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from copy import deepcopy
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[1] / "docs"
FILE = DOCS / "tutorials" / "notebook.ipynb"
NEEDED = ("nbclient", "nbformat", "ipykernel", "altair", "vl_convert", "SALib", "ema_workbench")


@pytest.fixture
def notebook() -> Any:
    """The notebook as plain data."""
    return json.loads(FILE.read_text("utf-8"))


@pytest.fixture(scope="module")
def maker() -> Any:
    """The script that runs it."""
    spec = spec_from_file_location("run_notebook", DOCS / "run_notebook.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _text(cell: Any) -> str:
    return "".join(cell["source"])


def test_every_cell_was_run_in_order_and_none_failed(notebook: Any) -> None:
    """What is kept is one run from top to bottom."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert all(cell["outputs"] for cell in cells)
    sorts = {output["output_type"] for cell in cells for output in cell["outputs"]}
    assert sorts <= {"execute_result", "stream"}


def test_its_prose_has_no_number_that_code_should_give(notebook: Any) -> None:
    """Numbers come out of cells; what is reported around them holds whatever they are."""
    prose = [_text(cell) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    without_code = [re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL) for text in prose]
    assert [text for text in without_code if re.search(r"\d", text)] == []


def test_its_links_lead_somewhere(notebook: Any) -> None:
    """Relative links point at pages that are there."""
    text = "\n".join(map(_text, notebook["cells"]))
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    assert links
    assert [link for link in links if not (FILE.parent / link).exists()] == []


def test_its_charts_are_seen_without_drawing_them(notebook: Any) -> None:
    """A reader of the page sees the charts as pictures."""
    kinds = [
        kind
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        for kind in output.get("data", {})
    ]
    assert kinds.count("image/svg+xml") == 2


@pytest.mark.parametrize("change", ["a number", "a table", "left out"])
def test_what_comes_out_otherwise_is_reported(notebook: Any, maker: Any, change: str) -> None:
    """Another number, in what is printed or in a table, and an output that is not there."""
    now = deepcopy(notebook)
    outputs = [output for cell in now["cells"] for output in cell.get("outputs", ())]
    printed = next(output for output in outputs if "text" in output)
    table = next(output for output in outputs if "text/html" in output.get("data", {}))
    if change == "a number":
        printed["text"] = [line.replace("30", "31") for line in printed["text"]]
    elif change == "a table":
        rows = "".join(table["data"]["text/html"]).replace("orebro@2016", "orebro@2017")
        table["data"]["text/html"] = rows
    else:
        printed["text"] = []
    assert maker.stale(notebook, notebook) == []
    (told,) = maker.stale(notebook, now)
    assert told.startswith("cell ")


def test_how_a_table_or_a_drawing_is_made_does_not_matter(notebook: Any, maker: Any) -> None:
    """Another library may mark up and draw the same things otherwise."""
    now = deepcopy(notebook)
    for cell in now["cells"]:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            for kind in data:
                if kind == "image/svg+xml":
                    data[kind] = "<svg/>"
                elif kind == "text/html":
                    data[kind] = "".join(data[kind]).replace("<td>", '<td class="x">\n')
    assert maker.stale(notebook, now) == []


@pytest.mark.once
def test_it_runs_and_what_stands_in_it_comes_out() -> None:
    """Run whole in a kernel of its own, every cell says what it is kept with."""
    lacking = [name for name in NEEDED if find_spec(name) is None]
    if lacking:
        pytest.skip(f"running the notebook needs {', '.join(lacking)}, which are not installed")
    script = [sys.executable, str(DOCS / "run_notebook.py"), "--check"]
    ran = subprocess.run(script, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
