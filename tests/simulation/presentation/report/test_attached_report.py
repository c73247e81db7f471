"""Reports that are made with the results: by compare, by a study, and out of a comparison now."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once

Sif = Callable[..., Any]
Reader = Callable[[Path], Any]
SHORT = ("--replications", "2", "--years", "2", "--jobs", "1")
PAIR = ("norrkoping@2010", "norrkoping@2022")
STUDY = ("study", "return-flow", "--policy", "orebro@2016", "--draws", "4", "--replications", "2",
         "--years", "2", "--jobs", "1", "--cause-replications", "0", "--no-calibrate")  # fmt: skip


@pytest.fixture(autouse=True)
def attached_reports() -> None:
    """Here they are written."""


def test_a_comparison_that_is_saved_has_its_report(sif: Sif, tmp_path: Path) -> None:
    """In the language of the command, as sif report makes it; the answer states where it is."""
    ran = sif("compare", *PAIR, *SHORT, "--lang", "sv", "--out", str(tmp_path))
    file = tmp_path / "report.html"
    assert f"- {file}" in ran.out.splitlines()
    assert '<html lang="sv">' in file.read_text("utf-8")
    made = file.read_bytes()
    assert sif("report", str(tmp_path), "--lang", "sv").code == 0
    assert file.read_bytes() == made


def test_a_study_that_is_saved_has_its_report(sif: Sif, tmp_path: Path, read_page: Reader) -> None:
    """Of the study alone: its answer, its verdict, where it comes from; every link leads there."""
    ran = sif(*STUDY, "--out", str(tmp_path))
    file = tmp_path / "report.html"
    assert f"- {file}" in ran.out.splitlines()
    found = read_page(file)
    assert [head for level, head in found.heads if level == 2] == [
        "The answer",
        "Does the finding hold? The study",
        "Provenance",
    ]
    assert "The study took the return flow out, all else equal" in found.text
    assert found.asked
    assert all(each[1:] in found.ids for each in found.asked)
    book = sif("report", str(tmp_path), "--xlsx", str(tmp_path / "a.xlsx"))
    assert (book.code, "no comparison in" in book.err) == (2, True)


@pytest.mark.parametrize("asked", [("compare", *PAIR, *SHORT), STUDY], ids=["compare", "study"])
def test_without_the_extra_the_rest_is_saved_and_the_extra_to_install_is_named(
    sif: Sif, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...]
) -> None:
    """A report of an earlier run does not stay behind as if it were this one's."""
    assert sif(*asked, "--out", str(tmp_path)).code == 0
    assert (tmp_path / "report.html").exists()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    ran = sif(*asked, "--out", str(tmp_path))
    assert ran.code == 0
    assert "- no report: a report needs jinja2, which is not installed" in ran.out
    assert 'pip install "sifrules[report]"; the rest is saved' in ran.out
    assert not (tmp_path / "report.html").exists()
    assert (tmp_path / f"{'comparison' if asked[0] == 'compare' else 'study'}.json").exists()


def test_nothing_is_written_where_nothing_is_saved(
    sif: Sif, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --out there is no report."""
    monkeypatch.chdir(tmp_path)
    assert sif("compare", *PAIR, *SHORT).code == 0
    assert list(tmp_path.iterdir()) == []


def test_a_report_out_of_a_comparison_now_is_the_one_of_a_saved_comparison(
    sif: Sif, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every option passed on; nothing else is left behind."""
    options = ("--scenario", "norrkoping", "--seed", "7", "--baseline", PAIR[1], *SHORT)
    sif("compare", *PAIR, *options, "--out", str(tmp_path / "kept"))
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    ran = sif("report", "--from-compare", *PAIR, *options)
    assert (ran.code, ran.out, ran.err) == (0, "report.html\n", "")
    assert [each.name for each in here.iterdir()] == ["report.html"]
    asked = f"--from-compare {' '.join(PAIR)} --scenario norrkoping --baseline {PAIR[1]} --years 2"
    now = (here / "report.html").read_text("utf-8")
    assert f"sif report {asked} --replications 2 --seed 7 --study study" in now
    saved = (tmp_path / "kept" / "report.html").read_text("utf-8")
    again = f"sif report {asked} --replications 2 --seed 7"
    assert now.replace(again, f"sif report {tmp_path / 'kept'}") == saved


@pytest.mark.parametrize(
    ("args", "reported"),
    [
        (("report", "results", "--years", "3"), "--years is for a comparison that is run now; add"),
        (("report",), "name one folder that sif compare --out made; or compare policies now"),
        (("report", "one", "two"), "name one folder that sif compare --out made"),
        (("report", "--from-compare", "nowhere@2016"), "no policy"),
    ],
)
def test_a_mistake_is_reported_and_nothing_is_written(
    sif: Sif, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], reported: str
) -> None:
    """In one line."""
    monkeypatch.chdir(tmp_path)
    ran = sif(*args)
    assert reported in ran.err
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert list(tmp_path.iterdir()) == []
