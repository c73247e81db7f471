"""A study as plain data: codes and numbers, as JSON carries them."""

from __future__ import annotations

from math import isfinite
from typing import Any

from attrs import asdict

from sifrules.errors import SifError
from sifrules.values.messages import plain_text
from sifrules_simulation.analysis.regions import ParameterInterval, Region
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.studies.return_flow import PolicyResult, Study


def as_json(study: Study) -> dict[str, Any]:
    """A study as plain data, as it is saved.

    What a code or a number means in a language is worked out where it is shown
    (`presentation.worded_study`).
    """
    setup = study.effects.design
    return {
        "margin": study.finding.margin,
        "asked": study.effects.asked,
        "draws": len(study.effects.draws),
        "replications": study.effects.values.shape[1],
        "stopped": study.stopped or study.failure is not None,
        "precision": study.precision.as_json("draws") if study.precision else None,
        "years": setup.years,
        "seed": setup.seed,
        "scenario": setup.scenario.id,
        "behaviour": setup.behaviour.name,
        "policies": [_answer_json(each, study) for each in study.answers],
        "by_record": [_answer_json(each, study) for each in study.by_record],
        "causes": _causes_json(study),
        "sensitivity": [
            {
                "policy": policy,
                "parameter": each.path,
                **estimate_json(each.first_order),
                "tells": each.tells,
            }
            for policy, found in study.sensitivity.items()
            for each in found
        ],
        "regions": [region_json(policy, each) for policy, each in study.regions.items()],
        "calibration": study.calibration.as_json() if study.calibration else None,
        "lacking": [_error_json(error) for error in study.lacking],
        "failed_draws": sum(each.part == "effects" for each in study.failures),
        "failures": [asdict(each) for each in study.failures],
    }


def _error_json(error: SifError) -> dict[str, Any]:
    """An error's codes and arguments, or its plain text."""
    return {
        "what": plain_text(error.what),
        "fix": None if error.fix is None else plain_text(error.fix),
    }


def _answer_json(each: PolicyResult, study: Study) -> dict[str, Any]:
    tally = each.tally
    shares = ("holds", "reversed", "unclear", "small")
    through = study.through_choice.get(each.policy)
    return {
        "id": each.policy,
        "with": estimate_json(each.with_return),
        "without": estimate_json(each.without),
        "difference": estimate_json(each.difference),
        "ratio": estimate_json(each.ratio),
        "granted": {
            "difference": estimate_json(each.granted_difference),
            "ratio": estimate_json(each.granted_ratio),
        },
        "opposing": {name: estimate_json(value) for name, value in each.opposing.items()},
        "through_choice": {**estimate_json(through), "draws": through.count} if through else None,
        **{name: tally.share(name) for name in shares},
        "intervals": {name: list(tally.interval(name)) for name in shares},
        "draws": tally.draws,
        "verdict": tally.verdict.value,
    }


def _causes_json(study: Study) -> list[dict[str, Any]]:
    if study.causes is None:
        return []
    return [
        {
            "policy": each.policy,
            "switch": each.switch,
            "share": each.share.mean,
            "low": each.share.low,
            "high": each.share.high,
        }
        for each in study.causes.shares
    ]


def region_json(policy: str, region: Region) -> dict[str, Any]:
    """A region as plain data, its conditions as numbers."""
    return {
        "policy": policy,
        "tells": region.tells,
        "seen": [each.value for each in region.seen],
        "accuracy": estimate_json(region.accuracy),
        "guess": region.guess,
        "rules": [
            {
                "where": [_condition_json(each) for each in rule.conditions],
                "outcome": rule.outcome.value,
                "covered": rule.covered,
                "right": estimate_json(rule.right),
            }
            for rule in region.rules
        ],
    }


def _condition_json(each: ParameterInterval) -> dict[str, Any]:
    """A condition on a parameter; an end that is not bounded is None."""
    return {
        "path": each.path,
        "above": each.above if isfinite(each.above) else None,
        "most": each.most if isfinite(each.most) else None,
    }


def estimate_json(estimate: Estimate) -> dict[str, float | None]:
    """An estimate as plain data."""
    return {"mean": estimate.mean, "low": estimate.low, "high": estimate.high}
