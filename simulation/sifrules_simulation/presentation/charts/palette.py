"""Series styles of policies on charts (utseende): a colour, a dash and a shape each.

A policy looks the same in every chart of every report, alone or among others: its style
depends on its name alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from attrs import frozen


@frozen
class SeriesStyle:
    """The style of a policy on a chart: three signs, so that colour is never the only one."""

    colour: str
    dash: tuple[int, ...]
    shape: str


#: Whole lines and broken ones.
WHOLE, BROKEN = (1, 0), (6, 3)

#: Ten colours that stay apart for those who see no red, no green or no blue, and that stand out
#: from white paper and from the dark page alike; a shape for each, and five kinds of line.
LOOKS = (
    SeriesStyle("#2d70b2", WHOLE, "circle"),
    SeriesStyle("#cc6b0a", BROKEN, "square"),
    SeriesStyle("#269986", (2, 2), "triangle-up"),
    SeriesStyle("#cc0a0a", (10, 3, 2, 3), "diamond"),
    SeriesStyle("#666642", (12, 4), "cross"),
    SeriesStyle("#a885cc", WHOLE, "triangle-down"),
    SeriesStyle("#b22d86", BROKEN, "triangle-right"),
    SeriesStyle("#9d0be6", (2, 2), "triangle-left"),
    SeriesStyle("#ff4080", (10, 3, 2, 3), "M-1,-0.35L0,-1L1,-0.35L0.6,0.85L-0.6,0.85Z"),
    SeriesStyle("#df40ff", (12, 4), "M-0.3,-1L0.3,-1L1,0L0.3,1L-0.3,1L-1,0Z"),
)
#: With this salt the names of the bundled municipalities' guidelines hash to places far apart.
_STIR = b"1178"


def looks(policies: Iterable[str]) -> dict[str, SeriesStyle]:
    """The style of each policy, independent of their order.

    Two names may hash to the same place; then the longer one, as a change of the other has,
    takes the next that is free. With more policies than styles, some are alike.

    >>> pair = looks(["orebro@2016", "norrkoping@2022"])
    >>> pair["orebro@2016"] == looks(["orebro@2016"])["orebro@2016"]
    True
    """
    named = list(dict.fromkeys(policies))
    places: dict[str, int] = {}
    for name in sorted(named, key=lambda each: (len(each), each)):
        home = _home(name)
        turns = [(home + step) % len(LOOKS) for step in range(len(LOOKS))]
        taken = list(places.values())
        places[name] = min(turns, key=lambda place: (taken.count(place), turns.index(place)))
    return {name: LOOKS[places[name]] for name in named}


def _home(name: str) -> int:
    stirred = hashlib.blake2b(name.encode(), digest_size=8, salt=_STIR).digest()
    return int.from_bytes(stirred, "big") % len(LOOKS)
