"""Break-even (brytpunkt): at what value of a lever does a measure cross a line?

A lever is any number that a guideline states, or could. The policy is tried with a row of
values of it, all in the same worlds, and where the mean of the measure crosses the target
it is tried again more closely.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules.errors import SifError, nearest
from sifrules.plugin.registry import Registry
from sifrules.plugin.simulation import Measure
from sifrules.policy.fund_policy import FundPolicy
from sifrules.values.messages import Message
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.defaults import YEARS
from sifrules_simulation.experiments.levers import Lever, lever_named
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.experiments.runner import run, spans
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.statistics.estimates import Estimate, RunningMoments, known_mean
from sifrules_simulation.statistics.intervals import Resampled, confidence_interval

Array = NDArray[np.float64]

#: How many values of the lever are tried at a time, and how often replications are resampled.
VALUES, _RESAMPLES = 9, 1_000


@frozen(kw_only=True)
class Crossing:
    """The first value of a lever at which a measure crosses its target, with its interval.

    An end of the interval is open where the crossing may lie beyond the range that was looked
    in. ``times`` says how often the line is crossed in all.
    """

    value: float
    low: float
    high: float
    open_ends: tuple[bool, bool]
    times: int


@frozen(kw_only=True, eq=False)
class BreakEven:
    """Where a measure crosses its target, None where no value in range does it.

    ``curve`` is the mean at every value tried.
    """

    policy: str
    lever: Lever
    measure: Measure
    target: float
    low: float
    high: float
    replications: int
    curve: Mapping[float, Estimate]
    crossing: Crossing | None


def break_even(
    registry: Registry,
    policy: FundPolicy,
    path: str,
    measure: str,
    target: float,
    *,
    within: tuple[float, float] | None = None,
    scenario: str | Scenario = "default",
    replications: int = 200,
    years: int = YEARS,
    seed: int = 1,
    behaviour: str = USUAL,
    jobs: int | None = None,
    tick: Callable[[int], None] = lambda _: None,
) -> BreakEven:
    """The value of a lever at which the mean of a measure crosses a target.

    ``within`` is the range to look in: a share's is all of it if left out, another number's
    from 1 to four times what it is. Raises `SifError` for a lever or a measure that
    does not exist, and for a range that the guideline cannot have.
    """
    if measure not in registry.measures:
        raise SifError(
            Message("measure.unknown", measure=measure), fix=nearest(measure, registry.measures)
        )
    if not math.isfinite(target):
        raise SifError(Message("break_even.no_target", target=target))
    if replications < 2:
        raise SifError(Message("replications.too_few", replications=replications))
    lever = lever_named(policy, path)
    coarse = lever.values(*range_of(lever, within), VALUES)
    if len(coarse) < 2:
        raise SifError(
            Message("break_even.no_two_values", path=path), fix=Message("break_even.widen")
        )

    def tried(values: Sequence[float]) -> Array:
        changed = [registry.changed(policy, [lever.setting(value)]) for value in values]
        design = comparison_design(
            registry, changed, scenario=scenario, years=years, seed=seed, behaviour=behaviour
        )
        at = [each.name for each in design.measures].index(measure)
        rows = []
        running = Running(jobs=jobs, tick=lambda count: tick(count * len(values)))
        for result in run(design, spans(design, replications), running):
            for failure in result.failures:
                raise failure.as_error(Message("failure.a_replication"))
            if result.values is not None:
                rows.append(result.values.values[:, :, at])
        return np.concatenate(rows)

    means = tried(coarse)
    found = _by_value(coarse, means)
    place = _crossings(coarse, known_mean(means), target)
    if place:
        closer = [each for each in lever.values(*place[0], VALUES) if each not in found]
        if closer:
            found |= _by_value(closer, tried(closer))
    values = sorted(found)
    table = np.column_stack([found[value] for value in values])
    return BreakEven(
        policy=policy.id,
        lever=lever,
        measure=registry.measures[measure],
        target=target,
        low=values[0],
        high=values[-1],
        replications=replications,
        curve=_curve(values, table),
        crossing=crossed(lever, values, table, target, seed),
    )


def range_of(lever: Lever, within: tuple[float, float] | None) -> tuple[float, float]:
    """The range to look in: the one that is given, or the usual one of the lever."""
    if within is None and lever.is_share:
        return 0.0, 1.0
    if within is None and not lever.now:
        raise SifError(
            Message("break_even.not_stated", path=lever.path),
            fix=Message("break_even.give_range"),
        )
    low, high = within or (1.0, 4 * (lever.now or 0.0))
    if not low < high:
        raise SifError(Message("break_even.no_range", low=low, high=high))
    return low, high


# --- where the line is crossed --------------------------------------------------------


def _by_value(values: Sequence[float], table: Array) -> dict[float, Array]:
    return {value: table[:, at] for at, value in enumerate(values)}


def _crossings(values: Sequence[float], means: Array, target: float) -> list[tuple[float, float]]:
    """Between which neighbours a curve crosses the target; meeting it at an end counts."""
    above = means - target
    return [
        (values[at], values[at + 1])
        for at in range(len(values) - 1)
        if above[at] == 0
        or above[at] * above[at + 1] < 0
        or (at == len(values) - 2 and above[at + 1] == 0)
    ]


def _place(values: Sequence[float], means: Array, target: float) -> float | None:
    """Where a curve first crosses the target, in a straight line between neighbours."""
    pairs = _crossings(values, means, target)
    if not pairs:
        return None
    at = values.index(pairs[0][0])
    first, second = means[at] - target, means[at + 1] - target
    part = first / (first - second) if first != second else 0.0
    return float(values[at] + part * (values[at + 1] - values[at]))


def crossed(
    lever: Lever, values: Sequence[float], table: Array, target: float, seed: int
) -> Crossing | None:
    """The first crossing, if there is one, from replications × values of the lever.

    The interval comes from resampling the replications. A resample without a crossing counts
    as one beyond the end of the range at which its curve is nearest to the target.
    """
    middle = _place(values, known_mean(table), target)
    if middle is None:
        return None

    def place_in(rows: NDArray[np.int64]) -> float:
        means = known_mean(table[rows])
        place = _place(values, means, target)
        if place is None:
            first, last = abs(means[0] - target), abs(means[-1] - target)
            return -np.inf if first < last else np.inf
        return place

    low, high = confidence_interval(
        Resampled(size=len(table), statistic=place_in, resamples=_RESAMPLES, seed=seed)
    )
    return Crossing(
        value=_takable(lever, middle),
        low=_takable(lever, max(low, values[0])),
        high=_takable(lever, min(high, values[-1])),
        open_ends=(low == -np.inf, high == np.inf),
        times=len(_crossings(values, known_mean(table), target)),
    )


def _takable(lever: Lever, value: float) -> float:
    """The next value that the lever can take, from one in between."""
    return round(value, 4) if lever.is_share else float(np.ceil(value - 1e-9))


def _curve(values: Sequence[float], table: Array) -> dict[float, Estimate]:
    sums = RunningMoments((len(values),))
    sums.add(table)
    return {value: sums.estimate(at) for at, value in enumerate(values)}
