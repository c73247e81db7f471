"""An application file is read with all its faults, and checked against a policy's facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from sifrules.errors import FaultyFile
from sifrules.loading.application import Application, check_facts, flat_facts, read_application
from sifrules.rules.conditions import Fact
from sifrules.rules.kinds import Kind
from sifrules.rules.vocabulary import FACTS, Vocabulary
from sifrules.values.text import LocalizedText


def _read(folder: Path, text: str) -> Application:
    file = folder / "ours.toml"
    file.write_text(text, "utf-8")
    return read_application(file)


def test_facts_stand_in_tables_or_under_dotted_names(tmp_path: Path) -> None:
    """Both ways to write TOML give the same facts."""
    tables = _read(tmp_path, "[application]\nareas = 2\n[parts]\nbudget = true\n")
    dotted = _read(tmp_path, "application.areas = 2\nparts.budget = true\n")
    assert tables.facts == dotted.facts == {"application.areas": 2, "parts.budget": True}


def test_an_application_without_a_name_is_called_as_its_file(tmp_path: Path) -> None:
    """A name is never empty."""
    assert _read(tmp_path, "application.areas = 2").name == "ours"
    assert _read(tmp_path, 'name = "SkolFam"').name == "SkolFam"


@pytest.mark.parametrize("about", ['"a text"', '{ sv = "en text", en = "a text" }'])
def test_what_it_is_about_may_be_in_one_language_or_both(tmp_path: Path, about: str) -> None:
    """A plain text reads the same in both."""
    told = _read(tmp_path, f"about = {about}").about
    assert told is not None
    assert told.en == "a text"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = 3", "name: expected a text"),
        ("source = true", "source: expected a text"),
        ("about = 3", "about: expected a text"),
        ('about = ""', "about: expected a text"),
        ('about = { sv = "x" }', "about: expected a text"),
        ('about = { sv = "", en = "x" }', "about: expected a text"),
        ('about = { sv = 1, en = "x" }', "about: expected a text"),
        ("aplication = 1", "aplication: unknown key; did you mean application"),
        ("application = 5", r"application: expected a table, as \[application\]"),
        ("[[application]]\nareas = 2", r"application: expected a table, as \[application\]"),
        ("[[parts]]", r"parts: expected a table, as \[parts\]"),
        ("", "says nothing about an application"),
        ("# nothing yet\n", "says nothing about an application"),
    ],
)
def test_what_is_no_application_is_reported_with_the_key(
    tmp_path: Path, text: str, told: str
) -> None:
    """Each fault names the file, the key and what was expected."""
    with pytest.raises(FaultyFile, match=rf"ours\.toml: {told}"):
        _read(tmp_path, text)


def test_every_impossible_fact_is_reported_at_once(tmp_path: Path) -> None:
    """Misspelt names and wrong values, each under its name in the file."""
    text = '[application]\nareas = "two"\ncost = -0.001\nearyl = true\nevaluable = true\n'
    with pytest.raises(FaultyFile) as caught:
        check_facts(_read(tmp_path, text), FACTS)
    told = {fault.key: str(fault.problem) for fault in caught.value.faults}
    assert told.keys() == {"application.areas", "application.cost", "application.earyl"}
    assert "did you mean application.early" in str(
        next(fault.fix for fault in caught.value.faults if fault.key == "application.earyl")
    )
    assert not any(problem.startswith("application.") for problem in told.values())


@pytest.mark.parametrize("top", ["application", "about", "documents", "odd"])
def test_tables_nested_without_end_are_a_fault(tmp_path: Path, top: str) -> None:
    """Thousands of them break nothing."""
    with pytest.raises(FaultyFile, match=f"{top}: is nested too deep"):
        _read(tmp_path, f"{top}.{'.'.join('a' * 2000)} = 1")


def test_a_fact_is_unknown_only_where_nobody_knows_it(tmp_path: Path) -> None:
    """Its value is checked against each vocabulary that does."""
    own = Vocabulary(
        [Fact("application.local", Kind.FLAG, LocalizedText(sv="på orten", en="local"))]
    )
    other = Vocabulary(
        [Fact("application.local", Kind.COUNT, LocalizedText(sv="lokala", en="local"))]
    )
    said = _read(tmp_path, "[application]\nlocal = true\n")
    check_facts(said, FACTS, own)
    with pytest.raises(FaultyFile, match=r"no fact 'application\.local'"):
        check_facts(said, FACTS)
    with pytest.raises(FaultyFile, match="expected a whole number"):
        check_facts(said, own, other)


def test_possible_facts_are_passed(tmp_path: Path) -> None:
    """A sound file raises nothing."""
    check_facts(_read(tmp_path, "[application]\nareas = 2\n"), FACTS)


def test_tables_are_flattened_however_deep() -> None:
    """Each value under the path to it."""
    assert dict(flat_facts({"a": {"b": {"c": 1}, "d": 2}, "e": 3})) == {
        "a.b.c": 1,
        "a.d": 2,
        "e": 3,
    }
