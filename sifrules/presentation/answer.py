"""Answers (svar): the data, tables and notes of a command, rendered in the form requested."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from attrs import evolve, frozen

from sifrules.presentation.changed_ids import id_words, with_id_words
from sifrules.presentation.table import (
    Table,
    as_csv,
    as_markdown,
    as_text,
    bullets,
    is_mark,
    plain_text,
)
from sifrules.values.citations import Citation
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language

FORMATS = ("table", "markdown", "csv", "json")

READING = Message("answer.reading")
SOURCES = Message("answer.sources")

#: How a command puts a citation: in full, or by number with the documents named below.
Cite = Callable[[Citation | None], str]


@frozen(kw_only=True)
class Answer:
    """A command's answer in every form.

    ``data`` is what JSON gives, ``tables`` what people read, ``csv`` the one table of
    the CSV form, ``notes`` what stands below; ``lead`` is a line above it all.
    """

    data: Any
    tables: tuple[Table, ...]
    csv: Table
    lead: str = ""
    notes: tuple[tuple[Text, tuple[str, ...]], ...] = ()


def rendered(answer: Answer, form: str, language: Language) -> str:
    """An answer in the form requested, as text."""
    if form == "json":
        return json_text(answer.data, indent=2)
    if form == "csv":
        return as_csv(answer.csv, language)
    render = as_markdown if form == "markdown" else as_text
    pieces = [plain_text(id_words(answer.lead, language))]
    for table in (with_id_words(each, language) for each in answer.tables if each.rows):
        pieces.append(_titled(table, render(table), form))
    for title, lines in answer.notes:
        pieces.append(bullets(title.text(language), (id_words(each, language) for each in lines)))
    return "\n\n".join(piece for piece in pieces if piece)


def json_text(data: Any, indent: int | None = None) -> str:
    """Data as JSON for a terminal: control and direction marks in it are escaped.

    >>> print(json_text({"å": "\N{RIGHT-TO-LEFT OVERRIDE}"}))
    {"å": "\\u202e"}
    """
    text = json.dumps(data, ensure_ascii=False, indent=indent)
    return "".join(_escaped(sign) if is_mark(sign) else sign for sign in text)


def _escaped(mark: str) -> str:
    """A mark as JSON escapes it: by the two bytes, or twice two, that UTF-16 has for it."""
    units = mark.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _titled(table: Table, body: str, form: str) -> str:
    if not table.title:
        return body
    mark = "### " if form == "markdown" else ""
    title = plain_text(table.title).replace("\n", " ")
    return f"{mark}{title}\n\n{body}"


def plain_kronor(amount: int | None) -> str:
    """An amount as a bare number of kronor, for a spreadsheet; nothing where it is not known.

    >>> plain_kronor(-150), plain_kronor(61_000_000), plain_kronor(None)
    ('-1.50', '610000', '')
    """
    if amount is None:
        return ""
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}{f'.{rest:02d}' if rest else ''}"


def cited(citation: Citation | None, language: Language) -> str:
    """A citation in full; one that depends on a reading (tolkning) is marked."""
    if citation is None:
        return ""
    mark = f" [{READING.text(language)}]" if citation.reading else ""
    return f"{citation}{mark}"


class Sources:
    """Numbers the documents that a table cites, so that they are named once below it."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._numbers: dict[str, int] = {}

    def __call__(self, citation: Citation | None) -> str:
        """A citation by its document's number and the place in it."""
        if citation is None:
            return ""
        document = str(evolve(citation, place=None, reading=None))
        number = self._numbers.setdefault(document, len(self._numbers) + 1)
        mark = f" [{READING.text(self._language)}]" if citation.reading else ""
        place = citation.place or ""
        if place[:1].isdigit():
            place = Message("answer.section", place=place).text(self._language)
        return f"[{number}] {place}".rstrip() + mark

    @property
    def note(self) -> tuple[Text, tuple[str, ...]]:
        """The documents with their numbers, as a note below the tables."""
        return SOURCES, tuple(f"[{number}] {name}" for name, number in self._numbers.items())
