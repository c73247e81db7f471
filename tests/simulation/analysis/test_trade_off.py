"""Trade-offs: which combinations of a guideline's numbers are on the front, and how surely."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays

from sifrules import Registry, SifError
from sifrules_simulation.analysis.trade_off import (
    POINTS,
    TradeOff,
    front_shares,
    run_trade_off,
    trade_off_plan,
)
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.statistics.fronts import on_front

SHARE, FLOOR = "return_model.share", "return_model.floor"
WEIGHED = ("application_uptake", "months_exhausted")


@given(arrays(float, st.tuples(st.integers(1, 6), st.just(2)), elements=st.integers(0, 3)))
@settings(max_examples=60, deadline=None)
def test_the_front_is_what_the_definition_says(better: np.ndarray) -> None:
    """A row is off it exactly where another is at least as good in all and better in one."""

    def beaten(row: np.ndarray) -> bool:
        return any((other >= row).all() and (other > row).any() for other in better)

    assert on_front(better).tolist() == [not beaten(row) for row in better]


def test_what_is_not_known_is_on_no_front() -> None:
    """And beats nothing."""
    assert on_front(np.array([[np.nan, 9.0], [1.0, 1.0]])).tolist() == [False, True]


def test_a_share_of_resamples_is_how_sure_a_place_is() -> None:
    """One that is better in every world is sure; two that differ by chance share the place."""
    chance = np.random.default_rng(1).normal(size=(400, 2))
    table = np.stack([np.full((400, 2), 9.0), np.zeros((400, 2)), chance * 0.1], axis=1)
    assert front_shares(table, np.ones(2), 1).tolist() == [1.0, 0.0, 0.0]
    even = np.stack([chance, -chance], axis=1)
    shares = front_shares(even, np.ones(2), 1)
    assert ((shares > 0.05) & (shares < 1.0)).any()


def test_two_levers_make_a_grid_and_more_a_hypercube(everything: Registry) -> None:
    """The policy as it stands is tried first, and what its parts refuse is counted."""
    base = everything.policy("orebro@2016")
    grid = trade_off_plan(everything, base, [SHARE, f"{FLOOR}=0:0.5"], WEIGHED)
    assert grid.points[0] == (1.0, 0.3)
    assert grid.policies[0] is base
    assert len(grid.points) == 1 + POINTS[2]
    assert {point[1] for point in grid.points[1:]} == {0.0, 0.125, 0.25, 0.375, 0.5}
    cube = trade_off_plan(
        everything, base, [SHARE, FLOOR, "return_model.lasts=12:120"], WEIGHED, points=12
    )
    values = [[point[at] for point in cube.points[1:]] for at in range(3)]
    assert [len(set(each)) for each in values] == [12, 12, 12]
    assert all(12 <= months <= 120 and months == round(months) for months in values[2])
    refused = trade_off_plan(everything, base, [f"{SHARE}=0.5:1.5"], WEIGHED)
    assert refused.impossible > 0
    assert max(share for (share,) in refused.points if share is not None) <= 1


@pytest.mark.parametrize(
    ("levers", "measures", "less", "reported"),
    [
        ((), WEIGHED, (), "0 levers are too few or too many"),
        ((SHARE,), WEIGHED[:1], (), "two measures at least"),
        ((SHARE,), WEIGHED, ("grants",), "--less grants is none of the measures"),
        ((SHARE, f"{SHARE}=0:1"), WEIGHED, (), "named twice"),
        ((f"{SHARE}=low:high",), WEIGHED, (), "is no range"),
        ((f"{SHARE}=1:0",), WEIGHED, (), "0"),
        (("return_model.flor",), WEIGHED, (), "did you mean return_model.floor"),
    ],
)
def test_what_cannot_be_weighed_is_refused(
    everything: Registry,
    levers: tuple[str, ...],
    measures: tuple[str, ...],
    less: tuple[str, ...],
    reported: str,
) -> None:
    """In a line that says what and where."""
    with pytest.raises(SifError) as error:
        trade_off_plan(everything, everything.policy("orebro@2016"), levers, measures, less=less)
    assert reported in str(error.value)


@pytest.fixture(scope="module")
def weighed(everything: Registry) -> TradeOff:
    """Three shares under the guideline of 2010."""
    base = everything.policy("norrkoping@2010")
    plan = trade_off_plan(everything, base, [f"{SHARE}=0:1"], WEIGHED, points=3)
    design = comparison_design(everything, list(plan.policies), years=4)
    return run_trade_off(plan, design, 8, Running(jobs=1))


def test_a_smaller_share_is_applied_for_more(weighed: TradeOff) -> None:
    """Taking out what is returned draws applications, in the same worlds, and is on the front."""
    by_share = {point.values[0]: point for point in weighed.points}
    none, whole = (by_share[share].estimates[0].mean or 0.0 for share in (0.0, 1.0))
    assert none > whole
    assert by_share[0.0].on_front
    assert by_share[0.0].share > 0.9
    assert weighed.front[0] is by_share[0.0]


def test_every_mean_is_what_a_comparison_gives(weighed: TradeOff, everything: Registry) -> None:
    """Digit for digit."""
    from sifrules_simulation import compare

    point = weighed.points[-1]
    policy = everything.changed(weighed.plan.base, list(point.settings))
    result = compare([policy, "orebro@2016"], replications=8, years=4)
    for measure, each in zip(WEIGHED, point.estimates, strict=True):
        assert result.mean(policy.id, measure).mean == pytest.approx(each.mean, rel=1e-12)
