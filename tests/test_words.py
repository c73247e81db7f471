"""Every text that people read is there in both languages, and says the same in each."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from attrs import frozen

ROOT = Path(__file__).parents[1]
FOLDERS = (
    ROOT / "sifrules",
    ROOT / "policies" / "sifrules_policies",
    ROOT / "plugins" / "sifrules_plugins",
    ROOT / "plugins" / "sifrules-example" / "src",
    ROOT / "simulation" / "sifrules_simulation",
)

#: Words that are the same in both languages.
THE_SAME = {
    *("administration", "ambition", "distribution", "parameter", "period", "policy"),
    *("plus", "scenario", "version"),
}
#: Towns and what the towns call things: names, in either language.
NAMES = {"Norrköping", "Nynäshamn", "Örebro", "Södertälje"}

#: The field's terms: where the English has the one, the Swedish has the other, as the
#: glossary does. What is left out of the English first is another sense of the word.
TERMS = {
    r"administrative fee": r"administrativ avgift",
    r"application uptake": r"ansökningsgrad",
    r"areas? of operation": r"verksamhetsområde",
    r"\bbehaviour": r"beteende",
    r"\bbreak-even": r"brytpunkt",
    r"\bclause": r"klausul",
    r"\bco-funding": r"medfinansiering",
    r"(?<!sustainability )\bcommittee": r"nämnd",
    r"(?<!% of )\bdraws?\b": r"dragning",
    r"\beligible": r"behörig",
    r"executive board": r"kommunstyrelse",
    r"\bexempt": r"befri",
    r"\bgoal area": r"målområde",
    r"\bguideline": r"riktlinje",
    r"\bidea test": r"idéprövning",
    r"\binstalment": r"delbetalning",
    r"\bmeets?\b|\bmet\b(?! on)": r"uppfyll|träffas",
    r"municipalit": r"kommun",
    r"\bplugin": r"tillägg",
    r"\bproject time": r"projekttid",
    r"\branges?\b": r"spann",
    r"regular operations": r"ordinarie verksamhet",
    r"\breplication": r"körning",
    r"\breturn flow": r"återföring",
    r"\bseed\b": r"frö",
    r"\bsurplus": r"överskott",
    r"\btop-up": r"påfyllning|fyllas på",
    r"\bviable": r"livskraftig",
    r"\bwhat-if": r"tankeexperiment",
    r"\bwrit\w+[- ]down": r"nedskriv|skriv\w* ned",
}
#: Other words for the same things: none of them is used.
NO_VARIANTS = {
    r"ansökansgrad|ansökningsfrekvens|söktryck": "ansökningsgrad",
    r"avskrivning|\bnedsättning": "nedskrivning",
    r"brytgräns|jämviktsvärde": "brytpunkt",
    r"kommitté": "nämnd",
    r"\bmöt(a|er|te|ts|ta|tta)\b": "uppfylla",
    r"\bplugin": "tillägg",
    r"replik(ation|at)|\bsimulering(en|ar)\b": "körning",
    r"slumpfrö": "frö",
    r"tänk om": "tankeexperiment",
    r"undantag från återföring": "befrielse",
    r"återbetalning|tillbakabetal|återflöde|återbörd": "återföring",
    r"öronmärk": "markering i eget kapital",
}
#: Where the source's own word stands, as the source has it.
QUOTED = {
    "öronmärkta miljonen": "vingaker/guidelines/undated.toml",
    "ut- och återbetalningsplaner": "malmo/guidelines/2016.toml",
    "kravet på återbetalning": "malmo/history.toml",
    "befrias från återbetalning": "sodertalje/guidelines/2018.toml",
}


# --- the catalogue --------------------------------------------------------------------


@frozen
class Text:
    """One text, and where it stands."""

    place: str
    sv: str
    en: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sv!r} / {self.en!r}"


@frozen
class Maker:
    """A function that makes a text of two of its own arguments: where, and by which names."""

    sv: tuple[int, str]
    en: tuple[int, str]


def placeholders(text: str) -> set[str]:
    """The names that a text has room for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def bare(text: str) -> str:
    """What a text says itself: without room for others, keys, and names of files."""
    own = "".join(each for each, _, _, _ in Formatter().parse(text))
    return re.sub(r"\S*\w[._/]\w\S*", "", own)


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module that is shipped."""
    for folder in FOLDERS:
        for file in sorted(folder.rglob("*.py")):
            yield str(file.relative_to(ROOT)), ast.parse(file.read_text("utf-8"))


MODULES = tuple(modules())


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _pair(node: ast.Call) -> tuple[ast.expr, ast.expr] | None:
    """The two languages that a call of ``Words`` is given; None of any other call."""
    given = {each.arg: each.value for each in node.keywords}
    return (given["sv"], given["en"]) if _called(node) == "Words" and "sv" in given else None


def _makers() -> dict[str, list[Maker]]:
    """By name, the functions that hand two of their own arguments on to ``Words``."""
    found: dict[str, list[Maker]] = {}
    for _, tree in MODULES:
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            every = [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
            for node in ast.walk(function):
                if not isinstance(node, ast.Call) or (both := _pair(node)) is None:
                    continue
                names = [each.id for each in both if isinstance(each, ast.Name)]
                if len(set(names)) == 2 and set(names) <= set(every):
                    sv, en = ((every.index(name), name) for name in names)
                    found.setdefault(function.name, []).append(Maker(sv, en))
    return found


def _argument(call: ast.Call, at: tuple[int, str]) -> ast.expr | None:
    position, name = at
    if position < len(call.args):
        return call.args[position]
    return next((each.value for each in call.keywords if each.arg == name), None)


def _written(node: ast.expr | None) -> str | None:
    """A text as it stands in the source; None of what is computed."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def in_modules() -> Iterator[Text]:
    """Every text that is written out in a module."""
    known = _makers()
    for place, tree in MODULES:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            found = [] if (both := _pair(node)) is None else [both]
            for maker in known.get(_called(node), ()):
                sv, en = _argument(node, maker.sv), _argument(node, maker.en)
                found += [] if sv is None or en is None else [(sv, en)]
            for one, other in found:
                sv_text, en_text = _written(one), _written(other)
                if sv_text is not None and en_text is not None:
                    yield Text(f"{place}:{node.lineno}", sv_text, en_text)


def in_files() -> Iterator[Text]:
    """Every text of the guidelines, records and scenarios that are shipped."""
    for folder in FOLDERS:
        for file in sorted(folder.rglob("*.toml")):
            yield from _of(tomllib.loads(file.read_text("utf-8")), f"{file.relative_to(ROOT)}:")


def _of(value: Any, place: str) -> Iterator[Text]:
    if isinstance(value, Mapping) and value.keys() == {"sv", "en"}:
        yield Text(place, value["sv"], value["en"])
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _of(each, f"{place} {key}")
    elif isinstance(value, list):
        for each in value:
            yield from _of(each, place)


TEXTS = (*in_modules(), *in_files())


# --- both languages -------------------------------------------------------------------


def test_the_catalogue_is_found() -> None:
    """The ways to make a text that are used are those that are looked through here."""
    assert {"clause", "parameter", "_measure", "_switch"} <= _makers().keys()
    assert {"återföring"} <= {text.sv for text in TEXTS}
    places = {text.place.partition(":")[0] for text in TEXTS}
    assert {"sifrules/cli/check.py", "simulation/sifrules_simulation/telling.py"} <= places
    assert "simulation/sifrules_simulation/municipalities/default.toml" in places
    assert len(TEXTS) > 1_000


def test_no_text_is_empty_and_both_have_room_for_the_same() -> None:
    """What a text is filled with is there in both languages."""
    wrong = [
        str(text)
        for text in TEXTS
        if not text.sv.strip()
        or not text.en.strip()
        or placeholders(text.sv) != placeholders(text.en)
    ]
    assert wrong == []


def test_a_text_that_is_the_same_in_both_is_so_on_purpose() -> None:
    """Nothing was left in one language: what is not translated is a name, a loanword or a key."""
    left = [
        str(text)
        for text in TEXTS
        if text.sv == text.en
        and text.sv not in NAMES
        and set(re.findall(r"[^\W\d_]+", bare(text.sv))) - THE_SAME
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
def test_no_text_speaks_the_other_language(language: str, foreign: str) -> None:
    """The small words of one language do not stand in the texts of the other."""
    said = [(text, bare(getattr(text, language))) for text in TEXTS]
    titles = {title for title in _titles() if " " in title}
    for title in sorted(titles, key=len, reverse=True):
        said = [(text, own.replace(title, "")) for text, own in said]
    assert [str(text) for text, own in said if re.search(foreign, own.lower())] == []


def _titles() -> set[str]:
    """What the documents that are cited are called: their own names, in their own language."""
    found = set()
    for folder in FOLDERS:
        for file in folder.rglob("*.toml"):
            documents = tomllib.loads(file.read_text("utf-8")).get("documents", {})
            found |= {each["title"] for each in documents.values()}
    return found


def test_swedish_is_written_with_its_own_letters() -> None:
    """No word with å, ä or ö also stands there without them, but for pairs that are both words."""
    words = {word for text in TEXTS for word in re.findall(r"[^\W\d_]+", bare(text.sv).lower())}
    plain = str.maketrans("åäö", "aao")
    both = {
        *("än", "här", "sätt", "startår", "avsätts", "sätts", "ingå", "avsätta", "väl", "ändras"),
    }
    stripped = {word: word.translate(plain) for word in words if word.translate(plain) != word}
    assert {word for word, without in stripped.items() if without in words} - both == set()
    assert not words & {"aterforing", "namnd", "ansokan", "manader", "atgard", "insats a"}


@pytest.mark.parametrize("english", TERMS)
def test_a_term_has_one_word_in_swedish(english: str) -> None:
    """Whoever reads both languages finds the same term in the same place."""
    wanted = TERMS[english]
    wrong = [
        str(text)
        for text in TEXTS
        if re.search(english, bare(text.en), re.IGNORECASE)
        and not re.search(wanted, text.sv, re.IGNORECASE)
    ]
    assert wrong == []


def test_the_terms_are_those_of_the_glossary() -> None:
    """Each Swedish term of the table above is explained in the glossary."""
    lines = (ROOT / "docs" / "glossary.md").read_text("utf-8").lower().splitlines()
    terms = "\n".join(line.split("|")[1] for line in lines if line.startswith("|"))
    lacking = [each for each in TERMS.values() if not re.search(each, terms)]
    assert lacking == []


@pytest.mark.parametrize("variant", NO_VARIANTS)
def test_there_is_no_other_word_for_a_term(variant: str) -> None:
    """One thing, one word."""
    wrong = [
        f"{text}: say {NO_VARIANTS[variant]}"
        for text in TEXTS
        if re.search(variant, _own(text), re.IGNORECASE)
    ]
    assert wrong == []


def _own(text: Text) -> str:
    """What a text says in Swedish, but for a source's own word."""
    said = text.sv
    for word, place in QUOTED.items():
        said = said.replace(word, "") if place in text.place else said
    return said


def test_a_number_is_not_broken_from_its_unit_in_swedish() -> None:
    """Between a number and %, kr or mnkr there is a space that never breaks."""
    assert [str(text) for text in TEXTS if re.search(r"[}\d] (%|kr\b|mnkr)", text.sv)] == []


# --- nothing beside it ----------------------------------------------------------------


def test_what_is_put_together_is_made_of_such_texts() -> None:
    """A text that is computed has no words of its own, in one language or the other."""
    wrong = [
        f"{place}:{node.lineno}: {ast.unparse(each)}"
        for place, tree in MODULES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (both := _pair(node)) is not None
        for each in both
        if _written(each) is None
        for part in ast.walk(each)
        if (said := _written(part) if isinstance(part, ast.expr) else None)
        and re.search(r"[^\W\d_]{2}", bare(said))
        and said not in ("sv", "en")
    ]
    assert wrong == []


#: What makes something that people see, and at which argument its words stand.
SEEN = {"Column": 0, "Paragraph": 0, "Heading": 0, "Command": 0, "Points": 0, "Section": 1}


def test_nothing_that_is_shown_is_written_in_one_language_alone() -> None:
    """Headings, paragraphs and titles are given texts that were said in the reader's language."""
    wrong = []
    for place, tree in MODULES:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            at = SEEN.get(_called(node))
            given = node.args[at : at + 1] if at is not None else []
            given += [each.value for each in node.keywords if each.arg in ("title", "lead")]
            for each in given:
                said = [_written(each)]
                if isinstance(each, ast.JoinedStr):
                    said = [_written(value) for value in each.values]
                wrong += [
                    f"{place}:{node.lineno}: {text}"
                    for text in said
                    if text and re.search(r"[^\W\d_]{2}", text)
                ]
    assert wrong == []


def test_the_page_of_the_report_has_no_words_of_its_own() -> None:
    """All that its template says is given to it."""
    file = ROOT / "simulation" / "sifrules_simulation" / "reporting" / "report.html.jinja"
    shown = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", file.read_text("utf-8"), flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', shown)
    text = re.sub(r"<[^>]*>", " ", shown, flags=re.DOTALL)
    assert re.findall(r"[^\W\d_]+", " ".join([text, *spoken])) == []
