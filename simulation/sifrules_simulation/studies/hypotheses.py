"""The study of the hypotheses (hypotesstudien): what the return flow does, taken apart.

Every policy with a return flow is simulated in the same worlds three times: as it is, with claims
that nobody expects, and without a return flow. So what claims do to the choice and what the refill
does to the fund are distinguished.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from sifrules.errors import SifError
from sifrules.plugin.registry import Registry
from sifrules.policy.fund_policy import FundPolicy
from sifrules_simulation.analysis.hypotheses import MEASURES, Finding, findings
from sifrules_simulation.analysis.hypothesis import Hypothesis
from sifrules_simulation.analysis.paired_effects import PARTS, Effects, effects, runs
from sifrules_simulation.experiments.batches import ON_ALL_CORES, Running
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.planning import study_design
from sifrules_simulation.experiments.sampling import draws as drawn
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.period_measures import PERIOD_MEASURES
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.structure import ALTERNATIVES

_PART = "hypotheses"


@frozen(kw_only=True, eq=False)
class HypothesisStudy:
    """What came of it: the findings, policy by policy, and the effects behind them."""

    margin: float
    effects: Effects
    findings: tuple[Finding, ...]

    @property
    def failure(self) -> SifError | None:
        """Why there is no result at all."""
        return self.effects.failure


def hypotheses_design(
    registry: Registry,
    scenario: Scenario,
    policies: Sequence[str | FundPolicy] | None = None,
    *,
    behaviour: str = USUAL,
    years: int = 15,
    seed: int = 1,
) -> Design:
    """What is run: the policies named, otherwise all that claim a return."""
    design = study_design(
        registry, scenario, policies, behaviour=behaviour, years=years, seed=seed, measures=MEASURES
    )
    return evolve(design, measures=(*design.measures, *PERIOD_MEASURES))


def run_hypotheses(
    design: Design,
    *,
    draws: int,
    replications: int,
    margin: float = Hypothesis().margin,
    running: Running = ON_ALL_CORES,
) -> HypothesisStudy:
    """The study of a design, over so many draws of so many replications.

    Raises `SifError` for an impossible margin or number, and where every draw failed.
    """
    margin = Hypothesis(margin).margin
    sample = drawn(design.scenario, draws, design.seed)
    found = effects(design, sample, replications, running=running, part=_PART, arms=PARTS)
    if found.failure is not None:
        raise found.failure
    return HypothesisStudy(margin=margin, effects=found, findings=findings(found, margin))


def departures(scenario: Scenario) -> dict[str, Scenario]:
    """The scenario with each alternative of each structural assumption, one at a time.

    By what the command line writes for it, as ``structure.evaluation=so_far``.
    """
    settings = (
        f"structure.{name}={alternative}"
        for name, alternatives in ALTERNATIVES.items()
        for alternative in alternatives
        if alternative != getattr(scenario.structure, name)
    )
    return {setting: scenario.assuming((setting,)) for setting in settings}


def expected(design: Design, draws: int, replications: int) -> int:
    """How many replications of single funds it takes."""
    return draws * runs(design, replications, len(PARTS))
