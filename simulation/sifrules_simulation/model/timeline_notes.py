"""Notes on a timeline (anmärkningar): which rules hold when, and what is assumed of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from sifrules.errors import SifError
from sifrules.policy.contracts import funding_of
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.timeline import in_force, periods, remarks
from sifrules.values.messages import Message
from sifrules_simulation.model.scenarios import Scenario

_BEFORE = Message("timeline_note.before")
_GAP, _GAP_IN_ONE = Message("timeline_note.gap_read"), Message("timeline_note.gap_read_in")
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
    begins = in_force(policy, scenario.begins)
    yield Message("timeline_note.begins", policy=label, first=begins.id)
    for reform in policy.reforms:
        month = reform.since - scenario.begins
        said = _BEFORE if month <= 0 else _REFORM if month < 12 * years else _OUTSIDE
        yield said.format(policy=label, after=reform.policy.id, since=reform.since)
    for remark in remarks(policy):
        yield Message("timeline_note.remark", policy=label, remark=remark.message)
    last = scenario.begins + (12 * years - 1)
    for (_, each), (until, _) in pairwise(stretches):
        transition: Any = getattr(each.return_model, "transition", None)
        if until is None or until <= scenario.begins or transition is None:
            continue  # no simulated month falls under it
        if transition.ends_after.last < last.date.last:
            yield Message(
                "timeline_note.transition",
                policy=label,
                guideline=each.id,
                last=transition.ends_after,
            )
        if getattr(transition, "gap", None) == _READ and not _passed(transition, scenario):
            said = _GAP if transition.returns_before != transition.ends_after else _GAP_IN_ONE
            yield said.format(
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


def _passed(transition: Any, scenario: Scenario) -> bool:
    """Whether what a provision leaves unclear lies before the first simulated month."""
    return bool(transition.ends_after.last < scenario.begins.date.first)


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
