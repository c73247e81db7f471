"""Ids of changed policies are in the language of the answer, and in what is saved they are not."""

from __future__ import annotations

import json

from sifrules.presentation.answer import Answer, rendered
from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message

ID = "orebro@2016 with return_model.floor=0.0, caps.amount=none"
NOTES = Message("answer.sources")


def answer() -> Answer:
    """An answer that has the id wherever one can stand."""
    table = Table([Column("policy"), Column(ID)], [[ID, "with 2 areas"]], ID)
    return Answer(data={"policy": ID}, tables=(table,), csv=table, lead=ID, notes=((NOTES, (ID,)),))


def test_what_is_read_has_them_in_its_language() -> None:
    """Title, headings, cells, lead and notes say "med"; other words stay as they are."""
    text = rendered(answer(), "table", "sv")
    assert text.count("orebro@2016 med return_model.floor=0.0, caps.amount=none") == 5
    assert "with 2 areas" in text
    assert rendered(answer(), "table", "en").count(ID) == 5


def test_what_is_saved_has_the_id() -> None:
    """CSV and JSON are data: a row is found by the same id in both languages."""
    assert json.loads(rendered(answer(), "json", "sv")) == {"policy": ID}
    assert rendered(answer(), "csv", "sv").count(ID) == 2
