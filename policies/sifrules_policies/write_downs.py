"""Write-downs (nedskrivning): how much of a claim remains when an investment falls short."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from attrs import frozen

from sifrules.policy.columns import InvestmentColumns, shares_of
from sifrules.policy.parts import Part, Slot, clause, proper_share
from sifrules.policy.settlement import Investment
from sifrules.values.citations import Citation
from sifrules.values.dates import Month
from sifrules.values.money import share_of
from sifrules.values.text import LocalizedText

if TYPE_CHECKING:
    from sifrules.policy.columns import Array


@frozen(kw_only=True)
class _WriteDown(Part):
    slot: ClassVar[Slot] = Slot.WRITE_DOWN


@frozen(kw_only=True)
class OnFailureToNothing(_WriteDown):
    """With no or negative effects the claim ceases (kravet upphör).

    Where some effect was measured the claim is unchanged.

    >>> claimed, rest = _keep(OnFailureToNothing(sources=_CITED), failed=True)
    >>> claimed, rest
    (100, 0)
    >>> _keep(OnFailureToNothing(sources=_CITED), effect=1)
    (100, 100)
    """

    kind: ClassVar[str] = "on_failure_to_nothing"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="kravet upphör vid utebliven effekt", en="the claim ceases where there is no effect"
    )

    def keep(self, claimed: int, investment: Investment) -> tuple[int, LocalizedText, Citation]:
        return 0 if investment.measured == 0 else claimed, self.words, self.cite()

    def keep_many(self, claimed: Array, investments: InvestmentColumns) -> Array:
        kept: Array = claimed * ~(investments.known & (investments.effect == 0))
        return kept


@frozen(kw_only=True)
class ToMeasuredEffect(_WriteDown):
    """Down to the measured effect, with a floor (till uppmätt effekt, lägst ett golv).

    ``floor`` is a share of the cost; absent, there is no floor. It limits what is taken off,
    and adds nothing to a claim that is lower from the start.

    >>> _keep(ToMeasuredEffect(sources=_CITED, floor=Decimal("0.3")), effect=20)
    (100, 30)
    >>> _keep(ToMeasuredEffect(sources=_CITED), effect=20)
    (100, 20)
    """

    kind: ClassVar[str] = "to_measured_effect"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="skrivs ned till uppmätt effekt", en="written down to the measured effect"
    )

    floor: Decimal | None = clause(
        "golv, andel av kostnaden", "floor, share of the cost", check=proper_share
    )

    def keep(self, claimed: int, investment: Investment) -> tuple[int, LocalizedText, Citation]:
        if investment.measured is None:
            return claimed, self.words, self.cite()
        least = share_of(investment.granted, self.floor or Decimal(0))
        return min(claimed, max(investment.measured, least)), self.words, self.cite()

    def keep_many(self, claimed: Array, investments: InvestmentColumns) -> Array:
        import numpy as np

        least = shares_of(investments.granted, self.floor or Decimal(0))
        bound = np.minimum(claimed, np.maximum(investments.effect, least))
        kept: Array = np.where(investments.known, bound, claimed)
        return kept


@frozen(kw_only=True)
class NoWriteDown(_WriteDown):
    """The claim stands whatever the effect (ingen nedskrivning).

    >>> _keep(NoWriteDown(sources=_CITED), failed=True)
    (100, 100)
    """

    kind: ClassVar[str] = "none"
    words: ClassVar[LocalizedText] = LocalizedText(sv="ingen nedskrivning", en="no write-down")

    def keep(self, claimed: int, investment: Investment) -> tuple[int, LocalizedText, Citation]:
        return claimed, self.words, self.cite()

    def keep_many(self, claimed: Array, investments: InvestmentColumns) -> Array:
        return claimed


@frozen(kw_only=True)
class ByDecision(_WriteDown):
    """As much as the deciding body writes down (efter beslut).

    >>> _keep(ByDecision(sources=_CITED), failed=True, decided_write_down=60)
    (100, 40)
    """

    kind: ClassVar[str] = "by_decision"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="skrivs ned efter beslut", en="written down by decision"
    )

    def keep(self, claimed: int, investment: Investment) -> tuple[int, LocalizedText, Citation]:
        return max(0, claimed - investment.decided_write_down), self.words, self.cite()

    def keep_many(self, claimed: Array, investments: InvestmentColumns) -> Array:
        return claimed  # nothing is decided of an investment that is yet to be made


_CITED = {"": Citation("Example guideline")}


def _keep(
    part: OnFailureToNothing | ToMeasuredEffect | NoWriteDown | ByDecision, **known: object
) -> tuple[int, int]:
    """A claim of 100 öre before and after, for the worked examples above."""
    investment = Investment(cost=100, start=Month(2020, 1), months=12, **known)  # type: ignore[arg-type]  # examples give plain numbers
    return 100, part.keep(100, investment)[0]


PARTS = (OnFailureToNothing, ToMeasuredEffect, NoWriteDown, ByDecision)
