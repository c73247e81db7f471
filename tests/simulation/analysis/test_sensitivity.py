"""Which assumptions the effect depends on: indices against known ones, and against nothing."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import qmc

from sifrules.errors import SifError
from sifrules_simulation.analysis.sensitivity import Index, indices
from sifrules_simulation.presentation import study_words

pytest.importorskip("SALib", reason="SALib, of the extra study, is not installed here")

Array = NDArray[np.float64]

#: Sixty parameters, of which three have a part in the effect.
PATHS = tuple(f"p{number:02}" for number in range(60))


def _by_path(found: tuple[Index, ...]) -> dict[str, Index]:
    return {each.path: each for each in found}


def _study(count: int, seed: int) -> tuple[Array, Array]:
    """Draws independent of each other, and an effect as noisy as it is explained.

    Of its variance the first three parameters explain 0.32, 0.16 and 0.02.
    """
    rng = np.random.default_rng(seed)
    values = rng.random((count, len(PATHS)))
    shares = np.array([0.32, 0.16, 0.02])
    explained = (values[:, :3] - 0.5) @ np.sqrt(12 * shares)
    return values, explained + rng.normal(0, np.sqrt(0.5), count)


def test_ishigamis_function_has_the_indices_it_is_known_for() -> None:
    """0.3139, 0.4424 and nothing, each within its interval, the greatest first."""
    cube = qmc.Sobol(3, rng=np.random.default_rng(1)).random_base2(11)
    x = np.pi * (2 * cube - 1)
    effect = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = indices(("one", "two", "three"), x, effect)
    assert [each.path for each in found] == ["two", "one", "three"]
    assert [each.tells for each in found] == [True, True, False]
    for each, known in zip(found, (0.4424, 0.3139, 0.0), strict=True):
        share = each.first_order
        assert share.mean == pytest.approx(known, abs=0.02)
        assert share.low is not None
        assert share.high is not None
        assert share.low <= known <= share.high


@pytest.mark.once
def test_a_parameter_without_influence_does_not_tell() -> None:
    """Of five studies with 57 such parameters each, one at most names one of them."""
    reported = []
    for seed in range(5):
        found = _by_path(indices(PATHS, *_study(256, seed), resamples=8))
        reported.append(sum(found[path].tells for path in PATHS[3:]))
    assert sum(map(bool, reported)) <= 1


def _words(index: Index) -> str:
    return study_words.influence({"mean": index.first_order.mean, "tells": index.tells}).text("en")


@pytest.mark.once
def test_strong_parameters_tell_and_weak_ones_need_more_draws() -> None:
    """What explains a third is reported at once; what explains two in a hundred, later."""
    few, many = (_by_path(indices(PATHS, *_study(count, 1), resamples=10)) for count in (200, 2000))
    assert (few["p00"].tells, few["p02"].tells) == (True, False)
    assert [many[path].tells for path in PATHS[:3]] == [True, True, True]
    assert many["p00"].first_order.mean == pytest.approx(0.32, abs=0.04)
    assert _words(few["p02"]) == "has no measurable influence"
    assert _words(many["p02"]) == "has an influence on the effect"


def test_a_likeness_between_columns_lends_no_influence() -> None:
    """In a Sobol sequence of sixty columns some look alike; the strong one takes its own part."""
    values = qmc.Sobol(60, rng=np.random.default_rng(3)).random_base2(10)
    rng = np.random.default_rng(4)
    effect = values[:, 40] + rng.normal(0, 0.2, len(values))
    found = indices(PATHS, values, effect, resamples=10)
    assert [each.path for each in found if each.tells] == ["p40"]


def test_noise_alone_shows_nothing() -> None:
    """No parameter has a part in it, and every index is near zero and within its interval."""
    values, _ = _study(512, 2)
    found = indices(PATHS, values, np.random.default_rng(5).normal(size=512), resamples=10)
    assert not any(each.tells for each in found)
    assert all(each.first_order.low == 0 for each in found)


def test_a_whole_parameter_counts_as_what_it_explains() -> None:
    """Yes or no explains half of the variance; the order among ties is drawn at random."""
    rng = np.random.default_rng(6)
    values = np.column_stack([np.floor(2 * rng.random(1000)), rng.random(1000)])
    effect = values[:, 0] + rng.normal(0, 0.5, 1000)
    found = _by_path(indices(("whole", "other"), values, effect))
    assert found["whole"].first_order.mean == pytest.approx(0.5, abs=0.06)
    assert not found["other"].tells


def test_no_part_of_a_constant_is_explained() -> None:
    """A parameter, or an effect, that never varies has no index, and the words say why."""
    values, effect = _study(100, 7)
    values[:, 9] = 4.0
    found = indices(PATHS, values, effect, resamples=2)
    assert (found[-1].path, found[-1].first_order.mean, found[-1].tells) == ("p09", None, False)
    assert _words(found[-1]).startswith("nothing to explain")
    for constant in (0.0, 0.1):
        still = indices(PATHS, values, np.full(100, constant))
        assert [each.path for each in still] == list(PATHS)
        assert {each.first_order.mean for each in still} == {None}


def test_an_effect_in_a_single_draw_shows_nothing() -> None:
    """Most resamples then have no variance at all: intervals are wide, and numbers."""
    values, _ = _study(100, 13)
    found = indices(PATHS, values, np.where(np.arange(100) == 3, 1.0, 0.0), resamples=10)
    assert not any(each.tells for each in found)
    assert {each.first_order.high for each in found} == {1.0}


def test_draws_without_an_effect_are_left_out() -> None:
    """Not a number in, no draw more and no draw less out."""
    values, effect = _study(200, 8)
    effect[100:] = np.nan
    found = indices(PATHS, values, effect, resamples=2)
    assert found == indices(PATHS, values[:100], effect[:100], resamples=2)
    assert found[0].first_order.count == 100


def test_the_same_seed_gives_the_same_intervals() -> None:
    """The bootstrap is seeded, and leaves numpy's own generator where it was."""
    values, effect = _study(100, 9)
    before: Any = np.random.get_state()
    one, two, other = (indices(PATHS, values, effect, seed=seed, resamples=2) for seed in (1, 1, 2))
    assert one == two != other
    after: Any = np.random.get_state()
    assert np.array_equal(before[1], after[1])


def test_too_few_draws_are_refused() -> None:
    """The message says how many are needed and how many there are."""
    values, effect = _study(63, 10)
    with pytest.raises(SifError, match="63 draws, and at least 64"):
        indices(PATHS, values, effect)


def test_what_does_not_fit_together_is_refused() -> None:
    """Columns without a path, and an interval out of one resample."""
    values, effect = _study(100, 11)
    with pytest.raises(SifError, match="100 draws × 2 parameters, got 100 × 60"):
        indices(PATHS[:2], values, effect)
    with pytest.raises(SifError, match="at least 2 resamples, got 1"):
        indices(PATHS, values, effect, resamples=1)


def test_without_salib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is an extra."""
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    with pytest.raises(SifError, match=r"SALib.*sifrules\[study\]"):
        indices(PATHS, *_study(100, 12))
