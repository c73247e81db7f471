"""Names and modules that have moved."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from sifrules.moved import MOVED, RENAMED

ROOT = Path(__file__).parents[2]


def _public(module: ModuleType) -> str:
    """One of the names that a module itself defines."""
    own = (
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
    )
    return next(own, "validate")


@pytest.mark.parametrize("was", sorted(set(MOVED) - {"sifrules_simulation.study"}))
def test_a_module_that_was_documented_is_importable_from_where_it_was(was: str) -> None:
    """Its names are the same objects, and whoever uses one is given the new place."""
    now = import_module(MOVED[was])
    name = _public(now)
    with pytest.warns(DeprecationWarning, match=f"import {name} from {MOVED[was]}"):
        assert getattr(import_module(was), name) is getattr(now, name)


@pytest.mark.parametrize(("package", "was"), sorted(RENAMED))
def test_a_public_name_that_was_changed_still_imports(package: str, was: str) -> None:
    """It gives what it is called now, with a warning that names it."""
    former = {new: old for old, new in MOVED.items()}
    module = import_module(former.get(package, package))
    with pytest.warns(DeprecationWarning, match=RENAMED[package, was]):
        value = getattr(module, was)
    assert value is getattr(import_module(package), RENAMED[package, was])


def test_a_public_name_is_not_replaced_by_a_module_of_the_same_name() -> None:
    """`sifrules.parts` are the required parts of an application, whatever was imported before."""
    import sifrules

    parts = sifrules.parts
    with pytest.warns(DeprecationWarning, match="sifrules.policy.parts"):
        from sifrules.parts import proper_share  # noqa: F401
    assert sifrules.parts is parts
    assert callable(sifrules.registry)


def test_the_public_names_are_found_in_a_zipped_package(tmp_path: Path) -> None:
    """What a package offers is read through its loader, wherever that has it from."""
    archive = tmp_path / "packed.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in (ROOT / "sifrules").rglob("*"):
            if file.suffix in (".py", ".pyi", ".po"):
                packed.write(file, file.relative_to(ROOT))
    script = (
        f"import sys; sys.path.insert(0, {str(archive)!r}); import sifrules; "
        "print(sifrules.__file__, sifrules.ore(2), 'Ledger' in dir(sifrules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert ran.stdout.split() == [f"{archive}/sifrules/__init__.py", "200", "True"]
