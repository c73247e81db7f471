"""The committee pays the part of the cost that the rules ask of it, and the fund the rest."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings, strategies as st

from sifrules import FundPolicy, Idea, Month, Portfolio, Prospect, ore, registry
from sifrules.policy.ledger import SPENT
from sifrules.rules.engines import engine_for
from sifrules.rules.rulebook import Stage
from sifrules.testing import toy_policy
from sifrules_simulation.model.foresight import ProspectEvaluator
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.projects import Project, ProjectRules
from sifrules_simulation.model.scenarios import Scenario

SHARED = "examples/what-ifs/shared-cost.toml"
CITED = {"cite": "guide: 3"}
START = Month(2026, 1)


def _adapter(policy: FundPolicy, around: Scenario) -> PolicyAdapter:
    return PolicyAdapter(policy, around, Mechanisms())


def _spent_by_year(portfolio: Portfolio) -> list[int]:
    """What was paid out in each year of the project, by the books, to the nearest krona."""
    paid = [
        (each.date, each.amount) for each in portfolio.ledger.postings if each.debit[0] == SPENT
    ]
    starts = min(date for date, _ in paid)
    years = [0] * 3
    for date, amount in paid:
        years[(date - starts) // 12] += amount
    return [round(year / 100) for year in years]


def test_three_million_over_three_years_are_granted_2_1_and_0_7_a_year(
    plain: Scenario, idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """Applied for, granted, paid out, claimed and paid back, to the krona and in the books."""
    policy = registry().policy(SHARED)
    portfolio = lived(policy, idea(cost=ore(3_000_000), months=36), years=12, scalar=True)
    (life,) = portfolio.lives
    assert (life.applied_for, life.spent, life.own_spent) == tuple(
        map(ore, (2_100_000, 2_100_000, 900_000))
    )
    assert _spent_by_year(portfolio) == [700_000] * 3
    assert portfolio.balances[life.granted_in or 0] == ore(20_000_000 - 2_100_000)
    assert life.claimed == ore(2_100_000)
    assert portfolio.balances[-1] == ore(20_000_000)


@pytest.mark.parametrize(
    ("cost", "months", "asked"),
    [
        pytest.param(4_000_000, 36, 2_800_000, id="2.8 of four million over three years"),
        pytest.param(5_000_000, 36, 1_750_000, id="3.5 over three years is too much: half of it"),
        pytest.param(2_800_000, 12, 980_000, id="1.96 in one year is too much: half of it"),
        pytest.param(1_200_000, 12, 840_000, id="0.84 in one year"),
    ],
)
def test_a_project_is_cut_to_the_ceilings_after_its_own_part(
    plain: Scenario, idea: Callable[..., Idea], cost: int, months: int, asked: int
) -> None:
    """Of what is left of it 30 per cent is the committee's own."""
    adapter = _adapter(registry().policy(SHARED), plain)
    project = adapter.project(idea(cost=ore(cost), months=months), START)
    assert (project.applied_for, project.own * 7) == (ore(asked), project.applied_for * 3)


def test_any_demand_on_who_pays_gives_grants(
    idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """A cap, a return model, one on money alone, and a part that only a plugin knows."""
    share = {"kind": "cofunding_share", "at_least": Decimal("0.05"), **CITED}
    capped = ({"caps": {"own": share}}, {"caps": {"own": {**share, "in_kind": False}}})
    model = {"kind": "co_funding", "share": Decimal("0.05"), **CITED}
    own = {
        "kind": "condition",
        "tried_at": "application",
        "any_of": [
            {"fact": "application.early", "holds": False},
            {"fact": "application.cofunding", "at_least": 60_000},
        ],
        **CITED,
    }
    for tables in (*capped, {"return_model": model}, {"criteria": {"own": own}}):
        (life,) = lived(toy_policy(**tables), idea(cost=ore(1_000_000))).lives
        assert life.granted, tables
    assert not lived(
        toy_policy(caps={"own": {**share, "at_least": 1}}), idea(cost=ore(800_000))
    ).granted


@settings(max_examples=30)
@given(
    at_most=st.integers(1, 10_000),
    at_least=st.integers(0, 9_999),
    cost=st.integers(10_000, 10**10),
    brings=st.sampled_from([0.0, 0.1, 0.5]),
)
def test_the_own_part_is_the_smallest_that_the_rules_allow(
    at_most: int, at_least: int, cost: int, brings: float
) -> None:
    """To the öre: with one öre less some rule is not met, or it is what is brought anyway."""
    policy = _shared(Decimal(at_most) / 10_000, Decimal(at_least) / 10_000)
    rules = ProjectRules(policy.rulebook, brings)
    project = rules.fitted(cost, 12, None, {})
    anyway = int(cost * brings)
    assert _allowed(policy, project)
    assert project.own >= anyway
    if project.own > anyway:
        assert not _allowed(policy, evolve(project, own=project.own - 1))


def _shared(at_most: Decimal, at_least: Decimal) -> FundPolicy:
    """A policy whose fund pays at most a share, and whose committees at least another."""
    caps = {
        "fund": {"kind": "share_of_cost", "at_most": at_most, **CITED},
        "own": {"kind": "cofunding_share", "at_least": at_least, **CITED},
    }
    return toy_policy(caps=caps)


def _allowed(policy: FundPolicy, project: Project) -> bool:
    book = policy.rulebook.only(Stage.ALLOCATION)
    decision = engine_for(book, "compiled").decide({**project.facts(), "fund.available": 10**12})
    return decision.outcome.value == "eligible"


def test_a_committee_weighs_its_own_part_and_what_is_claimed_of_the_rest(
    plain: Scenario, idea: Callable[..., Idea]
) -> None:
    """The burden is higher by the own part, and the claims lower by as much."""
    alone, shared = (
        _prospect(registry().policy(SHARED, settings), plain, idea(cost=ore(900_000)))
        for settings in (["caps.share.at_most=1.0"], [])
    )
    assert shared.burden - alone.burden == pytest.approx(0.3 * 900_000)
    assert shared.expected("claims") == pytest.approx(0.7 * alone.expected("claims"))
    assert shared.expected("human") == alone.expected("human")


def _prospect(policy: FundPolicy, around: Scenario, of: Idea) -> Prospect:
    adapter = _adapter(policy, around.changed({"handling.fits_fund": 1}))
    project = adapter.project(of, START)
    facts = adapter.facts(of, project, START, {})
    return ProspectEvaluator(adapter).prospect(of, project, START, facts)


def test_what_a_committee_brings_anyway_leaves_more_in_the_fund(
    plain: Scenario, idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """A fifth of the cost where nothing is demanded; nothing unless the scenario says so."""
    for brings, asked in ((0.0, 960_000), (0.2, 768_000)):
        around = plain.changed({"behaviour.cofunding": brings})
        (life,) = lived(toy_policy(), idea(cost=ore(960_000)), around=around).lives
        assert life.applied_for == ore(asked)


def test_the_municipality_bears_what_the_committee_pays_itself(
    idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """Whoever pays a project, it costs the municipality the same."""
    from sifrules_simulation.model.measures import MEASURES

    (saving,) = (each for each in MEASURES if each.name == "net_municipal_saving")
    budget: dict[str, Any] = {"return_model": {"kind": "budget", **CITED}}
    share = {"kind": "share_of_cost", "at_most": Decimal("0.7"), **CITED}
    alone = lived(toy_policy(**budget), idea(cost=ore(900_000)))
    shared = lived(toy_policy(**budget, caps={"share": share}), idea(cost=ore(900_000)))
    assert saving.of(alone) == saving.of(shared)
    assert alone.balances[-1] < shared.balances[-1]
