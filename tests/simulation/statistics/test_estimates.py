"""Means and intervals from running sums."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from sifrules_simulation.statistics.estimates import RunningMoments
from sifrules_simulation.statistics.sequential import interim_looks

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40)


@given(numbers=NUMBERS, cut=st.integers(0, 40))
def test_running_sums_give_what_all_at_once_gives(numbers: list[float], cut: int) -> None:
    """However the numbers are shared out: the mean, and the interval of Student's t."""
    sums = RunningMoments((1,))
    for part in (numbers[:cut], numbers[cut:]):
        if part:
            sums.add(np.array(part)[:, None])
    found = sums.estimate(0)
    assert found.mean == pytest.approx(np.mean(numbers), abs=1e-6)
    error = float(stats.sem(numbers))
    assert found.half_width is not None
    reach = stats.t.ppf(0.975, len(numbers) - 1) * error
    assert found.half_width == pytest.approx(reach, rel=1e-6, abs=1e-6)


def test_what_is_not_known_is_left_out() -> None:
    """A share of nothing counts neither as nothing nor as a replication."""
    sums = RunningMoments((1,))
    sums.add(np.array([[np.nan], [np.nan]]))
    assert sums.estimate(0).mean is None
    sums.add(np.array([[2.0]]))
    assert (sums.estimate(0).mean, sums.estimate(0).low) == (2.0, None)
    sums.add(np.array([[4.0], [np.nan]]))
    assert (sums.estimate(0).mean, sums.estimate(0).count) == (3.0, 2)


@given(most=st.integers(1, 1_000_000))
def test_looking_often_does_not_make_an_interval_surer(most: int) -> None:
    """All chances of error together stay within one in twenty, and the last look is at the most."""
    found = list(interim_looks(most))
    assert sum(1 - level for _, level in found) <= 0.05
    assert found[-1][0] == most
