"""Reproducing saved results: every figure is compared, and what they depend on is said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sifrules import compare, explore
from sifrules_simulation.results.manifest import COMPARISON, STUDY, TRADE_OFF
from sifrules_simulation.runs.request import RunRequest

COMPARED = ("compare", "orebro@2016", "norrkoping@2022", "--replications", "3", "--years", "2",
            "--jobs", "1")  # fmt: skip
PLAN = """
policies = ["orebro@2016"]
outcomes = ["ideas"]
years = 2
draws = 2
replications = 1
levers = { "return_model.share" = [0.5, 1.0] }
uncertainties = { "ideas.flow" = { low = 4, high = 12 } }
"""


@pytest.fixture(scope="module")
def compared(save: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small comparison that was saved."""
    out = tmp_path_factory.mktemp("compared") / "out"
    save(*COMPARED, "--out", str(out))
    return out


@pytest.fixture
def saved(compared: Path, tmp_path: Path) -> Path:
    """The same in a folder of its own, which a test may change."""
    return Path(shutil.copytree(compared, tmp_path / "out"))


@pytest.mark.once
def test_every_figure_is_the_same_when_nothing_was_changed(
    sif: Callable[..., Any], saved: Path
) -> None:
    """Run again elsewhere, and what was saved is left as it was."""
    before = {file.name: file.read_bytes() for file in saved.iterdir()}
    ran = sif("reproduce", str(saved), "--jobs", "1", "--format", "json")
    assert ran.code == 0
    assert ran.data["same"]
    assert ran.data["figures"] > 1_000
    assert {file.name: file.read_bytes() for file in saved.iterdir()} == before


def test_a_figure_that_was_changed_is_found(sif: Callable[..., Any], saved: Path) -> None:
    """The table, the row and the column are named, with both values, and the exit code is 1."""
    runs = pl.read_parquet(saved / "runs.parquet")
    changed = runs.with_columns(
        granted=pl.when(pl.int_range(pl.len()) == 2).then(1.0).otherwise("granted")
    )
    changed.write_parquet(saved / "runs.parquet")
    ran = sif("reproduce", str(saved), "--jobs", "1", "--format", "json")
    assert ran.code == 1
    (found,) = ran.data["differences"]
    assert (found["table"], found["row"], found["figure"]) == ("runs", "2", "granted")
    assert (found["then"], found["now"]) == ("1.0", str(runs["granted"][2]))


def test_a_table_that_only_one_of_the_runs_has_is_found(
    sif: Callable[..., Any], saved: Path
) -> None:
    """One that is no longer there, and one that was not there before."""
    (saved / "balances.parquet").unlink()
    pl.DataFrame({"policy": ["orebro@2016"]}).write_parquet(saved / "mine.parquet")
    ran = sif("reproduce", str(saved), "--jobs", "1", "--format", "json")
    assert ran.code == 1
    found = {each["table"]: (each["then"], each["now"]) for each in ran.data["differences"]}
    assert found == {"balances": ("–", "table"), "mine": ("table", "–")}


def test_an_exploration_is_run_again_by_its_plan(sif: Callable[..., Any], tmp_path: Path) -> None:
    """The plan is read from where it was named; its summary becomes a table for a paper."""
    (tmp_path / "plan.toml").write_text(PLAN)
    out = tmp_path / "out"
    asked = ("explore", str(tmp_path / "plan.toml"), "--jobs", "1", "--table", "events")
    assert sif(*asked).code == 2
    assert sif(*asked, "--out", str(out)).code == 0
    assert sif("reproduce", str(out), "--jobs", "1").code == 0
    assert "--table events" in json.loads((out / "provenance.json").read_text("utf-8"))["command"]
    table = sif("paper-table", str(out), "--markup", "markdown", "--lang", "sv").out
    assert "2 dragningar" in table
    assert "frö 1" in table
    assert "| return_model.share |" in " ".join(table.split()).replace("| policy", "|")
    for command in ("results", "report"):
        shown = sif(command, str(out), "--lang", "en")
        assert shown.code == 2
        assert "sif paper-table" in shown.err
    (tmp_path / "plan.toml").write_text(PLAN.replace("years = 2", "years = 3"))
    assert sif("reproduce", str(out), "--jobs", "1").code == 1


def test_what_was_asked_for_in_python_is_refused_with_the_reason(
    sif: Callable[..., Any], tmp_path: Path
) -> None:
    """A manifest cannot hold objects: the script that made them is run again."""
    compare("orebro@2016", replications=1, years=1, jobs=1, out=tmp_path / "one")
    explore("orebro@2016", None, None, ["grants"], years=1, jobs=1, out=tmp_path / "two")
    for name in ("one", "two"):
        ran = sif("reproduce", str(tmp_path / name))
        assert ran.code == 2
        assert "Python" in ran.err


def test_the_provenance_is_complete(saved: Path) -> None:
    """Python, libraries, platform, commit, sources, plugins, scenario, and the command."""
    source = json.loads((saved / "provenance.json").read_text("utf-8"))
    around = source["environment"]
    assert {"numpy", "polars", "simpy", "scipy"} <= around["libraries"].keys()
    assert around["python"].count(".") == 2
    assert around.keys() >= {"platform", "machine", "implementation", "commit", "sources"}
    assert source["scenario"]["hash"]
    assert all(each["hash"] for each in source["plugins"])
    assert source["command"].startswith("sif compare orebro@2016 norrkoping@2022")


@pytest.mark.parametrize(
    ("kind", "asked", "words"),
    [
        (COMPARISON, {"record": True}, "sif compare orebro@2016 --record"),
        (
            TRADE_OFF,
            {"levers": ("return_model.share=0:1",), "less": ("grants",), "points": 9},
            "sif study trade-off --policy orebro@2016 --lever return_model.share=0:1"
            " --less grants --points 9",
        ),
        (STUDY, {"alternative_draws": 8}, "sif study return-flow --alternative-draws 8 --any-size"),
    ],
)
def test_the_command_names_every_option_that_the_result_depends_on(
    kind: str, asked: dict[str, Any], words: str
) -> None:
    """Of a comparison, a trade-off and a study: what is not usual stands in it."""
    request = RunRequest(
        kind=kind, policies=("orebro@2016",), scenario="default", years=2, seed=1,
        replications=2, form="table", lang="en", **asked,
    )  # fmt: skip
    assert set(words.split()[1:]) <= set(request.command_line.split())


def test_the_command_of_the_provenance_gives_the_same(
    sif: Callable[..., Any], saved: Path, tmp_path: Path
) -> None:
    """Typed again, it makes the same tables."""
    source = json.loads((saved / "provenance.json").read_text("utf-8"))
    again = tmp_path / "again"
    words = source["command"].split()[1:]
    assert sif(*words, "--jobs", "1", "--out", str(again)).code == 0
    for file in saved.glob("*.csv"):
        assert (again / file.name).read_bytes() == file.read_bytes()


def test_a_papers_table_has_every_number_of_the_summary(
    sif: Callable[..., Any], saved: Path
) -> None:
    """In LaTeX with the rules of booktabs; its caption says what it depends on."""
    text = sif("paper-table", str(saved), "--measure", "granted", "--lang", "en").out
    mean = pl.read_parquet(saved / "summary.parquet").filter(measure="granted")["mean"][0]
    assert f"{mean / 1e6:.1f} [" in text
    for mark in (r"\toprule", r"\caption{", "norrkoping@2022", "seed 1"):
        assert mark in text
    paired = sif("paper-table", str(saved), "--difference", "--lang", "en").out
    assert "Difference from orebro@2016" in paired
    assert sif("paper-table", str(saved), "--measure", "gifts").code == 2


@pytest.mark.parametrize("run", [compare, explore])
def test_a_papers_table_says_what_is_not_usual(
    run: Callable[..., Any], sif: Callable[..., Any], tmp_path: Path
) -> None:
    """How committees choose, where that is another way, and which mechanisms are switched off."""
    run(
        ["orebro@2016"], behaviour="prospect", off=["novelty"], replications=2, years=1, jobs=1,
        out=tmp_path / "out",
    )  # fmt: skip
    text = sif("paper-table", str(tmp_path / "out"), "--measure", "granted", "--lang", "en").out
    assert "Behaviour: prospect" in text
    assert "Switched off: novelty." in text


def test_a_plan_is_no_study(sif: Callable[..., Any], tmp_path: Path) -> None:
    """Its results are in the folder of its --out, which is to be named."""
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN)
    refused = sif("reproduce", str(plan))
    assert refused.code == 2
    assert "plan of an exploration; name the folder" in refused.err


STUDY = """
title = { sv = "Liten", en = "Small" }
seed = 3
policies = ["orebro@2016"]
draws = 8
replications = 2
cause_replications = 1
years = 2
"""


@pytest.mark.once
def test_a_study_of_a_file_is_compared_with_the_results_next_to_it(
    sif: Callable[..., Any], tmp_path: Path
) -> None:
    """The same study gives the same figures; one that was changed by hand is found."""
    file = tmp_path / "small.toml"
    file.write_text(STUDY)
    assert sif("study", "write", str(file), "--jobs", "1").code == 0
    assert sif("reproduce", str(file), "--jobs", "1").code == 0
    data = json.loads((tmp_path / "small.json").read_text("utf-8"))
    data["study"]["seed"] = 4
    (tmp_path / "small.json").write_text(json.dumps(data), "utf-8")
    ran = sif("reproduce", str(file), "--jobs", "1", "--format", "json")
    assert ran.code == 1
    assert [each["figure"] for each in ran.data["differences"]] == ["study.seed"]
