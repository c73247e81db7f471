"""What return models share: exemption, write-down, and who pays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from attrs import frozen

from sifrules.errors import SifError
from sifrules.policy.columns import InvestmentColumns, array_method
from sifrules.policy.parts import Part, ReturnModel, Slot, WriteDown, clause
from sifrules.policy.settlement import Investment, Reduction, ReductionKind
from sifrules.values.messages import Message
from sifrules.values.money import Ore
from sifrules.values.text import LocalizedText

if TYPE_CHECKING:
    from sifrules.policy.columns import Array

EXEMPT_WHY = LocalizedText(sv="befriad från återföring", en="exempted from return")
EFFECT_WHY = LocalizedText(
    sv="återföringen är högst den uppmätta effekten",
    en="no more is returned than the measured effect",
)
#: Who pays where nobody's costs are known to fall: one payer without a name.
_NOBODY_KNOWN: Mapping[str | None, Decimal] = {None: Decimal(1)}
NOT_MEASURED = LocalizedText(sv="effekten är inte uppmätt", en="the effect has not been measured")


@frozen(kw_only=True)
class ReturnPart(Part, ReturnModel):
    """A return model from which an investment may be exempted (befrielse)."""

    slot: ClassVar[Slot] = Slot.RETURN_MODEL

    exemption: Literal["executive_board", "council"] | None = clause(
        "befrielse beslutas av", "exemption decided by"
    )

    @property
    def allows_exemption(self) -> bool:
        """Whether the guideline says who may exempt an investment from its return."""
        return self.exemption is not None

    def exempted(self, returned: int) -> Iterator[Reduction]:
        """The whole return, where an exemption has been decided that the guideline allows."""
        if self.exemption is None:
            raise SifError(
                Message("return.no_exemption"),
                fix=Message("return.state_exemption"),
            )
        if returned > 0:
            cited = self.cite("exemption")
            yield Reduction(ReductionKind.EXEMPTED, Ore(returned), EXEMPT_WHY, cited)


def written_down(
    returned: int, investment: Investment, write_down: WriteDown | None
) -> Iterator[Reduction]:
    """What the policy's write-down takes off what would be returned."""
    if write_down is not None:
        kept, why, cited = write_down.keep(returned, investment)
        if kept < returned:
            yield Reduction(ReductionKind.WRITTEN_DOWN, Ore(returned - kept), why, cited)


def kept_many(
    claimed: Array, investments: InvestmentColumns, write_down: WriteDown | None
) -> Array | None:
    """What a write-down leaves of many claims, None where it has to be asked one by one."""
    if write_down is None:
        return claimed
    method = array_method(write_down, "keep_many")
    kept: Array | None = None if method is None else method(claimed, investments)
    return None if kept is None else kept.clip(max=claimed)


def left(planned: int, reductions: Iterable[Reduction]) -> Ore:
    """What is left of a planned return."""
    return Ore(planned - sum(reduction.amount for reduction in reductions))


def payers(investment: Investment) -> Mapping[str | None, Decimal]:
    """Who pays, by share; one payer without a name where that is not known."""
    gains: Any = investment.gains
    return gains or _NOBODY_KNOWN
