"""What stands in where a guideline is silent, and what of it is set aside (anmärkningar)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sifrules.values.messages import Message, Text
from sifrules_simulation.model.assumption_words import assumption_words
from sifrules_simulation.model.completion import assumptions, ignored_clauses

_ASSUMED = Message("command_compare.assumed")
_SET_ASIDE = Message("command_compare.set_aside")


def assumed_notes(policies: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Text]:
    """Of each policy, by its name and what is assumed of it; the same is said once."""
    said: set[str] = set()
    for named, assumed in policies:
        stood_in, ignored = assumptions(assumed), ignored_clauses(assumed)
        for words, some, changes in (
            (_ASSUMED, stood_in, assumption_words(stood_in)),
            (_SET_ASIDE, ignored, ", ".join(ignored)),
        ):
            note = words.format(policy=named, changes=changes)
            if some and note.en not in said:
                said.add(note.en)
                yield note
