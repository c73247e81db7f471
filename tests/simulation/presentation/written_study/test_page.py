"""The written study: one template, two languages, and a page that is what its results say."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sifrules.plugin.registry import Registry
from sifrules.values.text import LANGUAGES, Language
from sifrules_simulation.analysis.hypotheses import HYPOTHESES, Grade
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.presentation.study_summary import sentences
from sifrules_simulation.presentation.written_study import page as writing
from sifrules_simulation.studies import study_file

DOCS = Path(__file__).parents[4] / "docs" / "studies"
NAME = "return-flow"
SMALL = """\
title = { sv = "Liten", en = "Small" }
released = true
seed = 1
policies = ["orebro@2016"]
draws = 128
replications = 2
cause_replications = 1
alternative_draws = 2
years = 1

[[controls]]
id = "null"
title = { sv = "Noll", en = "Null" }
expect = { sv = "Ingen skillnad.", en = "No difference." }
behaviour = "null"
draws = 2
"""


@pytest.fixture(scope="module")
def committed() -> Mapping[str, Any]:
    """The results that the committed page was made from."""
    return writing.saved_data(DOCS, NAME)


@pytest.fixture(scope="module")
def small(everything: Registry, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The data of a small study that is run here."""
    file = tmp_path_factory.mktemp("study") / f"{NAME}.toml"
    file.write_text(SMALL, "utf-8")
    stated = study_file.read_study(file)
    planned = study_file.plan_studies(everything, stated)
    study, controls = study_file.run_study_file(everything, stated, planned, Running(jobs=1))
    data = writing.as_data(stated, study, controls, minutes=0.1)
    return json.loads(json.dumps(data))


def headings(page: str) -> list[str]:
    return re.findall(r"^#+ .*$", page, re.MULTILINE)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_committed_page_is_what_its_committed_results_say(lang: Language) -> None:
    """To the letter: whoever changes a sentence of it writes it again, from the same results."""
    assert writing.stale(DOCS, NAME, lang) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_page_is_one_picture_and_five_sentences(
    committed: Mapping[str, Any], lang: Language
) -> None:
    """The picture is next to the page, and a box says what cannot tell means."""
    called = writing.page_name(NAME, lang)
    page = (DOCS / f"{called}.md").read_text("utf-8")
    first = page.split("\n## ")[1]
    assert re.findall(r"!\[.*?\]\((.*?)\)", first) == [f"{called}-effects.svg"]
    assert (DOCS / f"{called}-effects.svg").read_text("utf-8").startswith("<svg")
    assert re.findall(r"^(\d)\. ", first, re.MULTILINE) == ["1", "2", "3", "4", "5"]
    cannot = sum(each["verdict"] == Grade.CANNOT_TELL for each in committed["study"]["findings"])
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
def test_a_small_study_gives_a_page_with_the_same_headings(small: Any, lang: Language) -> None:
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
def test_the_committed_results_have_the_shape_of_a_study_run_now(
    small: Any, committed: Mapping[str, Any]
) -> None:
    """Its keys are the keys of a study, all through."""
    assert _keys(committed) == _keys(small)


def _keys(data: Any) -> Any:
    """The keys of what has the same in every study."""
    study = data["study"]
    return (
        data.keys(),
        study.keys(),
        study["policies"][0].keys(),
        study["findings"][0].keys(),
        study["alternatives"].keys(),
        study["causes"][0].keys(),
        study["sensitivity"][0].keys(),
        study["regions"][0].keys(),
        study["calibration"].keys(),
        study["calibration"]["predicted"][0].keys(),
        study["calibration"]["parameters"][0].keys(),
        data["controls"][0].keys(),
        data["parameters"][0].keys(),
    )
