"""``sif test``: worked cases tried outside pytest."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

NYBY = Path("examples/what-ifs/nyby.toml")
Sif = Callable[..., Any]

CASE = """
[[cases]]
name = "{name}"
{policy}
facts.application = {{ areas = 2, regular_operations = false, in_priority_district = {inside} }}
stages = ["idea_test"]
expect.outcome = "{outcome}"
"""


def _case(name: str, outcome: str, policy: str = "", inside: bool = True) -> str:
    stated = f'policy = "{policy}"' if policy else ""
    return CASE.format(name=name, outcome=outcome, policy=stated, inside=str(inside).lower())


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A guideline's file, without cases next to it yet."""
    file = tmp_path / "mine.toml"
    file.write_text(NYBY.read_text("utf-8"), "utf-8")
    return file


def _beside(file: Path, *cases: str) -> Path:
    written = file.parent / "cases.toml"
    written.write_text("".join(cases), "utf-8")
    return written


@pytest.mark.parametrize(
    "target", ["orebro", "orebro@2013", "malmo@2016", "examples/what-ifs/cases.toml", str(NYBY)]
)
def test_cases_of_a_plugin_a_policy_and_a_file_are_found(sif: Sif, target: str) -> None:
    """All of these have worked cases, and all come out right."""
    ran = sif("test", target)
    assert (ran.code, ran.err) == (0, "")
    assert "passed" in ran.out
    assert ", 0 differ" in ran.out


def test_only_the_cases_of_a_policy_are_tried(sif: Sif) -> None:
    """A plugin's file holds those of its other policies too."""
    assert {
        case["policy"] for case in sif("test", "orebro@2013", "--format", "json").data["cases"]
    } == {"orebro@2013"}


def test_a_case_next_to_a_guideline_need_not_name_it(sif: Sif, mine: Path) -> None:
    """It may also name its id or its file; another's cases are left alone."""
    _beside(
        mine,
        _case("none", "eligible"),
        _case("id", "eligible", "nyby@2026"),
        _case("file", "eligible", "mine.toml"),
        _case("another", "not_eligible", "orebro@2016"),
    )
    data = sif("test", str(mine), "--format", "json").data
    assert [case["case"] for case in data["cases"]] == ["none", "id", "file"]
    assert (data["passed"], data["differ"]) == (3, 0)


def test_cases_above_the_folder_of_guidelines_are_found(sif: Sif, tmp_path: Path) -> None:
    """As they stand in a plugin's package."""
    folder = tmp_path / "guidelines"
    folder.mkdir()
    (folder / "2026.toml").write_text(NYBY.read_text("utf-8"), "utf-8")
    (tmp_path / "cases.toml").write_text(_case("above", "eligible"), "utf-8")
    assert sif("test", str(folder / "2026.toml")).code == 0


def test_what_differs_is_reported_with_the_deciding_rule_and_its_place(
    sif: Sif, mine: Path
) -> None:
    """And the exit code is 1; the cases that pass are shown too."""
    _beside(mine, _case("Outside is fine", "eligible", inside=False), _case("Inside", "eligible"))
    ran = sif("test", str(mine))
    out = " ".join(ran.out.split())
    assert ran.code == 1
    assert "differs outcome: expected eligible," in out
    assert "criteria.district: not met: it is done in a" in out
    assert "[1] § 3" in out
    assert "every rule is met" in out
    assert ran.out.endswith("- 2 cases: 1 passed, 1 differs\n")


def test_the_answer_comes_in_swedish(sif: Sif, mine: Path) -> None:
    """Headings, verdicts and reasons."""
    _beside(mine, _case("Utanför", "eligible", inside=False))
    ran = sif("test", str(mine), "--lang", "sv")
    out = " ".join(ran.out.split())
    for told in (
        "avviker",
        "outcome: väntat eligible,",
        "avgörande regel",
        "inte uppfyllt: insatsen",
    ):
        assert told in out
    assert ran.out.endswith("- 1 fall: 0 rätt, 1 avviker\n")


def test_every_form_has_all_of_it(sif: Sif, mine: Path) -> None:
    """JSON for programs, CSV for spreadsheets, Markdown for reports."""
    _beside(mine, _case("Outside", "eligible", inside=False))
    (case,) = sif("test", str(mine), "--format", "json").data["cases"]
    assert case["differences"] == [
        {
            "what": "outcome",
            "expected": "eligible",
            "came": "not_eligible (criteria.district)",
        }
    ]
    assert case["decided_by"]["id"] == "criteria.district"
    assert case["decided_by"]["citation"]["place"] == "§ 3"
    (row,) = csv.DictReader(io.StringIO(sif("test", str(mine), "--format", "csv").out))
    assert (row["case"], row["result"]) == ("Outside", "differs")
    assert "§ 3" in row["citation"]
    assert sif("test", str(mine), "--format", "markdown").out.startswith("| case")


def test_several_differences_stand_under_each_other(sif: Sif, mine: Path) -> None:
    """One line for each, under one case."""
    more = 'expect.missing = ["application.areas"]\n'
    _beside(mine, _case("Outside", "eligible", inside=False) + more)
    rows = list(csv.DictReader(io.StringIO(sif("test", str(mine), "--format", "csv").out)))
    assert [row["case"] for row in rows] == ["Outside", ""]
    assert rows[1]["difference"] == "missing: expected application.areas, got nothing"


def test_cases_can_be_given_and_the_engine_chosen(sif: Sif, tmp_path: Path, mine: Path) -> None:
    """Then those next to the guideline are left alone; the file may be anywhere."""
    _beside(mine, _case("beside", "not_eligible"))
    other = tmp_path / "other.toml"
    other.write_text(_case("given", "eligible"), "utf-8")
    args = ("test", str(mine), "--cases", str(other), "--format", "json", "--engine", "compiled")
    assert [case["case"] for case in sif(*args).data["cases"]] == ["given"]
    of_policy = tmp_path / "of-policy.toml"
    of_policy.write_text(
        '[[cases]]\nname = "a"\nfacts.application.areas = 1\nexpect.outcome = "not_eligible"\n',
        "utf-8",
    )
    assert sif("test", "orebro@2016", "--cases", str(of_policy)).code == 0


def test_a_case_that_cannot_be_tried_differs(sif: Sif, mine: Path) -> None:
    """The others are tried; the message is the case's."""
    wrong = '[[cases]]\nname = "w"\nfacts.application.aeras = 1\nexpect.outcome = "eligible"\n'
    _beside(mine, wrong, _case("fine", "eligible"))
    ran = sif("test", str(mine), "--format", "json")
    assert (ran.code, ran.data["passed"], ran.data["differ"]) == (1, 1, 1)
    assert "did you mean application.areas" in ran.data["cases"][0]["differences"][0]["came"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ((), "Missing argument"),
        (("orebor",), "no guideline, plugin or file 'orebor'; did you mean orebro"),
        (("orebro@2106",), "did you mean orebro@2016"),
        (("parts",), "no worked cases of the plugin parts: it has no cases_file"),
        (("none.toml",), "none.toml: no such file"),
        (("orebro", "--engine", "drools"), "'drools' is not one of"),
        (("orebro", "--cases", "none.toml"), "none.toml: no such file"),
        (("examples/what-ifs/cases.toml", "--cases", "x.toml"), "holds cases itself"),
        (
            ("orebro@2016", "--cases", "examples/what-ifs/cases.toml"),
            "no case in examples/what-ifs/cases.toml is of orebro@2016",
        ),
    ],
)
def test_wrong_use_is_reported_in_a_line_and_leaves_with_two(
    sif: Sif, args: tuple[str, ...], told: str
) -> None:
    """What is wrong and what to do."""
    ran = sif("test", *args)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert len(ran.err.splitlines()) == 1


def test_no_cases_next_to_a_guideline_says_where_it_looked(sif: Sif, mine: Path) -> None:
    """And what to write there."""
    ran = sif("test", str(mine))
    assert ran.code == 2
    assert f"looked for {mine.parent / 'cases.toml'}; write some there" in ran.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cases = []\n", "holds no worked cases; write one as [[cases]]"),
        (_case("a", "perhaps"), "expected one of eligible"),
        (_case("a", "eligible") * 2, "two cases are called 'a'"),
        ("this is no TOML", "is not TOML"),
    ],
)
def test_a_faulty_file_of_cases_is_wrong_use(sif: Sif, mine: Path, text: str, told: str) -> None:
    """With its key."""
    _beside(mine, text)
    ran = sif("test", str(mine))
    assert ran.code == 2
    assert told in ran.err


def test_cases_alone_must_say_whose_they_are(sif: Sif, mine: Path) -> None:
    """Where no guideline is given, there is none to take."""
    file = _beside(mine, _case("a", "eligible"))
    ran = sif("test", str(file))
    assert ran.code == 2
    assert "cases[0].policy: missing; write policy" in ran.err
    _beside(mine, _case("a", "eligible", "mine.toml"))
    assert sif("test", str(file)).code == 0
