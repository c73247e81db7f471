"""Simulating for the page: stages, what is remembered, and a stop."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest
from attrs import evolve
from polars.testing import assert_frame_equal

from sifrules import SifError
from sifrules_simulation import compare
from sifrules_simulation.analysis.comparison import ComparisonBuilder
from sifrules_simulation.app.result_sections import sections_of
from sifrules_simulation.app.simulating import Simulations, Stopped
from sifrules_simulation.app.state import EQUAL, AppState
from sifrules_simulation.experiments.batches import Failure

STATE = AppState(policy="orebro@2016", lang="sv", changes=(("return_model.share", "0.0"),), years=2)


def silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def test_the_last_stage_is_what_a_comparison_gives(offers: Any) -> None:
    """The numbers are those of `compare` of as many replications, whatever the stages."""
    simulations = Simulations(offers, (2, 5))
    first, last = simulations.staged(STATE, Event(), silent)
    assert (first.last, last.last) == (False, True)
    policies = ["orebro@2016", offers.policy(STATE.policy, STATE.settings)]
    wanted = compare(policies, replications=5, years=2, jobs=1)
    assert_frame_equal(last.comparison.frame, wanted.frame)  # but for how sums are rounded
    assert list(simulations.staged(evolve(STATE, lang="en"), Event(), silent)) == [last]


def test_the_return_flow_is_taken_apart_where_there_is_one(offers: Any) -> None:
    """A policy that claims is run without each mechanism; one that claims nothing is not."""
    claims = Simulations(offers, (2,)).whole(evolve(STATE, changes=()))
    assert set(claims.without) == {"claims_expected", "refill", "return_flow"}
    without = Simulations(offers, (2,)).whole(evolve(STATE, policy="norrkoping@2022", changes=()))
    assert without.without == {}


def test_equal_money_is_the_same_for_all(offers: Any) -> None:
    """The funds that are compared begin with the same sum."""
    state = evolve(STATE, changes=(), others=("norrkoping@2010",), money=EQUAL)
    found = Simulations(offers, (2,)).whole(state)
    assert found.comparison.experiment.scenario.endowment is not None


def test_what_fails_without_a_mechanism_is_said(
    offers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every world fails without one, that is the answer, and no table of nothing."""
    simulations = Simulations(offers, (2,))
    done = simulations.whole(evolve(STATE, changes=()))
    assert done.failures == ()
    broken = Failure(part="", policy="orebro@2016", draw=None, replication=0, seed=1,
                     error="out of luck", command="sif simulate orebro@2016")  # fmt: skip
    without = {
        name: evolve(each, replications=0, failures=(broken,))
        for name, each in done.without.items()
    }
    some = evolve(
        done, without={**done.without, "refill": evolve(without["refill"], replications=1)}
    )
    assert some.failures == (broken,)
    text = " ".join(str(each) for each in sections_of(some, STATE.policy, "sv", charts=False))
    assert "1 körning misslyckades och är utelämnad: out of luck" in text
    made = iter([done.comparison, *without.values()])
    monkeypatch.setattr(ComparisonBuilder, "result", lambda *_: next(made))
    with pytest.raises(SifError, match="out of luck"):
        Simulations(offers, (2,)).whole(evolve(STATE, changes=()))


def test_a_run_stops_when_nobody_waits(offers: Any) -> None:
    """Before its next batch, be it that the browser has gone or that the page is closed."""
    simulations, gone = Simulations(offers, (2, 4)), Event()
    running = simulations.staged(STATE, gone, silent)
    next(running)
    gone.set()
    with pytest.raises(Stopped):
        next(running)
    simulations.closed.set()
    with pytest.raises(Stopped):
        simulations.whole(STATE)
