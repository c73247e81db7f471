"""``sif study``, as an analyst and a researcher use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sifrules_simulation import scenario
from sifrules_simulation.analysis.hypotheses import Grade
from sifrules_simulation.model.parameters import declared
from sifrules_simulation.presentation.charts.figures import figures
from sifrules_simulation.presentation.written_study import page as writing
from sifrules_simulation.results.study_frames import parts_frame

pytestmark = pytest.mark.once

Sif = Callable[..., Any]
FEW = ("--draws", "6", "--replications", "2", "--years", "2", "--jobs", "1",
       "--cause-replications", "1")  # fmt: skip
RETURN_FLOW = ("study", "return-flow", "--policy", "orebro@2016", *FEW, "--no-calibrate")

STUDY = """
title = { sv = "En liten studie", en = "A small study" }
seed = 3
policies = ["orebro@2016"]
draws = 8
replications = 2
cause_replications = 1
years = 2

[[controls]]
id = "null"
title = { sv = "Noll", en = "Null" }
expect = { sv = "Ingen skillnad.", en = "No difference." }
behaviour = "null"
draws = 4
"""


# --- return-flow ----------------------------------------------------------------------


def test_the_study_in_json_is_what_was_agreed(sif: Sif) -> None:
    """Hypothesis, margin, draws, and for each policy difference, ratio, shares and verdict."""
    data = sif(*RETURN_FLOW, "--margin", "0.1", "--format", "json").data
    assert "10 percentage points" in data["hypotheses"][-1]
    assert (data["margin"], data["draws"]) == (0.1, 6)
    (policy,) = data["policies"]
    assert policy["id"] == "orebro@2016"
    assert policy["difference"].keys() == policy["ratio"].keys() == {"mean", "low", "high"}
    assert policy["holds"] + policy["reversed"] + policy["small"] == pytest.approx(1)
    assert policy["verdict"] in tuple(Grade)
    shares = {cause["switch"]: cause["share"] for cause in data["causes"]}
    assert "return_flow" in shares
    assert {"policy", "switch", "share", "low", "high"} == data["causes"][0].keys()
    assert data["sensitivity"] == []
    assert any("at least 64 are needed" in each for each in data["lacking"])


def test_without_names_every_policy_with_a_return_flow_is_studied(sif: Sif) -> None:
    """And none that has none."""
    data = sif("study", "return-flow", "--draws", "2", "--replications", "2", "--years", "1",
               "--no-calibrate", "--cause-replications", "0", "--format", "json").data  # fmt: skip
    assert data["causes"] == []
    assert [each["id"] for each in data["policies"]] == [
        "malmo@2016", "norrkoping@2010", "orebro@2013", "orebro@2016", "sodertalje@2015",
        "vingaker@undated",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("the return flow deters", "cannot tell", "The hypotheses, stated before the run")),
        ("sv", ("återföringen avskräcker", "går inte att avgöra", "fastställda före körningen")),
    ],
)
def test_tables_and_verdict_speak_both_languages(
    sif: Sif, language: str, words: tuple[str, ...]
) -> None:
    """Hypothesis first, then the tables, then the rule by which it was judged."""
    out = sif(*RETURN_FLOW, "--lang", language).out
    assert all(each in out for each in words)
    rows = [line for line in out.splitlines() if line.startswith(("orebro", "---"))]
    assert len(rows) >= 6
    assert max(map(len, rows)) < 170


def test_what_is_saved_is_every_draw_and_every_replication(sif: Sif, tmp_path: Path) -> None:
    """With charts, and with where it comes from in every file."""
    folder = tmp_path / "kept"
    sif(*RETURN_FLOW, "--out", str(folder))
    draws, runs = (pl.read_parquet(folder / f"{name}.parquet") for name in ("draws", "runs"))
    assert draws.height == 6
    assert runs.height == 6 * 2 * 3
    reported = json.loads((folder / "study.json").read_text("utf-8"))
    means = runs.group_by("return_flow").agg(pl.col("application_uptake").mean())
    by_arm = dict(means.iter_rows())
    assert reported["policies"][0]["with"]["mean"] == pytest.approx(by_arm["with"])
    about = json.loads(pl.read_parquet_metadata(folder / "draws.parquet")["sifrules"])
    assert about["seed"] == 1
    assert about["policies"][0]["hash"]
    assert about == json.loads((folder / "provenance.json").read_text("utf-8"))
    assert (folder / "effects.svg").read_text("utf-8").startswith("<svg")


def test_csv_is_one_row_a_policy_and_hypothesis(sif: Sif) -> None:
    """Bare numbers that a spreadsheet can go on with."""
    lines = sif(*RETURN_FLOW, "--format", "csv").out.splitlines()
    assert lines[0].startswith("policy,origin,hypothesis,measure,contrast,difference,")
    assert lines[1].startswith("orebro@2016,prior,deters,willingness,whole,0.")
    assert len(lines) == 1 + 9


@pytest.mark.parametrize(
    ("args", "code", "reported"),
    [
        (("--margin", "1.5"), 2, "expected a margin from 0 up to 1, got 1.5"),
        (("--draws", "1"), 2, "1 is not in the range"),
        (("--draws", "many"), 2, "'many' is not a valid integer"),
        (("--replications", "1"), 2, "1 is not in the range"),
        (("--policy", "norrkoping@2022"), 2, "norrkoping@2022 has no return flow to take out"),
        (("--policy", "orebro@2061"), 2, "did you mean orebro@2016"),
        (("--scenario", "oreboro"), 2, "did you mean orebro"),
        (("--behaviour", "nul"), 2, "did you mean null"),
        (("--out", "/dev/null/here"), 2, "cannot write results to /dev/null/here"),
    ],
)
def test_mistakes_are_reported_in_a_line(
    sif: Sif, args: tuple[str, ...], code: int, reported: str
) -> None:
    """What, where, what to do; no traceback, nothing run."""
    few = dict(zip(FEW[::2], FEW[1::2], strict=True))
    few.pop(args[0], None)
    ran = sif("study", "return-flow", *chain(*few.items()), "--no-calibrate", *args)
    assert reported in ran.err
    assert "Traceback" not in ran.err
    assert ran.code == code
    assert ran.out == ""


# --- break-even -----------------------------------------------------------------------


def test_a_break_even_is_found_or_it_is_said_that_there_is_none(sif: Sif) -> None:
    """Exit code 1 where no value in range does it."""
    args = ("study", "break-even", "--policy", "orebro@2016", "--lever", "return_model.share",
            "--measure", "granted", "--replications", "4", "--years", "3")  # fmt: skip
    never = sif(*args, "--target", "9e12", "--format", "json")
    assert never.code == 1
    assert never.data["crossing"] is None
    assert never.data["curve"][0].keys() == {"value", "mean", "low", "high"}
    assert [each["value"] for each in never.data["curve"]][0::4] == [0.0, 0.5, 1.0]
    assert "no value of return_model.share from 0 % to 100 %" in sif(*args, "--target", "9e12").out


def test_a_lever_that_is_none_is_reported_with_the_nearest(sif: Sif) -> None:
    """One that does not exist, and one that is no number."""
    args = ("study", "break-even", "--policy", "orebro@2016", "--target", "1", "--lever")
    assert "did you mean return_model.floor" in sif(*args, "return_model.flor").err
    assert "return_model.begins is no number" in sif(*args, "return_model.begins").err


# --- calibrate ------------------------------------------------------------------------


def test_a_calibration_is_reported_saved_and_drawn(sif: Sif, tmp_path: Path) -> None:
    """What happened next to what was foreseen, before and after, as tables, files and charts."""
    folder = tmp_path / "calibration"
    ran = sif("study", "calibrate", "--municipality", "norrkoping", "--municipality", "sodertalje",
              "--draws", "60", "--accept", "0.9", "--jobs", "1", "--lang", "sv",
              "--out", str(folder))  # fmt: skip
    assert ran.code == 0
    assert "Det som hände, och vad dragningarna förutsåg" in ran.out
    assert "54 av 60 dragningar godtogs" in ran.out
    parameters = pl.read_parquet(folder / "parameters.parquet")
    assert parameters.height == len(list(declared())) - len(scenario().idle)
    assert pl.read_parquet(folder / "posterior.parquet").height == 54
    assert {"prior_low", "posterior_high", "learnt"} <= set(parameters.columns)
    for name in ("parameters", "foreseen"):
        assert (folder / f"{name}.svg").read_text("utf-8").startswith("<svg")


def test_a_record_that_is_too_thin_says_what_is_missing(sif: Sif) -> None:
    """With the file where it could be added."""
    ran = sif("study", "calibrate", "--municipality", "botkyrka", "--draws", "4")
    assert ran.code == 2
    assert "botkyrka" in ran.err
    ran = sif("study", "calibrate", "--municipality", "norrkoping", "--draws", "4")
    assert "needs two records, got 1" in ran.err


def test_a_record_without_a_scenario_says_which_have_one(sif: Sif) -> None:
    """Malmö's record is known, but no world to simulate its fund in."""
    ran = sif("study", "calibrate", "--municipality", "malmo", "--draws", "4")
    assert "no scenario of Malmö to simulate its fund in; calibrate on norrkoping" in ran.err


def test_study_alone_is_its_help(sif: Sif) -> None:
    """As sif alone is."""
    ran = sif("study")
    assert (ran.code, ran.err) == (0, "")
    assert "return-flow" in ran.out


def test_too_few_accepted_draws_are_reported_instead_of_an_interval(sif: Sif) -> None:
    """A calibration of a handful of draws."""
    ran = sif("study", "calibrate", "--draws", "6", "--accept", "0.5", "--jobs", "1")
    assert "too few draws accepted (3, at least 50 are needed)" in ran.out


# --- write ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study, written up."""
    from sifrules.cli import main

    place = tmp_path_factory.mktemp("study")
    file = place / "small.toml"
    file.write_text(STUDY, "utf-8")
    with pytest.raises(SystemExit) as left:
        main(["study", "write", str(file), "--jobs", "1"])
    assert not left.value.code
    return file


def test_a_study_is_written_with_its_figures_and_results(written: Path) -> None:
    """The STRESS-DES order, controls included, every figure linked and there."""
    page = written.with_suffix(".md").read_text("utf-8")
    heads = [line for line in page.splitlines() if line.startswith("## ")]
    assert [head.split(". ")[-1] for head in heads] == [
        "## The answer", "## The hypotheses one by one", "Objectives", "Logic", "Data",
        "Experimentation", "Results",
        "What would change the answer", "Validation", "Limits",
        "Implementation and how to run it again",
    ]  # fmt: skip
    assert "# A small study" in page
    assert "### Null" in page
    for name in ("effects", "shares", "causes", "foreseen", "parameters"):
        figure = f"small-{name}.svg"
        assert f"]({figure})" in page
        assert (written.parent / figure).exists()


def test_every_number_of_the_page_is_the_results_own(written: Path) -> None:
    """The page is what its results say: changed results make another page."""
    data = writing.saved_data(written.parent, "small")
    page = written.with_suffix(".md").read_text("utf-8")
    assert writing.page("small", data) == page
    mean = data["study"]["policies"][0]["difference"]["mean"]
    assert f"{100 * mean:+.1f}".replace("-", "−") in page or abs(mean) < 0.0005
    data["study"]["policies"][0]["difference"]["mean"] = 0.4567
    assert "+45.7" in writing.page("small", data)


def test_a_page_that_was_changed_by_hand_is_found_out_and_mended(sif: Sif, written: Path) -> None:
    """``--check`` leaves with 1, ``--again`` writes it without a run."""
    page = written.with_suffix(".md")
    assert sif("study", "write", str(written), "--check").code == 0
    page.write_text(page.read_text("utf-8").replace("6", "7"), "utf-8")
    ran = sif("study", "write", str(written), "--check")
    assert ran.code == 1
    assert "is not what its results say" in ran.err
    assert sif("study", "write", str(written), "--again").code == 0
    assert sif("study", "write", str(written), "--check").code == 0


@pytest.mark.once
@pytest.mark.parametrize("way", ["write", "resume"])
def test_a_study_file_that_was_stopped_goes_on(
    sif: Sif, stopped: Sif, written: Path, tmp_path: Path, way: str
) -> None:
    """By the same command or by its folder, to the same results; what was saved is then gone."""
    file = tmp_path / "small.toml"
    file.write_text(STUDY, "utf-8")
    asked = ("study", "write", str(file), "--jobs", "1")
    folder = tmp_path / "small.unfinished"
    ran = stopped(3, *asked)
    assert ran.code == 130
    assert f"sif resume {folder}" in ran.err
    assert not file.with_suffix(".md").exists()
    names = {each.name.rpartition("-")[0] for each in (folder / "pieces").glob("*.parquet")}
    assert "control-0-effects" in names
    went_on = sif(*asked) if way == "write" else sif("resume", str(folder), "--jobs", "1")
    assert went_on.code == 0
    assert not folder.exists()
    of_a_run = {"minutes", "provenance"}
    whole, found = (writing.saved_data(each.parent, "small") for each in (written, file))
    assert {**whole, **dict.fromkeys(of_a_run)} == {**found, **dict.fromkeys(of_a_run)}


@pytest.mark.once
def test_a_study_file_that_was_changed_meanwhile_does_not_go_on(
    sif: Sif, stopped: Sif, tmp_path: Path
) -> None:
    """It is refused with what differs, unless it is to begin anew."""
    file = tmp_path / "small.toml"
    file.write_text(STUDY, "utf-8")
    stopped(1, "study", "write", str(file), "--jobs", "1")
    file.write_text(STUDY.replace("seed = 3", "seed = 4"), "utf-8")
    ran = sif("study", "write", str(file), "--jobs", "1")
    assert ran.code == 2
    assert "seed: 3 then, 4 now" in ran.err
    assert stopped(1, "study", "write", str(file), "--jobs", "1", "--force").code == 130


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("seed = 1", "title: missing"),
        ('title = "x"', "seed: missing"),
        ('title = "x"\nseed = 1\ndrws = 3', "drws: unknown key; did you mean draws"),
        ('title = "x"\nseed = "one"', "seed: expected"),
        ('title = "x"\nseed = 1\nmargin = 2.0', "expected a margin from 0 up to 1, got 2"),
        ('title = "x"\nseed = 1\nscenario = "nowhere.toml"', "nowhere.toml: no such file"),
        ("title = ", "not TOML"),
    ],
)
def test_a_faulty_study_file_is_refused_at_its_place(
    sif: Sif, tmp_path: Path, text: str, reported: str
) -> None:
    """Before anything is run or written."""
    file = tmp_path / "faulty.toml"
    file.write_text(text, "utf-8")
    ran = sif("study", "write", str(file))
    assert ran.code == 2
    assert reported in ran.err
    assert [each.name for each in tmp_path.iterdir()] == ["faulty.toml"]


def test_results_that_are_not_there_cannot_be_written_again(sif: Sif, tmp_path: Path) -> None:
    """It says to run the study."""
    file = tmp_path / "none.toml"
    file.write_text('title = "x"\nseed = 1', "utf-8")
    assert "run the study, without --again" in sif("study", "write", str(file), "--again").err


# --- charts ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_chart_shows_what_is_in_its_frame(written: Path, language: Any) -> None:
    """A chart is made of a tidy frame; what it draws can be read back."""
    data = writing.saved_data(written.parent, "small")["study"]
    charts = figures(data, language)
    assert {"effects", "shares", "causes", "foreseen", "parameters"} <= charts.keys()
    frame = parts_frame(data)
    assert frame["policy"].to_list() == 3 * ["orebro@2016"]
    layers = charts["effects"].to_dict()["layer"]
    rows = [row for layer in layers for row in layer["data"].get("values", [])]
    means = [row["mean"] for row in rows if "mean" in row]
    assert means[0] == pytest.approx(100 * frame["mean"][0])


@pytest.mark.parametrize(
    ("args", "reported"),
    [
        (("break-even", "--lever", "a", "--lever", "b"), "'--lever': it is given twice"),
        (("return-flow", "--calibrate", "--no-calibrate"), "it is given twice"),
        (
            ("calibrate", "--municipality", "orebro", "--municipality", "orebro", "--draws", "2"),
            "the record of orebro is named twice; name each municipality once",
        ),
    ],
)
def test_what_is_given_twice_is_refused(sif: Sif, args: tuple[str, ...], reported: str) -> None:
    """A command of a group is looked at too, and no record counts twice in a calibration."""
    ran = sif("study", *args)
    assert (ran.code, ran.out) == (2, "")
    assert reported in ran.err
