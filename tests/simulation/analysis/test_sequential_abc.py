"""Sequential Monte Carlo: known parameters and models are recovered from synthetic records."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache

import numpy as np
import pytest

from sifrules import Registry, SifError
from sifrules_simulation.analysis import evidence as module
from sifrules_simulation.analysis.evidence import evidence
from sifrules_simulation.analysis.observations import countable
from sifrules_simulation.analysis.sequential_abc import (
    Array,
    Model,
    bayes_factors,
    distinguished,
    sequential_abc,
    weighted_interval,
)
from sifrules_simulation.model.mechanisms import ALL_ON
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.replication import ReplicationSetup, simulate
from sifrules_simulation.model.scenarios import scenario
from sifrules_simulation.model.world import World, worlds

_PYABC = importlib.util.find_spec("pyabc") is not None
needs_pyabc = pytest.mark.skipif(not _PYABC, reason="pyABC is an extra: `evidence`")


def _apart(one: Array, other: Array) -> float:
    return float(np.sqrt(((one - other) ** 2).sum()))


@pytest.mark.once
@needs_pyabc
def test_known_parameters_are_recovered_and_the_same_every_time() -> None:
    """Two of three move the numbers; the third stays as unknown as it was."""

    def model(point: Array, luck: int) -> Array:
        noise = np.random.default_rng(luck).normal(0, 0.05, 2)
        return np.array([point[0] + point[1], point[0] - point[1]]) + noise

    asked = {"population": 60, "generations": 4, "seed": 3}
    found, again = (
        sequential_abc({"one": model}, np.array([0.9, 0.3]), _apart, 3, **asked) for _ in range(2)
    )
    assert np.array_equal(found.points, again.points)
    assert found.weights.sum() == pytest.approx(1)
    assert 10 < found.effective <= 60
    assert list(found.thresholds) == sorted(found.thresholds, reverse=True)
    for at, truth in ((0, 0.6), (1, 0.3)):
        low, _, high = weighted_interval(found.points[:, at], found.weights, 0.9)
        assert low < truth < high < low + 0.5
    low, _, high = weighted_interval(found.points[:, 2], found.weights, 0.9)
    assert high - low > 0.5


# --- a synthetic record of a hundred municipalities -------------------------------------

TOWNS, YEARS = 100, 1
#: Few ideas a town, so that a hundred of them take less than a tenth of a second.
SMALL = {"ideas.stock": 8.0, "ideas.flow": 2.0}
#: In how many worlds they are simulated, and the one of the record, which is none of these.
LUCKS, RECORD = 8, 987_654
#: What is not known in it: what human gains are worth, and the chance of whoever weighs nothing.
UNKNOWN = ("behaviour.mission_weight", "behaviour.propensity")


def _hundred(registry: Registry, behaviour: str) -> Model:
    """A hundred municipalities under a behaviour: what a record and its evaluations could tell.

    Applications and grants on average, and what evaluations find of the effects on costs and the
    human gains of what was granted, relative to its cost. Counts alone would not do: a chance to
    apply can bring about any of them.
    """
    around = scenario("orebro").with_values(SMALL)
    policy = registry.policy("orebro@2016")

    @cache
    def drawn(luck: int) -> list[World]:
        """The hundred towns of one world: neither of the two unknown numbers has a part in them."""
        return worlds(around, YEARS, luck, range(TOWNS), ALL_ON)

    def numbers(point: Array, luck: int) -> Array:
        stated = [around.stated[path] for path in UNKNOWN]
        values = {
            each.path: each.low + place * (each.high - each.low)
            for each, place in zip(stated, point.tolist(), strict=True)
        }
        here = around.with_values(values)
        setup = ReplicationSetup(
            PolicyAdapter(policy, here, ALL_ON), registry.behaviours[behaviour].given(here.values)
        )
        counts, found = [], []
        for town in drawn(luck if luck == RECORD else luck % LUCKS):
            lives = simulate(setup, town, YEARS).lives
            granted = [each.idea for each in lives if each.granted]
            counts.append([sum(each.applied is not None for each in lives), len(granted)])
            found += [[each.effect / each.cost, each.human / each.cost] for each in granted]
        gains = np.log(np.array(found).reshape(-1, 2) + 0.01).mean(axis=0) if found else [-5, -5]
        return np.concatenate([np.sqrt(np.array(counts).mean(axis=0)), gains])

    return numbers


@pytest.fixture(scope="module")
def models(everything: Registry) -> dict[str, Model]:
    """Both behaviours in the same towns."""
    return {name: _hundred(everything, name) for name in ("weighing", "null")}


@pytest.mark.once
@needs_pyabc
@pytest.mark.parametrize("truth", ["weighing", "null"])
def test_the_true_behaviour_is_picked_in_a_record_of_a_hundred_municipalities(
    models: dict[str, Model], truth: str
) -> None:
    """The Bayes factor against the other is more than positive evidence."""
    happened = models[truth](np.array([0.5, 0.4]), RECORD)
    found = sequential_abc(
        models, happened, _apart, len(UNKNOWN), population=14, generations=2, seed=5
    )
    probabilities = {name: found.probability(name) for name in models}
    factors = bayes_factors(probabilities, found.effective)
    assert factors[truth] == 1
    assert distinguished(list(factors.values()), module.LEAST_FACTOR), factors


# --- the records there are ---------------------------------------------------------------


@pytest.mark.once
@needs_pyabc
def test_the_record_may_not_tell_behaviours_apart(
    everything: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With few particles it cannot; every number is foreseen by all and by the others."""
    monkeypatch.setattr(module, "PILOT", 20)
    records = [each for each in countable(everything)[0] if each.key in ("orebro", "sodertalje")]
    found = evidence(everything, records=records, population=10, generations=1, jobs=1)
    assert found.favoured is None
    assert sum(found.probabilities.values()) == pytest.approx(1)
    assert len(found.checked) == sum(len(each.observed) for each in records)
    assert len(found.learnt) == module.LOOKED_FOR
    data = found.as_json()
    assert {each["behaviour"] for each in data["behaviours"]} == set(module.BEHAVIOURS)
    assert all(each["left_out"]["low"] <= each["left_out"]["high"] for each in data["checked"])


def test_what_is_impossible_is_refused(everything: Registry) -> None:
    """Before anything is simulated."""
    with pytest.raises(SifError, match="no behaviour 'nul'; did you mean null"):
        evidence(everything, behaviours=("weighing", "nul"))
    with pytest.raises(SifError, match="at least two behaviours"):
        evidence(everything, behaviours=("null", "null"))
    with pytest.raises(SifError, match="two records, got 1"):
        evidence(everything, records=countable(everything)[0][:1])
    with pytest.raises(SifError, match="at least 10 particles"):
        evidence(everything, population=9)


def test_without_pyabc_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is an extra of its own."""
    monkeypatch.setitem(sys.modules, "pyabc", None)
    with pytest.raises(SifError, match=r"pyABC.*sifrules\[evidence\]"):
        sequential_abc({}, np.zeros(1), _apart, 1, population=10, generations=1, seed=1)
