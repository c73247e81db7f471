"""The one reader of lists (listor): a row is a thing, a column what is said of it.

A heading names a field by one of the ways in which it may be written, with the unit of its amounts
in brackets: ``kostnad (tkr)``. Every heading and cell that cannot be read is named at once, with
its place. What the fields are, and how a cell of each is read, is said by who reads a list:
applications in `application_list`, ideas in the simulation's `own_ideas`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence

from attrs import field, frozen

from sifrules.errors import Fault, FaultyFile, SifError, shown
from sifrules.loading.cells import Cell, Rows, column_name
from sifrules.values.messages import Message, Text
from sifrules.values.quantities import is_unit

#: How a heading or a row begins that is for the reader alone.
LEFT_OUT = "#"
#: How lists say yes and no; a Swedish Excel writes SANT and FALSKT.
YES = frozenset(("ja", "yes", "sant", "true", "j", "y"))
NO = frozenset(("nej", "no", "falskt", "false", "n"))
#: How a row begins that is a sum of those above.
_SUMS = frozenset(("summa", "delsumma", "totalsumma", "totalt", "total", "sum", "subtotal"))
#: So much of a heading is shown.
_LONGEST = 60
_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*$")


def plain_heading(head: str) -> str:
    """A heading as it is looked up: in small letters, with single spaces.

    >>> plain_heading("Kostnad  (TKR) ")
    'kostnad (tkr)'
    """
    return " ".join(head.casefold().split())


def without_unit(plain: str) -> str:
    """A heading without what stands in brackets at its end.

    >>> without_unit("kostnad (tkr)")
    'kostnad'
    """
    return _BRACKETS.sub("", plain)


def yes_or_no(cell: str) -> bool:
    """Yes or no, in either language; `SifError` for anything else."""
    said = cell.casefold()
    if said in YES or said in NO:
        return said in YES
    raise SifError(Message("list.yes_or_no", value=shown(cell)), fix=Message("list.leave_empty"))


#: What may stand in the brackets of a heading of months, which have no other unit.
IN_MONTHS = frozenset(["månader", "månad", "mån", "mån.", "months", "month"])
#: What may stand in those of a share, besides per cent.
AS_SHARE = frozenset(["andel", "share"])


@frozen
class ListField:
    """What a column may hold: its name, and how a cell of it is read, given the heading's unit.

    ``units`` are what may stand in the heading's brackets besides a unit of money or per cent;
    with None whatever stands there is for the reader alone.
    """

    name: str
    read: Callable[[Cell, str], object]
    units: Collection[str] | None = None


@frozen
class ListColumn:
    """A column that is read: its place, its heading, its field, and the unit of bare amounts."""

    at: int
    head: str
    of: ListField
    unit: str = ""
    _read: dict[object, object] = field(factory=dict, repr=False)

    def value(self, cell: Cell) -> object:
        """What a cell says; the same cell is read once."""
        if not isinstance(cell, Hashable):
            return self.of.read(cell, self.unit)
        key = type(cell), cell
        if key not in self._read:
            self._read[key] = self.of.read(cell, self.unit)
        return self._read[key]


@frozen
class ListRead:
    """A list as it was read: its columns, and of each row its number and what it states."""

    columns: Sequence[ListColumn]
    records: Sequence[tuple[int, Mapping[str, object]]]

    def of(self, name: str) -> list[object]:
        """What the rows state of a field, None where they do not."""
        return [record.get(name) for _, record in self.records]


def cell_place(at: int, head: str, row: int) -> Text:
    """Where a cell of a file is, as a spreadsheet names it, with the heading where there is one."""
    cell = f"{column_name(at)}{row}"
    if not head:
        return Message("list.cell", cell=cell)
    short = head if len(head) <= _LONGEST else f"{head[:_LONGEST]}…"
    return Message("list.place", cell=cell, head=short)


@frozen
class ListReader:
    """Reads lists by their fields, each under the ways in which its heading may be written.

    ``refused`` says what is wrong with a heading that names no field, and what to do.
    """

    fields: Mapping[str, ListField]
    refused: Callable[[str], tuple[Text, Text | None]]
    #: headings of columns that describe a row and are not read
    about: Collection[str] = ()
    #: whether a row may be for the reader alone, too
    notes_in_rows: bool = False
    place: Callable[[int, str, int], Text] = cell_place

    def read(self, rows: Rows) -> ListRead:
        """The columns and the rows; `FaultyFile` with everything in them that is wrong."""
        body = [each for each in rows.body if not (self.notes_in_rows and _is_note(each[1]))]
        self._refuse_two_rows(rows, body)
        faults: list[Fault] = []
        columns = self._columns(rows, body, faults)
        records = []
        for number, row in body:
            if _is_sum(row):
                sums, out = Message("list.row_of_sums"), Message("list.take_row_out")
                faults.append(Fault(rows.file, Message("list.row", row=number), sums, fix=out))
                continue
            record: dict[str, object] = {}
            for column in columns:
                cell = row[column.at] if column.at < len(row) else None
                if isinstance(cell, str):
                    cell = cell.strip()
                if _is_empty(cell):
                    continue
                try:
                    record[column.of.name] = column.value(cell)
                except SifError as error:
                    place = self.place(column.at, column.head, number)
                    faults.append(Fault(rows.file, place, error.what, fix=error.fix))
            records.append((number, record))
        if faults:
            raise FaultyFile(faults)
        return ListRead(columns, records)

    def _columns(
        self, rows: Rows, body: Sequence[tuple[int, Sequence[Cell]]], faults: list[Fault]
    ) -> list[ListColumn]:
        """The columns that are read; those for the reader alone are left out."""
        columns: list[ListColumn] = []
        seen: dict[str, str] = {}
        for at, cell in enumerate(rows.heads):
            head = str(cell or "").strip()
            plain = plain_heading(head)
            if plain.startswith(LEFT_OUT) or plain in self.about:
                continue
            if not plain and not any(str(row[at]).strip() for _, row in body if at < len(row)):
                continue
            found, unit = self._named(plain)
            place = self.place(at, head, rows.at)
            if found is None:
                problem, fix = self.refused(plain)
                if not head:
                    problem, fix = Message("list.heading_empty"), None
                faults.append(Fault(rows.file, place, problem, fix=fix))
            elif found.name in seen:
                twice = Message("list.heading_twice", other=seen[found.name])
                faults.append(Fault(rows.file, place, twice))
            else:
                seen[found.name] = column_name(at)
                columns.append(ListColumn(at, head, found, unit))
                if _is_other_unit(plain, unit, found, self.fields):
                    other = Message("list.no_unit", unit=shown(_in_brackets(plain)))
                    faults.append(Fault(rows.file, place, other, fix=_units_of(found)))
        return columns

    def _named(self, plain: str) -> tuple[ListField | None, str]:
        """The field that a heading names, and the unit that stands in its brackets."""
        if plain in self.fields:
            return self.fields[plain], ""
        found, unit = self.fields.get(without_unit(plain)), _in_brackets(plain)
        return found, unit if is_unit(unit) else ""

    def _refuse_two_rows(self, rows: Rows, body: Sequence[tuple[int, Sequence[Cell]]]) -> None:
        """Refuse a second row of headings: one of groups above, or one of other words below."""
        if not body:
            return
        number, second = body[0]
        known = [
            isinstance(cell, str) and self._named(plain_heading(cell))[0] is not None
            for cell in second
            if str(cell or "").strip()
        ]
        if len(known) > 1 and all(known):
            problem = Message("list.two_heading_rows", first=rows.at)
            place = Message("list.row", row=number)
            fix = Message("list.keep_one_row")
            raise FaultyFile([Fault(rows.file, place, problem, fix=fix)])


def _in_brackets(plain: str) -> str:
    """What stands in the brackets at the end of a heading."""
    found = _BRACKETS.search(plain)
    return "" if found is None else found[1].strip()


def _is_other_unit(plain: str, unit: str, found: ListField, known: Collection[str]) -> bool:
    """Whether what stands in a heading's brackets may be a unit in which cells are not read."""
    written = _in_brackets(plain)
    if found.units is None or plain in known or not written or unit:
        return False
    return written not in found.units


def _units_of(found: ListField) -> Message:
    """What to write in the brackets of a heading."""
    return Message("list.write_months" if found.units is IN_MONTHS else "list.write_unit")


def _is_empty(cell: Cell) -> bool:
    return cell is None or cell == "" or (isinstance(cell, float) and cell != cell)


def _is_note(row: Sequence[Cell]) -> bool:
    return bool(row) and str(row[0] or "").startswith(LEFT_OUT)


def _is_sum(row: Sequence[Cell]) -> bool:
    """Whether a row begins as a sum of others does: read as any row, it would count them twice."""
    first = next((cell for cell in row if not _is_empty(cell)), None)
    return isinstance(first, str) and first.strip().rstrip(":").casefold() in _SUMS
