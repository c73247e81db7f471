"""What many applications say (ansökningar i kolumner), and what the rules say of them.

The same as of each, by `PolicyAdapter.facts` and `PolicyAdapter.decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property

import numpy as np
from attrs import evolve, field, frozen

from sifrules.plugin.simulation import Idea
from sifrules.policy.decide import ELIGIBILITY
from sifrules.rules.conditions import Value
from sifrules.rules.engines.arrays import NO, OPEN, YES, FactColumn, KnownColumns
from sifrules.rules.rulebook import Rule, Stage
from sifrules.values.dates import Month
from sifrules_simulation.model.idea_facts import is_seen_to
from sifrules_simulation.model.idea_table import IdeaTable, PayerShares
from sifrules_simulation.model.lead_times import drawn
from sifrules_simulation.model.policy_adapter import (
    APPLICANT,
    BASE_AMOUNT,
    CIVIL,
    INSIDE,
    SAVINGS,
    START,
    PolicyAdapter,
)
from sifrules_simulation.model.project_columns import ProjectColumns, fitted
from sifrules_simulation.model.projects import EMPTY_YEAR
from sifrules_simulation.model.streams import Array
from sifrules_simulation.model.track_choice import counts_against

_YEAR = 12


@frozen(slots=False, eq=False)
class Applications:
    """Applications for some ideas of a table under one adapter, a row each.

    ``rows`` are the ideas' rows in the table, ``lead`` the months until each would be decided,
    ``start`` the month since the year 0 for which it is prepared, and ``own`` what facts say that
    only this policy knows.
    """

    adapter: PolicyAdapter
    table: IdeaTable
    rows: Array
    lead: Array
    start: Array
    projects: ProjectColumns
    own: Mapping[str, FactColumn]
    _said: dict[str, FactColumn | None] = field(factory=dict, init=False)

    @classmethod
    def prepared(
        cls, adapter: PolicyAdapter, table: IdeaTable, rows: Array, own: Mapping[str, Array]
    ) -> Applications:
        """Ideas as they are prepared for application in the month in which they arise."""
        luck = table.luck["lead"][rows]
        lead = drawn(adapter.lead_times, luck).astype(np.int64)
        waits = lead + adapter.scenario.parameters.handling.start_lag
        if adapter.amount_leads:
            waits = waits + drawn(adapter.amount_leads, luck).astype(np.int64)
        start = months_of(adapter.scenario.begins) + table["arises"][rows] + waits
        months = table["months"][rows]
        most = None
        if adapter.switches.depletion and adapter.most > 0:
            most = np.full(len(rows), adapter.most)
            if adapter.funding.binds_coming_years:
                most = most * np.maximum(_YEAR, months) // _YEAR
        nothing = np.zeros(len(rows), np.int64)
        uncut = ProjectColumns(table["cost"][rows], months, nothing, np.ones(len(rows)))
        stated = {name: FactColumn(column[rows]) for name, column in own.items()}
        made = cls(adapter, table, rows, lead, start, uncut, stated)
        rules = adapter.project_rules
        about = made.about() if rules.on_money else {}
        return evolve(made, projects=fitted(rules, uncut.cost, months, most, about))

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, some: Array) -> Applications:
        """Some of the applications."""
        return Applications(
            self.adapter,
            self.table,
            self.rows[some],
            self.lead[some],
            self.start[some],
            self.projects.take(some),
            {name: column.take(some) for name, column in self.own.items()},
        )

    def of(self, name: str) -> Array:
        """What is known of the ideas by a name, as `Idea` has it."""
        column: Array = self.table[name][self.rows]
        return column

    def idea(self, row: int) -> Idea:
        """The idea of one application."""
        return self.table.idea(self.rows[row].item())

    def own_of(self, row: int) -> dict[str, Value]:
        """What one application says of the facts that only this policy knows."""
        return {name: column.values[row].item() for name, column in self.own.items()}

    @cached_property
    def payers(self) -> PayerShares:
        """Who pays a claim on each."""
        return self.table.payers.take(self.rows)

    @cached_property
    def prepared_for(self) -> list[tuple[int, Month]]:
        """The months until each would be decided, and the start for which it is prepared."""
        return list(zip(self.lead.tolist(), map(month_of, self.start.tolist()), strict=True))

    # --- what they say --------------------------------------------------------------

    def says(self, name: str) -> FactColumn | None:
        """What the applications say of a fact, None where that is nothing or is not asked."""
        if name not in self._said:
            self._said[name] = self._value(name) if name in self._asked else None
        return self._said[name]

    @cached_property
    def _asked(self) -> frozenset[str]:
        return frozenset(self.adapter.asked)

    def _value(self, name: str) -> FactColumn | None:
        if name in self.table.facts:
            return FactColumn(self.table.facts[name][self.rows])
        if name == SAVINGS:
            believed = self.of("believed_effect") * self.projects.scale
            return FactColumn(believed.astype(np.int64))
        return self._beside(name) or self.projects.fact(name)

    def _beside(self, name: str) -> FactColumn | None:
        """What is said of neither money nor time, beside what the idea holds itself."""
        if name == BASE_AMOUNT and self.adapter.base_amount is not None:
            years, which = np.unique(self.start // _YEAR, return_inverse=True)
            nearest = map(self.adapter.base_amount.nearest, years.tolist())
            return FactColumn(np.array(list(nearest), np.int64)[which])
        if name in self.own:
            return self.own[name]
        if name == START:
            return FactColumn(self.start // _YEAR)
        return FactColumn(self._applicants) if name == APPLICANT else None

    @cached_property
    def _applicants(self) -> Array:
        first = self.adapter.first_allowed
        civil = self.of("origin") == CIVIL[0]
        partner = self.table.facts["application.municipal_partner"][self.rows]
        from_outside = np.where(partner, first((*CIVIL, *INSIDE)), first(CIVIL))
        return np.where(civil, from_outside, first(INSIDE))

    @cached_property
    def facts(self) -> list[dict[str, Value]]:
        """What each application says, as `PolicyAdapter.facts` has it."""
        said = {name: self.says(name) for name in self.adapter.asked}
        stated = {name: each.values.tolist() for name, each in said.items() if each is not None}
        rows = zip(*stated.values(), strict=True) if stated else [()] * len(self)
        return [dict(zip(stated, row, strict=True)) for row in rows]

    def about(self) -> dict[str, FactColumn]:
        """What is said but for the money and the time, whatever the rules ask."""
        said = {name: FactColumn(each[self.rows]) for name, each in self.table.facts.items()}
        for name in (START, APPLICANT, *self.own, BASE_AMOUNT):
            if (column := self._beside(name)) is not None:
                said[name] = column
        return said

    # --- what the rules say ---------------------------------------------------------

    def against(self) -> Array:
        """How many rules each does not meet, whatever the fund holds; see the adapter."""
        found = np.zeros(len(self), np.int64)
        for stages in (ELIGIBILITY, (Stage.ALLOCATION,)):
            book = self.adapter.book_at(stages)
            rules = [rule for rule in book.rules if counts_against(rule)]
            verdicts = KnownColumns(book, len(self), self._in_an_empty_year).verdicts(rules)
            found += (verdicts != YES).sum(axis=0)
        return found

    def _in_an_empty_year(self, name: str) -> FactColumn | None:
        if name in EMPTY_YEAR:
            return FactColumn(np.full(len(self), EMPTY_YEAR[name]))
        return self.says(name)


def months_of(month: Month) -> int:
    """A month as the number of months since the year 0.

    >>> months_of(Month(2016, 3)), month_of(24194)
    (24194, Month(year=2016, month=3))
    """
    return _YEAR * month.year + month.month - 1


@cache
def month_of(months: int) -> Month:
    """The month that is so many months after the beginning of the year 0."""
    return Month(months // _YEAR, months % _YEAR + 1)


@frozen
class HaltedAhead:
    """The rules at which an idea stopped before it was applied with.

    Those that refused it when it was tested or, where none did, that could not be decided; or those
    that were foreseen to rule it out.
    """

    refused_by: tuple[str, ...] = ()
    foreseen_by: tuple[str, ...] = ()
    undecided_by: tuple[str, ...] = ()
    applied: None = None


@frozen(eq=False)
class Eligibility:
    """What the rules that an application has to meet say of many, a row for each rule."""

    rules: tuple[Rule, ...]
    verdicts: Array

    @classmethod
    def of(cls, applications: Applications) -> Eligibility:
        """The verdicts on some applications under their adapter."""
        book = applications.adapter.book_at(ELIGIBILITY)
        known = KnownColumns(book, len(applications), applications.says)
        return cls(book.rules, known.verdicts(book.rules))

    def take(self, some: Array) -> Eligibility:
        """What they say of some of the applications."""
        return Eligibility(self.rules, self.verdicts[:, some])

    @property
    def met(self) -> Array:
        """Which applications meet every rule."""
        met: Array = (self.verdicts == YES).all(axis=0)
        return met

    def stopped_at_test(self, among: Array) -> dict[int, HaltedAhead]:
        """The rules by which some of the ideas stop when they are tested, by row."""
        tested = [rule for rule in self.rules if rule.stage is Stage.IDEA_TEST]
        verdicts = self.verdicts[[rule.stage is Stage.IDEA_TEST for rule in self.rules]]
        stops = among & (verdicts != YES).any(axis=0)
        return _by_pattern(verdicts, stops, lambda found: _stopped(tested, found))

    def foreseen(self, among: Array) -> dict[int, HaltedAhead]:
        """The rules that some applications do not meet, but for what applicants see to, by row."""
        counted = [rule for rule in self.rules if not is_seen_to(rule)]
        verdicts = self.verdicts[[not is_seen_to(rule) for rule in self.rules]]
        against = among & (verdicts == NO).any(axis=0)
        return _by_pattern(
            verdicts, against, lambda found: HaltedAhead(foreseen_by=_those(counted, found, NO))
        )


def _by_pattern(
    verdicts: Array, some: Array, found: Callable[[tuple[int, ...]], HaltedAhead]
) -> dict[int, HaltedAhead]:
    """What is found for the verdicts on some applications, by row; they are often the same."""
    cached, rows = cache(found), np.flatnonzero(some)
    patterns = map(tuple, verdicts.T[rows].tolist())
    return dict(zip(rows.tolist(), map(cached, patterns), strict=True))


def _stopped(rules: Sequence[Rule], verdicts: Sequence[int]) -> HaltedAhead:
    refused = _those(rules, verdicts, NO)
    undecided = () if refused else _those(rules, verdicts, OPEN)
    return HaltedAhead(refused_by=refused, undecided_by=undecided)


def _those(rules: Sequence[Rule], verdicts: Sequence[int], what: int) -> tuple[str, ...]:
    """The ids of the rules with some verdict."""
    return tuple(rule.id for rule, verdict in zip(rules, verdicts, strict=True) if verdict == what)
