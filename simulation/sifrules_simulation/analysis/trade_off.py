"""Trade-offs (avvägningar): which values of some levers gain one thing without losing another?

A policy is tried with combinations of values of one to four of its numbers, all in the same
worlds: a grid for one or two levers, a Latin hypercube for more. A combination is on the front
where no other is at least as good by every measure and better by one. How sure that is comes
from resampling the replications: a combination may be on the front in some resamples only.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules.errors import SifError
from sifrules.plugin.registry import Registry
from sifrules.plugin.simulation import Measure
from sifrules.policy.fund_policy import FundPolicy
from sifrules.values.messages import Message
from sifrules_simulation.analysis.break_even import range_of
from sifrules_simulation.experiments.batches import Failure, Running
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.levers import Lever, lever_named
from sifrules_simulation.experiments.runner import run, spans
from sifrules_simulation.experiments.sampling import latin_hypercube
from sifrules_simulation.model.streams import RandomStreams
from sifrules_simulation.statistics.estimates import Estimate, RunningMoments, known_mean
from sifrules_simulation.statistics.fronts import on_front

Array = NDArray[np.float64]

#: The most levers that a person can weigh at a time, and how many combinations are tried.
MOST_LEVERS = 4
POINTS = {1: 9, 2: 25, 3: 40, 4: 60}
#: Measures of which less is better; of all others more is, unless it is asked for.
LESS_IS_BETTER = frozenset({
    "months_exhausted", "administration", "refusals", "undecided", "unsettled", "written_down",
    "foreseen_refusals", "outstanding",
})  # fmt: skip
_RESAMPLES = 1_000


@frozen(kw_only=True, eq=False)
class TradeOffPlan:
    """What is tried: a policy, its levers, and the combinations of their values.

    The first combination is the policy as it stands, with no value changed. ``impossible`` are
    combinations that the guideline's parts refuse.
    """

    base: FundPolicy
    levers: tuple[Lever, ...]
    measures: tuple[str, ...]
    less: frozenset[str]
    points: tuple[tuple[float | None, ...], ...]
    policies: tuple[FundPolicy, ...]
    impossible: int = 0


@frozen(kw_only=True)
class TradeOffPoint:
    """A combination: the values of the levers, and what it led to by each measure.

    ``share`` is the share of resamples in which it is on the front, ``on_front`` whether it is
    by the means of all replications. ``settings`` are the changes, empty for the policy as it is.
    """

    settings: tuple[str, ...]
    values: tuple[float | None, ...]
    estimates: tuple[Estimate, ...]
    on_front: bool
    share: float


@frozen(kw_only=True, eq=False)
class TradeOff:
    """All combinations that were tried, the policy as it stands first."""

    plan: TradeOffPlan
    design: Design
    measures: tuple[Measure, ...]
    replications: int
    points: tuple[TradeOffPoint, ...]
    failures: tuple[Failure, ...] = ()
    stopped: bool = False
    #: the levers of which no value tried changed anything that was measured
    idle: tuple[Lever, ...] = ()

    @property
    def front(self) -> tuple[TradeOffPoint, ...]:
        """The combinations on the front, most of the first measure first."""
        on = [each for each in self.points if each.on_front]
        return tuple(sorted(on, key=lambda each: -(each.estimates[0].mean or 0.0)))


# --- what is tried --------------------------------------------------------------------


def trade_off_plan(
    registry: Registry,
    base: FundPolicy,
    levers: Sequence[str],
    measures: Sequence[str],
    *,
    less: Sequence[str] = (),
    points: int | None = None,
    seed: int = 1,
) -> TradeOffPlan:
    """The combinations to try; ``levers`` are paths, each perhaps with its range as ``PATH=A:B``.

    Raises `SifError` for a lever that is no number of the policy, for too many of them or too few
    measures, and where the policy's parts refuse every combination.
    """
    if not 1 <= len(set(levers)) <= MOST_LEVERS:
        raise SifError(Message("trade_off.levers", most=MOST_LEVERS, count=len(set(levers))))
    if len(set(measures)) < 2:
        raise SifError(Message("trade_off.measures"), fix=Message("trade_off.name_measures"))
    strange = [each for each in less if each not in measures]
    if strange:
        raise SifError(Message("trade_off.less_of_another", measure=strange[0]))
    found = [_ranged(base, each) for each in dict.fromkeys(levers)]
    if len({lever.path for lever, _ in found}) < len(found):
        raise SifError(Message("trade_off.lever_twice"))
    named = tuple(lever for lever, _ in found)
    count = POINTS[len(named)] if points is None else points
    tried = [tuple(lever.now for lever in named)]
    policies, impossible, refused = [base], 0, None
    for values in _combinations(found, count, seed):
        if values in tried:
            continue
        try:
            changed = registry.changed(base, _settings(named, values))
        except SifError as error:
            impossible, refused = impossible + 1, error
            continue
        tried.append(values)
        policies.append(changed)
    if len(policies) < 2:
        raise refused or SifError(
            Message("break_even.no_two_values", path=named[0].path),
            fix=Message("break_even.widen"),
        )
    return TradeOffPlan(
        base=base,
        levers=named,
        measures=tuple(dict.fromkeys(measures)),
        less=LESS_IS_BETTER.union(less),
        points=tuple(tried),
        policies=tuple(policies),
        impossible=impossible,
    )


def _ranged(base: FundPolicy, asked: str) -> tuple[Lever, tuple[float, float]]:
    """A lever and the range it is tried in, as ``return_model.floor=0:0.5`` or by its path."""
    path, given, limits = asked.partition("=")
    lever = lever_named(base, path.strip())
    if not given:
        return lever, range_of(lever, None)
    low, _, high = limits.partition(":")
    try:
        within = float(low), float(high)
    except ValueError:
        raise SifError(Message("trade_off.no_range", asked=asked)) from None
    return lever, range_of(lever, within)


def _combinations(
    levers: Sequence[tuple[Lever, tuple[float, float]]], count: int, seed: int
) -> list[tuple[float, ...]]:
    """A grid of values for one or two levers, a Latin hypercube for more."""
    if len(levers) < 3:
        each = max(2, round(count ** (1 / len(levers))))
        rows = [lever.values(*within, each) for lever, within in levers]
        return list(product(*rows))
    cube = latin_hypercube(max(2, count), seed, [lever.path for lever, _ in levers])
    columns = [
        lever.rounded(within[0] + (within[1] - within[0]) * cube[:, at])
        for at, (lever, within) in enumerate(levers)
    ]
    return [tuple(map(float, row)) for row in np.column_stack(columns)]


def _settings(levers: Sequence[Lever], values: Sequence[float | None]) -> list[str]:
    return [
        lever.setting(value)
        for lever, value in zip(levers, values, strict=True)
        if value is not None and value != lever.now
    ]


# --- what came of it ------------------------------------------------------------------


def run_trade_off(
    plan: TradeOffPlan, design: Design, replications: int, running: Running
) -> TradeOff:
    """Try every combination in the same worlds, and find the front.

    A replication that fails is left out of all combinations, and reported.
    """
    if replications < 2:
        raise SifError(Message("replications.too_few", replications=replications))
    names = [each.name for each in design.measures]
    at = [names.index(name) for name in plan.measures]
    rows, failures, stopped = [], list[Failure](), False
    try:
        for result in run(design, spans(design, replications), running):
            failures += result.failures
            if result.values is not None:
                rows.append(result.values.values[:, :, at])
    except KeyboardInterrupt:  # what is known by then is the result, unless it is nothing
        if not rows:
            raise
        stopped = True
    if not rows:
        raise failures[0].as_error(Message("failure.a_replication"))
    table = np.concatenate(rows)
    signs = np.array([-1.0 if name in plan.less else 1.0 for name in plan.measures])
    front = on_front(known_mean(table) * signs)
    sums = RunningMoments(table.shape[1:])
    sums.add(table)
    shares = front_shares(table, signs, design.seed)
    points = tuple(
        TradeOffPoint(
            settings=tuple(_settings(plan.levers, values)),
            values=values,
            estimates=tuple(sums.estimate(point, measure) for measure in range(len(at))),
            on_front=bool(front[point]),
            share=float(shares[point]),
        )
        for point, values in enumerate(plan.points)
    )
    return TradeOff(
        plan=plan,
        design=design,
        measures=tuple(design.measures[each] for each in at),
        replications=len(table),
        points=points,
        failures=tuple(failures),
        stopped=stopped,
        idle=tuple(_idle(plan, table)),
    )


def dominates(found: TradeOff, one: TradeOffPoint, other: TradeOffPoint) -> bool:
    """Whether one combination is at least as good as another by every mean, and better by one."""
    signs = [-1.0 if each.name in found.plan.less else 1.0 for each in found.measures]
    pair = np.array(
        [
            [
                np.nan if each.mean is None else sign * each.mean
                for sign, each in zip(signs, point.estimates, strict=True)
            ]
            for point in (one, other)
        ]
    )
    return bool(on_front(pair)[0]) and not on_front(pair)[1]


def front_shares(table: Array, signs: Array, seed: int) -> Array:
    """The share of resamples of the replications in which each combination is on the front."""
    stream = RandomStreams(seed, 0).stream("trade_off.resampling")
    counts = np.zeros(table.shape[1])
    for _ in range(_RESAMPLES):
        rows = stream.integers(0, len(table), len(table))
        counts += on_front(known_mean(table[rows]) * signs)
    return counts / _RESAMPLES


def _idle(plan: TradeOffPlan, table: Array) -> list[Lever]:
    """Levers that changed nothing between combinations that are alike but for them."""
    found = []
    for at, lever in enumerate(plan.levers):
        alike: dict[tuple[float | None, ...], list[int]] = {}
        for point, values in enumerate(plan.points):
            alike.setdefault(values[:at] + values[at + 1 :], []).append(point)
        groups = [group for group in alike.values() if len(group) > 1]
        same = all(
            np.array_equal(table[:, group[0]], table[:, other], equal_nan=True)
            for group in groups
            for other in group[1:]
        )
        if groups and same:
            found.append(lever)
    return found
