"""What each cause explains: Shapley's shares sum to the whole, and to nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, strategies as st

from sifrules import FundPolicy, Registry
from sifrules_simulation import scenario
from sifrules_simulation.analysis.attribution import causes, combinations, runs, shapley
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.planning import study_design
from sifrules_simulation.model.mechanisms import WHOLE, Mechanisms

GAMES = st.integers(1, 4).flatmap(
    lambda players: st.lists(
        st.lists(st.floats(-100, 100), min_size=2**players, max_size=2**players),
        min_size=1,
        max_size=5,
    )
)


@given(GAMES)
def test_shares_sum_to_the_whole_step(games: list[list[float]]) -> None:
    """Game by game: from no element at all to every one."""
    values = np.array(games)
    assert shapley(values).sum(axis=1) == pytest.approx(values[:, -1] - values[:, 0], abs=1e-9)


@given(st.lists(st.floats(-100, 100), min_size=8, max_size=8))
def test_who_adds_nothing_gets_nothing(values: list[float]) -> None:
    """A game of three made one of four by an element that never changes anything."""
    with_idle = np.repeat(np.array([values]), 2, axis=1)
    shares = shapley(with_idle)[0]
    assert shares[3] == pytest.approx(0, abs=1e-9)
    assert shares[:3] == pytest.approx(shapley(np.array([values]))[0])


def test_elements_that_do_the_same_get_the_same() -> None:
    """Two that are worth something only together share it evenly."""
    assert shapley(np.array([[0.0, 0.0, 0.0, 8.0]])).tolist() == [[4.0, 4.0]]


@pytest.fixture(scope="module")
def studied(everything: Registry) -> Design:
    """One policy over a few years."""
    return study_design(
        everything, scenario(), ["orebro@2016"], behaviour="weighing", years=4, seed=3
    )


def test_the_combinations_are_all_sets_of_switches() -> None:
    """Each once; the first has none at work and the last all."""
    found = list(combinations())
    assert len(set(found)) == 2 ** len(WHOLE)
    assert found[0] == Mechanisms.without(WHOLE)
    assert found[-1] == Mechanisms()


@pytest.mark.once
def test_the_shares_of_a_policy_sum_to_its_whole_step(studied: Design) -> None:
    """And every switch has one, with its interval; each replication is reported."""
    ticks: list[int] = []
    found = causes(studied, 2, Running(jobs=1, tick=ticks.append))
    assert sum(ticks) == 2 * runs(studied) == 2 * 2 ** len(WHOLE)
    assert [each.switch for each in found.shares] == list(WHOLE)
    step = found.steps["orebro@2016"]
    assert sum(each.share.mean or 0 for each in found.shares) == pytest.approx(step.mean)
    for each in found.shares:
        assert each.share.low is not None
        assert each.share.high is not None
        assert each.share.low <= (each.share.mean or 0) <= each.share.high


@pytest.mark.once
def test_a_behaviour_that_minds_no_claim_owes_nothing_to_the_return_flow(
    everything: Registry, policy_of: Callable[..., FundPolicy]
) -> None:
    """The null model, and a fund with more money than anybody asks for: no deterring, no refill."""
    rich = policy_of(funding={"kind": "endowment", "cite": "guide: 1", "amount": 5_000_000_000})
    lived = study_design(everything, scenario(), [rich], behaviour="null", years=4, seed=3)
    shares = {each.switch: each.share.mean for each in causes(lived, 2, Running(jobs=1)).shares}
    assert shares["return_flow"] == shares["write_down"] == shares["depletion"] == 0
    assert shares["novelty"] != 0
