"""The examples for researchers run as they stand, and the names are there in one import."""

from __future__ import annotations

import os
import pydoc
import runpy
import warnings
from pathlib import Path

import pytest

import sifrules

ROOT = Path(__file__).parents[1]
SCRIPTS = sorted((ROOT / "examples" / "research").glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_an_example_runs(
    script: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each script ends well and prints what it found."""
    monkeypatch.setitem(os.environ, "SMALL", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        runpy.run_path(str(script), run_name="__main__")
    assert len(capsys.readouterr().out.splitlines()) >= 1


def test_the_three_lever_study_takes_fifteen_lines() -> None:
    """What the guide shows is short, and is what the script runs: 60 policies in 30 draws."""
    script = (ROOT / "examples" / "research" / "three_levers.py").read_text("utf-8")
    page = (ROOT / "docs" / "guides" / "research.md").read_text("utf-8")
    block = page[page.index("```py\n") + 6 :].partition("```")[0]
    shown = {line.strip() for line in block.splitlines() if line.strip()}
    assert len([line for line in block.splitlines() if line.strip()]) <= 15
    assert shown - {line.strip() for line in script.splitlines()} == {"draws=30,"}
    assert "else 30" in script


@pytest.mark.parametrize("name", ["compare", "explore", "scenario", "own_ideas", "experiment"])
def test_the_simulation_is_in_the_one_import(name: str) -> None:
    """What the simulation offers comes from `sifrules` itself, with its help."""
    assert name in sifrules.__all__
    assert name in dir(sifrules)
    assert getattr(sifrules, name).__doc__
    assert name in pydoc.render_doc(sifrules)


def test_what_sifrules_offers_is_all_that_the_simulation_offers() -> None:
    """No public name of the simulation is left out of the one import."""
    import sifrules_simulation

    assert set(sifrules_simulation.__all__) <= set(sifrules.__all__)
