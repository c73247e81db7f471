"""An investment that did what was hoped (provsatsning), by which a policy's return is tried."""

from __future__ import annotations

from sifrules.policy.settlement import Investment
from sifrules.rules.vocabulary import investment
from sifrules.values.dates import Month
from sifrules.values.money import Ore

#: The fact that is known of it, beside what it cost and saved.
REACHED = investment.target_reached.name
_COST = Ore(100_000_000)


def hoped_for(start: Month) -> Investment:
    """An investment of a million that saved as much as it cost (öre)."""
    return Investment(
        cost=_COST,
        start=start,
        months=24,
        effect=_COST,
        effects_begin=start,
        facts={REACHED: True},
    )
