"""Ids of changed policies in an answer (beteckningar): put in the language of the answer.

An id such as ``orebro@2016 with return_model.floor=0.0`` is the same in all that is saved; in what
people read its "with" is a word like any other.
"""

from __future__ import annotations

import re

from attrs import evolve

from sifrules.presentation.table import Table
from sifrules.values.messages import Message
from sifrules.values.text import Language

_WITH = Message("answer.changed_by")
#: What stands between an id and its changes: a path and an equals sign follow it.
_BETWEEN = re.compile(r"(?<=\S) with (?=[a-z_]+(?:\.[\w]+)*=)")


def id_words(text: str, language: Language) -> str:
    """A text in which the ids of changed policies are in its language.

    >>> id_words("orebro@2016 with return_model.floor=0.0", "sv")
    'orebro@2016 med return_model.floor=0.0'
    """
    return _BETWEEN.sub(_WITH.text(language), text) if " with " in text else text


def with_id_words(table: Table, language: Language) -> Table:
    """A table with the ids of changed policies in a language, headings and title among it."""
    columns = [evolve(each, head=id_words(each.head, language)) for each in table.columns]
    rows = [[_cell(cell, language) for cell in row] for row in table.rows]
    return evolve(table, columns=columns, rows=rows, title=id_words(table.title, language))


def _cell(cell: str, language: Language) -> str:
    """A cell; one without such an id stays what it is, its lines among it."""
    return id_words(cell, language) if " with " in cell else cell
