"""Amounts (belopp) that follow from others: what is applied for, and how much of it a year.

They hold under every guideline, so they are computed wherever a rule reads them. An amount
that is stated is not computed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import ClassVar

from attrs import field, frozen

from sifrules.rules.conditions import Condition, Fact, Value, Values
from sifrules.rules.vocabulary import application
from sifrules.values.citations import Citation
from sifrules.values.text import LocalizedText

_MONTHS_A_YEAR = 12


@frozen
class Amount(ABC):
    """An amount that follows from other facts by arithmetic.

    ``assumption`` says what is taken for granted where the application says too little.
    """

    fact: Fact
    assumption: LocalizedText | None = field(default=None, kw_only=True, eq=False)
    citation: Citation | None = field(default=None, kw_only=True)

    #: it has no conditions, as a derivation of a flag has
    conditions: ClassVar[tuple[Condition, ...]] = ()

    @property
    def id(self) -> str:
        """What the chain behind a decision calls it."""
        return f"amount.{self.fact.name}"

    @property
    def meaning(self) -> object:
        """What has to be the same where two parts derive one fact."""
        return self

    @abstractmethod
    def facts(self) -> tuple[Fact, ...]:
        """The facts that it is computed from."""

    @abstractmethod
    def needed(self, values: Values) -> tuple[Fact, ...]:
        """The missing facts without which it cannot be computed."""

    @abstractmethod
    def value(self, values: Values) -> int | None:
        """The amount (öre), None where a fact that it needs is missing."""

    def assumed(self, values: Values) -> int | None:
        """What it could be at the other extreme (öre), None where nothing is assumed."""
        return None


@frozen
class Total(Amount):
    """The sum of amounts, of which those that are not stated count as nothing.

    >>> made = Total(application.cofunding, (application.cofunding_in_money,))
    >>> made.value({"application.cofunding_in_money": 5}), made.value({})
    (5, None)
    """

    parts: tuple[Fact, ...] = ()

    def facts(self) -> tuple[Fact, ...]:
        return self.parts

    def needed(self, values: Values) -> tuple[Fact, ...]:
        return ()

    def value(self, values: Values) -> int | None:
        stated = [int(values[part.name]) for part in self.parts if part.name in values]
        return sum(stated) if stated else None


@frozen
class Remainder(Amount):
    """What is left of an amount when others are taken off; those not stated count as nothing.

    That nothing is stated of any of them is an assumption.

    >>> left = Remainder(application.applied_for, application.cost, (application.cofunding,))
    >>> left.value({"application.cost": 100, "application.cofunding": 30})
    70
    """

    whole: Fact
    less: tuple[Fact, ...] = ()

    def facts(self) -> tuple[Fact, ...]:
        return self.whole, *self.less

    def needed(self, values: Values) -> tuple[Fact, ...]:
        return () if self.whole.name in values else (self.whole,)

    def value(self, values: Values) -> int | None:
        whole = values.get(self.whole.name)
        if whole is None:
            return None
        return max(0, int(whole) - sum(int(values.get(part.name, 0)) for part in self.less))

    def assumed(self, values: Values) -> int | None:
        return None if any(part.name in values for part in self.less) else 0


@frozen
class PerYear(Amount):
    """An amount spread evenly over a time, by year: all of it where it is a year or less.

    Rounded up to whole öre, so that it never passes below a limit that it exceeds.

    >>> a_year = PerYear(
    ...     application.applied_for_per_year, application.applied_for, application.duration)
    >>> a_year.value({"application.applied_for": 210, "application.duration": 36})
    70
    """

    whole: Fact
    months: Fact

    def facts(self) -> tuple[Fact, ...]:
        return self.whole, self.months

    def needed(self, values: Values) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts() if fact.name not in values)

    def value(self, values: Values) -> int | None:
        whole, months = values.get(self.whole.name), values.get(self.months.name)
        if whole is None or months is None:
            return None
        return -(-int(whole) * _MONTHS_A_YEAR // max(_MONTHS_A_YEAR, int(months)))

    def assumed(self, values: Values) -> int | None:
        """All of it in one year; nothing is assumed of a project of a year or less."""
        value = self.value(values)
        whole = None if value is None else int(values[self.whole.name])
        return None if whole == value else whole


@frozen
class OfYear(Amount):
    """An amount that a table states for each year; of a year that it lacks it is not known.

    >>> OfYear(application.base_amount, application.start_year, {2018: 4_550_000}).value(
    ...     {"application.start_year": 2018})
    4550000
    """

    year: Fact
    table: Mapping[int, int] = field(hash=False)

    def facts(self) -> tuple[Fact, ...]:
        return (self.year,)

    def needed(self, values: Values) -> tuple[Fact, ...]:
        return () if self.year.name in values else (self.year,)

    def value(self, values: Values) -> int | None:
        year = values.get(self.year.name)
        return None if year is None else self.table.get(int(year))

    def nearest(self, year: int) -> int:
        """The amount of a year, or of the nearest one in the table."""
        return self.table[min(self.table, key=lambda each: abs(each - year))]


#: The amounts that follow under every guideline, by the fact's name.
AMOUNTS: Mapping[str, Amount] = {
    amount.fact.name: amount
    for amount in (
        Total(
            application.cofunding,
            (application.cofunding_in_money, application.cofunding_in_kind),
        ),
        Remainder(
            application.applied_for,
            application.cost,
            (application.cofunding, application.funded_by_others),
            assumption=LocalizedText(
                sv="inget sägs om vad andra betalar, och hela kostnaden antas sökas ur fonden",
                en="nothing is said of what others pay, and the whole cost is taken to be "
                "applied for",
            ),
        ),
        PerYear(
            application.applied_for_per_year,
            application.applied_for,
            application.duration,
            assumption=LocalizedText(
                sv="beloppet antas fördelas jämnt över projekttiden",
                en="the amount is taken to be spread evenly over the project time",
            ),
        ),
    )
}


def applied_for(values: Mapping[str, Value]) -> int | None:
    """What is applied for from the fund (öre), from what an application says.

    >>> applied_for({"application.cost": 300, "application.cofunding_in_money": 90})
    210
    """
    found = _with_amounts(values).get(application.applied_for.name)
    return None if found is None else int(found)


def paid_by_others(values: Mapping[str, Value]) -> int:
    """What the applicant and others pay (öre), as far as an application says it.

    >>> paid_by_others({"application.cofunding_in_money": 90, "application.funded_by_others": 5})
    95
    """
    known = _with_amounts(values)
    others = application.cofunding, application.funded_by_others
    return sum(int(known.get(fact.name, 0)) for fact in others)


def _with_amounts(values: Mapping[str, Value]) -> Mapping[str, Value]:
    """What an application says, and the amounts that follow from it."""
    known = dict(values)
    for name, amount in AMOUNTS.items():
        if name not in known and (value := amount.value(known)) is not None:
            known[name] = value
    return known


def amounts_behind(names: Iterable[str]) -> tuple[Amount, ...]:
    """The amounts that facts of these names are, or are computed from, each once."""
    wanted, found = list(names), dict[str, Amount]()
    for name in wanted:
        amount = AMOUNTS.get(name)
        if amount is not None and name not in found:
            found[name] = amount
            wanted += [fact.name for fact in amount.facts()]
    return tuple(found.values())
