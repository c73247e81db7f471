"""Every text that people read stands in both languages, and says the same in each."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[1]

SHOWN = ROOT / "simulation" / "sifrules_simulation" / "presentation"
CODE = r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+"

#: The field's terms and other words, as the glossary has them.
WORDS = tomllib.loads((ROOT / "tests" / "terms.toml").read_text("utf-8"))
TERMS, NO_VARIANTS = WORDS["terms"], WORDS["no_variants"]


# --- both languages -------------------------------------------------------------------


def test_every_way_to_make_a_text_is_looked_through(catalogue: Any) -> None:
    """Pairs in modules, pairs in files and messages of both catalogues are among the texts."""
    assert {"clause", "parameter", "_measure", "_switch"} <= catalogue.makers().keys()
    assert len(catalogue.CATALOGUES) == 2
    places = {text.place.partition(":")[0] for text in catalogue.TEXTS}
    assert {"sifrules/rules/vocabulary.py", *catalogue.CATALOGUES} <= places
    assert "simulation/sifrules_simulation/model/municipalities/default.toml" in places
    assert len(catalogue.TEXTS) > 1_000


def test_both_catalogues_of_a_package_have_the_same_codes(catalogue: Any) -> None:
    """A message has a text, and as many plural forms, in both languages."""
    for swedish, english in catalogue.CATALOGUES.values():
        assert swedish.keys() == english.keys()
        assert [code for code in swedish if len(swedish[code]) != len(english[code])] == []
        assert [code for code in swedish if not re.fullmatch(CODE, code)] == []


def test_no_code_stands_in_two_catalogues(catalogue: Any) -> None:
    """A code is one text, whichever package is looked through first."""
    (first, _), (second, _) = catalogue.CATALOGUES.values()
    assert first.keys() & second.keys() == set()


def test_the_codes_that_are_used_are_those_of_the_catalogues(catalogue: Any) -> None:
    """No message lacks its text, and no text is left that nothing says."""
    codes = {code for swedish, _ in catalogue.CATALOGUES.values() for code in swedish}
    nodes = [node for _, tree in catalogue.MODULES for node in ast.walk(tree)]
    made = {
        code
        for node in nodes
        if isinstance(node, ast.Call) and catalogue.called(node) == "Message" and node.args
        if (code := catalogue.written(node.args[0])) is not None
    }
    assert made - codes == set()
    strings = {catalogue.written(node) for node in nodes if isinstance(node, ast.Constant)}
    templates = [file.read_text("utf-8") for file in SHOWN.rglob("*.jinja")]
    unused = {code for code in codes - strings if not any(code in text for text in templates)}
    assert unused == set()


def test_no_text_is_empty_and_both_have_room_for_the_same(catalogue: Any) -> None:
    """What a text is filled with is there in both languages; the number may be in the words."""
    wrong = [
        str(text)
        for text in catalogue.TEXTS
        if not text.sv.strip()
        or not text.en.strip()
        or (catalogue.placeholders(text.sv) ^ catalogue.placeholders(text.en)) - {"n"}
    ]
    assert wrong == []


def test_a_text_that_is_the_same_in_both_is_so_on_purpose(catalogue: Any) -> None:
    """Nothing was left in one language: what is not translated is a name, a loanword or a key."""
    left = [
        str(text)
        for text in catalogue.TEXTS
        if text.sv == text.en
        and text.sv not in WORDS["names"]
        and set(re.findall(r"[^\W\d_]+", catalogue.bare(text.sv))) - {*WORDS["the_same"]}
        and not text.sv.startswith("pip install ")
    ]
    assert left == []


@pytest.mark.parametrize(
    ("language", "foreign"),
    [
        ("sv", r"\b(the|of|is|and|with|which|from|not|that|are|by|to|be|it|as|this)\b"),
        ("en", r"\b(och|att|som|inte|är|av|från|det|ett|på|till|för|eller)\b"),
    ],
)
def test_no_text_speaks_the_other_language(catalogue: Any, language: str, foreign: str) -> None:
    """The small words of one language do not stand in the texts of the other."""
    said = [(text, catalogue.bare(getattr(text, language))) for text in catalogue.TEXTS]
    titles = {title for title in catalogue.titles() if " " in title}
    for title in [*WORDS["introduced"], *sorted(titles, key=len, reverse=True)]:
        said = [(text, own.replace(title, "")) for text, own in said]
    assert [str(text) for text, own in said if re.search(foreign, own.lower())] == []


def test_swedish_is_written_with_its_own_letters(catalogue: Any) -> None:
    """No word with å, ä or ö also stands there without them, but for pairs that are both words."""
    words = {
        word
        for text in catalogue.TEXTS
        for word in re.findall(r"[^\W\d_]+", catalogue.bare(text.sv).lower())
    }
    plain = str.maketrans("åäö", "aao")
    stripped = {word: word.translate(plain) for word in words if word.translate(plain) != word}
    assert {word for word, without in stripped.items() if without in words} - {
        *WORDS["both_with_and_without"]
    } == set()
    assert not words & {"aterforing", "namnd", "ansokan", "manader", "atgard", "insats a"}


@pytest.mark.parametrize("english", TERMS)
def test_a_term_has_one_word_in_swedish(catalogue: Any, english: str) -> None:
    """Whoever reads both languages finds the same term in the same place."""
    wanted = TERMS[english]
    wrong = [
        str(text)
        for text in catalogue.TEXTS
        if re.search(english, catalogue.bare(text.en), re.IGNORECASE)
        and not re.search(wanted, text.sv, re.IGNORECASE)
    ]
    assert wrong == []


def test_the_terms_are_those_of_the_glossary() -> None:
    """Each Swedish term of the table above is explained in the glossary."""
    lines = (ROOT / "docs" / "explanation" / "glossary.md").read_text("utf-8").lower().splitlines()
    terms = "\n".join(line.split("|")[1] for line in lines if line.startswith("|"))
    lacking = [each for each in TERMS.values() if not re.search(each, terms)]
    assert lacking == []


@pytest.mark.parametrize("variant", NO_VARIANTS)
def test_there_is_no_other_word_for_a_term(catalogue: Any, variant: str) -> None:
    """One thing, one word."""
    wrong = [
        f"{text}: say {NO_VARIANTS[variant]}"
        for text in catalogue.TEXTS
        if re.search(variant, _own(text), re.IGNORECASE)
    ]
    assert wrong == []


def _own(text: Any) -> str:
    """What a text says in Swedish, but for a source's own word."""
    said = re.sub(r"\{.*?\}", "", text.sv)
    for word, place in WORDS["quoted"].items():
        said = said.replace(word, "") if place in text.place else said
    return said


def test_a_number_is_not_broken_from_its_unit_in_swedish(catalogue: Any) -> None:
    """Between a number and %, kr or mnkr there is a space that never breaks."""
    assert [
        str(text) for text in catalogue.TEXTS if re.search(r"[}\d] (%|kr\b|mnkr)", text.sv)
    ] == []


# --- nothing beside it ----------------------------------------------------------------


def test_what_is_put_together_is_made_of_such_texts(catalogue: Any) -> None:
    """A text that is computed has no words of its own, in one language or the other."""
    wrong = [
        f"{place}:{node.lineno}: {ast.unparse(each)}"
        for place, tree in catalogue.MODULES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and catalogue.called(node) == "LocalizedText"
        for both in catalogue.pairs(node, ["sv", "en"])
        for each in both
        if catalogue.written(each) is None
        for part in ast.walk(each)
        if (said := catalogue.written(part) if isinstance(part, ast.expr) else None)
        and re.search(r"[^\W\d_]{2}", catalogue.bare(said))
        and said not in ("sv", "en")
    ]
    assert wrong == []


#: What makes something that people see, and at which argument its words stand.
SEEN = {"Column": 0, "Paragraph": 0, "Heading": 0, "Command": 0, "Points": 0, "Section": 1}


def test_nothing_that_is_shown_is_written_in_one_language_alone(catalogue: Any) -> None:
    """Headings, paragraphs and titles are given texts that were said in the reader's language."""
    wrong = []
    for place, tree in catalogue.MODULES:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            at = SEEN.get(catalogue.called(node))
            given = node.args[at : at + 1] if at is not None else []
            given += [each.value for each in node.keywords if each.arg in ("title", "lead")]
            for each in given:
                said = [catalogue.written(each)]
                if isinstance(each, ast.JoinedStr):
                    said = [catalogue.written(value) for value in each.values]
                wrong += [
                    f"{place}:{node.lineno}: {text}"
                    for text in said
                    if text and re.search(r"[^\W\d_]{2}", text)
                ]
    assert wrong == []


#: What stands in the template of the written study itself: commands, and words of both languages.
COMMANDS = r"    pip [^\n]*|    sif [^\n]*|svg|## 3\. Data|\| scenario \||\| policy \|"


def test_the_written_study_has_no_words_of_its_own() -> None:
    """One template says in each language what the catalogue has."""
    text = (SHOWN / "written_study" / "return_flow.md.jinja").read_text("utf-8")
    shown = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", text, flags=re.DOTALL)
    shown = re.sub(COMMANDS, "", shown, flags=re.DOTALL)
    assert re.findall(r"[^\W\d_]{2,}", shown) == []


def test_the_page_of_the_report_has_no_words_of_its_own() -> None:
    """All that its template says is given to it."""
    file = SHOWN / "report" / "report.html.jinja"
    shown = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", file.read_text("utf-8"), flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', shown)
    text = re.sub(r"<[^>]*>", " ", shown, flags=re.DOTALL)
    assert re.findall(r"[^\W\d_]+", " ".join([text, *spoken])) == []
