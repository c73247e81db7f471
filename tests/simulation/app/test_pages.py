"""The pages: what a file of one's own says is text in them, whatever it says."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import pytest

pytest.importorskip("vl_convert", reason="the page needs the extra app")

from sifrules_simulation.app.form import read_form
from sifrules_simulation.app.offers import offers_of
from sifrules_simulation.app.pages import SCRIPT_WORDS, WORDS, Pages
from sifrules_simulation.app.simulating import Simulations

SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"""
base = "orebro@2016"
id = "mine"
title = {{ sv = "{SCRIPT}", en = "{SCRIPT}" }}
municipality = "{SCRIPT}"

[funding]
ambition = {{ sv = "{SCRIPT}", en = "{SCRIPT}" }}
"""


@pytest.mark.once
def test_a_hostile_file_is_text_on_the_page(offers: Any, tmp_path: Path) -> None:
    """Its title, its municipality and its clauses, in the form and in the results."""
    file = tmp_path / "mine.toml"
    file.write_text(HOSTILE, "utf-8")
    mine = offers_of(offers.registry, [file])
    assert mine.first == "mine"
    pages = Pages(mine)
    filled = read_form([("set", "return_model.share=0.5"), ("years", "1")], mine, "sv")
    assert filled.sound
    assert SCRIPT not in pages.compare(filled)
    assert "&lt;script&gt;" in pages.compare(filled)
    (found,) = Simulations(mine, (2,)).staged(filled.state, Event(), lambda _done, _of: None)
    html = pages.results(found, "mine", "sv")
    assert "<script" not in html
    assert "mine, ändrad" in html


def test_no_text_of_the_page_is_left_out() -> None:
    """Each is there in both languages, and none for two things."""
    for lang in ("sv", "en"):
        words = [each.text(lang) for each in (*WORDS.values(), *SCRIPT_WORDS.values())]  # type: ignore[arg-type]
        assert not [each for each in words if each.startswith("app.")]
