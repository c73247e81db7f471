"""Facts (uppgifter) and conditions (villkor) on them: expression trees in three-valued logic.

A `Fact` has a name, a kind and words in both languages. Values are written as a person writes
them (kronor, true, a word) and represented as whole numbers, booleans and words: the only
types that both engines compare alike.

A condition is *met* (True), *not met* (False) or *cannot tell* (None). A missing fact makes a
comparison *cannot tell*; ``and`` and ``or`` follow Kleene: one False settles an ``and``, one
True settles an ``or``. There is no node for "not": negation is moved to the leaves when a
condition is built, so that the engines see comparisons only.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NoReturn

from attrs import field, frozen

from sifrules.errors import FactError, RuleError, SifError, nearest, shown, unexpected
from sifrules.rules.kinds import BOUNDS, Kind
from sifrules.values.messages import Message
from sifrules.values.money import kronor, ore
from sifrules.values.text import LocalizedText

#: The internal value of a fact: öre for money, hundredths of a per cent for a share.
Value = bool | int | str

#: The resolution of shares: four decimals.
SHARE_STEPS = 10_000

#: How many internal values there are to one that is written.
_UNITS = {Kind.MONEY: 100, Kind.SHARE: SHARE_STEPS}

#: The kinds whose values have an order.
_ORDERED = frozenset(Kind) - {Kind.FLAG, Kind.CHOICE}
_COMPARE = Message("condition.compare_with_is")


@frozen(order=False)
class Fact:
    """A named fact (uppgift) that a rule may read.

    ``kind`` is the type of its values and the unit in which they are written: a *flag* is true
    or false, *money* is kronor, a *share* lies between 0 and 1 with at most four decimals,
    *months*, *year* and *count* are whole numbers, a *choice* is one of ``options``. ``least``
    and ``most`` bound its values where those of the kind are too wide: a cost is not negative.

    Compare it with ``<``, ``<=``, ``>``, ``>=``, `is_` and `one_of`; combine the resulting
    conditions with ``&``, ``|`` and ``~``. A flag is a condition by itself.

    >>> areas = Fact("application.areas", Kind.COUNT, LocalizedText(sv="områden", en="areas"))
    >>> old = Fact("application.old", Kind.FLAG, LocalizedText(sv="gammal", en="old"))
    >>> condition = (areas >= 2) & ~old
    >>> sorted(fact.name for fact in condition.facts())
    ['application.areas', 'application.old']
    """

    name: str
    kind: Kind
    words: LocalizedText = field(eq=False)
    options: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    #: the least and the greatest value as a person writes it; of no meaning without an order
    bounds: tuple[int, int] = field(init=False, eq=False, repr=False)
    #: whether internal values equal written ones, as all but those of money and shares do
    plain: bool = field(init=False, eq=False, repr=False)

    @bounds.default
    def _bounds(self) -> tuple[int, int]:
        low, high = BOUNDS.get(self.kind, (0, 0))
        return (
            low if self.least is None else max(low, self.least),
            high if self.most is None else min(high, self.most),
        )

    @plain.default
    def _plain(self) -> bool:
        return self.kind not in (Kind.MONEY, Kind.SHARE)

    def value(self, written: object) -> Value:
        """The internal value of a value as a person writes it; ``"6,2 mnkr"`` is an amount.

        Raises `FactError` for the wrong kind, a float, or a value out of bounds.
        """
        try:
            return self._read(written)
        except SifError as error:
            raise FactError(error.what, where=self.name, fix=error.fix) from None

    def _read(self, written: object) -> Value:
        if isinstance(written, str) and (number := self.kind.number(written)) is not None:
            return self._read(number)
        if isinstance(written, float):
            raise SifError(
                Message("fact.float", expected=self.expected, written=shown(written)),
                fix=Message("fact.write_exactly"),
            )
        match self.kind:
            case Kind.FLAG if isinstance(written, bool):
                return written
            case Kind.MONEY if not isinstance(written, bool):
                amount = ore(written, negative=True)
                low, high = self.inner_bounds
                if low <= amount <= high:
                    return amount
            case Kind.SHARE if isinstance(written, int | Decimal) and not isinstance(written, bool):
                return _share(written)
            case Kind.CHOICE if isinstance(written, str):
                if written in self.options:
                    return written
                wrong = unexpected(self.expected, written)
                raise SifError(wrong.what, fix=nearest(written, self.options))
            case Kind.COUNT | Kind.MONTHS | Kind.YEAR if type(written) is int:
                low, high = self.bounds
                if low <= written <= high:
                    return written
        raise unexpected(self.expected, written)

    @property
    def inner_bounds(self) -> tuple[int, int]:
        """The least and the greatest internal value: öre for money."""
        low, high = self.bounds
        return low * _UNITS.get(self.kind, 1), high * _UNITS.get(self.kind, 1)

    @property
    def expected(self) -> Message:
        """The values that may be written for this fact, in words."""
        match self.kind:
            case Kind.FLAG:
                return Message("expected.flag")
            case Kind.MONEY:
                return self._kronor
            case Kind.SHARE:
                return Message("expected.share")
            case Kind.CHOICE:
                return Message("expected.one_of", options=", ".join(self.options))
            case _:
                low, high = self.bounds
                return Message(_EXPECTED[self.kind], low=low, high=high)

    @property
    def _kronor(self) -> Message:
        if self.most is not None:
            return Message("expected.kronor_within", low=self.bounds[0], high=self.bounds[1])
        if self.least is not None:
            return Message("expected.kronor_at_least", low=self.bounds[0])
        return Message("expected.kronor")

    def written(self, value: Value) -> bool | int | float | str:
        """The inverse of `value`: an internal value as a file shows it."""
        match self.kind:
            case Kind.MONEY:
                return kronor(int(value))
            case Kind.SHARE:
                return float(Decimal(int(value)) / SHARE_STEPS)
            case _:
                return value

    # --- conditions -----------------------------------------------------------------

    def is_(self, value: object) -> Compare:
        """The condition that the fact has this value."""
        return Compare(self, "==", self.value(value))

    def one_of(self, *values: object) -> OneOf:
        """The condition that the fact has one of these values."""
        return OneOf(self, tuple(self.value(value) for value in values))

    def __mul__(self, share: Decimal | int) -> Operand:
        """A share of the fact, to compare another fact with: ``cost * Decimal("0.5")``."""
        return Operand(self, Decimal(share))

    def _compare(self, op: str, other: object) -> Condition:
        if self.kind not in _ORDERED:
            raise FactError(Message("fact.no_order", kind=self.kind), where=self.name)
        if isinstance(other, Fact):
            other = other * 1
        if not isinstance(other, Operand):
            return Compare(self, op, self.value(other))
        if other.fact.kind is not self.kind:
            raise FactError(
                Message(
                    "fact.not_comparable",
                    kind=self.kind,
                    fact=other.fact.name,
                    kind_2=other.fact.kind,
                ),
                where=self.name,
            )
        return CompareFacts(self, op, other)

    def __lt__(self, other: object) -> Condition:
        return self._compare("<", other)

    def __le__(self, other: object) -> Condition:
        return self._compare("<=", other)

    def __gt__(self, other: object) -> Condition:
        return self._compare(">", other)

    def __ge__(self, other: object) -> Condition:
        return self._compare(">=", other)

    def __and__(self, other: Fact | Condition) -> Condition:
        return self.is_(True) & other

    def __or__(self, other: Fact | Condition) -> Condition:
        return self.is_(True) | other

    def __invert__(self) -> Condition:
        return self.is_(False)


#: What is expected of a fact whose value is a whole number.
_EXPECTED = {
    Kind.COUNT: "expected.whole_number_within",
    Kind.MONTHS: "expected.months_within",
    Kind.YEAR: "expected.year_within",
}


def _share(written: int | Decimal) -> int:
    if (isinstance(written, Decimal) and not written.is_finite()) or not 0 <= written <= 1:
        raise unexpected(Message("expected.share"), written)
    steps = Fraction(written) * SHARE_STEPS
    if steps.denominator != 1:
        raise unexpected(Message("expected.share_with_four_decimals"), written)
    return int(steps)


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
        raise RuleError(Message("condition.no_parts"))


class Condition(ABC):
    """A condition (villkor): met, not met, or impossible to tell."""

    __slots__ = ()

    @abstractmethod
    def facts(self) -> Iterator[Fact]:
        """The facts it reads, in the order in which they are written."""

    @abstractmethod
    def negated(self) -> Condition:
        """The opposite condition, with the negation at the leaves."""

    @abstractmethod
    def test(self, values: Values) -> bool | None:
        """True where it is met, False where it is not, None where a missing fact leaves it open."""

    def missing(self, values: Values) -> Iterator[Fact]:
        """The facts whose absence leaves the condition open; none where it is settled."""
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
            Message("condition.no_truth"),
            fix=Message("condition.combine_with"),
        )


@frozen
class Compare(Condition):
    """Comparison of a fact with a constant: ``application.areas >= 2``."""

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
    """Membership of a fact in a set of values, or (``inside`` false) the lack of it."""

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


#: The largest share of a fact with four decimals, and with fewer a larger one: both sides of a
#: comparison, times the share's denominator, stay within 64 bits.
_MOST = 10


@frozen
class Operand:
    """The right-hand side of a comparison of facts: a share of one, plus a constant.

    ``fund.granted_this_year * -1 + 5_000_000`` is what is left of five million a year. Shares
    have at most four decimals, so that both sides are whole numbers of 64 bits. ``plus`` is an
    internal value, öre for money.
    """

    fact: Fact
    share: Decimal = field(default=Decimal(1), converter=Decimal)
    plus: int = 0

    @share.validator
    def _whole(self, _: object, share: Decimal) -> None:
        if not share.is_finite() or not _within_64_bits(Fraction(share)):
            raise RuleError(Message("condition.share_out_of_bounds", most=_MOST, share=share))

    def __add__(self, written: object) -> Operand:
        return Operand(self.fact, self.share, self.plus + int(self.fact.value(written)))


def _within_64_bits(share: Fraction) -> bool:
    return share.denominator <= SHARE_STEPS and abs(share.numerator) <= _MOST * SHARE_STEPS


@frozen
class CompareFacts(Condition):
    """Comparison of a fact with a share of another: ``savings >= cost * Decimal("0.5")``.

    Exact, in whole numbers: both sides are multiplied by the share's denominator.
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
    """A conjunction or disjunction of conditions."""

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
    """The conjunction of conditions: every part is met."""

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
    """The disjunction of conditions: at least one part is met."""

    parts: tuple[Condition, ...] = field(validator=_some)

    def negated(self) -> Condition:
        return AllOf(tuple(part.negated() for part in self.parts))

    def test(self, values: Values) -> bool | None:
        results = [part.test(values) for part in self.parts]
        if True in results:
            return True
        return None if None in results else False


@frozen
class IfThen(AnyOf):
    """The demand that where ``given`` is met, ``then`` is met: else nothing is demanded.

    To engines it is the disjunction that it equals, ``~given | then``.
    """

    given: Condition
    then: Condition
    parts: tuple[Condition, ...] = field(init=False, repr=False, eq=False)

    @parts.default
    def _equals(self) -> tuple[Condition, ...]:
        return self.given.negated(), self.then

    def negated(self) -> Condition:
        return AllOf((self.given, self.then.negated()))

    def __or__(self, other: Fact | Condition) -> Condition:
        return AnyOf((self, condition(other)))


def condition(written: Fact | Condition) -> Condition:
    """A condition as it is; a flag as the condition that it is true."""
    if isinstance(written, Fact):
        return written.is_(True)
    if isinstance(written, Condition):
        return written
    raise RuleError(Message("condition.none", written=written), fix=_COMPARE)


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
