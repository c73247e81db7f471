"""``sif report --summary``: two pages for a board, with the figures of the report."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from sifrules.cli import main
from sifrules_simulation.presentation.report.named_policies import named
from sifrules_simulation.presentation.report.summary_section import sentences
from sifrules_simulation.results.reader import read_results

docx = pytest.importorskip("docx", reason="needs the extra word")
pytestmark = pytest.mark.once

Sif = Callable[..., Any]
Made = Callable[[str], tuple[Path, Path]]


@pytest.fixture(scope="module")
def made(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The page and the summary of the comparison in a language: made once."""
    place = tmp_path_factory.mktemp("made")

    @cache
    def make(lang: str) -> tuple[Path, Path]:
        page, file = place / f"{lang}.html", place / f"{lang}.docx"
        out = StringIO()
        with redirect_stdout(out), pytest.raises(SystemExit) as left:
            main(["report", str(saved), "--lang", lang, "--out", str(page), "--summary", str(file)])
        assert (left.value.code or 0, out.getvalue().splitlines()) == (0, [str(page), str(file)])
        return page, file

    return make


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_summary_has_the_figures_of_the_report(
    made: Made, saved: Path, lang: Any, read_page: Callable[[Path], Any]
) -> None:
    """The key table cell by cell, every sentence of the answer, and the picture with its words."""
    page, file = made(lang)
    document = docx.Document(str(file))
    (table,) = document.tables
    tables = read_page(page).tables
    wanted = next(rows for caption, rows in tables.items() if "▲" in caption)
    found = [[cell.text for cell in row.cells] for row in table.rows]
    assert [row[1:] for row in found] == [row[1:] for row in wanted]
    assert [row[0] for row in found[1:]] == ["Örebro 2016", "Norrköping 2022"]
    told = {paragraph.text for paragraph in document.paragraphs}
    assert set(sentences(named(read_results(saved), lang), lang)) <= told
    (picture,) = document.inline_shapes
    assert wanted[1][1] in picture._inline.docPr.get("descr")
    assert document.core_properties.language == {"sv": "sv-SE", "en": "en-GB"}[lang]


def test_the_same_results_make_the_same_summary(
    sif: Sif, made: Made, saved: Path, tmp_path: Path
) -> None:
    """Byte by byte, whatever the clock says."""
    file = tmp_path / "again.docx"
    sif("report", str(saved), "--out", str(tmp_path / "a.html"), "--summary", str(file))
    assert file.read_bytes() == made("en")[1].read_bytes()


def test_the_summary_is_two_pages_where_an_office_opens_it(made: Made, tmp_path: Path) -> None:
    """LibreOffice makes a PDF of it; skipped where there is none."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed here")
    _, file = made("en")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path),
         str(file)],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    content = (tmp_path / "en.pdf").read_bytes()
    assert content.count(b"/Type/Page/") in (1, 2)


def test_without_the_extra_it_is_said_how_to_install_it(
    sif: Sif, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is written."""
    monkeypatch.setitem(sys.modules, "docx", None)
    ran = sif("report", str(saved), "--out", str(tmp_path / "a.html"),
              "--summary", str(tmp_path / "a.docx"))  # fmt: skip
    assert (ran.code, 'pip install "sifrules[word]"' in ran.err) == (2, True)
    assert list(tmp_path.iterdir()) == []
