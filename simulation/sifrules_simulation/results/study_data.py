"""A study as plain data: codes and numbers, as JSON carries them."""

from __future__ import annotations

from math import isfinite
from typing import Any

from attrs import asdict

from sifrules.errors import SifError
from sifrules.values.messages import plain_text
from sifrules_simulation.analysis.hypotheses import Finding
from sifrules_simulation.analysis.regions import Region
from sifrules_simulation.analysis.run_notes import made_up_of
from sifrules_simulation.model.own_size import own_ranges
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.statistics.worlds import ShareOfWorlds
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
        "own_sizes": own_ranges(setup.scenario, setup.policies),
        "made_up": [
            plain_text(note) for label in setup.labels for note in made_up_of(setup, label)
        ],
        "municipalities": {each.id: each.municipality for each in setup.policies},
        "policies": [_answer_json(each) for each in study.answers],
        "by_record": [_answer_json(each) for each in study.by_record],
        "findings": [finding_json(each) for each in study.findings],
        "findings_by_record": [finding_json(each) for each in study.findings_by_record],
        "as_assumed": [finding_json(each) for each in study.as_assumed],
        "alternatives": {
            setting: [finding_json(each) for each in some]
            for setting, some in study.alternatives.items()
        },
        "causes": _causes_json(study),
        "sensitivity": [
            {
                "policy": policy,
                "parameter": each.path,
                **estimate_json(each.first_order),
                "tells": each.tells,
            }
            for policy, found in study.dependence.sensitivity.items()
            for each in found
        ],
        "regions": [
            region_json(policy, hypothesis, each)
            for (policy, hypothesis), found in study.dependence.regions.items()
            for each in found
        ],
        "two_way": [
            {"policy": policy, "hypothesis": hypothesis, **asdict(each)}
            for (policy, hypothesis), each in study.dependence.two_way.items()
        ],
        "information": _information_json(study),
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


def _answer_json(each: PolicyResult) -> dict[str, Any]:
    holds, reverse = each.finding.holds, each.finding.reverse
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
        "through_choice": estimate_json(each.direct),
        "through_refill": estimate_json(each.indirect),
        "holds": holds and holds.share,
        "reversed": reverse and reverse.share,
        "small": holds and reverse and max(0.0, 1 - holds.share - reverse.share),
        "intervals": {
            "holds": holds and [holds.low, holds.high],
            "reversed": reverse and [reverse.low, reverse.high],
        },
        "draws": each.draws,
        "verdict": each.finding.grade.value,
    }


def finding_json(each: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        "policy": each.policy,
        "hypothesis": each.hypothesis.code,
        "measure": each.hypothesis.measure,
        "contrast": each.hypothesis.contrast.value,
        "difference": estimate_json(each.difference),
        "above": _share_json(each.above),
        "below": _share_json(each.below),
        "holds": _share_json(each.holds),
        "noise": each.noise,
        "verdict": each.grade.value,
    }


def _share_json(share: ShareOfWorlds | None) -> dict[str, Any] | None:
    if share is None:
        return None
    return {"share": share.share, "low": share.low, "high": share.high, "draws": share.draws}


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


def _information_json(study: Study) -> list[dict[str, Any]]:
    """What would be gained by knowing each assumption, of those that can be distinguished."""
    return [
        {"policy": policy, "hypothesis": hypothesis, "parameter": each.path, "gain": each.gain}
        for (policy, hypothesis), found in study.dependence.information.items()
        for each in found
        if each.tells
    ]


def region_json(policy: str, hypothesis: str, region: Region) -> dict[str, Any]:
    """A region as plain data, its conditions as numbers; an end that is not bounded is None."""
    return {
        "policy": policy,
        "hypothesis": hypothesis,
        "outcome": region.outcome.value,
        "tells": region.tells,
        "where": [
            {
                "path": each.path,
                "low": each.low if isfinite(each.low) else None,
                "high": each.high if isfinite(each.high) else None,
            }
            for each in region.conditions
        ],
        "density": estimate_json(region.density),
        "coverage": estimate_json(region.coverage),
        "mass": region.mass,
        "base": region.base,
    }


def estimate_json(estimate: Estimate) -> dict[str, float | None]:
    """An estimate as plain data."""
    return {"mean": estimate.mean, "low": estimate.low, "high": estimate.high}
