"""Facts: the typed things a rule may read about an application, a fund or an investment.

A `Fact` knows its name, its kind and its words in both languages. Values come in as a
person writes them (kronor, true, a word) and are kept as whole numbers, booleans and
words: the only things that both engines compare alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from sifrules.errors import FactError, SifError, nearest, shown
from sifrules.money import kronor, ore
from sifrules.words import Words

if TYPE_CHECKING:
    from sifrules.conditions import Compare, Condition, OneOf, Operand

#: A fact's value inside: öre for money, hundredths of a per cent for a share.
Value = bool | int | str

SHARE_STEPS = 10_000
BOUNDS = {"count": (0, 1_000_000), "months": (0, 1_200), "year": (1900, 2200)}


class Kind(StrEnum):
    """What values a fact can take."""

    FLAG = "flag"
    COUNT = "count"
    MONEY = "money"
    MONTHS = "months"
    YEAR = "year"
    SHARE = "share"
    CHOICE = "choice"


_ORDERED = frozenset(Kind) - {Kind.FLAG, Kind.CHOICE}


@frozen(order=False)
class Fact:
    """One named thing that a rule may read.

    ``kind`` says what values it takes and in what unit they are written: a *flag* is
    true or false, *money* is kronor, a *share* lies between 0 and 1 with at most four
    decimals, *months* and *count* are whole numbers, a *choice* is one of ``options``.

    Compare it with ``<``, ``<=``, ``>``, ``>=``, `is_` and `one_of`; combine what comes
    out with ``&``, ``|`` and ``~``. A flag is a condition by itself.

    >>> areas = Fact("application.areas", Kind.COUNT, Words(sv="områden", en="areas"))
    >>> condition = (areas >= 2) & ~Fact("application.old", Kind.FLAG, Words(sv="g", en="old"))
    >>> sorted(fact.name for fact in condition.facts())
    ['application.areas', 'application.old']
    """

    name: str
    kind: Kind
    words: Words = field(eq=False)
    options: tuple[str, ...] = ()
    #: whether a value is kept inside as it is written; money and shares are not
    plain: bool = field(init=False, eq=False, repr=False)

    @plain.default
    def _plain(self) -> bool:
        return self.kind not in (Kind.MONEY, Kind.SHARE)

    def value(self, written: object) -> Value:
        """A value as a person writes it, as it is kept inside.

        Raises `FactError` for the wrong kind, a float, or what is out of bounds.
        """
        try:
            return self._read(written)
        except SifError as error:
            raise FactError(error.what, where=self.name, fix=error.fix) from None

    def _read(self, written: object) -> Value:
        if isinstance(written, float):
            raise SifError(
                f"expected {self.expected}, got the float {shown(written)}",
                fix="write a whole number, or a decimal without an exponent",
            )
        match self.kind:
            case Kind.FLAG if isinstance(written, bool):
                return written
            case Kind.MONEY if not isinstance(written, bool | str):
                return ore(written, negative=True)
            case Kind.SHARE if isinstance(written, int | Decimal) and not isinstance(written, bool):
                return _share(written)
            case Kind.CHOICE if isinstance(written, str):
                if written in self.options:
                    return written
                raise SifError(
                    f"expected {self.expected}, got {shown(written)}",
                    fix=nearest(written, self.options),
                )
            case Kind.COUNT | Kind.MONTHS | Kind.YEAR if type(written) is int:
                low, high = BOUNDS[self.kind]
                if low <= written <= high:
                    return written
        raise SifError(f"expected {self.expected}, got {shown(written)}")

    @property
    def expected(self) -> str:
        """What may be written for this fact, in words."""
        match self.kind:
            case Kind.FLAG:
                return "true or false"
            case Kind.MONEY:
                return "kronor"
            case Kind.SHARE:
                return "a share between 0 and 1"
            case Kind.CHOICE:
                return f"one of {', '.join(self.options)}"
            case _:
                low, high = BOUNDS[self.kind]
                unit = {Kind.MONTHS: " of months", Kind.YEAR: " (a year)"}.get(self.kind, "")
                return f"a whole number{unit} from {low} to {high}"

    def written(self, value: Value) -> bool | int | float | str:
        """The inverse of `value`: how a file shows what is kept inside."""
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
        from sifrules.conditions import Compare

        return Compare(self, "==", self.value(value))

    def one_of(self, *values: object) -> OneOf:
        """The condition that the fact has one of these values."""
        from sifrules.conditions import OneOf

        return OneOf(self, tuple(self.value(value) for value in values))

    def __mul__(self, share: Decimal | int) -> Operand:
        """A share of the fact, to compare another fact with: ``cost * Decimal("0.5")``."""
        from sifrules.conditions import Operand

        return Operand(self, Decimal(share))

    def _compare(self, op: str, other: object) -> Condition:
        from sifrules.conditions import Compare, CompareFacts, Operand

        if self.kind not in _ORDERED:
            raise FactError(f"a {self.kind} has no order: use is_ or one_of", where=self.name)
        if isinstance(other, Fact):
            other = other * 1
        if not isinstance(other, Operand):
            return Compare(self, op, self.value(other))
        if other.fact.kind is not self.kind:
            raise FactError(
                f"a {self.kind} cannot be compared with {other.fact.name}, a {other.fact.kind}",
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


def _share(written: int | Decimal) -> int:
    if (isinstance(written, Decimal) and not written.is_finite()) or not 0 <= written <= 1:
        raise SifError(f"expected a share between 0 and 1, got {shown(written)}")
    steps = Fraction(written) * SHARE_STEPS
    if steps.denominator != 1:
        raise SifError(f"expected a share with at most four decimals, got {shown(written)}")
    return int(steps)


class FactGroup:
    """The facts about one subject, as attributes; a misspelt one names its neighbours."""

    def __init__(self, subject: str, facts: Iterable[Fact]) -> None:
        self._facts: Final = {fact.name.removeprefix(f"{subject}."): fact for fact in facts}
        self._subject: Final = subject

    def __getattr__(self, name: str) -> Fact:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self._facts[name]
        except KeyError:
            raise FactError(
                f"no fact '{self._subject}.{name}'", fix=nearest(name, self._facts)
            ) from None

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts.values())


class Vocabulary(Mapping[str, Fact]):
    """The facts that may be given, by name.

    Two different facts of one name are refused; the same one twice is the same one.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts: dict[str, Fact] = {}
        for fact in facts:
            if self._facts.setdefault(fact.name, fact) != fact:
                raise FactError(
                    "two different facts have this name", where=fact.name, fix="rename one of them"
                )

    def __getitem__(self, name: str) -> Fact:
        try:
            return self._facts[name]
        except KeyError:
            raise FactError(f"no fact {name!r}", fix=nearest(name, self._facts)) from None

    def __contains__(self, name: object) -> bool:
        return name in self._facts

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def read(self, written: Mapping[str, object]) -> dict[str, Value]:
        """Facts as a person writes them, checked and kept as values inside.

        ``None`` is a missing fact and is left out. All faults are raised together as
        one `FactError`.

        >>> from sifrules import FACTS
        >>> FACTS.read({"application.areas": 2, "application.cost": None})
        {'application.areas': 2}
        """
        values: dict[str, Value] = {}
        faults: list[str] = []
        for name, value in written.items():
            try:
                fact = self[name]
                if value is not None:
                    values[name] = fact.value(value)
            except FactError as error:
                faults.append(str(error))
        if faults:
            raise FactError("\n".join(faults))
        return values
