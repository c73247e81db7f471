"""Verdicts on many applications at once, in numpy: the same as those of the compiled engine.

For a simulation, which decides some dozens of applications at a time, and knows the internal values
of their facts. A large table, with values as a person writes them, is decided by columns of polars.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from sifrules.rules.conditions import (
    OPERATORS,
    AllOf,
    AnyOf,
    Compare,
    CompareFacts,
    Condition,
    OneOf,
)
from sifrules.rules.rulebook import Derivation, Derived, Rule, RuleBook

Array = NDArray[Any]

#: Truth values in their order: the least of some is their *and*, the greatest their *or*.
NO, OPEN, YES = 0, 1, 2
#: Products below this are exact in 64 bits.
_EXACT = 2**62


@frozen(eq=False)
class FactColumn:
    """The internal values of one fact, a row for each application, and where they are ``known``.

    ``known`` is None where they all are.
    """

    values: Array
    known: Array | None = None

    def take(self, rows: Array) -> FactColumn:
        """The same for some of the applications."""
        known = None if self.known is None else self.known[rows]
        return FactColumn(self.values[rows], known)

    def truth(self, holds: Array) -> Array:
        """Truth values: whether something holds of the values, open where one is not known."""
        truth: Array = np.where(holds, YES, NO)
        return truth if self.known is None else np.where(self.known, truth, OPEN)

    def otherwise(self, other: FactColumn) -> FactColumn:
        """The same, with the values of another column where this one has none."""
        if self.known is None:
            return self
        known = np.ones_like(self.known) if other.known is None else other.known
        return FactColumn(np.where(self.known, self.values, other.values), self.known | known)


@frozen(eq=False)
class KnownColumns:
    """What is known of so many applications: what they state, and what follows from it.

    ``stated`` gives the column of a fact by its name, None where nothing is known of it. What
    follows is worked out as it is asked for.
    """

    book: RuleBook
    rows: int
    stated: Callable[[str], FactColumn | None]
    _found: dict[str, FactColumn | None] = field(factory=dict, init=False)

    def column(self, name: str) -> FactColumn | None:
        """What is known of a fact; None where it is known of no application."""
        if name not in self._found:
            self._found[name] = self._column(name)
        return self._found[name]

    def _column(self, name: str) -> FactColumn | None:
        if name in self.book.given:
            return FactColumn(np.full(self.rows, self.book.given[name]))
        stated, link = self.stated(name), self.book.derived.get(name)
        if link is None or (stated is not None and stated.known is None):
            return stated
        derived = self._derived(link)
        return derived if stated is None else stated.otherwise(derived)

    def _derived(self, link: Derived) -> FactColumn:
        """A fact that follows from others, known where it does."""
        if isinstance(link, Derivation):
            holds = self.truth(link.holds) == YES
            return FactColumn(holds, holds | (self.truth(link.fails) == YES))
        given = ((fact.name, self.column(fact.name)) for fact in link.facts())
        needs = [(name, column) for name, column in given if column is not None]
        values = [
            link.value(
                {
                    name: column.values[row].item()
                    for name, column in needs
                    if column.known is None or column.known[row]
                }
            )
            for row in range(self.rows)
        ]
        found = [value is not None for value in values]
        return FactColumn(
            np.array([value or 0 for value in values], np.int64), np.array(found, bool)
        )

    def truth(self, condition: Condition) -> Array:
        """The truth value of a condition for each application."""
        match condition:
            case AllOf(parts):
                return reduce(np.minimum, map(self.truth, parts))
            case AnyOf(parts):
                return reduce(np.maximum, map(self.truth, parts))
        columns = [self.column(fact.name) for fact in condition.facts()]
        known = [column for column in columns if column is not None]
        if len(known) < len(columns):
            return np.full(self.rows, OPEN)
        first, *others = known
        match condition:
            case Compare(_, op, value):
                return first.truth(OPERATORS[op](first.values, value))
            case OneOf(_, values, inside):
                return first.truth(np.isin(first.values, list(values)) == inside)
            case CompareFacts(_, op, right):
                (other,) = others
                upper, lower = condition.ratio
                right_side = _times(other.values, upper) + right.plus * lower
                truth = first.truth(OPERATORS[op](_times(first.values, lower), right_side))
                return truth if other.known is None else np.where(other.known, truth, OPEN)
        raise TypeError(f"not a condition: {condition!r}")

    def verdicts(self, rules: Sequence[Rule]) -> Array:
        """The truth of each rule's condition, a row for each rule."""
        found = [self.truth(rule.condition) for rule in rules]
        return np.array(found, np.int8).reshape(len(found), self.rows)


def verdicts(book: RuleBook, facts: Mapping[str, FactColumn], rows: int) -> Array:
    """The truth of each rule's condition for each of so many applications, a row for each rule.

    A fact without a column is known of none of them.
    """
    return KnownColumns(book, rows, facts.get).verdicts(book.rules)


def _times(values: Array, factor: int) -> Array:
    """Whole numbers times another, exact also where 64 bits do not suffice."""
    if abs(factor) * int(np.abs(values).max(initial=0)) >= _EXACT:
        values = values.astype(object)
    product: Array = values * factor
    return product
