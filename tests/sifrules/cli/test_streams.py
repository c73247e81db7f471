"""What the command line writes to: encodings, closed streams, and how it is asked to end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once

Ran = Callable[..., Any]

#: An answer with letters and signs that older encodings lack.
SHOW = ("show", "orebro@2016", "--lang", "sv")


@pytest.fixture(scope="module")
def shown(sif_process: Ran) -> str:
    """The answer where nothing is in the way."""
    ran = sif_process(*SHOW)
    assert (ran.code, ran.err) == (0, "")
    assert "–" in ran.out
    return str(ran.out)


@pytest.fixture(scope="module")
def undisturbed(sif_process: Ran) -> Ran:
    """What a command answers where nothing is in the way; each is run once."""
    return cache(sif_process)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-16"])
def test_a_file_or_pipe_gets_utf8(
    sif_process: Ran, shown: str, encoding: str, tmp_path: Path
) -> None:
    """No answer is lost for an encoding that lacks a letter, nor written in one of its own."""
    environment = {"PYTHONIOENCODING": encoding, "SIFRULES_LANG": "sv"}
    file = tmp_path / "answer"
    assert sif_process(*SHOW, redirect=f"> '{file}'", **environment).code == 0
    assert file.read_text("utf-8") == shown
    wrong = sif_process("show", "örebro–2016", **environment)
    assert (wrong.code, "örebro–2016" in wrong.err) == (2, True)


def test_a_locale_without_letters_changes_nothing(sif_process: Ran, shown: str) -> None:
    """The C locale, which Python would write ASCII in, gets the same answer."""
    ran = sif_process(*SHOW, LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    assert (ran.code, ran.out) == (0, shown)


@pytest.mark.parametrize("encoding", ["cp1252", "cp437"])
def test_what_a_terminal_cannot_show_is_replaced(encoding: str) -> None:
    """A terminal keeps its encoding, with question marks for what it lacks."""
    pty = pytest.importorskip("pty", reason="this system has no such terminals")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sifrules", *SHOW],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    told = b""
    try:
        while some := os.read(ours, 65_536):
            told += some
    except OSError:  # the other end was closed
        pass
    os.close(ours)
    assert process.wait() == 0
    assert "villkor" in told.decode(encoding)
    assert "Traceback" not in told.decode(encoding)


def test_bytes_that_are_no_text_are_written_as_escapes() -> None:
    """A name of a file that is not UTF-8 is named in the error, and is no error of its own."""
    if sys.platform in ("win32", "darwin"):
        pytest.skip("names of files are text here")
    ran = subprocess.run(
        [sys.executable, "-m", "sifrules", "show", b"\xff.toml"], capture_output=True, check=False
    )
    assert ran.returncode == 2
    assert ran.stderr.decode().count("\n") == 1
    assert "udcff.toml" in ran.stderr.decode()


CLOSED = ("2>&-", ">&-", "<&-", "<&- >&- 2>&-")


def _unheard(closed: str, out: str) -> str:
    """What is left of an answer where streams are closed."""
    return "" if ">&- " in f"{closed} ".replace("2>&-", "") else out


@pytest.fixture(scope="module")
def compared(sif_process: Ran, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A comparison that is saved, with streams closed: once each, and its folder.

    Without a report, which takes longer than all else.
    """
    without = tmp_path_factory.mktemp("without")
    (without / "altair.py").write_text("raise ImportError")
    path = os.pathsep.join([str(without), os.environ.get("PYTHONPATH", "")])

    @cache
    def compare(closed: str) -> tuple[Any, Path]:
        place = tmp_path_factory.mktemp("compared") / "results"
        args = ("compare", "orebro@2016", "--replications", "2", "--years", "2", "--jobs", "1")
        return sif_process(*args, "--out", str(place), redirect=closed, PYTHONPATH=path), place

    return compare


@pytest.mark.parametrize("closed", CLOSED)
def test_a_closed_stream_leads_nowhere(compared: Ran, closed: str) -> None:
    """What cannot be said is not; the rest and the exit code are as ever."""
    (whole, there), (ran, here) = compared(""), compared(closed)
    assert (whole.code, ran.code) == (0, 0)
    assert "[report]" in whole.out
    assert ran.out == _unheard(closed, whole.out.replace(str(there), str(here)))
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("closed", CLOSED)
def test_a_mistake_leads_nowhere_where_a_stream_is_closed(
    sif_process: Ran, undisturbed: Ran, closed: str
) -> None:
    """Its exit code is as ever."""
    args = ("show", "orebro@2061")
    whole, ran = undisturbed(*args), sif_process(*args, redirect=closed)
    assert ran.code == whole.code == 2
    assert ran.out == _unheard(closed, whole.out)
    assert "Traceback" not in ran.err


def test_no_file_of_results_takes_the_place_of_a_closed_stream(compared: Ran) -> None:
    """What is written to standard error of which there is none lands in no file of results."""
    (_, whole), (_, closed) = compared(""), compared("<&- >&- 2>&-")
    for file in ("runs.csv", "summary.csv"):
        assert (whole / file).read_bytes() == (closed / file).read_bytes()


def test_the_package_can_be_run(sif_process: Ran) -> None:
    """``python -m sifrules`` is ``sif``, with its name in errors."""
    assert sif_process("plugins", "--format", "json").code == 0
    assert "see sif show --help" in sif_process("show").err


PRINTING = """
import sys
from sifrules import LocalizedText, Measure, hookimpl
print("imported")

def counted(portfolio):
    print("measured")
    return 1.0

@hookimpl
def sifrules_measures():
    print("asked")
    words = LocalizedText(sv="x", en="x")
    return [Measure(name="printing", words=words, formula=words, unit="count", of=counted)]
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_a_plugin_prints_is_no_part_of_an_answer(
    sif_process: Ran, tmp_path: Path, jobs: str
) -> None:
    """What it prints as it is imported, asked and run goes to standard error."""
    about = tmp_path / "printing-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: printing\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[sifrules]\nprinting = printing_plugin\n")
    (tmp_path / "printing_plugin.py").write_text(PRINTING)
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    size = ("--replications", "4" if jobs == "1" else "90", "--jobs", jobs, "--years", "3")
    run = ("compare", "orebro@2016", "orebro@2013", *size)
    for args in (("policies",), ("plugins",), run) if jobs == "1" else (run,):
        ran = sif_process(*args, "--format", "json", PYTHONPATH=path)
        assert ran.code == 0
        assert ran.data
        assert "imported" in ran.err
        assert "Traceback" not in ran.err
    assert "measured" in ran.err
