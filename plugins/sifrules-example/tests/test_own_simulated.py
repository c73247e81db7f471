"""The measure and the behaviour, by themselves and in a simulation."""

from types import SimpleNamespace

import pytest

from sifrules import OutcomeForecast, Prospect, registry
from sifrules.plugin.simulation import ProjectOutcome
from sifrules_example.own.behaviour import WorstCase
from sifrules_example.own.measure import WAITING
from sifrules_simulation import compare


def test_the_wait_is_the_mean_over_the_grants() -> None:
    """Two grants, after two and four months."""
    lives = [SimpleNamespace(applied=1, granted_in=3), SimpleNamespace(applied=5, granted_in=9)]
    assert WAITING.of(SimpleNamespace(granted=lives)) == 3.0


def test_without_grants_there_is_no_wait() -> None:
    """A mean of nothing is not defined."""
    assert WAITING.of(SimpleNamespace(granted=[])) is None


@pytest.mark.parametrize(
    ("claims", "burden", "applies"), [(0, 0, True), (1, 0, False), (0, 1, False)]
)
def test_a_committee_that_looks_at_the_worst(claims: int, burden: int, applies: bool) -> None:
    """However good the best outcome is, a failure that costs something decides it."""
    ways = (
        OutcomeForecast(ProjectOutcome.AS_HOPED, 0.9, 100.0, 100.0, 10.0),
        OutcomeForecast(ProjectOutcome.FAILS, 0.1, 0.0, 0.0, float(claims)),
    )
    sees = Prospect(ways, effort=0.0, burden=float(burden), grant_chance=1.0, luck=0.5)
    assert WorstCase().given({}).applies(sees) is applies


def test_both_are_used_in_a_simulation() -> None:
    """The behaviour can be requested by name, and the measure is a column."""
    ours = registry()
    result = compare(
        ["exempelby@2025"], behaviour=WorstCase.name, registry=ours, replications=2, years=3
    )
    assert WAITING.name in result.runs.columns
