"""Structural assumptions: each alternative changes what it says, and the first changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

from sifrules import FaultyFile, Idea, Portfolio, Prospect, SifError
from sifrules.plugin.simulation import committee_name
from sifrules_simulation import scenario
from sifrules_simulation.experiments.exploration import opened
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.experiments.sampling import draws, uncertain
from sifrules_simulation.model.behaviours import Weighing
from sifrules_simulation.model.completion import fill_unstated
from sifrules_simulation.model.fingerprints import of_scenario, ranges_of
from sifrules_simulation.model.foresight import ProspectEvaluator
from sifrules_simulation.model.measures import municipal_saving, outside_gain
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.structure import ALTERNATIVES, NEEDS, Structure, drawn_at
from sifrules_simulation.model.world import world

FLOOR = ["return_model.floor=0.25", "return_model.bounded_by_effect=true"]
WEIGHTED = """
id = "weighted"
title = { sv = "Vägd", en = "Weighted" }
base = "default"

[structure]
evaluation = { lifetime = 3, so_far = 1 }
"""


def _claimed(portfolio: Portfolio) -> int:
    return sum(life.claimed for life in portfolio.lives)


def test_the_first_alternatives_are_those_of_the_default_scenario() -> None:
    """It has no weights, so every draw has them, too."""
    around = scenario("default")
    assert around.structure == Structure()
    assert not around.weights
    assert draws(around, 4, 1).world(3).structure == Structure()


@given(st.integers(0, 60), st.integers(1, 120), st.integers(0, 200))
def test_an_evaluation_sees_at_most_the_whole_and_more_the_later(
    delay: int, lifetime: int, month: int
) -> None:
    """Nothing before the effect begins, all once its lifetime is over."""
    so_far = Structure(evaluation="so_far")
    assert Structure(evaluation="fixed_date").seen(delay, lifetime, month) == so_far.seen(
        delay, lifetime, month
    )
    seen = so_far.seen(delay, lifetime, month)
    assert 0 <= seen <= so_far.seen(delay, lifetime, month + 1) <= 1
    assert so_far.seen(delay, lifetime, delay) == 0
    assert so_far.seen(delay, lifetime, delay + lifetime) == 1
    assert Structure().seen(delay, lifetime, month) == 1


@pytest.mark.parametrize(
    ("setting", "policy", "changes", "evaluable"),
    [
        ("structure.evaluation=so_far", "norrkoping@2010", [], True),
        ("structure.unmeasured=floor", "sodertalje@2015", FLOOR, False),
        ("structure.unmeasured=nothing", "sodertalje@2015", [], False),
    ],
)
def test_less_is_claimed_of_what_is_seen_less_of(
    setting: str,
    policy: str,
    changes: list[str],
    evaluable: bool,
    everything: Any,
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    plain: Scenario,
) -> None:
    """An evaluation that sees a part claims less; so does one that is not claimed in full."""
    found, _ = fill_unstated(everything, everything.policy(policy, changes), plain)
    one = idea(evaluable=evaluable)
    usual = lived(found, one, years=12)
    other = lived(found, one, years=12, around=plain.assuming((setting,)))
    assert _claimed(other) < _claimed(usual)
    if setting.endswith("nothing"):
        assert _claimed(other) == 0
    if setting.endswith("floor"):
        assert _claimed(other) > 0


def test_claims_counted_as_far_as_savings_deter_no_more(
    everything: Any, idea: Callable[..., Idea], lived: Callable[..., Portfolio], plain: Scenario
) -> None:
    """Claims beyond the horizon weigh nothing: an idea that was given up is applied for."""
    policy = everything.policy("sodertalje@2015")
    short = plain.changed({"behaviour.horizon": 12, "behaviour.mission_weight": 0.7})
    one = idea(cost=120_000_000)
    alike = short.assuming(("structure.claims_horizon=savings",))
    given_up = lived(policy, one, around=short, behaviour=Weighing())
    applied = lived(policy, one, around=alike, behaviour=Weighing())
    assert given_up.lives[0].chosen is False
    assert applied.lives[0].chosen is True


def test_weights_are_followed_by_the_draws_and_the_likeliest_is_the_scenario(
    tmp_path: Path,
) -> None:
    """Three of four, as stated; a longer sample begins with a shorter one."""
    file = tmp_path / "weighted.toml"
    file.write_text(WEIGHTED, "utf-8")
    around = scenario(file)
    assert around.structure == Structure()
    sample = draws(around, 128, 1)
    seen = [sample.world(row).structure.evaluation for row in range(128)]
    assert seen.count("so_far") == 32
    few = draws(around, 8, 1)
    assert [few.world(row).structure.evaluation for row in range(8)] == seen[:8]
    assert ranges_of(around) != ranges_of(scenario("default"))
    certain = around.assuming(("structure.evaluation=so_far",))
    assert {draws(certain, 8, 1).world(row).structure.evaluation for row in range(8)} == {"so_far"}


def test_another_alternative_is_another_scenario() -> None:
    """Its name, its options and its fingerprint say so."""
    around = scenario("default").assuming(("structure.unmeasured=nothing",))
    assert "structure.unmeasured=nothing" in around.id
    assert around.options == ("--assume", "structure.unmeasured=nothing")
    assert of_scenario(around) != of_scenario(scenario("default"))


@pytest.mark.parametrize("setting", ["structure.evalution=so_far", "structure.evaluation=sofar"])
def test_an_unknown_alternative_names_the_nearest(setting: str) -> None:
    """What is meant is shown."""
    with pytest.raises(SifError) as refused:
        scenario("default").assuming((setting,))
    assert refused.value.fix is not None


@pytest.mark.parametrize(
    "weights", ["evaluation = { sofar = 1 }", "evaluation = { so_far = -1 }", "evaluation = {}"]
)
def test_impossible_weights_are_refused_with_their_place(tmp_path: Path, weights: str) -> None:
    """The assumption that they are of is named."""
    file = tmp_path / "faulty.toml"
    file.write_text(WEIGHTED.replace("evaluation = { lifetime = 3, so_far = 1 }", weights), "utf-8")
    with pytest.raises(FaultyFile, match=r"structure\.evaluation"):
        scenario(file)


@given(st.floats(0, 0.999))
def test_a_point_gives_the_alternative_within_whose_part_it_lies(point: float) -> None:
    """Parts are in proportion to the weights; one of no weight is never drawn."""
    weights = {"unmeasured": {"stated": 1.0, "nothing": 0.0, "floor": 3.0}}
    found = drawn_at({"unmeasured": point}, weights, Structure())
    assert found.unmeasured == ("stated" if point < 0.25 else "floor")
    assert set(ALTERNATIVES["unmeasured"]) == {"stated", "nothing", "floor"}


@pytest.mark.parametrize("setting", [f"{name}={at}" for name, at in NEEDS.values()])
def test_a_mechanism_of_size_nothing_changes_nothing(setting: str, everything: Any) -> None:
    """The alternative is then what the first is: same choices, same books, same ideas."""
    (path,) = (path for path, needs in NEEDS.items() if setting == "=".join(needs))
    taken = scenario("default").assuming((f"structure.{setting}", f"{path}=0"))
    usual, other = (
        comparison_design(everything, ["orebro@2016"], scenario=each, years=4)
        for each in (scenario("default"), taken)
    )
    assert other.portfolio(0, 0).balances == usual.portfolio(0, 0).balances
    assert list(other.portfolio(0, 0).lives) == list(usual.portfolio(0, 0).lives)


def test_each_administration_is_convinced_twice_where_something_is_claimed(
    everything: Any, idea: Callable[..., Idea], plain: Scenario
) -> None:
    """Once when applying and once when evaluating; never where nothing comes back."""
    each = plain.assuming(("structure.proof=each", "behaviour.proof=40000"))
    two = idea(gains={committee_name(0): Decimal("0.6"), committee_name(1): Decimal("0.4")})

    def seen(policy: str, around: Scenario, one: Idea, off: tuple[str, ...] = ()) -> Prospect:
        adapter = PolicyAdapter(everything.policy(policy), around, Mechanisms.without(off))
        start = around.begins + 6
        project = adapter.project(one, start)
        return ProspectEvaluator(adapter).prospect(one, project, start, one.facts)

    for one, count in ((two, 2), (idea(), 1), (attrs.evolve(two, evaluable=False), 2)):
        usual, more = (seen("orebro@2016", around, one) for around in (plain, each))
        assert more.effort == usual.effort + 40_000 * count
        assert more.burden == usual.burden + 40_000 * count
        assert more.expectations == usual.expectations
    for policy, off in (("norrkoping@2022", ()), ("orebro@2016", ("claims_expected",))):
        assert seen(policy, each, two, off) == seen(policy, plain, two, off)


def _undiscounted(around: Scenario) -> Scenario:
    return around.changed({"behaviour.discount": 0})


def test_costs_that_rise_first_are_foreseen_measured_and_borne(
    everything: Any, idea: Callable[..., Idea], lived: Callable[..., Portfolio], plain: Scenario
) -> None:
    """By half of 100,000 kronor a month over the 12 of 36 before the effect, so by 200,000."""
    rise = plain.assuming(("structure.early_costs=rise", "effects.early_rise=0.5"))
    policy, _ = fill_unstated(everything, everything.policy("norrkoping@2010"), plain)
    one = idea(effect=360_000_000, believed_effect=360_000_000)
    usual, other = (lived(policy, one, years=12, around=each) for each in (plain, rise))
    assert other.lives[0].early_costs == 60_000_000
    assert (usual.lives[0].claimed, other.lives[0].claimed) == (120_000_000, 120_000_000)
    assert municipal_saving(other) == municipal_saving(usual) - 600_000
    evaluator = ProspectEvaluator(PolicyAdapter(policy, rise, Mechanisms()))
    project = evaluator.adapter.project(one, rise.begins)
    assert evaluator.measured(one, project, 1.0) == 300_000_000
    assert evaluator.measured(one, project, 0.0) == -60_000_000
    flat = _undiscounted(rise)
    sees = ProspectEvaluator(PolicyAdapter(policy, flat, Mechanisms()))
    assert sees.early_costs(one, project) == pytest.approx(600_000)
    failed = lived(policy, idea(success=0.0), years=12, around=rise)
    assert municipal_saving(failed) == -1_200_000 - 200_000
    assert failed.lives[0].claimed == 0


def test_costs_that_rise_beyond_all_that_is_reckoned_with_are_settled_as_no_effect(
    everything: Any, idea: Callable[..., Idea], lived: Callable[..., Portfolio], plain: Scenario
) -> None:
    """A short effect after a long wait: ahead and in its time alike, nobody fails for it."""
    rise = plain.assuming(("structure.early_costs=rise", "effects.early_rise=0.5"))
    late = idea(delay=1_200, lifetime=1, believed_effect=10**13, success=0.0)
    policy, _ = fill_unstated(everything, everything.policy("norrkoping@2010"), plain)
    fast, slow = (lived(policy, late, around=rise, scalar=way) for way in (False, True))
    assert fast.lives == slow.lives
    assert fast.lives[0].granted


def test_growing_volumes_hide_what_is_found_and_cashed_but_not_what_is_saved(
    everything: Any, idea: Callable[..., Idea], lived: Callable[..., Portfolio], plain: Scenario
) -> None:
    """Volumes that double each year leave an eighth to see three years after the start."""
    policy, _ = fill_unstated(everything, everything.policy("norrkoping@2010"), plain)
    flat = _undiscounted(plain.changed({"handling.evaluation_lag": 24}))
    grown = flat.assuming(("structure.volumes=growing", "effects.volume_growth=1"))
    one = idea(cashable=0.5, delay=0, lifetime=12)
    usual, other = (lived(policy, one, years=12, around=each) for each in (flat, grown))
    assert usual.lives[0].claimed == 120_000_000
    assert other.lives[0].claimed == pytest.approx(120_000_000 / 8, abs=1)
    assert municipal_saving(other) == municipal_saving(usual)
    sees = ProspectEvaluator(PolicyAdapter(policy, grown, Mechanisms()))
    project = sees.adapter.project(one, grown.begins)
    monthly = [600_000 / 12 * 0.5 ** (month / 12) for month in range(12)]
    assert sees.savings(one, project) == pytest.approx(sum(monthly))


def test_what_is_moved_to_others_is_lost_outside_and_saved_in_the_municipality() -> None:
    """Each idea's gain outside falls by the share of its effect, and fewer are worth their cost."""
    usual = scenario("default")
    moved = usual.assuming(("structure.shifted_costs=outside", "effects.shifted=0.5"))
    before, after = (world(each, 5, 1, 0, Mechanisms()).table for each in (usual, moved))
    assert (before["effect"] == after["effect"]).all()
    lost = before["outside"] - after["outside"]
    assert abs(lost - before["effect"] / 2).max() <= 100_000
    assert after.viable.sum() < before.viable.sum()
    assert not (after.viable & ~before.viable).any()


def test_a_date_fixed_by_the_grant_is_nearer_the_start_the_later_that_is(
    everything: Any, idea: Callable[..., Idea], lived: Callable[..., Portfolio], plain: Scenario
) -> None:
    """A start five months late is evaluated no later, and sees five months less of the effect."""
    policy, _ = fill_unstated(everything, everything.policy("norrkoping@2010"), plain)
    one = idea(delay=6, effect=240_000_000)
    fixed = plain.assuming(("structure.evaluation=fixed_date",))
    late = {"handling.start_lag": 5}
    prompt, delayed = (lived(policy, one, years=12, around=each) for each in
                       (fixed, fixed.changed(late)))  # fmt: skip
    assert prompt.lives[0].evaluated_in == delayed.lives[0].evaluated_in
    assert prompt.lives[0].claimed == 240_000_000 * 12 // 36
    assert delayed.lives[0].claimed == 240_000_000 * 7 // 36
    early = fixed.changed({**late, "handling.evaluation_lag": 2})
    ended = lived(policy, one, years=12, around=early).lives[0]
    assert ended.evaluated_in is not None
    assert ended.ended_in is not None
    assert ended.evaluated_in == ended.ended_in - 3


@pytest.mark.parametrize("path", NEEDS)
def test_a_parameter_that_is_not_at_work_is_refused_and_not_drawn(path: str) -> None:
    """The message names what it takes, which may be given in any order."""
    usual, setting = scenario("default"), "structure.{}={}".format(*NEEDS[path])
    with pytest.raises(SifError, match=setting) as refused:
        usual.assuming((f"{path}=0.5",))
    assert refused.value.fix is not None
    with pytest.raises(SifError, match=setting):
        opened(usual, [path])
    with pytest.raises(SifError, match=setting):
        usual.assuming((f"correlation.{path},ideas.flow=0.5",))
    taken = usual.assuming((f"{path}=0.5", setting))
    assert taken.value(path) == 0.5
    assert path not in uncertain(usual)
    assert path in uncertain(taken)
    with pytest.raises(SifError, match=setting):
        usual.changed({path: 0.5})
    idle = usual.with_values({path: 0.5})
    assert (of_scenario(idle), ranges_of(idle)) == (of_scenario(usual), ranges_of(usual))


def test_what_others_lose_is_what_the_municipality_saves_of_moved_costs(
    everything: Any, idea: Callable[..., Idea], lived: Callable[..., Portfolio], plain: Scenario
) -> None:
    """The measure of gains outside is of what came about, and counts the loss."""
    one = idea(success=0.0, partly=1.0, partial=0.5, outside=-60_000_000)
    policy, _ = fill_unstated(everything, everything.policy("norrkoping@2010"), plain)
    assert outside_gain(lived(policy, one, years=12)) == -300_000


def test_the_size_of_a_weighted_alternative_is_drawn_and_acts_where_it_is_taken(
    tmp_path: Path,
) -> None:
    """Draws of the first alternative read a size of nothing; other draws their own."""
    file = tmp_path / "weighted.toml"
    weights = "early_costs = { none = 1, rise = 1 }"
    file.write_text(WEIGHTED.replace("evaluation = { lifetime = 3, so_far = 1 }", weights), "utf-8")
    sample = draws(scenario(file), 64, 1)
    assert "effects.early_rise" in sample.paths
    worlds = [sample.world(row) for row in range(64)]
    rises = [each.parameters.effects.early_rise for each in worlds]
    none = [each for each in worlds if each.structure.early_costs == "none"]
    assert len(none) == 32
    assert {each.parameters.effects.early_rise for each in none} == {0}
    assert len(set(rises) - {0}) == 32
