"""Every command where it may be run: hard folders, pipes of old encodings, narrow terminals.

A command succeeds in each, or says what is wrong; it never ends in a traceback.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

pytestmark = pytest.mark.once

Sif = Callable[..., Any]

ROOT = Path(__file__).parents[1]
SMALL = ("--replications", "2", "--years", "2", "--jobs", "1")
STUDY = ("study", "return-flow", "--policy", "orebro@2016", "--draws", "3", "--replications", "2",
         "--years", "2", "--jobs", "1", "--cause-replications", "1", "--no-calibrate")  # fmt: skip

#: What every command is asked; ``results`` is a comparison that was saved, ``new`` is not there.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "policies": ("policies",),
    "show": ("show", "what-if.toml"),
    "diff": ("diff", "orebro@2016", "what-if.toml"),
    "plugins": ("plugins",),
    "validate": ("validate", "what-if.toml"),
    "check": ("check", "application.toml"),
    "claims": ("claims", "--policy", "what-if.toml", "--cost", "1000000", "--start", "2020-01",
               "--months", "12"),
    "replay": ("replay", "orebro"),
    "test": ("test", "cases.toml"),
    "new-plugin": ("new-plugin", "nyby", "--dir", "plugins"),
    "compare": ("compare", "what-if.toml", "orebro@2016", *SMALL, "--out", "new"),
    "simulate": ("simulate", "what-if.toml", *SMALL, "--out", "new"),
    "resume": ("resume", "results"),
    "report": ("report", "results", "--out", "new.html", "--xlsx", "new.xlsx"),
    "chart": ("chart", "balances", "results", "--out", "new.svg"),
    "results": ("results", "results"),
    "explore": ("explore", "plan.toml", "--jobs", "1", "--out", "new"),
    "reproduce": ("reproduce", "results", "--jobs", "1"),
    "paper-table": ("paper-table", "results"),
    "study": (*STUDY, "--out", "new"),
    "assess": ("assess", "application.toml", "--policy", "what-if.toml", "--xlsx",
               "new.xlsx"),
    "template": ("template", "list", "--xlsx", "new.xlsx"),
    "completion": ("completion", "bash"),
    # It serves for ever where nothing is wrong: what it is given is no guideline.
    "app": ("app", "cases.toml"),
    "a mistake": ("show", "vad–är-det"),
}  # fmt: skip
#: Commands that leave with another code than 0, whatever is around them.
CODES = {"a mistake": 2, "app": 2, "assess": 1}  # an application that does not pay to hand in

#: The name of the folder in which everything lies.
FOLDER = "utkast [2] åäö och mellanslag"
#: What a process may have around it: variables, and how its streams are led. Those that touch
#: different things, an encoding and a terminal's width and colours, are around one process.
AROUND: Mapping[str, tuple[dict[str, str], str]] = {
    "cp1252 pipe, 40 columns, TERM=dumb": (
        {"PYTHONIOENCODING": "cp1252", "COLUMNS": "40", "TERM": "dumb"},
        "",
    ),
    "LANG=C, NO_COLOR, closed stderr": (
        {
            "LC_ALL": "C",
            "LANG": "C",
            "PYTHONCOERCECLOCALE": "0",
            "PYTHONUTF8": "0",
            "NO_COLOR": "1",
        },
        "2>&-",
    ),
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small comparison that was saved."""
    place = tmp_path_factory.mktemp("saved") / "results"
    run = ("compare", "orebro@2016", "orebro@2013", *SMALL, "--out", str(place))
    subprocess.run([sys.executable, "-m", "sifrules", *run], check=True, stdout=subprocess.DEVNULL)
    return place


@pytest.fixture(scope="module")
def laid_out(saved: Path) -> Callable[[Path], Path]:
    """Lays out in a folder what the commands are asked about."""

    def make(folder: Path) -> Path:
        (folder / "plugins").mkdir(parents=True)
        shutil.copytree(saved, folder / "results")
        examples = ROOT / "examples"
        cases = ROOT / "plugins" / "sifrules_plugins" / "orebro" / "cases.toml"
        shutil.copy(examples / "what-ifs" / "orebro-without-floor.toml", folder / "what-if.toml")
        shutil.copy(examples / "applications" / "invented-complete.toml",
                    folder / "application.toml")  # fmt: skip
        shutil.copy(cases, folder / "cases.toml")
        shutil.copy(examples / "research" / "plan.toml", folder / "plan.toml")
        return folder

    return make


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_works_in_a_folder_of_any_name(
    sif: Sif,
    laid_out: Callable[[Path], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    """Files are named in full, so that the folder's name is in every path."""
    folder = laid_out(tmp_path / FOLDER)
    args = _in_full(folder, *COMMANDS[command])
    monkeypatch.chdir(tmp_path)
    ran = sif(*args)
    assert ran.code == CODES.get(command, 0), ran.err
    assert "Traceback" not in ran.err


#: Commands that have a process of their own: how it ends is the same for all.
ALONE = ("policies", "compare", "a mistake")
#: What runs the others, one after the other, as starting a process takes longer than most of them:
#: a line before each names it, and the codes are written into a file.
ONE_AFTER_THE_OTHER = """
import json, sys, traceback
from pathlib import Path
from sifrules.cli import main
codes = {}
for name, args in json.loads(Path(sys.argv[1]).read_text("utf-8")).items():
    print(f"{chr(30)}{name}{chr(30)}", flush=True)
    try:
        codes[name] = main(args)
    except SystemExit as left:
        codes[name] = left.code
    except BaseException:
        codes[name] = traceback.format_exc()
Path(sys.argv[1]).write_text(json.dumps(codes), "utf-8")
"""


@frozen
class Said:
    """How a command ended, and what it wrote to both streams."""

    code: int | str | None
    out: str
    err: str


@pytest.fixture(scope="module")
def around_all(
    laid_out: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Mapping[str, Said]]:
    """Runs all commands but those alone in one process with something around it, once."""

    @cache
    def run(around: str) -> Mapping[str, Said]:
        place = tmp_path_factory.mktemp("around")
        asked = {
            name: _in_full(laid_out(place / name), *args)
            for name, args in COMMANDS.items()
            if name not in ALONE
        }
        file = place / "asked.json"
        file.write_text(json.dumps(asked), "utf-8")
        script = [sys.executable, "-c", ONE_AFTER_THE_OTHER, str(file)]
        ran = _run_around(script, around)
        assert ran.returncode == 0, ran.stderr
        codes = json.loads(file.read_text("utf-8"))
        parts = iter(ran.stdout.decode().split("\x1e")[1:])
        said = dict(zip(parts, parts, strict=True))
        return {name: Said(codes[name], said[name], ran.stderr.decode()) for name in asked}

    return run


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_works_whatever_is_around_it(
    around_all: Callable[[str], Mapping[str, Said]],
    laid_out: Callable[[Path], Path],
    tmp_path: Path,
    command: str,
    around: str,
) -> None:
    """In Swedish, whose letters not every encoding has."""
    if command in ALONE:
        args = _in_full(laid_out(tmp_path / "here"), *COMMANDS[command])
        alone = _run_around([sys.executable, "-m", "sifrules", *args], around)
        ran = Said(alone.returncode, alone.stdout.decode(), alone.stderr.decode())
    else:
        ran = around_all(around)[command]
    assert (ran.code or 0) == CODES.get(command, 0), (ran.code, ran.err)
    assert "Traceback" not in ran.err
    assert bool(ran.out.strip()) == (CODES.get(command) != 2)


def _run_around(command: list[str], around: str) -> subprocess.CompletedProcess[bytes]:
    """A process with something around it, in a shell that may redirect its streams."""
    variables, redirect = AROUND[around]
    return subprocess.run(
        ["sh", "-c", f"exec {shlex.join(command)} {redirect}"],
        env={**os.environ, "SIFRULES_LANG": "sv", **variables},
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def _in_full(folder: Path, command: str, *args: str) -> list[str]:
    """A command whose files are named in full."""
    ours = ("what-if", "application", "cases", "plan", "plugins", "results", "new")
    return [command, *(str(folder / a) if a.partition(".")[0] in ours else a for a in args)]


def test_no_command_is_left_out(sif: Sif) -> None:
    """A command that is added is added here too."""
    listed = sif("--help").out.partition("Commands:")[2].splitlines()
    names = {line.split()[0] for line in listed if line.startswith("  ") and line[2] != " "}
    assert names == COMMANDS.keys() - {"a mistake"}
