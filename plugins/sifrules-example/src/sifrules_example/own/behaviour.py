"""A behaviour of its own: a committee that plans for the worst outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from attrs import frozen

from sifrules import Behaviour, LocalizedText, Prospect


@frozen
class WorstCase:
    """Applies only where even the worst outcome costs it nothing.

    It sees cash flows and no policy: savings, claims, the burden of running the project.
    Use it with ``sif compare --behaviour exempelby_worst_case``.
    """

    name: ClassVar[str] = "exempelby_worst_case"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="söker bara om även det sämsta utfallet går ihop",
        en="applies only where even the worst outcome breaks even",
    )

    def given(self, parameters: Mapping[str, float]) -> Behaviour:
        return self

    def applies(self, prospect: Prospect) -> bool:
        left = [each.savings - each.claims for each in prospect.expectations if each.chance > 0]
        return min(left, default=0.0) >= prospect.burden
