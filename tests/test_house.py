"""The plan of the house: which way imports run, and what may not stand on the shelves."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "sifrules": ROOT / "sifrules",
    "sifrules_policies": ROOT / "policies" / "sifrules_policies",
    "sifrules_plugins": ROOT / "plugins" / "sifrules_plugins",
    "sifrules_simulation": ROOT / "simulation" / "sifrules_simulation",
}
MAY_IMPORT = {
    "sifrules": {"sifrules"},
    "sifrules_policies": {"sifrules", "sifrules_policies"},
    "sifrules_plugins": {"sifrules", "sifrules_policies", "sifrules_plugins"},
    "sifrules_simulation": {"sifrules", "sifrules_simulation"},
}


def _modules(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(folder.rglob("*.py")):
        yield file.relative_to(ROOT), ast.parse(file.read_text("utf-8"))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_run_one_way(package: str) -> None:
    """Plugins build on policies, both and the simulation on the library, never back."""
    ours = set(PACKAGES)
    wrong = [
        f"{file} imports {name}"
        for file, tree in _modules(PACKAGES[package])
        for name in _imported(tree)
        if name.partition(".")[0] in ours - MAY_IMPORT[package]
    ]
    assert wrong == []


def test_one_module_alone_imports_durable_rules() -> None:
    """What has to be fenced in is fenced in at one place."""
    importers = {
        str(file)
        for folder in PACKAGES.values()
        for file, tree in _modules(folder)
        if any(
            name.partition(".")[0] in ("durable", "durable_rules_engine")
            for name in _imported(tree)
        )
    }
    assert importers == {"sifrules/rules/engines/durable.py"}


def test_nothing_is_evaluated_from_text() -> None:
    """No module calls eval, exec or compile."""
    calls = [
        f"{file}:{node.lineno}"
        for folder in PACKAGES.values()
        for file, tree in _modules(folder)
        for node in ast.walk(tree)
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
    """What the README tells a newcomer to run is what is run."""
    command = "python3 -m venv .venv && .venv/bin/pip install tox tox-uv && .venv/bin/tox"
    assert command in (ROOT / "README.md").read_text("utf-8")
    assert command in (ROOT / ".ci" / "run").read_text("utf-8")


def test_every_tox_environment_is_described() -> None:
    """Each environment says what it is for."""
    text = (ROOT / "tox.ini").read_text("utf-8")
    assert text.count("[testenv") == text.count("\ndescription =")
