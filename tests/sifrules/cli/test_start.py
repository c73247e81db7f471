"""``sif`` alone, and completion: what there is, in the language of the reader."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from sifrules.cli.completion import PowerShell

Sif = Callable[..., Any]


@pytest.mark.parametrize(("lang", "words"), [("sv", "Vad vill du göra?"), ("en", "What do you")])
def test_sif_alone_says_what_can_be_done_with_the_next_command(
    sif: Sif, lang: str, words: str
) -> None:
    """Every command of the start page is there, takes its options, and stands under its words."""
    ran = sif("--lang", lang)
    assert ran.code == 0
    assert words in ran.out
    commands = re.findall(r"^  sif ([\w-]+)(.*)$", ran.out, re.MULTILINE)
    assert {"compare", "check", "assess", "template"} <= {name for name, _ in commands}
    for name, rest in commands:
        asked = (name, "return-flow") if name == "study" else (name,)
        shown = sif(*asked, "--help").out
        assert all(option in shown for option in re.findall(r"--[\w-]+", rest)), name


def test_the_language_may_stand_before_the_command(sif: Sif) -> None:
    """``sif --lang sv policies`` is ``sif policies --lang sv``; the command's own goes before."""
    assert sif("--lang", "sv", "policies").out == sif("policies", "--lang", "sv").out
    assert sif("--lang", "sv", "policies", "--lang", "en").out == sif("policies").out


def test_what_is_switched_off_is_not_offered(sif: Sif, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the simulation its commands are not on the start page."""
    monkeypatch.setenv("SIFRULES_PLUGINS_OFF", "simulation")
    ran = sif()
    assert "sif check" in ran.out
    assert "sif compare" not in ran.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_prints_a_script_for_each_shell(sif: Sif, shell: str) -> None:
    """The script names the command and the variable by which the shell asks."""
    ran = sif("completion", shell)
    assert ran.code == 0
    assert "sif" in ran.out
    assert f"{shell}_complete" in ran.out


def test_the_script_for_bash_is_one(sif: Sif) -> None:
    """Bash reads the script without a fault."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash")
    script = sif("completion", "bash").out
    assert subprocess.run([bash, "-n"], input=script, text=True, check=False).returncode == 0


def test_powershell_is_told_what_may_follow(sif_process: Callable[..., Any]) -> None:
    """Asked as PowerShell asks, sif answers with the commands that begin so."""
    asked = {"_SIF_COMPLETE": "powershell_complete", "COMP_WORDS": "sif ass", "COMP_WORD": "ass"}
    assert sif_process(**asked).out.split() == ["assess"]


def test_the_word_that_is_being_written_is_no_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands before the cursor is completed; after a space it is the next word."""
    shell = PowerShell(None, {}, "sif", "_SIF_COMPLETE")  # type: ignore[arg-type]
    monkeypatch.setenv("COMP_WORDS", "sif show ore")
    monkeypatch.setenv("COMP_WORD", "ore")
    assert shell.get_completion_args() == (["show"], "ore")
    monkeypatch.setenv("COMP_WORDS", "sif show ")
    monkeypatch.setenv("COMP_WORD", "")
    assert shell.get_completion_args() == (["show"], "")
