"""``sif report --summary``: two pages for a board, with the figures of the report."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules_simulation.presentation.report.named_policies import named
from sifrules_simulation.presentation.report.summary_section import sentences
from sifrules_simulation.results.reader import read_results

docx = pytest.importorskip("docx", reason="needs the extra word")
pytestmark = pytest.mark.once

Sif = Callable[..., Any]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_summary_has_the_figures_of_the_report(
    sif: Sif, saved: Path, tmp_path: Path, lang: Any, read_page: Callable[[Path], Any]
) -> None:
    """The key table cell by cell, every sentence of the answer, and the picture with its words."""
    page, file = tmp_path / "a.html", tmp_path / "a.docx"
    ran = sif("report", str(saved), "--lang", lang, "--out", str(page), "--summary", str(file))
    assert (ran.code, ran.out.splitlines()) == (0, [str(page), str(file)])
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


def test_the_same_results_make_the_same_summary(sif: Sif, saved: Path, tmp_path: Path) -> None:
    """Byte by byte, whatever the clock says."""
    made = []
    for name in ("one", "two"):
        file = tmp_path / f"{name}.docx"
        sif("report", str(saved), "--out", str(tmp_path / "a.html"), "--summary", str(file))
        made.append(file.read_bytes())
    assert made[0] == made[1]


def test_the_summary_is_two_pages_where_an_office_opens_it(
    sif: Sif, saved: Path, tmp_path: Path
) -> None:
    """LibreOffice makes a PDF of it; skipped where there is none."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed here")
    file = tmp_path / "a.docx"
    sif("report", str(saved), "--out", str(tmp_path / "a.html"), "--summary", str(file))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path),
         str(file)],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    content = (tmp_path / "a.pdf").read_bytes()
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
