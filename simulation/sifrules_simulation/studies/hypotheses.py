"""The design of the study (hypotesstudiens upplägg): what is measured, and its alternatives.

Every policy with a return flow is simulated in the same worlds three times: as it is, with claims
that nobody expects, and without a return flow. So what claims do to the choice and what the refill
does to the fund are distinguished.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from sifrules.plugin.registry import Registry
from sifrules.policy.fund_policy import FundPolicy
from sifrules_simulation.analysis.hypotheses import MEASURES
from sifrules_simulation.experiments import planning
from sifrules_simulation.experiments.defaults import YEARS
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.period_measures import PERIOD_MEASURES
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.structure import ALTERNATIVES


def study_design(
    registry: Registry,
    scenario: Scenario,
    policies: Sequence[str | FundPolicy] | None = None,
    *,
    behaviour: str = USUAL,
    years: int = YEARS,
    seed: int = 1,
) -> Design:
    """What is run: the policies named, otherwise all that claim a return."""
    design = planning.study_design(
        registry,
        scenario,
        policies,
        behaviour=behaviour,
        years=years,
        seed=seed,
        measures=tuple(dict.fromkeys((*planning.MEASURES, *MEASURES))),
    )
    return evolve(design, measures=(*design.measures, *PERIOD_MEASURES))


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
