"""Priorities (prioriteringar): what lets an application go first where the money does not suffice.

They are no demands: an application that has none of them is still eligible.
"""

from __future__ import annotations

from typing import Any, ClassVar

import attrs
from attrs import frozen

from sifrules.policy.parts import Part, Priority, Slot, clause, positive
from sifrules.rules.conditions import Condition, Fact, Values
from sifrules.rules.vocabulary import application
from sifrules.values.citations import Citation
from sifrules.values.text import LocalizedText


@frozen(kw_only=True)
class _Prioritised(Part, Priority):
    """What every priority has: the condition that gives it."""

    slot: ClassVar[Slot] = Slot.PRIORITIES

    meets: Condition = clause("uppfyller", "meets", default=attrs.NOTHING)

    @property
    def ranked_by(self) -> tuple[Fact, ...]:
        return tuple(dict.fromkeys(self.meets.facts()))


@frozen(kw_only=True)
class PriorityPoints(_Prioritised):
    """Points (poäng) for what meets a condition; the points of all priorities are added.

    >>> part = _cited(PriorityPoints, points=2)
    >>> part.score({"application.early": True}), part.score({})
    (2, 0)
    """

    kind: ClassVar[str] = "points"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="prioritet med poäng", en="priority by points"
    )

    points: int = clause("poäng", "points", default=attrs.NOTHING, check=positive)

    def score(self, values: Values) -> int:
        return self.points if self.meets.test(values) is True else 0


@frozen(kw_only=True)
class PriorityOrder(_Prioritised):
    """Priority in order (i ordning): what meets the first place goes before all that does not.

    Where that does not distinguish two applications, the next place does, and then the points.

    >>> part = _cited(PriorityOrder, place=1)
    >>> part.score({"application.early": True}), part.place
    (1, 1)
    """

    kind: ClassVar[str] = "order"
    words: ClassVar[LocalizedText] = LocalizedText(sv="prioritet i ordning", en="priority in order")

    place: int = clause("plats", "place", default=attrs.NOTHING, check=positive)

    def score(self, values: Values) -> int:
        return int(self.meets.test(values) is True)


def _cited(part: type[Any], **fields: Any) -> Any:
    """A part cited to an example guideline, for the worked examples above."""
    sources = {"": Citation("Example guideline")}
    return part(path="priorities.it", sources=sources, meets=application.early.is_(True), **fields)


PARTS = (PriorityPoints, PriorityOrder)
