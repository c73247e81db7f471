"""Policies that are named together and cannot be told apart: one clear message each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Sif = Callable[..., Any]
APPLICATION = "examples/applications/orebro-bryggan.toml"
OWN = """
id = "{id}"
base = "orebro@2016"

[documents.d]
title = "Nyby"

[facts."application.nyby_thing"]
kind = "{kind}"
sv = "saken"
en = "the thing"

[criteria.thing]
kind = "fact"
cite = "d: 1"
fact = "application.nyby_thing"
{demand}
"""
FLAG = {"kind": "flag", "demand": "holds = true"}
MONEY = {"kind": "money", "demand": "at_least = 5"}


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    """Writes a guideline over Örebro's with a fact of its own."""

    def write(name: str, id: str, **stated: str) -> str:
        path = tmp_path / name
        path.write_text(OWN.format(id=id, **stated), "utf-8")
        return str(path)

    return write


def test_two_files_with_one_id_are_refused(sif: Sif, file: Callable[..., str]) -> None:
    """Both are named, and what to do."""
    one, other = file("one.toml", "nyby@2030", **FLAG), file("two.toml", "nyby@2030", **FLAG)
    ran = sif("check", APPLICATION, "--policy", one, "--policy", other)
    assert ran.code == 2
    assert f"{one} and {other} both have the id nyby@2030; give one of them another id" in ran.err


def test_one_fact_name_with_two_meanings_is_refused(sif: Sif, file: Callable[..., str]) -> None:
    """An application's fact would be read wrongly by one of them."""
    one, other = file("one.toml", "nyby@2030", **FLAG), file("two.toml", "nyby@2031", **MONEY)
    for command in (("check", APPLICATION), ("assess", APPLICATION), ("template", "list")):
        ran = sif(*command, "--policy", one, "--policy", other, "--lang", "sv")
        assert ran.code == 2, command
        assert "menar olika uppgifter med namnet application.nyby_thing" in ran.err
    same = file("same.toml", "nyby@2032", **FLAG)
    assert sif("check", APPLICATION, "--policy", one, "--policy", same).code == 1


def test_a_policy_named_twice_is_refused(sif: Sif) -> None:
    """It would stand twice under one head."""
    ran = sif("check", APPLICATION, "--policy", "orebro@2016", "--policy", "orebro@2016")
    assert ran.code == 2
    assert "orebro@2016 is named twice" in ran.err


def test_diff_names_two_files_with_one_id_apart(sif: Sif, file: Callable[..., str]) -> None:
    """By where they are from."""
    one, other = file("one.toml", "nyby@2030", **FLAG), file("two.toml", "nyby@2030", **MONEY)
    data = sif("diff", one, other, "--format", "json").data
    assert (data["a"], data["b"]) == (one, other)
    assert data["differences"]
