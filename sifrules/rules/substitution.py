"""Conditions with other facts in place of those that they read."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from sifrules.rules.conditions import (
    AllOf,
    AnyOf,
    Compare,
    CompareFacts,
    Condition,
    Fact,
    IfThen,
    OneOf,
)


def with_facts(condition: Condition, instead: Mapping[str, Fact]) -> Condition:
    """A condition that reads other facts; ``instead`` gives them by the names of the old ones.

    >>> from sifrules.rules.vocabulary import application, fund
    >>> limit = with_facts(fund.new_investments_this_year < 3, {
    ...     "fund.new_investments_this_year": application.areas})
    >>> limit.test({"application.areas": 2})
    True
    """
    match condition:
        case Compare() | OneOf():
            return evolve(condition, fact=instead.get(condition.fact.name, condition.fact))
        case CompareFacts(left, _, right):
            there = evolve(right, fact=instead.get(right.fact.name, right.fact))
            return evolve(condition, left=instead.get(left.name, left), right=there)
        case IfThen(given=given, then=then):
            return IfThen(with_facts(given, instead), with_facts(then, instead))
        case AllOf(parts) | AnyOf(parts):
            return type(condition)(tuple(with_facts(part, instead) for part in parts))
    return condition
