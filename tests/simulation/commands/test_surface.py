"""``sif study surface``: shown, saved as it runs, and resumed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

Sif = Callable[..., Any]

ASKED = ("study", "surface", "--policy", "orebro@2016", "--lever", "return_model.share",
         "--points", "2", "--horizon", "24", "--horizon", "60", "--draws", "8",
         "--replications", "2", "--years", "2", "--jobs", "1")  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The surface that was not stopped; its exit code and what it said are in files beside it."""
    from sifrules.cli import main

    place, out = tmp_path_factory.mktemp("whole") / "surface", StringIO()
    with redirect_stdout(out), pytest.raises(SystemExit) as left:
        main([*ASKED, "--out", str(place)])
    place.with_suffix(".out").write_text(out.getvalue(), "utf-8")
    place.with_suffix(".code").write_text(str(left.value.code or 0), "utf-8")
    return place


@pytest.mark.once
def test_a_surface_that_was_stopped_is_resumed(
    sif: Sif, stopped: Callable[..., Any], whole: Path, tmp_path: Path
) -> None:
    """It ends as it would have, what was finished is not run again, and then it is finished."""
    place = tmp_path / "stopped"
    ran = stopped(3, *ASKED, "--out", str(place))
    assert ran.code == 130
    assert f"sif resume {place}" in ran.err
    assert json.loads((place / "manifest.json").read_text("utf-8"))["finished"] is False
    assert list((place / "pieces").glob("horizon-24-*"))
    assert not (place / "surface.json").exists()
    went_on = sif("resume", str(place), "--jobs", "1")
    assert str(went_on.code) == whole.with_suffix(".code").read_text("utf-8")
    said = whole.with_suffix(".out").read_text("utf-8")
    assert said.replace(str(whole), str(place)) == went_on.out
    assert (whole / "surface.json").read_bytes() == (place / "surface.json").read_bytes()
    assert not (place / "pieces").exists()
    finished = sif("resume", str(place)).out
    assert "is already finished" in finished
    assert "sif results" not in finished  # which shows no surfaces


@pytest.mark.once
def test_a_surface_is_reproduced(sif: Sif, whole: Path) -> None:
    """Every figure of it is run again and is the same."""
    again = sif("reproduce", str(whole), "--jobs", "1", "--format", "json")
    assert again.data["same"]
    assert again.data["figures"] > 10


def test_a_folder_of_another_surface_is_refused(
    sif: Sif, stopped: Callable[..., Any], whole: Path, tmp_path: Path
) -> None:
    """With what differs; --force takes it out."""
    place = tmp_path / "surface"
    shutil.copytree(whole, place)
    other = (*ASKED, "--seed", "2", "--out", str(place))
    ran = sif(*other)
    assert ran.code == 2
    assert "seed: 1 then, 2 now" in ran.err
    assert (place / "surface.json").exists()
    assert stopped(1, *other, "--force").code == 130
    assert not (place / "surface.json").exists()
    assert json.loads((place / "manifest.json").read_text("utf-8"))["plan"]["seed"] == 2


@pytest.mark.parametrize(
    ("pair", "wrong"),
    [
        ("ideas.flow=0.6", "two parameters"),
        ("ideas.flow,ideas.stok=0.6", "did you mean ideas.stock"),
        ("ideas.flow,ideas.stock=much", "ideas.flow,ideas.stock=0.6"),
        ("ideas.flow,ideas.flow=0.6", "stands twice"),
    ],
)
def test_a_correlation_that_cannot_be_is_refused(sif: Sif, pair: str, wrong: str) -> None:
    """It says what is wrong, and how it is written."""
    ran = sif(*ASKED, "--correlate", pair)
    assert ran.code == 2
    assert wrong in ran.err
