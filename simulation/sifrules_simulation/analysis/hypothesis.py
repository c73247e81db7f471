"""The margin (marginalen) of what is tested: how large a difference must be to count."""

from __future__ import annotations

from attrs import field, frozen

from sifrules.errors import SifError, shown
from sifrules.values.messages import Message


@frozen
class Hypothesis:
    """What every hypothesis is tested by; reported with every result."""

    margin: float = field(default=0.05)

    @margin.validator
    def _possible(self, _: object, margin: object) -> None:
        if isinstance(margin, bool) or not isinstance(margin, int | float) or not 0 <= margin < 1:
            raise SifError(Message("hypothesis.margin_impossible", margin=shown(margin)))
