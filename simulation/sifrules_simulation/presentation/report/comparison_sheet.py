"""The first sheet (bladet) of a workbook: policies side by side, numbers formatted, with charts.

Kronor are whole kronor and shares are per cent; what is behind it is in the other sheets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sifrules.presentation.table import plain_text
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.model.measures import SHOWN
from sifrules_simulation.presentation.formatting import PERCENTAGE_POINTS, unit_of
from sifrules_simulation.presentation.report.comparison_section import measure_names
from sifrules_simulation.presentation.report.named_policies import named, names_of
from sifrules_simulation.presentation.report.summary_section import compared, sentences
from sifrules_simulation.results.reader import Data, SavedResults

_SHEET = Message("report_sheet.name")
_ID = Message("report_sheet.id")
_MEASURE = Message("report_workbook.measure")
_UNIT = Message("report_workbook.unit")
_MEANS = Message("report_sheet.means")
_HALF = Message("report_sheet.half_widths")
_DIFFERENCES = Message("report_sheet.differences")
_BALANCE = Message("report_sheet.balance")
_YEAR = Message("report_workbook.year")
_MONEY = Message("report_sheet.money")
#: How numbers of a unit are written; Excel puts in the separators of its own language.
_FORMATS = {"SEK": "#,##0", "share": "0.0%", "count": "#,##0.0", "months": "#,##0.0"}
_OTHER = "#,##0.0##"
_IN_MONEY = ("returned", "municipal_saving", "administration", "human_gain")
_CHART_ROWS, _WIDTH = 16, 420


class _Writer:
    """Where on the sheet the next block begins, and the formats of its cells."""

    def __init__(self, book: Any, page: Any) -> None:
        self.page, self.row = page, 0
        self.bold = book.add_format({"bold": True})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "align": "right", "bottom": 1}
        )
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.numbers = {
            unit: book.add_format({"num_format": form})
            for unit, form in (*_FORMATS.items(), ("", _OTHER))
        }

    def number_format(self, unit: str) -> Any:
        return self.numbers.get(unit, self.numbers[""])

    def heads(self, first: Sequence[str], names: Sequence[str]) -> None:
        for at, text in enumerate((*first, *names)):
            form = self.head if at >= len(first) else self.bold
            self.page.write_string(self.row, at, plain_text(text), form)
        self.row += 1


def write_comparison(book: Any, saved: SavedResults, lang: Language) -> None:
    """Add the sheet to a workbook of xlsxwriter that is being written."""
    ids, called = saved.policies, names_of(saved, lang)
    renamed = named(saved, lang)
    name = _SHEET.text(lang)
    page = book.add_worksheet(name)
    page.hide_gridlines(2)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 15)
    page.set_column(2, 1 + len(ids), 17)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    writer = _Writer(book, page)
    page.write_string(0, 0, plain_text(compared(renamed, lang)), writer.title)
    for at, line in enumerate(sentences(renamed, lang), 1):
        page.merge_range(at, 0, at, 1 + max(1, len(ids)), plain_text(line), writer.wrapped)
        page.set_row(at, 15 * (1 + len(line) // (55 + 19 * max(1, len(ids)))))
        writer.row = at
    writer.row += 2
    names = [called[each] for each in ids]
    means = _measures(writer, renamed, names, ids, "mean", lang)
    charts_at, writer.row = writer.row, writer.row + _CHART_ROWS
    places = {"mean": means, "half": _measures(writer, renamed, names, ids, "half", lang)}
    if len(ids) > 1:
        _measures(writer, renamed, names, ids, "difference", lang)
    balance = _balances(writer, renamed, names, lang)
    _charts(book, page, name, charts_at, (places, balance, len(ids)), lang)


def _measures(
    writer: _Writer,
    saved: SavedResults,
    names: Sequence[str],
    ids: Sequence[str],
    what: str,
    lang: Language,
) -> dict[str, int]:
    """A block of the usual measures; returns in which row each stands."""
    words = {"mean": _MEANS, "half": _HALF, "difference": _DIFFERENCES}[what]
    level = f"{100 * saved.comparison.get('level', 0.95):.4g}"
    title = words.format(baseline=saved.baseline, level=level).text(lang)
    writer.page.write_string(writer.row, 0, plain_text(title), writer.bold)
    writer.row += 1
    writer.heads((_MEASURE.text(lang), _UNIT.text(lang)), names)
    if what == "mean":
        writer.page.write_string(writer.row, 0, _ID.text(lang))
        for at, each in enumerate(ids, 2):
            writer.page.write_string(writer.row, at, plain_text(each), writer.head)
        writer.row += 1
    called, rows = measure_names(saved, lang), {}
    policies = saved.comparison["policies"]
    for measure in (each for each in SHOWN if each in policies[0]["measures"]):
        unit = policies[0]["measures"][measure]["unit"]
        shown = unit_of(unit).saved if unit != "share" else unit_of(unit).shown
        if what == "difference" and unit == "share":
            shown = PERCENTAGE_POINTS
        writer.page.write_string(writer.row, 0, called.get(measure, measure))
        writer.page.write_string(writer.row, 1, shown.text(lang))
        for at, each in enumerate(policies, 2):
            value = _value(each, measure, what)
            if what == "difference" and each["id"] == saved.baseline:
                continue
            if value is not None:
                form = writer.number_format(unit)
                writer.page.write_number(
                    writer.row, at, round(value) if unit == "SEK" else value, form
                )
        rows[measure] = writer.row
        writer.row += 1
    writer.row += 1
    return rows


def _value(policy: Data, measure: str, what: str) -> float | None:
    of = policy["difference" if what == "difference" else "measures"][measure]
    if what != "half":
        mean: float | None = of["mean"]
        return mean
    return None if of["low"] is None or of["high"] is None else (of["high"] - of["low"]) / 2


def _balances(
    writer: _Writer, saved: SavedResults, names: Sequence[str], lang: Language
) -> tuple[int, int] | None:
    """What is left at the end of each year; returns the first and last row, None without."""
    yearly = saved.breakdowns.get("yearly")
    if yearly is None:
        return None
    of = yearly.filter(yearly["measure"] == "balance")
    found = {(row["policy"], row["year"]): row["mean"] for row in of.iter_rows(named=True)}
    years = sorted({year for _, year in found})
    if not years:
        return None
    writer.page.write_string(writer.row, 0, _BALANCE.text(lang), writer.bold)
    writer.row += 1
    writer.heads((_YEAR.text(lang), ""), names)
    first = writer.row
    for year in years:
        writer.page.write_number(writer.row, 0, year)
        for at, policy in enumerate(saved.policies, 2):
            value = found.get((policy, year))
            if value is not None:
                form = writer.number_format("SEK")
                writer.page.write_number(writer.row, at, round(value), form)
        writer.row += 1
    return first, writer.row - 1


def _charts(
    book: Any,
    page: Any,
    sheet: str,
    row: int,
    what: tuple[Mapping[str, Mapping[str, int]], tuple[int, int] | None, int],
    lang: Language,
) -> None:
    """Uptake with its intervals, the money, and the fund over the years, side by side."""
    places, balance, count = what
    last = 1 + count
    made: list[tuple[Any, Any]] = []
    uptake = places["mean"].get("application_uptake")
    heads = min(places["mean"].values(), default=2) - 2
    if uptake is not None:
        chart = book.add_chart({"type": "column"})
        half = places["half"]["application_uptake"]
        ends = f"={_cells(sheet, half, 2, last)}"
        chart.add_series({
            "name": [sheet, uptake, 0],
            "categories": [sheet, heads, 2, heads, last],
            "values": [sheet, uptake, 2, uptake, last],
            "y_error_bars": {"type": "custom", "plus_values": ends, "minus_values": ends},
        })  # fmt: skip
        chart.set_legend({"none": True})
        made.append((chart, [sheet, uptake, 0]))
    money = [places["mean"][each] for each in _IN_MONEY if each in places["mean"]]
    if money:
        chart = book.add_chart({"type": "column"})
        for at in money:
            chart.add_series({
                "name": [sheet, at, 0],
                "categories": [sheet, heads, 2, heads, last],
                "values": [sheet, at, 2, at, last],
            })  # fmt: skip
        chart.set_legend({"position": "bottom"})
        made.append((chart, _MONEY.text(lang)))
    if balance is not None:
        first, end = balance
        chart = book.add_chart({"type": "line"})
        for at in range(2, last + 1):
            chart.add_series({
                "name": [sheet, first - 1, at],
                "categories": [sheet, first, 0, end, 0],
                "values": [sheet, first, at, end, at],
            })  # fmt: skip
        chart.set_legend({"position": "bottom"})
        made.append((chart, _BALANCE.text(lang)))
    for at, (chart, title) in enumerate(made):
        chart.set_title({"name": title, "name_font": {"size": 11}})
        chart.set_size({"width": _WIDTH, "height": 20 * (_CHART_ROWS - 1)})
        page.insert_chart(row, 0, chart, {"x_offset": at * (_WIDTH + 10)})


def _cells(sheet: str, row: int, column: int, to_column: int) -> str:
    """The cells of a row, as a formula names them."""
    from xlsxwriter.utility import quote_sheetname, xl_range_abs

    return f"{quote_sheetname(sheet)}!{xl_range_abs(row, column, row, to_column)}"
