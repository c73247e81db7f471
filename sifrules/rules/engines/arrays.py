"""Verdicts on many applications at once, in numpy: the same as those of the compiled engine.

For a simulation, which decides some dozens of applications at a time, and knows the internal values
of their facts. A large table, with values as a person writes them, is decided by columns of polars.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules.rules.conditions import (
    OPERATORS,
    AllOf,
    AnyOf,
    Compare,
    CompareFacts,
    Condition,
    OneOf,
    Value,
)
from sifrules.rules.rulebook import Derivation, Derived, RuleBook

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


def verdicts(book: RuleBook, facts: Mapping[str, FactColumn], rows: int) -> Array:
    """The truth of each rule's condition for each of so many applications, a row for each rule.

    A fact without a column is known of none of them.
    """
    known = {**facts, **{name: _constant(value, rows) for name, value in book.given.items()}}
    for link in book.derivations:
        stated = known.get(link.fact.name)
        if stated is None:
            known[link.fact.name] = _derived(link, known, rows)
        elif stated.known is not None:
            known[link.fact.name] = stated.otherwise(_derived(link, known, rows))
    found = [_truth(rule.condition, known, rows) for rule in book.rules]
    return np.array(found, np.int8).reshape(len(found), rows)


def _constant(value: Value, rows: int) -> FactColumn:
    return FactColumn(np.full(rows, value))


def _derived(link: Derived, facts: Mapping[str, FactColumn], rows: int) -> FactColumn:
    """A fact that follows from others, known where it does."""
    if isinstance(link, Derivation):
        holds = _truth(link.holds, facts, rows) == YES
        return FactColumn(holds, holds | (_truth(link.fails, facts, rows) == YES))
    needs = [(fact.name, facts[fact.name]) for fact in link.facts() if fact.name in facts]
    values = [
        link.value(
            {
                name: column.values[row].item()
                for name, column in needs
                if column.known is None or column.known[row]
            }
        )
        for row in range(rows)
    ]
    found = [value is not None for value in values]
    return FactColumn(np.array([value or 0 for value in values], np.int64), np.array(found, bool))


def _truth(condition: Condition, facts: Mapping[str, FactColumn], rows: int) -> Array:
    match condition:
        case AllOf(parts):
            return reduce(np.minimum, [_truth(part, facts, rows) for part in parts])
        case AnyOf(parts):
            return reduce(np.maximum, [_truth(part, facts, rows) for part in parts])
    if any(fact.name not in facts for fact in condition.facts()):
        return np.full(rows, OPEN)
    match condition:
        case Compare(fact, op, value):
            column = facts[fact.name]
            return column.truth(OPERATORS[op](column.values, value))
        case OneOf(fact, values, inside):
            column = facts[fact.name]
            return column.truth(np.isin(column.values, list(values)) == inside)
        case CompareFacts(fact, op, right):
            column, other = facts[fact.name], facts[right.fact.name]
            upper, lower = condition.ratio
            left = _times(column.values, lower)
            holds = OPERATORS[op](left, _times(other.values, upper) + right.plus * lower)
            truth = column.truth(holds)
            return truth if other.known is None else np.where(other.known, truth, OPEN)
    raise TypeError(f"not a condition: {condition!r}")


def _times(values: Array, factor: int) -> Array:
    """Whole numbers times another, exact also where 64 bits do not suffice."""
    if abs(factor) * int(np.abs(values).max(initial=0)) >= _EXACT:
        values = values.astype(object)
    product: Array = values * factor
    return product
