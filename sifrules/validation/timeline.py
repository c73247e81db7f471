"""Validation of a timeline file (tidslinje): its guidelines, their order, and when each holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from sifrules.errors import SifError
from sifrules.loading.guideline import Guideline
from sifrules.plugin.registry import Registry
from sifrules.plugin.timeline_files import KEY, Entry, TimelineFile, read_entries
from sifrules.policy.fund_policy import FundPolicy
from sifrules.validation.file_faults import of_faults
from sifrules.validation.issues import Issue, IssueTemplate, Severity
from sifrules.values.dates import Month
from sifrules.values.messages import Message, Text

_OUT_OF_ORDER = IssueTemplate(
    kind="timeline_out_of_order",
    level=Severity.WRONG,
    what=Message("validate_timeline.out_of_order_what"),
    why=Message("validate_timeline.out_of_order_why"),
    do=Message("validate_timeline.out_of_order_do"),
)
_ONE_MONTH = IssueTemplate(
    kind="timeline_one_month",
    level=Severity.WRONG,
    what=Message("validate_timeline.one_month_what"),
    why=Message("validate_timeline.one_month_why"),
    do=Message("validate_timeline.one_month_do"),
)
_BEFORE = IssueTemplate(
    kind="timeline_before",
    level=Severity.WRONG,
    what=Message("validate_timeline.before_what"),
    why=Message("validate_timeline.before_why"),
    do=Message("validate_timeline.before_do"),
)
_SAME_AGAIN = IssueTemplate(
    kind="timeline_same_again",
    level=Severity.DOUBTFUL,
    what=Message("validate_timeline.same_again_what"),
    why=Message("validate_timeline.same_again_why"),
    do=Message("validate_timeline.same_again_do"),
)
_OTHER_TOWN = IssueTemplate(
    kind="timeline_other_town",
    level=Severity.DOUBTFUL,
    what=Message("validate_timeline.other_town_what"),
    why=Message("validate_timeline.other_town_why"),
    do=Message("validate_timeline.other_town_do"),
)
_PROPOSAL = IssueTemplate(
    kind="timeline_proposal",
    level=Severity.DOUBTFUL,
    what=Message("validate_timeline.proposal_what"),
    why=Message("validate_timeline.proposal_why"),
    do=Message("validate_timeline.proposal_do"),
)
_GAP = IssueTemplate(
    kind="timeline_gap",
    level=Severity.DOUBTFUL,
    what=Message("validate_timeline.gap_what"),
    why=Message("validate_timeline.gap_why"),
    do=Message("validate_timeline.gap_do"),
)
_OVERLAP = IssueTemplate(
    kind="timeline_overlap",
    level=Severity.DOUBTFUL,
    what=Message("validate_timeline.overlap_what"),
    why=Message("validate_timeline.overlap_why"),
    do=Message("validate_timeline.overlap_do"),
)
_MOVED = IssueTemplate(
    kind="timeline_moved",
    level=Severity.DOUBTFUL,
    what=Message("validate_timeline.moved_what"),
    why=Message("validate_timeline.moved_why"),
    do=Message("validate_timeline.moved_do"),
)
_LINE = Message("validate_timeline.at_line")
_HEADER = re.compile(rf"\s*\[\[\s*{KEY}\s*\]\]")
_TABLE = re.compile(r"\s*\[")


def is_timeline(read: object) -> bool:
    """Whether what was read of a file is a timeline."""
    return isinstance(read, Guideline) and KEY in read.tree


@frozen
class InForce:
    """A stretch of a timeline: which guideline holds, from a month and until the next does."""

    policy: FundPolicy
    since: Month | None
    until: Month | None


def validate_timeline(registry: Registry, guideline: Guideline) -> tuple[Issue, ...]:
    """Everything wrong or doubtful in a file with ``[[timeline]]``, but for its guidelines.

    Each issue names the line on which it stands. What is wrong is so from the file alone; where
    the months of the file differ from the guidelines' own dates that is doubtful, as a timeline
    may well be one that somebody tries.
    """
    read = read_entries(registry, guideline)
    lines = _Lines(read.origin)
    issues = [*of_faults(read.faults), *_of_order(read), *_of_guidelines(read)]
    return tuple(evolve(issue, what=lines.named(issue)) for issue in dict.fromkeys(issues))


def in_force_when(registry: Registry, guideline: Guideline) -> tuple[InForce, ...]:
    """What is in force when by a timeline file, as far as that can be told.

    Nothing where the months are out of order or one is not stated.
    """
    read = read_entries(registry, guideline)
    months = [each.since for each in read.entries[1:]]
    ordered = all(one is not None for one in months) and all(
        one < other for one, other in pairwise(map(_number, months))
    )
    if not ordered or any(each.policy is None for each in read.entries):
        return ()
    ends = [*months, None]
    return tuple(
        InForce(each.policy, each.since, end)
        for each, end in zip(read.entries, ends, strict=True)
        if each.policy is not None
    )


def guidelines_named(
    registry: Registry, guideline: Guideline
) -> tuple[Guideline | FundPolicy, ...]:
    """The guidelines that a timeline file names, each once; those with faults as their files are.

    One that is not there at all is left out: `validate_timeline` says so.
    """
    named: dict[str, Guideline | FundPolicy] = {}
    for each in read_entries(registry, guideline).entries:
        if each.policy is not None:
            named[each.policy.id] = each.policy
        elif each.name.endswith(".toml"):
            with suppress(SifError):
                named[each.name] = registry.guideline(Path(guideline.origin).parent / each.name)
    return tuple(named.values())


def _number(month: Month | None) -> int:
    return 0 if month is None else 12 * month.year + month.month


# --- the order ------------------------------------------------------------------------


def _of_order(read: TimelineFile) -> Iterator[Issue]:
    dated = [each for each in read.entries if each.since is not None]
    for one, other in pairwise(dated):
        said = {"before": one.name, "since": one.since, "after": other.name, "other": other.since}
        if one.since == other.since:
            yield _ONE_MONTH.at(read.origin, f"{other.key}.from", **said)
        elif _number(other.since) < _number(one.since):
            yield _OUT_OF_ORDER.at(read.origin, f"{other.key}.from", **said)
    first = read.entries[0].policy if read.entries else None
    begun = None if first is None else first.terms.in_force
    for each in dated[:1]:
        since: Any = each.since
        if begun is not None and since.date.last < begun.first:
            about: Any = {"since": since, "policy": read.entries[0].name, "begun": begun}
            yield _BEFORE.at(read.origin, f"{each.key}.from", **about)


# --- the guidelines -------------------------------------------------------------------


def _of_guidelines(read: TimelineFile) -> Iterator[Issue]:
    for each in read.entries:
        if each.policy is not None and each.policy.status == "proposal":
            yield _PROPOSAL.at(read.origin, f"{each.key}.policy", policy=each.policy.id)
    for one, other in pairwise(read.entries):
        if one.policy is not None and other.policy is not None:
            yield from _between(read.origin, one.policy, other.policy, other)


def _between(file: str, before: FundPolicy, after: FundPolicy, entry: Entry) -> Iterator[Issue]:
    said = {"before": before.id, "after": after.id, "since": entry.since}
    if before.id == after.id:
        yield _SAME_AGAIN.at(file, f"{entry.key}.policy", **said)
    if before.municipality != after.municipality:
        yield _OTHER_TOWN.at(file, f"{entry.key}.policy", **said)
    if entry.since is None:
        return
    since, key = entry.since.date, f"{entry.key}.from"
    ended, begun = before.terms.replaced, after.terms.in_force
    if ended is not None and ended.last < since.first:
        yield _GAP.at(file, key, ended=ended, **said)
    elif ended is not None and since.last < ended.first:
        yield _OVERLAP.at(file, key, ended=ended, **said)
    if begun is not None and not (begun.first <= since.last and since.first <= begun.last):
        yield _MOVED.at(file, key, begun=begun, **said)


# --- lines ----------------------------------------------------------------------------


class _Lines:
    """The lines of a timeline file on which its entries and their keys stand."""

    def __init__(self, file: str) -> None:
        try:
            self._lines = Path(file).read_text("utf-8-sig").splitlines()
        except OSError:  # a file that is read but once has no lines any more
            self._lines = []
        self._heads = [at for at, line in enumerate(self._lines) if _HEADER.match(line)]

    def named(self, issue: Issue) -> Text:
        """What is amiss, with its line before it where that is found."""
        at = self._line(issue.key)
        return issue.what if at is None else _LINE.format(line=at + 1, what=issue.what)

    def _line(self, key: str) -> int | None:
        entry = re.fullmatch(rf"{KEY}\[(\d+)\](?:\.(\w+))?", key)
        if entry is None:
            return self._first(key.rpartition(".")[2] or key)
        number = int(entry[1])
        if number >= len(self._heads):
            return None
        head = self._heads[number]
        if entry[2]:
            for at in range(head + 1, len(self._lines)):
                if _TABLE.match(self._lines[at]):
                    break
                if re.match(rf"\s*\"?{entry[2]}\"?\s*=", self._lines[at]):
                    return at
        return head

    def _first(self, name: str) -> int | None:
        found: Iterable[int] = (
            at
            for at, line in enumerate(self._lines)
            if re.match(rf"\s*(\[+\s*)?\"?{re.escape(name)}\"?\s*(=|\])", line)
        )
        return next(iter(found), None) if name else None
