"""Who goes first (prioritering): the rank of an application where the money does not suffice."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field, frozen

from sifrules.policy.contracts import priorities_of
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Priority
from sifrules.policy.wording import plain_words
from sifrules.rules.conditions import Values
from sifrules.values.text import LANGUAGES, LocalizedText

_POINTS = LocalizedText(sv="{n} poäng", en="{n} points")
_POINT = LocalizedText(sv="{n} poäng", en="{n} point")
_PLACE = LocalizedText(sv="plats {n}: {met}", en="place {n}: {met}")


@frozen(order=True)
class Rank:
    """What an application has of each place, in order, and then its points; more goes first."""

    places: tuple[int, ...] = ()
    points: int = 0
    #: the facts that are not known, by name: what would be given for them is left out
    unknown: tuple[str, ...] = field(default=(), eq=False)

    @property
    def words(self) -> LocalizedText:
        """The rank as an official reads it.

        >>> Rank((1, 0), 3).words.en
        'place 1: yes, place 2: no, 3 points'
        """
        row = [
            _PLACE.format(n=at, met=plain_words(score > 0))
            for at, score in enumerate(self.places, 1)
        ]
        if self.points or not row:
            row.append((_POINT if self.points == 1 else _POINTS).format(n=self.points))
        return LocalizedText(**{lang: ", ".join(w.text(lang) for w in row) for lang in LANGUAGES})


def rank(policy: FundPolicy, values: Values, stated: Sequence[Priority] | None = None) -> Rank:
    """The rank of an application, from its facts as they are stored.

    Priorities with a place are compared first, the lowest place before all others; the points
    of the others are added. A fact that follows from others is derived as the rules do.
    ``stated`` are the policy's priorities, where who asks often has them at hand.
    """
    known = policy.rulebook.known(values)
    in_order: dict[int, int] = {}
    points = 0
    for priority in priorities_of(policy) if stated is None else stated:
        score = priority.score(known)
        if priority.place is None:
            points += score
        else:
            in_order[priority.place] = in_order.get(priority.place, 0) + score
    unknown = tuple(fact.name for fact in policy.ranked_by if fact.name not in known)
    return Rank(tuple(score for _, score in sorted(in_order.items())), points, unknown)
