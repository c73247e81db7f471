"""How much each cause explains (orsaker): Shapley shares over the switches.

With n mechanisms there are 2ⁿ worlds, one for each set of mechanisms that is at work. A
mechanism's share is what it adds to uptake, averaged over all orders in which the
mechanisms could be switched on. The shares sum, replication by replication, to the whole
step: from no mechanism at all (and so no return flow) to the policy as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product
from math import factorial

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules_simulation.experiments.batches import (
    ON_ALL_CORES,
    ArrayBatchSchema,
    BatchResult,
    Failure,
    Running,
    died,
    run_all,
)
from sifrules_simulation.experiments.cells import Cell, measures_of, run_cell
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.model.mechanisms import WHOLE, Mechanisms
from sifrules_simulation.statistics.estimates import Estimate, RunningMoments

Array = NDArray[np.float64]

#: How many sets of mechanisms there are.
_SETS: int = 2 ** len(WHOLE)
_PART = "causes"


@frozen
class Cause:
    """What one mechanism adds to a policy's uptake, with its interval."""

    policy: str
    switch: str
    share: Estimate


@frozen(eq=False)
class Causes:
    """Every mechanism's share for every policy, and the whole step that they sum to.

    ``failures`` reports the worlds that are left out, because a replication failed there.
    """

    shares: tuple[Cause, ...]
    steps: dict[str, Estimate]
    failures: tuple[Failure, ...] = ()


def causes(
    design: Design,
    replications: int,
    running: Running = ON_ALL_CORES,
) -> Causes:
    """The Shapley share of every switch in every policy's uptake, in the scenario as it is.

    Raises `KeyboardInterrupt` where it is stopped, `SifError` where no world is left.
    """
    policies = len(design.labels)
    tasks = {
        world * policies + policy: [(design, world, policy)]
        for world in range(replications)
        for policy in range(policies)
    }
    found = run_all(_schema(design), _one_fund, tasks, design.observed(running))
    if found.stopped:
        raise KeyboardInterrupt
    rows = found.values
    whole = [
        [rows[first + policy].ravel() for policy in range(policies)]
        for first in range(0, len(tasks), policies)
        if all(first + policy in rows for policy in range(policies))
    ]
    if not whole:
        raise SifError(Message("attribution.no_world", error=found.failures[0].error))
    values = np.array(whole)
    shares = np.stack([shapley(values[:, policy]) for policy in range(policies)], axis=1)
    sums = RunningMoments(shares.shape[1:])
    sums.add(shares)
    steps = RunningMoments((policies,))
    steps.add(shares.sum(axis=2))
    return Causes(
        tuple(
            Cause(label, switch, sums.estimate(policy, at))
            for policy, label in enumerate(design.labels)
            for at, switch in enumerate(WHOLE)
        ),
        {label: steps.estimate(policy) for policy, label in enumerate(design.labels)},
        found.failures,
    )


def runs(design: Design) -> int:
    """How many replications of single funds one world takes."""
    return len(design.labels) * _SETS


def _schema(design: Design) -> ArrayBatchSchema:
    """What the batches look like: one policy in one world each."""
    policies = len(design.labels)
    return ArrayBatchSchema(
        name=_PART,
        rows=lambda batch: {
            "replication": (batch // policies,),
            "policy": (design.labels[batch % policies],),
            "mechanisms": range(_SETS),
        },
        columns=(design.measures[0].name,),
        fatal=lambda batch: died(_PART, None, batch // policies, design.seed),
    )


def combinations() -> Iterator[Mechanisms]:
    """Every set of mechanisms at work; the last switch changes fastest."""
    for on in product((False, True), repeat=len(WHOLE)):
        yield Mechanisms(**dict(zip(WHOLE, on, strict=True)))


def _one_fund(design: Design, replication: int, policy: int) -> BatchResult[Array]:
    """Uptake under one policy in one replication, for every set of mechanisms at work."""
    cell = Cell(
        part=_PART,
        policies=range(policy, policy + 1),
        replications=range(replication, replication + 1),
        mechanisms=tuple(combinations()),
        whole=True,
    )
    found = run_cell(design, cell, partial(measures_of, design))
    if found.failures:
        return BatchResult(failures=tuple(found.failures))
    uptake = np.array(found.rows[replication], dtype=float)[:, 0]
    return BatchResult(values=uptake.reshape(1, 1, _SETS, 1))


def shapley(values: Array) -> Array:
    """Shapley values from those of all sets, replications × 2ⁿ, the last element fastest.

    A game of two with 1 alone worth 10, 2 alone worth 20, both worth 40:

    >>> shapley(np.array([[0.0, 20.0, 10.0, 40.0]])).tolist()
    [[15.0, 25.0]]
    """
    count = int(np.log2(values.shape[1]))
    sets = np.array(list(product((0, 1), repeat=count)))
    sizes = sets.sum(axis=1)
    weights = np.array(
        [factorial(size) * factorial(count - size - 1) / factorial(count) for size in range(count)]
    )
    places = 2 ** np.arange(count - 1, -1, -1)
    shares = np.empty((len(values), count))
    for player in range(count):
        without = np.flatnonzero(sets[:, player] == 0)
        added = values[:, without + places[player]] - values[:, without]
        shares[:, player] = added @ weights[sizes[without]]
    return shares
