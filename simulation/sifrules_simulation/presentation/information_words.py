"""What to measure (vad som bör mätas): the assumptions ranked by how much knowing them settles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.presentation.formatting import number
from sifrules_simulation.presentation.hypothesis_words import CLAIMS
from sifrules_simulation.presentation.study_words import parameter

Data = Mapping[str, Any]

#: How many assumptions are shown.
MOST = 10

_TITLE = Message("information.title")
_PARAMETER = Message("study_tables.parameter")
_WORDS = Message("study_tables.words")
_MEAN = Message("information.mean")
_GREATEST = Message("information.greatest")
_WHERE = Message("information.where")
_OF = Message("information.of")


def ranked(data: Data) -> list[dict[str, Any]]:
    """The assumptions, the one first whose knowing would on average settle most.

    ``mean`` is over all hypotheses and policies, ``gain`` the greatest of them. None is here that
    cannot be distinguished from none in any of them.
    """
    by_path: dict[str, list[Data]] = {}
    for each in data["information"]:
        by_path.setdefault(each["parameter"], []).append(each)
    asked = max(1, len(data["findings"]))
    found = [
        {**max(some, key=lambda one: one["gain"]), "mean": sum(one["gain"] for one in some) / asked}
        for some in by_path.values()
    ]
    return sorted(found, key=lambda each: (-each["mean"], each["parameter"]))


def information_table(data: Data, lang: Language) -> Table:
    """The assumptions that would settle most, the first ones."""
    columns = [
        Column(_PARAMETER.text(lang)),
        Column(_WORDS.text(lang), width=40),
        Column(_MEAN.text(lang), number=True),
        Column(_GREATEST.text(lang), number=True),
        Column(_WHERE.text(lang), width=44),
    ]
    rows = [
        [
            each["parameter"],
            parameter(each["parameter"]).text(lang),
            number(each["mean"], "share", lang),
            number(each["gain"], "share", lang),
            _OF.format(policy=each["policy"], claim=CLAIMS[each["hypothesis"]]).text(lang),
        ]
        for each in ranked(data)[:MOST]
    ]
    return Table(columns, rows, _TITLE.text(lang))
