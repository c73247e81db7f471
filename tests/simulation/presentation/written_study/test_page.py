"""The written study: one template, two languages, and a page that is what its results say."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sifrules.errors import SifError
from sifrules.values.text import LANGUAGES, Language
from sifrules_simulation.analysis.hypotheses import HYPOTHESES, Grade
from sifrules_simulation.presentation.study_summary import sentences
from sifrules_simulation.presentation.written_study import page as writing

DOCS = Path(__file__).parents[4] / "docs" / "studies"
NAME = "return-flow"
#: What a study of few draws has to say, and one of many not.
NOTHING_STANDS_OUT: Mapping[Language, set[str]] = {
    "en": {
        "No single assumption has a measurable influence on the effect.",
        "No assumption by itself can be shown to make it easier to settle a hypothesis.",
        "- no coverage: there is no interval",
    },
    "sv": {
        "Inget enskilt antagande har mätbar påverkan på effekten.",
        "Inget antagande för sig kan visas göra det lättare att avgöra en hypotes.",
        "- ingen täckning kan anges: det finns inga intervall",
    },
}


@pytest.fixture(scope="module")
def small(small_study: Path) -> Mapping[str, Any]:
    """The data of a small study that the tests run."""
    return writing.saved_data(small_study.parent, small_study.stem)


def headings(page: str) -> list[str]:
    return re.findall(r"^#+ .*$", page, re.MULTILINE)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_committed_page_is_what_its_results_say(lang: Language) -> None:
    """To the letter, where the results are: they are files of the release."""
    if not (DOCS / f"{NAME}.json").exists():
        pytest.skip("the results of the study, files of the release, are not here")
    assert writing.stale(DOCS, NAME, lang) is None


@pytest.mark.once
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_committed_page_says_what_a_study_run_now_says(
    small: Mapping[str, Any], lang: Language
) -> None:
    """Every sentence that holds no figure is word for word on the page that was released."""
    committed = (DOCS / f"{writing.page_name(NAME, lang)}.md").read_text("utf-8").splitlines()
    made = writing.page(NAME, {**small, "file": f"{NAME}.toml"}, lang)
    assert _without_figures(made) - set(committed) <= NOTHING_STANDS_OUT[lang]


def _without_figures(page: str) -> set[str]:
    """The lines of running text in which no number stands."""
    return {each for each in page.splitlines() if each.strip() and not re.search(r"\d|^[#|]", each)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_page_is_one_picture_and_five_sentences(lang: Language) -> None:
    """The picture is next to the page, and a box says what cannot tell means."""
    called = writing.page_name(NAME, lang)
    page = (DOCS / f"{called}.md").read_text("utf-8")
    first = page.split("\n## ")[1]
    assert re.findall(r"!\[.*?\]\((.*?)\)", first) == [f"{called}-effects.svg"]
    assert (DOCS / f"{called}-effects.svg").read_text("utf-8").startswith("<svg")
    assert re.findall(r"^(\d)\. ", first, re.MULTILINE) == ["1", "2", "3", "4", "5"]


@pytest.mark.once
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_box_counts_the_verdicts_that_cannot_tell(
    small: Mapping[str, Any], lang: Language
) -> None:
    """Its figure is that of the results."""
    first = writing.page(NAME, small, lang).split("\n## ")[1]
    cannot = sum(each["verdict"] == Grade.CANNOT_TELL for each in small["study"]["findings"])
    (box,) = re.findall(r"^> \*(?:Cannot tell|Går inte att avgöra)\*(?:.*\n> )*?.*?(\d+)",
                        first, re.MULTILINE)  # fmt: skip
    assert int(box) == cannot


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_committed_page_states_the_settings_of_its_file(lang: Language) -> None:
    """Draws, replications, years and seed on the page are those of the study file."""
    committed = (DOCS / f"{writing.page_name(NAME, lang)}.md").read_text("utf-8")
    stated = tomllib.loads((DOCS / f"{NAME}.toml").read_text("utf-8"))
    settings = committed.partition("## 4.")[2].partition("\n## ")[0].splitlines()
    for key in ("draws", "replications", "years", "seed"):
        assert any(line.endswith(f"| {stated[key]} |") for line in settings), key


def _with(verdicts: Mapping[str, str], mean: float = 0.1) -> Mapping[str, Any]:
    """A study of two policies with these verdicts, others in few worlds."""
    return {
        "findings": [
            {
                "policy": policy,
                "hypothesis": each.code,
                "difference": {"mean": each.sign * mean, "low": 0.0, "high": 0.0},
                "verdict": verdicts.get(each.code, Grade.FEW.value),
            }
            for policy in ("a", "b")
            for each in HYPOTHESES
        ],
        "information": [],
    }


def test_the_sentences_follow_the_findings() -> None:
    """Another verdict gives another sentence, and there are five whatever was found."""
    parameters = [{"assumed": True}, {"assumed": False}]
    found = {
        grade: [each.text("en") for each in sentences(_with({"deters": grade}), parameters)]
        for grade in Grade
    }
    assert {len(each) for each in found.values()} == {5}
    assert "does not clearly deter" in found[Grade.DEPENDS][0]
    assert "under every guideline studied (2)" in found[Grade.MOST][0]
    left = sentences(_with({"fewer_in_all": Grade.REVERSED}), parameters)[2]
    assert "under 0 guidelines, more under 2" in left.text("en")
    assert "1 of its 2 parameters are assumptions" in found[Grade.FEW][4]


@pytest.mark.once
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_small_study_gives_a_page_with_the_same_headings(
    small: Mapping[str, Any], lang: Language
) -> None:
    """What is run now and what was released are written by the same template."""
    made = writing.page(NAME, small, lang)
    committed = (DOCS / f"{writing.page_name(NAME, lang)}.md").read_text("utf-8")
    own = {"### Noll", "### Null", "# Liten", "# Small"}
    stated = tomllib.loads((DOCS / f"{NAME}.toml").read_text("utf-8"))
    titles = {f"### {each['title'][lang]}" for each in stated["controls"]}
    titles.add(f"# {stated['title'][lang]}")
    assert [each for each in headings(made) if each not in own] == [
        each for each in headings(committed) if each not in titles
    ]


@pytest.mark.once
def test_results_of_an_older_version_are_named_and_not_shown_in_part(
    small_study: Path, tmp_path: Path
) -> None:
    """The file, that it is older, and what to do."""
    data = json.loads(small_study.read_text("utf-8"))
    del data["study"]["as_assumed"]
    (tmp_path / "old.json").write_text(json.dumps(data), "utf-8")
    with pytest.raises(SifError, match=r"old\.json was saved by an older version"):
        writing.saved_data(tmp_path, "old")
