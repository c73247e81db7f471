"""What the answer depends on (vad svaret hänger på): sensitivity, regions and what to measure.

All three read the draws with the noise of few replications taken out. Sensitivity is of uptake in
all, as it takes seconds a policy; regions and the gain from knowing an assumption are of each
hypothesis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from attrs import field, frozen

from sifrules.errors import SifError
from sifrules_simulation.analysis.errors import UnavailableResult
from sifrules_simulation.analysis.hypotheses import Finding
from sifrules_simulation.analysis.information import InformationGain, information
from sifrules_simulation.analysis.paired_effects import Array, Effects
from sifrules_simulation.analysis.regions import FEWEST, Region, regions
from sifrules_simulation.analysis.sensitivity import Index, indices
from sifrules_simulation.analysis.two_way import TwoWay, pair_of, two_way
from sifrules_simulation.execution.cluster import ClusterError
from sifrules_simulation.execution.dispatch import run_ordered
from sifrules_simulation.model.own_size import own_values

#: The hypothesis that the answer of each policy is of: fewer applications in all.
ANSWERED = "fewer_in_all"
#: A policy and the code of a hypothesis.
Asked = tuple[str, str]


@frozen(kw_only=True)
class Dependence:
    """What the answer depends on: by policy, or by policy and hypothesis.

    ``two_way`` is there where a region or the gain from knowing assumptions tells of two of them.
    ``lacking`` says why something is not there.
    """

    sensitivity: Mapping[str, tuple[Index, ...]] = field(factory=dict)
    regions: Mapping[Asked, tuple[Region, ...]] = field(factory=dict)
    information: Mapping[Asked, tuple[InformationGain, ...]] = field(factory=dict)
    two_way: Mapping[Asked, TwoWay] = field(factory=dict)
    lacking: tuple[SifError, ...] = ()


def dependence(findings: Sequence[Finding], found: Effects, jobs: int | None) -> Dependence:
    """What each of some findings depends on, from the effects that they are of."""
    design, draws, seed = found.design, found.draws, found.design.seed
    values = {
        label: own_values(draws.paths, draws.values, design.scenario, policy)
        for label, policy in zip(design.labels, design.policies, strict=True)
    }
    known = [each for each in findings if each.likely is not None]
    tasks = [(each, draws.paths, values[each.policy], seed) for each in known]
    try:
        each_of = list(zip(known, run_ordered(_of_one, tasks, jobs), strict=True))
    except ClusterError:
        raise
    except SifError as error:  # a process that died
        return Dependence(lacking=(error,))
    of = {(each.policy, each.hypothesis.code): one for each, one in each_of}
    return Dependence(
        sensitivity={policy: one.sensitivity for (policy, _), one in of.items() if one.sensitivity},
        regions={asked: one.regions for asked, one in of.items() if one.regions},
        information={asked: one.information for asked, one in of.items()},
        two_way={asked: one.two_way for asked, one in of.items() if one.two_way is not None},
        lacking=_each_once(error for one in of.values() for error in one.lacking),
    )


def _each_once(errors: Iterable[SifError]) -> tuple[SifError, ...]:
    """The errors that say different things: what lacks for one policy lacks for all."""
    return tuple({error.full_text: error for error in errors}.values())


@frozen(kw_only=True)
class _OfOne:
    """What one finding depends on; sensitivity is of the answer alone."""

    sensitivity: tuple[Index, ...]
    regions: tuple[Region, ...]
    information: tuple[InformationGain, ...]
    two_way: TwoWay | None
    lacking: tuple[SifError, ...]


def _of_one(finding: Finding, paths: Sequence[str], values: Array, seed: int) -> _OfOne:
    """What one finding depends on; no region where too few draws are known, as of evaluations.

    The answer itself is known in every draw: too few of it are too few draws, and that is reported.
    """
    holds, reverse, effect = finding.likely, finding.likely_reverse, finding.effect
    assert holds is not None
    assert reverse is not None
    assert effect is not None
    answer = finding.hypothesis.code == ANSWERED
    where: tuple[Region, ...] = ()
    sensitivity: tuple[Index, ...] = ()
    lacking: list[SifError] = []
    if answer:
        try:
            sensitivity = indices(paths, values, effect, seed=seed)
        except UnavailableResult as error:
            lacking.append(error)
    if answer or np.isfinite(holds).sum() >= FEWEST:
        try:
            where = regions(paths, values, holds, reverse, seed=seed)
        except UnavailableResult as error:
            lacking.append(error)
    worth = information(paths, values, holds, seed=seed)
    pair = pair_of(where, worth)
    return _OfOne(
        sensitivity=sensitivity,
        regions=where,
        information=worth,
        two_way=None if pair is None else two_way(paths, values, holds, pair),
        lacking=tuple(lacking),
    )
