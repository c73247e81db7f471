"""The record in a report (utfallet): what happened beside what is foreseen, year by year."""

from __future__ import annotations

from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.presentation.record_tables import record_notes, record_table
from sifrules_simulation.presentation.report.blocks import Block, Grid, Paragraph, Points, Section
from sifrules_simulation.results.reader import SavedResults

_TITLE = Message("report_record.title")
_HOW = Message("report_record.how")
_NOTES = Message("report_record.notes")


def record(saved: SavedResults, lang: Language) -> Section | None:
    """Each municipality's record beside what is foreseen of it; None where none was requested."""
    if not saved.records:
        return None
    blocks: list[Block] = [Paragraph(_HOW.text(lang))]
    for each in saved.records:
        blocks.append(Grid(record_table(each, lang)))
        blocks.append(Points(_NOTES.text(lang), list(record_notes(each, lang))))
    return Section("record", _TITLE.text(lang), blocks)
