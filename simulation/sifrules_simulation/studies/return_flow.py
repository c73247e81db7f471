"""The study of the return flow (återföringen): does it hinder uptake, why, and where does it turn?

`return_flow` is the whole of it, a step a line: every hypothesis over all draws, the same with each
structural alternative, what each cause explains, what the effect depends on, and the same answer
on the draws that the record keeps.
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
from sifrules_simulation.analysis.hypotheses import Contrast, Finding, findings
from sifrules_simulation.analysis.hypothesis import Hypothesis
from sifrules_simulation.analysis.paired_effects import (
    PARTS,
    WITH,
    WITHOUT,
    Array,
    Effects,
    effects,
    means,
    over_draws,
    runs,
)
from sifrules_simulation.analysis.sequential_effects import effects_until_precise, refuse_unmeasured
from sifrules_simulation.execution.cluster import ClusterError
from sifrules_simulation.experiments.batches import ON_ALL_CORES, Failure, NotSaved, Running
from sifrules_simulation.experiments.defaults import (
    ACCEPT,
    CAUSE_REPLICATIONS,
    DRAWS,
    REPLICATIONS,
    YEARS,
)
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.sampling import draws as drawn
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.statistics.intervals import CONFIDENCE
from sifrules_simulation.statistics.sequential import Precision
from sifrules_simulation.studies.dependence import ANSWERED, Dependence, dependence
from sifrules_simulation.studies.hypotheses import departures, study_design

UPTAKE, GRANTED = "application_uptake", "granted"
#: What speaks for a return flow, or is lost with it.
OPPOSING = ("returned", "months_exhausted", "evaluated", "net_municipal_saving", "human_gain")


@frozen(kw_only=True, eq=False)
class PolicyResult:
    """The answer for one policy: differences are without minus with the return flow.

    ``finding`` is that of fewer applications in all; ``direct`` and ``indirect`` are the parts of
    its difference, through the committees' choice and through the refill. ``draws`` is how many
    draws it is over.
    """

    policy: str
    finding: Finding
    draws: int
    with_return: Estimate
    without: Estimate
    direct: Estimate
    indirect: Estimate
    ratio: Estimate
    granted_difference: Estimate
    granted_ratio: Estimate
    opposing: Mapping[str, Estimate]

    @property
    def difference(self) -> Estimate:
        """The mean difference in uptake over the draws."""
        return self.finding.difference


@frozen(kw_only=True, eq=False)
class Study:
    """What came of a study.

    ``answers`` and ``findings`` are over the ranges that the scenario states, ``by_record`` and
    ``findings_by_record`` over those of the draws that are like the record, where it was
    calibrated to and enough are. ``alternatives`` are the findings with each alternative of a
    structural assumption, by its setting, and ``as_assumed`` those without, over the same draws;
    ``dependence`` is what the answer depends on.
    ``lacking`` says what could not be worked out, ``failures`` which replications failed.
    ``failure`` and ``stopped`` say why it ended early, ``saved`` whether it was saved as it ran.
    ``precision`` is how closely a difference was to be known, if that was asked for, and how many
    draws it took.
    """

    finding: Hypothesis
    effects: Effects
    answers: tuple[PolicyResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    alternatives: Mapping[str, tuple[Finding, ...]] = field(factory=dict)
    as_assumed: tuple[Finding, ...] = ()
    causes: Causes | None = None
    dependence: Dependence = field(factory=Dependence)
    calibration: Calibration | None = None
    by_record: tuple[PolicyResult, ...] = ()
    findings_by_record: tuple[Finding, ...] = ()
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
    alternative_draws: int = 0,
    finding: Hypothesis | None = None,
    behaviour: str = USUAL,
    calibrate: bool = True,
    accept: float = ACCEPT,
    years: int = YEARS,
    seed: int = 1,
    jobs: int | None = None,
    tick: Callable[[int], None] = lambda _: None,
) -> Study:
    """Take the return flow out of policies, all else equal, and see what becomes of uptake.

    ``policies`` are all that claim a return if left out. ``precision`` is a measure and the
    half-width within which its mean difference over draws must be known for each of them, with
    ``draws`` then the most that are spent. ``alternative_draws`` of them are run again with each
    alternative of each structural assumption. ``tick`` is called with how many replications of
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
        alternative_draws=alternative_draws,
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
    alternative_draws: int = 0,
    finding: Hypothesis,
    calibrate: bool,
    accept: float = ACCEPT,
    running: Running = ON_ALL_CORES,
) -> Study:
    """The study of a design that was made; see `return_flow`."""
    _refuse_few(draws, replications, alternative_draws)
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
        tested = findings(found, finding.margin, study.level)
        study = evolve(study, findings=tested, answers=answers(tested, found, study.level))
    if study.failure is not None or study.stopped:
        return study
    try:
        study = _with_dependence(study, running)
        study = _with_alternatives(study, min(alternative_draws, draws), replications, running)
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
    alternative_draws: int = 0,
    **_: Any,
) -> int:
    """How many replications of single funds a study takes, for the time that is left."""
    again = min(alternative_draws, draws) * len(departures(design.scenario))
    total = (draws + again) * runs(design, replications, len(PARTS))
    total += cause_replications * causing.runs(design)
    return total + (calibration.expected(registry, draws) if calibrate else 0)


def _refuse_few(draws: object, replications: object, alternative: object) -> None:
    for count, code in (
        (draws, "study.few_draws"),
        (replications, "study.few_replications"),
        (alternative or 2, "study.few_alternatives"),
    ):
        if type(count) is not int or count < 2:
            raise SifError(Message(code, count=shown(count)))


# --- the answers --------------------------------------------------------------------


def answers(
    tested: Sequence[Finding], found: Effects, level: float = CONFIDENCE
) -> tuple[PolicyResult, ...]:
    """The answer for each policy, from its findings over the draws of some effects."""
    of = {each.policy: each for each in tested if each.hypothesis.code == ANSWERED}
    return tuple(
        _answer(of[label], found, policy, level) for policy, label in enumerate(found.design.labels)
    )


def _answer(tested: Finding, found: Effects, policy: int, level: float) -> PolicyResult:
    def arm(which: int, measure: str = UPTAKE) -> Array:
        return means(found.arm(policy, which, measure))

    def difference(measure: str, contrast: Contrast = Contrast.WHOLE) -> Estimate:
        return over_draws(means(found.between(policy, measure, *contrast.arms)), level)

    return PolicyResult(
        policy=tested.policy,
        finding=tested,
        draws=len(found.draws),
        with_return=over_draws(arm(WITH), level),
        without=over_draws(arm(WITHOUT), level),
        direct=difference(UPTAKE, Contrast.DIRECT),
        indirect=difference(UPTAKE, Contrast.INDIRECT),
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


def _with_dependence(study: Study, running: Running) -> Study:
    """What the answer depends on, or why that is lacking."""
    depends = dependence(study.findings, study.effects, running.jobs)
    return evolve(study, dependence=depends, lacking=(*study.lacking, *depends.lacking))


def _with_alternatives(study: Study, draws: int, replications: int, running: Running) -> Study:
    """The findings with each structural alternative, on the first of the same draws."""
    if not draws:
        return study
    design, margin = study.effects.design, study.finding.margin
    came: dict[str, tuple[Finding, ...]] = {}
    for setting, around in departures(design.scenario).items():
        sample = drawn(around, draws, design.seed)
        other = evolve(design, scenario=around)
        part = setting.replace("=", "-")
        there = effects(other, sample, replications, running=running, part=part, arms=PARTS)
        study = evolve(study, stopped=there.stopped, failures=(*study.failures, *there.failures))
        if there.stopped:
            return study
        if there.failure is not None:
            study = evolve(study, lacking=(*study.lacking, there.failure))
            continue
        came[setting] = findings(there, margin, study.level)
    first = study.effects.of(np.arange(draws), study.effects.draws.origin)
    return evolve(study, alternatives=came, as_assumed=findings(first, margin, study.level))


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
    tested = findings(saved, study.finding.margin, study.level)
    return evolve(
        study,
        calibration=learnt,
        findings_by_record=tested,
        by_record=answers(tested, saved, study.level),
    )
