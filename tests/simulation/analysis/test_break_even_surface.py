"""The break-even surface: known lines are found again out of noise, and what is tried is real."""

from __future__ import annotations

import numpy as np
import pytest

from sifrules import Registry, SifError
from sifrules_simulation.analysis.break_even_surface import (
    HORIZON,
    Surface,
    break_even_surface,
    surface_of,
    surface_plan,
)
from sifrules_simulation.analysis.trade_off import trade_off_plan
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.levers import Lever, lever_named
from sifrules_simulation.model.scenarios import scenario

SHARE, FLOOR = "return_model.share", "return_model.floor"
MEASURED = ("willingness", "months_exhausted")
MARGIN, LASTS = 0.05, 12.0
SHARES, FLOORS = np.linspace(0, 1, 6), (0.0, 0.25)


@pytest.fixture
def levers(everything: Registry) -> tuple[Lever, ...]:
    """The share and the floor of a guideline."""
    policy = everything.policy("orebro@2016")
    return lever_named(policy, SHARE), lever_named(policy, FLOOR)


def known(stream: np.random.Generator, draws: int) -> tuple[list[tuple[float, ...]], np.ndarray]:
    """A synthetic study: deterrence is 0.2 share² + 0.1 floor, times what differs by draw."""
    values = [(float(share), floor) for share in SHARES for floor in FLOORS]
    true = np.array([0.2 * share**2 + 0.1 * floor for share, floor in values])
    table = true * stream.gamma(4, 1 / 4, size=(draws, 1))
    return values, table + stream.normal(0, 0.05, size=table.shape)


def truth(floor: float) -> float:
    """Where straight lines between the shares that are tried reach the margin."""
    return float(np.interp(MARGIN, 0.2 * SHARES**2 + 0.1 * floor, SHARES))


@pytest.mark.once
def test_intervals_of_a_known_line_cover_it(
    levers: tuple[Lever, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Intervals of 95 % hold in 89 to 99 % of synthetic studies with noise, under each floor."""
    monkeypatch.setattr("sifrules_simulation.analysis.break_even._RESAMPLES", 200)
    monkeypatch.setattr("sifrules_simulation.analysis.break_even_surface._RESAMPLES", 1)
    stream, studies = np.random.default_rng(18), 120
    covered = dict.fromkeys(FLOORS, 0)
    for study in range(studies):
        values, table = known(stream, 64)
        _, lines = surface_of(
            levers, values, table, np.zeros_like(table),
            horizon=60, margin=MARGIN, most_empty=LASTS, seed=study,
        )  # fmt: skip
        for line in lines:
            place, right = line.crossing, truth(line.others[0])
            assert place is not None
            low = -np.inf if place.open_ends[0] else place.low
            high = np.inf if place.open_ends[1] else place.high
            covered[line.others[0]] += low <= right <= high
    assert all(0.89 <= each / studies <= 0.99 for each in covered.values()), covered


def test_a_combination_is_sure_only_where_the_fund_lasts_too(levers: tuple[Lever, ...]) -> None:
    """Little deterrence is not enough where the fund stands empty, nor the other way round."""
    values, table = known(np.random.default_rng(2), 200)
    empty = np.where([floor == 0 for _, floor in values], 0.0, 60.0) * np.ones_like(table)
    points, lines = surface_of(
        levers, values, table, empty, horizon=60, margin=MARGIN, most_empty=LASTS, seed=1
    )
    sure = {point.values: point.sure for point in points}
    assert sure[0.0, 0.0] == 1.0
    assert sure[1.0, 0.0] == 0.0
    assert {sure[each] for each in values if each[1] > 0} == {0.0}
    assert [line.others for line in lines] == [(0.0,), (0.25,)]
    assert all(line.under for line in lines)


def test_a_line_that_is_nowhere_reached_says_on_which_side_it_is(
    levers: tuple[Lever, ...],
) -> None:
    """Below the margin everywhere, or above it; of a single draw nothing is said."""
    values, table = known(np.random.default_rng(3), 64)
    for margin, under in ((0.9, True), (-0.9, False)):
        _, lines = surface_of(
            levers, values, table, table * 0, horizon=60, margin=margin, most_empty=0, seed=1
        )
        assert {(line.crossing, line.under) for line in lines} == {(None, under)}
    one = table[:1]
    with pytest.raises(SifError, match="only 1 draws"):
        surface_of(levers, values, one, one, horizon=60, margin=0.1, most_empty=0, seed=1)


def _tried(registry: Registry, levers: list[str], behaviour: str) -> Surface:
    """A small one, in which only the horizon is what it is said to be."""
    base = registry.policy("orebro@2016")
    plan = trade_off_plan(registry, base, levers, MEASURED, points=4)
    planned = surface_plan(
        registry, plan, scenario(), (24, 120), behaviour=behaviour, years=3, seed=1
    )
    for horizon, design in planned.designs.items():
        stated = design.scenario.stated[HORIZON]
        assert (stated.low, stated.value, stated.high) == (horizon, horizon, horizon)
    return break_even_surface(
        planned, margin=MARGIN, most_empty=36, draws=8, replications=2, running=Running(jobs=1)
    )


@pytest.mark.once
def test_a_higher_floor_deters_more_in_the_model(everything: Registry) -> None:
    """Under both horizons, in the same draws; the policy as it stands is among what is tried."""
    found = _tried(everything, [SHARE, f"{FLOOR}=0:0.8"], "weighing")
    for horizon in (24, 120):
        of = {each.values: each.deterrence.mean for each in found.points if each.horizon == horizon}
        assert (1.0, 0.3) in of
        low, high = of[1.0, 0.0], of[1.0, 0.8]
        assert low is not None
        assert high is not None
        assert low < high


@pytest.mark.once
def test_the_null_behaviour_is_deterred_by_nothing(everything: Registry) -> None:
    """Whoever applies by the toss of a coin is under every margin."""
    found = _tried(everything, [SHARE], "null")
    assert {point.deterrence.mean for point in found.points} == {0.0}
    assert {point.sure for point in found.points} == {1.0}
