"""A study as plain data: codes and numbers, as JSON carries them."""

from __future__ import annotations

from typing import Any

from attrs import asdict

from sifrules.presentation.table import Column, Table
from sifrules.values.text import LANGUAGES, Language
from sifrules_simulation.presentation.study_tables import _about
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.studies.return_flow import PolicyResult, Study


def as_json(study: Study, lang: Language) -> dict[str, Any]:
    """The study as the command line's JSON carries it."""
    finding, setup = study.finding, study.effects.design
    return {
        "hypothesis": finding.hypothesis.text(lang),
        "estimand": finding.estimand.text(lang),
        "rule": finding.rule.text(lang),
        "margin": finding.margin,
        "draws": len(study.effects.draws),
        "replications": study.effects.values.shape[1],
        "precision": study.precision.as_json("draws") if study.precision else None,
        "years": setup.years,
        "seed": setup.seed,
        "scenario": setup.scenario.id,
        "behaviour": setup.behaviour.name,
        "policies": [_answer_json(each, study, lang) for each in study.answers],
        "by_record": [_answer_json(each, study, lang) for each in study.by_record],
        "causes": _causes_json(study),
        "sensitivity": [
            {
                "policy": policy,
                "parameter": each.path,
                **estimate_json(each.first_order),
                "tells": each.tells,
                "words": each.words.text(lang),
            }
            for policy, found in study.sensitivity.items()
            for each in found
        ],
        "regions": [_region_json(policy, each, lang) for policy, each in study.regions.items()],
        "calibration": study.calibration.as_json(lang) if study.calibration else None,
        "lacking": [str(error) for error in study.lacking],
        "failed_draws": sum(each.part == "effects" for each in study.failures),
        "failures": [asdict(each) for each in study.failures],
        "notes": [each.text(lang) for each in _about(study)],
    }


def in_both(study: Study) -> dict[str, Any]:
    """What a study says in sentences, in both languages, for a report in either."""
    return {
        lang: {
            "notes": [each.text(lang) for each in _about(study)],
            "regions": [region.words.text(lang) for region in study.regions.values()],
            "record": [each.text(lang) for each in study.calibration.notes]
            if study.calibration
            else [],
        }
        for lang in LANGUAGES
    }


def _answer_json(each: PolicyResult, study: Study, lang: Language) -> dict[str, Any]:
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
        "words": tally.said(lang),
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


def _region_json(policy: str, region: Any, lang: Language) -> dict[str, Any]:
    return {
        "policy": policy,
        "tells": region.tells,
        "words": region.words.text(lang),
        "accuracy": estimate_json(region.accuracy),
        "guess": region.guess,
        "rules": [
            {
                "where": [str(each) for each in rule.conditions],
                "outcome": rule.outcome.value,
                "covered": rule.covered,
                "right": estimate_json(rule.right),
            }
            for rule in region.rules
        ],
    }


def estimate_json(estimate: Estimate) -> dict[str, float | None]:
    """An estimate as plain data."""
    return {"mean": estimate.mean, "low": estimate.low, "high": estimate.high}


def as_rows(study: Study) -> Table:
    """The answers as the CSV form puts them out."""
    names = ("with", "without", "difference", "ratio", "granted_difference", "granted_ratio")
    heads = ["policy", "origin"]
    heads += [f"{name}{end}" for name in names for end in ("", "_low", "_high")]
    heads += ["draws", "holds", "reversed", "unclear", "verdict"]
    rows = []
    for origin, answers in (("prior", study.answers), ("posterior", study.by_record)):
        for each in answers:
            values = [each.with_return, each.without, each.difference, each.ratio]
            values += (each.granted_difference, each.granted_ratio)
            row = [each.policy, origin]
            row += [_bare(x) for value in values for x in (value.mean, value.low, value.high)]
            tally = each.tally
            row.append(str(tally.draws))
            row += [_bare(tally.share(of)) for of in ("holds", "reversed", "unclear")]
            rows.append([*row, tally.verdict.value])
    texts = {"policy", "origin", "verdict"}
    return Table([Column(head, number=head not in texts) for head in heads], rows)


def _bare(value: float | None) -> str:
    return "" if value is None else repr(value)
