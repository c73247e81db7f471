"""``sif assess``: the answer in every form, and what is wrong with the question."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

COMPLETE = str(Path(__file__).parents[3] / "examples/applications/invented-complete.toml")
DETAILS = (COMPLETE, "--policy", "orebro@2016", "--delay", "12", "--lifetime", "60",
        "--own-share", "60 %")  # fmt: skip


def test_the_answer_in_every_form_has_the_same_figures(sif: Callable[..., Any]) -> None:
    """What is returned by year is the same in the table, in JSON and in CSV."""
    table, data = sif("assess", *DETAILS), sif("assess", *DETAILS, "--format", "json").data
    (under,) = data["policies"]
    hoped = under["outcomes"][0]
    claims = {year["year"]: year["claims_sek"] for year in hoped["years"] if year["claims_sek"]}
    assert claims == {2020: 930_000, 2021: 750_000, 2022: 750_000}
    assert hoped["net_sek"] == -2_085_000
    assert "−2.08" in table.out
    written = sif("assess", *DETAILS, "--format", "csv", "--lang", "sv").out
    rows = list(csv.DictReader(written.lstrip("\ufeff").splitlines(), delimiter=";"))
    own = [row["egna krav (kr)"] for row in rows if row["utfall"] == "som hoppats"]
    assert [each for each in own if each != "0"] == ["930000", "750000", "750000"]
    assert rows[0]["chans"] == "0,45"


def test_the_exit_code_says_whether_it_is_worth_applying(sif: Callable[..., Any]) -> None:
    """With a policy named it is 0 where applying pays, and 1 where it does not."""
    assert sif("assess", COMPLETE, "--policy", "sodertalje@2015").code == 1
    assert sif("assess", COMPLETE, "--policy", "lulea@2017").code == 0


@pytest.mark.once
def test_years_are_shown_for_few_policies_and_a_note_says_where_else(
    sif: Callable[..., Any],
) -> None:
    """Under all policies the years are left to the files, the answer says so, and leaves with 0."""
    assert "orebro@2016: år för år" in sif("assess", *DETAILS, "--lang", "sv").out
    ran = sif("assess", COMPLETE, "--lang", "sv")
    everywhere = ran.out
    assert ran.code == 0
    assert "orebro@2016: år för år" not in everywhere
    assert "--xlsx har alla" in everywhere
    assert "botkyrka@2018: det finns ingen fond att söka ur" in everywhere


def test_how_effects_are_looked_for_is_said_where_any_are(sif: Callable[..., Any]) -> None:
    """Under a policy without a fund there are none to look for."""
    searched = "looked for from 0 to 10 times the cost"
    assert searched in sif("assess", *DETAILS).out
    assert searched not in sif("assess", COMPLETE, "--policy", "botkyrka@2018").out


def test_the_workbook_has_numbers_and_sheets_by_name(
    sif: Callable[..., Any], tmp_path: Path
) -> None:
    """The workbook is written beside the answer, its amounts as numbers in kronor."""
    pytest.importorskip("xlsxwriter")
    to = tmp_path / "svar.xlsx"
    sif("assess", *DETAILS, "--xlsx", str(to), "--lang", "sv")
    with zipfile.ZipFile(to) as book:
        sheets = book.read("xl/workbook.xml").decode()
        years = book.read("xl/worksheets/sheet2.xml").decode()
    assert [name for name in ("Svar", "År för år", "Beror på", "Skäl") if name in sheets] != []
    assert "<v>930000</v>" in years


@pytest.mark.parametrize(
    ("args", "details"),
    [
        (["--own-share", "120 %"], "--own-share ska vara en andel från 0 till 1, som 60\u00a0%"),
        (["--effect", "-1 mnkr"], "--effect får inte vara negativt"),
        (["--assume", "effects.cashabel=1"], "menades effects.cashable"),
        (["--fact", "application.cost=0"], "det står inte vad projektet kostar"),
        (["--xlsx", "/nowhere/at/all.xlsx"], "/nowhere/at/all.xlsx kan inte skrivas"),
    ],
)
def test_a_mistake_is_one_sentence(sif: Callable[..., Any], args: list[str], details: str) -> None:
    """What is wrong with an option is said in the language asked for, without an answer."""
    ran = sif("assess", COMPLETE, "--policy", "lulea@2017", "--lang", "sv", *args)
    assert (ran.code, ran.out) == (2, "")
    assert details in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_an_application_without_a_cost_is_refused(sif: Callable[..., Any], tmp_path: Path) -> None:
    """Nothing can be said of the money of a project whose cost is not stated."""
    silent = tmp_path / "silent.toml"
    silent.write_text("[application]\nareas = 2\n", "utf-8")
    ran = sif("assess", str(silent))
    assert ran.code == 2
    assert "it is not stated what the project costs" in ran.err


def test_the_data_is_json_that_names_what_is_assumed(sif: Callable[..., Any]) -> None:
    """JSON has each assumption on which the answer depends, with both ends of its range."""
    ran = sif("assess", *DETAILS, "--format", "json")
    (under,) = json.loads(ran.out)["policies"]
    paths = {each["parameter"] for each in under["depends_on"]}
    assert {"behaviour.mission_weight", "effects.cashable"} <= paths
    assert "effects.delay_least" not in paths


def test_a_row_of_a_list_is_assessed(sif: Callable[..., Any], tmp_path: Path) -> None:
    """A row is picked by its number or its name; without one it is said how."""
    file = tmp_path / "lista.csv"
    file.write_text("namn;kostnad;projekttid\nA;1 mnkr;12\nB;6 mnkr;36\n", "utf-8")
    for row in ("3", "B"):
        asked = ("--row", row, "--policy", "norrkoping@2022", "--format", "json")
        data = sif("assess", str(file), *asked).data
        assert data["application"] == "B"
        assert [each["cost_sek"] for each in data["policies"]] == [6_000_000]
    ran = sif("assess", str(file), "--lang", "sv")
    assert ran.code == 2
    assert "välj den med --row" in ran.err


def test_what_a_refused_project_would_give_is_said_to_be_that(
    sif: Callable[..., Any], tmp_path: Path
) -> None:
    """Beside the figures, and so is an effect that the application does not state."""
    file = tmp_path / "a.toml"
    file.write_text(
        '[application]\napplicant = "committee"\ncost = 1000000\nduration = 12\n', "utf-8"
    )
    ran = sif("assess", str(file), "--policy", "norrkoping@2022", "--lang", "sv")
    assert "antas av scenariot: nämnden väntar sig" in ran.out
    assert "- norrkoping@2022: projektet är inte behörigt" in ran.out
    assert "gäller om det ändå beviljades" in ran.out


def test_whether_it_may_be_funded_is_said_alike_in_every_form(
    sif: Callable[..., Any], tmp_path: Path
) -> None:
    """Of an application above a ceiling: as written, and cut to it."""
    policy = tmp_path / "cap.toml"
    policy.write_text(
        'base = "orebro@2016"\nid = "cap@2024"\ncriteria = "none"\nprocedure = "none"\n'
        '[caps.each]\nkind = "amount_per_investment"\n'
        'limit = { value = 2_000_000, cite = "guideline2016: 3" }\n'
    )
    args = ("assess", COMPLETE, "--policy", str(policy), "--lang", "sv")
    said = "inte behörig; nedskuren: behörig"
    assert said in " ".join(sif(*args, "--format", "markdown").out.split())
    written = sif(*args, "--format", "csv").out.lstrip("\ufeff").splitlines()
    assert {row["behörig"] for row in csv.DictReader(written, delimiter=";")} == {said}
