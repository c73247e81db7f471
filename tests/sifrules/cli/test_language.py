"""The language of answers: the one asked for, else that of the locale."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules.cli.usage import language_asked


@pytest.fixture(autouse=True)
def _no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SIFRULES_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "sv_SE.UTF-8"}, "sv"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "sv_FI"}, "sv"),
        ({"LANG": "sv_SE.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "sv_SE.UTF-8", "SIFRULES_LANG": "en"}, "en"),
        ({"LANG": "fi_FI.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_locale_gives_the_language(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    """By the variables in the order of the system, and SIFRULES_LANG before them."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language_asked(["policies"]) == language


def test_answers_and_mistakes_follow_the_locale(
    sif: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a Swedish locale answers and mistakes are Swedish, unless --lang says otherwise."""
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")
    assert "inget som heter" in sif("policis").err or "kommando" in sif("policis").err
    assert "kommun" in sif("policies").out
    assert "kommun" not in sif("policies", "--lang", "en").out.splitlines()[0]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("show", "x", "y"), "kommandot tar inte y; se sif show --help"),
        (("show", "--set"), "alternativet '--set' tar ett värde; se sif show --help"),
        (
            ("claims", "--failed=yes"),
            "alternativet '--failed' tar inget värde; se sif claims",
        ),
        (("study", "break-even", "--within", "1"), "alternativet '--within' tar 2 värden; se sif"),
        (("study", "refor"), "det finns inget kommando 'refor'; menades reform?; se sif study"),
        (("compare", "--jobs", "0"), "'--jobs': väntade ett heltal, minst 1; se sif compare"),
        (("compare", "--years", "ett"), "'--years': väntade ett heltal från 1 till 100; se"),
        (("compare", "--format", "xml"), "'--format': väntade ett av 'table', 'markdown', 'csv'"),
        (("compare", "--yeras", "1"), "det finns inget alternativ '--yeras'; menades --years"),
        (("replay",), "'KOMMUN' saknas; se sif replay --help"),
        (("policies", "--lang", "fr"), "'--lang': väntade ett av 'sv', 'en'; se sif policies"),
        (("--lang",), "alternativet '--lang' tar ett värde; se sif --help"),
    ],
)
def test_wrong_use_is_reported_in_swedish(
    sif: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], said: str
) -> None:
    """What click refuses is in the language of the locale, with the command whose help to read."""
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")
    ran = sif(*args)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_what_the_system_refuses_is_reported_in_swedish(
    sif: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The system's own words are Swedish, where they are known."""
    pytest.importorskip("xlsxwriter")
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")
    list_of = tmp_path / "list.csv"
    list_of.write_text("namn;sökt belopp\nA;1000\n", "utf-8")
    ran = sif("check", str(list_of), "--xlsx", str(tmp_path))
    assert "kan inte skrivas: det är en mapp" in ran.err
