"""Criteria that one thing holds, or does not hold."""

from __future__ import annotations

from typing import Any

import pytest

from sifrules import Citation, Rule
from sifrules_policies.criterion import FlagCriterion
from sifrules_policies.plain_criteria import PARTS, NotRegularOperations

CITED = {"": Citation("A guideline", place="2")}


def _rule(kind: type[Any]) -> Rule:
    (rule,) = kind(path="criteria.it", sources=CITED).rules()
    assert isinstance(rule, Rule)
    return rule


@pytest.mark.parametrize("kind", PARTS, ids=lambda kind: kind.kind)
@pytest.mark.parametrize("answer", [True, False])
def test_a_criterion_on_one_thing_is_met_where_that_is_as_wanted(
    kind: type[FlagCriterion], answer: bool
) -> None:
    """And not met where it is not."""
    assert _rule(kind).condition.test({kind.fact.name: answer}) is (answer is kind.wanted)


def test_regular_operations_are_not_wanted() -> None:
    """The one flag that speaks against."""
    assert (
        _rule(NotRegularOperations).condition.test({"application.regular_operations": True})
        is False
    )
