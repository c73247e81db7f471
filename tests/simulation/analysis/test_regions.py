"""Where in the assumptions a hypothesis turns: boxes that are tried on draws held out."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from sifrules.errors import SifError
from sifrules_simulation.analysis.regions import (
    BEATS,
    FEWEST,
    DrawOutcome,
    ParameterInterval,
    Region,
    regions,
)
from sifrules_simulation.presentation import study_words
from sifrules_simulation.results.study_data import region_json

Array = NDArray[np.float64]
COUNT = 900
PATHS = ("a", "b", *(f"dummy.{number:02}" for number in range(20)))
VALUES = np.random.default_rng(1).random((COUNT, len(PATHS)))
CORNER = ((VALUES[:, 0] > 0.6) & (VALUES[:, 1] <= 0.5)).astype(float)
NEVER = np.zeros(COUNT)


@pytest.fixture(scope="module", autouse=True)
def _workbench() -> None:
    """Imported where these tests run, and not wherever tests are collected: it takes seconds."""
    pytest.importorskip("ema_workbench", reason="the extra study is not installed here")


def _noisy(holds: Array, seed: int = 1) -> Array:
    """A tenth of the draws say the opposite, and none is sure."""
    wrong = np.random.default_rng(seed).random(len(holds)) < 0.1
    return np.where(wrong, 1 - holds, holds) * 0.9 + 0.05


@pytest.fixture(scope="module")
def corner() -> Region:
    """The region of where it holds in a corner, seen through noise."""
    (found,) = regions(PATHS, VALUES, _noisy(CORNER), NEVER)
    return found


@pytest.mark.once
def test_a_region_is_found_again_among_twenty_dummies(corner: Region) -> None:
    """It holds where a is above 0.6 and b at most 0.5, and through noise the region says so."""
    assert corner.tells
    assert corner.outcome is DrawOutcome.HOLDS
    bounds = {each.path: each for each in corner.conditions}
    assert bounds.keys() == {"a", "b"}
    assert bounds["a"].low == pytest.approx(0.6, abs=0.05)
    assert bounds["b"].high == pytest.approx(0.5, abs=0.05)
    assert (bounds["a"].high, bounds["b"].low) == (np.inf, -np.inf)


def test_density_and_coverage_are_those_of_draws_held_out(corner: Region) -> None:
    """Each with its interval: a third of all draws, and what is known of the true corner."""
    inside = 0.9 * 0.95 + 0.1 * 0.05
    assert corner.density.count == pytest.approx(corner.mass * COUNT / 3, abs=1)
    assert corner.density.low is not None
    assert corner.density.high is not None
    assert corner.density.low < inside < corner.density.high
    assert corner.mass == pytest.approx(0.2, abs=0.06)
    truly = 0.2 * inside / (0.2 * inside + 0.8 * (0.9 * 0.05 + 0.1 * 0.95))
    assert corner.coverage.low is not None
    assert corner.coverage.high is not None
    assert corner.coverage.low < truly < corner.coverage.high


@pytest.mark.once
def test_the_interval_of_the_density_covers_what_is_true() -> None:
    """In nineteen studies of twenty or so it holds the density that new worlds have there."""
    inside = []
    new = np.random.default_rng(99).random((20_000, 4))
    for seed in range(30):
        values = np.random.default_rng(seed).random((300, 4))
        likely = ((values[:, 0] > 0.5) & (np.random.default_rng(seed).random(300) < 0.8)) * 1.0
        (found,) = regions(PATHS[:4], values, likely, np.zeros(300), seed=seed)
        there = np.ones(len(new), dtype=bool)
        for each in found.conditions:
            there &= each.met(new[:, PATHS.index(each.path)])
        true = 0.8 * (new[there, 0] > 0.5).mean()
        assert found.density.low is not None
        assert found.density.high is not None
        inside.append(found.density.low <= true <= found.density.high)
    assert np.mean(inside) >= 0.88


@pytest.mark.once
def test_noise_has_no_region() -> None:
    """How likely it is by chance alone: in none of eight studies is a region reported."""
    rng, few = np.random.default_rng(2), slice(0, 240)
    found = [
        regions(PATHS, VALUES[few], rng.random(240) ** 2, NEVER[few], seed=seed)
        for seed in range(8)
    ]
    assert not any(each.tells for some in found for each in some)
    words = study_words.region(region_json("p", "deters", found[0][0]))
    assert words.text("en").startswith("no region was found where the hypothesis holds surely")
    assert words.text("sv").startswith("inget område hittades där hypotesen gäller säkert")


def test_what_holds_in_most_worlds_is_looked_for_where_it_does_not() -> None:
    """The rarer outcome is what a region is of."""
    (found,) = regions(PATHS, VALUES, 1 - CORNER, NEVER)
    assert found.outcome is DrawOutcome.FAILS
    assert found.tells
    assert found.density.mean == pytest.approx(1, abs=0.1)
    words = study_words.region(region_json("p", "deters", found))
    assert words.text("en").startswith("the hypothesis does not hold in ")
    assert " of the worlds where a (a) at least 0." in words.text("en")


def test_where_it_is_reversed_is_a_region_of_its_own() -> None:
    """Holds above, reversed below, neither between."""
    holds, reverse = (VALUES[:, 0] > 0.7) * 1.0, (VALUES[:, 0] < 0.3) * 1.0
    above, below = regions(PATHS, VALUES, holds, reverse)
    assert (above.outcome, below.outcome) == (DrawOutcome.HOLDS, DrawOutcome.REVERSED)
    assert above.conditions[0].low == pytest.approx(0.7, abs=0.02)
    assert below.conditions[0].high == pytest.approx(0.3, abs=0.02)


def test_a_middle_stretch_is_one_condition_with_two_ends() -> None:
    """Both ends of one parameter may be bounded."""
    middle = (VALUES[:, 0] > 0.2) & (VALUES[:, 0] <= 0.5)
    (found,) = regions(PATHS, VALUES, middle * 1.0, NEVER)
    (condition,) = found.conditions
    assert condition.low == pytest.approx(0.2, abs=0.03)
    assert condition.high == pytest.approx(0.5, abs=0.03)


def test_a_whole_parameter_is_spoken_of_in_whole_numbers() -> None:
    """Years between which nothing lies; three digits would move them, so there are four."""
    years = np.floor(2000 + 30 * VALUES[:, :1])
    (found,) = regions(("year",), years, (years[:, 0] > 2019) * 1.0, NEVER)
    (condition,) = found.conditions
    assert (condition.low, condition.high) in {(2019, np.inf), (2020, np.inf), (2021, np.inf)}


def test_limits_have_three_digits() -> None:
    """Kronor by the million are not given to the last krona."""
    kronor = 1e7 * VALUES[:, :1]
    (found,) = regions(("kronor",), kronor, (kronor[:, 0] > 6_321_987) * 1.0, NEVER)
    (condition,) = found.conditions
    assert condition.low == float(f"{condition.low:.3g}")


def test_a_condition_reads_as_it_is_met() -> None:
    """Both ends belong to it, and it is written as each language writes numbers."""
    condition = ParameterInterval("a", low=0.2, high=0.5)
    assert condition.met(np.array([0.1, 0.2, 0.5, 0.6])).tolist() == [False, True, True, False]
    words = study_words.condition({"path": "a", "low": 0.2, "high": None})
    assert (words.text("en"), words.text("sv")) == ("a (a) at least 0.2", "a (a) minst 0,2")
    words = study_words.condition({"path": "a", "low": 0.2, "high": 1000.5})
    assert words.text("en") == "a (a) 0.2 to 1,000.5"


def test_a_rare_outcome_has_no_region() -> None:
    """Where it always holds, or does not in a single draw, there is nothing to find."""
    for likely in (np.ones(COUNT), (np.arange(COUNT) != 7) * 1.0):
        (found,) = regions(PATHS, VALUES, likely, NEVER)
        assert not found.tells
        assert found.conditions == ()
        words = study_words.region(region_json("p", "deters", found)).text("en")
        assert words.endswith("than in all worlds (0 %)")


def test_a_region_must_surely_beat_the_share_in_all_worlds(corner: Region) -> None:
    """By the margin, with the lower end of its interval."""
    assert corner.density.low is not None
    assert corner.density.low > corner.base + BEATS
    idle = Region(outcome=corner.outcome, conditions=corner.conditions, density=corner.density,
                  coverage=corner.coverage, mass=corner.mass,
                  base=corner.density.low - BEATS / 2)  # fmt: skip
    assert not idle.tells


def test_draws_that_are_not_known_are_left_out() -> None:
    """An effect that is not a number is no draw."""
    known = np.where(np.arange(COUNT) < 300, np.nan, CORNER)
    (found,) = regions(PATHS, VALUES, known, known * 0)
    assert found.density.count <= 200


def test_the_same_seed_gives_the_same_region() -> None:
    """The split is drawn at random, but by the seed."""
    few = slice(0, 200)
    once, again = (regions(PATHS, VALUES[few], CORNER[few], NEVER[few]) for _ in range(2))
    assert once == again


def test_too_few_draws_are_refused() -> None:
    """The message says how many are needed and how many there are."""
    few = np.where(np.arange(COUNT) < FEWEST - 1, 1.0, np.nan)
    with pytest.raises(SifError, match="119 draws, and at least 120"):
        regions(PATHS, VALUES, few, few * 0)


def test_what_does_not_fit_together_is_refused() -> None:
    """Columns without a path."""
    with pytest.raises(SifError, match="900 draws × 2 parameters, got 900 × 22"):
        regions(PATHS[:2], VALUES, CORNER, NEVER)


def test_without_the_workbench_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is an extra."""
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis.prim", None)
    with pytest.raises(SifError, match=r"ema-workbench.*sifrules\[study\]"):
        regions(PATHS, VALUES, CORNER, NEVER)
