"""Text tables: the one place where rows become text, Markdown or CSV.

Every cell is text that we have formatted; tabulate only lays it out.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import evolve, field, frozen

from sifrules.values.text import Language

#: A cell that begins so would be taken for a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: A number as we write it for a spreadsheet.
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
#: By which Swedish Excel knows that a file is UTF-8.
BYTE_ORDER_MARK = "\ufeff"


@frozen
class Column:
    """A column: its heading, whether it is numbers (to the right), and its widest."""

    head: str
    number: bool = False
    width: int | None = None

    @property
    def line(self) -> str:
        """The heading on one line: a break in it is there for the terminal only."""
        return self.head.replace("\n", "")


def _columns(columns: Iterable[Column]) -> tuple[Column, ...]:
    return tuple(columns)


def _rows(rows: Iterable[Sequence[str]]) -> tuple[Sequence[str], ...]:
    return tuple(map(tuple, rows))


@frozen
class Table:
    """Rows of text under headings, perhaps with a title."""

    columns: tuple[Column, ...] = field(converter=_columns)
    rows: tuple[Sequence[str], ...] = field(converter=_rows)
    title: str = ""


def of_frame(frame: Any) -> Table:
    """A polars frame as a table, every value as it is; what is missing is empty."""
    numbers = {"Float64", "Int64", "UInt64", "Int32", "UInt32"}
    columns = [Column(name, number=str(kind) in numbers) for name, kind in frame.schema.items()]
    rows = [["" if value is None else str(value) for value in row] for row in frame.iter_rows()]
    return Table(columns, rows)


def as_text(table: Table) -> str:
    """A table for the terminal, long cells broken within their column.

    >>> print(as_text(Table([Column("policy"), Column("kr", number=True)], [["a", "10"]])))
    policy      kr
    --------  ----
    a           10
    """
    return _laid_out(table, "simple", [column.width for column in table.columns])


def as_markdown(table: Table) -> str:
    """A table in Markdown; a bar in a cell stays a bar."""
    rows = [[_one_cell(cell) for cell in row] for row in table.rows]
    columns = [evolve(column, head=_one_cell(column.line)) for column in table.columns]
    return _laid_out(Table(columns, rows), "pipe", None)


def _one_cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def as_csv(table: Table, language: Language = "en") -> str:
    """A table as CSV, as a spreadsheet in a language opens it.

    A Swedish one takes semicolons, decimal commas and a byte-order mark. A cell that would be
    taken for a formula is kept as text.
    """
    return "\n".join(csv_lines(table.columns, table.rows, language))


def csv_lines(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], language: Language
) -> Iterator[str]:
    """The heading and the rows of a table as CSV, one by one; as `as_csv` has them."""
    swedish = language == "sv"
    separator, mark = (";", BYTE_ORDER_MARK) if swedish else (",", "")
    heads = [_no_formula(plain_text(column.line)) for column in columns]
    yield mark + _csv_line(heads, separator)
    for row in rows:
        cells = [
            _no_formula(plain_text(cell)) if not column.number else _number(cell, swedish)
            for column, cell in zip(columns, row, strict=True)
        ]
        yield _csv_line(cells, separator)


def _number(cell: str, swedish: bool) -> str:
    """A number as a spreadsheet takes it; what is none is a text, and guarded as one."""
    if not _NUMBER.fullmatch(cell):
        return _no_formula(plain_text(cell))
    return cell.replace(".", ",") if swedish else cell


def _csv_line(cells: Sequence[str], separator: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerow(cells)
    return out.getvalue().removesuffix("\n")


def plain_text(text: str) -> str:
    """Text without control and direction marks, which could change how it reads."""
    return "".join(" " if is_mark(letter) else letter for letter in text)


def is_mark(letter: str) -> bool:
    """Whether a letter is a control or direction mark; the end of a line is none."""
    return letter != "\n" and unicodedata.category(letter) in ("Cc", "Cf")


def bullets(title: str, lines: Iterable[str]) -> str:
    """A titled list, or nothing where there are no lines."""
    shown = [f"- {_on_one_line(line)}" for line in lines]
    return "\n".join([f"{_on_one_line(title)}:", *shown]) if shown else ""


def as_latex(table: Table, caption: str) -> str:
    """A table in LaTeX, with the rules of booktabs, and a caption.

    >>> made = as_latex(Table([Column("share", number=True)], [["5 %"]]), "Of 5 %")
    >>> [line.strip() for line in made.splitlines()][2:7:2]
    ['\\\\caption{Of 5 \\\\%}', '\\\\toprule', '\\\\midrule']
    """
    body = _laid_out(table, "latex_booktabs", None)
    lines = (
        r"\begin{table}",
        r"\centering",
        f"\\caption{{{_latex(caption)}}}",
        body,
        r"\end{table}",
    )
    return "\n".join(lines)


def _latex(text: str) -> str:
    """A text with the marks of LaTeX escaped."""
    return "".join(_LATEX.get(sign, sign) for sign in text)


_LATEX = {
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def _laid_out(table: Table, style: str, widths: list[int | None] | None) -> str:
    from tabulate import tabulate

    if not table.rows:
        return ""
    return str(
        tabulate(
            [[_on_one_line(cell) for cell in row] for row in table.rows],
            headers=[plain_text(column.head) for column in table.columns],
            tablefmt=style,
            disable_numparse=True,
            colalign=["right" if column.number else "left" for column in table.columns],
            maxcolwidths=widths,
        )
    )


class _Stacked(str):
    """Lines that are meant to stand one below the other."""

    __slots__ = ()


def stacked(*lines: str) -> str:
    """A cell's text in lines of its own.

    >>> stacked("30 %", "(2, Ekonomi)")
    '30 %\\n(2, Ekonomi)'
    """
    return _Stacked("\n".join(map(_on_one_line, lines)))


def _on_one_line(text: str) -> str:
    """A cell's text; a break in it that is not meant would look like a row of its own."""
    return text if isinstance(text, _Stacked) else plain_text(text).replace("\n", " ")


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
