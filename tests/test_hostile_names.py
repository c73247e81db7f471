"""Names that are meant to harm come out as text, wherever a policy's file is shown or kept."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from csv import reader
from pathlib import Path
from typing import Any

import pytest

Sif = Callable[..., Any]
ROOT = Path(__file__).parents[1]
TOWN = (ROOT / "examples" / "what-ifs" / "nyby.toml").read_text("utf-8")
APPLICATION = str(ROOT / "examples" / "applications" / "fails-one-area.toml")
SHORT = ("--replications", "2", "--years", "2", "--jobs", "1")

NAMES = {
    "markup": "<script>alert(1)</script>",
    "formula": '=HYPERLINK("http://example.org")',
    "command": "+cmd|' /C calc'!A0",
    "colours": "\x1b[31mred\x9b31m",
    "direction": "a\u202eb\u2066c\u200f",
    "break": "one\ntwo: all is well",
    "long": "x" * 300,
}
WORST = "=\x1b[2J\u202e<script>+\n@" + "x" * 300
COMMANDS = {
    "show": ("show", "{file}"),
    "show in Swedish": ("show", "{file}", "--lang", "sv"),
    "diff": ("diff", "{file}", "orebro@2016"),
    "validate": ("validate", "{file}"),
    "check": ("check", APPLICATION, "--policy", "{file}"),
    "claims": ("claims", "--policy", "{file}", "--cost", "1000000", "--start", "2026-01",
               "--months", "12", "--effect", "300000"),
    "compare": ("compare", "{file}", "orebro@2016", *SHORT),
    "trace": ("simulate", "{file}", "--years", "2", "--trace", "0"),
}  # fmt: skip


def town(folder: Path, name: str) -> str:
    """The file of a policy whose id, municipality, title, source and notes are all that name."""
    said = json.dumps(name)
    text = TOWN.replace('"nyby@2026"', said).replace('= "Nyby"', f"= {said}")
    text = text.replace('"Påhittade riktlinjer för Nyby"', said)
    text = text.replace('"Nyby är påhittat; allt som står i riktlinjerna finns här."', said)
    assert text.count(said) >= 5
    file = folder / "town.toml"
    file.write_text(text.replace("\x9b", "\\u009b"), "utf-8")
    return str(file)


def marks(text: str) -> Iterator[str]:
    """Control and direction marks in a text, but for the ends of its lines."""
    for letter in text:
        if letter != "\n" and unicodedata.category(letter) in ("Cc", "Cf"):
            yield hex(ord(letter))


@pytest.mark.parametrize("form", ["table", "markdown", "csv"])
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_hostile_name_is_shown_as_text(sif: Sif, tmp_path: Path, name: str, form: str) -> None:
    """No mark that a terminal obeys, no cell that a spreadsheet computes."""
    ran = sif("show", town(tmp_path, name), "--format", form)
    assert (ran.code, ran.err) == (0, "")
    assert list(marks(ran.out)) == []
    if form == "csv":
        assert_no_formula(ran.out)


@pytest.mark.parametrize("form", ["table", "csv"])
@pytest.mark.parametrize("args", COMMANDS.values(), ids=COMMANDS)
def test_no_command_lets_a_mark_through(
    sif: Sif, tmp_path: Path, args: tuple[str, ...], form: str
) -> None:
    """With everything that is hostile in one name; what it answers and what it complains of."""
    file = town(tmp_path, WORST)
    ran = sif(*(each.format(file=file) for each in args), "--format", form)
    assert ran.code in (0, 1)
    assert list(marks(ran.out.removeprefix("\ufeff") + ran.err)) == []  # a CSV begins with one
    if form == "csv":
        assert_no_formula(ran.out)


def test_a_mistake_is_reported_without_marks(sif: Sif) -> None:
    """What was typed comes back in the message, as text."""
    ran = sif("show", "\x1b[31m\u202enowhere@2016")
    assert ran.code == 2
    assert "nowhere@2016" in ran.err
    assert list(marks(ran.err)) == []


@pytest.mark.once
def test_what_is_saved_is_text_too(sif: Sif, tmp_path: Path) -> None:
    """In every CSV file, and in the report."""
    pytest.importorskip("jinja2", reason="a report needs the extra report")
    file, place = town(tmp_path, WORST), tmp_path / "kept"
    assert sif("compare", file, "orebro@2016", *SHORT, "--out", str(place)).code == 0
    assert sif("report", str(place)).code == 0
    tables = list(place.glob("*.csv"))
    assert len(tables) >= 5
    for each in tables:
        text = each.read_text("utf-8")
        assert list(marks(text)) == []
        assert_no_formula(text)
    html = (place / "report.html").read_text("utf-8")
    assert list(marks(html)) == []
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def assert_no_formula(text: str) -> None:
    """No cell begins as a formula does, but for numbers."""
    plain = text.removeprefix("\ufeff")
    for row in reader(plain.splitlines(), delimiter="," if plain == text else ";"):
        for cell in row:
            assert cell[:1] not in ("=", "+", "@", "\t", "\r")
            assert not cell.startswith("-") or float(cell) <= 0
