"""Presentation of a reform's effect: year by year, before and after, and what counts can show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sifrules.presentation.table import Column, Table
from sifrules.values.dates import Month
from sifrules.values.messages import Message, Text
from sifrules.values.numbers import written
from sifrules.values.text import LANGUAGES, Language, LocalizedText
from sifrules_simulation.analysis.reform import (
    COUNTED,
    POWER,
    BeforeAfter,
    Power,
    ReformEffect,
    power,
)
from sifrules_simulation.model.breakdowns import YEARLY
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.presentation.formatting import (
    behaviour_word,
    interval,
    number,
    scenario_word,
)
from sifrules_simulation.results.study_data import estimate_json
from sifrules_simulation.statistics.estimates import Estimate

_YEARS = Message("reform_tables.years")
_YEAR = Message("reform_tables.year")
_YEAR_FROM = Message("reform_tables.year_from")
_SINCE = Message("reform_tables.since")
_WITH = Message("reform_tables.with")
_WITHOUT = Message("reform_tables.without")
_DIFFERENCE = Message("reform_tables.difference")
_RECORD = Message("reform_tables.record")
_POWER = Message("reform_tables.power")
_WINDOW = Message("reform_tables.window")
_MODEL = Message("reform_tables.model")
_CHANGE = Message("reform_tables.change")
_RISE = Message("reform_tables.rise")
_SAME = Message("reform_tables.same")
_FALL = Message("reform_tables.fall")
_NEEDED = Message("reform_tables.needed")
_MINDING = Message("reform_tables.minding")
_NOT_MINDING = Message("reform_tables.not_minding")
_HIGHER = Message("reform_tables.effect_higher")
_LOWER = Message("reform_tables.effect_lower")
_CANNOT_TELL = Message("reform_tables.effect_cannot_tell")
_NOT_TOLD = Message("reform_tables.not_told")


def year_table(
    found: ReformEffect, column: str, lang: Language, record: Mapping[int, int] | None = None
) -> Table:
    """Year by year what is counted with the reform and without it, and what the record says."""
    about = YEARLY.columns[column]
    title = _YEARS.format(what=about.words, reform=found.reform, since=found.since)
    years = _YEAR if found.by_calendar else _YEAR_FROM
    heads: list[Text] = [years, _SINCE, _WITH, _WITHOUT, _DIFFERENCE]
    if record:
        heads.append(_RECORD)
    rows = []
    for row in found.rows(column):
        year = found.begins.year + row.year
        cells = [
            str(year) if found.by_calendar else str(found.begins + 12 * row.year),
            f"{row.since:+d}" if row.since else "0",
            interval(row.reformed, about.unit, lang),
            interval(row.without, about.unit, lang),
            interval(row.difference, about.unit, lang, signed=True),
        ]
        if record:
            cells.append(str(record[year]) if year in record else "")
        rows.append(cells)
    columns = [Column(head.text(lang), number=head is not years) for head in heads]
    return Table(columns, rows, title.text(lang))


def power_table(minding: ReformEffect, other: ReformEffect, column: str, lang: Language) -> Table:
    """What a count of one municipality shows before and after, if claims are minded or not."""
    words = YEARLY.columns[column].words
    heads = (_WINDOW, _MODEL, _CHANGE, _RISE, _SAME, _FALL, _NEEDED)
    rows = []
    for years in minding.windows:
        result = power(minding, other, column, years)
        for model, count in ((_MINDING, result.minding), (_NOT_MINDING, result.not_minding)):
            rows.append(
                [
                    str(years),
                    model.text(lang),
                    interval(count.change, "count", lang, signed=True),
                    *(interval(share, "share", lang) for share in _shares(count)),
                    _needed(result, lang) if model is _MINDING else "",
                ]
            )
    title = _POWER.format(what=words, power=number(POWER, "share", lang))
    columns = [Column(head.text(lang), number=head is not _MODEL) for head in heads]
    return Table(columns, rows, title.text(lang))


def _shares(count: BeforeAfter) -> tuple[Estimate, Estimate, Estimate]:
    return count.rise, count.same, count.fall


def _needed(result: Power, lang: Language) -> str:
    if result.municipalities is None:
        return _NOT_TOLD.text(lang)
    return str(result.municipalities)


def reform_words(found: ReformEffect, other: ReformEffect | None, column: str) -> Iterator[Message]:
    """The answer in sentences: what the reform changes, and how much of it could be seen."""
    words = YEARLY.columns[column].words
    after = found.after(column)
    effect = _HIGHER if (after.mean or 0) > 0 else _LOWER
    if _covers_nothing(after):
        effect = _CANNOT_TELL
    yield effect.format(
        what=words,
        reform=found.reform,
        size=_in_words(after),
        years=found.years - found.first_after,
    )
    if other is None or not found.windows:
        if not found.windows:
            yield Message("reform_tables.no_window", reform=found.reform)
        return
    years = found.windows[-1]
    result = power(found, other, column, years)
    yield Message(
        "reform_tables.seen",
        what=words,
        years=years,
        rise=_share(result.minding.rise),
        same=_share(result.minding.same),
        fall=_share(result.minding.fall),
        null_rise=_share(result.not_minding.rise),
    )
    if result.municipalities is None:
        yield Message("reform_tables.needed_none", years=years)
    else:
        yield Message(
            "reform_tables.needed_some",
            years=years,
            n=result.municipalities,
            power=Message("reform_tables.percent", value=round(100 * POWER)),
        )


def about(found: ReformEffect, scenario: Scenario, seed: int) -> Message:
    """What was simulated."""
    return Message(
        "reform_tables.about",
        scenario=scenario_word(scenario.id),
        replications=found.replications,
        seed=seed,
        behaviour=behaviour_word(found.behaviour),
    )


def not_by_calendar(begins: Month) -> Message:
    """Why the record is not shown beside years that begin in another month than January."""
    return Message("reform_tables.not_by_calendar", begins=begins, year=str(begins.year))


def _covers_nothing(estimate: Estimate) -> bool:
    return estimate.low is None or estimate.high is None or estimate.low <= 0 <= estimate.high


def _in_words(estimate: Estimate) -> Text:
    """A mean difference a year with half of its interval, to two decimals."""
    sv, en = (
        f"{written(estimate.mean or 0.0, '+,.2f', lang)}"
        f" ±{written(estimate.half_width or 0.0, ',.2f', lang)}"
        for lang in LANGUAGES
    )
    return LocalizedText(sv=sv, en=en)


def _share(estimate: Estimate) -> Message:
    return Message("reform_tables.percent", value=round(100 * (estimate.mean or 0)))


def reform_json(
    found: ReformEffect, other: ReformEffect | None, record: Mapping[int, int] | None
) -> dict[str, Any]:
    """The effect of a reform as plain data."""
    data: dict[str, Any] = {
        "timeline": found.timeline,
        "without": found.counterfactual,
        "reform": found.reform,
        "since": str(found.since),
        "begins": str(found.begins),
        "years": found.years,
        "replications": found.replications,
        "behaviour": found.behaviour,
        "by_year": [
            {
                "year": found.begins.year + row.year,
                "from": str(found.begins + 12 * row.year),
                "since": row.since,
                "measure": column,
                "with": estimate_json(row.reformed),
                "without": estimate_json(row.without),
                "difference": estimate_json(row.difference),
            }
            for column in COUNTED
            for row in found.rows(column)
        ],
        "after": {column: estimate_json(found.after(column)) for column in COUNTED},
        "record": {str(year): count for year, count in (record or {}).items()},
    }
    if other is not None:
        data["power"] = [
            _power_json(power(found, other, column, years), column)
            for column in ("applications", "grants")
            for years in found.windows
        ]
    return data


def _power_json(result: Power, column: str) -> dict[str, Any]:
    return {
        "measure": column,
        "years": result.minding.years,
        "minding": _count_json(result.minding),
        "not_minding": _count_json(result.not_minding),
        "municipalities": result.municipalities,
        "power": POWER,
    }


def _count_json(count: BeforeAfter) -> dict[str, Any]:
    return {
        "change": estimate_json(count.change),
        "deviation": count.deviation,
        "rise": estimate_json(count.rise),
        "same": estimate_json(count.same),
        "fall": estimate_json(count.fall),
    }
