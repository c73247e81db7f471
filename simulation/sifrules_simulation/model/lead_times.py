"""How long an application takes (handläggningstid), by its procedure and else by the scenario."""

from __future__ import annotations

from itertools import count
from typing import Any

from sifrules.policy.procedure import Procedure
from sifrules.values.dates import Month


def taken_in(procedure: Procedure, begins: Month, ready: int) -> int:
    """When what is ready in some month is taken: in a month of closing, or in a window."""
    if closing := procedure.closing:
        return next(each for each in count(ready) if (begins + each).month in closing)
    windows = procedure.windows_per_year
    every = max(1, 12 // windows) if windows else 1
    return ready + -ready % every


def lead_times(procedure: Procedure, handling: Any) -> tuple[float, float]:
    """The fewest and the most months from need to decision.

    The guideline's, or the scenario's where it is silent.
    """
    low: float | None = procedure.lead_time_at_least
    high: float | None = procedure.lead_time_at_most
    low = min(handling.lead_least, high or handling.lead_least) if low is None else low
    return low, max(low, handling.lead_most) if high is None else high


def amount_leads(procedure: Procedure, handling: Any) -> tuple[float, float] | None:
    """The fewest and the most months from the decision on the idea to that on the amount.

    The guideline's, or the scenario's shortest lead time where it is silent; None where there is
    but one decision.
    """
    if not procedure.decides_idea_first:
        return None
    low: float | None = procedure.amount_lead_at_least
    high: float | None = procedure.amount_lead_at_most
    least = handling.lead_least
    low = min(least, least if high is None else high) if low is None else low
    return low, max(low, least) if high is None else high


def drawn(between: tuple[float, float], luck: Any) -> Any:
    """The months that luck, or each of a column of it, gives between the fewest and the most.

    Not yet whole: ``int`` or ``astype`` cuts them off.
    """
    low, high = between
    return low + luck * (high - low + 1)
