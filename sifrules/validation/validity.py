"""When guidelines hold: gaps, overlaps, and those without a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sifrules.policy.fund_policy import FundPolicy
from sifrules.validation.issues import Issue, IssueTemplate, Severity
from sifrules.values.dates import PartialDate
from sifrules.values.messages import Message

_NO_DATE = IssueTemplate(
    kind="no_date",
    level=Severity.DOUBTFUL,
    what=Message("validate_validity.no_date_what"),
    why=Message("validate_validity.no_date_why"),
    do=Message("validate_validity.no_date_do"),
)
_ENDS_FIRST = IssueTemplate(
    kind="ends_before_begins",
    level=Severity.WRONG,
    what=Message("validate_validity.ends_first_what"),
    why=Message("validate_validity.ends_first_why"),
    do=Message("validate_validity.ends_first_do"),
)
_OVERLAP = IssueTemplate(
    kind="overlap",
    level=Severity.WRONG,
    what=Message("validate_validity.overlap_what"),
    why=Message("validate_validity.overlap_why"),
    do=Message("validate_validity.overlap_do"),
)
_LOOSE = IssueTemplate(
    kind="loose_dates",
    level=Severity.DOUBTFUL,
    what=Message("validate_validity.loose_what"),
    why=Message("validate_validity.loose_why"),
    do=Message("validate_validity.loose_do"),
)
_GAP = IssueTemplate(
    kind="gap",
    level=Severity.DOUBTFUL,
    what=Message("validate_validity.gap_what"),
    why=Message("validate_validity.gap_why"),
    do=Message("validate_validity.gap_do"),
)


def of_period(policy: FundPolicy) -> Iterator[Issue]:
    """Issues of a guideline's own dates."""
    begun, ended = policy.terms.in_force, policy.terms.replaced
    if begun is None and policy.status == "guideline":
        yield _NO_DATE.at(policy.origin, "terms.in_force")
    if begun is not None and ended is not None and ended.last <= begun.first:
        yield _ENDS_FIRST.at(policy.origin, "terms.replaced", begun=begun, ended=ended)


def between(policies: Sequence[FundPolicy], about: FundPolicy) -> Iterator[Issue]:
    """Gaps and overlaps between one guideline of a municipality and its others."""
    dated = [
        (policy.terms.in_force, policy)
        for policy in policies
        if policy.status == "guideline" and policy.terms.in_force and not _never(policy)
    ]
    dated.sort(key=lambda each: (each[0].first, each[0].last, each[1].id))
    for (_, earlier), (begun, later) in pairwise(dated):
        if about.id in (earlier.id, later.id):
            yield from _pair(earlier, later, begun)


def _never(policy: FundPolicy) -> bool:
    return any(issue.level is Severity.WRONG for issue in of_period(policy))


def _pair(earlier: FundPolicy, later: FundPolicy, begun: PartialDate) -> Iterator[Issue]:
    """Issues where one guideline gives way to the next."""
    ended = earlier.terms.replaced
    said = {"other": later.id, "begun": begun, "ended": ended, "written": str(begun)}
    key = "terms.replaced"
    if _surely_together(earlier, later):
        yield _OVERLAP.at(earlier.origin, key, **said)
    elif ended is not None and ended.last < begun.first:
        yield _GAP.at(earlier.origin, key, **said)
    elif ended is not None and (ended.first, ended.last) != (begun.first, begun.last):
        yield _LOOSE.at(earlier.origin, key, **said)


def _surely_together(*policies: FundPolicy) -> bool:
    """Whether there is surely a day on which all of them are in force."""
    begun = [policy.terms.in_force for policy in policies]
    ended = [policy.terms.replaced for policy in policies]
    last_begun = max(date.last for date in begun if date is not None)
    return last_begun < min((date.first for date in ended if date is not None), default=dt.date.max)


def surely_none(policies: Sequence[FundPolicy], when: PartialDate) -> bool:
    """Whether surely none of the guidelines was in force on a date."""
    return all(policy.in_force_throughout(when.first, when.last) is False for policy in policies)


def first_day(policies: Sequence[FundPolicy]) -> dt.date | None:
    """The first day on which any of the guidelines may have been in force, if all say."""
    begun = [policy.terms.in_force for policy in policies]
    days = [date.first for date in begun if date is not None]
    return min(days) if days and len(days) == len(begun) else None
