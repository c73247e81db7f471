"""Presentation of a break-even (brytpunkt): its table, its answer in words, and its plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import asdict

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Joined, Message, Text
from sifrules.values.numbers import percent, written
from sifrules.values.text import Language, LocalizedText
from sifrules_simulation.analysis.break_even import BreakEven
from sifrules_simulation.experiments.levers import Lever
from sifrules_simulation.presentation.formatting import interval, number, unit_of
from sifrules_simulation.results.study_data import estimate_json

_CURVE = Message("break_even_tables.curve")
_LEVER = Message("break_even_tables.lever")
_CROSSES = Message("break_even_tables.crosses")
_NEVER = Message("break_even_tables.never")
_OPEN = Message("break_even_tables.open")
_OFTEN = Message("break_even_tables.often")
_STATED = Message("break_even_tables.stated")
_UNSTATED = Message("break_even_tables.unstated")


def lever_value(lever: Lever, value: float, lang: Language) -> str:
    """A value of a lever: a share in per cent to two decimals, another number whole."""
    if lever.kind == "share":
        return percent(written(round(100 * value, 2), ".10g", lang), lang)
    return written(value, ",.0f", lang)


def break_even_table(found: BreakEven, lang: Language) -> Table:
    """The measure at every value tried."""
    title = _CURVE.format(policy=found.policy, measure=found.measure.words, lever=found.lever.path)
    rows = [
        [lever_value(found.lever, value, lang), interval(mean, found.measure.unit, lang)]
        for value, mean in found.curve.items()
    ]
    unit = unit_of(found.measure.unit).shown.text(lang)
    columns = [Column(_LEVER.text(lang), number=True)]
    columns.append(Column(f"{found.measure.words.text(lang)} ({unit})", number=True))
    return Table(columns, rows, title.text(lang))


def break_even_words(found: BreakEven) -> Iterator[Text]:
    """The answer, and its caveats."""

    def said(value: float) -> Text:
        return LocalizedText(
            sv=lever_value(found.lever, value, "sv"), en=lever_value(found.lever, value, "en")
        )

    target = LocalizedText(
        sv=number(found.target, found.measure.unit, "sv"),
        en=number(found.target, found.measure.unit, "en"),
    )
    unit = unit_of(found.measure.unit).shown
    common = {
        "measure": found.measure.words,
        "lever": found.lever.path,
        "target": Joined((target, unit), " "),
    }
    place = found.crossing
    if place is None:
        yield _NEVER.format(low=said(found.low), high=said(found.high), **common)
    else:
        yield _CROSSES.format(
            value=said(place.value), low=said(place.low), high=said(place.high), **common
        )
        if any(place.open_ends):
            yield _OPEN
        if place.times > 1:
            yield _OFTEN.format(n=place.times)
    now = found.lever.now
    yield _UNSTATED if now is None else _STATED.format(value=said(now))


def break_even_json(found: BreakEven) -> dict[str, Any]:
    """A break-even as plain data."""
    return {
        "policy": found.policy,
        "lever": found.lever.path,
        "stated": found.lever.now,
        "measure": found.measure.name,
        "unit": found.measure.unit,
        "target": found.target,
        "range": [found.low, found.high],
        "replications": found.replications,
        "crossing": None if found.crossing is None else asdict(found.crossing),
        "curve": [{"value": value, **estimate_json(mean)} for value, mean in found.curve.items()],
    }
