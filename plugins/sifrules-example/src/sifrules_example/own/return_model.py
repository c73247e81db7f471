"""A return model of its own: repayment tied to an outcome, with a ceiling."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from attrs import NOTHING, frozen

from sifrules import (
    Claim,
    Investment,
    LocalizedText,
    Ore,
    Part,
    Reduction,
    Settlement,
    SifError,
    Slot,
    WriteDown,
    clause,
)
from sifrules.policy.parts import proper_share
from sifrules.policy.settlement import ClaimKind, ReductionKind
from sifrules.values.money import share_of

_OUTCOME = LocalizedText(sv="andel av utfallet", en="share of the outcome")
_CEILING = LocalizedText(
    sv="andel av utfallet, upp till taket", en="share of the outcome, to the ceiling"
)
_BELOW = LocalizedText(
    sv="utfallet nådde inte tröskeln", en="the outcome did not reach the threshold"
)
_NO_EXEMPTION = LocalizedText(
    sv="riktlinjen anger ingen befrielse från återföring",
    en="the guideline states no exemption from return",
)
_NOT_MEASURED = LocalizedText(sv="utfallet är inte uppmätt", en="the outcome has not been measured")


@frozen(kw_only=True)
class OutcomeReturn(Part):
    """Nothing below a threshold; from there a share of the outcome, up to a ceiling.

    The outcome is the measured fall in costs; threshold and ceiling are shares of the
    cost. What is owed is due a year after the end of the project.

    >>> from sifrules import Citation, Month, ore
    >>> model = OutcomeReturn(
    ...     path="return_model", sources={"": Citation("Example guideline")},
    ...     threshold=Decimal("0.1"), share=Decimal("0.5"), ceiling=Decimal("0.8"),
    ... )
    >>> for effect in (9, 10, 100, 200):
    ...     project = Investment(
    ...         cost=ore(100), start=Month(2024, 1), months=12, effect=ore(effect)
    ...     )
    ...     print([(str(claim.due), claim.amount) for claim in model.settle(project, None).claims])
    []
    [('2026-01', 500)]
    [('2026-01', 5000)]
    [('2026-01', 8000)]
    """

    slot: ClassVar[Slot] = Slot.RETURN_MODEL
    kind: ClassVar[str] = "exempelby_outcome"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="återföring efter utfall", en="return by outcome"
    )

    threshold: Decimal = clause(
        "tröskel, andel av kostnaden",
        "threshold, share of the cost",
        default=NOTHING,
        check=proper_share,
    )
    share: Decimal = clause(
        "andel av utfallet", "share of the outcome", default=NOTHING, check=proper_share
    )
    ceiling: Decimal = clause(
        "tak, andel av kostnaden", "ceiling, share of the cost", default=NOTHING, check=proper_share
    )

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        if investment.exempt:
            raise SifError(_NO_EXEMPTION)
        outcome = investment.measured
        if outcome is None:
            return Settlement(reason=_NOT_MEASURED, citation=self.cite(), settled=False)
        if outcome < share_of(investment.granted, self.threshold):
            return Settlement(reason=_BELOW, citation=self.cite("threshold"))
        most = share_of(investment.granted, self.ceiling)
        owed = share_of(Ore(outcome), self.share)
        why, cited = (_OUTCOME, "share") if owed <= most else (_CEILING, "ceiling")
        owed = min(owed, most)
        kept: int = owed
        reductions: list[Reduction] = []
        if write_down is not None:
            kept, because, stated = write_down.keep(owed, investment)
            if kept < owed:
                given_up = Ore(owed - kept)
                reductions = [Reduction(ReductionKind.WRITTEN_DOWN, given_up, because, stated)]
        if not kept:
            return Settlement(reductions=tuple(reductions), reason=_BELOW)
        due = investment.end + 12
        claim = Claim(due, Ore(kept), ClaimKind.RETURN, why, self.cite(cited))
        return Settlement((claim,), tuple(reductions))
