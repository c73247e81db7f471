"""`sif new-plugin` from a built wheel, in an environment of its own: from nothing to a comparison.

It takes minutes, so it runs where SIFRULES_SLOW is set: ``tox -e newplugin``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sifrules.values.citations import FILL_IN

ROOT = Path(__file__).parents[1]
SLOW = "SIFRULES_SLOW"

ASKED_FOR = bool(os.environ.get(SLOW))
pytestmark = pytest.mark.skipif(not ASKED_FOR, reason=f"takes minutes; tox sets {SLOW}=1")


def _run(*command: str | Path, cwd: Path, code: int = 0) -> str:
    """Run a command; what it printed, where its exit code is the one that was expected."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        env=clean,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == code, f"{command}\n{ran.stdout}"
    return ran.stdout


@pytest.fixture(scope="module")
def bin_(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a clean environment in which the project's wheel is installed.

    The wheel is built out of the source distribution, so both carry the template.
    """
    folder = tmp_path_factory.mktemp("clean")
    _run(sys.executable, "-m", "build", "--outdir", folder / "dist", ROOT, cwd=folder)
    (wheel,) = (folder / "dist").glob("*.whl")
    _run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    programs = folder / "venv" / "bin"
    _run(programs / "pip", "install", wheel, "pytest>=8.2", cwd=folder)
    return programs


def _filled_in(folder: Path) -> None:
    """Write a source wherever one is still to be written."""
    for file in (folder / "src").rglob("*.toml"):
        text = file.read_text("utf-8")
        file.write_text(text.replace(FILL_IN, "§ 1, written by a test"), "utf-8")


def test_a_new_plugin_is_installed_listed_filled_in_and_compared(
    bin_: Path, tmp_path: Path
) -> None:
    """Its tests fail while sources are open, pass when they are written; then it is simulated."""
    _run(bin_ / "sif", "new-plugin", "testkoping", "--municipality", "Testköping", cwd=tmp_path)
    folder = tmp_path / "sifrules-testkoping"
    _run(bin_ / "pip", "install", "--no-deps", folder, cwd=tmp_path)
    assert "testkoping@2024" in _run(bin_ / "sif", "policies", cwd=tmp_path)

    told = _run(bin_ / "pytest", "-q", cwd=folder, code=1)
    assert FILL_IN in told
    assert " passed" in told

    _filled_in(folder)
    _run(bin_ / "pip", "install", "--no-deps", "--force-reinstall", folder, cwd=tmp_path)
    assert "failed" not in _run(bin_ / "pytest", "-q", cwd=folder)

    few = ("--replications", "2", "--years", "3")
    told = _run(bin_ / "sif", "compare", "testkoping@2024", "norrkoping@2010", *few, cwd=tmp_path)
    assert "testkoping" in told


def test_one_with_code_runs_the_examples_tests_under_its_own_name(
    bin_: Path, tmp_path: Path
) -> None:
    """Return model, criterion, measure, behaviour and command come along and work."""
    _run(bin_ / "sif", "new-plugin", "Östra Göinge", "--with-code", "--year", "2030", cwd=tmp_path)
    folder = tmp_path / "sifrules-ostra-goinge"
    _filled_in(folder)
    _run(bin_ / "pip", "install", "--no-deps", folder, cwd=tmp_path)
    assert "failed" not in _run(bin_ / "pytest", "-q", cwd=folder)
    told = _run(bin_ / "sif", "ostra-goinge-districts", cwd=tmp_path)
    assert "Norra: § 1, written by a test" in told
