"""Amounts so small that thousands or millions of kronor were probably meant."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

import attrs

from sifrules.loading.history import History
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Part
from sifrules.policy.wording import money_words
from sifrules.validation.issues import Issue, IssueTemplate, Severity
from sifrules.values.messages import Message
from sifrules.values.money import Ore
from sifrules.values.quantities import LEAST_LIKELY, too_small

_SMALL = IssueTemplate(
    kind="small_amount",
    level=Severity.DOUBTFUL,
    what=Message("validate_amounts.small_what"),
    why=Message("validate_amounts.small_why"),
    do=Message("validate_amounts.small_do"),
)


def of_amounts(policy: FundPolicy) -> Iterator[Issue]:
    """Issues of the small amounts that a guideline states."""
    for part in policy.parts:
        for key, amount in _amounts(part):
            if too_small(amount):
                yield _small(policy.origin, key, amount)


def of_granted(history: History) -> Iterator[Issue]:
    """Issues of the small amounts that a record says were set aside or granted."""
    rows = {
        "grants": [grant.amount for grant in history.grants],
        "entries": [each.amount if each.what == "endowment" else None for each in history.entries],
    }
    for name, amounts in rows.items():
        for number, amount in enumerate(amounts):
            if amount is not None and too_small(amount):
                yield _small(history.origin, f"{name}[{number}].amount", amount)


def _small(origin: str, key: str, amount: int) -> Issue:
    least = money_words(LEAST_LIKELY)
    return _SMALL.at(origin, key, amount=money_words(amount), least=least)


def _amounts(part: Part) -> Iterator[tuple[str, int]]:
    """The amounts among a part's clauses, and among those of the parts inside it."""
    hints = typing.get_type_hints(type(part))
    for each in attrs.fields(type(part)):
        value: Any = getattr(part, each.name)
        if type(value) is int and Ore in (hints[each.name], *typing.get_args(hints[each.name])):
            yield f"{part.path}.{each.name}", value
    for inner in part.inner_parts:
        yield from _amounts(inner)
