"""Applications and investments to try a policy on, made around what its rules compare with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from random import Random
from typing import Any

from attrs import evolve

from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.settlement import Investment
from sifrules.rules.conditions import SHARE_STEPS, Compare, CompareFacts, Fact, OneOf, walk
from sifrules.rules.kinds import Kind
from sifrules.values.dates import Month
from sifrules.values.money import Ore

#: Values of each kind, as they are stored: öre for money.
_COMMON: dict[Kind, tuple[Any, ...]] = {
    Kind.FLAG: (True, False),
    Kind.COUNT: (0, 1, 2, 3, 5),
    Kind.MONEY: (-100_000_000, 0, 100, 99_999_900, 100_000_000, 100_000_100, 300_000_000),
    Kind.MONTHS: (0, 1, 12, 36, 72),
    Kind.YEAR: (2010, 2018, 2021, 2024),
    Kind.SHARE: (0, 1, 5_000, 10_000),
}
_STEP = {Kind.MONEY: 100}
#: One fact in this many is missing.
_ONE_IN = 4


def applications(policy: FundPolicy, count: int = 40) -> Iterator[dict[str, object]]:
    """Facts as a person writes them, the same each time; the first two state no fact, and all.

    Values lie at, just below and just above what the policy's rules compare with.
    """
    facts = policy.rulebook.vocabulary
    values = _values(policy)
    numbers = Random(policy.id)  # the same numbers in every run
    yield {}
    yield {name: _written(fact, values[name][0]) for name, fact in facts.items()}
    for _ in range(count):
        yield {
            name: _written(fact, numbers.choice(values[name]))
            for name, fact in facts.items()
            if numbers.randrange(_ONE_IN)
        }


def _values(policy: FundPolicy) -> dict[str, list[Any]]:
    """The values to draw from for each fact that the rules read."""
    book = policy.rulebook
    conditions = [rule.condition for rule in book.rules]
    conditions += [each for link in book.derivations for each in link.conditions]
    values: dict[str, list[Any]] = {
        name: list(fact.options or _possible(fact, _COMMON[fact.kind]))
        for name, fact in book.vocabulary.items()
    }
    for node in chain.from_iterable(map(walk, conditions)):
        match node:
            case Compare(fact, _, value):
                values[fact.name] += _around(fact, (value,))
            case OneOf(fact, among, _):
                values[fact.name] += _around(fact, among)
            case CompareFacts(left, _, right) if right.plus:
                values[left.name] += _around(left, (right.plus,))
    return values


def _around(fact: Fact, values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        yield value
        if fact.kind not in (Kind.FLAG, Kind.CHOICE):
            step = _STEP.get(fact.kind, 1)
            yield from _possible(fact, (value - step, value + step))


def _possible(fact: Fact, values: Iterable[Any]) -> list[Any]:
    """Those of some internal values that the fact may have."""
    if fact.kind is Kind.FLAG:
        return list(values)
    low, high = fact.inner_bounds
    return [value for value in values if low <= value <= high] or [low]


def _written(fact: Fact, value: Any) -> object:
    """A stored value, as a person writes it exactly."""
    match fact.kind:
        case Kind.MONEY:
            return Decimal(value) / 100
        case Kind.SHARE:
            return Decimal(value) / SHARE_STEPS
        case _:
            return value


# --- investments ----------------------------------------------------------------------

#: Costs in öre: small ones, ones that do not divide evenly, and Örebro's Bryggan.
_COSTS = (1, 100, 99_999_997, 333_333_333, 1_220_000_000)
_MONTHS = 29


def investments(policy: FundPolicy) -> Iterator[Investment]:
    """Investments from an öre to millions, with every sort of effect, begun in its time."""
    begun = policy.terms.in_force
    start = Month(begun.last.year, begun.last.month) + 1 if begun else Month(2020, 1)
    for cost in _COSTS:
        plain = Investment(cost=Ore(cost), start=start, months=_MONTHS)
        for effect in dict.fromkeys((-cost, 0, 1, cost // 10, cost // 3, cost, 3 * cost)):
            yield evolve(plain, effect=Ore(effect))
        yield plain
        yield evolve(plain, failed=True)
        yield evolve(plain, granted=Ore(cost * 7 // 10), effect=Ore(cost // 2))
        yield evolve(plain, decided_write_down=Ore(cost // 7))
