"""Each kind of confidence interval is the textbook's, and covers as often as it says."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.statistics.intervals import (
    CONFIDENCE,
    Mean,
    Resampled,
    Share,
    confidence_interval,
    normal_quantile,
    t_quantile,
)

levels = st.sampled_from([0.9, CONFIDENCE, 0.975, 0.99])


@given(count=st.integers(2, 10_000), level=levels)
def test_the_t_quantile_is_scipys(count: int, level: float) -> None:
    """It is taken from scipy.special for speed, and is the same to the last bit."""
    assert t_quantile(count - 1, level) == stats.t.ppf(0.5 + level / 2, count - 1)
    assert normal_quantile(level) == pytest.approx(stats.norm.ppf(0.5 + level / 2), rel=1e-12)


@given(mean=st.floats(-1e6, 1e6), error=st.floats(0, 1e6), count=st.integers(2, 500), level=levels)
def test_a_mean_has_students_interval(mean: float, error: float, count: int, level: float) -> None:
    """As scipy computes it from the mean and its standard error."""
    low, high = confidence_interval(Mean(mean, error, count), level)
    reach = error * stats.t.ppf(0.5 + level / 2, count - 1)
    assert low == pytest.approx(mean - reach)
    assert high == pytest.approx(mean + reach)


@given(trials=st.integers(1, 400), part=st.floats(0, 1), level=levels)
def test_a_share_has_wilsons_interval(trials: int, part: float, level: float) -> None:
    """By Wilson's formula: within 0 and 1, and around the share."""
    successes = round(part * trials)
    low, high = confidence_interval(Share(successes, trials), level)
    z, share = normal_quantile(level), successes / trials
    middle = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
    reach = (
        z / (1 + z**2 / trials) * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    )
    assert (low, high) == pytest.approx((middle - reach, middle + reach), abs=1e-9)
    assert 0 <= low <= share <= high <= 1


def test_a_resampled_mean_is_known_about_as_well_as_by_students_interval() -> None:
    """The bootstrap of a mean of many values; the same seed gives the same interval."""
    values = np.random.default_rng(2).normal(size=400)

    def resampled(seed: int) -> tuple[float, float]:
        return confidence_interval(
            Resampled(
                size=len(values),
                statistic=lambda rows: float(values[rows].mean()),
                resamples=1_000,
                seed=seed,
            )
        )

    student = confidence_interval(Mean(float(values.mean()), float(stats.sem(values)), len(values)))
    assert resampled(1) == pytest.approx(student, abs=0.02)
    assert resampled(1) == resampled(1) != resampled(2)


def test_the_end_of_a_resampled_interval_may_be_infinite() -> None:
    """Where too many resamples have no finite value, the interval is open on that side."""
    finite = np.random.default_rng(3).random(50)

    def statistic(rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
        mean = float(finite[rows].mean())
        return mean if mean < finite.mean() else math.inf

    low, high = confidence_interval(
        Resampled(size=len(finite), statistic=statistic, resamples=200, seed=1)
    )
    assert low < finite.mean()
    assert high == math.inf


def test_too_few_values_have_no_interval() -> None:
    """One value has a mean alone, and nothing has neither; so it is with shares."""
    assert Estimate.of_mean(3.0, None, 1) == Estimate(3.0, None, None, 1)
    assert Estimate.of_mean(None, None, 0) == Estimate(None, None, None, 0)
    assert Estimate.of_share(0, 0) == Estimate(None, None, None, 0)


def test_scipy_is_imported_when_an_interval_is_computed() -> None:
    """Commands that compute none start without it."""
    code = (
        "import sys, sifrules_simulation.statistics.estimates; "
        "sys.exit(any(name.startswith('scipy') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
