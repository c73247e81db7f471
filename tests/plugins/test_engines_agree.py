"""Both engines and the columns decide alike, under every bundled policy and on any facts."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from sifrules import Fact, FundPolicy, Kind, Stage, decide, decide_many, registry
from sifrules.rules.engines import durable_fault

#: Of the plugins that SIFRULES_PLUGINS_OFF does not switch off.
POLICIES = registry().policies
STAGES = tuple(Stage)
TABLES = 9
ROWS = 24
#: Decisions to compare under each policy, at least.
LEAST = 200

_VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.FLAG: st.booleans(),
    Kind.COUNT: st.integers(0, 5),
    Kind.MONEY: st.integers(-3, 3).map(lambda millions: millions * 1_000_000),
    Kind.MONTHS: st.integers(0, 72),
    Kind.YEAR: st.integers(2018, 2024),
}


def _column(fact: Fact) -> st.SearchStrategy[Any]:
    values = st.sampled_from(fact.options) if fact.kind is Kind.CHOICE else _VALUES[fact.kind]
    if fact.least is not None:
        least = fact.least
        values = values.map(lambda value: max(least, value))
    return st.one_of(st.none(), values, values)


def _dtype(fact: Fact) -> type[pl.DataType]:
    return {Kind.FLAG: pl.Boolean, Kind.CHOICE: pl.String}.get(fact.kind, pl.Int64)


def _tables(policy: FundPolicy) -> st.SearchStrategy[list[dict[str, Any]]]:
    facts = policy.rulebook.vocabulary
    row = st.fixed_dictionaries({name: _column(fact) for name, fact in facts.items()})
    return st.lists(row, min_size=ROWS, max_size=ROWS)


def _compare(policy: FundPolicy) -> int:
    """Compare decisions on tables of random applications; how many were compared."""
    schema = {name: _dtype(fact) for name, fact in policy.rulebook.vocabulary.items()}
    engines = ("compiled",) if durable_fault() else ("durable", "compiled")
    compared = 0

    @settings(max_examples=TABLES, deadline=None)
    @given(_tables(policy))
    def alike(rows: list[dict[str, Any]]) -> None:
        nonlocal compared
        table = decide_many(policy, pl.DataFrame(rows, schema=schema), stages=STAGES)
        for number, row in enumerate(rows):
            by_columns = table.row(number, named=True)
            decisions = [decide(policy, row, stages=STAGES, engine=engine) for engine in engines]
            for decision in decisions:
                assert decision.outcome == by_columns["outcome"]
                assert list(decision.missing) == by_columns["missing"]
                for finding in decision.findings:
                    assert finding.verdict == by_columns[f"rule:{finding.rule.id}"]
            chains = [[(link.derivation.id, link.value) for link in d.chain] for d in decisions]
            assert all(chain == chains[0] for chain in chains)
            compared += 1

    alike()
    return compared


@pytest.mark.once
def test_durable_compiled_and_columns_decide_alike_under_every_policy() -> None:
    """Outcome, missing facts, verdicts and chain, in hundreds of decisions under each policy.

    Where durable-rules is not installed, the other two are compared.
    """
    compared = {policy.id: _compare(policy) for policy in POLICIES}
    assert compared
    assert min(compared.values()) >= LEAST
