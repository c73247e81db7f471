"""Type-check the Python examples of the pages, with mypy (strictly) and with pyright.

The scripts of ``examples/research`` are checked as they are. Each page becomes a module in which
an example is on the line that it has in the page, so that a place in a checker's report is a place
in the page. ``tests/typed_api.py``, which states what types
the public names give, is checked along.
"""

from __future__ import annotations

import json
import subprocess
import sys
from doctest import DocTestParser
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
#: The pages for people who use it from Python; those for plugins leave types out, as plugins may.
PAGES = (
    "README.md",
    "docs/explanation/decisions.md",
    "docs/explanation/ledger.md",
    "docs/guides/python.md",
    "docs/guides/reforms.md",
    "docs/guides/research.md",
    "docs/guides/study.md",
)
STATED = ROOT / "tests" / "typed_api.py"


def module_of(page: str) -> str:
    """The examples of a page as a module, each on its line of the page.

    >>> module_of("Words.\\n\\n>>> a = (1,\\n...      2)\\n>>> a\\n(1, 2)\\n")
    '\\n\\na = (1,\\n     2)\\na\\n'
    """
    lines = [""] * page.count("\n")
    for example in DocTestParser().get_examples(page):
        for number, line in enumerate(example.source.splitlines(), example.lineno):
            lines[number] = line
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Run both checkers; 1 where one finds a mistake."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        for page in PAGES:
            name = page.removesuffix(".md").replace("/", "_")
            (folder / f"{name}.py").write_text(module_of((ROOT / page).read_text("utf-8")), "utf-8")
        # An example is shown for its value, which a script would leave unused.
        settings = {"include": [place, str(STATED)], "typeCheckingMode": "standard"}
        settings |= {"reportUnusedExpression": False}
        scripts = sorted((ROOT / "examples" / "research").glob("*.py"))
        settings["include"] = [place, str(STATED), *map(str, scripts)]
        (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
        files = [str(STATED), *map(str, (*sorted(folder.glob("*.py")), *scripts))]
        checkers = [
            ["mypy", "--config-file", str(ROOT / "pyproject.toml"), *files],
            # pyright as a wheel, which brings what it runs on and fetches nothing when it is run
            ["basedpyright", "--pythonpath", sys.executable, "--project", str(folder)],
        ]
        return max([subprocess.run(checker, check=False).returncode for checker in checkers])


if __name__ == "__main__":
    sys.exit(main())
