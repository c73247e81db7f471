"""``sif study trade-off``: the front, its files, and a run that was stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Sif = Callable[..., Any]
ASKED = (
    "study", "trade-off", "--policy", "norrkoping@2010", "--lever", "return_model.share=0:1",
    "--points", "3", "--replications", "6", "--years", "3", "--jobs", "1",
)  # fmt: skip


@pytest.fixture(scope="module")
def weighed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is saved of a small one."""
    from sifrules.cli import main

    place = tmp_path_factory.mktemp("weighed") / "out"
    with pytest.raises(SystemExit) as left:
        main([*ASKED, "--out", str(place)])
    assert not left.value.code
    return place


@pytest.mark.once
def test_the_front_is_saved_as_what_ifs_that_can_be_compared(
    sif: Sif, weighed: Path, tmp_path: Path
) -> None:
    """Each file gives the very means that the table shows of it."""
    data = json.loads((weighed / "trade_off.json").read_text("utf-8"))
    front = [each for each in data["points"] if each["on_front"] and each["settings"]]
    front.sort(key=lambda each: -each["measures"]["application_uptake"]["mean"])
    files = sorted(weighed.glob("front-*.toml"))
    assert len(files) == len(front) > 0
    ran = sif("compare", str(files[0]), "--replications", "6", "--years", "3", "--jobs", "1",
              "--format", "json")  # fmt: skip
    (policy,) = ran.data["policies"]
    for name, wanted in front[0]["measures"].items():
        found = policy["measures"][name]
        assert {end: found[end] for end in wanted} == wanted


def test_a_what_if_of_the_front_has_what_was_changed_before(sif: Sif, tmp_path: Path) -> None:
    """Words in quotes, each clause once: the file can be read."""
    out = tmp_path / "out"
    set_before = (
        "--set",
        "return_model.transition.gap=no_return",
        "--set",
        "return_model.share=0.5",
    )
    assert sif(*ASKED, *set_before, "--out", str(out)).code == 0
    for file in out.glob("front-*.toml"):
        assert sif("show", str(file)).code == 0
        assert 'return_model.transition.gap = "no_return"' in file.read_text("utf-8")


def test_a_chart_and_a_table_stand_beside_it(weighed: Path) -> None:
    """A row for each combination, and a picture where it can be drawn."""
    pytest.importorskip("vl_convert", reason="needs the extra report")
    lines = (weighed / "points.csv").read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("return_model.share,application_uptake_mean,")
    assert len(lines) == 1 + 3
    assert "<svg" in (weighed / "trade_off.svg").read_text("utf-8")


@pytest.mark.once
def test_a_run_that_was_stopped_is_resumed(
    sif: Sif, stopped: Callable[..., Any], weighed: Path, tmp_path: Path
) -> None:
    """It ends as it would have, and the folder says by which command it came about."""
    place = tmp_path / "stopped"
    many = [*ASKED, "--out", str(place)]
    many[many.index("6")] = "60"
    ran = stopped(1, *many)
    assert ran.code == 130
    assert json.loads((place / "manifest.json").read_text("utf-8"))["finished"] is False
    went_on = sif("resume", str(place), "--jobs", "1")
    assert went_on.code == 0
    whole = tmp_path / "whole"
    many[-1] = str(whole)
    assert sif(*many).out.replace(str(whole), str(place)) == went_on.out
    assert (whole / "trade_off.json").read_bytes() == (place / "trade_off.json").read_bytes()
    assert "finished" in sif("resume", str(place)).out


def test_it_is_reported_in_swedish(sif: Sif) -> None:
    """With the direction of each measure, and the policy as it stands."""
    out = sif(*ASKED, "--lang", "sv").out
    assert "mindre är bättre" in out
    assert "som nu" in out
    assert "omdragningarna" in out


def test_a_measure_is_named_by_the_words_that_are_shown(sif: Sif) -> None:
    """In either language, however it is written; the answer is that of its name."""
    names = ("--measure", "grants", "--measure", "months_exhausted", "--format", "json")
    words = ("--measure", "Beviljade satsningar", "--measure", "months  exhausted", *names[4:])
    assert sif(*ASKED, *words).data == sif(*ASKED, *names).data
