"""The sub-pots (delpotter) of a fund's tracks over time: what they are given, and what they lose.

What a sub-pot has left at a new year goes to the whole where the guideline says so, and is then
shared out anew with what is set aside. What lapses of the fund lapses of what is common first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import define, field

from sifrules.policy.ledger import Ledger
from sifrules.policy.tracks import Track, divided
from sifrules.values.dates import Month

#: Sets money aside: when, how much (öre), and for which track, empty for what is common.
SetAside = Callable[[Month, int, str], None]


@define(eq=False)
class SubPots:
    """The sub-pots of a fund in one replication; nothing where no track has one."""

    tracks: Sequence[Track]
    ledger: Ledger
    _given: dict[str, int] = field(factory=dict)

    @property
    def names(self) -> list[str]:
        """The tracks with money of their own."""
        return [each.name for each in self.tracks if each.pot is not None]

    def reform(self, when: Month, tracks: Sequence[Track]) -> None:
        """Let other rules divide the fund: what no sub-pot is for any more goes to the whole."""
        before, self.tracks = self.names, tracks
        for name in before:
            left = self.ledger.left(name)
            if left and name not in self.names:
                self.ledger.move(when, left, name, "", "divided anew by a reform")

    def close_year(self, when: Month) -> int:
        """Let what is left go to the whole where the guideline says so; how much that is."""
        gone = 0
        for track in self.tracks:
            left = self.ledger.left(track.name)
            if left and track.pot is not None and track.pot.rest == "to_fund":
                self.ledger.move(when, left, track.name, "", "rest of the year")
                gone += left
        return gone

    def withdraw(self, when: Month, amount: int, reason: str) -> None:
        """Let money leave the fund: what is common first, then by the order of the guideline."""
        for name in ("", *self.names):
            part = min(amount, self.ledger.left(name))
            if part:
                self.ledger.withdraw(when, part, reason, pot=name)
                amount -= part

    def share_out(self, when: Month, new: int, back: int, set_aside: SetAside) -> None:
        """Share out what is ``new``, and what came ``back`` to the whole; the rest is common."""
        back = min(back, self.ledger.left(""))
        parts = divided(self.tracks, new + back, self._given) if self.tracks else {}
        for name, part in parts.items():
            fresh = min(part, new)
            new -= fresh
            if fresh:
                set_aside(when, fresh, name)
            if part > fresh:
                self.ledger.move(when, part - fresh, "", name, "shared out")
            self._given[name] = self._given.get(name, 0) + part
        if new:
            set_aside(when, new, "")
