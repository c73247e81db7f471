"""Interim looks (delavstämningar): draws until a difference is known closely.

The first draws of a longer study are the same draws, a Latin hypercube to a block. So a study
looks after one block, two, four, eight ..., and ends at the first look at which the difference
is known as closely as was asked for.
"""

from __future__ import annotations

from sifrules_simulation.analysis.paired_effects import (
    PARTS,
    Effects,
    effects,
    means,
    over_draws,
)
from sifrules_simulation.experiments.batches import ON_ALL_CORES, Running
from sifrules_simulation.experiments.defaults import BLOCK
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.sampling import ParameterSample
from sifrules_simulation.statistics.intervals import CONFIDENCE
from sifrules_simulation.statistics.sequential import (
    Precision,
    StandingOut,
    interim_looks,
    known_within,
    refuse_imprecise,
    widest,
    within,
)


def effects_until_precise(
    design: Design,
    draws: ParameterSample,
    replications: int,
    precision: tuple[str, float] | None,
    running: Running = ON_ALL_CORES,
) -> tuple[Effects, Precision | None]:
    """The effects over all draws, or over as many as a ``precision`` takes, and how it came out.

    The precision is that of the mean difference over draws, for each of the policies.
    """
    if precision is None:
        return effects(design, draws, replications, running=running, arms=PARTS), None
    measure, half_width = precision
    found: Effects | None = None
    level, wide, reached = CONFIDENCE, None, False
    for until, level in interim_looks(len(draws), BLOCK):
        rows = range(0 if found is None else found.asked, until)
        more = effects(design, draws, replications, running=running, rows=rows, arms=PARTS)
        found = more if found is None else found.and_then(more)
        wide = widest_difference(found, measure, level)
        reached = within(wide, half_width) and not found.stopped
        if reached or found.stopped:
            break
    assert found is not None
    return found, Precision(
        measure=measure,
        half_width=float(half_width),
        widest=wide,
        reached=reached,
        spent=len(found.draws) + len(found.failures),  # all but what Ctrl-C left undone
        most=len(draws),
        level=level,
    )


def widest_difference(found: Effects, measure: str, level: float) -> float | None:
    """The widest half-width of the mean difference over draws; None if not known."""
    (unit,) = (each.unit for each in found.design.measures if each.name == measure)
    known = []
    for policy in range(len(found.design.labels)):
        of_draws = means(found.differences(policy, measure))
        differing = StandingOut((1,))
        differing.add(of_draws[:, None])
        estimate = over_draws(of_draws, level)
        known.append((estimate.count, known_within(estimate, differing.count(0), unit, level)))
    return widest(known)


def refuse_unmeasured(precision: tuple[str, float] | None, design: Design) -> None:
    """Raise `SifError` for a precision of what a study does not measure, or that is none."""
    if precision is not None:
        refuse_imprecise(precision, [each.name for each in design.measures])
