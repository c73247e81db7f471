"""Structural assumptions: each alternative changes what it says, and the first changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sifrules import FaultyFile, Idea, Portfolio, SifError
from sifrules_simulation import scenario
from sifrules_simulation.experiments.sampling import draws
from sifrules_simulation.model.behaviours import Weighing
from sifrules_simulation.model.completion import fill_unstated
from sifrules_simulation.model.fingerprints import of_scenario, ranges_of
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.structure import ALTERNATIVES, Structure, drawn_at

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
