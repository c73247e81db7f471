"""Tables of a calibration: predicted next to recorded values, and posterior parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message, Text
from sifrules.values.numbers import written
from sifrules.values.text import Language
from sifrules_simulation.analysis.calibration import Calibration, Lesson
from sifrules_simulation.analysis.foreseen import Interval, Predicted
from sifrules_simulation.analysis.observations import AMOUNTS
from sifrules_simulation.presentation.formatting import number, scenario_word, unit_of
from sifrules_simulation.presentation.study_notes import record_notes
from sifrules_simulation.presentation.study_words import CHECKED, lesson, parameter, period

_FORESEEN = Message("calibration_tables.foreseen")
_TOWN = Message("calibration_tables.town")
_WHAT = Message("calibration_tables.what")
_COUNTED = {
    **CHECKED,
    "grants": Message("calibration_tables.counted_grants"),
    "granted": Message("calibration_tables.counted_granted"),
}
_PERIOD = Message("calibration_tables.period")
_HAPPENED = Message("calibration_tables.happened")
_BEFORE = Message("calibration_tables.before")
_BY_OTHERS = Message("calibration_tables.by_others")
_INSIDE = Message("calibration_tables.inside")
_YES, _NO = Message("calibration_tables.yes"), Message("calibration_tables.no")
_LEARNT = Message("calibration_tables.learnt")
_PARAMETER = Message("calibration_tables.parameter")
_IN_WORDS = Message("calibration_tables.in_words")
_UNIT = Message("calibration_tables.unit")
_SAVED = Message("calibration_tables.kept")
_LESSON = Message("calibration_tables.lesson")
_SIZE = Message("calibration_tables.size")
_HOW = Message("calibration_tables.how")

#: How many parameters the table shows; all are in the files and in CSV.
_MOST_SHOWN = 12


def tables(found: Calibration, lang: Language) -> tuple[Table, ...]:
    """The tables of predictions and of posterior parameters."""
    return _foreseen(found, lang), _lessons(found, lang)


def notes(found: Calibration, data: Mapping[str, Any]) -> tuple[Text, ...]:
    """How it was made, and its caveats."""
    size = _SIZE.format(
        accepted=found.accepted,
        draws=found.draws,
        seed=found.seed,
        scenario=scenario_word(found.scenario.id),
    )
    return (size, _HOW, *record_notes(data))


def _foreseen(found: Calibration, lang: Language) -> Table:
    heads = (_TOWN, _WHAT, _PERIOD)
    columns = [Column(head.text(lang)) for head in heads]
    columns += [Column(head.text(lang), number=True) for head in (_HAPPENED, _BEFORE, _BY_OTHERS)]
    columns.append(Column(_INSIDE.text(lang)))
    towns = {each.key: each.municipality for each in found.records}
    rows = [_foreseen_row(each, towns, lang) for each in found.predicted]
    return Table(columns, rows, _FORESEEN.text(lang))


def _foreseen_row(each: Predicted, towns: Mapping[str, str], lang: Language) -> list[str]:
    observed = each.observed
    unit = "SEK" if observed.what in AMOUNTS else "count"
    inside = "–" if each.inside is None else (_YES if each.inside else _NO).text(lang)
    return [
        towns.get(observed.municipality, observed.municipality),
        _COUNTED[observed.what].text(lang),
        period(str(observed.period)).text(lang),
        _short(observed.value, unit, lang),
        _span(each.prior, unit, lang),
        "–" if each.posterior is None else _span(each.posterior, unit, lang),
        inside,
    ]


def _lessons(found: Calibration, lang: Language) -> Table:
    changed = sorted(found.parameters, key=lambda row: (not row.learnt, _sameness(row)))
    columns = [
        Column(_PARAMETER.text(lang)),
        Column(_IN_WORDS.text(lang), width=34),
        Column(_UNIT.text(lang), width=16),
        Column(_BEFORE.text(lang), number=True),
        Column(_SAVED.text(lang), number=True),
        Column(_LESSON.text(lang)),
    ]
    rows = [
        [
            row.path,
            parameter(row.path).text(lang),
            unit_of(row.unit).saved.text(lang),
            _plain_span(row.prior, lang),
            "–" if row.posterior is None else _plain_span(row.posterior, lang),
            lesson(row.as_json()).text(lang),
        ]
        for row in changed[:_MOST_SHOWN]
    ]
    title = _LEARNT.format(shown=len(rows), of=len(changed)).text(lang)
    return Table(columns, rows, title)


def _sameness(row: Lesson) -> float:
    """How little a parameter's median moved, the less it moved the greater."""
    if row.posterior is None:
        return 0.0
    span = row.prior.high - row.prior.low
    return -abs(row.posterior.median - row.prior.median) / span if span else 0.0


def _short(value: float, unit: str, lang: Language) -> str:
    return written(value, "g", lang) if unit == "count" else number(value, unit, lang)


def _span(of: Interval, unit: str, lang: Language) -> str:
    low, median, high = (_short(value, unit, lang) for value in (of.low, of.median, of.high))
    return f"{median} ({low}–{high})"


def _plain_span(of: Interval, lang: Language) -> str:
    median, low, high = (
        written(value, ",.3g" if abs(value) < 1000 else ",.0f", lang)
        for value in (of.median, of.low, of.high)
    )
    return f"{median} ({low}–{high})"
