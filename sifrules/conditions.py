"""Conditions: small expression trees over facts, in three-valued logic.

A condition is *met* (True), *not met* (False) or *cannot tell* (None). A missing fact
makes a comparison *cannot tell*; ``and`` and ``or`` follow Kleene: one False settles an
``and``, one True settles an ``or``. There is no node for "not": negation is pushed to
the leaves when it is written, so that both engines only ever see comparisons.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NoReturn

from attrs import field, frozen

from sifrules.errors import RuleError
from sifrules.facts import Fact, Value

OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}

Values = Mapping[str, Value]


def _some(_: object, attribute: object, parts: tuple[object, ...]) -> None:
    if not parts:
        raise RuleError("a condition needs at least one part")


class Condition(ABC):
    """Something that can be met, not met, or impossible to tell."""

    __slots__ = ()

    @abstractmethod
    def facts(self) -> Iterator[Fact]:
        """The facts it reads, in the order in which they stand."""

    @abstractmethod
    def negated(self) -> Condition:
        """The opposite, with the negation at the leaves."""

    @abstractmethod
    def test(self, values: Values) -> bool | None:
        """True where met, False where not met, None where it cannot be told."""

    def missing(self, values: Values) -> Iterator[Fact]:
        """The facts whose absence leaves it open; none where it is settled."""
        if self.test(values) is None:
            yield from (fact for fact in self.facts() if fact.name not in values)

    def __and__(self, other: Fact | Condition) -> Condition:
        row = self.parts if isinstance(self, AllOf) else (self,)
        return AllOf((*row, condition(other)))

    def __or__(self, other: Fact | Condition) -> Condition:
        row = self.parts if isinstance(self, AnyOf) else (self,)
        return AnyOf((*row, condition(other)))

    def __invert__(self) -> Condition:
        return self.negated()

    def __bool__(self) -> NoReturn:
        raise RuleError(
            "a condition has no truth of its own", fix="combine with & | ~, test with .test(facts)"
        )


@frozen
class Compare(Condition):
    """A fact against a fixed value: ``application.areas >= 2``."""

    fact: Fact
    op: str
    value: Value

    def facts(self) -> Iterator[Fact]:
        yield self.fact

    def negated(self) -> Condition:
        if isinstance(self.value, bool):
            return Compare(self.fact, self.op, not self.value)
        return Compare(self.fact, _OPPOSITE[self.op], self.value)

    def test(self, values: Values) -> bool | None:
        found = values.get(self.fact.name)
        return None if found is None else bool(OPERATORS[self.op](found, self.value))


@frozen
class OneOf(Condition):
    """A fact among some values, or (``inside`` false) outside them."""

    fact: Fact
    values: tuple[Value, ...] = field(validator=_some)
    inside: bool = True

    def facts(self) -> Iterator[Fact]:
        yield self.fact

    def negated(self) -> Condition:
        return OneOf(self.fact, self.values, not self.inside)

    def test(self, values: Values) -> bool | None:
        found = values.get(self.fact.name)
        return None if found is None else (found in self.values) is self.inside


#: Shares of a fact go up to ten, in steps of a ten-thousandth: then both sides of a
#: comparison, times the share's denominator, are whole numbers of 64 bits.
_MOST, _STEPS = 10, 10_000


@frozen
class Operand:
    """The right-hand side of a comparison of facts: a share of one, and a fixed part.

    ``fund.granted_this_year * -1 + 5_000_000`` is what is left of a yearly five million.
    Shares keep to four decimals, so that both sides stay whole numbers of 64 bits.
    """

    fact: Fact
    share: Decimal = field(default=Decimal(1), converter=Decimal)
    plus: int = 0

    @share.validator
    def _whole(self, _: object, share: Decimal) -> None:
        if not share.is_finite() or abs(share) > _MOST or Fraction(share).denominator > _STEPS:
            raise RuleError(
                f"expected a share up to {_MOST} with at most four decimals, got {share}"
            )

    def __add__(self, written: object) -> Operand:
        return Operand(self.fact, self.share, self.plus + int(self.fact.value(written)))


@frozen
class CompareFacts(Condition):
    """A fact against (a share of) another: ``savings >= cost * Decimal("0.5")``.

    Compared exactly, in whole numbers: both sides times the share's denominator.
    """

    left: Fact
    op: str
    right: Operand
    #: numerator and denominator of the right-hand share
    ratio: tuple[int, int] = field(init=False, repr=False, eq=False)

    @ratio.default
    def _ratio(self) -> tuple[int, int]:
        return self.right.share.as_integer_ratio()

    def facts(self) -> Iterator[Fact]:
        yield self.left
        yield self.right.fact

    def negated(self) -> Condition:
        return CompareFacts(self.left, _OPPOSITE[self.op], self.right)

    def sides(self, values: Values) -> tuple[int, int] | None:
        """Both sides as whole numbers, or None where one is missing."""
        left, right = values.get(self.left.name), values.get(self.right.fact.name)
        if left is None or right is None:
            return None
        numerator, denominator = self.ratio
        return int(left) * denominator, int(right) * numerator + self.right.plus * denominator

    def test(self, values: Values) -> bool | None:
        sides = self.sides(values)
        return None if sides is None else bool(OPERATORS[self.op](*sides))


class _Many(Condition):
    """Several conditions together."""

    __slots__ = ()
    parts: tuple[Condition, ...]

    def facts(self) -> Iterator[Fact]:
        for part in self.parts:
            yield from part.facts()

    def missing(self, values: Values) -> Iterator[Fact]:
        if self.test(values) is None:
            for part in self.parts:
                yield from part.missing(values)


@frozen
class AllOf(_Many):
    """Every part is met."""

    parts: tuple[Condition, ...] = field(validator=_some)

    def negated(self) -> Condition:
        return AnyOf(tuple(part.negated() for part in self.parts))

    def test(self, values: Values) -> bool | None:
        results = [part.test(values) for part in self.parts]
        if False in results:
            return False
        return None if None in results else True


@frozen
class AnyOf(_Many):
    """At least one part is met."""

    parts: tuple[Condition, ...] = field(validator=_some)

    def negated(self) -> Condition:
        return AllOf(tuple(part.negated() for part in self.parts))

    def test(self, values: Values) -> bool | None:
        results = [part.test(values) for part in self.parts]
        if True in results:
            return True
        return None if None in results else False


def condition(written: Fact | Condition) -> Condition:
    """A condition, or a flag that is one by itself."""
    if isinstance(written, Fact):
        return written.is_(True)
    if not isinstance(written, Condition):
        raise RuleError(
            f"expected a condition, got {written!r}", fix="compare for equality with .is_(...)"
        )
    return written


def all_of(*written: Fact | Condition) -> Condition:
    """The condition that every one of these is met."""
    return _join(AllOf, written)


def any_of(*written: Fact | Condition) -> Condition:
    """The condition that at least one of these is met."""
    return _join(AnyOf, written)


def _join(node: type[AllOf] | type[AnyOf], written: tuple[Fact | Condition, ...]) -> Condition:
    return condition(written[0]) if len(written) == 1 else node(tuple(map(condition, written)))


def walk(root: Condition) -> Iterator[Condition]:
    """Every node of a condition, the root first."""
    yield root
    for part in getattr(root, "parts", ()):
        yield from walk(part)
