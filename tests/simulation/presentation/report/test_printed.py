"""A report on paper: a comparison of four policies is at most eight pages, in both languages."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FOUR = ("orebro@2016", "norrkoping@2010", "norrkoping@2022", "sodertalje@2015")
MOST_PAGES = 8


def test_a_comparison_of_four_policies_is_at_most_eight_pages(
    sif: Callable[..., Any], tmp_path: Path
) -> None:
    """Printed by a browser as it stands, in Swedish and in English."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("no Chromium is installed here")
    kept = tmp_path / "results"
    sif("compare", *FOUR, "--replications", "2", "--years", "3", "--jobs", "1", "--out", str(kept))
    for lang in ("sv", "en"):
        page, paper = tmp_path / f"{lang}.html", tmp_path / f"{lang}.pdf"
        assert sif("report", str(kept), "--lang", lang, "--out", str(page)).code == 0
        subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
             f"--user-data-dir={tmp_path / 'browser'}", f"--print-to-pdf={paper}", page.as_uri()],
            capture_output=True, check=True, timeout=120,
        )  # fmt: skip
        pages = len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes()))
        assert 3 <= pages <= MOST_PAGES
