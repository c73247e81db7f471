"""What the commands print: in the language asked for, and in no other."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from sifrules.cli import main
from sifrules.values.text import LANGUAGES, Language
from sifrules_simulation.presentation.written_study import page as writing

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[1]
FEW = ("--years", "3", "--jobs", "1")
EXAMPLES = ROOT / "examples"

#: Small words that only one of the languages has.
SMALL = {
    "en": r"\b(the|of|is|and|with|which|from|not|that|are|by|be|it|this|no|count|months|share)\b",
    "sv": r"\b(och|att|som|inte|är|av|från|det|ett|på|till|för|eller|vid|månader|andel)\b",
}


def commands(place: Path) -> dict[str, tuple[str, ...]]:
    """A small case of every command whose answer has a language."""
    kept, study = str(place / "comparison"), str(place / "study")
    pair = ("orebro@2016", "norrkoping@2022")
    few = ("--replications", "4", *FEW)
    return {
        "policies": ("policies",),
        "show": ("show", "orebro@2016"),
        "diff": ("diff", "norrkoping@2010", "norrkoping@2022"),
        "check": ("check", str(EXAMPLES / "applications" / "fails-one-area.toml")),
        "check with its rules": (
            *("check", str(EXAMPLES / "applications" / "invented-complete.toml")),
            *("--policy", "orebro@2016", "--rules"),
        ),
        "claims": (
            *("claims", "--policy", "orebro@2016", "--cost", "12200000", "--start", "2017-08"),
            *("--months", "29", "--effect", "2000000"),
        ),
        "claims that cannot be told": (
            *("claims", "--policy", "norrkoping@2022", "--cost", "1000000"),
            *("--start", "2021-08", "--months", "29"),
        ),
        "replay": ("replay", "sodertalje"),
        "validate": ("validate", "orebro"),
        "plugins": ("plugins",),
        "compare": ("compare", *pair, *few, "--out", kept),
        "simulate": ("simulate", "sodertalje@2015", *few),
        "trace": ("simulate", "orebro@2016", "--trace", "1", *FEW),
        "results": ("results", kept),
        "study": (
            *("study", "return-flow", "--policy", "orebro@2016", "--draws", "4"),
            *("--replications", "2", "--cause-replications", "1", "--years", "1", "--jobs", "1"),
            "--no-calibrate",
            *("--out", study),
        ),
        "results of a study": ("results", study),
        "break-even": (
            *("study", "break-even", "--policy", "orebro@2016", "--target", "0.1"),
            *("--lever", "return_model.floor", *few),
        ),
        "calibrate": ("study", "calibrate", "--draws", "12", "--accept", "0.5", "--jobs", "1"),
    }


COMMANDS = (*commands(Path()), "report", "written study")
#: What takes long is made in Swedish alone: the English is what other tests read.
LONG = {"study", "results of a study", "break-even", "calibrate", "report", "written study"}
CASES = [
    (name, lang) for name in COMMANDS for lang in LANGUAGES if lang == "sv" or name not in LONG
]


def _ran(*args: str) -> str:
    """What a command prints."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()), pytest.raises(SystemExit):
        main(list(args))
    return out.getvalue()


@pytest.fixture(scope="module")
def printed(
    small_study: Path, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[tuple[str, Language], str]:
    """The answer of every command in both languages, in Markdown, where no line is broken."""
    found = {}
    for lang in LANGUAGES:
        place = tmp_path_factory.mktemp(lang)
        for name, args in commands(place).items():
            if (name, lang) in CASES:
                found[name, lang] = _ran(*args, "--lang", lang, "--format", "markdown")
    if _charts():
        page = place / "report.html"
        study = ("--study", str(small_study), "--out", str(page), "--lang", "sv")
        _ran("report", str(place / "comparison"), *study)
        found["report", "sv"] = _text(page.read_text("utf-8"))
        data = writing.saved_data(small_study.parent, small_study.stem)
        found["written study", "sv"] = writing.page(small_study.stem, data, "sv")
    return found


def _charts() -> bool:
    try:
        import altair  # noqa: F401
        import jinja2  # noqa: F401
        import vl_convert  # noqa: F401
    except ImportError:
        return False
    return True


def _text(page: str) -> str:
    """What a page says, its drawings and the texts for those who hear them among it."""
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    said = re.findall(r'aria-label="([^"]*)"', page)
    return unescape(" \n".join([re.sub(r"<[^>]*>", " \n", page), *said]))


# --- what is quoted -------------------------------------------------------------------


def _quoted() -> Iterator[str]:
    """What is cited stands in its own language: documents, places in them, names of grants."""
    for folder in ("plugins", "simulation", "examples"):
        for file in (ROOT / folder).rglob("*.toml"):
            yield from _named(tomllib.loads(file.read_text("utf-8")))


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _named(each)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if key in ("cite", "citations") and isinstance(each, str):
                yield each.partition(":")[2].strip()
            elif key in ("reference", "name", "municipality", "title") and isinstance(each, str):
                yield each
            else:
                yield from _named(each)


QUOTED = sorted({each for each in _quoted() if len(each) > 3}, key=len, reverse=True)


def _own(text: str) -> str:
    """What a page says itself: without what it quotes, command lines, paths and ids."""
    for quoted in QUOTED:
        text = text.replace(quoted, "")
    text = re.sub(r"^\s*(sif|pip) .*$", "", text, flags=re.MULTILINE)
    return re.sub(r"\S*[\w)][._/@=]\w\S*", "", text)


@pytest.fixture(scope="module")
def asked(printed: Any) -> Callable[[str, Language], str]:
    """What one answer says itself; the test is skipped where what it needs is not installed."""

    @cache
    def answer(name: str, lang: Language) -> str:
        if (name, lang) not in printed:
            pytest.skip("a report needs the extra report, which is not installed here")
        text: str = printed[name, lang]
        assert text.strip()
        return _own(text)

    return answer


@pytest.mark.parametrize(("name", "lang"), CASES)
def test_an_answer_is_in_the_language_asked_for(
    name: str, lang: Language, asked: Callable[[str, Language], str]
) -> None:
    """None of the small words of the other language is left, but in what is quoted."""
    other = "sv" if lang == "en" else "en"
    lines = asked(name, lang).splitlines()
    assert [line for line in lines if re.search(SMALL[other], line.lower())] == []


def _pieces(text: str) -> set[str]:
    """What stands between the placeholders of a text, where it is long enough to know it by."""
    parts = re.split(r"\{\w*\}", text)
    return {part.strip() for part in parts if len(re.findall(r"[^\W\d_]", part)) >= 12}


@pytest.fixture(scope="module")
def texts(catalogue: Any) -> Callable[[Language], tuple[str, set[str]]]:
    """All texts of a language, and the pieces of those of the other one."""

    @cache
    def of(lang: Language) -> tuple[str, set[str]]:
        other = "sv" if lang == "en" else "en"
        own = " ".join(getattr(text, lang) for text in catalogue.TEXTS)
        return own, {piece for text in catalogue.TEXTS for piece in _pieces(getattr(text, other))}

    return of


@pytest.mark.parametrize(("name", "lang"), CASES)
def test_no_text_of_the_other_language_is_in_an_answer(
    name: str,
    lang: Language,
    asked: Callable[[str, Language], str],
    texts: Callable[[Language], tuple[str, set[str]]],
) -> None:
    """No heading, sentence or label of the catalogue comes out in the wrong language."""
    shown = asked(name, lang)
    own, pieces = texts(lang)
    assert [piece for piece in pieces if piece in shown and piece not in own] == []


@pytest.mark.parametrize(("name", "lang"), CASES)
def test_decimals_have_the_mark_of_the_language(
    name: str, lang: Language, asked: Callable[[str, Language], str]
) -> None:
    """A comma in Swedish and a point in English, and no ordinary space within a number."""
    said = asked(name, lang)
    if lang == "en":
        assert re.findall(r"(?<![\w,])\d+,\d{1,2}(?!\w)(?! \w)", said) == []
        return
    said = re.sub(r"\[\d+\][^|\n]*", "", said)  # sections of documents have points too
    assert re.findall(r"(?<![\w.])\d+\.\d+(?![\w.])", said) == []
    assert re.findall(r"[1-9]\d{0,2}(?: \d{3})+ ?(?:kr|mnkr)", said) == []
