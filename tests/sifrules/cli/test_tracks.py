"""Tracks (spår) on the command line: shown, compared, decided and settled, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Sif = Callable[..., Any]
FILE = "examples/what-ifs/three-tracks.toml"
APPLICATION = """
name = "Walks for all"
[application]
applicant = "committee"
areas = 2
cost = 2_000_000
duration = 18
public_health = true
evaluable = true
regular_operations = false
[parts]
description = true
budget = true
"""


@pytest.fixture
def walks(tmp_path: Path) -> str:
    """An application that only the health track takes."""
    file = tmp_path / "walks.toml"
    file.write_text(APPLICATION, "utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("lang", "title"),
    [("en", "Rules on the track Small grants"), ("sv", "Regler på spåret Små bidrag")],
)
def test_show_lists_the_clauses_of_tracks_and_the_rules_on_each(
    sif: Sif, lang: str, title: str
) -> None:
    """Each track has a table of all the rules that hold there."""
    said = sif("show", FILE, "--lang", lang).out
    assert title in said
    assert "track.health.pot.share" in said
    data = sif("show", FILE, "--lang", lang, "--format", "json").data
    rules = {each["name"]: [rule["id"] for rule in each["rules"]] for each in data["tracks"]}
    assert "criteria.areas" in rules["health"]
    assert "criteria.areas" not in rules["small"]


def test_check_says_where_an_application_goes_and_what_speaks_against_the_others(
    sif: Sif, walks: str
) -> None:
    """The track is named with the answer, and every other one with its rules and their places."""
    ran = sif("check", walks, "--policy", FILE)
    assert ran.code == 0
    assert "yes: Health projects" in ran.out
    assert "the application goes here" in ran.out
    assert "not met: amount applied for is at most" in ran.out.replace("\N{NO-BREAK SPACE}", " ")
    data = sif("check", walks, "--policy", FILE, "--format", "json").data[0]
    assert (data["outcome"], data["track"]) == ("eligible", "health")
    assert {each["name"]: each["refused_by"] for each in data["tracks"]} == {
        "small": ["track.small.caps.size", "track.small.caps.time"],
        "health": [],
        "large": ["track.large.criteria.areas"],
    }


def test_check_tries_the_track_that_is_named_alone(sif: Sif, walks: str) -> None:
    """The answer is no, by the rules of that track, in CSV with the track beside each rule."""
    named = ("check", walks, "--policy", FILE, "--fact", "application.track=small")
    assert sif(*named).code == 1
    header, *rows = sif(*named, "--format", "csv").out.splitlines()
    assert header.split(",")[:3] == ["application", "policy", "track"]
    assert all(row.split(",")[2] == "small" for row in rows)


def test_check_refuses_a_track_that_does_not_exist(sif: Sif, walks: str) -> None:
    """One line names the tracks there are, and the nearest."""
    ran = sif("check", walks, "--policy", FILE, "--fact", "application.track=smal")
    assert ran.code == 2
    assert "expected one of small, health, large, got 'smal'; did you mean small?" in ran.err
    assert ran.err.count("\n") == 1


def test_a_check_without_tracks_says_nothing_of_them(sif: Sif, walks: str) -> None:
    """Other funds are shown as before."""
    data = sif("check", walks, "--policy", "orebro@2016", "--format", "json").data[0]
    assert not {"track", "tracks"} & data.keys()
    assert ",track," not in sif("check", walks, "--policy", "orebro@2016", "--format", "csv").out


@pytest.mark.parametrize(
    ("track", "said"),
    [
        ("small", "Small grants: 0 SEK claimed back"),
        ("health", "Health projects: 450,000 SEK claimed back"),
        ("large", "Large investments: 900,000 SEK claimed back"),
    ],
)
def test_claims_settles_by_the_return_model_of_the_track(sif: Sif, track: str, said: str) -> None:
    """The same investment owes nothing, half the saving, or all of it."""
    investment = ("--cost", "2000000", "--start", "2026-03", "--months", "12", "--effect", "900000")
    ran = sif("claims", "--policy", FILE, *investment, "--fact", f"application.track={track}")
    assert ran.code == 0
    assert said in ran.out.replace("\N{NO-BREAK SPACE}", " ")


def test_claims_without_a_track_says_what_has_to_be_known(sif: Sif) -> None:
    """It cannot be told, and the exit code says so."""
    ran = sif("claims", "--policy", FILE, "--cost", "1", "--start", "2026-03", "--months", "12")
    assert ran.code == 1
    assert "it is not known which track the investment is on (application.track)" in ran.out


def test_diff_shows_a_value_changed_within_a_track(sif: Sif, tmp_path: Path) -> None:
    """A what-if reaches into a track by its path, and is cited as one."""
    over = tmp_path / "larger.toml"
    changed = 'id = "larger@1"\n[track.small.caps.size]\nlimit = 1_000_000\n'
    over.write_text(f'base = "{Path(FILE).resolve()}"\n{changed}', "utf-8")
    data = sif("diff", FILE, str(over), "--format", "json").data
    ((path, a, b),) = ((each["path"], each["a"], each["b"]) for each in data["differences"])
    assert path == "track.small.caps.size.limit"
    assert "what-if" in b["citation"]["document"]
    assert a["citation"]["place"] == "§ 5"


def test_validate_finds_the_example_in_order(sif: Sif) -> None:
    """Validation finds nothing wrong with the example, and it grants on every track."""
    data = sif("validate", FILE, "--format", "json").data
    assert (data["wrong"], data["doubtful"]) == (0, 0)
