"""Measures (mått) of funds that decide the idea first and the amount later.

An idea that passes the first decision need not be granted: the second may refuse the amount, the
money may not come in time, or the years may end before.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from sifrules.plugin.simulation import Measure, Portfolio
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.timeline import periods
from sifrules.policy.two_decisions import decides_idea_first
from sifrules.values.text import LocalizedText

APPROVED = "ideas_approved"
NOT_GRANTED = "approved_not_granted"


@frozen
class _OfDecisions:
    """How many ideas were approved, or approved and not granted; None where but one decides."""

    policies: frozenset[str]
    granted_too: bool

    def __call__(self, portfolio: Portfolio) -> float | None:
        if portfolio.policy not in self.policies:
            return None
        approved = [life for life in portfolio.lives if life.approved_in is not None]
        return float(sum(self.granted_too or not life.granted for life in approved))


def in_two_decisions(policy: FundPolicy) -> bool:
    """Whether a policy, or one of a timeline, decides the idea first, on some track at least."""
    return any(
        decides_idea_first(seen) for _, each in periods(policy) for seen in (each, *each.on_tracks)
    )


def decision_measures(policies: Iterable[FundPolicy]) -> tuple[Measure, ...]:
    """The measures of two decisions; nothing where every policy makes but one."""
    ids = frozenset(policy.id for policy in policies if in_two_decisions(policy))
    if not ids:
        return ()
    return (
        Measure(
            APPROVED,
            LocalizedText(sv="godkända idéer", en="ideas approved"),
            "count",
            LocalizedText(
                sv="idéer som godkänts i det första beslutet, om idén",
                en="ideas approved in the first decision, on the idea",
            ),
            _OfDecisions(ids, granted_too=True),
        ),
        Measure(
            NOT_GRANTED,
            LocalizedText(sv="godkända men inte beviljade", en="approved and not granted"),
            "count",
            LocalizedText(
                sv="godkända idéer som inte beviljats vid årens slut, de som väntar medräknade",
                en="ideas approved and not granted by the end of the years, those waiting included",
            ),
            _OfDecisions(ids, granted_too=False),
        ),
    )
