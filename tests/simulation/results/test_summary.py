"""How far a long run has come, and what a folder of results holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules_simulation.execution.progress import REPLICATIONS, Meter

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("without_charts")]

Sif = Callable[..., Any]
Stopped = Callable[..., Any]

#: Seven pieces: the draws, and one world of causes.
STUDY = ("study", "return-flow", "--policy", "orebro@2016", "--draws", "6", "--replications", "2",
         "--years", "2", "--cause-replications", "1", "--no-calibrate", "--jobs", "1")  # fmt: skip


# --- how far it has come --------------------------------------------------------------


def test_off_a_terminal_a_line_a_minute_states_how_far_it_has_come(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """How many, how fast, and how long is left; what was kept before says nothing of the rate."""
    now = [0.0]
    meter = Meter(10_000, REPLICATIONS, 2, clock=lambda: now[0], lines=True)
    meter.already(1_000)
    for _ in range(130):
        now[0] += 1
        meter(10)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "sif: 1,600 of 10,000 replications, 10 a second, 14 minutes left",
        "sif: 2,200 of 10,000 replications, 10 a second, 13 minutes left",
    ]
    assert meter.note == (
        "1,300 replications on 2 cores, 200.0 ms each, 1,000 more were saved before"
    )


def test_a_study_that_takes_longer_ends_with_what_it_came_to(
    sif: Sif, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many replications as the last line said were to be done."""
    monkeypatch.setattr("sifrules_simulation.execution.progress.SELDOM", 0.0)
    first, *_, last, note = sif(*STUDY).err.splitlines()
    assert first.startswith("sif: 6 of 164 replications, ")
    assert last.startswith("sif: 164 of 164 replications, ")
    assert note.startswith("sif: 164 replications on 1 core, ")


def test_a_study_of_less_than_a_minute_says_nothing_off_a_terminal(sif: Sif) -> None:
    """Only the answer comes out."""
    assert sif(*STUDY).err == ""


# --- what a folder holds --------------------------------------------------------------


def test_results_of_a_study_are_reported_before_it_is_finished_and_after(
    sif: Sif, stopped: Stopped, tmp_path: Path
) -> None:
    """The same means as the study's own, in every form and both languages."""
    folder = str(tmp_path)
    assert stopped(6, *STUDY, "--out", folder).code == 130
    half = sif("results", folder, "--format", "json").data
    assert (half["kind"], half["finished"], half["count"], half["asked"]) == ("study", False, 6, 6)
    assert half["pieces"] == {"effects": 6}
    study = json.loads((tmp_path / "study.json").read_text("utf-8"))
    sif("study", "resume", folder, "--jobs", "1")
    whole = sif("results", folder, "--format", "json").data
    assert whole["finished"]
    (row,) = [row for row in whole["rows"] if row["measure"] == "application_uptake"]
    for key, name in (("mean", "difference"), ("low", "difference_low")):
        assert row[name] == pytest.approx(study["policies"][0]["difference"][key])
    assert row["with"] == pytest.approx(study["policies"][0]["with"]["mean"])
    assert sif("results", folder, "--format", "csv").out.startswith("policy,measure,with,with_low")
    assert "en avslutad studie" in sif("results", folder, "--lang", "sv").out
    assert "| orebro@2016" in sif("results", folder, "--format", "markdown").out


def test_results_of_a_comparison_are_reported_also_where_it_was_stopped(
    sif: Sif, stopped: Stopped, tmp_path: Path
) -> None:
    """The pieces that were kept; a damaged one is named and left out."""
    folder = tmp_path / "kept"
    run = ("compare", "orebro@2016", "--replications", "90", "--years", "2", "--jobs", "1")
    data = sif(*run, "--out", str(folder), "--format", "json").data
    reported = done = sif("results", str(folder), "--format", "json").data
    assert (reported["kind"], reported["finished"], reported["count"]) == ("comparison", True, 90)
    measured = data["policies"][0]["measures"]
    assert {row["measure"] for row in reported["rows"]} == set(measured)
    for row in reported["rows"]:
        for name in ("mean", "low", "high"):
            key = "mean" if name == "mean" else f"mean_{name}"
            assert row[key] == pytest.approx(measured[row["measure"]][name]), row["measure"]
    half = tmp_path / "half"
    stopped(2, *run, "--out", str(half))
    (half / "pieces" / "replications-0000001.parquet").write_bytes(b"PAR1")
    reported = sif("results", str(half), "--format", "json").data
    assert (reported["finished"], reported["count"], reported["asked"]) == (False, 40, 90)
    assert reported["pieces"] == {"replications": 1}
    assert reported["unreadable"] == ["pieces/replications-0000001.parquet"]
    assert f"sif resume {half}" in sif("results", str(half)).out
    sif("study", "resume", str(half), "--jobs", "1")
    assert sif("results", str(half), "--format", "json").data == {**done, "unreadable": []}


def test_a_folder_without_results_is_reported(sif: Sif, tmp_path: Path) -> None:
    """What to name instead."""
    ran = sif("results", str(tmp_path))
    assert ran.code == 2
    assert "holds no results; name a folder" in ran.err
