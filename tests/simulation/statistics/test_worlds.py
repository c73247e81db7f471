"""Shares of worlds: the noise of few replications is taken out, and intervals cover."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats

from sifrules_simulation.statistics.worlds import Array, Worlds

MARGIN = 0.05
STUDIES = 120

Drawn = Callable[[np.random.Generator, int], Array]


def _groups(stream: np.random.Generator, size: int) -> Array:
    first = stream.random(size) < 0.3
    return np.where(first, stream.normal(-0.1, 0.05, size), stream.normal(0.1, 0.06, size))


def _often_nothing(stream: np.random.Generator, size: int) -> Array:
    return np.where(stream.random(size) < 0.4, 0.0, stream.normal(0.1, 0.08, size))


#: Distributions of effects, each with the share of worlds above the margin.
KNOWN: dict[str, tuple[Drawn, float]] = {
    "normal": (lambda s, n: s.normal(0.07, 0.1, n), stats.norm.sf(MARGIN, 0.07, 0.1)),
    "skewed": (
        lambda s, n: s.gamma(1.5, 0.08, n) - 0.05,
        stats.gamma.sf(MARGIN + 0.05, 1.5, scale=0.08),
    ),
    "groups": (
        _groups,
        0.3 * stats.norm.sf(MARGIN, -0.1, 0.05) + 0.7 * stats.norm.sf(MARGIN, 0.1, 0.06),
    ),
    "nearly all": (lambda s, n: 0.6 * s.beta(2, 4, n), stats.beta.sf(MARGIN / 0.6, 2, 4)),
    "often nothing": (_often_nothing, 0.6 * stats.norm.sf(MARGIN, 0.1, 0.08)),
}


def _study(effects: Array, stream: np.random.Generator, replications: int = 2) -> Array:
    """What so few replications show of effects, with noise that differs between draws."""
    noise = 0.06 * np.sqrt(stream.gamma(2, 0.5, len(effects)))
    shown = effects[:, None] + noise[:, None] * stream.standard_normal((len(effects), replications))
    return np.asarray(shown)


@pytest.mark.once
def test_intervals_of_95_per_cent_cover_known_shares_in_90_to_97_of_100_studies() -> None:
    """Whatever the effects are distributed as, with two replications a draw."""
    covered = {}
    for kind, (drawn, share) in KNOWN.items():
        hits = 0
        for study in range(STUDIES):
            stream = np.random.default_rng([study, 128])
            found = Worlds.of(_study(drawn(stream, 128), stream))
            assert found is not None
            about = found.above(MARGIN)
            hits += about.low <= share <= about.high
        covered[kind] = hits / STUDIES
    assert all(each >= 0.9 for each in covered.values()), covered
    assert 0.9 <= np.mean(list(covered.values())) <= 0.97, covered


@pytest.mark.once
def test_shares_of_2_and_98_per_cent_are_covered_in_85_of_100_studies_of_normal_effects() -> None:
    """Where next to none, or all but a few, of the worlds pass the margin, it is a little less."""
    covered = []
    for share in (0.02, 0.98):
        for spread in (0.05, 0.1):
            middle = MARGIN - spread * stats.norm.isf(share)
            for study in range(40):
                stream = np.random.default_rng([study, 2])
                found = Worlds.of(_study(stream.normal(middle, spread, 128), stream))
                assert found is not None
                about = found.above(MARGIN)
                covered.append(about.low <= share <= about.high)
    assert np.mean(covered) >= 0.85


@pytest.mark.once
def test_more_draws_do_not_narrow_the_interval_past_what_is_true() -> None:
    """With many draws the distribution is bent further: a sharp edge near the margin is seen."""
    share, missed = 0.98, []
    shift = MARGIN - stats.gamma.isf(share, 1.5, scale=0.08)
    for study in range(6):
        stream = np.random.default_rng([study, 3])
        found = Worlds.of(_study(stream.gamma(1.5, 0.08, 1024) + shift, stream))
        assert found is not None
        missed.append(abs(found.above(MARGIN).share - share))
    assert np.mean(missed) < 0.02


def test_counting_draws_is_misled_by_noise_and_the_share_of_worlds_is_not() -> None:
    """Where no world passes the margin, noise alone carries many draws past it."""
    stream = np.random.default_rng(3)
    seen = 0.1 * stream.standard_normal((1024, 2))
    found = Worlds.of(seen)
    assert found is not None
    assert (seen.mean(axis=1) > MARGIN).mean() > 0.2
    assert found.above(MARGIN).share < 0.03
    assert found.noise_part > 0.9


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(2, 40), st.integers(2, 4))
def test_shares_above_and_below_a_margin_sum_to_one(seed: int, draws: int, times: int) -> None:
    """And each lies within its interval; a higher margin is passed in no more worlds."""
    stream = np.random.default_rng(seed)
    found = Worlds.of(stream.normal(0.1, 0.2, (draws, 1)) + stream.normal(0, 0.1, (draws, times)))
    assert found is not None
    above, below = found.above(MARGIN), found.below(MARGIN)
    assert above.share + below.share == pytest.approx(1)
    assert 0 <= above.low <= above.share <= above.high <= 1
    assert found.above(0.2).share <= above.share + 1e-12


@pytest.mark.parametrize(("effect", "share"), [(0.0, 0.0), (0.1, 1.0)])
def test_draws_that_all_show_the_same_are_in_no_doubt_but_for_their_number(
    effect: float, share: float
) -> None:
    """The interval says how many worlds could still be different."""
    found = Worlds.of(np.full((64, 2), effect))
    assert found is not None
    about = found.above(MARGIN)
    assert about.share == pytest.approx(share)
    assert 0.05 < about.high - about.low < 0.07


def test_draws_without_two_replications_that_can_be_compared_are_left_out() -> None:
    """They are not counted; where fewer than two draws are left there is no share."""
    values = np.array([[0.1, 0.2], [np.nan, 0.1], [0.0, 0.1]])
    found = Worlds.of(values)
    assert found is not None
    assert found.above(0.0).draws == 2
    assert Worlds.of(values[:2]) is None


@pytest.mark.parametrize("spread", [0.005, 0.01, 0.02])
def test_a_share_of_next_to_nothing_is_not_in_doubt_for_its_smallness(spread: float) -> None:
    """The interval of a margin that lies far from all effects is narrow."""
    stream = np.random.default_rng(5)
    found = Worlds.of(_study(stream.normal(0, spread, 100), stream))
    assert found is not None
    assert found.above(0.3).high < 0.1
    assert found.above(-0.3).low > 0.9
