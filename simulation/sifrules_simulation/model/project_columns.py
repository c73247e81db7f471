"""Many ideas cut to projects at once (projekt i kolumner): the same as each by `ProjectRules`.

All amounts are whole numbers, and are divided as whole numbers: both ways agree to the öre.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from attrs import evolve, frozen

from sifrules.rules.conditions import Compare, CompareFacts, Condition, Fact, walk
from sifrules.rules.engines.arrays import YES, FactColumn, KnownColumns
from sifrules.rules.rulebook import Rule
from sifrules.rules.vocabulary import application
from sifrules_simulation.model.projects import EMPTY_YEAR, MONEY_FACTS, Project, ProjectRules
from sifrules_simulation.model.streams import Array

_COST, _APPLIED_FOR = application.cost.name, application.applied_for.name
_PER_YEAR, _DURATION = application.applied_for_per_year.name, application.duration.name
_OWN = (application.cofunding.name, application.cofunding_in_money.name)
_YEAR = 12
#: What else applications say, by the names of facts.
About = Mapping[str, FactColumn]


@frozen(slots=False, eq=False)
class ProjectColumns:
    """Many projects, a row each: what `Project` holds of one."""

    cost: Array
    months: Array
    own: Array
    scale: Array

    @cached_property
    def applied_for(self) -> Array:
        """What the fund is to pay (öre)."""
        applied: Array = self.cost - self.own
        return applied

    def project(self, row: int) -> Project:
        """The project of a row."""
        cost, months, scale, own = self._lists
        return Project(cost[row], months[row], scale[row], own[row])

    @cached_property
    def _lists(self) -> tuple[list[int], list[int], list[float], list[int]]:
        columns = (self.cost, self.months, self.scale, self.own)
        cost, months, scale, own = (each.tolist() for each in columns)
        return cost, months, scale, own

    def take(self, rows: Array) -> ProjectColumns:
        """Some of the projects."""
        return ProjectColumns(self.cost[rows], self.months[rows], self.own[rows], self.scale[rows])

    def fact(self, name: str) -> FactColumn | None:
        """What applications say of one of `MONEY_FACTS`, None for any other fact."""
        return FactColumn(self._money(name)) if name in MONEY_FACTS else None

    def _money(self, name: str) -> Array:
        if name == _COST:
            return self.cost
        if name == _APPLIED_FOR:
            return self.applied_for
        if name == _DURATION:
            return self.months
        if name == _PER_YEAR:
            spread: Array = -(-self.applied_for * _YEAR // np.maximum(_YEAR, self.months))
            return spread
        return self.own if name in _OWN else np.zeros_like(self.own)


def fitted(
    rules: ProjectRules, cost: Array, months: Array, most: Array | None, about: About
) -> ProjectColumns:
    """Ideas of such costs and times as projects that the rules allow, as `ProjectRules.fitted`.

    ``most`` is the most that the fund can bear of each, ``about`` what else applications say.
    """
    times, which = np.unique(months, return_inverse=True)
    within = np.array([rules.time_within(each) for each in times.tolist()], np.int64)[which]
    whole, nothing = np.ones(len(cost)), np.zeros(len(cost), np.int64)
    made = _offered(rules, ProjectColumns(cost, within, nothing, whole), about)
    if most is not None:
        made = _within(rules, made, most, about)
    if rules.on_amount:
        made = _smaller(rules, made, about)
    return evolve(made, scale=made.cost / cost)


def _within(rules: ProjectRules, made: ProjectColumns, most: Array, about: About) -> ProjectColumns:
    """Those that ask for more than the fund can bear, cut down to that."""
    over = np.flatnonzero(most < made.applied_for)
    if not len(over):
        return made
    part, bears = made.take(over), most[over]
    amounts = (each.tolist() for each in (part.cost, bears, part.applied_for))
    # As Python's numbers: the product does not fit into 64 bits.
    cost = np.array([of * up_to // all_of for of, up_to, all_of in zip(*amounts, strict=True)])
    part = _offered(rules, evolve(part, cost=cost), _taken(about, over))
    part = evolve(part, own=np.maximum(part.own, part.cost - bears))
    return _replaced(made, over, part)


def _smaller(rules: ProjectRules, made: ProjectColumns, about: About) -> ProjectColumns:
    """Those of which the amount is not allowed, at half or a quarter where that is."""
    whole = made
    left = np.flatnonzero(~_allowed(rules, made, about))
    for by in (2, 4):
        if not len(left):
            break
        part, said = whole.take(left), _taken(about, left)
        part = _offered(rules, evolve(part, cost=part.cost // by), said)
        allowed = _allowed(rules, part, said)
        made = _replaced(made, left[allowed], part.take(np.flatnonzero(allowed)))
        left = left[~allowed]
    return made


def _replaced(made: ProjectColumns, rows: Array, part: ProjectColumns) -> ProjectColumns:
    """Projects with those of some rows replaced."""
    cost, own = made.cost.copy(), made.own.copy()
    cost[rows], own[rows] = part.cost, part.own
    return ProjectColumns(cost, made.months, own, made.scale)


def _taken(about: About, rows: Array) -> About:
    return {name: column.take(rows) for name, column in about.items()}


def _allowed(rules: ProjectRules, made: ProjectColumns, about: About) -> Array:
    verdicts = _known(rules, made, about).verdicts(rules.on_amount)
    allowed: Array = (verdicts == YES).all(axis=0)
    return allowed


def _known(rules: ProjectRules, made: ProjectColumns, about: About) -> KnownColumns:
    """What is known of projects in a year in which nothing else is granted."""

    def stated(name: str) -> FactColumn | None:
        if name in EMPTY_YEAR:
            return FactColumn(np.full(len(made.cost), EMPTY_YEAR[name]))
        return made.fact(name) or about.get(name)

    return KnownColumns(rules.book, len(made.cost), stated)


# --- who pays -----------------------------------------------------------------------


def _offered(rules: ProjectRules, made: ProjectColumns, about: About) -> ProjectColumns:
    """Projects with the smallest own part that the rules on who pays allow."""
    own = np.minimum((made.cost * rules.brings).astype(np.int64), made.cost - 1)
    made = ProjectColumns(made.cost, made.months, own, made.scale)
    if not rules.on_shares:
        return made
    parts = [own, *_turning_points(rules.on_shares, made, about)]
    met = [
        _known(rules, ProjectColumns(made.cost, made.months, part, made.scale), about).verdicts(
            rules.on_shares
        )
        == YES
        for part in parts
    ]
    meetable = np.logical_or.reduce(met)
    fits = [(each == meetable).all(axis=0) for each in met]
    never = np.iinfo(np.int64).max
    least = np.minimum.reduce(
        [np.where(fit, part, never) for fit, part in zip(fits, parts, strict=True)]
    )
    return ProjectColumns(made.cost, made.months, np.where(least == never, own, least), made.scale)


def _turning_points(
    on_shares: tuple[Rule, ...], made: ProjectColumns, about: About
) -> Iterator[Array]:
    """Own parts at which a rule on who pays may turn; the project's own where there is none."""
    without = ProjectColumns(made.cost, made.months, np.zeros_like(made.own), made.scale)
    for rule in on_shares:
        for node in walk(rule.condition):
            turn = _turn(node, without, about)
            if turn is None:
                continue
            upper, lower = turn
            turns = lower != 0
            floor, rest = np.divmod(upper, np.where(turns, lower, 1))
            for more in (0, 1, 2):
                part = floor + more
                # Two past the floor is one past the ceiling, where there is one.
                there = turns & (made.own < part) & (part < made.cost)
                there &= (more < 2) | (rest != 0)
                if there.any():
                    yield np.where(there, part, made.own)


def _turn(node: Condition, without: ProjectColumns, about: About) -> tuple[Array, Array] | None:
    """The own part at which both sides are equal, as a fraction; None where there is none."""

    def line(fact: Fact) -> tuple[Array, Array, Array] | None:
        column = without.fact(fact.name) or about.get(fact.name)
        if column is None:
            return None
        known = always if column.known is None else column.known
        return np.where(known, column.values, 0), _slope(fact.name, spread), known

    spread = np.maximum(_YEAR, without.months)
    always = np.ones_like(spread, bool)
    nothing: tuple[Array, Array, Array] | None = (
        np.zeros_like(spread),
        np.zeros_like(spread),
        always,
    )
    match node:
        case Compare(fact, _, int(right)) if fact.name in MONEY_FACTS:
            left, of = line(fact), nothing
            upper, lower, plus = 1, 1, right
        case CompareFacts(fact, _, operand):
            left, of = line(fact), line(operand.fact)
            upper, lower = node.ratio
            plus = operand.plus
        case _:
            return None
    if left is None or of is None:
        return None
    # Both lines are times the share's denominator, and their slopes times the time besides.
    above = (upper * of[0] + plus * lower - lower * left[0]) * spread
    below = np.where(left[2] & of[2], lower * left[1] - upper * of[1], 0)
    return np.where(below < 0, -above, above), np.abs(below)


def _slope(name: str, spread: Array) -> Array:
    """By how much an amount changes for each öre of own part, times the time of the project."""
    if name in _OWN:
        return spread
    if name == _PER_YEAR:
        return np.full_like(spread, -_YEAR)
    return -spread if name == _APPLIED_FOR else np.zeros_like(spread)
