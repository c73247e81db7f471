"""Lists of applications (ansökningar i lista): one row an application, a column for each fact.

A heading is a fact by its name or by its words in either language, with the unit of its amounts
in brackets: ``kostnad (tkr)``. Every cell that cannot be read is named at once, with its place.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from attrs import field, frozen

from sifrules.errors import Fault, FaultyFile, SifError, nearest, shown, unexpected
from sifrules.loading.application import Application
from sifrules.loading.cells import Cell, Rows, column_name, read_rows
from sifrules.rules.conditions import Fact
from sifrules.rules.kinds import Kind
from sifrules.rules.vocabulary import Vocabulary
from sifrules.rules.wording import option_words
from sifrules.values.messages import Joined, Message
from sifrules.values.quantities import is_quantity
from sifrules.values.text import LANGUAGES

#: The headings of the column that names the applications, and of those that describe them.
NAMES = ("namn", "name")
_ABOUT = ("källa", "source", "om", "about", "beskrivning", "description")
#: How a heading begins whose column is for the reader alone.
LEFT_OUT = "#"
#: How lists say yes and no; a Swedish Excel writes SANT and FALSKT.
YES = frozenset(("ja", "yes", "sant", "true", "j", "y"))
NO = frozenset(("nej", "no", "falskt", "false", "n"))
#: Shorter words for facts, as lists of applications have them.
_ALSO = {
    "application.applicant": ("sökande",),
    "application.areas": ("områden", "antal områden", "verksamhetsområden"),
    "application.cost": ("kostnad", "total cost"),
    "application.applied_for": ("sökt", "applied for"),
    "application.cofunding": ("medfinansiering", "co-funding"),
    "application.expected_savings": ("förväntad besparing", "expected savings"),
    "application.duration": ("projekttid", "projekttid (månader)", "duration"),
}
_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*$")
_MONTHS = re.compile(r"(\d+)\s*(?:mån(?:ad|ader)?|months?)\.?")


def read_list(file: Path, *vocabularies: Vocabulary) -> list[Application]:
    """The applications of a list, with facts that some of the vocabularies know.

    Raises `FaultyFile` with every heading that is no fact and every cell that cannot be read.
    """
    rows = read_rows(file)
    columns = _columns(rows, _Headings.of(vocabularies))
    faults: list[Fault] = []
    found = []
    for number, row in rows.body:
        name, facts = f"{file.stem} {number}", {}
        for column, cell in zip(columns, row, strict=False):
            if isinstance(cell, str):
                cell = cell.strip()
            if column is None or cell in ("", None):
                continue
            if column.fact is None:
                name = str(cell)
                continue
            try:
                facts[column.fact.name] = column.value(cell)
            except SifError as error:
                place = column.place(number)
                faults.append(Fault(rows.file, place, error.what, fix=error.fix))
        found.append(Application(name, facts, f"{rows.file}:{number}"))
    if faults:
        raise FaultyFile(faults)
    return found


@frozen
class _Column:
    """A column that is read: its place, its heading and its fact, None for the name."""

    at: int
    head: str
    #: the fact as each vocabulary has it, which may bound it otherwise
    facts: tuple[Fact, ...] = ()
    #: the unit of bare amounts
    unit: str = ""
    _read: dict[object, object] = field(factory=dict, repr=False)

    @property
    def fact(self) -> Fact | None:
        return self.facts[0] if self.facts else None

    def place(self, row: int) -> Message:
        return Message("list.place", cell=f"{column_name(self.at)}{row}", head=self.head)

    def value(self, cell: Cell) -> object:
        """What a cell says of the fact, as a person writes it in a file; the same cell once."""
        key = type(cell), cell
        if key not in self._read:
            written = as_written(self.facts[0], cell, self.unit)
            for fact in self.facts:
                fact.value(written)
            self._read[key] = written
        return self._read[key]


def as_written(fact: Fact, cell: Cell, unit: str = "") -> object:
    """A cell as a file would have it: a flag, a whole number, an amount, one of the options."""
    number = _number(cell)
    match fact.kind:
        case Kind.FLAG if isinstance(cell, str):
            return _yes_or_no(cell)
        case Kind.MONEY | Kind.SHARE if number is not None and unit:
            return f"{number} {unit}"
        case Kind.MONEY if isinstance(cell, str) and unit and is_quantity(f"{cell} {unit}"):
            return f"{cell} {unit}"
        case Kind.CHOICE if isinstance(cell, str):
            return _option(fact, cell)
        case Kind.YEAR if isinstance(cell, dt.date):
            return cell.year
        case Kind.MONTHS if isinstance(cell, str) and (found := _MONTHS.fullmatch(cell.casefold())):
            return int(found[1])
        case Kind.COUNT | Kind.MONTHS | Kind.YEAR if isinstance(cell, str):
            return int(cell) if re.fullmatch(r"[+-]?\d{1,9}", cell) else cell
    return cell if number is None else number


def _number(cell: Cell) -> int | Decimal | None:
    """A number of a workbook, which has floats alone, exactly as it is shown there."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    exact = Decimal(repr(cell))
    if not exact.is_finite():
        return None
    return int(exact) if exact == exact.to_integral_value() else Decimal(format(exact, "f"))


def _yes_or_no(cell: str) -> bool:
    said = cell.casefold()
    if said in YES or said in NO:
        return said in YES
    raise SifError(Message("list.yes_or_no", value=shown(cell)), fix=Message("list.leave_empty"))


def _option(fact: Fact, cell: str) -> str:
    """The option that is meant, by its name or by its words in either language."""
    known = {
        word: option
        for option in fact.options
        for words in (option_words(option),)
        for text in (option, *(words.text(language) for language in LANGUAGES))
        for word in (text.casefold(), *re.split(r" eller | or ", text.casefold()))
    }
    if cell.casefold() not in known:
        choices = Joined(tuple(option_words(option) for option in fact.options), ", ")
        raise unexpected(Message("expected.one_of", options=choices), cell)
    return known[cell.casefold()]


# --- headings -----------------------------------------------------------------------


@frozen
class _Headings:
    """The facts that a heading may name, by how it may be written."""

    by_heading: Mapping[str, tuple[Fact, ...]]

    @classmethod
    def of(cls, vocabularies: Iterable[Vocabulary]) -> _Headings:
        """Every fact of some vocabularies, by name, without its subject, and in words."""
        found: dict[str, dict[str, list[Fact]]] = {}
        for vocabulary in vocabularies:
            for name, fact in vocabulary.items():
                for heading in _written_as(fact):
                    alike = found.setdefault(heading, {}).setdefault(name, [])
                    if all(fact is not each for each in alike):
                        alike.append(fact)
        # Of two facts with the same words neither is meant; they have names.
        return cls(
            {
                heading: tuple(facts)
                for heading, named in found.items()
                if len(named) == 1 or heading in named
                for facts in [named[heading] if heading in named else next(iter(named.values()))]
            }
        )

    def facts(self, head: str) -> tuple[tuple[Fact, ...], str]:
        """The fact that a heading names, as each vocabulary has it, and the unit in brackets."""
        plain = _plain(head)
        if plain in self.by_heading:
            return self.by_heading[plain], ""
        unit = _BRACKETS.search(plain)
        found = self.by_heading.get(_BRACKETS.sub("", plain), ())
        known = unit is not None and is_quantity(f"1 {unit[1]}")
        return found, unit[1] if unit is not None and known else ""

    def knows(self, head: object) -> bool:
        return isinstance(head, str) and (bool(self.facts(head)[0]) or _plain(head) in NAMES)


def _plain(head: str) -> str:
    return " ".join(head.casefold().split())


def _written_as(fact: Fact) -> Iterator[str]:
    yield fact.name.casefold()
    yield from _ALSO.get(fact.name, ())
    yield fact.name.partition(".")[2].casefold()
    yield from dict.fromkeys(_plain(fact.words.text(language)) for language in LANGUAGES)


def _columns(rows: Rows, headings: _Headings) -> list[_Column | None]:
    """The columns that are read; None for those for the reader alone."""
    _refuse_two_rows(rows, headings)
    columns: list[_Column | None] = []
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for at, cell in enumerate(rows.heads):
        head = str(cell or "").strip()
        place = Message("list.place", cell=f"{column_name(at)}{rows.at}", head=shown(head))
        plain = _plain(head)
        if plain.startswith(LEFT_OUT) or plain in _ABOUT:
            columns.append(None)
            continue
        if not plain and not any(str(row[at]).strip() for _, row in rows.body if at < len(row)):
            columns.append(None)
            continue
        facts, unit = headings.facts(head)
        named = facts[0].name if facts else "name" if plain in NAMES else None
        if named is None:
            near = nearest(plain, headings.by_heading)
            if near.code == "nearest.known":  # hundreds, in both languages
                near = Message("list.headings_there_are")
            fix = Joined.of("; ", near, Message("list.leave_out"))
            problem = Message("list.no_heading") if head else Message("list.heading_empty")
            faults.append(Fault(rows.file, place, problem, fix=fix if head else None))
        elif named in seen:
            twice = Message("list.heading_twice", other=seen[named])
            faults.append(Fault(rows.file, place, twice))
        else:
            seen[named] = column_name(at)
        columns.append(_Column(at, head, facts, unit))
    if faults:
        raise FaultyFile(faults)
    return columns


def _refuse_two_rows(rows: Rows, headings: _Headings) -> None:
    """Refuse a second row of headings: one of groups above, or one of other words below."""
    number, second = rows.body[0]
    known = [headings.knows(cell) for cell in second if str(cell or "").strip()]
    if len(known) > 1 and all(known):
        raise FaultyFile(
            [
                Fault(
                    rows.file,
                    Message("list.row", row=number),
                    Message("list.two_heading_rows", first=rows.at),
                    fix=Message("list.keep_one_row"),
                )
            ]
        )
