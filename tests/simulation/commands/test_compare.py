"""``sif compare`` and ``sif simulate``, as an analyst uses them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sifrules_simulation.model.measures import MEASURES
from sifrules_simulation.results.spreadsheet import amounts_of, whole_kronor

Sif = Callable[..., Any]
SHORT = ("--replications", "3", "--years", "4", "--jobs", "1")
PAIR = ("norrkoping@2010", "norrkoping@2022")


def test_the_comparison_in_json_is_what_was_agreed(sif: Sif) -> None:
    """Seed, years, replications, baseline, and for each policy means and differences."""
    ran = sif("compare", *PAIR, *SHORT, "--seed", "4", "--format", "json")
    data = ran.data
    head = {key: data[key] for key in ("seed", "years", "replications", "baseline")}
    assert head == {"seed": 4, "years": 4, "replications": 3, "baseline": PAIR[0]}
    for policy in data["policies"]:
        assert policy["measures"].keys() == policy["difference"].keys()
        for measure in policy["measures"].values():
            assert measure.keys() == {"mean", "low", "high", "unit"}
        for difference in policy["difference"].values():
            assert difference.keys() == {"mean", "low", "high"}
    assert [policy["id"] for policy in data["policies"]] == list(PAIR)


def test_without_names_all_policies_stand_next_to_one_without_a_return(sif: Sif) -> None:
    """The baseline of all is the first that has a fund and claims nothing back."""
    data = sif("compare", *SHORT, "--format", "json").data
    assert len(data["policies"]) == 15
    assert data["baseline"] == "norrkoping@2022"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("Means over 3 replications", "Difference from norrkoping@2010", "scenario default"),
        ),
        ("sv", ("Medelvärden över 3 körningar", "Skillnad mot norrkoping@2010", "frö 1")),
    ],
)
def test_the_tables_speak_both_languages(sif: Sif, language: str, words: tuple[str, ...]) -> None:
    """Titles, notes and the verdict; what is assumed is said."""
    out = sif("compare", *PAIR, *SHORT, "--lang", language).out
    assert all(each in out for each in words)
    assert "return_model.transition=none" in out


def test_with_set_a_policy_stands_next_to_itself_changed(sif: Sif) -> None:
    """The baseline is the policy as it is."""
    ran = sif("compare", "orebro@2016", *SHORT, "--set", "return_model.floor=0", "--format", "json")
    data = ran.data
    assert [each["id"] for each in data["policies"]] == [
        "orebro@2016",
        "orebro@2016 with return_model.floor=0",
    ]
    assert data["baseline"] == "orebro@2016"


def test_a_file_is_a_policy_and_a_scenario_too(sif: Sif, tmp_path: Path) -> None:
    """A what-if over a guideline, in a world of one's own."""
    rules = tmp_path / "mine.toml"
    rules.write_text('base = "orebro@2016"\n[return_model]\nfloor = 0.0\n', "utf-8")
    world = tmp_path / "small.toml"
    world.write_text('id = "small"\nbase = "default"\n', "utf-8")
    ran = sif("compare", str(rules), *SHORT, "--scenario", str(world), "--format", "json")
    data = ran.data
    assert data["policies"][0]["id"] == "orebro@2016+mine"
    assert data["provenance"]["scenario"]["id"] == "small"


def test_csv_has_a_row_for_each_policy_and_measure(sif: Sif) -> None:
    """For a spreadsheet: bare numbers, and where they come from in every row."""
    lines = sif("compare", *PAIR, *SHORT, "--format", "csv").out.splitlines()
    data = sif("compare", *PAIR, *SHORT, "--format", "json").data
    assert len(lines) == 1 + 2 * len(data["policies"][0]["measures"])
    assert lines[0].startswith("policy,measure,unit,mean,low,high,difference_mean")
    assert "policy_hash" in lines[0]


def test_one_policy_is_shown_with_every_measure_year_by_year(sif: Sif) -> None:
    """All measures with how they are computed, the years, and what stops at each rule."""
    out = sif("simulate", "orebro@2016", *SHORT).out
    assert "how it is computed" in out
    assert "Year by year" in out
    assert "criteria.areas" in out


def test_without_applications_there_are_no_refusals(sif: Sif) -> None:
    """What committees foresee is counted apart: in the table, and in JSON."""
    run = ("simulate", "botkyrka@2018", *SHORT)
    (found,) = sif(*run, "--format", "json").data["policies"]
    mean = {name: each["mean"] for name, each in found["measures"].items()}
    assert (mean["applications"], mean["refusals"], mean["undecided"]) == (0, 0, 0)
    assert mean["foreseen_refusals"] > 0
    assert (found["refused_by"], found["idea_refused_by"], found["undecided_by"]) == ({}, {}, {})
    assert sum(found["foreseen_by"].values()) > 0
    table = sif(*run).out
    assert "refusal foreseen, no application" in table
    assert "application refused" not in table


@pytest.mark.once
def test_without_applications_the_report_names_no_refusals(sif: Sif, tmp_path: Path) -> None:
    """It has what committees foresee, as the table has."""
    sif("simulate", "botkyrka@2018", *SHORT, "--out", str(tmp_path / "out"))
    sif("report", str(tmp_path / "out"), "--out", str(tmp_path / "report.html"))
    report = (tmp_path / "report.html").read_text("utf-8")
    assert "refusal foreseen, no application" in report
    assert "application refused" not in report


def test_a_trace_shows_the_events_of_one_replication_with_citations(sif: Sif) -> None:
    """The same replication as in the run, each event with its month."""
    ran = sif("simulate", "orebro@2016", "--trace", "2", "--format", "json")
    data = ran.data
    assert (data["replication"], data["seed"]) == (2, 1)
    steps = {event["step"] for event in data["events"]}
    assert {"arises", "idea_test", "applies", "granted", "claimed", "paid"} <= steps
    claims = [event for event in data["events"] if event["step"] == "claimed"]
    assert all(claim["citations"] for claim in claims)
    months = [event["month"] for event in data["events"]]
    assert months == sorted(months)
    assert "är" in sif("simulate", "orebro@2016", "--trace", "2", "--lang", "sv").out


def test_results_are_saved_in_a_folder_with_where_they_come_from(sif: Sif, tmp_path: Path) -> None:
    """Every replication and year, as Parquet and CSV, each with its provenance."""
    out = tmp_path / "new" / "results"
    sif("compare", *PAIR, *SHORT, "--out", str(out))
    names = ("balances", "committees", "panel", "runs", "summary", "yearly")
    files = {f"{name}.{kind}" for name in names for kind in ("csv", "parquet")}
    assert {file.name for file in out.iterdir()} == files | {
        "comparison.json",
        "provenance.json",
        "manifest.json",
    }
    runs = pl.read_parquet(out / "runs.parquet")
    assert runs.shape[0] == 2 * 3
    whole = whole_kronor(runs.lazy(), amounts_of(MEASURES)).collect()
    assert whole.equals(pl.read_csv(out / "runs.csv", schema=runs.schema))
    assert pl.read_parquet(out / "panel.parquet").shape[0] == 2 * 3 * 4
    source = json.loads((out / "provenance.json").read_text("utf-8"))
    assert {"versions", "policies", "plugins", "scenario", "seed"} <= source.keys()
    assert json.loads(pl.read_parquet_metadata(out / "runs.parquet")["sifrules"]) == source


@pytest.mark.once
def test_the_same_run_writes_the_same_bytes(sif: Sif, tmp_path: Path) -> None:
    """Two folders, no difference in any file."""
    for name, jobs in (("one", "1"), ("two", "2")):
        run = ("compare", *PAIR, "--replications", "45", "--years", "2", "--jobs", jobs)
        sif(*run, "--out", str(tmp_path / name))
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


WRONG = {
    "an unknown policy": (("compare", "orebo@2016"), "did you mean orebro@2016"),
    "zero replications": (("compare", "--replications", "0"), "0 is not in the range"),
    "an unknown switch": (("compare", "--off", "caps"), "no mechanism 'caps'; did you mean cap?"),
    "an unknown measure": (
        ("simulate", "orebro@2016", "--measure", "uptake"),
        "no measure 'uptake'; known: administration",
    ),
    "an unknown scenario": (("compare", "--scenario", "orebo"), "did you mean orebro?"),
    "an impossible parameter": (
        ("compare", "--assume", "effects.cashable=1.5"),
        "effects.cashable.value: expected 0 to 1 (share), got 1.5",
    ),
    "a precision that is none": (
        ("compare", "--precision", "grants"),
        "a half-width as application_uptake=0.02",
    ),
    "a change of nobody": (
        ("compare", "--set", "return_model.floor=0"),
        "--set, --reform and --binding change policies that are named; name one",
    ),
    "a clause that is not there": (
        ("compare", "orebro@2016", "--set", "return_model.flor=0"),
        "flor",
    ),
    "no fund to trace": (("simulate", "orebro@2016", "--trace", "-1"), "-1 is not in the range"),
}


@pytest.mark.parametrize(("args", "reported"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_reported_in_one_line(sif: Sif, args: tuple[str, ...], reported: str) -> None:
    """What is wrong and what to do, on standard error; exit code 2, nothing on output."""
    ran = sif(*args)
    assert ran.code == 2
    assert reported in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_a_folder_that_cannot_be_written_is_reported_before_anything_runs(
    sif: Sif, tmp_path: Path
) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "taken").write_text("", "utf-8")
    ran = sif("compare", *PAIR, "--out", str(tmp_path / "taken"))
    assert ran.code == 2
    assert "cannot write results to" in ran.err
    assert "name a folder that can be written" in ran.err


@pytest.mark.once
def test_ctrl_c_ends_cleanly_and_keeps_what_is_done(tmp_path: Path) -> None:
    """The tables of what was finished, its files, exit code 130; no traceback."""
    out = tmp_path / "kept"
    script = "import sys; from sifrules.cli import main; main(sys.argv[1:])"
    args = [
        "compare",
        *PAIR,
        "--replications",
        "10000",
        "--years",
        "3",
        "--jobs",
        "2",
        "--out",
        str(out),
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", script, *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for _ in range(3000):
        if len(list(out.glob("pieces/*.parquet"))) > 1:  # so that the first is in the tables
            break
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    printed, reported = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in reported
    assert "what was finished is here" in printed
    assert f"go on with: sif resume {out}" in reported
    saved = pl.read_parquet(out / "runs.parquet")["replication"].n_unique()
    assert 0 < saved < 10_000


def test_a_pipe_sees_no_progress_bar(sif: Sif) -> None:
    """Nothing on standard error where it is no terminal."""
    assert sif("compare", *PAIR, *SHORT).err == ""
