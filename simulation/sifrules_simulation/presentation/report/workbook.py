"""The workbook (arbetsboken): a report's numbers as numbers, for a spreadsheet.

A sheet to look at comes first; the long tables are behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sifrules.errors import SifError
from sifrules.presentation.workbook import Cell, Sheet, workbook_of
from sifrules.rules.wording import YES_NO
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language
from sifrules_simulation.model.assumption_words import assumption_words
from sifrules_simulation.presentation.formatting import unit_of
from sifrules_simulation.presentation.record_tables import counted_words
from sifrules_simulation.presentation.report.comparison_section import measure_names
from sifrules_simulation.presentation.report.comparison_sheet import write_comparison
from sifrules_simulation.presentation.report.provenance_section import (
    dependencies,
    parameter_source,
)
from sifrules_simulation.presentation.report.timeline_blocks import guidelines_of
from sifrules_simulation.presentation.stop_words import WAYS, stop_counts
from sifrules_simulation.presentation.study_words import period
from sifrules_simulation.results.reader import Data, SavedResults, said

_SHEETS = {
    "changes": Message("report_workbook.sheets_changes"),
    "policies": Message("report_workbook.sheets_policies"),
    "measures": Message("report_workbook.sheets_measures"),
    "yearly": Message("report_workbook.sheets_yearly"),
    "stops": Message("report_workbook.sheets_stops"),
    "record": Message("report_workbook.sheets_record"),
    "assumptions": Message("report_workbook.sheets_assumptions"),
    "provenance": Message("report_workbook.sheets_provenance"),
}
_POLICY = Message("report_workbook.policy")
_PATH = Message("report_workbook.path")
_CLAUSE = Message("report_workbook.clause")
_VALUE = Message("report_workbook.value")
_SOURCE = Message("report_workbook.source")
_READING = Message("report_workbook.reading")
_GUIDELINE = Message("report_workbook.guideline")
_SINCE = Message("report_workbook.since")
_BEFORE = Message("report_workbook.before")
_AFTER = Message("report_workbook.after")
_IN_GUIDELINE = Message("report_workbook.in_guideline")
_MEASURE = Message("report_workbook.measure")
_NAME = Message("report_workbook.name")
_UNIT = Message("report_workbook.unit")
_BASELINE = Message("report_workbook.baseline")
_IN_UNIT = Message("report_workbook.in_unit")
_ENDS = {
    "mean": Message("report_workbook.ends_mean"),
    "low": Message("report_workbook.ends_low"),
    "high": Message("report_workbook.ends_high"),
    "difference_mean": Message("report_workbook.ends_difference_mean"),
    "difference_low": Message("report_workbook.ends_difference_low"),
    "difference_high": Message("report_workbook.ends_difference_high"),
}
_YEAR = Message("report_workbook.year")
_YEARLY = {
    "applications": Message("report_workbook.yearly_applications"),
    "grants": Message("report_workbook.yearly_grants"),
    "granted": Message("report_workbook.yearly_granted"),
    "set_aside": Message("report_workbook.yearly_set_aside"),
    "balance": Message("report_workbook.yearly_balance"),
}
_END_OF = Message("report_workbook.end_of")
_WAY = Message("report_workbook.way")
_RULE = Message("report_workbook.rule")
_PER_REPLICATION = Message("report_workbook.per_replication")
_PARAMETER = Message("report_workbook.parameter")
_IN_WORDS = Message("report_workbook.in_words")
_FROM = Message("report_workbook.low_in_the_unit")
_TO = Message("report_workbook.high_in_the_unit")
_STATED = Message("report_workbook.stated")
_RESTS_ON = Message("report_workbook.rests_on")
_ASSUMED = Message("report_workbook.assumed")
_WHAT = Message("report_workbook.what")


def sheets(saved: SavedResults, lang: Language) -> list[Sheet]:
    """All sheets of a report's workbook."""
    return [
        _policies(saved, lang),
        *_changes(saved, lang),
        _measures(saved, lang),
        _yearly(saved, lang),
        _stops(saved, lang),
        *([_record(saved, lang)] if saved.records else []),
        _assumptions(saved, lang),
        _sheet("provenance", (_WHAT, _VALUE), dependencies(saved, lang), lang),
    ]


def workbook(saved: SavedResults, lang: Language) -> bytes:
    """The workbook as the bytes of an XLSX file; `SifError` where there is no comparison."""
    if not saved.policies:
        raise SifError(
            Message("workbook.no_comparison", folder=saved.folder),
            fix=Message("workbook.name_comparison"),
        )

    def first(book: Any) -> None:
        write_comparison(book, saved, lang)

    return workbook_of(sheets(saved, lang), first)


def _sheet(
    name: str, heads: Iterable[Text], rows: Iterable[Sequence[Cell]], lang: Language
) -> Sheet:
    return Sheet(_SHEETS[name].text(lang), [head.text(lang) for head in heads], list(rows))


def _policies(saved: SavedResults, lang: Language) -> Sheet:
    rows = [
        [
            policy,
            clause["path"],
            said(clause["label"], lang),
            said(clause["value"], lang),
            clause["citation"],
            said(clause["reading"], lang),
            name,
            guideline.get("since"),
        ]
        for policy in saved.policies
        for name, guideline in _guidelines(saved, policy)
        for clause in guideline["clauses"]
    ]
    heads = (_POLICY, _PATH, _CLAUSE, _VALUE, _SOURCE, _READING, _GUIDELINE, _SINCE)
    return _sheet(
        "policies", heads, rows or [[policy, *[None] * 7] for policy in saved.policies], lang
    )


def _guidelines(saved: SavedResults, policy: str) -> list[tuple[str, Data]]:
    """The guidelines of a policy; nothing where its clauses were not saved."""
    described = saved.described(policy)
    return guidelines_of(described) if described else []


def _changes(saved: SavedResults, lang: Language) -> list[Sheet]:
    """What each reform of each timeline changes; no sheet where no rules change."""
    rows: list[Sequence[Cell]] = [
        [
            policy,
            change["since"],
            change["before"],
            change["after"],
            clause["path"],
            said(clause["label"], lang),
            *(said(side and side["value"], lang) for side in sides),
            *(side and side["citation"] for side in sides),
        ]
        for policy in saved.policies
        for change in saved.described(policy).get("changes", ())
        for clause in change["clauses"]
        for sides in [(clause["before"], clause["after"])]
    ]
    heads = (
        _POLICY,
        _SINCE,
        _BEFORE,
        _AFTER,
        _PATH,
        _CLAUSE,
        *(_IN_GUIDELINE.format(what=_VALUE, which=which) for which in (_BEFORE, _AFTER)),
        *(_IN_GUIDELINE.format(what=_SOURCE, which=which) for which in (_BEFORE, _AFTER)),
    )
    return [_sheet("changes", heads, rows, lang)] if rows else []


def _measures(saved: SavedResults, lang: Language) -> Sheet:
    called, rows = measure_names(saved, lang), []
    for each in saved.comparison["policies"]:
        for name, measure in each["measures"].items():
            difference = {f"difference_{end}": x for end, x in each["difference"][name].items()}
            values = {**measure, **difference}
            numbers = [values[end] for end in _ENDS]
            unit = unit_of(measure["unit"]).saved.text(lang)
            rows.append([each["id"], called.get(name, name), name, unit, *numbers, saved.baseline])
    heads = [_POLICY, _MEASURE, _NAME, _UNIT]
    heads += [_IN_UNIT.format(what=words) for words in _ENDS.values()]
    return _sheet("measures", [*heads, _BASELINE], rows, lang)


def _yearly(saved: SavedResults, lang: Language) -> Sheet:
    ends = ("mean", "low", "high")
    heads = [_POLICY, _YEAR]
    heads += [_END_OF.format(what=w, end=_ENDS[end]) for w in _YEARLY.values() for end in ends]
    found: dict[tuple[str, int], dict[str, float | None]] = {}
    yearly = saved.breakdowns.get("yearly")
    for row in yearly.iter_rows(named=True) if yearly is not None else ():
        at = found.setdefault((row["policy"], row["year"]), {})
        at |= {f"{row['measure']} {end}": row[end] for end in ends}
    rows = [
        [policy, year, *(reported.get(f"{name} {end}") for name in _YEARLY for end in ends)]
        for (policy, year), reported in found.items()
    ]
    return _sheet("yearly", heads, rows, lang)


def _stops(saved: SavedResults, lang: Language) -> Sheet:
    count = saved.comparison.get("replications", 0)
    rows: list[Sequence[Cell]] = [
        [policy["id"], WAYS[each.way].text(lang), each.way, each.rule, each.mean]
        for policy in saved.comparison["policies"]
        for each in stop_counts(policy, count)
    ]
    return _sheet("stops", (_POLICY, _WAY, _NAME, _RULE, _PER_REPLICATION), rows, lang)


def _record(saved: SavedResults, lang: Language) -> Sheet:
    rows: list[Sequence[Cell]] = [
        [
            each["municipality"],
            each["policy"],
            counted_words(row["what"]).text(lang),
            period(row["period"]).text(lang),
            unit_of(row["unit"]).saved.text(lang),
            row["value"],
            YES_NO[row["about"]].text(lang),
            *(row[end] for end in ("mean", "low", "high")),
            None if row["inside"] is None else YES_NO[row["inside"]].text(lang),
            "; ".join(row["citations"]) or None,
        ]
        for each in saved.records
        for row in each["rows"]
    ]
    heads = (
        Message("report_workbook.record_municipality"),
        _POLICY,
        _WHAT,
        Message("report_workbook.record_period"),
        _UNIT,
        Message("report_workbook.record_value"),
        Message("report_workbook.record_about"),
        *(_ENDS[end] for end in ("mean", "low", "high")),
        Message("report_workbook.record_inside"),
        _SOURCE,
    )
    return _sheet("record", heads, rows, lang)


def _assumptions(saved: SavedResults, lang: Language) -> Sheet:
    rows: list[Sequence[Cell]] = [
        [
            each["path"],
            said(each["words"], lang),
            unit_of(each["unit"]).saved.text(lang),
            *(each[key] for key in ("value", "low", "high")),
            parameter_source(each, lang),
        ]
        for each in saved.about.get("scenario", {}).get("parameters", ())
    ]
    for each in saved.source.get("policies", ()):
        if each.get("assumed"):
            reported = _ASSUMED.format(changes=assumption_words(each["assumed"])).text(lang)
            rows.append([each["id"], reported, None, None, None, None, None])
    heads = (_PARAMETER, _IN_WORDS, _UNIT, _STATED, _FROM, _TO, _RESTS_ON)
    return _sheet("assumptions", heads, rows, lang)
