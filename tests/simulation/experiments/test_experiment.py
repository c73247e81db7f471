"""An experiment is a function of levers and uncertainties."""

from __future__ import annotations

import pytest

from sifrules import Registry, SifError
from sifrules_simulation import compare
from sifrules_simulation.experiments.experiment import Experiment


@pytest.fixture(scope="module")
def reduced(everything: Registry) -> Experiment:
    """One policy over a few years."""
    return Experiment(policy="orebro@2016", replications=2, years=5, registry=everything)


def test_an_experiment_measures_what_a_comparison_measures(
    reduced: Experiment, everything: Registry
) -> None:
    """With the same clause and the same parameter changed, in the same worlds."""
    found = reduced({"return_model.floor": 0.12}, {"behaviour.mission_weight": 1.3})
    changed = everything.policy("orebro@2016", ["return_model.floor=0.12"])
    around = reduced.around.changed({"behaviour.mission_weight": 1.3})
    result = compare(
        [changed], scenario=around, replications=2, years=5, registry=everything, jobs=1
    )
    for name in ("applications", "grants", "granted", "balance_end"):
        known = [value for value in found[name] if value is not None]
        assert sum(known) / 2 == pytest.approx(result.mean(changed.id, name).mean)


def test_a_lever_that_is_a_float_is_rounded_to_what_a_share_may_have(reduced: Experiment) -> None:
    """What a search draws has more decimals than a guideline states."""
    assert reduced({"return_model.floor": 0.1 + 0.02}, {}) == reduced(
        {"return_model.floor": "0.12"}, {}
    )


def test_an_impossible_experiment_is_refused(reduced: Experiment) -> None:
    """An unknown lever, and a parameter out of its bounds."""
    with pytest.raises(SifError, match=r"return_model\.flor"):
        reduced({"return_model.flor": 0.1}, {})
    with pytest.raises(SifError, match=r"behaviour\.mission_weight"):
        reduced({}, {"behaviour.mission_weight": -1})
