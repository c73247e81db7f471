"""The command line with plugins that fail, and where its answer cannot be written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from sifrules import Guideline, Part, cli, hookimpl, registry
from sifrules.cli import options as common
from sifrules.cli.options import the_registry
from sifrules.plugin.hookspecs import BUILT_IN_COMMANDS
from sifrules.testing import toy_guideline

EXAMPLES = Path(__file__).parents[3] / "examples"
COMPLETE = str(EXAMPLES / "applications" / "invented-complete.toml")


#: runs the command line and gives back what it left behind; a fixture of conftest.py
Sif = Callable[..., Any]


class _Faulty:
    """A plugin whose guideline is faulty and whose command breaks."""

    @hookimpl
    def sifrules_guidelines(self) -> list[Guideline]:
        return [Guideline({"id": "odd@2020", "municipality": "Odd", "title": "Odd"}, "odd.toml")]

    @hookimpl
    def sifrules_commands(self) -> list[click.Command]:
        return [click.Command("odd", callback=lambda: 1 // 0)]


class _Raising:
    """A plugin that cannot even say which commands it offers."""

    @hookimpl
    def sifrules_commands(self) -> list[click.Command]:
        raise ValueError("no commands today")


@pytest.fixture
def with_plugin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[object], None]]:
    """Adds a plugin called odd to those of the command line."""

    def add(plugin: object) -> None:
        monkeypatch.setattr(common, "registry", lambda: registry(extra={"odd": plugin}))

    yield add
    the_registry.cache_clear()


@pytest.mark.parametrize("command", [["policies"], ["check", COMPLETE], ["plugins"]])
def test_a_faulty_guideline_of_a_plugin_is_reported_once(
    sif: Sif, with_plugin: Callable[[object], None], command: list[str]
) -> None:
    """It is left out, the answer comes, and standard error says so."""
    with_plugin(_Faulty())
    ran = sif(*command)
    assert ran.code == 0
    assert ran.err.count("sif: plugin odd: odd@2020 is left out") == 1


def test_a_plugins_problem_is_reported_next_to_a_mistake(
    sif: Sif, with_plugin: Callable[[object], None], tmp_path: Path
) -> None:
    """Whatever the outcome of the command."""
    with_plugin(_Faulty())
    ran = sif("check", str(tmp_path / "nowhere.toml"))
    assert ran.code == 2
    assert "sif: plugin odd: odd@2020 is left out" in ran.err
    assert "no such file" in ran.err.splitlines()[-1]


def test_plugins_shows_a_plugin_whose_commands_cannot_be_had(
    sif: Sif, with_plugin: Callable[[object], None]
) -> None:
    """The list of plugins asks for commands too."""
    with_plugin(_Raising())
    ran = sif("plugins", "--format", "json")
    problems = {each["plugin"]: each["problems"] for each in ran.data}
    assert problems["odd"] == ["sifrules_commands: ValueError: no commands today"]
    assert ran.err.count("no commands today") == 1


def test_a_plugins_command_that_breaks_is_reported_in_one_line(
    sif: Sif, with_plugin: Callable[[object], None]
) -> None:
    """Its name and the error, and no traceback."""
    with_plugin(_Faulty())
    ran = sif("odd")
    assert (ran.code, ran.out) == (2, "")
    assert "the command odd, which a plugin offers, failed: ZeroDivisionError" in ran.err
    assert "Traceback" not in ran.err


def test_a_misspelt_plugin_to_leave_out_is_reported(
    sif: Sif, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is no plugin's leaves nothing out; ``all`` is no plugin and allowed."""
    monkeypatch.setenv("SIFRULES_PLUGINS_OFF", "orebo, malmo")
    ran = sif("policies")
    assert ran.code == 0
    assert ran.err == "sif: SIFRULES_PLUGINS_OFF: no plugin 'orebo'; did you mean orebro?\n"
    monkeypatch.setenv("SIFRULES_PLUGINS_OFF", "all")
    assert sif("policies").err == ""


def test_sif_alone_is_its_start_page(sif: Sif) -> None:
    """Plainly, on standard output, and no mistake."""
    ran = sif()
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Social investment funds")
    assert "sif: " not in ran.out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
@pytest.mark.parametrize("write", ["main(['policies'])", "print('x'); main(['show', 'x'])"])
def test_a_full_disk_is_reported_in_one_line(write: str) -> None:
    """Also where it only shows as the output is flushed."""
    script = f"from sifrules.cli import main; {write}"
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONUNBUFFERED": ""},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ran.returncode == 2
    assert ran.stderr == "sif: cannot write the answer: No space left on device\n"


def test_a_command_of_our_own_that_breaks_is_not_a_plugins_fault(
    sif: Sif, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The simulation comes with the tool, though it is found as plugins are."""
    monkeypatch.setattr("sifrules_simulation.commands.compare._run", lambda *_, **__: 1 // 0)
    ran = sif("compare", "orebro@2016")
    assert (ran.code, ran.out) == (2, "")
    assert "the command compare failed by a fault in sifrules: ZeroDivisionError" in ran.err


class _Odd:
    """A plugin with a part that fails, and a command that is called as a built-in one."""

    def __init__(self, faulty: type[Part]) -> None:
        self.parts = [faulty]

    @hookimpl
    def sifrules_parts(self) -> list[type[Part]]:
        return self.parts

    @hookimpl
    def sifrules_guidelines(self) -> list[Guideline]:
        funding = {"kind": "faulty_funding", "cite": "guide: 1"}
        return [toy_guideline(id="odd@2020", funding=funding)]

    @hookimpl
    def sifrules_commands(self) -> list[click.Command]:
        return [click.Command("show")]


def test_plugins_says_what_is_wrong_with_faulty_parts_and_names_that_are_taken(
    sif: Sif, with_plugin: Callable[[object], None], faulty_funding: type[Part]
) -> None:
    """Of a part that fails where it is used, and of a command named as a built-in one."""
    with_plugin(_Odd(faulty_funding))
    (odd,) = (each for each in sif("plugins", "--format", "json").data if each["plugin"] == "odd")
    told = "; ".join(odd["problems"])
    assert "faulty part, odd@2020: funding: FaultyFunding: put_in(0, 0, False) raised" in told
    assert "the command show is built in" in told
    assert "by hand" in sif("plugins", "--lang", "sv").out


def test_the_built_in_commands_are_those_that_plugins_cannot_take() -> None:
    """The list that plugins are held against has every one."""
    assert tuple(cli._COMMANDS) == BUILT_IN_COMMANDS
