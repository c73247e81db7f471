"""Index clauses: claims and sums revised by an index, known or assumed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sifrules import FundPolicy, Investment, Registry, SifError, ore, registry
from sifrules.policy.settlement import ClaimKind, Settlement
from sifrules.validation import validate
from sifrules.values.dates import Month
from sifrules_policies.index_clauses import Index, IndexYear
from sifrules_simulation import scenario
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.model.completion import fill_unstated

Sif = Callable[..., Any]
TOWN = "examples/what-ifs/index.toml"


@pytest.fixture(scope="module")
def towns() -> Registry:
    """All that is installed."""
    return registry()


@pytest.fixture(scope="module")
def town(towns: Registry) -> FundPolicy:
    """An invented fund whose pot and claims follow an index from 2020 to 2023."""
    return towns.policy(TOWN)


def _settled(policy: FundPolicy, start: Month) -> Settlement:
    project = Investment(cost=ore(3_000_000), start=start, months=12)
    return policy.settle(project)


def test_each_instalment_is_revised_to_its_own_year(town: FundPolicy) -> None:
    """By hand: a million each in 2021, 2022 and 2023, at 102, 107.1 and 112 of 100."""
    found = _settled(town, Month(2020, 3))
    raised = [claim.amount // 100 for claim in found.claims if claim.kind is ClaimKind.INDEX]
    assert raised == [20_000, 71_000, 120_000]
    assert found.of(ClaimKind.RETURN) == ore(3_000_000)
    assert found.complete


def test_a_year_that_is_not_known_is_left_open(town: FundPolicy) -> None:
    """What is owed for sure is claimed; the revision on top is said not to be known yet."""
    found = _settled(town, Month(2021, 3))
    assert found.of(ClaimKind.RETURN) == ore(3_000_000)
    assert not found.complete
    assert found.rest is not None
    assert "2024" in found.rest.why.en


def test_the_scenario_assumes_the_years_to_come_and_it_is_noted(towns: Registry) -> None:
    """In the simulation the index goes on by an assumption that one can change."""
    usual, changes = fill_unstated(towns, towns.policy(TOWN), scenario("default"))
    assert "return_model.index.assumed_growth=0.02" in changes
    assert "funding.index.assumed_growth=0.02" in changes
    found = _settled(usual, Month(2023, 3))
    raised = [claim.amount // 100 for claim in found.claims if claim.kind is ClaimKind.INDEX]
    assert raised == [20_000, 40_400, 61_208]
    other = scenario("default").assuming(("index_growth=5 %",))
    assert other.index_growth == Decimal("0.05")
    design = comparison_design(towns, [TOWN], scenario=other, years=5)
    amounts = [amount // 100 for amount in design.portfolio(0, 1).put_in]
    assert amounts == [5_000_000, 5_100_000, 5_355_000, 5_600_000, 5_880_000]


@given(
    st.lists(st.integers(-20, 20), min_size=1, max_size=8),
    st.integers(2000, 2010),
    st.integers(2000, 2010),
)
def test_changes_and_values_of_one_index_say_the_same(
    changes: list[int], base: int, year: int
) -> None:
    """An index by its yearly changes is the index by the values that they lead to."""
    years, level = [], Decimal(100)
    levels = [IndexYear(year=2000, value=level)]
    for number, percent in enumerate(changes, 2001):
        level *= 1 + Decimal(percent) / 100
        years.append(IndexYear(year=number, change=Decimal(percent) / 100))
        levels.append(IndexYear(year=number, value=level))
    one = Index(path="i", name="X", years=tuple(years))
    other = Index(path="i", name="X", years=tuple(levels))
    factor = one.factor(base, year)
    assert (factor is None) == (other.factor(base, year) is None)
    if factor is not None:
        assert factor >= 1
        assert abs(factor - (other.factor(base, year) or 0)) < Fraction(1, 10**9)


@pytest.mark.parametrize(
    "settings",
    [
        ["return_model.index.years=[]"],
        ["funding.decided=2019"],
        ["funding.decided=none"],
        ["return_model.index.assumed_growth=0.9"],
    ],
)
def test_an_index_that_cannot_be_is_refused(towns: Registry, settings: list[str]) -> None:
    """Without values, without the year that a pot is counted from, or with an impossible rise."""
    with pytest.raises(SifError):
        towns.policy(TOWN, settings)


def test_show_claims_and_validate_know_it(sif: Sif, towns: Registry) -> None:
    """The values with their source, the revision as a kind of its own, and a doubt."""
    assert "2022: 107.1" in sif("show", TOWN).out
    ran = sif("claims", "--policy", TOWN, "--cost", "3000000", "--start", "2021-03",
              "--months", "12", "--lang", "sv")  # fmt: skip
    assert "indexuppräkning" in ran.out
    assert "Nybyindex för 2024 är inte känt" in ran.out
    late = towns.policy(TOWN, ["terms.in_force=2018"])
    assert "index_begins_late" in [issue.kind for issue in validate(towns, late)]
