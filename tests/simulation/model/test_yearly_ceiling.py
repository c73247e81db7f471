"""A ceiling on a year: what never fits within it is not applied for there, and does not wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sifrules import FundPolicy, Idea, Portfolio
from sifrules.plugin.simulation import Step
from sifrules_simulation.model.scenarios import Scenario

CITED = {"cite": "guide: 3"}
POT = {"kind": "yearly_pot", "amount": 5_000_000, **CITED}
BUDGET = {"kind": "budget", **CITED}


def _ceiling(limit: int) -> dict[str, Any]:
    return {"kind": "amount_per_year", "limit": limit, **CITED}


@pytest.mark.parametrize(("limit", "applied_for"), [(1_200_000, 120), (700_000, 60), (300_000, 30)])
def test_a_project_is_cut_to_what_a_year_may_grant(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    limit: int,
    applied_for: int,
) -> None:
    """To a half or a quarter, as by other ceilings on an amount."""
    policy = policy_of(funding=POT, return_model=BUDGET, caps={"year": _ceiling(limit)})
    (life,) = lived(policy, idea()).lives
    assert (life.granted, life.applied_for) == (True, applied_for * 1_000_000)


def test_what_no_year_can_grant_is_refused_and_does_not_wait(
    policy_of: Callable[..., FundPolicy], idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """A year without other grants would not be enough, so waiting is of no use."""
    policy = policy_of(funding=POT, return_model=BUDGET, caps={"year": _ceiling(100_000)})
    (life,) = lived(policy, idea()).lives
    assert (life.stopped, life.refused_by) == (Step.DECIDED, ("caps.year",))


def test_what_another_year_can_grant_waits_for_it(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    plain: Scenario,
) -> None:
    """Two projects of which a year has room for one: the second is granted the year after."""
    policy = policy_of(funding=POT, return_model=BUDGET, caps={"year": _ceiling(1_500_000)})
    around = plain.changed({"handling.patience": 24})
    portfolio = lived(policy, idea(), idea(number=1, committee=1), years=4, around=around)
    years = sorted((life.granted_in or 0) // 12 for life in portfolio.lives if life.granted)
    assert years == [0, 1]


@pytest.mark.parametrize(("limit", "taken_to"), [(1_200_000, "small"), (200_000, "large")])
def test_a_track_whose_year_never_has_room_is_not_chosen(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    limit: int,
    taken_to: str,
) -> None:
    """Of two tracks that are alike but for the ceiling."""
    tracks = {
        name: {"title": {"sv": name, "en": name}, **CITED, "return_model": {"kind": "budget"}}
        for name in ("small", "large")
    }
    tracks["small"] |= {"caps": {"year": _ceiling(limit)}}
    policy = policy_of(funding=POT, return_model=None, track=tracks)
    (life,) = lived(policy, idea()).lives
    assert (life.track, life.granted) == (taken_to, True)
