"""How much each cause explains (orsaker): Shapley shares over the switches.

With n mechanisms there are 2ⁿ worlds, one for each set of mechanisms that is at work. A
mechanism's share is what it adds to uptake, averaged over all orders in which the
mechanisms could be switched on. The shares sum, replication by replication, to the whole
step: from no mechanism at all (and so no return flow) to the policy as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import factorial

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules_simulation.estimates import Estimate, Sums
from sifrules_simulation.running import shared_out
from sifrules_simulation.study.effects import Setup
from sifrules_simulation.switches import NAMES, Switches
from sifrules_simulation.world import world

Array = NDArray[np.float64]

#: How many sets of mechanisms there are.
_SETS: int = 2 ** len(NAMES)


@frozen
class Cause:
    """What one mechanism adds to a policy's uptake, with its interval."""

    policy: str
    switch: str
    share: Estimate


@frozen(eq=False)
class Causes:
    """Every mechanism's share for every policy, and the whole step that they sum to."""

    shares: tuple[Cause, ...]
    steps: dict[str, Estimate]


def causes(
    setup: Setup,
    replications: int,
    *,
    jobs: int | None = None,
    tick: Callable[[int], None] = lambda _: None,
) -> Causes:
    """The Shapley share of every switch in every policy's uptake, in the scenario as it is.

    ``tick`` is told how many replications of single funds were finished.
    """
    rows = []
    for row in shared_out(_one_world, [(setup, each) for each in range(replications)], jobs):
        rows.append(row)
        tick(runs(setup))
    values = np.array(rows)
    shares = np.stack([shapley(values[:, policy]) for policy in range(len(setup.labels))], axis=1)
    found = Sums(shares.shape[1:])
    found.add(shares)
    steps = Sums((len(setup.labels),))
    steps.add(shares.sum(axis=2))
    return Causes(
        tuple(
            Cause(label, switch, found.estimate(policy, at))
            for policy, label in enumerate(setup.labels)
            for at, switch in enumerate(NAMES)
        ),
        {label: steps.estimate(policy) for policy, label in enumerate(setup.labels)},
    )


def runs(setup: Setup) -> int:
    """How many replications of single funds one world takes."""
    return len(setup.labels) * _SETS


def combinations() -> Iterator[Switches]:
    """Every set of mechanisms at work; the last switch changes fastest."""
    for on in product((False, True), repeat=len(NAMES)):
        yield Switches(**dict(zip(NAMES, on, strict=True)))


def _one_world(setup: Setup, replication: int) -> Array:
    """Uptake in one replication: policies × combinations."""
    table = np.empty((len(setup.labels), _SETS))
    worlds = {}
    for at, switches in enumerate(combinations()):
        # Of the switches only these two have a bearing on the world.
        key = (switches.novelty, switches.organisation_size)
        if key not in worlds:
            worlds[key] = world(setup.scenario, setup.years, setup.seed, replication, switches)
        for policy in range(len(setup.labels)):
            conduct = setup.conduct(policy, setup.scenario, switches)
            table[policy, at] = setup.measured(conduct, worlds[key])[0]
    return table


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
