"""What to measure: the gain from knowing an assumption, against functions that are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from sifrules_simulation.analysis.information import information

PATHS = [f"p{at}" for at in range(20)]


def _drawn(seed: int, count: int = 600) -> np.ndarray:
    return np.random.default_rng(seed).random((count, len(PATHS)))


def test_an_assumption_that_decides_is_worth_what_it_decides() -> None:
    """Where it holds above the middle of one, knowing it settles half of all worlds.

    A smooth curve gives most of that, and never more.
    """
    values = _drawn(1)
    first, *others = information(PATHS, values, (values[:, 3] > 0.5).astype(float))
    assert (first.path, first.tells) == ("p3", True)
    assert 0.35 < first.gain <= 0.5
    assert sum(each.tells for each in others) <= 1


@pytest.mark.once
def test_a_noisy_known_function_gives_its_own_gain() -> None:
    """How likely it is to hold rises evenly from 0.2 to 0.8: the gain is 0.15."""
    values = _drawn(2, 4000)
    stream = np.random.default_rng(3)
    holds = (stream.random(len(values)) < 0.2 + 0.6 * values[:, 0]).astype(float)
    found = {each.path: each for each in information(PATHS, values, holds)}
    assert found["p0"].tells
    assert found["p0"].gain == pytest.approx(0.15, abs=0.02)


def test_noise_is_worth_nothing() -> None:
    """In few of forty studies of noise anything can be distinguished from none."""
    stream = np.random.default_rng(4)
    studies = [
        information(PATHS, _drawn(seed, 200), stream.random(200).round(), seed=seed)
        for seed in range(40)
    ]
    assert sum(any(each.tells for each in found) for found in studies) <= 6


@settings(max_examples=15)
@given(st.integers(0, 1000), st.floats(0, 1))
def test_a_gain_is_never_more_than_there_is_to_gain(seed: int, share: float) -> None:
    """Nobody is right more often than always, and what is certain cannot be learnt."""
    values = _drawn(seed, 100)
    holds = (np.random.default_rng(seed).random(100) < share).astype(float)
    most = min(holds.mean(), 1 - holds.mean())
    for each in information(PATHS, values, holds):
        assert 0 <= each.gain <= most + 1e-9
        assert not each.tells or each.gain > 0


def test_too_few_draws_say_nothing() -> None:
    """Nor do assumptions that do not vary, and draws that are not known."""
    values = _drawn(5)
    assert information(PATHS, values[:63], np.ones(63)) == ()
    assert information(PATHS, np.ones((100, 20)), np.ones(100)) == ()
    unknown = np.where(np.arange(600) < 540, np.nan, 1.0)
    assert information(PATHS, values, unknown) == ()
