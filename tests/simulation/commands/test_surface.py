"""``sif study surface``: shown, saved as it runs, and resumed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Sif = Callable[..., Any]

ASKED = ("study", "surface", "--policy", "orebro@2016", "--lever", "return_model.share",
         "--points", "2", "--horizon", "24", "--horizon", "60", "--draws", "8",
         "--replications", "2", "--years", "2", "--jobs", "1")  # fmt: skip


def test_a_surface_that_was_stopped_is_resumed(
    sif: Sif, stopped: Callable[..., Any], tmp_path: Path
) -> None:
    """It ends as it would have, what was finished is not run again, and then it is finished."""
    place, whole = tmp_path / "stopped", tmp_path / "whole"
    ran = stopped(3, *ASKED, "--out", str(place))
    assert ran.code == 130
    assert f"sif resume {place}" in ran.err
    assert json.loads((place / "manifest.json").read_text("utf-8"))["finished"] is False
    assert list((place / "pieces").glob("horizon-24-*"))
    assert not (place / "surface.json").exists()
    went_on = sif("resume", str(place), "--jobs", "1")
    at_once = sif(*ASKED, "--out", str(whole))
    assert went_on.code == at_once.code
    assert at_once.out.replace(str(whole), str(place)) == went_on.out
    assert (whole / "surface.json").read_bytes() == (place / "surface.json").read_bytes()
    assert not (place / "pieces").exists()
    finished = sif("resume", str(place)).out
    assert "is already finished" in finished
    assert "sif results" not in finished  # which shows no surfaces
    again = sif("reproduce", str(place), "--jobs", "1", "--format", "json")
    assert again.data["same"]
    assert again.data["figures"] > 10


def test_a_folder_of_another_surface_is_refused(sif: Sif, tmp_path: Path) -> None:
    """With what differs; --force takes it out."""
    place = str(tmp_path / "surface")
    sif(*ASKED, "--out", place)
    ran = sif(*ASKED, "--seed", "2", "--out", place)
    assert ran.code == 2
    assert "seed: 1 then, 2 now" in ran.err
    assert sif(*ASKED, "--seed", "2", "--out", place, "--force").code in (0, 1)


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
