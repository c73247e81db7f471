"""The layout of the project, beyond the layers of imports, which import-linter holds."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "sifrules": ROOT / "sifrules",
    "sifrules_policies": ROOT / "policies" / "sifrules_policies",
    "sifrules_plugins": ROOT / "plugins" / "sifrules_plugins",
    "sifrules_simulation": ROOT / "simulation" / "sifrules_simulation",
}
#: Where our own modules may be imported inside functions, and why. All else imports at its top, so
#: that what a module depends on is read there.
LATE_IMPORTS = {
    "sifrules/cli/": "a command loads what it runs, so that others start fast",
    "simulation/sifrules_simulation/commands/": "a command loads what it runs",
    "simulation/sifrules_simulation/plugin.py": "its hooks are called in every run of sif",
    "sifrules/testing/pytest_plugin.py": "loaded in every run of pytest, also of other projects",
}


@cache
def _modules(folder: Path) -> tuple[tuple[Path, tuple[ast.AST, ...]], ...]:
    """All that stands in each module of a package, read once."""
    return tuple(
        (file.relative_to(ROOT), tuple(ast.walk(ast.parse(file.read_text("utf-8")))))
        for file in sorted(folder.rglob("*.py"))
    )


def _imported(nodes: tuple[ast.AST, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_our_own_modules_are_imported_at_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    """No function imports a module of ours, but where the list above says why."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    structure = import_module("structure")
    late = [
        f"{file.relative_to(ROOT).as_posix()} imports {name}"
        for folder in PACKAGES.values()
        for file, name in structure.late_imports(folder)
    ]
    assert [each for each in late if not each.startswith(tuple(LATE_IMPORTS))] == []
    unused = [path for path in LATE_IMPORTS if not any(each.startswith(path) for each in late)]
    assert unused == []


def test_the_files_to_look_in_are_there() -> None:
    """Each file that the layout page names for a question stands where it says."""
    page = (ROOT / "docs" / "contributing.md").read_text("utf-8")
    table = page.partition("### Where to look")[2].partition("\n\nThe law")[0]
    named = re.findall(r"`((?:sifrules\w*)/[\w/]+\.py)`", table)
    shelves = [ROOT, ROOT / "policies", ROOT / "plugins", ROOT / "simulation"]
    assert named
    assert [name for name in named if not any((each / name).is_file() for each in shelves)] == []


def test_one_module_alone_imports_durable_rules() -> None:
    """What durable-rules does wrong is handled in one place."""
    importers = {
        str(file)
        for folder in PACKAGES.values()
        for file, nodes in _modules(folder)
        if any(
            name.partition(".")[0] in ("durable", "durable_rules_engine")
            for name in _imported(nodes)
        )
    }
    assert importers == {"sifrules/rules/engines/durable.py"}


def test_no_path_is_read_as_a_pattern() -> None:
    """Wherever polars reads files, brackets and stars in their paths are letters."""
    reading = [
        (f"{file}:{node.lineno}", {keyword.arg for keyword in node.keywords})
        for folder in PACKAGES.values()
        for file, nodes in _modules(folder)
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("read_parquet", "scan_parquet", "read_csv", "scan_csv")
    ]
    assert reading
    assert [place for place, given in reading if "glob" not in given] == []


def test_nothing_is_evaluated_from_text() -> None:
    """No module calls eval, exec or compile."""
    calls = [
        f"{file}:{node.lineno}"
        for folder in PACKAGES.values()
        for file, nodes in _modules(folder)
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("eval", "exec", "compile", "__import__")
    ]
    assert calls == []


def test_the_shelves_are_no_packages() -> None:
    """Nothing called policies, plugins or simulation becomes importable."""
    assert [
        s for s in ("policies", "plugins", "simulation") if (ROOT / s / "__init__.py").exists()
    ] == []


def test_every_package_is_typed_and_in_the_distribution() -> None:
    """The four packages are what is built, each with its marker."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    built = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert {ROOT / path for path in built} == set(PACKAGES.values())
    assert all((folder / "py.typed").is_file() for folder in PACKAGES.values())


def test_modules_stay_small() -> None:
    """One subject a module: none is past five hundred lines."""
    long = [
        str(file)
        for folder in (*PACKAGES.values(), ROOT / "tests")
        for file in folder.rglob("*.py")
        if len(file.read_text("utf-8").splitlines()) > 500
    ]
    assert long == []


def test_ci_runs_the_test_command_of_the_readme() -> None:
    """What the README shows a newcomer to run is what is run."""
    command = "python3 -m venv .venv && .venv/bin/pip install tox tox-uv && .venv/bin/tox -p 2 -o"
    assert command in (ROOT / "README.md").read_text("utf-8")
    assert command in (ROOT / ".ci" / "run").read_text("utf-8")


def test_durable_rules_which_takes_a_compiler_is_an_extra_on_every_python() -> None:
    """Nothing that is always installed needs one; the commands of README and tox name the extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert [each for each in project["dependencies"] if each.startswith("durable")] == []
    assert project["optional-dependencies"]["durable"] == ["durable-rules==2.0.28"]
    assert ".venv/bin/pip install '.[durable]'" in (ROOT / "README.md").read_text("utf-8")
    tox = ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini", "utf-8")
    (named,) = [line for line in tox["testenv"]["extras"].splitlines() if line.endswith("durable")]
    assert {"py311", "py312", "py313"} <= set(named.partition(":")[0].split(","))


def test_every_tox_environment_is_described() -> None:
    """Each environment says what it is for."""
    text = (ROOT / "tox.ini").read_text("utf-8")
    assert text.count("[testenv") == text.count("\ndescription =")
