"""Break-even: where a measure crosses its line, how surely, or that it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from sifrules import FundPolicy, Registry, SifError
from sifrules_simulation.analysis.break_even import (
    BreakEven,
    break_even,
    crossed,
)
from sifrules_simulation.experiments.levers import Lever, lever_named, levers
from sifrules_simulation.presentation.break_even_tables import break_even_words

SHARE = Lever(path="return_model.floor", words=Lever.__doc__, kind="share", now=0.3)  # type: ignore[arg-type]
COUNT = Lever(path="caps.new_investments.limit", words=Lever.__doc__, kind="whole", now=3)  # type: ignore[arg-type]
VALUES = [0.0, 0.25, 0.5, 0.75, 1.0]


def _curve(means: list[float], noise: float = 0.0, replications: int = 200) -> Any:
    """Replications of a measure around these means, one column a value of the lever."""
    chance = np.random.default_rng(4).standard_normal((replications, len(means)))
    return np.array(means) + noise * chance


# --- where a line is crossed ----------------------------------------------------------


@pytest.mark.once
@settings(max_examples=25)
@given(st.floats(0.05, 0.95), st.booleans())
def test_a_straight_curve_is_crossed_where_it_must_be(target: float, falling: bool) -> None:
    """Uptake that follows the lever reaches the target at that value of it."""
    means = [1 - value for value in VALUES] if falling else VALUES
    found = crossed(SHARE, VALUES, _curve(means), target, seed=1)
    assert found is not None
    assert found.value == pytest.approx(1 - target if falling else target, abs=1e-4)
    assert found.low == found.value == found.high
    assert found.times == 1


def test_noise_makes_the_interval_wide_and_the_truth_lies_in_it() -> None:
    """The interval comes of resampling replications."""
    found = crossed(SHARE, VALUES, _curve(VALUES, noise=0.5), 0.4, seed=1)
    assert found is not None
    assert found.low < 0.4 < found.high
    assert 0.02 < found.high - found.low < 0.4
    sharper = crossed(SHARE, VALUES, _curve(VALUES, noise=0.5, replications=5_000), 0.4, seed=1)
    assert sharper is not None
    assert sharper.high - sharper.low < found.high - found.low


def test_a_line_that_is_not_reached_is_not_crossed() -> None:
    """No value is made up beyond the range."""
    assert crossed(SHARE, VALUES, _curve(VALUES), 1.2, seed=1) is None


def test_meeting_the_line_at_an_end_counts() -> None:
    """The end of the range does it, then."""
    found = crossed(SHARE, VALUES, _curve(VALUES), 1.0, seed=1)
    assert found is not None
    assert found.value == 1.0


def test_an_interval_that_reaches_an_end_is_open_there() -> None:
    """Other replications would not have crossed the line within the range."""
    found = crossed(SHARE, VALUES, _curve(VALUES, noise=1.0), 0.9, seed=1)
    assert found is not None
    assert found.open_ends == (False, True)
    assert found.high == 1.0


def test_a_whole_number_is_rounded_up_to_what_can_be_set() -> None:
    """Three and a half grants a year means four."""
    found = crossed(COUNT, [1.0, 2.0, 3.0, 4.0, 5.0], _curve([1, 2, 3, 4, 5]), 3.5, seed=1)
    assert found is not None
    assert found.value == 4


def test_all_crossings_are_counted_and_the_first_is_given() -> None:
    """A curve that rises and falls."""
    found = crossed(SHARE, VALUES, _curve([0, 1, 0, 1, 0]), 0.5, seed=1)
    assert found is not None
    assert found.value == pytest.approx(0.125)
    assert found.times == 4


# --- levers ---------------------------------------------------------------------------


def test_every_number_of_a_guideline_is_a_lever(everything: Registry) -> None:
    """Shares, whole numbers and kronor, stated or not; texts and flags are none."""
    found = levers(everything.policy("orebro@2016"))
    assert found["return_model.floor"].kind == "share"
    assert found["return_model.floor"].now == 0.3
    assert found["caps.new_investments.limit"].kind == "whole"
    assert found["funding.amount"].kind == "SEK"
    assert found["funding.amount"].now == 65_000_000
    assert "return_model.bounded_by_effect" not in found


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("return_model.flor", r"no lever 'return_model.flor'.*did you mean return_model.floor"),
        ("return_model.bounded_by_effect", "is no number"),
    ],
)
def test_what_is_no_lever_is_refused_with_the_nearest(
    everything: Registry, path: str, wrong: str
) -> None:
    """Whether it does not exist or is not a number."""
    with pytest.raises(SifError, match=wrong):
        lever_named(everything.policy("orebro@2016"), path)


# --- the whole ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found(everything: Registry) -> BreakEven:
    """How many new investments a year Örebro's fund must allow for 2.7 grants in five years."""
    return break_even(
        everything, everything.policy("orebro@2016"), "caps.new_investments.limit", "grants", 2.7,
        within=(1, 6), replications=12, years=5, jobs=1,
    )  # fmt: skip


def test_the_value_lies_where_the_curve_crosses_the_target(found: BreakEven) -> None:
    """Every whole number in range was tried; fewer a year are fewer in all."""
    assert list(found.curve) == [1, 2, 3, 4, 5, 6]
    means = [each.mean or 0 for each in found.curve.values()]
    assert found.crossing is not None
    at = list(found.curve).index(found.crossing.value)
    assert means[at - 1] < found.target <= means[at]
    assert (found.policy, found.measure.name) == ("orebro@2016", "grants")


def test_the_answer_is_reported_in_both_languages(found: BreakEven) -> None:
    """With the interval, and what the guideline states."""
    words = list(break_even_words(found))
    assert "grants reaches 2.7 count at caps.new_investments.limit =" in words[0].en
    assert "beviljade satsningar når 2,7 antal vid caps.new_investments.limit =" in words[0].sv
    assert words[-1].en == "the guideline states 3"


def test_that_nothing_in_range_does_it_is_an_answer(everything: Registry) -> None:
    """A cap cannot make people apply a hundred times."""
    nothing = break_even(
        everything, everything.policy("orebro@2016"), "caps.new_investments.limit", "grants", 100.0,
        within=(1, 3), replications=2, years=3, jobs=1,
    )  # fmt: skip
    assert nothing.crossing is None
    (never, _) = break_even_words(nothing)
    assert "no value of caps.new_investments.limit from 1 to 3 makes grants reach" in never.en


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"measure": "grant"}, "no measure 'grant'; did you mean grants"),
        ({"within": (3.0, 1.0)}, "expected a range from less to more, got 3 to 1"),
        ({"within": (1.2, 1.4)}, "there are no two values"),
        (
            {"path": "return_model.floor", "within": (0.5, 2.0)},
            "return_model.floor: expected a share",
        ),
        ({"path": "return_model.lasts"}, "states no return_model.lasts, so there is no range"),
        ({"replications": 1}, "expected at least 2 replications"),
        ({"target": float("nan")}, "expected a number to reach, got nan"),
    ],
)
def test_what_is_impossible_is_refused(
    everything: Registry, given: dict[str, Any], wrong: str
) -> None:
    """Before anything long is run, with what was expected."""
    size: dict[str, Any] = {
        "path": "caps.new_investments.limit", "measure": "grants", "target": 2.0, "within": (1, 3),
        "replications": 2, "years": 2, "jobs": 1,
    }  # fmt: skip
    if "path" in given and "within" not in given:
        size.pop("within")
    with pytest.raises(SifError, match=wrong):
        break_even(everything, everything.policy("orebro@2016"), **{**size, **given})


def test_a_policy_of_ones_own_can_be_pulled_too(
    everything: Registry, policy_of: Callable[..., FundPolicy]
) -> None:
    """The lever is any number that its parts state."""
    assert "criteria.areas.areas" in levers(policy_of())
