"""What events say of an idea (händelsernas innehåll): its origin, its outcome, its prospect."""

from __future__ import annotations

from sifrules.plugin.simulation import ProjectOutcome, Prospect
from sifrules.rules.decisions import Decision, Verdict
from sifrules.values.citations import Citation
from sifrules.values.messages import Message
from sifrules.values.money import Amount

ORIGINS = {
    "internal": Message("event.from_internal"),
    "civil_society": Message("event.from_civil_society"),
}
OUTCOMES = {
    ProjectOutcome.AS_HOPED: Message("event.outcome_as_hoped"),
    ProjectOutcome.PARTLY: Message("event.outcome_partly"),
    ProjectOutcome.FAILS: Message("event.outcome_fails"),
    None: Message("event.outcome_not_measured"),
}


def rounded(amount: float) -> Amount:
    """An amount in öre, to whole thousands of kronor: a judgement is no more exact."""
    return Amount(100_000 * round(amount / 100_000))


def expected(prospect: Prospect) -> Message:
    """What the committee expects."""
    gains = {of: rounded(100 * prospect.expected(of)) for of in ("human", "savings", "claims")}
    return Message("event.expected", **gains, effort=rounded(100 * prospect.effort))


def rule_ids(decision: Decision, verdict: Verdict) -> tuple[str, ...]:
    """The ids of the rules that came out so."""
    return tuple(each.rule.id for each in decision.findings if each.verdict is verdict)


def places(decision: Decision) -> tuple[Citation, ...]:
    """The places that speak against, for a refusal."""
    return tuple(finding.rule.citation for finding in decision.refusals)
