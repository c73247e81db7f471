"""A municipality's record against the model: the table of a command, a report and a workbook.

Made of plain data, as it is saved: `record_json` is what `record_table` and `record_notes` take.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message, Text
from sifrules.values.numbers import written
from sifrules.values.text import Language
from sifrules_simulation.presentation.formatting import behaviour_word, number, scenario_word
from sifrules_simulation.presentation.study_words import period

_TITLE = Message("record_tables.title")
_WHAT = Message("record_tables.what")
_PERIOD = Message("record_tables.period")
_RECORD = Message("record_tables.record")
_MEAN = Message("record_tables.mean")
_BAND = Message("record_tables.band")
_INSIDE = Message("record_tables.inside")
_YES, _NO = Message("record_tables.yes"), Message("record_tables.no")
_NOT_KNOWN = Message("record_tables.not_known")
_ABOUT = Message("record_tables.about")
_HOW = Message("record_tables.how")
_COUNTED = Message("record_tables.counted")
_SOURCE = Message("record_tables.source")
_COUNTED_WORDS = {
    "ideas": Message("record_tables.ideas"),
    "applications": Message("record_tables.applications"),
    "refused": Message("record_tables.refused"),
    "grants": Message("record_tables.grants"),
    "civil_grants": Message("record_tables.civil_grants"),
    "granted": Message("record_tables.granted"),
    "paid_out": Message("record_tables.paid_out"),
    "handed_back": Message("record_tables.handed_back"),
    "returned": Message("record_tables.returned"),
    "evaluated": Message("record_tables.evaluated"),
    "implemented": Message("record_tables.implemented"),
}

Data = Mapping[str, Any]


def counted_words(what: str) -> Text:
    """What a number of a record counts."""
    return _COUNTED_WORDS[what]


def heading(municipality: str) -> Text:
    """The heading of the notes on a municipality's record."""
    return Message("record_tables.notes", municipality=municipality)


def record_table(compared: Data, lang: Language) -> Table:
    """What happened and what is foreseen, a row for each number and period."""
    heads = (_WHAT, _PERIOD, _RECORD, _MEAN, _BAND, _INSIDE)
    columns = [Column(head.text(lang), number=head in (_RECORD, _MEAN, _BAND)) for head in heads]
    rows = [
        [
            _COUNTED_WORDS[row["what"]].text(lang),
            period(row["period"]).text(lang),
            _recorded(row, lang),
            number(row["mean"], row["unit"], lang),
            f"{_short(row['low'], row['unit'], lang)}–{_short(row['high'], row['unit'], lang)}",
            "" if row["inside"] is None else (_YES if row["inside"] else _NO).text(lang),
        ]
        for row in compared["rows"]
    ]
    title = _TITLE.format(municipality=compared["municipality"], policy=compared["policy"])
    return Table(columns, rows, title.text(lang))


def record_notes(compared: Data, lang: Language) -> Iterator[str]:
    """How the table was made, how much of the record lies in the bands, and what else to know."""
    yield _HOW.format(
        municipality=compared["municipality"],
        policy=compared["policy"],
        scenario=scenario_word(compared["scenario"]),
        n=compared["replications"],
        years=compared["years"],
        seed=str(compared["seed"]),
        behaviour=behaviour_word(compared["behaviour"]),
    ).text(lang)
    known = [row["inside"] for row in compared["rows"] if row["inside"] is not None]
    yield _COUNTED.format(
        municipality=compared["municipality"], inside=sum(known), n=len(known)
    ).text(lang)
    if compared["failed"]:
        yield Message("record_tables.failed", n=compared["failed"]).text(lang)
    for note in compared["notes"]:
        yield str(note[lang])
    sources = dict.fromkeys(cited for row in compared["rows"] for cited in row["citations"])
    if sources:
        yield _SOURCE.format(
            municipality=compared["municipality"], sources="; ".join(sources)
        ).text(lang)


def _recorded(row: Data, lang: Language) -> str:
    if row["value"] is None:
        return _NOT_KNOWN.text(lang)
    shown = _short(row["value"], row["unit"], lang)
    return _ABOUT.format(value=shown).text(lang) if row["about"] else shown


def _short(value: float, unit: str, lang: Language) -> str:
    return written(value, ",.10g", lang) if unit == "count" else number(value, unit, lang)
