"""The language of answers: the one asked for, else that of the locale."""

from __future__ import annotations

from collections.abc import Callable
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
