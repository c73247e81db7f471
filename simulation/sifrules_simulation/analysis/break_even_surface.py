"""The break-even surface (brytytan): up to which rules does a return flow deter less than a margin?

Combinations of a guideline's numbers are tried under several behaviour horizons, each with and
without the return flow, over the same draws of all other uncertain parameters. Deterrence is how
many more of the ideas considered committees want to apply with where nothing is returned. Along
the first lever, for each combination of the others and each horizon, it breaks even where it
reaches the margin; and the fund must not stand empty for too long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError
from sifrules.plugin.registry import Registry
from sifrules.values.messages import Message
from sifrules_simulation.analysis.break_even import Crossing, crossed
from sifrules_simulation.analysis.paired_effects import (
    ARMS,
    WITH,
    Effects,
    effects,
    means,
    over_draws,
    runs,
)
from sifrules_simulation.analysis.trade_off import TradeOffPlan
from sifrules_simulation.experiments import planning
from sifrules_simulation.experiments.batches import ON_ALL_CORES, Running
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.levers import Lever
from sifrules_simulation.experiments.sampling import draws as drawn
from sifrules_simulation.model.completion import fill_unstated
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.streams import RandomStreams
from sifrules_simulation.statistics.estimates import Estimate

Array = NDArray[np.float64]

#: What deterrence is measured by, and how long the fund lasts.
DETERRENCE, EMPTY = "willingness", "months_exhausted"
HORIZON = "behaviour.horizon"
_RESAMPLES = 1_000


@frozen(kw_only=True)
class SurfacePoint:
    """One combination under one horizon: what it deters, how long the fund is nearly empty.

    ``sure`` is the share of resamples of the draws in which it deters less than the margin and the
    fund lasts.
    """

    horizon: float
    values: tuple[float, ...]
    deterrence: Estimate
    empty: Estimate
    sure: float


@frozen(kw_only=True)
class SurfaceLine:
    """Where deterrence reaches the margin along the first lever; None where it nowhere does.

    ``others`` are the values of the other levers. ``under`` says whether it is below the margin at
    the least value tried.
    """

    horizon: float
    others: tuple[float, ...]
    crossing: Crossing | None
    under: bool


@frozen(kw_only=True, eq=False)
class Surface:
    """All combinations under all horizons, and the lines where deterrence reaches the margin."""

    policy: str
    levers: tuple[Lever, ...]
    margin: float
    most_empty: float
    draws: int
    replications: int
    years: int
    points: tuple[SurfacePoint, ...] = ()
    lines: tuple[SurfaceLine, ...] = ()
    #: combinations that claim nothing, of which there is nothing to try
    nothing_claimed: int = 0
    impossible: int = 0
    failures: int = 0


@frozen(kw_only=True, eq=False)
class SurfacePlan:
    """What is run: the combinations that claim a return, and a design for each horizon."""

    plan: TradeOffPlan
    values: tuple[tuple[float, ...], ...]
    designs: Mapping[float, Design]
    nothing_claimed: int

    def runs(self, draws: int, replications: int) -> int:
        """How many replications of single funds it takes."""
        return sum(draws * runs(each, replications) for each in self.designs.values())


def surface_plan(
    registry: Registry,
    plan: TradeOffPlan,
    around: Scenario,
    horizons: Sequence[float],
    *,
    behaviour: str,
    years: int,
    seed: int,
) -> SurfacePlan:
    """The designs of the combinations of a plan. Raises `SifError` where none claims a return."""
    tried = [
        (tuple(each for each in values if each is not None), policy)
        for values, policy in zip(plan.points, plan.policies, strict=True)
        if None not in values
    ]
    claiming = [
        each
        for each in tried
        if not planning.claims_nothing(fill_unstated(registry, each[1], around)[0], around)
    ]
    if not claiming:
        raise SifError(
            Message("planning.nothing_returned", policy=plan.base.id),
            fix=Message("planning.name_returning"),
        )
    designs = {
        horizon: planning.study_design(
            registry,
            _looking_ahead(around, horizon),
            [policy for _, policy in claiming],
            behaviour=behaviour,
            years=years,
            seed=seed,
            measures=(DETERRENCE, EMPTY),
        )
        for horizon in sorted(set(horizons))
    }
    return SurfacePlan(
        plan=plan,
        values=tuple(values for values, _ in claiming),
        designs=designs,
        nothing_claimed=len(tried) - len(claiming),
    )


def _looking_ahead(around: Scenario, horizon: float) -> Scenario:
    """The scenario in which committees look so many months ahead in every draw."""
    assumed = around.assuming((f"{HORIZON}={horizon:g}",))
    fixed = evolve(assumed.stated[HORIZON], low=horizon, high=horizon)
    return evolve(assumed, stated={**assumed.stated, HORIZON: fixed})


def break_even_surface(
    planned: SurfacePlan,
    *,
    margin: float,
    most_empty: float,
    draws: int,
    replications: int,
    running: Running = ON_ALL_CORES,
) -> Surface:
    """Try every combination under every horizon, over the same draws of all else.

    Raises `SifError` where every replication fails, `KeyboardInterrupt` where it is stopped.
    """
    any_design = next(iter(planned.designs.values()))
    found = Surface(
        policy=planned.plan.base.id,
        levers=planned.plan.levers,
        margin=margin,
        most_empty=most_empty,
        draws=draws,
        replications=replications,
        years=any_design.years,
        nothing_claimed=planned.nothing_claimed,
        impossible=planned.plan.impossible,
    )
    for horizon, design in planned.designs.items():
        sample = drawn(design.scenario, draws, design.seed)
        came = effects(
            design, sample, replications, running=running, part=f"horizon-{horizon:g}", arms=ARMS
        )
        if came.stopped:
            raise KeyboardInterrupt
        if came.failure is not None:
            raise came.failure
        deterrence, empty = _tables(came)
        points, lines = surface_of(
            planned.plan.levers, planned.values, deterrence, empty,
            horizon=horizon, margin=margin, most_empty=most_empty, seed=design.seed,
        )  # fmt: skip
        found = evolve(
            found,
            points=(*found.points, *points),
            lines=(*found.lines, *lines),
            failures=found.failures + len(came.failures),
        )
    return found


def _tables(came: Effects) -> tuple[Array, Array]:
    """Deterrence and months nearly empty, draws × combinations, means of the replications."""
    each = range(len(came.design.labels))
    deterrence = [means(came.differences(at, DETERRENCE)) for at in each]
    return np.column_stack(deterrence), np.column_stack(
        [means(came.arm(at, WITH, EMPTY)) for at in each]
    )


def surface_of(
    levers: Sequence[Lever],
    values: Sequence[tuple[float, ...]],
    deterrence: Array,
    empty: Array,
    *,
    horizon: float,
    margin: float,
    most_empty: float,
    seed: int,
) -> tuple[list[SurfacePoint], list[SurfaceLine]]:
    """Points and lines under one horizon, from draws × combinations of both measures.

    A draw in which something is not known, as the willingness where no idea is considered, is left
    out of all combinations.
    """
    known = ~(np.isnan(deterrence) | np.isnan(empty)).any(axis=1)
    deterrence, empty = deterrence[known], empty[known]
    if len(deterrence) < 2:
        raise SifError(Message("surface.too_few", count=len(deterrence)))
    stream = RandomStreams(seed, 0).stream("surface.resampling")
    holds = np.zeros(len(values))
    for _ in range(_RESAMPLES):
        rows = stream.integers(0, len(deterrence), len(deterrence))
        under = deterrence[rows].mean(axis=0) < margin
        holds += under & (empty[rows].mean(axis=0) <= most_empty)
    points = [
        SurfacePoint(
            horizon=horizon,
            values=each,
            deterrence=over_draws(deterrence[:, at]),
            empty=over_draws(empty[:, at]),
            sure=float(holds[at] / _RESAMPLES),
        )
        for at, each in enumerate(values)
    ]
    groups: dict[tuple[float, ...], list[int]] = {}
    for at, each in enumerate(values):
        groups.setdefault(each[1:], []).append(at)
    lines = []
    for others, some in sorted(groups.items()):
        order = sorted(some, key=lambda at: values[at][0])
        if len(order) < 2:
            continue
        along, table = [values[at][0] for at in order], deterrence[:, order]
        lines.append(
            SurfaceLine(
                horizon=horizon,
                others=others,
                crossing=crossed(levers[0], along, table, margin, seed),
                under=bool(table[:, 0].mean() < margin),
            )
        )
    return points, lines
