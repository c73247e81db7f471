"""Files that are mistyped or damaged are refused in a sentence, with the place."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules import FaultyFile, Registry, SifError, registry
from sifrules.loading.application import check_facts, read_application
from sifrules.loading.history import read_history
from sifrules.loading.toml import read_setting
from sifrules.rules.vocabulary import FACTS
from sifrules.testing import run_cases
from sifrules.testing.cases import read_cases
from sifrules.validation import validate
from sifrules_simulation import scenario
from sifrules_simulation.studies.study_file import read_study

Sif = Callable[..., Any]

ROOT = Path(__file__).parents[1]
TOWNS = ROOT / "plugins" / "sifrules_plugins"
EXAMPLES = ROOT / "examples"

#: Values that stand where others are expected; each has broken a reader somewhere.
HOSTILE = (
    "5", "-1", "0", "true", "2020-01-01", "2020-01-01T00:00:00Z", "12:30:00", '"x"', '""',
    '"\\u0000"', "[]", "[[]]", "[1, 2]", "{}", "{ value = 1 }", "{ a = { b = 1 } }", "6.2",
    "-1" + "0" * 38, "9" * 400, "0x" + "f" * 4000, "9" * 5000, "1e400", "nan", "inf",
    '"6,2 mnkr"', '"50 %"', "[" * 100 + "]" * 100,
    "{ x" + ".a" * 400 + " = 1 }", '{ sv = "x", en = 5 }', '"a\\u0000b.toml"',
)  # fmt: skip
_VALUE = re.compile(r"(?m)^([\w.\"-]+ *= *)(.+)$")
_TABLE = re.compile(r"(?m)^\[\[?([\w.-]+)\]\]?$")


def _mutated(text: str, draw: random.Random) -> str:
    """The text of a file with one value, or the head of one table, replaced."""
    found = [*_VALUE.finditer(text), *_TABLE.finditer(text)]
    one, value = draw.choice(found), draw.choice(HOSTILE)
    stated = f"{one[1]}{value}" if one.re is _VALUE else f"{one[1]} = {value}"
    return f"{text[: one.start()]}{stated}{text[one.end() :]}"


def _policy(towns: Registry, file: Path) -> None:
    guideline = towns.guideline(file)
    validate(towns, guideline)
    towns.policy(file)


def _application(towns: Registry, file: Path) -> None:
    check_facts(read_application(file), FACTS)


def _cases(towns: Registry, file: Path) -> None:
    run_cases(towns, read_cases(file), engine="compiled")


def _error_of(
    read: Callable[[Registry, Path], object], towns: Registry, file: Path
) -> SifError | None:
    try:
        read(towns, file)
    except SifError as error:
        return error
    return None


KINDS: dict[str, tuple[list[Path], Callable[[Registry, Path], object], int]] = {
    "guidelines": (
        [*TOWNS.glob("*/guidelines/*.toml"), *EXAMPLES.glob("what-ifs/*[!s].toml")],
        _policy,
        40,
    ),
    "records": ([*TOWNS.glob("*/history.toml")], lambda _, file: read_history(file), 60),
    "cases": ([*TOWNS.glob("*/cases.toml")], _cases, 40),
    "applications": ([*EXAMPLES.glob("applications/*.toml")], _application, 120),
    "scenarios": (
        [*ROOT.glob("simulation/sifrules_simulation/model/municipalities/*.toml")],
        lambda _, file: scenario(file).parameters,
        60,
    ),
    "studies": ([*ROOT.glob("docs/studies/return-flow.toml")], lambda _, f: read_study(f), 40),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutated_file_is_read_or_refused(tmp_path: Path, kind: str) -> None:
    """Whatever one value is replaced by, what comes of it is our own error, in both languages."""
    files, read, times = KINDS[kind]
    draw, towns = random.Random(kind), registry(off=())
    mine = tmp_path / "mine.toml"
    for number in range(times):
        text = _mutated(draw.choice(sorted(files)).read_text("utf-8"), draw)
        text = re.sub(r'(?m)^id = "(.*)"$', r'id = "\1 mutated"', text)
        mine.write_text(text, "utf-8")
        error = _error_of(read, towns, mine)
        if error is not None:
            assert error.text("sv"), (number, text)
            assert isinstance(error, FaultyFile) or error.where, (str(error), text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ideas = 5", "ideas: expected a table, got 5"),
        ("ideas = 2020-01-01", "ideas: expected a table"),
        ("ideas = true", "ideas: expected a table, got True"),
        ("ideas.flow" + ".a" * 400 + " = 1", "ideas: is nested too deep"),
        (
            "municipality.population = { value = 1, low = -1" + "0" * 400 + ", high = 1e1 }",
            "has an exponent",
        ),
        (
            "municipality.population.low = -1" + "0" * 400,
            "municipality.population.low: the number is too large",
        ),
        ('base = "a\\u0000b.toml"', "it has a NUL character"),
    ],
)
def test_a_faulty_scenario_is_a_sentence_with_the_place(
    sif: Sif, tmp_path: Path, text: str, told: str
) -> None:
    """It is not reported as a fault of a plugin."""
    base = "" if text.startswith("base") else 'base = "default"\n'
    mine = tmp_path / "mine.toml"
    mine.write_text(f'id = "mine"\n{base}{text}\n', "utf-8")
    ran = sif("simulate", "orebro@2016", "--scenario", str(mine))
    assert ran.code == 2
    assert told in ran.err
    assert "plugin" not in ran.err


@pytest.mark.parametrize(
    "number", ["0x" + "f" * 4000, "9" * 5000, "-1" + "0" * 310], ids=["hex", "digits", "float"]
)
def test_whole_numbers_without_end_are_a_sentence(sif: Sif, tmp_path: Path, number: str) -> None:
    """In options and in files: an assumption, a fact, a changed value, a cost, an amount."""
    mine, what_if = tmp_path / "application.toml", tmp_path / "what-if.toml"
    mine.write_text(f"[application]\ncost = {number}\n", "utf-8")
    what_if.write_text(f'base = "orebro@2016"\n[return_model]\nfloor = {number}\n', "utf-8")
    claims = ("claims", "--start", "2017-01", "--months", "12", "--policy")
    for args in (
        ("simulate", "orebro@2016", "--assume", f"ideas.civil_society={number}"),
        ("show", "orebro@2016", "--set", f"return_model.floor={number}"),
        ("check", str(mine)),
        (*claims, "orebro@2016", f"--cost={number}"),
        (*claims, str(what_if), "--cost", "5 mnkr"),
        ("show", str(what_if)),
    ):
        ran = sif(*args)
        assert (ran.code, ran.out) == (2, "")
        assert "Error:" not in ran.err
    told = sif("validate", str(what_if), "--format", "json")
    assert (told.code, told.data["wrong"]) == (1, 1)


@pytest.mark.parametrize("command", ["show", "validate"])
@pytest.mark.parametrize("top", ["a", "caps", "title", "documents", "return_model"])
def test_keys_nested_without_end_are_a_sentence(
    sif: Sif, tmp_path: Path, command: str, top: str
) -> None:
    """At any key of a guideline, and in the path of a changed value."""
    mine = tmp_path / "mine.toml"
    mine.write_text(f'base = "orebro@2016"\n{top}{".a" * 950} = 1\n', "utf-8")
    ran = sif(command, str(mine))
    assert "nested too deep" in " ".join((ran.out + ran.err).split())
    with pytest.raises(SifError):
        read_setting(f"return_model{'.a' * 950}=1")


def test_conditions_may_lie_in_conditions(tmp_path: Path) -> None:
    """The limit to nesting leaves room for what a guideline says."""
    table = '{ fact = "application.early" }'
    for _ in range(20):
        table = f"{{ any_of = [{table}, {{ fact = 'application.preventive' }}] }}"
    mine = tmp_path / "mine.toml"
    either = f'[criteria.a]\nkind = "condition"\nany_of = [{table}]\n'
    mine.write_text(f'base = "orebro@2016"\n{either}', "utf-8")
    assert registry().policy(mine).id
