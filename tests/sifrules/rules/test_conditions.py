"""Conditions follow Kleene's three-valued logic, with negation at the leaves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from sifrules.errors import RuleError
from sifrules.rules.conditions import AllOf, AnyOf, Condition, all_of, any_of, condition, walk
from sifrules.rules.vocabulary import application, fund

VERDICTS = (True, False, None)
EARLY, NEW = application.early, application.new_thinking


def _known(**flags: bool | None) -> dict[str, bool | int | str]:
    return {f"application.{name}": value for name, value in flags.items() if value is not None}


@pytest.mark.parametrize("a", VERDICTS)
@pytest.mark.parametrize("b", VERDICTS)
def test_and_is_settled_by_one_that_is_not_met(a: bool | None, b: bool | None) -> None:
    """Kleene's table for *and*."""
    expected = False if False in (a, b) else None if None in (a, b) else True
    assert (EARLY & NEW).test(_known(early=a, new_thinking=b)) is expected


@pytest.mark.parametrize("a", VERDICTS)
@pytest.mark.parametrize("b", VERDICTS)
def test_or_is_settled_by_one_that_is_met(a: bool | None, b: bool | None) -> None:
    """Kleene's table for *or*."""
    expected = True if True in (a, b) else None if None in (a, b) else False
    assert (EARLY | NEW).test(_known(early=a, new_thinking=b)) is expected


@pytest.mark.parametrize("a", VERDICTS)
def test_not_leaves_what_cannot_be_determined(a: bool | None) -> None:
    """Kleene's table for *not*."""
    assert (~EARLY).test(_known(early=a)) is (None if a is None else not a)


def test_there_is_no_node_for_not() -> None:
    """A negation is pushed to the leaves when it is written."""
    written = ~((application.areas >= 2) & (EARLY | ~NEW))
    assert written == (application.areas < 2) | (EARLY.is_(False) & NEW.is_(True))


def test_only_the_facts_that_would_settle_it_are_missing() -> None:
    """A part that is settled asks for nothing more."""
    wanted = EARLY | (NEW & (application.areas >= 2))
    missing = [fact.name for fact in wanted.missing({"application.areas": 1})]
    assert missing == ["application.early"]


@pytest.mark.parametrize("settled", [{"early": True}, {"early": False, "new_thinking": False}])
def test_a_settled_condition_misses_nothing(settled: dict[str, bool]) -> None:
    """What is met or not met has no missing facts."""
    assert list((EARLY | NEW).missing(_known(**settled))) == []


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10_000))
def test_facts_are_compared_exactly(left: int, right: int, steps: int) -> None:
    """A share of a fact is taken without rounding, whatever the amounts."""
    wanted = application.expected_savings >= application.cost * (Decimal(steps) / 10_000)
    values = {"application.expected_savings": left, "application.cost": right}
    assert wanted.test(values) is (left * 10_000 >= right * steps)


def test_a_fixed_part_is_in_the_unit_that_the_fact_is_written_in() -> None:
    """What is left of a yearly five kronor, in kronor, against öre inside."""
    within = application.cost <= fund.granted_this_year * -1 + 5
    values = {"fund.granted_this_year": 200, "application.cost": 300}
    assert within.test(values) is True
    assert within.test({**values, "application.cost": 301}) is False


def test_a_condition_has_no_truth_of_its_own() -> None:
    """``if condition`` and ``and`` are mistakes that are caught when written."""
    with pytest.raises(RuleError, match="combine with"):
        bool(application.areas >= 2)


@pytest.mark.parametrize("join", [all_of, any_of])
def test_a_condition_of_no_parts_is_refused(join: object) -> None:
    """Neither everything nor nothing: there must be a part."""
    with pytest.raises(RuleError, match="at least one part"):
        join()  # type: ignore[operator]  # one of two functions


@pytest.mark.parametrize("node", [AllOf, AnyOf])
def test_a_node_of_no_parts_is_refused(node: type[AllOf] | type[AnyOf]) -> None:
    """Also where the node is made by hand: an empty one hangs durable-rules."""
    with pytest.raises(RuleError):
        node(())


def test_one_part_alone_stands_as_itself() -> None:
    """Joining one condition adds no node."""
    assert all_of(EARLY) == any_of(EARLY) == condition(EARLY)


def test_every_node_is_walked_the_root_first() -> None:
    """`walk` reaches each leaf."""
    root: Condition = (EARLY & NEW) | (application.areas >= 2)
    assert [type(node).__name__ for node in walk(root)] == [
        "AnyOf",
        "AllOf",
        "Compare",
        "Compare",
        "Compare",
    ]
