"""Timelines (tidslinjer): guidelines as they followed each other, each from a month.

A policy with reforms (regeländringar) is a timeline: its own rules hold until the first of
them, and each reform's policy from its month until the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from attrs import evolve, frozen

from sifrules.errors import SifError
from sifrules.policy.binding import USUAL, Binding
from sifrules.policy.fund_policy import FundPolicy, Reform
from sifrules.values.dates import Month
from sifrules.values.messages import Joined, Message

_REMARKS = {
    "gap": Message("timeline.gap"),
    "other_municipality": Message("timeline.other_municipality"),
    "overlap": Message("timeline.overlap"),
    "part_of_month": Message("timeline.part_of_month"),
    "part_of_year": Message("timeline.part_of_year"),
}


@frozen
class Remark:
    """What the sources leave open between one guideline and the next.

    ``kind`` is one of those in `_REMARKS`: a gap or an overlap, a date that is not the first
    of a month, or a guideline of another municipality.
    """

    kind: str
    before: str
    after: str
    since: Month

    @property
    def message(self) -> Message:
        """The remark in words."""
        return _REMARKS[self.kind].format(before=self.before, after=self.after, since=self.since)


def with_reforms(
    policy: FundPolicy, reforms: Iterable[Reform], id: str, binding: Binding = USUAL
) -> FundPolicy:
    """A policy followed by reforms, under an id of its own.

    Raises `SifError` where two begin in one month, where they are out of order, or where one
    is a timeline itself.
    """
    reforms = tuple(reforms)
    for reform in reforms:
        if reform.policy.reforms:
            raise SifError(Message("timeline.nested", policy=reform.policy.id), where=id)
    for one, other in pairwise(reforms):
        _refuse_disorder(one, other, id)
    begun = policy.terms.in_force
    if reforms and begun is not None and reforms[0].since.date.last < begun.first:
        raise SifError(
            Message(
                "timeline.before_the_first",
                since=reforms[0].since,
                policy=policy.id,
                begun=begun,
            ),
            where=id,
        )
    return evolve(policy, id=id, reforms=reforms, binding=binding)


def _refuse_disorder(one: Reform, other: Reform, id: str) -> None:
    """Raise `SifError` unless one reform comes before the other."""
    if one.since == other.since:
        both = Joined((one.policy.id, other.policy.id), Message("nearest.and"))
        raise SifError(
            Message("timeline.one_month", policies=both, since=one.since),
            where=id,
            fix=Message("timeline.give_another_month"),
        )
    if other.since < one.since:
        raise SifError(
            Message(
                "timeline.out_of_order",
                first=one.policy.id,
                since=one.since,
                second=other.policy.id,
                earlier=other.since,
            ),
            where=id,
            fix=Message("timeline.order_by_month"),
        )


def of_guidelines(guidelines: Iterable[FundPolicy], id: str) -> FundPolicy:
    """The guidelines of a municipality as they followed each other.

    Raises `SifError` where one does not say from when it holds, as its place is then unknown.
    """
    known = list(guidelines)
    if len(known) == 1:
        return known[0]
    undated = [each.id for each in known if each.terms.in_force is None]
    if undated:
        raise SifError(
            Message("timeline.undated", policies=", ".join(undated)),
            where=id,
            fix=Message("timeline.name_one"),
        )
    first, *later = sorted(known, key=_month)
    return with_reforms(first, (Reform(_month(each), each, stated=True) for each in later), id)


def periods(policy: FundPolicy) -> tuple[tuple[Month | None, FundPolicy], ...]:
    """Each policy of a timeline with the month from which it holds, None for the first."""
    alone = policy
    if policy.reforms:
        alone = evolve(policy, id=str(policy.tree.get("id", policy.id)), reforms=())
    return ((None, alone), *((reform.since, reform.policy) for reform in policy.reforms))


def in_force(policy: FundPolicy, month: Month) -> FundPolicy:
    """The policy of a timeline that is in force in a month."""
    return [each for since, each in periods(policy) if since is None or since <= month][-1]


def remarks(policy: FundPolicy) -> Iterator[Remark]:
    """What is not settled of when each guideline of a timeline holds."""
    before = periods(policy)[0][1]
    for reform in policy.reforms:
        after = reform.policy
        known: Any = {"before": before.id, "after": after.id, "since": reform.since}
        if before.municipality != after.municipality:
            yield Remark("other_municipality", **known)
        if reform.stated:
            for kind in _unsettled(before, after):
                yield Remark(kind, **known)
        before = after


def _unsettled(before: FundPolicy, after: FundPolicy) -> Iterator[str]:
    ended, begun = before.terms.replaced, after.terms.in_force
    if begun is not None and begun.first.month != begun.last.month:
        yield "part_of_year"
    elif begun is not None and begun.first == begun.last and begun.first.day != 1:
        yield "part_of_month"
    if ended is None or begun is None:
        return
    if ended.last < begun.first:
        yield "gap"
    elif begun.last < ended.first:
        yield "overlap"


def _month(policy: FundPolicy) -> Month:
    """The month in which a guideline comes into force; the undated are refused before."""
    day: Any = policy.terms.in_force
    return Month(day.first.year, day.first.month)
