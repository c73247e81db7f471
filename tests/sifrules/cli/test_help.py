"""Help in the language that is asked for, and within the width of the terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from sifrules.cli import sif as root
from sifrules.cli.help import contexts, help_of, help_texts, in_language
from sifrules.values.messages import translated

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def catalogues() -> Iterator[ModuleType]:
    """What brings the catalogues up to date."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / ".ci")
        yield import_module("help_texts")


def test_each_text_of_help_is_swedish_too_and_none_is_stale(catalogues: ModuleType) -> None:
    """The catalogues have what help shows, and nothing else."""
    for package, texts in catalogues.needed().items():
        file = catalogues.CATALOGUES[package]
        written = {text for text, swedish in catalogues.there(file).items() if swedish}
        missing = [f"{command}: {text}" for text, command in texts.items() if text not in written]
        assert not missing, (
            f"python .ci/help_texts.py adds entries; write in {file.relative_to(ROOT)}:\n"
            + "\n".join(missing)
        )
        stale = written - texts.keys()
        assert not stale, f"python .ci/help_texts.py takes out of {file.relative_to(ROOT)}: {stale}"


def test_swedish_help_has_nothing_in_english() -> None:
    """No text of any command stands in its Swedish help as the code has it."""
    for ctx in contexts(root, "sif"):
        shown = " ".join(help_of(ctx, "sv").split())
        words = [text for text in help_texts(ctx) if " " in text or text.endswith(":")]
        assert words
        assert [text for text in words if text in shown] == []
        assert [
            each for each in ("Usage:", "Options:", "[default", "required]") if each in shown
        ] == []


@pytest.mark.parametrize("columns", [80, 40])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_help_keeps_within_the_terminal(
    monkeypatch: pytest.MonkeyPatch, columns: int, language: Any
) -> None:
    """Only examples, which are to be copied, and what has no space in it reach beyond."""
    monkeypatch.setenv("COLUMNS", str(columns))
    wide = [
        line
        for ctx in contexts(root, "sif")
        for line in help_of(ctx, language).splitlines()
        if len(line) > columns and not re.search(r"\bsif |^ {6}--", line)
    ]
    assert [line for line in wide if len(line.split()) > 2] == []
    assert columns == 40 or wide == []


@pytest.mark.parametrize(
    "args",
    [
        ("--lang", "sv", "compare", "-h"),
        ("compare", "--lang", "sv", "--help"),
        ("compare", "--help", "--lang=sv"),
        ("study", "reform", "--lang", "sv", "-h"),
        ("resume", "--lang", "sv", "--help"),
        ("--lang", "sv", "study"),
    ],
)
def test_help_is_in_the_language_asked_for(sif: Callable[..., Any], args: tuple[str, ...]) -> None:
    """Wherever the language stands, and whether or not the command takes it."""
    ran = sif(*args)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Användning: sif ")


def test_help_is_in_the_language_of_the_environment(
    sif: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIFRULES_LANG decides it where nothing else is said, and --lang goes before."""
    monkeypatch.setenv("SIFRULES_LANG", "sv")
    assert sif("show", "-h").out.startswith("Användning: sif show [ALTERNATIV] POLICY\n")
    assert sif("show", "-h", "--lang", "en").out.startswith("Usage: sif show [OPTIONS] POLICY\n")


def test_a_shell_completes_with_swedish_descriptions(
    sif: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a shell shows beside commands and options is in the language of the locale."""
    monkeypatch.setenv("SIFRULES_LANG", "sv")
    monkeypatch.setenv("_SIF_COMPLETE", "zsh_complete")
    monkeypatch.setenv("COMP_WORDS", "sif diff --form")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert sif().out.splitlines() == ["plain", "--format", "Svarets form."]


def test_a_command_without_a_catalogue_shows_its_own_help() -> None:
    """A plugin's command has its English help, with the headings in Swedish."""

    @click.command()
    @click.option("--much", required=True, default=3, show_default=True, help="How much.")
    @click.option("--bare", show_default=True, default="x")
    def own(much: int, bare: str) -> None:
        """Do something of its own; and more."""

    shown = in_language(own, "sv").get_help(click.Context(own, info_name="own"))
    assert shown.splitlines() == [
        "Användning: own [ALTERNATIV]",
        "",
        "  Do something of its own; and more.",
        "",
        "Alternativ:",
        "  --much HELTAL  How much.  [förval: 3; krävs]",
        "  --bare TEXT    [förval: x]",
        "  --help         Visa den här texten och avsluta.",
    ]


def test_english_is_as_the_code_has_it() -> None:
    """Nothing is looked up for English."""
    assert translated("Form of the answer.", "en") == "Form of the answer."
    assert translated("", "sv") == ""
