"""Calibration (kalibrering): which parameters could have brought about the record?

Rejection, the plainest approximate Bayesian calibration: parameters are drawn evenly from
their ranges, each municipality's fund is simulated once for each draw, and the draws
whose simulated records lie nearest to the real ones are kept. The prior is all draws,
the posterior those kept.

One point of the unit cube stands for one draw in every municipality: each puts it into
its own ranges, so that what they have in common moves together. It is also the point that a
study of the same seed draws under that number. What is learnt is tried on
a municipality that was left out: kept by the records of the others, do the draws foresee
its own? With a handful of municipalities that is a weak test, and the coverage says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError, nearest, shown
from sifrules.plugin.registry import Registry
from sifrules.plugin.simulation import Behaviour
from sifrules.policy.fund_policy import FundPolicy
from sifrules.values.messages import Joined, Message, Text, plain_text
from sifrules_simulation.analysis.foreseen import Coverage, Interval, Predicted
from sifrules_simulation.analysis.observations import CHOSEN_BY, Observed, Record, countable
from sifrules_simulation.experiments.batches import (
    ON_ALL_CORES,
    ArrayBatchSchema,
    BatchResult,
    Running,
    died,
    run_all,
)
from sifrules_simulation.experiments.defaults import ACCEPT, CALIBRATION_DRAWS
from sifrules_simulation.experiments.design import error_line
from sifrules_simulation.experiments.sampling import (
    MOST,
    PATHS,
    ParameterSample,
    latin_hypercube,
    uncertain,
    within,
)
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.completion import fill_unstated, restated
from sifrules_simulation.model.mechanisms import ALL_ON
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.replication import ReplicationSetup, simulate
from sifrules_simulation.model.scenarios import Scenario, scenario as named_scenario
from sifrules_simulation.model.world import world

Array = NDArray[np.float64]

#: Fewer draws than this say nothing of the ends of a distribution.
ENOUGH = 50
#: How seldom chance alone may pass for something learnt.
CHANCE = 0.05
#: Draws to a batch: about a second.
_BATCH = 25
#: The median deviation of a normal distribution, in standard deviations.
_NORMAL = 0.6745


# --- what comes out -----------------------------------------------------------------


@frozen(kw_only=True)
class Lesson:
    """What was learnt of one parameter: before and after, in one scenario's own range.

    ``low`` and ``high`` are the ends of that range.
    ``width`` is the middle half of the draws kept against that of all: 1 is as before,
    less is narrower. ``learnt`` says whether the draws kept differ from all by more than
    chance would, for so many parameters looked at; None where too few were kept.
    """

    path: str
    unit: str
    low: float
    high: float
    prior: Interval
    posterior: Interval | None
    width: float | None
    learnt: bool | None

    def as_json(self) -> dict[str, Any]:
        """The row as plain data."""
        return {
            "parameter": self.path,
            "unit": self.unit,
            "low": self.low,
            "high": self.high,
            "prior": self.prior.as_json(),
            "posterior": self.posterior.as_json() if self.posterior else None,
            "width": self.width,
            "learnt": self.learnt,
        }


@frozen(eq=False)
class Posterior:
    """The draws that were kept: their numbers, and their points of the unit cube."""

    kept: NDArray[np.int_]
    points: Array

    def __len__(self) -> int:
        return len(self.kept)

    @property
    def enough(self) -> bool:
        """Whether there are enough draws to give intervals by."""
        return len(self) >= ENOUGH

    def draws(self, scenario: Scenario) -> ParameterSample:
        """The draws in a scenario's own ranges; `SifError` where too few were kept."""
        if not self.enough:
            raise SifError(
                Message("calibration.too_small_posterior", count=len(self), enough=ENOUGH),
                fix=Message("calibration.more_draws"),
            )
        return evolve(within(scenario, self.points, self.kept), origin="posterior")


@frozen(kw_only=True, eq=False)
class Calibration:
    """What came of a calibration: the draws kept, and what they foresee and teach.

    ``threshold`` is the distance within which draws were kept, in spreads of the prior.
    ``left_out`` says of each municipality whose record is too thin what it lacks.
    """

    records: tuple[Record, ...]
    scenario: Scenario
    posterior: Posterior
    predicted: tuple[Predicted, ...]
    parameters: tuple[Lesson, ...]
    draws: int
    threshold: float
    seed: int
    left_out: Mapping[str, Text | str] = field(factory=dict)

    @property
    def municipalities(self) -> tuple[str, ...]:
        """The municipalities calibrated on, by key."""
        return tuple(each.key for each in self.records)

    @property
    def observed(self) -> tuple[Observed, ...]:
        """Every number of every record."""
        return tuple(number for each in self.records for number in each.observed)

    @property
    def accepted(self) -> int:
        """How many draws were kept."""
        return len(self.posterior)

    @property
    def coverage(self) -> Coverage:
        """How often the intervals by the others' records hold what happened."""
        return self._coverage([row.inside for row in self.predicted if row.inside is not None])

    @property
    def prior_coverage(self) -> Coverage:
        """How often the intervals before anything is learnt hold what happened."""
        return self._coverage([row.inside_prior for row in self.predicted])

    def _coverage(self, inside: Sequence[bool]) -> Coverage:
        return Coverage(inside=sum(inside), of=len(inside), municipalities=len(self.records))

    @property
    def learnt(self) -> tuple[Lesson, ...]:
        """The parameters of which the records teach something."""
        return tuple(row for row in self.parameters if row.learnt)

    def as_json(self) -> dict[str, Any]:
        """All of it but the draws, as plain data."""
        return {
            "municipalities": {each.key: each.policy.id for each in self.records},
            "towns": {each.key: each.municipality for each in self.records},
            "left_out": {town: plain_text(why) for town, why in self.left_out.items()},
            "scenario": self.scenario.id,
            "seed": self.seed,
            "draws": self.draws,
            "accepted": self.accepted,
            "threshold": self.threshold,
            "predicted": [row.as_json() for row in self.predicted],
            "coverage": self.coverage.as_json(),
            "prior_coverage": self.prior_coverage.as_json(),
            "parameters": [row.as_json() for row in self.parameters],
        }


# --- calibrating --------------------------------------------------------------------


def calibrated(
    registry: Registry,
    *,
    records: Sequence[Record] | None = None,
    scenario: Scenario | None = None,
    behaviour: str = USUAL,
    draws: int = CALIBRATION_DRAWS,
    accept: float = ACCEPT,
    seed: int = 1,
    running: Running = ON_ALL_CORES,
) -> Calibration:
    """Calibrate on some records, all that can be counted if left out.

    A share ``accept`` of so many draws is kept. Parameters are shown in ``scenario``, the
    default one if left out. Raises `SifError` where there are fewer than two records, or where
    a replication fails.
    """
    chosen, left_out = countable(registry) if records is None else (tuple(records), {})
    around = named_scenario() if scenario is None else scenario
    _refuse_impossible(chosen, left_out, draws, accept)
    if behaviour not in registry.behaviours:
        raise SifError(
            Message("behaviour.unknown", behaviour=behaviour),
            fix=nearest(behaviour, registry.behaviours),
        )
    if not any(uncertain(each.scenario) for each in chosen):
        raise SifError(
            Message("calibration.nothing_uncertain"), fix=Message("calibration.give_range")
        )
    points = latin_hypercube(draws, seed)
    chosen = tuple(_together(each, around) for each in chosen)
    towns = list(towns_of(registry, chosen, behaviour))
    tasks = {
        number: [(towns, points[first : first + _BATCH], first, seed)]
        for number, first in enumerate(range(0, draws, _BATCH))
    }
    found = run_all(_schema(chosen, draws, seed), _one_batch, tasks, running)
    if found.stopped:
        raise KeyboardInterrupt
    for failure in found.failures:
        raise SifError(failure.error)
    simulated = np.concatenate(list(found.values.values()))
    keep = max(1, round(accept * draws))
    distances = _distances(simulated, chosen)
    kept, threshold = _nearest(distances, range(len(chosen)), keep)
    posterior = Posterior(kept, points[kept])
    return Calibration(
        records=chosen,
        scenario=around,
        posterior=posterior,
        predicted=tuple(_predicted(simulated, distances, chosen, keep)),
        parameters=tuple(_lessons(around, points, posterior)),
        draws=draws,
        threshold=threshold,
        seed=seed,
        left_out=left_out,
    )


def _together(record: Record, around: Scenario) -> Record:
    """A record whose parameters go together as in a scenario, where its own says nothing of it.

    A draw is then the same point in the ranges of both.
    """
    own = record.scenario
    if own.correlation.paths or not around.correlation.paths:
        return record
    joint = around.correlation.among(uncertain(own))
    return evolve(record, scenario=evolve(own, correlation=joint))


def expected(registry: Registry, draws: int) -> int:
    """How many replications of single funds a calibration on all records takes."""
    return draws * len(countable(registry)[0])


def _refuse_impossible(
    records: Sequence[Record], left_out: Mapping[str, Text | str], draws: int, accept: float
) -> None:
    if type(draws) is not int or not 2 <= draws <= MOST:
        raise SifError(Message("calibration.number_of_draws", most=MOST, draws=shown(draws)))
    if isinstance(accept, bool) or not 0 < accept <= 1:
        raise SifError(Message("calibration.share_accepted", accept=shown(accept)))
    keys = [each.key for each in records]
    for key in keys:
        if keys.count(key) > 1:
            raise SifError(
                Message("calibration.record_twice", key=key), fix=Message("calibration.name_once")
            )
    if len(records) < 2:
        raise SifError(
            Joined(
                (Message("calibration.two_records_needed", count=len(records)), *left_out.values()),
                "; ",
            ),
            fix=Message("calibration.name_two"),
        )


@frozen
class Town:
    """One municipality to simulate: its record, and how its fund is simulated."""

    record: Record
    policy: FundPolicy
    assumed: tuple[str, ...]
    behaviour: Behaviour

    def simulated(self, around: Scenario, seed: int, replication: int) -> list[float]:
        """The numbers of its record, in a world as it might be."""
        adapter = PolicyAdapter(restated(self.policy, self.assumed, around), around, ALL_ON)
        setup = ReplicationSetup(adapter, self.behaviour.given(around.values))
        years = self.record.years
        portfolio = simulate(setup, world(around, years, seed, replication, ALL_ON), years)
        return [each.of(portfolio) for each in self.record.observed]


def towns_of(registry: Registry, records: Sequence[Record], behaviour: str) -> tuple[Town, ...]:
    """How each of some records is simulated under a behaviour."""
    return tuple(
        Town(
            each,
            *fill_unstated(registry, each.policy, each.scenario),
            registry.behaviours[behaviour],
        )
        for each in records
    )


def _schema(records: Sequence[Record], draws: int, seed: int) -> ArrayBatchSchema:
    """What the batches look like: some draws each, a column for each number of the records."""
    numbers = [f"{each.key}.{at}" for each in records for at, _ in enumerate(each.observed)]
    return ArrayBatchSchema(
        name="calibration",
        rows=lambda batch: {"draw": range(draws)[batch * _BATCH : (batch + 1) * _BATCH]},
        columns=tuple(numbers),
        fatal=lambda batch: died("calibration", batch * _BATCH, batch * _BATCH, seed),
        each=len(records),
    )


def _one_batch(towns: Sequence[Town], points: Array, first: int, seed: int) -> BatchResult[Array]:
    """Simulated records: draws × numbers, those of one municipality after another.

    Municipalities share parameters, not luck: their replications are numbered apart.
    """
    columns = []
    for at, town in enumerate(towns):
        draws = within(town.record.scenario, points, np.arange(first, first + len(points)))
        rows = []
        for row in range(len(draws)):
            number = first + row
            try:
                rows.append(town.simulated(draws.world(row), seed, at * MOST + number))
            except Exception as error:  # a plugin's own code: whatever it raises is reported
                raise SifError(
                    Message(
                        "calibration.draw_failed",
                        draw=number,
                        municipality=town.record.key,
                        seed=seed,
                        error=error_line(error),
                    )
                ) from error
        columns.append(np.array(rows, dtype=float))
    return BatchResult(values=np.concatenate(columns, axis=1))


# --- near and far -------------------------------------------------------------------


def _spans(records: Sequence[Record]) -> Iterator[slice]:
    """Which columns are each municipality's."""
    first = 0
    for each in records:
        yield slice(first, first + len(each.observed))
        first += len(each.observed)


def _distances(simulated: Array, records: Sequence[Record]) -> Array:
    """How far each draw's simulated records lie from the real ones: draws × municipalities.

    Counted are the numbers by which draws are chosen, not those that they are only checked
    against. On a square-root scale, in spreads of the prior (median deviation), as the mean
    square over a municipality's numbers: each municipality weighs the same.
    """
    numbers = [number for each in records for number in each.observed]
    chosen_by = np.array([number.what in CHOSEN_BY for number in numbers])
    happened = np.array([number.value for number in numbers])
    roots = np.sqrt(simulated)
    spread = np.median(np.abs(roots - np.median(roots, axis=0)), axis=0) / _NORMAL
    # Where more than half of the draws agree the median deviation is nothing.
    spread = np.where(spread > 0, spread, roots.std(axis=0))
    if not (spread > 0).any():
        raise SifError(
            Message("calibration.same_in_all_draws"),
            fix=Message("calibration.more_or_wider"),
        )
    off = np.divide(roots - np.sqrt(happened), spread, out=np.zeros_like(roots), where=spread > 0)
    spans = ((off[:, span], chosen_by[span]) for span in _spans(records))
    return np.column_stack([(each[:, chosen] ** 2).mean(axis=1) for each, chosen in spans])


def _nearest(distances: Array, towns: Sequence[int], keep: int) -> tuple[NDArray[Any], float]:
    """The draws nearest to the records of some municipalities, and how far the last lies."""
    whole = np.sqrt(distances[:, list(towns)].sum(axis=1))
    order = np.argsort(whole, kind="stable")[:keep]
    return np.sort(order), float(whole[order[-1]])


def _predicted(
    simulated: Array, distances: Array, records: Sequence[Record], keep: int
) -> Iterator[Predicted]:
    """Each record as foreseen before, and by the draws that the others' records keep."""
    for at, (each, span) in enumerate(zip(records, _spans(records), strict=True)):
        others = [town for town in range(len(records)) if town != at]
        kept, _ = _nearest(distances, others, keep)
        for number, column in zip(each.observed, simulated[:, span].T, strict=True):
            enough = len(kept) >= ENOUGH
            yield Predicted(
                observed=number,
                prior=Interval.of(column),
                posterior=Interval.of(column[kept]) if enough else None,
            )


def _lessons(scenario: Scenario, points: Array, posterior: Posterior) -> Iterator[Lesson]:
    """Each parameter that the scenario leaves open, before and after."""
    before, after = within(scenario, points), within(scenario, posterior.points)
    for at, path in enumerate(before.paths):
        everywhere = points[:, PATHS.index(path)]
        kept = posterior.points[:, PATHS.index(path)]
        stated = scenario.stated[path]
        yield Lesson(
            path=path,
            unit=stated.unit,
            low=stated.low,
            high=stated.high,
            prior=Interval.of(before.values[:, at]),
            posterior=Interval.of(after.values[:, at]) if posterior.enough else None,
            width=_middle(kept) / _middle(everywhere) if posterior.enough else None,
            learnt=_differs(kept, len(before.paths)) if posterior.enough else None,
        )


def _middle(values: Array) -> float:
    """How wide the middle half is."""
    low, high = np.quantile(values, [0.25, 0.75])
    return float(high - low)


def _differs(kept: Array, looked_at: int) -> bool:
    """Whether points lie less evenly from 0 to 1 than chance would have it (Kolmogorov).

    Of so many parameters looked at together, chance may take one with `CHANCE` in all.

    >>> even = (np.arange(100) + 0.5) / 100
    >>> _differs(even, 80), _differs(even / 2, 80)
    (False, True)
    """
    count = len(kept)
    points, steps = np.sort(kept), np.arange(count + 1) / count
    furthest = max(float((steps[1:] - points).max()), float((points - steps[:-1]).max()))
    return furthest > math.sqrt(math.log(2 * looked_at / CHANCE) / (2 * count))
