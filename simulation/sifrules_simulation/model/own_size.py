"""Own size (egen storlek): each policy in a municipality as large as its own.

A scenario has one population for all policies. Where it says ``own_size``, a policy whose
municipality has a scenario of its own is simulated with the population that this states; the others
with that of the scenario. A draw keeps its place: the middle of the scenario's range becomes the
middle of the municipality's own. A population that is assumed by name goes before all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sifrules.policy.fund_policy import FundPolicy
from sifrules_simulation.model.scenario_entries import Stated
from sifrules_simulation.model.scenarios import Scenario, bundled, scenario

Array = NDArray[np.float64]

POPULATION = "municipality.population"
_DRAWN = "--draw"


def states_own_size(around: Scenario) -> bool:
    """Whether a scenario has a population that is not the default one's."""
    usual, stated = scenario().stated[POPULATION], around.stated[POPULATION]
    return (usual.value, usual.low, usual.high) != (stated.value, stated.low, stated.high)


def of_own_size(around: Scenario, policy: FundPolicy) -> Scenario:
    """The scenario in which a policy is simulated: in its own municipality's size if it has one.

    >>> import sifrules
    >>> orebro = sifrules.registry().policy("orebro@2016")
    >>> of_own_size(scenario().assuming(("own_size=true",)), orebro).value(POPULATION)
    144200.0
    >>> of_own_size(scenario(), orebro).value(POPULATION)
    100000.0
    """
    own = _own(policy) if around.own_size else None
    if own is None or any(each.startswith(f"{POPULATION}=") for each in around.changes):
        return around
    value = own.value
    if _DRAWN in around.changes:
        value = float(_placed(np.array([around.value(POPULATION)]), around, own)[0])
    return around.with_values({POPULATION: value})


def own_ranges(around: Scenario, policies: Iterable[FundPolicy]) -> dict[str, tuple[float, float]]:
    """The range of the population of each policy that is simulated in its own size, by its id."""
    stated = {policy.id: _own(policy) for policy in policies if around.own_size}
    return {name: (own.low, own.high) for name, own in stated.items() if own is not None}


def own_values(paths: Sequence[str], values: Array, around: Scenario, policy: FundPolicy) -> Array:
    """The parameters drawn, draws × parameters, as a policy is simulated with them."""
    own = _own(policy) if around.own_size else None
    if own is None or POPULATION not in paths:
        return values
    at = list(paths).index(POPULATION)
    values = values.copy()
    values[:, at] = _placed(values[:, at], around, own)
    return values


def _placed(drawn: Array, around: Scenario, own: Stated) -> Array:
    """Populations in the scenario's range, at the same place in the municipality's own."""
    stated = around.stated[POPULATION]
    width = stated.high - stated.low
    place = (drawn - stated.low) / width if width > 0 else np.full(drawn.shape, 0.5)
    return np.floor(own.low + place * (own.high - own.low) + 0.5)


def _own(policy: FundPolicy) -> Stated | None:
    return _stated(policy.id.partition("@")[0])


@cache
def _stated(key: str) -> Stated | None:
    """What the scenario of a municipality states of its population; None where there is none."""
    if key == "default" or key not in bundled():
        return None
    return scenario(key).stated[POPULATION]
