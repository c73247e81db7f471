"""What is in a folder is not overwritten unasked, and is finished when all of it is there."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules_simulation.presentation.report import attached_report
from sifrules_simulation.results.contents import BREAK_EVEN, CALIBRATION, names_of
from sifrules_simulation.results.manifest import COMPARISON, STUDY

Sif = Callable[..., Any]
Files = Callable[[Path], dict[str, bytes]]

SHORT = ("--replications", "2", "--years", "2", "--jobs", "1")
RUN = ("compare", "orebro@2016", *SHORT)
STUDIED = ("study", "return-flow", "--policy", "orebro@2016", "--draws", "4", "--replications",
           "2", "--years", "2", "--jobs", "1", "--cause-replications", "0",
           "--no-calibrate")  # fmt: skip


# --- nothing is overwritten -----------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("other", "said"),
    [
        (("compare", "norrkoping@2022", *SHORT), "holds a finished run of another plan"),
        ((*RUN, "--seed", "7"), "seed: 1 then, 7 now"),
        (("simulate", "orebro@2016", *SHORT), "holds what sif compare saved"),
    ],
)
def test_a_finished_run_of_another_plan_is_not_overwritten(
    sif: Sif, tmp_path: Path, files_of: Files, other: tuple[str, ...], said: str
) -> None:
    """It is refused with what differs and nothing is changed, until --force is given."""
    assert sif(*RUN, "--out", str(tmp_path)).code == 0
    before = files_of(tmp_path)
    ran = sif(*other, "--out", str(tmp_path))
    assert ran.code == 2
    assert said in ran.err
    assert "--force" in ran.err
    assert files_of(tmp_path) == before
    assert sif(*other, "--out", str(tmp_path), "--force").code == 0
    assert json.loads((tmp_path / "manifest.json").read_text("utf-8"))["finished"]
    assert files_of(tmp_path) != before


def test_the_same_run_can_be_made_again(sif: Sif, tmp_path: Path, files_of: Files) -> None:
    """It ends in the same files."""
    assert sif(*RUN, "--out", str(tmp_path)).code == 0
    before = files_of(tmp_path)
    assert sif(*RUN, "--out", str(tmp_path)).code == 0
    assert files_of(tmp_path) == before


@pytest.mark.parametrize(
    ("kind", "name", "run"),
    [
        (COMPARISON, "runs.csv", RUN),
        (STUDY, "draws.csv", STUDIED),
        (
            BREAK_EVEN,
            "break_even.json",
            ("study", "break-even", "--policy", "orebro@2016", "--lever", "return_model.floor",
             "--target", "0.1", *SHORT),
        ),
        (
            CALIBRATION,
            "parameters.csv",
            ("study", "calibrate", "--municipality", "orebro", "--draws", "4", "--jobs", "1"),
        ),
    ],
)  # fmt: skip
def test_a_file_of_ones_own_is_not_overwritten(
    sif: Sif, tmp_path: Path, kind: str, name: str, run: tuple[str, ...]
) -> None:
    """It is named and left as it is, and the folder has nothing more."""
    assert name in names_of(kind)
    (tmp_path / name).write_text("my own", "utf-8")
    ran = sif(*run, "--out", str(tmp_path), "--lang", "sv")
    assert ran.code == 2
    assert f"innehåller redan {name}" in ran.err
    assert "--force" in ran.err
    assert {file.name: file.read_text("utf-8") for file in tmp_path.iterdir()} == {name: "my own"}


@pytest.mark.once
def test_a_study_that_is_overwritten_leaves_nothing_behind(
    sif: Sif, tmp_path: Path, files_of: Files
) -> None:
    """A comparison in its place is not read as the study, or shown beside it."""
    assert sif(*STUDIED, "--out", str(tmp_path / "a")).code == 0
    assert sif(*RUN, "--out", str(tmp_path / "a"), "--force").code == 0
    assert sif(*RUN, "--out", str(tmp_path / "b")).code == 0
    assert files_of(tmp_path / "a").keys() == files_of(tmp_path / "b").keys()


@pytest.mark.parametrize(
    ("kind", "run"),
    [(COMPARISON, RUN), pytest.param(STUDY, STUDIED, marks=pytest.mark.once)],
    ids=["compare", "study"],
)
def test_every_file_that_a_run_leaves_is_known_by_name(
    sif: Sif, tmp_path: Path, kind: str, run: tuple[str, ...]
) -> None:
    """So that it is protected, and taken out where it is to be overwritten."""
    assert sif(*run, "--out", str(tmp_path)).code == 0
    assert {each.name for each in tmp_path.iterdir()} - {"manifest.json"} <= {*names_of(kind)}


# --- finished is when all is there ----------------------------------------------------


@pytest.mark.once
def test_a_run_that_is_killed_once_it_is_finished_has_its_report(tmp_path: Path) -> None:
    """Its manifest says so only then; for every kind, by the order that is looked at below."""
    pytest.importorskip("altair", reason="altair, of the extra report, is not installed here")
    script = "import sys; from sifrules.cli import main; main(sys.argv[1:])"
    process = subprocess.Popen(
        [sys.executable, "-c", script, *RUN, "--out", str(tmp_path)], stdout=subprocess.DEVNULL
    )
    manifest = tmp_path / "manifest.json"
    while not (manifest.exists() and json.loads(manifest.read_text("utf-8"))["finished"]):
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert (tmp_path / "report.html").exists()


@pytest.mark.once
@pytest.mark.usefixtures("without_charts")
@pytest.mark.parametrize("run", [RUN, STUDIED], ids=["compare", "study"])
def test_a_run_that_is_stopped_before_its_report_makes_it_when_it_is_resumed(
    sif: Sif, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: tuple[str, ...]
) -> None:
    """It is not finished until then; and resuming what is finished is done at once."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    def report(folder: Path, lang: str) -> tuple[str, ...]:
        (folder / attached_report.NAME).write_text(lang, "utf-8")
        return (str(folder / attached_report.NAME),)

    monkeypatch.setattr(attached_report, "attach_report", stop)
    assert sif(*run, "--out", str(tmp_path), "--lang", "sv").code == 130
    assert not json.loads((tmp_path / "manifest.json").read_text("utf-8"))["finished"]
    monkeypatch.setattr(attached_report, "attach_report", report)
    ran = sif("resume", str(tmp_path), "--jobs", "1")
    assert ran.code == 0
    assert f"- {tmp_path / attached_report.NAME}" in ran.out
    again = sif("resume", str(tmp_path))
    assert (again.code, again.err) == (0, "")
    assert again.out == f"det som finns i {tmp_path} är redan klart; se sif results {tmp_path}\n"
    (tmp_path / attached_report.NAME).unlink()
    assert str(tmp_path / attached_report.NAME) in sif("resume", str(tmp_path)).out
    assert (tmp_path / attached_report.NAME).read_text("utf-8") == "sv"
