"""Deciding whole tables: what goes in, what comes out, what is refused."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from sifrules import FactError, FundPolicy, decide_many, registry


@pytest.fixture
def policy() -> FundPolicy:
    """A policy with counts, flags, money and what follows from facts."""
    return registry(off=()).policy("orebro@2016")


def test_the_table_comes_back_with_its_own_columns_and_order(policy: FundPolicy) -> None:
    """Columns that are no facts are left alone, and no row moves."""
    frame = pl.DataFrame({"note": ["b", "a", "c"], "application.areas": [1, 2, None]})
    decided = decide_many(policy, frame)
    assert decided["note"].to_list() == ["b", "a", "c"]
    assert decided["rule:criteria.areas"].to_list() == ["not_met", "met", "cannot_tell"]


def test_an_empty_table_gives_an_empty_answer_with_the_same_columns(policy: FundPolicy) -> None:
    """No rows in, no rows out, and a schema that later rows would fit."""
    one = decide_many(policy, pl.DataFrame({"application.areas": [2]}))
    none = decide_many(policy, pl.DataFrame({"application.areas": pl.Series([], dtype=pl.Int64)}))
    assert none.schema == one.schema


def test_a_table_without_any_fact_cannot_be_determined(policy: FundPolicy) -> None:
    """Missing columns are missing facts, and are named."""
    decided = decide_many(policy, pl.DataFrame({"note": ["x"]}))
    assert decided["outcome"].to_list() == ["cannot_tell"]
    assert "application.areas" in decided["missing"].to_list()[0]


def test_kronor_may_be_decimals_with_two_places(policy: FundPolicy) -> None:
    """An öre more or less decides, exactly."""
    frame = pl.DataFrame(
        {
            "application.cost": [Decimal("100.00"), Decimal("100.01")],
            "application.expected_savings": [100, 100],
        }
    )
    decided = decide_many(policy, frame)
    assert decided["rule:criteria.savings"].to_list() == ["met", "not_met"]


@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        ("application.cost", [1e22, 1.0], "floats"),
        ("application.cost", [1, 10**13], "row 1: expected kronor"),
        ("application.cost", [Decimal("0.001"), Decimal("0")], "row 0: expected kronor"),
        ("application.areas", [2, -1], "row 1: expected a whole number"),
        ("application.areas", ["two", "one"], "expected a whole number"),
        ("application.evaluable", [1, 0], "expected true or false"),
        ("application.applicant", ["committee", "commitee"], "row 1: expected one of"),
        ("application.aeras", [1, 2], "did you mean application.areas"),
    ],
)
def test_a_wrong_column_is_refused_with_its_name_and_row(
    policy: FundPolicy, column: str, values: list[object], told: str
) -> None:
    """Wrong kinds and impossible values never decide anything."""
    with pytest.raises(FactError, match=told):
        decide_many(policy, pl.DataFrame({column: values}))


def test_a_table_that_was_decided_already_is_refused(policy: FundPolicy) -> None:
    """An outcome is never overwritten."""
    with pytest.raises(FactError, match="has a column 'outcome' already"):
        decide_many(policy, pl.DataFrame({"outcome": ["yes"]}))


@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt8, pl.Int16, pl.UInt64])
def test_narrow_and_unsigned_columns_are_read_like_any_whole_numbers(
    policy: FundPolicy, dtype: type[pl.DataType]
) -> None:
    """What shrinking a table leaves behind decides the same."""
    columns = {"application.areas": [1, 2], "application.cost": [100, 100]}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, dtype))
    decided = decide_many(policy, frame)
    assert decided["rule:criteria.areas"].to_list() == ["not_met", "met"]
