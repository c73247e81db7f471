"""A record (utfall) against the rules it was made under: grants that those would have refused.

Dates and amounts are taken as they are known: a grant is said to break a rule only where
every reading of them does, and that it may where some do.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from sifrules.loading.history import Grant, History
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.wording import money_words
from sifrules.rules.amounts import AMOUNTS
from sifrules.rules.conditions import Compare, Condition, Fact
from sifrules.rules.rulebook import Rule
from sifrules.rules.vocabulary import application, fund
from sifrules.rules.wording import value_words
from sifrules.validation import record_messages as remarks
from sifrules.validation.issues import Issue, joined
from sifrules.validation.locations import key_of
from sifrules.validation.rules import granting
from sifrules.validation.satisfiability import possible
from sifrules.validation.validity import first_day, surely_none
from sifrules.values.dates import PartialDate
from sifrules.values.messages import Message, Text
from sifrules.values.text import LocalizedText, same

#: Facts that a record states of a single grant, and those that it states of a year.
_OF_A_GRANT = (
    application.cost,
    application.applied_for,
    application.applied_for_per_year,
    application.duration,
    application.start_year,
)
_OF_A_YEAR = (application.applied_for, fund.new_investments_this_year, fund.granted_this_year)


def of_record(history: History, policies: Sequence[FundPolicy]) -> Iterator[Issue]:
    """Issues of a record, against the guidelines of its municipality."""
    for number, grant in enumerate(history.grants):
        origin, key = history.origin, f"grants[{number}]"
        yield from _of_dates(grant, origin, key)
        if policies and surely_none(policies, grant.granted):
            begun = first_day(policies)
            early = begun is not None and grant.granted.first < begun
            remark = remarks.BEFORE_ANY if early else remarks.NONE_IN_FORCE
            yield remark.at(origin, key, name=grant.name, date=_said(grant.granted))
        for policy, sure in _under(grant, policies):
            yield from _refused(grant, policy, sure, (origin, key))
    for policy in policies:
        yield from _of_years(history, policy)
    yield from _of_balance(history)


def _of_dates(grant: Grant, origin: str, key: str) -> Iterator[Issue]:
    if grant.starts is None:
        return
    said = {"name": grant.name, "starts": _said(grant.starts)}
    if grant.starts.before(grant.granted):
        yield remarks.STARTED_FIRST.at(origin, key, **said, granted=_said(grant.granted))
    if grant.ends is not None and grant.ends.before(grant.starts):
        yield remarks.ENDS_FIRST.at(origin, key, **said, ends=_said(grant.ends))


def _under(grant: Grant, policies: Iterable[FundPolicy]) -> Iterator[tuple[FundPolicy, bool]]:
    """The guidelines that may have been in force at a grant, and whether one surely was."""
    when = grant.granted
    answers = [(each, each.in_force_throughout(when.first, when.last)) for each in policies]
    may = [(policy, answer is True) for policy, answer in answers if answer is not False]
    yield from ((policy, sure and len(may) == 1) for policy, sure in may)


# --- a grant by itself --------------------------------------------------------------


@frozen
class _Known:
    """What is known of a fact: the least and the most that it may have been."""

    fact: Fact
    least: int
    most: int
    #: whether it may have been more, as what was applied for where only a part was granted
    open: bool = False

    def surely(self) -> Iterator[Condition]:
        """What it must have met, whatever is not known of it."""
        yield Compare(self.fact, ">=", self.least)
        if not self.open:
            yield Compare(self.fact, "<=", self.most)

    def likely(self) -> Iterator[Condition]:
        """What it met if nothing but what is stated was so."""
        yield Compare(self.fact, ">=", self.least)
        yield Compare(self.fact, "<=", self.most)

    @property
    def words(self) -> Text:
        """The fact with what is known of it."""
        low, high = value_words(self.fact, self.least), value_words(self.fact, self.most)
        span = low if self.least == self.most else _SPAN.format(low=low, high=high)
        return _FACT.format(fact=self.fact.words, span=span)


_SPAN = Message("validate_record.span")
_FACT = same("{fact}: {span}")


def _refused(
    grant: Grant, policy: FundPolicy, sure: bool, place: tuple[str, str]
) -> Iterator[Issue]:
    """The demands that a grant did not meet, or may not have met, by what is known of it."""
    known = {each.fact.name: each for each in _known(grant)}
    for rule in _reading(policy, _OF_A_GRANT):
        facts = [known[fact.name] for fact in rule.facts if fact.name in known]
        if len(facts) < len(rule.facts):
            continue
        answer = _broken(rule, facts)
        if answer is None:
            continue
        remark = remarks.REFUSED if answer and sure else remarks.MAY_BE_REFUSED
        said = {"name": grant.name, "date": _said(grant.granted), "policy": policy.id}
        seen = joined([each.words for each in facts])
        rules = same(key_of(policy, rule.id))
        yield remark.at(place[0], place[1], **said, demand=rule.demand, rule=rules, seen=seen)


def _broken(rule: Rule, facts: Iterable[_Known]) -> bool | None:
    """True where a rule surely was not met, False where it may not have been, otherwise None."""
    facts = list(facts)
    if not possible([rule.condition, *(c for fact in facts for c in fact.surely())]):
        return True
    likely = [c for fact in facts for c in fact.likely()]
    return False if possible([rule.condition.negated(), *likely]) else None


def _reading(policy: FundPolicy, facts: Sequence[Fact]) -> list[Rule]:
    """The demands that read nothing but these facts; of tracks those that hold on all of them."""
    names = {fact.name for fact in facts}
    everywhere = [{rule.id for rule in granting(seen)} for seen in policy.on_tracks]
    return [
        rule
        for rule in granting(policy)
        if names.issuperset(fact.name for fact in rule.facts)
        and all(rule.id in here for here in everywhere)
    ]


def _known(grant: Grant) -> Iterator[_Known]:
    if grant.amount is not None:
        yield _Known(application.cost, grant.amount, grant.amount, open=True)
        yield _Known(application.applied_for, grant.amount, grant.amount, open=True)
    if grant.starts is not None:
        first, last = grant.starts.first.year, grant.starts.last.year
        yield _Known(application.start_year, first, last)
    if grant.starts is not None and grant.ends is not None:
        least = _months(grant.starts.last, grant.ends.first)
        most = _months(grant.starts.first, grant.ends.last) + 1
        if most > 0:
            yield _Known(application.duration, max(1, least), most)
            if grant.amount is not None:
                low, high = (_per_year(grant.amount, time) for time in (most, max(1, least)))
                yield _Known(application.applied_for_per_year, low, high, open=True)


def _per_year(amount: int, months: int) -> int:
    """What was granted, spread evenly over the project time: no year can have had less."""
    said = {application.applied_for.name: amount, application.duration.name: months}
    return AMOUNTS[application.applied_for_per_year.name].value(said) or 0


def _months(first: dt.date, last: dt.date) -> int:
    """Whole months from one day to another, the day of the month taken into account."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - 1 if last.day < first.day else months


# --- a year -------------------------------------------------------------------------


def _of_years(history: History, policy: FundPolicy) -> Iterator[Issue]:
    """The demands on what is granted in a year that were not met, or may not have been."""
    rules = [
        rule
        for rule in _reading(policy, _OF_A_YEAR)
        if any(fact.name.startswith("fund.") for fact in rule.facts)
    ]
    years: dict[int, list[tuple[int, Grant]]] = defaultdict(list)
    for number, grant in enumerate(history.grants):
        years[grant.granted.first.year].append((number, grant))
    for year, granted in sorted(years.items()):
        granted.sort(key=lambda each: (each[1].granted.last, each[0]))
        for rule in rules:
            yield from _of_year(history, policy, year, granted, rule)


def _of_year(
    history: History, policy: FundPolicy, year: int, granted: list[tuple[int, Grant]], rule: Rule
) -> Iterator[Issue]:
    all_of_year = [grant for _, grant in granted]
    under = {number: dict(_under(grant, [policy])) for number, grant in granted}
    sure = [(n, grant) for n, grant in granted if under[n].get(policy)]
    may = [(n, grant) for n, grant in granted if under[n]]
    said = {
        "year": year,
        "policy": policy.id,
        "demand": rule.demand,
        "rule": key_of(policy, rule.id),
        "count": len(granted),
        "sum": money_words(sum(grant.amount or 0 for grant in all_of_year)),
        "names": ", ".join(grant.name for grant in all_of_year),
    }
    together = [grant for _, grant in sure]
    if sure and all(_broken_last(rule, grant, together) for grant in together):
        yield remarks.YEAR_REFUSED.at(history.origin, f"grants[{sure[-1][0]}]", **said)
        return
    for number, grant in sure:
        before = [other for other in all_of_year if other.granted.before(grant.granted)]
        if _broken_last(rule, grant, [*before, grant]):
            yield remarks.YEAR_REFUSED.at(history.origin, f"grants[{number}]", **said)
            return
    for number, grant in reversed(may):
        before = [o for o in all_of_year if o is not grant and not grant.granted.before(o.granted)]
        if _broken_last(rule, grant, [*before, grant]):
            yield remarks.YEAR_MAY_BE_REFUSED.at(history.origin, f"grants[{number}]", **said)
            return


def _broken_last(rule: Rule, last: Grant, granted: Sequence[Grant]) -> bool:
    """Whether a rule surely was not met by the last of some grants of one year."""
    before = sum(grant.amount or 0 for grant in granted) - (last.amount or 0)
    known = [
        Compare(application.applied_for, ">=", last.amount or 0),
        Compare(fund.granted_this_year, ">=", before),
        Compare(fund.new_investments_this_year, ">=", len(granted) - 1),
    ]
    return not possible([rule.condition, *known])


# --- the fund -----------------------------------------------------------------------


def _of_balance(history: History) -> Iterator[Issue]:
    """More granted by some day than had been set aside and come back by then."""
    sure = {"returned", "handed_back"} <= history.complete.keys() and all(
        entry.amount is not None for entry in history.entries
    )
    numbered = sorted(enumerate(history.grants), key=lambda each: each[1].granted.last)
    for number, grant in numbered:
        day = grant.granted.last
        there = _set_aside(history, day)
        back = sum(
            entry.amount or 0
            for entry in history.entries
            if entry.what in ("returned", "handed_back") and entry.date.first <= day
        )
        parts = (part for grant in history.grants for part in grant.parts)
        granted = sum(amount or 0 for date, amount in parts if date.last <= day)
        if there is not None and granted > there + back:
            remark = remarks.OVERDRAWN if sure else remarks.MAY_BE_OVERDRAWN
            said = {"day": day, "granted": money_words(granted), "there": money_words(there + back)}
            yield remark.at(history.origin, f"grants[{number}]", **said)
            return


def _set_aside(history: History, day: dt.date) -> int | None:
    """The most that had been set aside by a day, None where the record does not say."""
    stated: list[int] = [
        total.amount
        for total in history.totals
        if total.what == "endowment"
        and total.amount is not None
        and not total.about
        and total.until.last >= day
    ]
    listed = [entry for entry in history.entries if entry.what == "endowment"]
    if "endowment" in history.complete and all(entry.amount is not None for entry in listed):
        stated.append(sum(entry.amount or 0 for entry in listed if entry.date.first <= day))
    return min(stated, default=None)


def _said(date: PartialDate) -> Text:
    return LocalizedText(sv=date.text("sv"), en=date.text("en"))
