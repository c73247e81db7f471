"""Lists of applications (ansökningar i lista): one row an application, a column for each fact.

A heading is a fact by its name or by its words in either language; see `list_reader`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path

from sifrules.errors import nearest, unexpected
from sifrules.loading.application import Application
from sifrules.loading.cells import Cell, read_rows
from sifrules.loading.list_reader import (
    AS_SHARE,
    IN_MONTHS,
    ListField,
    ListReader,
    plain_heading,
    yes_or_no,
)
from sifrules.rules.conditions import Fact
from sifrules.rules.kinds import Kind
from sifrules.rules.vocabulary import Vocabulary
from sifrules.rules.wording import option_words
from sifrules.values.messages import Joined, Message, Text
from sifrules.values.quantities import is_quantity
from sifrules.values.text import LANGUAGES

#: The headings of the column that names the applications, and of those that describe them.
NAMES = ("namn", "name")
_ABOUT = ("källa", "source", "om", "about", "beskrivning", "description")
#: Where the name of an application stands among what its row states.
_NAME = ""
#: Shorter words for facts, as lists of applications have them.
_ALSO = {
    "application.applicant": ("sökande",),
    "application.areas": ("områden", "antal områden", "verksamhetsområden"),
    "application.cost": ("kostnad", "total cost"),
    "application.applied_for": ("sökt", "applied for"),
    "application.cofunding": ("medfinansiering", "co-funding"),
    "application.expected_savings": ("förväntad besparing", "expected savings"),
    "application.duration": ("projekttid", "projekttid (månader)", "duration"),
    "application.preventive": ("förebyggande",),
    "application.regular_operations": ("ordinarie verksamhet",),
    "application.children_and_young": ("barn och unga",),
}
#: How the words of facts begin that a heading leaves out.
_BEGINNINGS = ("insatsen ", "ansökan innehåller ", "it ", "the application contains ")
#: What may stand in the brackets of a heading, by kind; any words of kinds that are not here.
UNITS = {Kind.MONEY: frozenset[str](), Kind.SHARE: AS_SHARE, Kind.MONTHS: IN_MONTHS}
_MONTHS = re.compile(r"(\d+)\s*(?:mån(?:ad|ader)?|months?)\.?")


def read_list(file: Path, *vocabularies: Vocabulary) -> list[Application]:
    """The applications of a list, with facts that some of the vocabularies know.

    Raises `FaultyFile` with every heading that is no fact and every cell that cannot be read.
    """
    rows = read_rows(file)
    facts = _fields(vocabularies)
    names = dict.fromkeys(NAMES, ListField(_NAME, lambda cell, _: str(cell)))
    reader = ListReader({**facts, **names}, partial(_refused, headings=facts), about=_ABOUT)
    found = []
    for number, record in reader.read(rows).records:
        said = {name: value for name, value in record.items() if name != _NAME}
        name = str(record.get(_NAME, f"{file.stem} {number}"))
        found.append(Application(name, said, f"{rows.file}:{number}"))
    return found


def _refused(heading: str, headings: Iterable[str]) -> tuple[Text, Text | None]:
    """What is wrong with a heading that is no fact, and what to do."""
    near = nearest(heading, headings)
    if near.code == "nearest.known":  # hundreds, in both languages
        near = Message("list.headings_there_are")
    return Message("list.no_heading"), Joined.of("; ", near, Message("list.leave_out"))


def as_written(fact: Fact, cell: Cell, unit: str = "") -> object:
    """A cell as a file would have it: a flag, a whole number, an amount, one of the options."""
    number = _number(cell)
    match fact.kind:
        case Kind.FLAG if not isinstance(cell, bool):
            return yes_or_no(str(cell if number is None else number))
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


def _fields(vocabularies: Iterable[Vocabulary]) -> dict[str, ListField]:
    """Every fact of some vocabularies, by name, without its subject, and in words."""
    found: dict[str, dict[str, list[Fact]]] = {}
    for vocabulary in vocabularies:
        for name, fact in vocabulary.items():
            for heading in _written_as(fact):
                alike = found.setdefault(heading, {}).setdefault(name, [])
                if all(fact is not each for each in alike):
                    alike.append(fact)
    # Of two facts with the same words neither is meant; they have names.
    fields: dict[str, ListField] = {}
    for heading, named in found.items():
        if len(named) == 1 or heading in named:
            name = heading if heading in named else next(iter(named))
            meant = tuple(named[name])
            fields[heading] = ListField(name, partial(_stated, meant), UNITS.get(meant[0].kind))
    return fields


def _stated(facts: tuple[Fact, ...], cell: Cell, unit: str) -> object:
    """What a cell says of a fact, as each vocabulary that has it takes it."""
    written = as_written(facts[0], cell, unit)
    for fact in facts:
        fact.value(written)
    return written


def _written_as(fact: Fact) -> Iterator[str]:
    yield fact.name.casefold()
    yield from _ALSO.get(fact.name, ())
    yield fact.name.partition(".")[2].casefold()
    for language in LANGUAGES:
        words = plain_heading(fact.words.text(language))
        yield words
        yield from (words.removeprefix(each) for each in _BEGINNINGS if words.startswith(each))
