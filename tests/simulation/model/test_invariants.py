"""What must hold of the behaviour model whatever its parameters: the mission's honour."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings, strategies as st

from sifrules import FundPolicy, Guideline, OutcomeForecast, Portfolio, Prospect, Registry
from sifrules.plugin.simulation import ProjectOutcome, ProspectColumns
from sifrules_simulation import compare, plugin as simulation_plugin, scenario
from sifrules_simulation.model.behaviours import (
    BEHAVIOURS,
    FixedPropensity,
    ProspectTheory,
    Weighing,
)
from sifrules_simulation.model.completion import fill_unstated
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.replication import ReplicationSetup, simulate
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.world import world

HOME = Path(__file__).parents[3] / "simulation" / "sifrules_simulation"

#: Some parameters of the world and the behaviour, drawn anew for each example.
WORLDS = st.fixed_dictionaries(
    {
        "behaviour.mission_weight": st.floats(0.1, 1.5),
        "behaviour.risk_aversion": st.floats(0, 2),
        "behaviour.others_weight": st.floats(0, 1),
        "behaviour.discount": st.floats(0, 0.2),
        "behaviour.burden": st.floats(0, 0.3),
        "effects.cashable": st.floats(0, 1),
        "effects.attributable": st.floats(0, 1),
        "effects.success": st.floats(0, 1),
    }
)
FEW = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _lives(
    registry: Registry,
    policy: FundPolicy,
    around: Scenario,
    *,
    replication: int = 0,
    years: int = 6,
    behaviour: Any = Weighing(),  # noqa: B008 - a frozen value
    off: tuple[str, ...] = (),
) -> Portfolio:
    switches = Mechanisms.without(off)
    policy, _ = fill_unstated(registry, policy, around)
    setup = ReplicationSetup(
        PolicyAdapter(policy, around, switches), behaviour.given(around.values), check=True
    )
    return simulate(setup, world(around, years, 7, replication, switches), years)


def _story(portfolio: Portfolio) -> list[tuple[object, ...]]:
    """All that became of every idea, and the balances."""
    lives = [
        (each.idea.number, each.chosen, each.applied, each.granted_in, each.stopped, each.claimed)
        for each in portfolio.lives
    ]
    return [*lives, tuple(portfolio.balances)]


# --- a behaviour sees cash flows, risk and effort -----------------------------------


def test_what_a_behaviour_is_shown_has_no_place_for_a_policy() -> None:
    """A prospect is made of numbers, and of how a project may turn out."""
    kinds = {field.name: field.type for field in attrs.fields(attrs.resolve_types(Prospect))}
    numbers = {name for name, kind in kinds.items() if kind is float}
    assert kinds.keys() - numbers == {"expectations"}
    inner = {field.name: field.type for field in attrs.fields(attrs.resolve_types(OutcomeForecast))}
    assert set(inner.values()) == {float, ProjectOutcome}
    columns = {field.name for field in attrs.fields(ProspectColumns)}
    assert columns == numbers | inner.keys() - {"outcome"}


def test_the_behaviours_import_nothing_of_policies() -> None:
    """No behaviour could look at a policy's name or kind if it wanted to."""
    tree = ast.parse((HOME / "model" / "behaviours.py").read_text("utf-8"))
    imported = {
        node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }
    assert {name for name in imported if name.startswith("sifrules")} == {
        "sifrules.plugin.simulation",
        "sifrules.values.text",
    }


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda each: each.name)
def test_renaming_a_municipality_changes_nothing(behaviour: Any, everything: Registry) -> None:
    """The same rules under another name, town and title give the same portfolio."""
    base = everything.policy("orebro@2016")
    renamed = evolve(base, id="elsewhere@1999", municipality="Elsewhere", title=base.municipality)
    around = scenario("default")
    assert _story(_lives(everything, base, around, behaviour=behaviour)) == _story(
        _lives(everything, renamed, around, behaviour=behaviour)
    )


# --- laws ---------------------------------------------------------------------------


@FEW
@given(values=WORLDS, replication=st.integers(0, 50))
def test_a_return_of_nothing_equals_the_budget_model_draw_for_draw(
    values: dict[str, float], replication: int, everything: Registry
) -> None:
    """Share 0 and fee 0 with the same procedure: not one choice, decision or krona differs."""
    around = scenario("default").changed(values)
    nothing = everything.policy(
        "orebro@2016",
        ["return_model.share=0", "return_model.fee=0", "return_model.floor=0"],
    )
    budget = everything.policy("orebro@2016", ["return_model.kind=budget"])
    stories = [
        _story(_lives(everything, policy, around, replication=replication))
        for policy in (nothing, budget)
    ]
    assert stories[0] == stories[1]


CERTAIN = {
    "effects.success": 1,
    "effects.success_spread": 0,
    "effects.cashable": 1,
    "effects.attributable": 1,
    "effects.share_spread": 0,
    "effects.delay_least": 0,
    "effects.delay_most": 0,
    "effects.lifetime_least": 1,
    "effects.lifetime_most": 6,
    "ideas.shortest": 12,
    "ideas.evaluable": 1,
    "handling.spent_least": 1,
}


@FEW
@given(
    replication=st.integers(0, 50),
    discount=st.floats(0, 0.2),
    aversion=st.floats(0, 2),
    others=st.floats(0, 1),
)
def test_under_certainty_a_return_of_at_most_the_effect_deters_nobody(
    replication: int, discount: float, aversion: float, others: float, everything: Registry
) -> None:
    """Immediate, certain, cashable and attributable effects: whoever applies without, does with."""
    around = scenario("default").changed(
        {
            **CERTAIN,
            "behaviour.discount": discount,
            "behaviour.risk_aversion": aversion,
            "behaviour.others_weight": others,
            "behaviour.horizon": 120,
        }
    )
    policy = everything.policy("norrkoping@2010")
    off = ("depletion",)
    returning = _lives(everything, policy, around, replication=replication, off=off)
    without = _lives(everything, policy, around, replication=replication, off=(*off, "return_flow"))
    demands = PolicyAdapter(policy, around, Mechanisms()).demands
    effort = around.value("behaviour.effort") * demands
    for one, other in zip(returning.lives, without.lives, strict=True):
        cost, human = one.applied_for / 100, one.idea.believed_human * one.scale / 100
        mission = around.value("behaviour.mission_weight") * human
        granted = mission - around.value("behaviour.burden") * cost
        if other.chosen and around.value("behaviour.grant_chance") * granted > effort:
            assert one.chosen, f"idea {one.idea.number} was deterred"


@pytest.mark.once
@FEW
@given(values=WORLDS, replication=st.integers(0, 50))
def test_raising_the_floor_never_raises_applications(
    values: dict[str, float], replication: int, everything: Registry
) -> None:
    """With capacity unlimited and the fund not binding, a higher floor deters or does nothing."""
    around = scenario("default").changed({**values, "municipality.capacity": 1000})
    counts = []
    for floor in ("0.0", "0.3", "0.6", "1.0"):
        policy = everything.policy("orebro@2013", [f"return_model.floor={floor}"])
        portfolio = _lives(
            everything, policy, around, replication=replication, off=("depletion", "cap")
        )
        counts.append(sum(life.applied is not None for life in portfolio.lives))
    assert counts == sorted(counts, reverse=True)


@pytest.mark.once
@FEW
@given(values=WORLDS, replication=st.integers(0, 1000))
def test_money_is_conserved_under_every_policy(
    values: dict[str, float], replication: int, everything: Registry
) -> None:
    """Every krona set aside is in the fund, reserved, spent or lapsed, whatever happens."""
    around = scenario("default").changed(values)
    for policy in everything.policies:
        ledger = _lives(everything, policy, around, replication=replication).ledger
        ledger.check()
        inside = sum(map(ledger.balance, ("fund", "reserved", "spent", "administration")))
        assert inside == -ledger.balance("equity") - ledger.balance("frames")


# --- the behaviours themselves ------------------------------------------------------

GAINS = st.floats(0, 1e7)
EXPECTATIONS = st.lists(st.tuples(GAINS, GAINS, GAINS), min_size=1, max_size=3)


def _prospect(ways: list[tuple[float, float, float]], more: float = 0.0) -> Prospect:
    chance = 1 / len(ways)
    expectations = tuple(
        OutcomeForecast(ProjectOutcome.PARTLY, chance, human, savings, claims + more)
        for human, savings, claims in ways
    )
    return Prospect(expectations, effort=1e5, burden=2e5, grant_chance=0.7, luck=0.5)


@given(ways=EXPECTATIONS, more=GAINS)
@pytest.mark.parametrize("kind", [Weighing, ProspectTheory])
def test_more_claims_never_make_anyone_apply(
    kind: Callable[[], Any], ways: list[tuple[float, float, float]], more: float
) -> None:
    """Whoever applies when claims are higher applies when they are lower."""
    behaviour = kind().given(scenario("default").values)
    if behaviour.applies(_prospect(ways, more)):
        assert behaviour.applies(_prospect(ways))


@given(ways=EXPECTATIONS, propensity=st.floats(0, 1))
def test_the_null_model_does_not_look(
    ways: list[tuple[float, float, float]], propensity: float
) -> None:
    """Its choice depends on its own luck and on nothing that it sees."""
    blind = FixedPropensity(propensity)
    assert blind.applies(_prospect(ways)) is blind.applies(_prospect([(0.0, 0.0, 1e12)]))


def test_under_the_null_model_a_return_does_not_change_what_committees_want(
    everything: Registry,
) -> None:
    """The negative control: the share that wants to apply is the same with and without."""
    result = compare(
        ["orebro@2016", everything.policy("orebro@2016", ["return_model=none"])],
        behaviour="null",
        off=["depletion"],
        replications=10,
        years=6,
    )
    difference = result.difference(result.labels[1], "willingness")
    assert (difference.mean, difference.low, difference.high) == (0, 0, 0)


@pytest.mark.once
def test_nothing_is_degenerate_under_the_default_scenario(everything: Registry) -> None:
    """Every policy with a fund has applications, refusals and grants; neither all nor none."""
    result = compare(registry=everything, replications=20)
    for policy in everything.policies:
        if policy.rulebook.given.get("fund.exists") is False:
            assert result.mean(policy.id, "applications").mean == 0
            continue
        wants = result.mean(policy.id, "willingness").mean
        assert wants is not None
        assert 0.05 < wants < 0.95, policy.id
        for measure in ("applications", "refusals", "grants"):
            low = result.mean(policy.id, measure).low
            assert low is not None
            assert low > 0, f"{policy.id}: {measure}"


def test_a_plugins_own_criterion_can_be_simulated(
    toy: Callable[..., Guideline], registry_of: Callable[..., Registry], plain: Scenario
) -> None:
    """A fact that no scenario knows holds with the chance that the scenario gives it."""
    own = {"investment_fit": {"kind": "fact", "fact": "our.fit", "holds": True, "cite": "guide: 2"}}
    facts = {"our.fit": {"kind": "flag", "sv": "passar", "en": "fits"}}
    guideline = toy(criteria=own, facts=facts)
    registry = registry_of(guideline, simulation=simulation_plugin)
    shares = []
    for share in (0.0, 1.0):
        around = plain.changed({"facts.other": share})
        portfolio = _lives(registry, registry.policy(guideline.id), around)
        refused = [life for life in portfolio.lives if life.refused_by or life.foreseen_by]
        shares.append(len(refused) / len(portfolio.lives))
    assert shares == [1.0, 0.0]


# --- the return flow in two parts: claims that are expected, and a fund that is refilled ---


RETURNING = ("orebro@2016", "norrkoping@2010", "sodertalje@2015", "malmo@2016", "vingaker")


@pytest.mark.parametrize("policy", RETURNING)
def test_claims_neither_expected_nor_granted_again_are_as_no_return_flow(
    policy: str, everything: Registry
) -> None:
    """Both parts off: every application, grant and balance is as without a return flow."""
    around = scenario("default")
    found = everything.policy(policy)
    parts = _lives(everything, found, around, off=("claims_expected", "refill"), years=12)
    whole = _lives(everything, found, around, off=("return_flow",), years=12)

    def story(portfolio: Portfolio) -> list[tuple[object, ...]]:
        return [row[:5] for row in _story(portfolio)[:-1]]

    assert story(parts) == story(whole)
    assert parts.balances == whole.balances
    assert any(life.claimed for life in parts.lives)
    assert not any(life.claimed for life in whole.lives)


@FEW
@given(values=WORLDS, replication=st.integers(0, 50))
def test_claims_that_are_not_expected_keep_nobody_from_wanting_to_apply(
    values: dict[str, float], replication: int, everything: Registry
) -> None:
    """Each idea is chosen at least as readily, where money never runs out."""
    around = scenario("default").changed(values)
    policy = everything.policy("orebro@2016")
    common = {"replication": replication, "years": 6}
    seen = _lives(everything, policy, around, off=("depletion",), **common)
    unseen = _lives(everything, policy, around, off=("depletion", "claims_expected"), **common)
    for before, after in zip(seen.lives, unseen.lives, strict=True):
        assert after.chosen or not before.chosen


def test_without_refill_what_is_paid_back_leaves_the_fund(everything: Registry) -> None:
    """As much is withdrawn as the committees return, and the choice is as before."""
    found = everything.policy("orebro@2016")
    portfolio = _lives(everything, found, scenario("default"), off=("refill",), years=12)
    withdrawn = [each for each in portfolio.ledger.postings if each.reason.startswith("refill")]
    returned = sum(each.amount for each in portfolio.ledger.postings if each.reason == "return"
                   and each.credit[0] == "frames")  # fmt: skip
    assert sum(each.amount for each in withdrawn) == returned > 0
