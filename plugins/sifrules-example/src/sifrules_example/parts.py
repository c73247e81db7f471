"""A return model that no ready-made part covers: half at once, half once effects are shown."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from attrs import frozen

from sifrules import Claim, Investment, Part, Settlement, SifError, Slot, Words, WriteDown, clause
from sifrules.money import share_of
from sifrules.parts import proper_share
from sifrules.settlement import ClaimKind

_AT_END = Words(sv="fast del vid projektets slut", en="fixed part at the end of the project")
_SHOWN = Words(sv="rörlig del, effekt påvisad", en="variable part, effect shown")


@frozen(kw_only=True)
class StepwiseReturn(Part):
    """A fixed share at the end, and another share a year later if any effect was shown.

    >>> from sifrules import Citation, Month, ore
    >>> model = StepwiseReturn(
    ...     path="return_model", sources={"": Citation("Example guideline")},
    ...     fixed=Decimal("0.5"), if_shown=Decimal("0.25"),
    ... )
    >>> project = Investment(cost=ore(100), start=Month(2024, 1), months=12, effect=ore(1))
    >>> [(str(claim.due), claim.amount) for claim in model.settle(project, None).claims]
    [('2025-01', 5000), ('2026-01', 2500)]
    """

    slot: ClassVar[Slot] = Slot.RETURN_MODEL
    kind: ClassVar[str] = "stepwise"
    words: ClassVar[Words] = Words(sv="stegvis återföring", en="stepwise return")

    fixed: Decimal | None = clause("fast andel", "fixed share", check=proper_share)
    if_shown: Decimal | None = clause(
        "andel vid påvisad effekt", "share if an effect is shown", check=proper_share
    )

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        if investment.exempt:
            raise SifError("the guideline states no exemption from return")
        fixed = share_of(investment.cost, self.fixed or Decimal(0))
        shown = share_of(investment.cost, self.if_shown or Decimal(0))
        claims = []
        if fixed:
            claims.append(
                Claim(investment.end, fixed, ClaimKind.RETURN, _AT_END, self.cite("fixed"))
            )
        if shown and investment.measured:
            due = investment.end + 12
            claims.append(Claim(due, shown, ClaimKind.RETURN, _SHOWN, self.cite("if_shown")))
        return Settlement(tuple(claims), reason=None if claims else self.words)
