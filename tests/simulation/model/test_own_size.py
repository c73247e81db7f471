"""Own size: each policy in a municipality as large as its own."""

from __future__ import annotations

import numpy as np
import pytest

from sifrules import Registry
from sifrules_simulation.analysis.paired_effects import effects
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.sampling import draws
from sifrules_simulation.model.own_size import POPULATION, of_own_size, own_ranges, own_values
from sifrules_simulation.model.scenarios import scenario
from sifrules_simulation.studies.hypotheses import study_design

OWN = scenario().assuming(("own_size=true",))


def test_a_draw_keeps_its_place_in_the_range(everything: Registry) -> None:
    """From the scenario's range into the municipality's own, in worlds and in what is saved."""
    policy = everything.policy("orebro@2016")
    sample = draws(OWN, 64, 1)
    stated, own = OWN.stated[POPULATION], scenario("orebro").stated[POPULATION]
    sizes = [of_own_size(sample.world(row), policy).value(POPULATION) for row in range(64)]
    place = sample.values[:, sample.paths.index(POPULATION)]
    place = (place - stated.low) / (stated.high - stated.low)
    assert sizes == pytest.approx(own.low + place * (own.high - own.low), abs=0.51)
    values = own_values(sample.paths, sample.values, OWN, policy)
    assert values[:, sample.paths.index(POPULATION)].tolist() == sizes
    assert np.array_equal(np.delete(values, sample.paths.index(POPULATION), 1),
                          np.delete(sample.values, sample.paths.index(POPULATION), 1))  # fmt: skip


def test_a_policy_whose_municipality_has_no_scenario_keeps_the_scenarios_size(
    everything: Registry,
) -> None:
    """And so does every policy where the scenario does not ask for own sizes."""
    vingaker, orebro = (everything.policy(each) for each in ("vingaker@undated", "orebro@2016"))
    assert of_own_size(OWN, vingaker) is OWN
    assert of_own_size(scenario(), orebro) == scenario()
    assert own_ranges(OWN, [vingaker, orebro]) == {"orebro@2016": (138_000, 150_000)}


def test_a_population_that_is_assumed_by_name_goes_before(everything: Registry) -> None:
    """Or what is asked for, on a command line or by an exploration, would not be simulated."""
    small = OWN.assuming((f"{POPULATION}=12000",))
    assert of_own_size(small, everything.policy("orebro@2016")).value(POPULATION) == 12_000


def test_a_policy_is_simulated_in_its_own_size_whatever_else_is(everything: Registry) -> None:
    """The same next to another policy as alone, and not the same as in any size."""
    pair = ["orebro@2016", "vingaker@undated"]
    both, alone, other = (
        effects(
            study_design(everything, around, named, years=3),
            draws(around, 2, 1), 2, running=Running(jobs=1),
        )
        for around, named in ((OWN, pair), (OWN, pair[:1]), (scenario(), pair))
    )  # fmt: skip
    assert np.array_equal(both.values[:, :, 0], alone.values[:, :, 0], equal_nan=True)
    assert np.array_equal(both.values[:, :, 1], other.values[:, :, 1], equal_nan=True)
    assert not np.array_equal(both.values[:, :, 0], other.values[:, :, 0], equal_nan=True)
