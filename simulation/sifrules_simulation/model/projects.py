"""Projects (projekt): ideas as they are applied for, within what the rules allow.

An applicant meets a rule on time or amount by asking for less, and a rule on who pays by
paying a part itself. How large that part has to be is found from the rules alone, whatever
kind of part they come from.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property

from attrs import evolve, frozen

from sifrules.policy.tracks import track
from sifrules.rules.amounts import AMOUNTS
from sifrules.rules.conditions import Compare, CompareFacts, Condition, Fact, Value, walk
from sifrules.rules.rulebook import Rule, RuleBook
from sifrules.rules.vocabulary import application, fund

_COST, _APPLIED_FOR = application.cost.name, application.applied_for.name
_PER_YEAR, _DURATION = application.applied_for_per_year.name, application.duration.name
_OWN = (application.cofunding.name, application.cofunding_in_money.name)
_NOTHING = (application.cofunding_in_kind.name, application.funded_by_others.name)
#: What a project says of its money and time (`Project.facts`).
MONEY_FACTS = frozenset((_COST, _APPLIED_FOR, _PER_YEAR, _DURATION, *_OWN, *_NOTHING))
#: Those that are an attribute of the project as they are.
_PLAIN = {_COST: "cost", _APPLIED_FOR: "applied_for", _DURATION: "months"}
_AMOUNTS = frozenset((_COST, _APPLIED_FOR, _PER_YEAR))
#: Facts on which it depends whether an amount is allowed, but that no smaller amount changes.
_OUTSIDE = frozenset((fund.available.name, track.available.name, application.expected_savings.name))
#: A year in which nothing is granted yet: what does not fit within it is never granted.
EMPTY_YEAR: Mapping[str, Value] = {
    fact.name: 0
    for group in (fund, track)
    for fact in (group.granted_this_year, group.new_investments_this_year)
}
#: Project times that are tried where the idea's own is too long, in months.
_SHORTER = (36, 24, 12)


@frozen
class Project:
    """An idea cut to what the guideline allows and the fund can bear (öre, months)."""

    cost: int
    months: int
    #: how much of the idea is left, from 0 to 1
    scale: float
    #: what the committee pays itself
    own: int = 0

    @property
    def applied_for(self) -> int:
        """What the fund is to pay: the cost less the committee's own part."""
        return self.cost - self.own

    def cost_of(self, granted: int) -> int:
        """What was spent in all where so much of the fund's money was: all pay in proportion."""
        return self.cost * granted // self.applied_for

    def fact(self, name: str) -> Value:
        """One of `facts`."""
        return self.facts()[name] if name not in _PLAIN else getattr(self, _PLAIN[name])

    def facts(self) -> dict[str, Value]:
        """What an application says of its money and its time."""
        said: dict[str, Value] = {
            _COST: self.cost,
            _APPLIED_FOR: self.applied_for,
            _DURATION: self.months,
            **dict.fromkeys(_OWN, self.own),
            **dict.fromkeys(_NOTHING, 0),
        }
        said[_PER_YEAR] = AMOUNTS[_PER_YEAR].value(said) or 0
        return said


@frozen(slots=False, eq=False)
class ProjectRules:
    """The rules of a book that an applicant meets by asking for less or by paying a part itself.

    ``brings`` is the share of the cost that a committee pays where no rule demands it.
    """

    book: RuleBook
    brings: float = 0.0

    def fitted(
        self, cost: int, months: int, most: int | None, about: Mapping[str, Value]
    ) -> Project:
        """An idea of such a cost and time as a project that the rules allow, if there is one.

        ``most`` is the most that the fund can bear, ``about`` what else the application says.
        The committee pays no more than it has to. What still does not fit is left as it is,
        and refused.
        """
        project = self._offered(Project(cost, self.time_within(months), 1.0), about)
        if most is not None and most < project.applied_for:
            within = evolve(project, cost=cost * most // project.applied_for, own=0)
            project = self._offered(within, about)
            project = evolve(project, own=max(project.own, project.cost - most))
        if self.on_amount and not self._allows(project, about):
            smaller = (
                self._offered(evolve(project, cost=project.cost // by), about) for by in (2, 4)
            )
            project = next((each for each in smaller if self._allows(each, about)), project)
        return project if project.cost == cost else evolve(project, scale=project.cost / cost)

    @cached_property
    def on_money(self) -> bool:
        """Whether any rule is on amounts or on who pays."""
        return bool(self.on_amount or self.on_shares)

    # --- time and amount ------------------------------------------------------------

    def time_within(self, months: int) -> int:
        """The project time, or the longest of those tried that the rules allow instead."""
        if months not in self._times:
            tried = (months, *(fewer for fewer in _SHORTER if fewer < months))
            self._times[months] = next(filter(self._allows_time, tried), months)
        return self._times[months]

    @cached_property
    def _times(self) -> dict[int, int]:
        return {}

    def _allows_time(self, months: int) -> bool:
        return all(rule.condition.test({_DURATION: months}) for rule in self._on_time)

    @cached_property
    def _on_time(self) -> tuple[Rule, ...]:
        """The rules that read the project time alone."""
        return tuple(r for r in self.book.rules if [f.name for f in r.facts] == [_DURATION])

    def _allows(self, project: Project, about: Mapping[str, Value]) -> bool:
        known = self.book.known({**about, **project.facts(), **EMPTY_YEAR})
        return all(rule.condition.test(known) for rule in self.on_amount)

    @cached_property
    def on_amount(self) -> tuple[Rule, ...]:
        """The rules on amounts that can be met by asking for less."""
        return tuple(
            rule
            for rule in self._of_application
            if not _AMOUNTS.isdisjoint(_names(rule)) and rule not in self.on_shares
        )

    @cached_property
    def _of_application(self) -> tuple[Rule, ...]:
        """The rules on the application by itself."""
        return tuple(rule for rule in self.book.rules if _OUTSIDE.isdisjoint(_names(rule)))

    # --- who pays -------------------------------------------------------------------

    @cached_property
    def on_shares(self) -> tuple[Rule, ...]:
        """The rules on who pays what: on co-funding, or on what is applied for of the cost."""
        return tuple(
            rule
            for rule in self._of_application
            if not {*_OWN, *_NOTHING}.isdisjoint(_names(rule))
            or {_COST, _APPLIED_FOR} <= _names(rule)
        )

    def _offered(self, project: Project, about: Mapping[str, Value]) -> Project:
        """A project with the smallest own part that the rules on who pays allow.

        A rule that no own part can meet does not count.
        """
        least = min(int(project.cost * self.brings), project.cost - 1)
        if project.own != least:
            project = evolve(project, own=least)
        if not self.on_shares:
            return project
        parts = sorted({project.own, *self._turning_points(project, about)})
        met = {own: self._met(evolve(project, own=own), about) for own in parts}
        meetable = frozenset[Rule]().union(*met.values())
        return evolve(project, own=next((o for o in parts if met[o] == meetable), project.own))

    def _met(self, project: Project, about: Mapping[str, Value]) -> frozenset[Rule]:
        known = self.book.known({**about, **project.facts(), **EMPTY_YEAR})
        return frozenset(rule for rule in self.on_shares if rule.condition.test(known))

    def _turning_points(self, project: Project, about: Mapping[str, Value]) -> Iterator[int]:
        """Own parts (öre), above the project's own, at which a rule on who pays may turn."""
        without = {**about, **evolve(project, own=0).facts()}
        for rule in self.on_shares:
            for node in walk(rule.condition):
                turn = _turn(node, without, project.months)
                for own in () if turn is None else (math.floor(turn), math.ceil(turn)):
                    yield from (o for o in (own, own + 1) if project.own < o < project.cost)


def _names(rule: Rule) -> set[str]:
    return {fact.name for fact in rule.facts}


def _turn(node: Condition, without: Mapping[str, Value], months: int) -> Fraction | None:
    """The own part at which both sides of a comparison are equal, None where there is none.

    Every amount changes in proportion to the own part, from what it is ``without`` one.
    """

    def line(fact: Fact) -> tuple[int, Fraction] | None:
        value = without.get(fact.name)
        return None if value is None else (int(value), _slope(fact.name, months))

    match node:
        case Compare(fact, _, int(right)) if fact.name in MONEY_FACTS:
            left, other = line(fact), (Fraction(right), Fraction(0))
        case CompareFacts(fact, _, operand):
            left, of = line(fact), line(operand.fact)
            if of is None:
                return None
            share = Fraction(operand.share)
            other = (share * of[0] + operand.plus, share * of[1])
        case _:
            return None
    if left is None or left[1] == other[1]:
        return None
    return (other[0] - left[0]) / (left[1] - other[1])


def _slope(name: str, months: int) -> Fraction:
    """By how much an amount changes for each öre that the committee pays itself."""
    if name in _OWN:
        return Fraction(1)
    if name == _PER_YEAR:
        return Fraction(-12, max(12, months))
    return Fraction(-1 if name == _APPLIED_FOR else 0)
