"""Notes on a timeline (anmärkningar): which rules hold when, and what is assumed of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sifrules.errors import SifError
from sifrules.policy.contracts import funding_of
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.timeline import periods, remarks
from sifrules.values.messages import Message
from sifrules_simulation.model.scenarios import Scenario

_OUTSIDE = Message("timeline_note.outside")
_REFORM = Message("timeline_note.reform")
#: What a guideline that leaves the start of its transition unclear is read as.
_READ = "return"


def timeline_notes(
    label: str, policy: FundPolicy, scenario: Scenario, years: int
) -> Iterator[Message]:
    """Of one policy with reforms: from when each holds, and what the sources leave open."""
    if not policy.reforms:
        return
    stretches = periods(policy)
    yield Message("timeline_note.begins", policy=label, first=stretches[0][1].id)
    for reform in policy.reforms:
        outside = not 0 < reform.since - scenario.begins < 12 * years
        said = _OUTSIDE if outside else _REFORM
        yield said.format(policy=label, after=reform.policy.id, since=reform.since)
    for remark in remarks(policy):
        yield Message("timeline_note.remark", policy=label, remark=remark.message)
    for _, each in stretches[:-1]:
        transition: Any = getattr(each.return_model, "transition", None)
        if getattr(transition, "gap", None) == _READ:
            yield Message(
                "timeline_note.gap_read",
                policy=label,
                guideline=each.id,
                first=transition.returns_before,
                last=transition.ends_after,
            )
    first = funding_of(stretches[0][1]).first_year
    if scenario.calendar == "first_sum" and first not in (None, scenario.begins.year):
        yield Message(
            "timeline_note.calendar", policy=label, first=str(first), begins=scenario.begins
        )


def announced_notes(policies: Iterable[FundPolicy], scenario: Scenario) -> Iterator[Message]:
    """That committees would know of reforms before they come, where there are none."""
    months = scenario.parameters.behaviour.announced
    if months and not any(policy.reforms for policy in policies):
        yield Message("timeline_note.announced_unused", months=months)


def refuse_outside(policy: FundPolicy, scenario: Scenario, years: int) -> None:
    """Raise `SifError` for a reform that somebody tries and that no simulated month sees."""
    last = scenario.begins + (12 * years - 1)
    for reform in policy.reforms:
        if not reform.stated and not scenario.begins < reform.since <= last:
            raise SifError(
                Message(
                    "timeline_note.tried_outside",
                    after=reform.policy.id,
                    since=reform.since,
                    begins=scenario.begins,
                    last=last,
                ),
                where=policy.id,
                fix=Message("timeline_note.choose_within"),
            )
