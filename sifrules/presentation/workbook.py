"""Workbooks (arbetsböcker): tables as sheets for a spreadsheet, numbers as numbers.

Text is written as text, whatever it begins with: nothing of a user's becomes a formula.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from attrs import frozen

from sifrules.errors import SifError
from sifrules.presentation.table import Table, plain_text
from sifrules.values.errors import reported
from sifrules.values.messages import Message

Cell = str | float | None

_NO_TIME = dt.datetime(2000, 1, 1)
#: How workbooks are written: no text becomes a formula, a link or a number.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
#: Numbers as large as this are amounts and are shown with their thousands set apart.
_LARGE = 10_000


@frozen
class Sheet:
    """A sheet: its headings, each with the unit of what stands below, and its rows."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def sheet_of(name: str, table: Table) -> Sheet:
    """A table as a sheet, its columns of numbers as numbers."""
    numbers = [column.number for column in table.columns]
    rows = [
        [_number(cell) if number else cell for number, cell in zip(numbers, row, strict=True)]
        for row in table.rows
    ]
    return Sheet(name, [column.line for column in table.columns], rows)


def workbook_of(sheets: Iterable[Sheet], first: Callable[[Any], None] = lambda book: None) -> bytes:
    """Sheets as the bytes of an XLSX file; the same sheets make the same file.

    ``first`` may add sheets of another form before them, to a workbook of xlsxwriter.
    """
    out = BytesIO()
    book = xlsxwriter().Workbook(out, OPTIONS)
    book.set_properties({"created": _NO_TIME})
    first(book)
    for sheet in sheets:
        write_sheet(book, sheet)
    book.close()
    return out.getvalue()


def write_workbook(sheets: Iterable[Sheet], file: Path) -> None:
    """Write sheets to an XLSX file; `SifError` where the file cannot be written."""
    write_bytes(workbook_of(sheets), file)


def write_bytes(content: bytes, file: Path) -> None:
    """Write a workbook that is made; `SifError` where the file cannot be written."""
    try:
        file.write_bytes(content)
    except (OSError, ValueError) as error:
        raise SifError(
            Message("workbook.unwritable", file=str(file), error=reported(error)),
            fix=Message("workbook.name_other"),
        ) from None


def refuse_without_means() -> None:
    """Raise `SifError` where a workbook cannot be made, before anything is computed."""
    xlsxwriter()


def xlsxwriter() -> Any:
    """The library that writes workbooks."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise SifError(
            Message("workbook.needs_xlsxwriter"), fix=Message("install.extra", extra="excel")
        ) from error
    return xlsxwriter


def _number(cell: str) -> Cell:
    with suppress(ValueError):
        return float(cell)
    return cell or None


def write_sheet(book: Any, sheet: Sheet) -> None:
    """Add a sheet to a workbook of xlsxwriter that is being written."""
    page = book.add_worksheet(sheet.name)
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "bottom"})
    amount = book.add_format({"num_format": "#,##0"})
    fraction = book.add_format({"num_format": "0.0###"})
    for at, head in enumerate(sheet.heads):
        page.write_string(0, at, plain_text(head), heading)
        widest = max((len(str(row[at])) for row in sheet.rows if row[at] is not None), default=8)
        page.set_column(at, at, min(60, max(10, widest + 1)))
    for down, row in enumerate(sheet.rows, 1):
        for at, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(down, at, plain_text(cell))
            elif cell is not None:
                form = amount if abs(cell) >= _LARGE else None if cell == int(cell) else fraction
                page.write_number(down, at, cell, form)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(1, len(sheet.rows)), len(sheet.heads) - 1)
