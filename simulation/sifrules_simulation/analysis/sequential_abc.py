"""Sequential Monte Carlo ABC (sekventiell Monte Carlo): parameters and models near what happened.

A population of particles, each a model and a point of the unit cube, is drawn from the priors. In
each generation particles are drawn from the last one, moved a little, simulated, and accepted where
what they simulate lies within a threshold of what happened; the threshold shrinks to the median
distance of the last generation. The method is that of Toni and others (2009), as pyABC has it.

It is run in this process alone, from a seed of its own, so that it gives the same every time.
"""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules.values.messages import Message
from sifrules_simulation.analysis.errors import UnavailableResult

Array = NDArray[np.float64]
#: What a model simulates: the numbers at a point of the unit cube, in a world by its number.
Model = Callable[[Array, int], Array]

#: How many numbers worlds have.
_WORLDS = 2**31 - 1
#: A generation in which fewer of those simulated are accepted is the last.
LEAST_ACCEPTED = 0.02


@frozen(kw_only=True, eq=False)
class Particles:
    """The last generation: models by name, points, simulated numbers, and weights that sum to 1.

    ``thresholds`` are those of the generations, ``simulations`` is how many were simulated in all.
    """

    models: tuple[str, ...]
    points: Array
    simulated: Array
    weights: Array
    thresholds: tuple[float, ...]
    simulations: int

    @property
    def effective(self) -> float:
        """The effective sample size: how many particles of equal weight tell as much."""
        return float(1 / (self.weights**2).sum())

    def probability(self, model: str) -> float:
        """The posterior probability of a model."""
        return float(self.weights[[each == model for each in self.models]].sum())


def sequential_abc(
    models: Mapping[str, Model],
    happened: Array,
    distance: Callable[[Array, Array], float],
    dimensions: int,
    *,
    population: int,
    generations: int,
    seed: int,
) -> Particles:
    """The particles that simulate what lies nearest to what happened.

    Models are equally likely before, and so is every point. Raises `UnavailableResult` where pyABC
    is not installed.
    """
    pyabc = _pyabc()
    names = [f"p{at}" for at in range(dimensions)]
    prior = pyabc.Distribution(**{name: pyabc.RV("uniform", 0, 1) for name in names})

    def simulated(model: str) -> Callable[[Mapping[str, float]], dict[str, Array]]:
        at = float(list(models).index(model))

        def simulate(given: Mapping[str, float]) -> dict[str, Array]:
            point = np.array([given[name] for name in names])
            numbers = models[model](point, int(np.random.randint(_WORLDS)))
            return {"numbers": numbers, "point": point, "model": np.array([at])}

        return simulate

    def apart(one: Mapping[str, Array], other: Mapping[str, Array]) -> float:
        return distance(one["numbers"], other["numbers"])

    with _seeded(seed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        abc = pyabc.ABCSMC(
            [simulated(each) for each in models],
            [prior for _ in models],
            apart,
            population_size=population,
            eps=pyabc.MedianEpsilon(),
            sampler=pyabc.SingleCoreSampler(),
        )
        nothing = np.zeros(1)
        abc.new("sqlite://", {"numbers": happened, "point": nothing, "model": nothing})
        history = abc.run(max_nr_populations=generations, min_acceptance_rate=LEAST_ACCEPTED)
        weights, found = history.get_weighted_sum_stats()
        generation = history.get_all_populations()
    share = np.array(weights, dtype=float)
    known = list(models)
    return Particles(
        models=tuple(known[int(each["model"][0])] for each in found),
        points=np.array([each["point"] for each in found]).reshape(len(found), dimensions),
        simulated=np.array([each["numbers"] for each in found]),
        weights=share / share.sum(),
        thresholds=tuple(generation["epsilon"].tolist()[1:]),
        simulations=int(generation["samples"].sum()),
    )


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """numpy's shared stream, which pyABC draws from, seeded, and afterwards as it was before."""
    before, quiet = np.random.get_state(), logging.root.manager.disable
    np.random.seed(seed % 2**32)
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        np.random.set_state(before)
        logging.disable(quiet)


def _pyabc() -> Any:
    try:
        import pyabc
    except ImportError as error:
        raise UnavailableResult(
            Message("sequential_abc.needs"), fix=Message("sequential_abc.install")
        ) from error
    return pyabc


def weighted_interval(values: Array, weights: Array, level: float) -> tuple[float, float, float]:
    """Low end, median and high end of weighted values.

    >>> weighted_interval(np.array([3.0, 1.0, 2.0]), np.array([0.25, 0.25, 0.5]), 0.4)
    (2.0, 2.0, 2.0)
    """
    order = np.argsort(values)
    upto = np.cumsum(weights[order]) / weights.sum()
    tail = (1 - level) / 2
    ends = (
        min(int(np.searchsorted(upto, share - 1e-12)), len(values) - 1)
        for share in (tail, 0.5, 1 - tail)
    )
    low, median, high = (float(values[order][at]) for at in ends)
    return low, median, high


def bayes_factors(probabilities: Mapping[str, float], effective: float) -> dict[str, float]:
    """How much more what happened speaks for the likeliest model than for each, at least.

    The models are equally likely before, so that this is the ratio of their probabilities. A
    population is finite: a particle is added to each model and none is thought impossible.

    >>> bayes_factors({"a": 0.9, "b": 0.1, "c": 0.0}, 98.0)["b"]
    8.25925925925926
    """
    added = {name: each * effective + 1 for name, each in probabilities.items()}
    most = max(added.values())
    return {name: most / each for name, each in added.items()}


def distinguished(factors: Sequence[float], least: float) -> bool:
    """Whether what happened tells the likeliest model from all others.

    >>> distinguished([1.0, 4.0, 20.0], 3.0), distinguished([1.0, 2.0], 3.0)
    (True, False)
    """
    others = sorted(factors)[1:]
    return all(math.isfinite(each) and each >= least for each in others)
