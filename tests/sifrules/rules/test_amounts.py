"""Amounts that follow from others: the same by every engine, and never where one is stated."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from sifrules import FundPolicy, decide, decide_many
from sifrules.rules.amounts import AMOUNTS, applied_for
from sifrules.rules.engines import durable_fault
from sifrules.testing import toy_policy

CITED = {"cite": "guide: 4"}
CAPS: dict[str, Any] = {
    "share": {"kind": "share_of_cost", "at_most": Decimal("0.7"), **CITED},
    "yearly": {"kind": "amount_per_investment_and_year", "limit": 2, **CITED},
    "own": {"kind": "cofunding_share", "at_least": Decimal("0.3"), **CITED},
    "money": {"kind": "cofunding_share", "at_least": Decimal("0.1"), "in_kind": False, **CITED},
    "whole": {"kind": "amount_per_investment", "limit": 8, "of": "cost", **CITED},
    "small": {"kind": "base_amounts_per_investment", "at_most": Decimal("0.0001"), **CITED},
    "outside": {
        "kind": "amount_per_investment",
        "limit": 1,
        "where": {"fact": "application.applicant", "one_of": ["civil_society"]},
        **CITED,
    },
}
KRONOR = ("cost", "applied_for", "applied_for_per_year", "cofunding", "cofunding_in_money",
          "cofunding_in_kind", "funded_by_others")  # fmt: skip
ENGINES = ("compiled",) if durable_fault() else ("durable", "compiled")


@pytest.fixture(scope="module")
def capped() -> FundPolicy:
    """A policy with every ceiling on who pays what."""
    return toy_policy(caps=CAPS)


def _rows() -> st.SearchStrategy[list[dict[str, Any]]]:
    fields: dict[str, st.SearchStrategy[Any]] = {
        **{f"application.{name}": st.none() | st.integers(0, 12) for name in KRONOR},
        "application.duration": st.none() | st.integers(1, 60),
        "application.start_year": st.none() | st.sampled_from([2009, 2018, 2026]),
        "application.applicant": st.none() | st.sampled_from(["committee", "civil_society"]),
        "fund.available": st.none() | st.integers(0, 12),
    }
    return st.lists(st.fixed_dictionaries(fields), min_size=8, max_size=20)


SCHEMA = {"application.applicant": pl.String}


# A table takes its time whatever its length: few of them, and long ones.
@settings(max_examples=12)
@given(rows=_rows())
def test_engines_and_columns_compute_the_same_amounts(
    capped: FundPolicy, rows: list[dict[str, Any]]
) -> None:
    """Verdicts, what is missing and the chain, whatever is stated and whatever is missing."""
    names = rows[0]
    schema = {name: SCHEMA.get(name, pl.Int64) for name in names}
    table = decide_many(capped, pl.DataFrame(rows, schema=schema), stages=["allocation"])
    for number, row in enumerate(rows):
        found = table.row(number, named=True)
        decisions = [decide(capped, row, stages=["allocation"], engine=each) for each in ENGINES]
        chains = [[(link.derivation.id, link.value) for link in d.chain] for d in decisions]
        assert all(chain == chains[0] for chain in chains)
        for decision in decisions:
            assert list(decision.missing) == found["missing"]
            for finding in decision.findings:
                assert finding.verdict == found[f"rule:{finding.rule.id}"]


def test_what_is_stated_is_not_computed(capped: FundPolicy) -> None:
    """Also where it is not what the other amounts would give."""
    said = {"application.cost": 10, "application.cofunding": 3, "application.applied_for": 6}
    decision = decide(capped, said, stages=["allocation"])
    assert "application.applied_for" not in {each.derivation.fact.name for each in decision.chain}
    assert decision["caps.share"].reads["application.applied_for"] == 6


@given(
    cost=st.integers(0, 10**12),
    money=st.none() | st.integers(0, 10**12),
    kind=st.none() | st.integers(0, 10**12),
    others=st.none() | st.integers(0, 10**12),
)
def test_who_pays_makes_up_the_cost(
    cost: int, money: int | None, kind: int | None, others: int | None
) -> None:
    """What is applied for is the rest, and never below nothing."""
    said = {"application.cost": cost}
    parts = {"cofunding_in_money": money, "cofunding_in_kind": kind, "funded_by_others": others}
    said |= {f"application.{name}": value for name, value in parts.items() if value is not None}
    paid = sum(value or 0 for value in parts.values())
    assert applied_for(said) == max(0, cost - paid)


@given(amount=st.integers(0, 10**12), months=st.integers(1, 120), limit=st.integers(0, 10**12))
def test_an_amount_a_year_is_above_a_limit_exactly_where_it_is(
    amount: int, months: int, limit: int
) -> None:
    """Rounding hides no öre: twelve parts of the months are compared, or all of a short project."""
    per_year = AMOUNTS["application.applied_for_per_year"]
    found = per_year.value({"application.applied_for": amount, "application.duration": months})
    assert found is not None
    assert (found <= limit) is (amount * 12 <= limit * max(12, months))


def test_the_fact_behind_a_missing_amount_is_named(capped: FundPolicy) -> None:
    """The cost, not what follows from it; the time too where the amount is by year."""
    decision = decide(capped, {}, stages=["allocation"])
    missing = set(decision.missing)
    assert {"application.cost", "application.duration", "application.start_year"} <= missing
    assert not {"application.applied_for", "application.applied_for_per_year"} & missing
