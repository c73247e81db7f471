"""What the record says (vad facit säger): of how committees choose, and of the parameters.

All numbers of the records are used, per year and step of the funnel, and each municipality weighs
the same. A pilot sample of the priors finds the spread of each number, in which distances are
counted, and the parameters that the numbers move with most: these are looked for. All others are
drawn anew from their ranges in every simulation, so that what is not known of them stays in the
result.

Behaviours are compared by their posterior probabilities. What is learnt is tried on each number,
and on each municipality left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules.errors import SifError, nearest
from sifrules.plugin.registry import Registry
from sifrules.values.messages import Message
from sifrules_simulation.analysis.calibration import Town, towns_of
from sifrules_simulation.analysis.foreseen import LEVEL, Interval
from sifrules_simulation.analysis.observations import Observed, Record, countable
from sifrules_simulation.analysis.sequential_abc import (
    Particles,
    bayes_factors,
    distinguished,
    sequential_abc,
    weighted_interval,
)
from sifrules_simulation.execution.dispatch import run_ordered
from sifrules_simulation.experiments.sampling import PATHS, within

Array = NDArray[np.float64]

#: The behaviours compared unless others are named.
BEHAVIOURS = ("weighing", "prospect", "null")
#: Particles, generations, parameters that are looked for, and simulations of the pilot sample.
POPULATION, GENERATIONS, LOOKED_FOR, PILOT = 100, 5, 8, 200
#: By how much what happened must speak for a behaviour for it to be told from another: what
#: Kass and Raftery (1995) call positive evidence.
LEAST_FACTOR = 3.0


@frozen(kw_only=True)
class Learnt:
    """What is learnt of one parameter, in places of its range, from 0 to 1."""

    path: str
    posterior: Interval


@frozen(kw_only=True)
class Checked:
    """One number of a record: what happened, and what was foreseen of it.

    ``prior`` is before anything is learnt, ``posterior`` by all records, ``left_out`` by those of
    the other municipalities.
    """

    observed: Observed
    prior: Interval
    posterior: Interval
    left_out: Interval


@frozen(kw_only=True, eq=False)
class Evidence:
    """What came of it: the particles by all records, and what they foresee and teach."""

    records: tuple[Record, ...]
    particles: Particles
    probabilities: Mapping[str, float]
    factors: Mapping[str, float]
    learnt: tuple[Learnt, ...]
    checked: tuple[Checked, ...]
    population: int
    generations: int
    seed: int

    @property
    def favoured(self) -> str | None:
        """The behaviour that the record favours over all others; None where it cannot tell."""
        if not distinguished(list(self.factors.values()), LEAST_FACTOR):
            return None
        return max(self.probabilities, key=lambda name: self.probabilities[name])

    def as_json(self) -> dict[str, Any]:
        """All of it but the particles, as plain data."""
        return {
            "municipalities": {each.key: each.policy.id for each in self.records},
            "population": self.population,
            "generations": len(self.particles.thresholds),
            "thresholds": list(self.particles.thresholds),
            "simulations": self.particles.simulations,
            "effective": self.particles.effective,
            "seed": self.seed,
            "least_factor": LEAST_FACTOR,
            "behaviours": [
                {"behaviour": name, "probability": each, "factor": self.factors[name]}
                for name, each in self.probabilities.items()
            ],
            "favoured": self.favoured,
            "parameters": [
                {"parameter": each.path, **each.posterior.as_json()} for each in self.learnt
            ],
            "checked": [
                {
                    "municipality": each.observed.municipality,
                    "what": each.observed.what,
                    "period": str(each.observed.period),
                    "happened": each.observed.value,
                    "prior": each.prior.as_json(),
                    "posterior": each.posterior.as_json(),
                    "left_out": each.left_out.as_json(),
                    "inside": each.posterior.holds(each.observed.value),
                    "inside_left_out": each.left_out.holds(each.observed.value),
                }
                for each in self.checked
            ],
        }


def evidence(
    registry: Registry,
    *,
    records: Sequence[Record] | None = None,
    behaviours: Sequence[str] = BEHAVIOURS,
    population: int = POPULATION,
    generations: int = GENERATIONS,
    looked_for: int = LOOKED_FOR,
    seed: int = 1,
    jobs: int | None = None,
    tick: Callable[[int], None] = lambda _: None,
) -> Evidence:
    """What some records say of behaviours and parameters, all that can be counted if left out.

    ``tick`` is called with 1 for the pilot sample and for each of the runs, one by all records and
    one for each that is left out. Raises `SifError` for what is unknown or impossible.
    """
    chosen = countable(registry)[0] if records is None else tuple(records)
    _refuse_impossible(registry, chosen, behaviours, population, generations)
    towns = {name: towns_of(registry, chosen, name) for name in behaviours}
    piloted = _pilot(towns[behaviours[0]], seed)
    tick(1)
    moving = _moving(piloted, min(looked_for, len(PATHS)))
    setup = _Setup(towns=towns, spread=_spread(piloted.simulated), moving=moving, seed=seed)
    left_out = (None, *range(len(chosen)))
    tasks = [(setup, without, population, generations) for without in left_out]
    found = []
    for each in run_ordered(_one_run, tasks, jobs):
        found.append(each)
        tick(1)
    whole, *others = found
    probabilities = {name: whole.probability(name) for name in behaviours}
    return Evidence(
        records=chosen,
        particles=whole,
        probabilities=probabilities,
        factors=bayes_factors(probabilities, whole.effective),
        learnt=tuple(
            Learnt(path=PATHS[at], posterior=_interval(whole.points[:, number], whole.weights))
            for number, at in enumerate(moving)
        ),
        checked=tuple(_checked(chosen, piloted.simulated, whole, others)),
        population=population,
        generations=generations,
        seed=seed,
    )


def _refuse_impossible(
    registry: Registry,
    records: Sequence[Record],
    behaviours: Sequence[str],
    population: int,
    generations: int,
) -> None:
    for name in behaviours:
        if name not in registry.behaviours:
            raise SifError(
                Message("behaviour.unknown", behaviour=name),
                fix=nearest(name, registry.behaviours),
            )
    if len(set(behaviours)) < max(2, len(behaviours)):
        raise SifError(Message("evidence.two_behaviours"))
    if len(records) < 2:
        raise SifError(
            Message("calibration.two_records_needed", count=len(records)),
            fix=Message("calibration.name_two"),
        )
    if population < 10 or generations < 1:
        raise SifError(Message("evidence.too_small"))


@frozen(eq=False)
class _Piloted:
    """A sample of the priors: points of the unit cube, and the numbers simulated there."""

    points: Array
    simulated: Array


@frozen(kw_only=True, eq=False)
class _Setup:
    """How records are simulated and compared: towns by behaviour, spreads, parameters."""

    towns: Mapping[str, tuple[Town, ...]]
    spread: Array
    moving: tuple[int, ...]
    seed: int

    def model(self, behaviour: str) -> Callable[[Array, int], Array]:
        """The records as simulated under a behaviour, with what is not looked for drawn anew."""
        towns = self.towns[behaviour]

        def simulate(point: Array, luck: int) -> Array:
            stream = np.random.default_rng([self.seed, luck])
            whole = stream.random(len(PATHS))
            whole[list(self.moving)] = point
            return _simulated(towns, whole, luck)

        return simulate

    def distance(self, without: int | None) -> Callable[[Array, Array], float]:
        """How far simulated records lie from the real ones, without one municipality."""
        towns = next(iter(self.towns.values()))
        spans, first = [], 0
        for at, each in enumerate(towns):
            span = slice(first, first + len(each.record.observed))
            first = span.stop
            if at != without:
                spans.append(span)

        def apart(one: Array, other: Array) -> float:
            off = np.divide(
                np.sqrt(one) - np.sqrt(other),
                self.spread,
                out=np.zeros_like(self.spread),
                where=self.spread > 0,
            )
            return float(np.sqrt(sum((off[span] ** 2).mean() for span in spans)))

        return apart


def _simulated(towns: Sequence[Town], point: Array, luck: int) -> Array:
    """The numbers of all records in one world each, at a point of the unit cube."""
    numbers: list[float] = []
    for at, town in enumerate(towns):
        around = within(town.record.scenario, point[None, :]).world(0)
        numbers += town.simulated(around, luck, at)
    return np.array(numbers)


def _pilot(towns: Sequence[Town], seed: int) -> _Piloted:
    stream = np.random.default_rng([seed, 0])
    points = stream.random((PILOT, len(PATHS)))
    luck = stream.integers(2**31 - 1, size=PILOT).tolist()
    rows = [_simulated(towns, each, number) for each, number in zip(points, luck, strict=True)]
    return _Piloted(points, np.array(rows))


def _spread(simulated: Array) -> Array:
    """The spread of each number over the priors, on the square-root scale."""
    spread: Array = np.sqrt(simulated).std(axis=0)
    return spread


def _moving(piloted: _Piloted, most: int) -> tuple[int, ...]:
    """The parameters that the numbers move with most, by the sum of squared rank correlations."""
    ranks = piloted.points.argsort(axis=0).argsort(axis=0)
    roots = np.sqrt(piloted.simulated)
    varying = roots[:, roots.std(axis=0) > 0]
    if not varying.shape[1]:
        raise SifError(
            Message("calibration.same_in_all_draws"), fix=Message("calibration.more_or_wider")
        )
    whole = np.corrcoef(ranks, varying, rowvar=False)
    strength = (whole[: len(PATHS), len(PATHS) :] ** 2).sum(axis=1)
    return tuple(sorted(np.argsort(-strength, kind="stable")[:most].tolist()))


def _one_run(setup: _Setup, without: int | None, population: int, generations: int) -> Particles:
    towns = next(iter(setup.towns.values()))
    happened = np.array([each.value for town in towns for each in town.record.observed])
    return sequential_abc(
        {name: setup.model(name) for name in setup.towns},
        happened,
        setup.distance(without),
        len(setup.moving),
        population=population,
        generations=generations,
        seed=setup.seed + (0 if without is None else without + 1),
    )


def _interval(values: Array, weights: Array) -> Interval:
    return Interval(*weighted_interval(values, weights, LEVEL))


def _checked(
    records: Sequence[Record], before: Array, whole: Particles, others: Sequence[Particles]
) -> list[Checked]:
    found, at = [], 0
    for record, other in zip(records, others, strict=True):
        for number in record.observed:
            found.append(
                Checked(
                    observed=number,
                    prior=Interval.of(before[:, at]),
                    posterior=_interval(whole.simulated[:, at], whole.weights),
                    left_out=_interval(other.simulated[:, at], other.weights),
                )
            )
            at += 1
    return found
