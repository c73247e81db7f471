"""When guidelines hold: gaps, overlaps, and those without a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sifrules.policy.fund_policy import FundPolicy
from sifrules.validation.issues import Issue, IssueTemplate, Severity
from sifrules.values.dates import PartialDate
from sifrules.values.text import LocalizedText

_NO_DATE = IssueTemplate(
    kind="no_date",
    level=Severity.DOUBTFUL,
    what=LocalizedText(
        sv="riktlinjen säger inte när den började gälla",
        en="the guideline does not say when it came into force",
    ),
    why=LocalizedText(
        sv="ingen beviljad satsning kan säkert föras till den, och början kan inte prövas",
        en="no grant can surely be put under it, and a start before it cannot be told",
    ),
    do=LocalizedText(
        sv="skriv in_force så noga som källan anger det; ett år räcker",
        en="write in_force as precisely as the source gives it; a year will do",
    ),
)
_ENDS_FIRST = IssueTemplate(
    kind="ends_before_begins",
    level=Severity.WRONG,
    what=LocalizedText(
        sv="riktlinjen ersätts ({ended}) innan den har gällt en dag (från {begun})",
        en="the guideline is replaced ({ended}) before it was in force for a day (from {begun})",
    ),
    why=LocalizedText(
        sv="den gäller då aldrig, och ingen satsning kan föras till den",
        en="it is then never in force, and no grant can be put under it",
    ),
    do=LocalizedText(sv="rätta det ena av datumen", en="mend one of the dates"),
)
_OVERLAP = IssueTemplate(
    kind="overlap",
    level=Severity.WRONG,
    what=LocalizedText(
        sv="gäller samtidigt som {other}, från {begun}",
        en="is in force at the same time as {other}, from {begun}",
    ),
    why=LocalizedText(
        sv="det går då inte att säga efter vilken riktlinje en satsning beviljades",
        en="it can then not be told under which guideline a grant was made",
    ),
    do=LocalizedText(
        sv="skriv i den äldre riktlinjen när den ersattes: replaced = {written}",
        en="write in the older guideline when it was replaced: replaced = {written}",
    ),
)
_LOOSE = IssueTemplate(
    kind="loose_dates",
    level=Severity.DOUBTFUL,
    what=LocalizedText(
        sv="ersatt {ended}, men {other} gäller från {begun}: de kan gälla samtidigt, eller "
        "ingen av dem",
        en="replaced {ended}, but {other} is in force from {begun}: both may be in force, or "
        "neither",
    ),
    why=LocalizedText(
        sv="däremellan går det inte att säga vilken riktlinje som gällde",
        en="in between it cannot be told which guideline was in force",
    ),
    do=LocalizedText(
        sv="ange samma datum på båda ställena, så noga som källan tillåter",
        en="give the same date in both places, as precisely as the source allows",
    ),
)
_GAP = IssueTemplate(
    kind="gap",
    level=Severity.DOUBTFUL,
    what=LocalizedText(
        sv="ingen riktlinje gäller mellan {ended}, då denna ersattes, och {begun}, då {other} "
        "börjar gälla",
        en="no guideline is in force between {ended}, when this one was replaced, and {begun}, "
        "when {other} comes into force",
    ),
    why=LocalizedText(
        sv="en satsning som beviljades däremellan hade ingen riktlinje",
        en="a grant made in between had no guideline",
    ),
    do=LocalizedText(
        sv="replaced är den dag då nästa riktlinje börjar gälla; rätta den, eller lägg till "
        "den riktlinje som fattas",
        en="replaced is the day on which the next guideline comes into force; mend it, or add the "
        "guideline that is missing",
    ),
)


def of_period(policy: FundPolicy) -> Iterator[Issue]:
    """What is amiss with a guideline's own dates."""
    begun, ended = policy.terms.in_force, policy.terms.replaced
    if begun is None and policy.status == "guideline":
        yield _NO_DATE.at(policy.origin, "terms.in_force")
    if begun is not None and ended is not None and ended.last <= begun.first:
        yield _ENDS_FIRST.at(policy.origin, "terms.replaced", begun=begun, ended=ended)


def between(policies: Sequence[FundPolicy], about: FundPolicy) -> Iterator[Issue]:
    """Gaps and overlaps between one guideline of a municipality and those beside it."""
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
    return any(doubt.level is Severity.WRONG for doubt in of_period(policy))


def _pair(earlier: FundPolicy, later: FundPolicy, begun: PartialDate) -> Iterator[Issue]:
    """What is amiss where one guideline gives way to the next."""
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
