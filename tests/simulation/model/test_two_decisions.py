"""An idea decided first and the amount later, simulated: two steps with their own lead times."""

from __future__ import annotations

import pytest
from attrs import evolve

from sifrules import Portfolio, Registry, registry
from sifrules.plugin.simulation import Event, Step
from sifrules_simulation import scenario
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.model.decision_measures import decision_measures
from sifrules_simulation.model.replication import simulate
from sifrules_simulation.model.world import world

FUND = "examples/what-ifs/shared-cost.toml"
RICH = "funding.amount=900000000"
YEARS = 6


@pytest.fixture(scope="module")
def towns() -> Registry:
    """All that is installed."""
    return registry()


def _portfolio(
    towns: Registry, settings: list[str], number: int = 1, *, scalar: bool = False
) -> tuple[Portfolio, list[Event]]:
    design = comparison_design(
        towns, [towns.policy(FUND, settings)], scenario=scenario("default"), years=YEARS
    )
    events: list[Event] = []
    setup = evolve(design.setup(0), scalar=scalar, observers=(events.append,) if scalar else ())
    around = world(design.scenario, YEARS, 1, number, design.switches)
    return simulate(setup, around, YEARS), events


def _two(least: int, most: int) -> list[str]:
    return [
        RICH,
        "procedure.decides_idea_first=true",
        f"procedure.amount_lead_at_least={least}",
        f"procedure.amount_lead_at_most={most}",
    ]


def test_without_time_between_them_two_decisions_are_one(towns: Registry) -> None:
    """Where money is no bar the same is granted in the same months, by the same draws."""
    one, _ = _portfolio(towns, [RICH])
    two, _ = _portfolio(towns, _two(0, 0))
    granted = [(life.idea.number, life.granted_in, life.applied_for) for life in one.granted]
    assert granted
    assert granted == [
        (life.idea.number, life.granted_in, life.applied_for) for life in two.granted
    ]


def test_the_amount_comes_its_lead_time_after_the_idea(towns: Registry) -> None:
    """Approved in one month, the amount set and granted so many months later."""
    found, events = _portfolio(towns, _two(5, 5), scalar=True)
    months = {
        step: {event.idea: event.month for event in events if event.step is step}
        for step in (Step.IDEA_APPROVED, Step.AMOUNT_SET)
    }
    assert months[Step.AMOUNT_SET]
    for idea, month in months[Step.AMOUNT_SET].items():
        assert month - months[Step.IDEA_APPROVED][idea] == 5
    for life in found.granted:
        assert life.approved_in == months[Step.IDEA_APPROVED][life.idea.number]
        assert life.granted_in is not None
        assert life.granted_in >= life.approved_in + 5


def test_both_ways_of_running_agree(towns: Registry) -> None:
    """Worked out before or in its time, the same ideas are approved and granted."""
    fast, _ = _portfolio(towns, _two(3, 9))
    slow, _ = _portfolio(towns, _two(3, 9), scalar=True)
    lives = [
        [(e.approved_in, e.granted_in, e.applied_for) for e in each.lives if e.applied is not None]
        for each in (fast, slow)
    ]
    assert lives[0] == lives[1]


def test_those_that_pass_the_first_and_are_never_granted_are_counted(towns: Registry) -> None:
    """The fund is too small for all whose idea is approved."""
    settings = [*_two(4, 4)[1:], "funding.amount=2000000"]
    policy = towns.policy(FUND, settings)
    approved, not_granted = decision_measures([policy])
    found = next(
        portfolio
        for portfolio in (_portfolio(towns, settings, number)[0] for number in range(20))
        if any(life.approved_in is not None and not life.granted for life in portfolio.lives)
    )
    passed = [life for life in found.lives if life.approved_in is not None]
    assert approved.of(found) == len(passed)
    assert not_granted.of(found) == sum(life.granted_in is None for life in passed) > 0
    assert decision_measures([towns.policy(FUND)]) == ()


def test_the_first_decision_refuses_and_nothing_comes_of_it(towns: Registry) -> None:
    """What the rules on the idea refuse is never approved."""
    found, _ = _portfolio(towns, _two(2, 2), 5)
    for life in found.lives:
        if life.approved_in is None:
            assert life.granted_in is None
