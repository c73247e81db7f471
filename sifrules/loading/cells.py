"""Rows of cells out of a spreadsheet (kalkylblad): CSV as Excel saves it, or a workbook.

CSV is read by the standard library, workbooks by calamine. Of a workbook the first sheet is read;
a cell with a formula is the result that was saved with it.
"""

from __future__ import annotations

import codecs
import csv
import sys
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from attrs import frozen

from sifrules.errors import Fault, FaultyFile, SifError
from sifrules.values.errors import reported
from sifrules.values.messages import Borrowed, Message, Text

#: What a cell holds: a text, a number, a truth value or a date; None where it is empty.
Cell = Any
#: Names of files that are read as lists, not as TOML.
SPREADSHEETS = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods")
#: What stands for the standard input.
STDIN = "-"
_SEPARATORS = ";,\t|"
#: How a workbook begins: as a ZIP file, or as Excel wrote before 2007.
_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_LARGEST = 100_000_000
#: So many rows of another sheet are looked at for its headings.
_HEADS_WITHIN = 20
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OF_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_OF_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


_EMPTY, _HOLDS = Message("list.empty"), Message("list.what_it_holds")


@frozen
class Rows:
    """The rows of a list, each with its number in the file; the first is the headings."""

    file: str
    heads: Sequence[Cell]
    body: Sequence[tuple[int, Sequence[Cell]]]
    #: the number of the row of headings
    at: int


def is_spreadsheet(file: Path) -> bool:
    """Whether a file is read as a list of applications: by its name, or as it is ``-``.

    >>> is_spreadsheet(Path("list.XLSX")), is_spreadsheet(Path("-")), is_spreadsheet(Path("a.toml"))
    (True, True, False)
    """
    return str(file) == STDIN or file.suffix.casefold() in SPREADSHEETS


def read_rows(file: Path, *, empty: Message = _EMPTY, holds: Message = _HOLDS) -> Rows:
    """The rows of a CSV file, a workbook or, for ``-``, of either on the standard input.

    Raises `FaultyFile` with every row that is not as wide as its headings, every merged cell,
    every formula whose result is an error or was not saved, and every other sheet with the same
    headings, which would be left unread; with the words given where there are no rows.
    """
    content = _content(file)
    if content.startswith(_WORKBOOK):
        rows = _of_workbook(content, str(file))
    else:
        rows = _of_csv(content, str(file))
    numbered = [(at, row) for at, row in enumerate(rows, 1) if any(map(_is_filled, row))]
    if len(numbered) < 2:
        raise _faulty(file, empty, holds)
    (at, heads), *body = numbered
    least = len(_without_empty_end(heads))
    wide = [
        Fault(
            str(file),
            Message("list.row", row=number),
            Message("list.ragged", found=len(_without_empty_end(row)), heads=len(heads)),
            fix=Message("list.mend_ragged"),
        )
        for number, row in body
        if len(_without_empty_end(row)) > len(heads) or len(row) < least
    ]
    if wide:
        raise FaultyFile(wide)
    return Rows(str(file), heads, body, at)


def column_name(number: int) -> str:
    """How a spreadsheet names a column, counted from 0.

    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    more, last = divmod(number, 26)
    return (column_name(more - 1) if more else "") + chr(ord("A") + last)


def _is_filled(cell: Cell) -> bool:
    return cell is not None and cell != "" and str(cell).strip() != ""


def _without_empty_end(row: Sequence[Cell]) -> Sequence[Cell]:
    """A row up to its last cell that holds anything."""
    width = max((at for at, cell in enumerate(row, 1) if _is_filled(cell)), default=0)
    return row[:width]


def _content(file: Path) -> bytes:
    try:
        content = sys.stdin.buffer.read() if str(file) == STDIN else file.read_bytes()
    except FileNotFoundError:
        raise _faulty(file, Message("file.not_there")) from None
    except IsADirectoryError:
        raise _faulty(file, Message("file.is_folder")) from None
    except ValueError:  # a name that no file can have
        raise _faulty(file, Message("file.name_with_nul")) from None
    except OSError as error:
        raise _faulty(file, Message("file.unreadable", strerror=reported(error))) from None
    if len(content) > _LARGEST:
        raise _faulty(file, Message("list.too_large", most=_LARGEST // 1_000_000))
    return content


def _faulty(file: object, problem: Text, fix: Text | None = None) -> FaultyFile:
    return FaultyFile([Fault(str(file), "", problem, fix=fix)])


# --- CSV ----------------------------------------------------------------------------


def _of_csv(content: bytes, file: str) -> list[list[Cell]]:
    """UTF-8, with a byte-order mark or not, or else as Windows in western Europe writes."""
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise _faulty(file, Message("list.no_text"), Message("list.save_as"))
    lines = text.splitlines(keepends=True)
    try:
        return [list(row) for row in csv.reader(lines, delimiter=_separator(lines), strict=True)]
    except csv.Error as error:
        raise _faulty(
            file, Message("list.no_csv", error=reported(error)), Message("list.save_as")
        ) from None


def _separator(lines: Sequence[str]) -> str:
    """What parts the headings into most cells."""
    first = next((line for line in lines if line.strip()), "")
    if first.casefold().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[-1]
    return max(_SEPARATORS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))


# --- workbooks ----------------------------------------------------------------------


def _of_workbook(content: bytes, file: str) -> list[list[Cell]]:
    calamine = _calamine()
    try:
        book = calamine.load_workbook(BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)
        merged = sheet.merged_cell_ranges or []
        others = [
            name for name in book.sheet_names[1:] if _same_headings(rows, _first_rows(book, name))
        ]
    except Exception as error:  # whatever calamine finds wrong with a file
        said = Borrowed(" ".join(str(error).split()))
        raise _faulty(
            file, Message("list.no_workbook", error=said), Message("list.save_as")
        ) from None
    faults = [
        Fault(
            file,
            Message(
                "list.cell", cell=f"{column_name(left)}{top + 1}:{column_name(right)}{low + 1}"
            ),
            Message("list.merged"),
            fix=Message("list.part_merged"),
        )
        for (top, left), (low, right) in merged
    ]
    faults += [
        Fault(file, Message("list.cell", cell=cell), problem, fix=fix)
        for cell, problem, fix in _without_result(content)
    ]
    if others:
        alike = Message("list.more_sheets", sheets=", ".join(others))
        faults.append(Fault(file, "", alike, fix=Message("list.one_sheet")))
    if faults:
        raise FaultyFile(faults)
    return rows


def _first_rows(book: Any, sheet: str) -> list[list[Cell]]:
    """The first rows of another sheet, among which its headings are."""
    rows: list[list[Cell]] = book.get_sheet_by_name(sheet).to_python(
        nrows=_HEADS_WITHIN, skip_empty_area=False
    )
    return rows


def _same_headings(rows: Sequence[Sequence[Cell]], others: Sequence[Sequence[Cell]]) -> bool:
    """Whether another sheet begins with headings of the first, so that its rows are left unread."""
    heads = next((row for row in rows if any(map(_is_filled, row))), ())
    first = next((row for row in others if any(map(_is_filled, row))), ())
    alike = {str(cell).strip().casefold() for cell in heads if _is_filled(cell)}
    return len(alike & {str(cell).strip().casefold() for cell in first}) > 1


def _without_result(content: bytes) -> Iterator[tuple[str, Text, Text]]:
    """The cells of the first sheet that hold no value: what is wrong with each, and what to do.

    Formulas whose result was not saved, and those whose result is an error, as ``#DIV/0!``.
    """
    if not zipfile.is_zipfile(BytesIO(content)):
        return
    with zipfile.ZipFile(BytesIO(content)) as parts:
        sheet = _first_sheet(parts)
        if sheet is None:
            return
        with parts.open(sheet) as xml:
            for _, cell in ElementTree.iterparse(xml):
                if cell.tag == f"{_MAIN}c":
                    value, name = cell.findtext(f"{_MAIN}v"), str(cell.get("r"))
                    if cell.get("t") == "e":
                        wrong = Message("list.error_value", value=value or "")
                        yield name, wrong, Message("list.mend_formula")
                    elif cell.find(f"{_MAIN}f") is not None and not value:
                        yield name, Message("list.formula"), Message("list.save_results")
                    cell.clear()


def _first_sheet(parts: zipfile.ZipFile) -> str | None:
    """Where in the file of a workbook its first sheet is."""
    try:
        book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return None
    first = book.find(f"{_MAIN}sheets/{_MAIN}sheet")
    wanted = None if first is None else first.get(f"{_OF_OFFICE}id")
    for each in relations.iter(f"{_OF_PACKAGE}Relationship"):
        if each.get("Id") == wanted:
            target = str(each.get("Target"))
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def _calamine() -> Any:
    try:
        import python_calamine
    except ImportError as error:
        raise SifError(
            Message("list.needs_calamine"), fix=Message("install.extra", extra="excel")
        ) from error
    return python_calamine
