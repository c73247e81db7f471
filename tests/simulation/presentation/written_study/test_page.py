"""The written study: one template, two languages, and a committed page that has its structure."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sifrules.plugin.registry import Registry
from sifrules.values.messages import Message
from sifrules.values.text import LANGUAGES, Language
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.presentation.written_study import page as writing
from sifrules_simulation.studies import study_file

pytestmark = pytest.mark.once

DOCS = Path(__file__).parents[4] / "docs" / "studies"
#: The released results, cut to a few rows of every kind.
SAMPLE = Path(__file__).parents[2] / "studies" / "return-flow.json"
CODE = re.compile(r'_\(\s*"(study_page\.\w+)"|else "(study_page\.\w+)"')
SMALL = """\
title = { sv = "Liten", en = "Small" }
released = true
seed = 1
policies = ["orebro@2016"]
draws = 64
replications = 2
cause_replications = 1
years = 1

[[controls]]
id = "null"
title = { sv = "Noll", en = "Null" }
expect = { sv = "Ingen skillnad.", en = "No difference." }
behaviour = "null"
draws = 2
"""


@pytest.fixture(scope="module")
def small(everything: Registry, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The data of a small study that is run here."""
    file = tmp_path_factory.mktemp("study") / "return-flow.toml"
    file.write_text(SMALL, "utf-8")
    stated = study_file.read_study(file)
    planned = study_file.plan_studies(everything, stated)
    study, controls = study_file.run_study_file(everything, stated, planned, Running(jobs=1))
    data = writing.as_data(stated, study, controls, minutes=0.1)
    return json.loads(json.dumps(data))


def codes() -> list[str]:
    """The codes of every text of the template."""
    folder = Path(writing.__file__).parent
    found = CODE.findall((folder / "return_flow.md.jinja").read_text("utf-8"))
    return sorted({first or second for first, second in found})


def said(page: str, lang: Language) -> set[str]:
    """The codes whose text stands on a page, whatever is filled in."""
    found = set()
    for code in codes():
        parts = re.split(r"\\\{\w+\\\}", re.escape(_template(code, lang)))
        if re.search(".+?".join(parts), page, re.DOTALL):
            found.add(code)
    return found


def _template(code: str, lang: Language) -> str:
    class Room(dict[str, str]):
        def __missing__(self, name: str) -> str:
            return f"{{{name}}}"

    room = {name: f"{{{name}}}" for name in ROOM}
    return Message(code, **room).text(lang)


#: The names of everything that a text of the template has room for.
ROOM = sorted(
    {
        name
        for call in re.findall(
            r'_\("study_page\.\w+".*?\) \}\}',
            (Path(writing.__file__).parent / "return_flow.md.jinja").read_text("utf-8"),
        )
        for name in re.findall(r"(?<![\w(])(\w+)=", call)
    }
    | {"points", "note", "low", "high", "all"}
)


def headings(page: str) -> list[str]:
    return re.findall(r"^#+ .*$", page, re.MULTILINE)


def tables(page: str) -> list[str]:
    """The heads of the tables, with how their columns are aligned."""
    return re.findall(r"^\|.*\|\n\|(?:-+:?\|)+$", page, re.MULTILINE)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_committed_page_has_the_structure_that_the_template_gives(lang: Language) -> None:
    """Headings, heads of tables, figures and sentences are those of the released results."""
    committed = (DOCS / f"{writing.page_name('return-flow', lang)}.md").read_text("utf-8")
    made = writing.page("return-flow", json.loads(SAMPLE.read_text("utf-8")), lang)
    assert headings(made) == headings(committed)
    assert tables(made) == tables(committed)
    assert said(made, lang) == said(committed, lang)
    assert re.findall(r"`return-flow[\w.-]*`", made) == re.findall(
        r"`return-flow[\w.-]*`", committed
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_committed_page_states_the_settings_of_its_file(lang: Language) -> None:
    """Draws, replications, years and seed on the page are those of the study file."""
    committed = (DOCS / f"{writing.page_name('return-flow', lang)}.md").read_text("utf-8")
    stated = tomllib.loads((DOCS / "return-flow.toml").read_text("utf-8"))
    settings = (_after_heading(committed, "## 4.")).splitlines()
    for key in ("draws", "replications", "years", "seed", "scenario"):
        value = f"`{stated[key]}`" if isinstance(stated[key], str) else str(stated[key])
        assert any(line.endswith(f"| {value} |") for line in settings), key


def _after_heading(page: str, heading: str) -> str:
    return page.partition(heading)[2].partition("\n## ")[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_small_study_gives_a_page_with_the_same_headings(small: Any, lang: Language) -> None:
    """What is run now and what was released are written by the same template."""
    made = writing.page("return-flow", small, lang)
    committed = (DOCS / f"{writing.page_name('return-flow', lang)}.md").read_text("utf-8")
    own = {"### Noll", "### Null", "# Liten", "# Small"}
    titles = {f"### {each['title'][lang]}" for each in _controls()} | {f"# {_title(lang)}"}
    assert [each for each in headings(made) if each not in own] == [
        each for each in headings(committed) if each not in titles
    ]
    assert set(tables(made)) <= set(tables(committed))
    assert said(made, lang) <= said(committed, lang) | {
        "study_page.record_none",
        "study_page.no_sensitivity",
        "study_page.unavailable",
    }


def test_the_sample_of_the_released_results_has_the_shape_of_a_study_run_now(small: Any) -> None:
    """Its keys are the keys of a study, all through."""
    assert _keys(json.loads(SAMPLE.read_text("utf-8"))) == _keys(small)


def _keys(data: Any) -> Any:
    """The keys of what has the same in every study."""
    study = data["study"]
    return (
        data.keys(),
        study.keys(),
        study["policies"][0].keys(),
        study["causes"][0].keys(),
        study["sensitivity"][0].keys(),
        study["regions"][0].keys(),
        study["calibration"].keys(),
        study["calibration"]["predicted"][0].keys(),
        study["calibration"]["parameters"][0].keys(),
        data["controls"][0].keys(),
        data["parameters"][0].keys(),
    )


def _controls() -> list[dict[str, Any]]:
    stated = tomllib.loads((DOCS / "return-flow.toml").read_text("utf-8"))
    controls: list[dict[str, Any]] = stated["controls"]
    return controls


def _title(lang: Language) -> str:
    stated = tomllib.loads((DOCS / "return-flow.toml").read_text("utf-8"))
    return str(stated["title"][lang])
