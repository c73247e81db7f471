"""What many applications say (ansökningar i kolumner), and what the rules say of them.

The same as of each, by `PolicyAdapter.facts` and `PolicyAdapter.decide`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from sifrules.plugin.simulation import Idea
from sifrules.policy.decide import ELIGIBILITY
from sifrules.rules.conditions import Value
from sifrules.rules.engines.arrays import NO, OPEN, YES, FactColumn, verdicts
from sifrules.rules.rulebook import Rule, RuleBook, Stage
from sifrules.values.dates import Month
from sifrules_simulation.model.consideration import is_seen_to
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.projects import Project
from sifrules_simulation.model.streams import Array


@frozen
class Application:
    """One application: an idea as a project, from when, and what only this policy asks of it."""

    idea: Idea
    project: Project
    start: Month
    own_facts: Mapping[str, Value]


@frozen
class Stopping:
    """The rules that refuse an idea or, where none does, that cannot be decided."""

    refused_by: tuple[str, ...]
    undecided_by: tuple[str, ...]


@frozen(eq=False)
class Eligibility:
    """What the rules that an application has to meet say of many, a row for each rule."""

    rules: tuple[Rule, ...]
    verdicts: Array

    @classmethod
    def of(cls, adapter: PolicyAdapter, applications: Sequence[Application]) -> Eligibility:
        """The verdicts on some applications under one adapter."""
        book = adapter.book_at(ELIGIBILITY)
        facts = _facts(adapter, book, applications)
        return cls(book.rules, verdicts(book, facts, len(applications)))

    def stopped_at_test(self) -> list[Stopping | None]:
        """The rules by which each idea stops when it is tested; None where it passes."""
        tested = [rule.stage is Stage.IDEA_TEST for rule in self.rules]
        found: list[Stopping | None] = [None] * self.verdicts.shape[1]
        if any(tested):
            for at in np.flatnonzero((self.verdicts[tested] != YES).any(axis=0)).tolist():
                each = list(zip(self.rules, tested, self.verdicts[:, at].tolist(), strict=True))
                refused, undecided = (
                    tuple(rule.id for rule, of, verdict in each if of and verdict == what)
                    for what in (NO, OPEN)
                )
                found[at] = Stopping(refused, () if refused else undecided)
        return found

    def foreseen(self) -> list[list[Rule]]:
        """The rules that each application does not meet, but for what applicants see to."""
        counts = np.array([not is_seen_to(rule) for rule in self.rules], bool)
        found: list[list[Rule]] = [[] for _ in range(self.verdicts.shape[1])]
        against = (self.verdicts == NO) & counts[:, None]
        for at, rule in zip(*(each.tolist() for each in np.nonzero(against.T)), strict=True):
            found[at].append(self.rules[rule])
        return found


def _facts(
    adapter: PolicyAdapter, book: RuleBook, applications: Sequence[Application]
) -> dict[str, FactColumn]:
    """What applications say of the facts that a book reads, as far as the policy asks."""
    said: dict[str, FactColumn] = {}
    held = [each.idea.facts for each in applications]
    for name in book.vocabulary:
        if name not in adapter.asked:
            continue
        values: list[Any] = [facts.get(name) for facts in held]
        if None in values:
            values = [
                adapter.fact(name, each.idea, each.project, each.start, each.own_facts)
                if value is None
                else value
                for each, value in zip(applications, values, strict=True)
            ]
        column = _column(values)
        if column is not None:
            said[name] = column
    return said


def _column(values: list[Any]) -> FactColumn | None:
    """Values as a column, None where none is known."""
    if None not in values:
        return FactColumn(np.array(values))
    known = [value for value in values if value is not None]
    if not known:
        return None
    filled = [known[0] if value is None else value for value in values]
    return FactColumn(np.array(filled), np.array([value is not None for value in values]))
