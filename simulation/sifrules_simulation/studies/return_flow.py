"""The study of the return flow (återföringen): does it hinder uptake, why, and where does it turn?

`return_flow` is the whole of it, a step a line: the effect over all draws, what each cause
explains, what the effect depends on, and the same answer on the draws that the record keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from sifrules.errors import SifError, shown
from sifrules.plugin.registry import Registry
from sifrules.policy.fund_policy import FundPolicy
from sifrules.values.messages import Message
from sifrules_simulation.analysis import attribution as causing, calibration
from sifrules_simulation.analysis.attribution import Causes
from sifrules_simulation.analysis.calibration import Calibration, calibrated
from sifrules_simulation.analysis.hypothesis import Hypothesis, VerdictCounts
from sifrules_simulation.analysis.paired_effects import (
    WITH,
    WITHOUT,
    Array,
    Effects,
    effects,
    means,
    over_draws,
    runs,
)
from sifrules_simulation.analysis.regions import Region, region, turns
from sifrules_simulation.analysis.sensitivity import Index, indices
from sifrules_simulation.analysis.sequential_effects import effects_until_precise, refuse_unmeasured
from sifrules_simulation.execution.cluster import ClusterError
from sifrules_simulation.execution.dispatch import run_ordered
from sifrules_simulation.experiments.batches import ON_ALL_CORES, Failure, NotSaved, Running
from sifrules_simulation.experiments.defaults import (
    ACCEPT,
    CAUSE_REPLICATIONS,
    DRAWS,
    REPLICATIONS,
)
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.planning import study_design
from sifrules_simulation.experiments.sampling import ParameterSample, draws as drawn
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.statistics.intervals import CONFIDENCE
from sifrules_simulation.statistics.sequential import Precision

#: On how many of the draws, at most, the money is also let never run out.
CHOICE_DRAWS = 128

UPTAKE, GRANTED = "application_uptake", "granted"
#: What speaks for a return flow, or is lost with it.
OPPOSING = ("returned", "months_exhausted", "evaluated", "net_municipal_saving", "human_gain")


@frozen(kw_only=True, eq=False)
class PolicyResult:
    """The answer for one policy: differences are without minus with the return flow."""

    policy: str
    tally: VerdictCounts
    with_return: Estimate
    without: Estimate
    difference: Estimate
    ratio: Estimate
    granted_difference: Estimate
    granted_ratio: Estimate
    opposing: Mapping[str, Estimate]


@frozen(kw_only=True, eq=False)
class Study:
    """What came of a study.

    ``answers`` are over the ranges that the scenario states, ``by_record`` over those of the
    draws that are like the record, where it was calibrated to and enough are. Of each policy
    ``through_choice`` is the difference in uptake if the fund's money never ran out: what is
    left of it without the refill. ``lacking`` says what could not be worked out, ``failures``
    which replications failed. ``failure`` and ``stopped`` say why it ended early, ``kept``
    whether it was saved as it ran. ``precision`` is how closely a difference was to be known,
    if that was asked for, and how many draws it took.
    """

    finding: Hypothesis
    effects: Effects
    answers: tuple[PolicyResult, ...] = ()
    through_choice: Mapping[str, Estimate] = field(factory=dict)
    causes: Causes | None = None
    sensitivity: Mapping[str, tuple[Index, ...]] = field(factory=dict)
    regions: Mapping[str, Region] = field(factory=dict)
    calibration: Calibration | None = None
    by_record: tuple[PolicyResult, ...] = ()
    lacking: tuple[SifError, ...] = ()
    failure: SifError | None = None
    stopped: bool = False
    failures: tuple[Failure, ...] = ()
    saved: bool = False
    precision: Precision | None = None

    @property
    def level(self) -> float:
        """How sure intervals over draws are."""
        return CONFIDENCE if self.precision is None else self.precision.level


def return_flow(
    registry: Registry,
    scenario: Scenario,
    policies: Sequence[str | FundPolicy] | None = None,
    *,
    draws: int = DRAWS,
    replications: int = REPLICATIONS,
    precision: tuple[str, float] | None = None,
    cause_replications: int = CAUSE_REPLICATIONS,
    finding: Hypothesis | None = None,
    behaviour: str = USUAL,
    calibrate: bool = True,
    accept: float = ACCEPT,
    years: int = 15,
    seed: int = 1,
    jobs: int | None = None,
    tick: Callable[[int], None] = lambda _: None,
) -> Study:
    """Take the return flow out of policies, all else equal, and see what becomes of uptake.

    ``policies`` are all that claim a return if left out. ``precision`` is a measure and the
    half-width within which its mean difference over draws must be known for each of them, with
    ``draws`` then the most that are spent. ``tick`` is called with how many replications of
    single funds were finished, of `expected` at most. Raises `SifError` for what is unknown or
    impossible.
    """
    design = study_design(registry, scenario, policies, behaviour=behaviour, years=years, seed=seed)
    return run_study(
        registry,
        design,
        draws=draws,
        replications=replications,
        precision=precision,
        cause_replications=cause_replications,
        finding=finding or Hypothesis(),
        calibrate=calibrate,
        accept=accept,
        running=Running(jobs=jobs, tick=tick),
    )


def run_study(
    registry: Registry,
    design: Design,
    *,
    draws: int,
    replications: int,
    precision: tuple[str, float] | None,
    cause_replications: int,
    finding: Hypothesis,
    calibrate: bool,
    accept: float = ACCEPT,
    running: Running = ON_ALL_CORES,
) -> Study:
    """The study of a design that was made; see `return_flow`."""
    _refuse_few(draws, replications)
    refuse_unmeasured(precision, design)
    found, came = effects_until_precise(
        design, drawn(design.scenario, draws, design.seed), replications, precision, running
    )
    study = Study(
        finding=finding,
        effects=found,
        failure=found.failure,
        stopped=found.stopped,
        failures=found.failures,
        saved=running.saver is not None,
        precision=came,
    )
    if len(found.values):
        study = evolve(study, answers=answers(finding, found, study.level))
    if study.failure is not None or study.stopped:
        return study
    try:
        study = evolve(study, **_depends_on(study, design.seed, running.jobs))
        study = _through_choice(study, replications, running)
        if cause_replications and not study.stopped:
            study = _with_causes(study, cause_replications, running)
        if calibrate and not study.stopped:
            study = _with_record(study, registry, accept, running)
    except SifError as error:
        study = evolve(study, failure=error)
    except KeyboardInterrupt:
        study = evolve(study, stopped=True)
    return study


def expected(
    registry: Registry,
    design: Design,
    *,
    draws: int,
    replications: int,
    cause_replications: int,
    calibrate: bool,
    **_: Any,
) -> int:
    """How many replications of single funds a study takes, for the time that is left."""
    total = (draws + _of_choice(draws)) * runs(design, replications)
    total += cause_replications * causing.runs(design)
    return total + (calibration.expected(registry, draws) if calibrate else 0)


def _of_choice(draws: int) -> int:
    return min(CHOICE_DRAWS, max(2, draws // 4))


def _refuse_few(draws: object, replications: object) -> None:
    for count, code in ((draws, "study.few_draws"), (replications, "study.few_replications")):
        if type(count) is not int or count < 2:
            raise SifError(Message(code, count=shown(count)))


# --- the answers --------------------------------------------------------------------


def answers(
    finding: Hypothesis, found: Effects, level: float = CONFIDENCE
) -> tuple[PolicyResult, ...]:
    """The answer for each policy, over the draws of some effects."""
    return tuple(
        _answer(finding, found, policy, label, level)
        for policy, label in enumerate(found.design.labels)
    )


def _answer(
    finding: Hypothesis, found: Effects, policy: int, label: str, level: float
) -> PolicyResult:
    def arm(which: int, measure: str = UPTAKE) -> Array:
        return means(found.arm(policy, which, measure))

    def difference(measure: str) -> Estimate:
        return over_draws(means(found.differences(policy, measure)), level)

    return PolicyResult(
        policy=label,
        tally=finding.classify_draws(found.differences(policy, UPTAKE), level),
        with_return=over_draws(arm(WITH), level),
        without=over_draws(arm(WITHOUT), level),
        difference=difference(UPTAKE),
        ratio=ratio(arm(WITHOUT), arm(WITH), level),
        granted_difference=difference(GRANTED),
        granted_ratio=ratio(arm(WITHOUT, GRANTED), arm(WITH, GRANTED), level),
        opposing={measure: difference(measure) for measure in OPPOSING},
    )


def ratio(above: Array, below: Array, level: float = CONFIDENCE) -> Estimate:
    """A ratio of two means over the same draws, with its interval.

    The interval is that of the mean of what single draws deviate from the ratio (linearised),
    so that draws in which both are high, or low, do not widen it.

    >>> round(ratio(np.array([2.0, 4.0, 6.0]), np.array([1.0, 2.0, 3.0])).high, 6)
    2.0
    """
    known = ~(np.isnan(above) | np.isnan(below))
    above, below = above[known], below[known]
    if len(below) < 2 or below.mean() == 0:
        return Estimate(None, None, None, len(below))
    middle = float(above.mean() / below.mean())
    around = over_draws((above - middle * below) / below.mean(), level)
    if around.low is None or around.high is None:
        return Estimate(middle, None, None, len(below))
    return Estimate(middle, middle + around.low, middle + around.high, len(below))


# --- what it depends on, and what the record says ---------------------------------------


def _depends_on(study: Study, seed: int, jobs: int | None) -> dict[str, Any]:
    """Sensitivity and the region where the finding turns, or why they are lacking."""
    found = study.effects
    labels = found.design.labels
    tasks = [
        (found.draws, means(found.differences(policy, UPTAKE)), study.finding.margin, seed)
        for policy in range(len(labels))
    ]
    try:
        each = dict(zip(labels, run_ordered(_of_one, tasks, jobs), strict=True))
    except ClusterError:
        raise
    except SifError as error:
        return {"lacking": (error,)}
    return {
        "sensitivity": {label: indices for label, (indices, _) in each.items()},
        "regions": {label: region for label, (_, region) in each.items()},
    }


def _of_one(
    draws: ParameterSample, effect: Array, margin: float, seed: int
) -> tuple[tuple[Index, ...], Region]:
    """What the effect of one policy depends on, and where it turns."""
    return (
        indices(draws.paths, draws.values, effect, seed=seed),
        region(draws.paths, draws.values, turns(effect, margin), seed=seed),
    )


def _through_choice(study: Study, replications: int, running: Running) -> Study:
    """What is left of the effect where the fund's money never runs out."""
    found = study.effects
    first = found.of(np.arange(_of_choice(found.asked)), found.draws.origin).draws
    if not len(first):
        return study
    unlimited = Mechanisms(depletion=False)
    there = effects(
        found.design, first, replications, switches=unlimited, part="choice", running=running
    )
    study = evolve(study, stopped=there.stopped, failures=(*study.failures, *there.failures))
    if there.stopped:
        return study
    if there.failure is not None:
        return evolve(study, lacking=(*study.lacking, there.failure))
    through = {
        label: over_draws(means(there.differences(policy, UPTAKE)), study.level)
        for policy, label in enumerate(found.design.labels)
    }
    return evolve(study, through_choice=through)


def _with_causes(study: Study, replications: int, running: Running) -> Study:
    """What each mechanism explains, or why that is lacking."""
    try:
        found = causing.causes(study.effects.design, replications, running)
    except (NotSaved, ClusterError):
        raise
    except SifError as error:
        return evolve(study, lacking=(*study.lacking, error))
    return evolve(study, causes=found, failures=(*study.failures, *found.failures))


def _with_record(study: Study, registry: Registry, accept: float, running: Running) -> Study:
    """The same answers on those of the draws that could have brought about the record."""
    found = study.effects
    try:
        learnt = calibrated(
            registry,
            scenario=found.design.scenario,
            behaviour=found.design.behaviour.name,
            draws=found.asked,
            accept=accept,
            seed=found.design.seed,
            running=running,
        )
    except (NotSaved, ClusterError):
        raise
    except SifError as error:
        return evolve(study, lacking=(*study.lacking, error))
    if not learnt.posterior.enough:
        return evolve(study, calibration=learnt)
    saved = found.of(learnt.posterior.kept, "posterior")
    return evolve(study, calibration=learnt, by_record=answers(study.finding, saved, study.level))
