"""The record in numbers (facit): what was granted, by period, and what was foreseen of it.

A record is cut into an earlier and a later half of whole calendar years. No date in a
record is wider than a year, so a cut between years always tells on which side a grant
lies. Only what the sources settle is counted: a list of grants where a source says that
it is complete, or a total that a source states; amounts only where all are known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from attrs import frozen

from sifrules.errors import SifError
from sifrules.loading.history import Grant, History, Total
from sifrules.plugin.registry import Registry
from sifrules.plugin.simulation import IdeaHistory, Portfolio, Step
from sifrules.policy.fund_policy import FundPolicy
from sifrules.values.citations import Citation
from sifrules.values.dates import Month
from sifrules.values.messages import Message, Text
from sifrules_simulation.model.scenarios import Scenario, bundled, scenario as named_scenario

#: What is counted: how many grants or how many kronor, by which draws are chosen, and what
#: those draws are only checked against.
What = Literal[
    "grants",
    "granted",
    "yearly_grants",
    "civil_grants",
    "ideas",
    "refused",
    "evaluated",
    "implemented",
    "handed_back",
]
#: What draws are chosen by; everything else is a check.
CHOSEN_BY = ("grants", "granted")
#: What is in kronor; everything else is a number.
AMOUNTS = ("granted", "handed_back")
_GRANTED = "granted"
_BACK: Literal["handed_back"] = "handed_back"
#: What a count of a record is here, by what it counts and whose.
_CHECKS: Mapping[tuple[str, str | None], What] = {
    ("granted", None): "yearly_grants",
    ("granted", "civil_society"): "civil_grants",
    ("ideas", None): "ideas",
    ("applications_refused", None): "refused",
    ("evaluated", None): "evaluated",
    ("implemented", None): "implemented",
}
_ORE = 100


@frozen
class Period:
    """Whole months from the first to the last, as an interval of ISO 8601.

    >>> str(Period(Month(2013, 5), Month(2015, 12)))
    '2013-05/2015-12'
    """

    first: Month
    last: Month

    def __str__(self) -> str:
        return f"{self.first.text('en')}/{self.last.text('en')}"


@frozen(kw_only=True)
class Observed:
    """One number of a municipality's record: what was granted, refused or taken up in a period.

    ``first`` is the month in which the period begins and ``end`` the month after its
    last, both counted from the month in which the scenario begins. ``value`` is a count
    or kronor; ``citations`` are the places that it rests on.
    """

    municipality: str
    what: What
    first: int
    end: int
    period: Period
    value: float
    citations: tuple[Citation, ...]

    def of(self, portfolio: Portfolio) -> float:
        """The same number in a simulated fund."""
        counted = [life for life in portfolio.lives if self._counts(life)]
        if self.what == "granted":
            return sum(life.applied_for for life in counted) / _ORE
        if self.what == "handed_back":
            return sum(life.applied_for - life.spent for life in counted) / _ORE
        return float(len(counted))

    def _counts(self, life: IdeaHistory) -> bool:
        """Whether what became of an idea is counted here: what it is, and in which month."""
        match self.what:
            case "grants" | "granted" | "yearly_grants":
                month = life.granted_in
            case "civil_grants":
                month = life.granted_in if life.idea.origin == "civil_society" else None
            case "ideas":
                month = None if life.stopped is Step.NOT_TAKEN_UP else life.idea.arises
            case "refused":
                month = life.applied if life.refused else None
            case "evaluated":
                month = life.evaluated_in if life.evaluated else None
            case "implemented":
                month = life.evaluated_in if life.implemented else None
            case "handed_back":
                month = life.ended_in
        return month is not None and self.first <= month < self.end


@frozen(kw_only=True)
class Record:
    """What one municipality's record says, and the world and policy to simulate it in.

    One policy is simulated all through: the guideline in force for the longest part of
    the record. A later one that came into force before the record's end is left out.
    """

    key: str
    municipality: str
    policy: FundPolicy
    scenario: Scenario
    observed: tuple[Observed, ...]

    @property
    def years(self) -> int:
        """How many years a simulation must run to reach the record's end."""
        return -(-max(each.end for each in self.observed) // 12)


def countable(registry: Registry) -> tuple[tuple[Record, ...], Mapping[str, Text | str]]:
    """The records of all municipalities with a scenario of their own, and why others are not.

    One whose record is too thin is left out, with what it lacks.
    """
    records: list[Record] = []
    left_out: dict[str, Text | str] = {}
    for history in registry.histories:
        if history.key not in bundled():
            continue
        try:
            records.append(record(registry, history.key))
        except SifError as error:
            left_out[history.municipality] = str(error.what)
    return tuple(records), left_out


def record(registry: Registry, key: str, scenario: Scenario | None = None) -> Record:
    """The record of a municipality, in its own scenario where no other is given.

    Raises `SifError` where the record is too thin to count, or where it cannot be told
    which guideline was in force.
    """
    history = registry.history(key)
    if scenario is None and history.key not in bundled():
        known = sorted({each.key for each in registry.histories} & set(bundled()))
        raise SifError(
            Message("record.no_scenario", municipality=history.municipality),
            fix=Message("record.calibrate_on", known=", ".join(known)),
        )
    around = named_scenario(history.key) if scenario is None else scenario
    numbers = observed(history, around)
    begins = around.begins
    last = begins + (max(each.end for each in numbers) - 1)
    return Record(
        key=history.key,
        municipality=history.municipality,
        policy=in_force_longest(registry, history.key, begins, last),
        scenario=around,
        observed=numbers,
    )


def in_force_longest(registry: Registry, key: str, first: Month, last: Month) -> FundPolicy:
    """The guideline of a municipality in force for most of the time between two months.

    A single guideline whose dates are not known is taken to be the one.
    """
    start, stop = first.date.first, last.date.last
    candidates = [
        policy
        for policy in registry.policies
        if policy.id.partition("@")[0] == key
        and policy.status == "guideline"
        and policy.in_force_throughout(start, stop) is not False
    ]
    if not candidates:
        raise SifError(
            Message("record.no_guideline", key=key, first=first, last=last),
            fix=Message("record.calibrate_on_known"),
        )
    if len(candidates) == 1:
        return candidates[0]
    days = {policy.id: _days(policy, start, stop) for policy in candidates}
    longest = max(candidates, key=lambda policy: days[policy.id])
    if list(days.values()).count(days[longest.id]) > 1:
        raise SifError(
            Message("record.guidelines_equal", key=key, first=first, last=last),
            fix=Message("record.state_dates", days=" and ".join(sorted(days))),
        )
    return longest


def _days(policy: FundPolicy, start: dt.date, stop: dt.date) -> int:
    """For how many days between two a policy was in force, by the earliest reading."""
    begun, ended = policy.terms.in_force, policy.terms.replaced
    if begun is None:
        return 0
    until = stop if ended is None else min(stop, ended.first)
    return max(0, (until - max(start, begun.first)).days)


# --- counting -------------------------------------------------------------------------


def observed(history: History, scenario: Scenario) -> tuple[Observed, ...]:
    """What a record says in numbers; `SifError` says what is missing where it is too thin."""
    counting = _Counting(history, scenario.begins)
    found = (*counting.listed(), *counting.stated())
    if not found:
        raise counting.too_thin()
    return (*found, *counting.checks())


@frozen
class _Counting:
    """A record being counted from the month in which the scenario begins."""

    history: History
    begins: Month

    def listed(self) -> Iterator[Observed]:
        """Counts, and amounts where all are known, out of a list that is complete."""
        if not self._complete:
            return
        until = self._month(self.history.until.last)
        if until < 0:
            raise SifError(
                Message(
                    "record.ends_before",
                    municipality=self.history.municipality,
                    until=self.history.until,
                    begins=self.begins,
                ),
                fix=Message("record.begin_earlier"),
            )
        for first, end in self._halves(until + 1):
            grants = [grant for grant in self._grants if first <= self._at(grant) < end]
            yield self._observed("grants", first, end, len(grants), self._cited(grants))
            amounts = [grant.amount for grant in grants if grant.amount is not None]
            if len(amounts) == len(grants):
                kronor = sum(amounts) / _ORE
                yield self._observed("granted", first, end, kronor, self._cited(grants))

    def stated(self) -> Iterator[Observed]:
        """What a total tells beyond the list: later grants, or amounts that it leaves out."""
        for total in self._latest_total():
            end = self._month(total.until.last) + 1
            listed = self._grants if self._complete else []
            reaches = self._month(self.history.until.last) + 1 if self._complete else 0
            cited = (total.cite, *(self._cited(listed) if self._complete else ()))
            if total.count is not None and end > reaches:
                more = self._beyond(total, total.count - len(listed))
                yield self._observed("grants", reaches, end, more, cited)
            if total.amount is None or (self._all_known and end <= reaches):
                continue
            if self._all_known or not listed:
                known = sum(grant.amount or 0 for grant in listed)
                more = self._beyond(total, total.amount - known)
                yield self._observed("granted", reaches, end, more / _ORE, cited)
            else:
                yield self._observed("granted", 0, end, total.amount / _ORE, (total.cite,))

    def checks(self) -> Iterator[Observed]:
        """What draws are not chosen by but checked against: counts, and money handed back."""
        for count in self.history.counts:
            what = _CHECKS.get((count.what, count.origin))
            end = self._month(count.until.last) + 1
            if what is None or count.count is None or end <= 0:
                continue
            first = max(0, self._month(count.first.first))
            yield self._observed(what, first, end, count.count, (count.cite,))
        back = [entry for entry in self.history.entries if entry.what == _BACK]
        if _BACK in self.history.complete and all(entry.amount is not None for entry in back):
            end = self._month(self.history.until.last) + 1
            kronor = sum(entry.amount or 0 for entry in back) / _ORE
            cited = (self.history.complete[_BACK], *(entry.cite for entry in back))
            yield self._observed(_BACK, 0, end, kronor, tuple(dict.fromkeys(cited)))

    def too_thin(self) -> SifError:
        """What is missing of a record in which nothing can be counted."""
        name, count = self.history.municipality, len(self.history.grants)
        code = "record.too_thin_list" if count else "record.too_thin_nothing"
        return SifError(
            Message(code, name=name, n=count),
            where=self.history.origin or None,
            fix=Message("record.complete_it"),
        )

    # --- small things ---------------------------------------------------------------

    @property
    def _complete(self) -> bool:
        return _GRANTED in self.history.complete

    @property
    def _grants(self) -> list[Grant]:
        """The grants within the record's time; one that may lie outside is taken to be in it."""
        until = self.history.until.last
        grants = [grant for grant in self.history.grants if grant.granted.by(until) is not False]
        for grant in grants:
            if self._month(grant.granted.last) < 0:
                raise SifError(
                    Message(
                        "record.granted_before",
                        grant=grant.name,
                        municipality=self.history.municipality,
                        granted=grant.granted,
                        begins=self.begins,
                    ),
                    fix=Message("record.begin_earlier"),
                )
        return grants

    @property
    def _all_known(self) -> bool:
        return self._complete and all(grant.amount is not None for grant in self._grants)

    def _latest_total(self) -> Iterable[Total]:
        """The total of what was granted that reaches furthest, if any is stated."""
        stated = [
            total
            for total in self.history.totals
            if total.what == _GRANTED and self._month(total.until.last) >= 0
        ]
        return sorted(stated, key=lambda total: total.until.last)[-1:]

    def _beyond(self, total: Total, more: int) -> int:
        """What a total tells of beyond the list; it cannot be less than the list."""
        if more < 0:
            raise SifError(
                Message("record.total_too_small", until=total.until),
                where=self.history.origin or None,
                fix=Message("observations.mend"),
            )
        return more

    def _at(self, grant: Grant) -> int:
        """The first month in which it may have been granted, and in any case its year."""
        return max(0, self._month(grant.granted.first))

    def _month(self, day: dt.date) -> int:
        return Month(day.year, day.month) - self.begins

    def _halves(self, end: int) -> Iterator[tuple[int, int]]:
        """The earlier and the later calendar years; one in the middle is among the earlier."""
        first, last = self.begins.year, (self.begins + (end - 1)).year
        cut = Month(first + -(-(last - first + 1) // 2), 1) - self.begins
        yield 0, min(cut, end)
        if cut < end:
            yield cut, end

    def _cited(self, grants: Iterable[Grant]) -> tuple[Citation, ...]:
        """Where the grants stand, and where it is said that there are no others."""
        cited = [self.history.complete[_GRANTED], *(grant.cite for grant in grants)]
        return tuple(dict.fromkeys(cited))

    def _observed(
        self, what: What, first: int, end: int, value: float, cited: tuple[Citation, ...]
    ) -> Observed:
        return Observed(
            municipality=self.history.key,
            what=what,
            first=first,
            end=end,
            period=Period(self.begins + first, self.begins + (end - 1)),
            value=float(value),
            citations=cited,
        )
