"""``sif template``: empty files that are read as they are, and when they are filled in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules import FACTS, own_ideas, registry
from sifrules.loading.application import check_facts, read_application
from sifrules.plugin.timelines import timeline
from sifrules_simulation import scenario

Sif = Callable[..., Any]
LANGUAGES = ("sv", "en")


def _filled_in(text: str) -> str:
    """A template with the # taken away before every line that has no space after it."""
    return re.sub(r"^#(?=\S)", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_application_that_is_filled_in_is_decided(sif: Sif, tmp_path: Path, lang: str) -> None:
    """Every fact that a bundled policy reads stands there, with a value that it takes."""
    text = sif("template", "application", "--lang", lang).out
    file = tmp_path / "mine.toml"
    file.write_text(_filled_in(text), "utf-8")
    known = registry()
    application = read_application(file)
    check_facts(application, *(policy.vocabulary for policy in known.policies))
    asked = {
        name
        for policy in known.policies
        for name in policy.rulebook.vocabulary
        if name in policy.vocabulary and name.startswith(("application.", "parts."))
    }
    assert asked <= application.facts.keys()
    assert sif("check", str(file), "--format", "json").code == 0


def test_an_empty_application_says_nothing_of_what_is_not_known(sif: Sif) -> None:
    """As it is printed it has a name and no facts: nothing is made up."""
    tree = tomllib.loads(sif("template", "application").out)
    assert tree.pop("name")
    assert [table for table in tree.values() if table] == []


def test_only_what_a_policy_reads_is_asked_for(sif: Sif) -> None:
    """With ``--policy`` the facts of others are left out."""
    alone = sif("template", "application", "--policy", "nynashamn@2018").out
    assert len(alone) < len(sif("template", "application").out) / 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_list_that_is_filled_in_is_decided(sif: Sif, tmp_path: Path, lang: str) -> None:
    """Every heading of the empty list is read, in both languages."""
    head = sif("template", "list", "--lang", lang).out.strip("\n")
    separator = ";" if lang == "sv" else ","
    file = tmp_path / "list.csv"
    count = head.count(separator)
    file.write_text(f"{head}\nA{separator * count}\n", "utf-8")
    ran = sif("check", str(file), "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert count > 50


def test_a_list_as_a_workbook_offers_the_choices_and_explains(sif: Sif, tmp_path: Path) -> None:
    """The workbook has ja and nej to choose from, and a sheet that says what each column is."""
    pytest.importorskip("xlsxwriter")
    calamine = pytest.importorskip("python_calamine")
    to = tmp_path / "list.xlsx"
    assert sif("template", "list", "--xlsx", str(to), "--lang", "sv").code == 0
    book = calamine.load_workbook(str(to))
    assert book.sheet_names == ["Lista", "Förklaring"]
    heads = book.get_sheet_by_index(0).to_python()[0]
    explained = book.get_sheet_by_index(1).to_python()
    assert [row[0] for row in explained[1:]] == heads[1:]
    assert [FACTS["application.cost"].words.sv, "application.cost"] in [
        row[:2] for row in explained
    ]
    assert "listan har inga ansökningar" in sif("check", str(to), "--lang", "sv").err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_scenario_that_is_filled_in_is_the_default_one(
    sif: Sif, tmp_path: Path, lang: str
) -> None:
    """Every parameter stands there with the values that the default scenario has."""
    text = sif("template", "scenario", "--lang", lang).out
    file = tmp_path / "mine.toml"
    for written in (text, _filled_in(text)):
        file.write_text(written, "utf-8")
        assert scenario(file).values == scenario("default").values
    assert scenario(file).origin == str(file)


def test_a_timeline_that_is_filled_in_is_followed(sif: Sif, tmp_path: Path) -> None:
    """The guidelines follow each other from their months, and each binding is a usual one."""
    file = tmp_path / "mine.toml"
    file.write_text(_filled_in(sif("template", "timeline").out), "utf-8")
    found = timeline(registry(), file)
    assert [str(reform.since) for reform in found.reforms] == ["2022-01"]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_guideline_lacks_nothing_but_its_sources(sif: Sif, tmp_path: Path, lang: str) -> None:
    """What is wrong with an empty guideline is every source that is not yet written."""
    file = tmp_path / "mine.toml"
    text = sif("template", "guideline", "--lang", lang).out
    file.write_text(text, "utf-8")
    assert "FILL IN" in sif("validate", str(file)).out
    assert "mine@2024" in sif("show", str(file)).out
    dated = re.sub(r'^date = ".*"$', 'date = "2024-03-01"', text, flags=re.MULTILINE)
    file.write_text(dated.replace("FILL IN", "§ 1"), "utf-8")
    ran = sif("validate", str(file))
    assert ran.code == 0, ran.out


@pytest.mark.parametrize(
    "kind", ["application", "guideline", "scenario", "timeline", "exploration"]
)
def test_every_explanation_is_in_the_language_that_is_asked_for(sif: Sif, kind: str) -> None:
    """No comment of one language stands in the other, but those that are names alone."""
    said = {}
    for lang in ("sv", "en"):
        lines = sif("template", kind, "--lang", lang).out.splitlines()
        after = (line.partition("#" if line.startswith("# ") else "  # ")[2] for line in lines)
        prose = (each.strip() for each in after if re.search(r"[a-zåäö]{3} [a-zåäö]", each))
        said[lang] = {each for each in prose if not each.startswith("areas = ")}
    assert said["sv"] & said["en"] == set()
    assert len(said["sv"]) > 5


def test_every_choice_of_a_guideline_is_in_words(sif: Sif) -> None:
    """None is explained by itself, as a file writes it."""
    text = sif("template", "guideline", "--lang", "sv").out
    explained = re.findall(r'"([a-z_]+)" \(([^)]+)\)', text)
    assert ("frame_lowered", "nämndens budgetram sänks") in explained
    assert [each for each, words in explained if each == words] == []


def test_only_a_list_is_a_workbook(sif: Sif) -> None:
    """``--xlsx`` with another kind says which kind it is for."""
    ran = sif("template", "scenario", "--xlsx", "x.xlsx", "--lang", "sv")
    assert ran.code == 2
    assert "bara en lista skrivs som arbetsbok" in ran.err


def test_a_policy_that_changes_nothing_is_refused(sif: Sif) -> None:
    """``--policy`` with a template that is the same for all is not left aside in silence."""
    ran = sif("template", "scenario", "--policy", "orebro@2016", "--lang", "sv")
    assert ran.code == 2
    assert "--policy används inte" in ran.err


def test_the_templates_for_researchers_can_be_used_as_they_are(
    sif: Callable[..., Any], tmp_path: Path
) -> None:
    """The plan runs, and the list of ideas is read with its example."""
    plan, ideas = tmp_path / "plan.toml", tmp_path / "ideas.csv"
    small = sif("template", "exploration").out.replace("draws = 30", "draws = 2")
    plan.write_text(small.replace("years = 15", "years = 1"), "utf-8")
    assert sif("explore", str(plan), "--jobs", "1").code == 0
    for lang, name in (("sv", "Familjecentral"), ("en", "Family centre")):
        ideas.write_text(sif("template", "ideas", "--lang", lang).out, "utf-8")
        found = own_ideas(ideas)
        assert found.columns["cost"].tolist() == [620_000_000.0]
        assert found.names == [name]


def test_an_english_template_has_no_swedish_value(sif: Callable[..., Any]) -> None:
    """Amounts and answers of the example are written as an English reader writes them."""
    (example,) = sif("template", "ideas", "--lang", "en").out.splitlines()[2:]
    assert "6.2 MSEK" in example
    assert "yes" in example
    assert not {"mnkr", "ja", "nej"} & set(example.replace(";", " ").split())
