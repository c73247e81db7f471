"""Distributions of parameters: the right margins, and the rank correlations that were asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sifrules import Correlation, Distribution, FaultyFile, SifError, scenario
from sifrules_simulation.experiments.exploration import opened, sample
from sifrules_simulation.experiments.sampling import draws, latin_hypercube

PARAMETERS = {
    "ideas.cost_median": stats.lognorm(s=0.4, scale=3e6),
    "effects.municipal_median": stats.triang(0.3, loc=0.5, scale=2),
    "ideas.flow": (4, 12),
}
PAIRS = {
    ("ideas.cost_median", "effects.municipal_median"): 0.6,
    ("effects.municipal_median", "ideas.flow"): -0.5,
}


@pytest.mark.parametrize("sampling", ["latin_hypercube", "sobol", "monte_carlo"])
def test_correlated_draws_have_the_asked_rank_correlation_and_the_right_margins(
    sampling: str,
) -> None:
    """Every pair is correlated as asked, those not named not at all, and no margin is moved."""
    around = opened(scenario(), PARAMETERS, Correlation.of_pairs(PAIRS))
    drawn = sample(around, 4_096, 7, sampling)
    columns = dict(zip(drawn.paths, drawn.values.T, strict=True))
    for (one, other), rank in PAIRS.items():
        found = stats.spearmanr(columns[one], columns[other]).statistic
        assert found == pytest.approx(rank, abs=0.04)
    free = stats.spearmanr(columns["ideas.cost_median"], columns["ideas.flow"]).statistic
    assert free == pytest.approx(0, abs=0.05)
    margins: dict[str, Any] = {**PARAMETERS, "ideas.flow": stats.uniform(4, 8)}
    for path, margin in margins.items():
        assert stats.kstest(columns[path], margin.cdf).statistic < 0.025


def test_the_same_is_written_in_a_scenario_file(tmp_path: Path) -> None:
    """A file gives the draws that Python gives, cut off at the range that it states."""
    file = tmp_path / "mine.toml"
    file.write_text(
        """
id = "mine"
base = "default"
title = "Mine"
[effects.municipal_median]
value = 1.0
low = 0.6
high = 2.4
unit = "ratio"
assumption = "Made up."
distribution = { name = "triang", c = 0.3, loc = 0.5, scale = 2 }
[[correlation]]
between = ["effects.municipal_median", "ideas.flow"]
rank = 0.7
"""
    )
    drawn = draws(scenario(file), 1_024, 1)
    columns = dict(zip(drawn.paths, drawn.values.T, strict=True))
    effect = columns["effects.municipal_median"]
    assert 0.6 <= effect.min() < effect.max() <= 2.4
    whole = stats.triang(0.3, loc=0.5, scale=2)
    cut = (whole.cdf(effect) - whole.cdf(0.6)) / (whole.cdf(2.4) - whole.cdf(0.6))
    assert stats.kstest(cut, "uniform").statistic < 0.03
    assert stats.spearmanr(effect, columns["ideas.flow"]).statistic == pytest.approx(0.7, abs=0.04)


def test_a_copula_of_openturns_joins_parameters() -> None:
    """Points go through its conditional quantiles, one row at a time; the margins stay."""

    class Together:
        """The copula of two that always go together."""

        def getDimension(self) -> int:  # noqa: N802  # as openturns has it
            return 2

        def computeSequentialConditionalQuantile(self, row: Any) -> list[float]:  # noqa: N802
            return [row[0], row[0]]

    joined = Correlation.of_copula(("ideas.flow", "ideas.stock"), Together())
    drawn = sample(opened(scenario(), ["ideas.flow", "ideas.stock"], joined), 64, 1, "sobol")
    flow, stock = (
        drawn.values[:, drawn.paths.index(f"ideas.{name}")] for name in ("flow", "stock")
    )
    assert stats.spearmanr(flow, stock).statistic == pytest.approx(1)


def test_values_are_drawn_alike() -> None:
    """Of a list of values each comes as often as the others."""
    among = Distribution.among([1, 5, 9])
    found = among.quantiles((np.arange(300) + 0.5) / 300, 0, 10)
    assert dict(zip(*map(list, np.unique(found, return_counts=True)), strict=True)) == {
        1: 100, 5: 100, 9: 100,
    }  # fmt: skip


def test_whole_parameters_stay_whole() -> None:
    """A parameter in whole months is one of them, whatever its distribution."""
    drawn = sample(opened(scenario(), {"behaviour.horizon": stats.norm(48, 9)}), 64, 1, "sobol")
    assert (drawn.values == drawn.values.round()).all()


@pytest.mark.parametrize(
    ("stated", "wrong"),
    [
        ({"name": "triangle", "c": 0.5}, "no distribution 'triangle'"),
        ({"name": "triang"}, "lacks its parameter c"),
        ({"name": "triang", "c": 0.5, "mode": 3}, "no parameter 'mode'"),
        ({"name": "triang", "c": 7}, "no distribution triang with these"),
        ({"c": 7}, "no name"),
        (object(), "scipy.stats"),
    ],
)
def test_an_impossible_distribution_is_refused(stated: Any, wrong: str) -> None:
    """It says what is wrong, and what there is."""
    with pytest.raises(SifError, match=wrong):
        Distribution.of(stated)


def test_impossible_correlations_are_refused(tmp_path: Path) -> None:
    """No three parameters can go against each other all at once, and none is certain."""
    three = ("ideas.flow", "ideas.stock", "behaviour.discount")
    with pytest.raises(SifError, match="at once"):
        Correlation.of_matrix(three, [[1, -0.9, -0.9], [-0.9, 1, -0.9], [-0.9, -0.9, 1]])
    with pytest.raises(SifError, match="symmetric"):
        Correlation.of_matrix(three[:2], [[1, 0.5], [0.4, 1]])
    with pytest.raises(SifError, match="not uncertain"):
        opened(scenario(), ["ideas.flow"], Correlation.of_pairs({three[:2]: 0.5}))
    file = tmp_path / "mine.toml"
    file.write_text(
        'id = "mine"\nbase = "default"\ntitle = "Mine"\n'
        '[[correlation]]\nbetween = ["ideas.flow", "ideas.stok"]\nrank = 0.4\n'
    )
    with pytest.raises(FaultyFile, match=r"correlation: .*ideas\.stok"):
        scenario(file)


def test_a_pair_is_added_to_what_goes_together_already() -> None:
    """On the command line: pairs that are named again change, the others stay as they are."""
    around = scenario().assuming(
        ("correlation.ideas.flow,ideas.stock=0.6", "correlation.ideas.stock,ideas.flow=0.4",
         "correlation.ideas.flow,ideas.cost_median=-0.3")
    )  # fmt: skip
    assert set(around.correlation.as_data) == {
        "ideas.stock ~ ideas.flow = 0.4",
        "ideas.stock ~ ideas.cost_median = 0.0",
        "ideas.flow ~ ideas.cost_median = -0.3",
    }
    drawn = draws(around, 2_048, 1)
    columns = dict(zip(drawn.paths, drawn.values.T, strict=True))
    found = stats.spearmanr(columns["ideas.flow"], columns["ideas.stock"]).statistic
    assert found == pytest.approx(0.4, abs=0.05)


def test_what_is_certain_goes_together_with_nothing() -> None:
    """Of parameters that go together those that a scenario leaves open still do."""
    three = Correlation.of_pairs({("a", "b"): 0.5, ("b", "c"): 0.2})
    assert three.among(("c", "b", "d")) == Correlation.of_pairs({("b", "c"): 0.2})
    assert three.among(("a", "b", "c")) is three
    assert three.among(("a",)) == Correlation()


@pytest.mark.parametrize("rank", [1.0, -1.0])
def test_one_parameter_may_settle_another(rank: float) -> None:
    """With a rank correlation of 1 or -1; a third one that follows neither stays as it is."""
    paths = ("ideas.flow", "ideas.stock", "ideas.novelty")
    joint = Correlation.of_pairs({(paths[0], paths[1]): rank, (paths[0], paths[2]): 0.0})
    points = latin_hypercube(256, 1, paths)
    one, other, free = joint.joined(points, paths).T
    assert stats.spearmanr(one, other).statistic == pytest.approx(rank)
    assert one == pytest.approx(points[:, 0])
    assert stats.spearmanr(one, free).statistic == pytest.approx(0, abs=0.2)
