"""The workbook (arbetsboken): a report's numbers as numbers, for a spreadsheet.

Text is written as text, whatever it begins with: nothing of a user's becomes a formula.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from attrs import frozen

from sifrules.errors import SifError
from sifrules.presentation.table import plain_text
from sifrules.values.text import Language, Words
from sifrules_simulation.model.parameters import unit_words
from sifrules_simulation.presentation.report.comparison_section import measure_names
from sifrules_simulation.presentation.report.provenance_section import hangs_on, rests_on
from sifrules_simulation.results.reader import Kept, said

Cell = str | float | None

_NO_TIME = dt.datetime(2000, 1, 1)

_SHEETS = {
    "policies": Words(sv="policyer", en="policies"),
    "measures": Words(sv="mått", en="measures"),
    "yearly": Words(sv="år för år", en="yearly"),
    "assumptions": Words(sv="antaganden", en="assumptions"),
    "provenance": Words(sv="härkomst", en="provenance"),
}
_POLICY = Words(sv="policy", en="policy")
_PATH = Words(sv="sökväg", en="path")
_CLAUSE = Words(sv="klausul", en="clause")
_VALUE = Words(sv="lydelse", en="value")
_SOURCE = Words(sv="källa", en="source")
_READING = Words(sv="läsning", en="reading")
_MEASURE = Words(sv="mått", en="measure")
_NAME = Words(sv="namn", en="name")
_UNIT = Words(sv="enhet", en="unit")
_BASELINE = Words(sv="jämförs med", en="compared with")
_IN_UNIT = Words(sv="{what} (i enheten)", en="{what} (in the unit)")
_ENDS = {
    "mean": Words(sv="medel", en="mean"),
    "low": Words(sv="från", en="low"),
    "high": Words(sv="till", en="high"),
    "difference_mean": Words(sv="skillnad", en="difference"),
    "difference_low": Words(sv="skillnad från", en="difference low"),
    "difference_high": Words(sv="skillnad till", en="difference high"),
}
_YEAR = Words(sv="år", en="year")
_YEARLY = {
    "applications": Words(sv="ansökningar (antal)", en="applications (count)"),
    "grants": Words(sv="beviljade (antal)", en="grants (count)"),
    "granted": Words(sv="beviljat (kr)", en="granted (SEK)"),
    "set_aside": Words(sv="avsatt (kr)", en="set aside (SEK)"),
    "balance": Words(sv="kvar vid årets slut (kr)", en="left at the year's end (SEK)"),
}
_END_OF = Words(sv="{what}, {end}", en="{what}, {end}")
_PARAMETER = Words(sv="parameter eller policy", en="parameter or policy")
_IN_WORDS = Words(sv="i ord", en="in words")
_FROM, _TO = Words(sv="från (i enheten)", en="low (in the unit)"), Words(
    sv="till (i enheten)", en="high (in the unit)"
)  # fmt: skip
_STATED = Words(sv="värde (i enheten)", en="value (in the unit)")
_RESTS_ON = Words(sv="vilar på", en="rests on")
_ASSUMED = Words(sv="antaget om policyn: {changes}", en="assumed of the policy: {changes}")
_WHAT = Words(sv="vad", en="what")


@frozen
class Sheet:
    """A sheet: its headings, each with the unit of what stands below, and its rows."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def sheets(kept: Kept, lang: Language) -> list[Sheet]:
    """All sheets of a report's workbook."""
    return [
        _policies(kept, lang),
        _measures(kept, lang),
        _yearly(kept, lang),
        _assumptions(kept, lang),
        _sheet("provenance", (_WHAT, _VALUE), hangs_on(kept, lang), lang),
    ]


def workbook(kept: Kept, lang: Language) -> bytes:
    """The workbook as the bytes of an XLSX file; `SifError` where there is no comparison."""
    if not kept.policies:
        raise SifError(
            f"no comparison in {kept.folder} to make a workbook of",
            fix="leave --xlsx out, or name what sif compare --out made",
        )
    out = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = _xlsxwriter().Workbook(out, options)
    # Not the time that it is made at, so that the same results make the same file.
    book.set_properties({"created": _NO_TIME})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "bottom"})
    for sheet in sheets(kept, lang):
        _written(book.add_worksheet(sheet.name), sheet, bold)
    book.close()
    return out.getvalue()


def refuse_without_means() -> None:
    """Raise `SifError` where a workbook cannot be made, before anything is written."""
    _xlsxwriter()


def _written(page: Any, sheet: Sheet, bold: Any) -> None:
    for at, head in enumerate(sheet.heads):
        page.write_string(0, at, plain_text(head), bold)
        widest = max((len(str(row[at])) for row in sheet.rows if row[at] is not None), default=8)
        page.set_column(at, at, min(60, max(10, widest + 1)))
    for down, row in enumerate(sheet.rows, 1):
        for at, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(down, at, plain_text(cell))
            elif cell is not None:
                page.write_number(down, at, cell)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(1, len(sheet.rows)), len(sheet.heads) - 1)


def _sheet(
    name: str, heads: Iterable[Words], rows: Iterable[Sequence[Cell]], lang: Language
) -> Sheet:
    return Sheet(_SHEETS[name].say(lang), [head.say(lang) for head in heads], list(rows))


def _policies(kept: Kept, lang: Language) -> Sheet:
    rows = [
        [
            policy,
            clause["path"],
            said(clause["label"], lang),
            said(clause["value"], lang),
            clause["citation"],
            said(clause["reading"], lang),
        ]
        for policy in kept.policies
        for clause in kept.described(policy).get("clauses", ())
    ]
    heads = (_POLICY, _PATH, _CLAUSE, _VALUE, _SOURCE, _READING)
    return _sheet(
        "policies", heads, rows or [[policy, *[None] * 5] for policy in kept.policies], lang
    )


def _measures(kept: Kept, lang: Language) -> Sheet:
    called, rows = measure_names(kept, lang), []
    for each in kept.comparison["policies"]:
        for name, measure in each["measures"].items():
            difference = {f"difference_{end}": x for end, x in each["difference"][name].items()}
            values = {**measure, **difference}
            numbers = [values[end] for end in _ENDS]
            unit = unit_words(measure["unit"]).say(lang)
            rows.append([each["id"], called.get(name, name), name, unit, *numbers, kept.baseline])
    heads = [_POLICY, _MEASURE, _NAME, _UNIT]
    heads += [_IN_UNIT.put(what=words) for words in _ENDS.values()]
    return _sheet("measures", [*heads, _BASELINE], rows, lang)


def _yearly(kept: Kept, lang: Language) -> Sheet:
    ends = ("mean", "low", "high")
    heads = [_POLICY, _YEAR]
    heads += [_END_OF.put(what=w, end=_ENDS[end]) for w in _YEARLY.values() for end in ends]
    found: dict[tuple[str, int], dict[str, float | None]] = {}
    for row in kept.yearly.iter_rows(named=True) if kept.yearly is not None else ():
        at = found.setdefault((row["policy"], row["year"]), {})
        at |= {f"{row['measure']} {end}": row[end] for end in ends}
    rows = [
        [policy, year, *(told.get(f"{name} {end}") for name in _YEARLY for end in ends)]
        for (policy, year), told in found.items()
    ]
    return _sheet("yearly", heads, rows, lang)


def _assumptions(kept: Kept, lang: Language) -> Sheet:
    rows: list[Sequence[Cell]] = [
        [
            each["path"],
            said(each["words"], lang),
            unit_words(each["unit"]).say(lang),
            *(each[key] for key in ("value", "low", "high")),
            rests_on(each, lang),
        ]
        for each in kept.about.get("scenario", {}).get("parameters", ())
    ]
    for each in kept.source.get("policies", ()):
        if each.get("assumed"):
            told = _ASSUMED.put(changes=", ".join(each["assumed"])).say(lang)
            rows.append([each["id"], told, None, None, None, None, None])
    heads = (_PARAMETER, _IN_WORDS, _UNIT, _STATED, _FROM, _TO, _RESTS_ON)
    return _sheet("assumptions", heads, rows, lang)


def _xlsxwriter() -> Any:
    try:
        import xlsxwriter
    except ImportError as error:
        raise SifError(
            "a workbook needs xlsxwriter, which is not installed",
            fix='pip install "sifrules[report]"',
        ) from error
    return xlsxwriter
