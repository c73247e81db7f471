"""What stands in where a guideline is silent, and what of it is set aside (anmärkningar)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sifrules.values.messages import Message, Text
from sifrules_simulation.model.completion import assumptions, ignored_clauses

_ASSUMED = Message("command_compare.assumed")
_SET_ASIDE = Message("command_compare.set_aside")


def assumed_notes(policies: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Text]:
    """Of each policy, by its name and what is assumed of it; the same is said once."""
    said: set[str] = set()
    for named, assumed in policies:
        for words, some in (
            (_ASSUMED, assumptions(assumed)),
            (_SET_ASIDE, ignored_clauses(assumed)),
        ):
            note = words.format(policy=named, changes=", ".join(some))
            if some and note.en not in said:
                said.add(note.en)
                yield note
