"""Presentation of the hypotheses (hypotesernas tabeller): tables, plain data and rows as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message
from sifrules.values.numbers import number_words
from sifrules.values.text import Language
from sifrules_simulation.analysis.hypotheses import Finding
from sifrules_simulation.presentation.formatting import interval, number
from sifrules_simulation.presentation.hypothesis_words import CLAIMS, GRADES
from sifrules_simulation.results.study_data import estimate_json
from sifrules_simulation.statistics.worlds import ShareOfWorlds
from sifrules_simulation.studies.hypotheses import HypothesisStudy

_POLICY = Message("study_tables.policy")
_HYPOTHESIS = Message("hypotheses.hypothesis")
_DIFFERENCE = Message("hypotheses.difference")
_ABOVE = Message("hypotheses.above")
_BELOW = Message("hypotheses.below")
_VERDICT = Message("study_tables.verdict")
_AS_ASSUMED = Message("hypotheses.as_assumed")
_ALTERNATIVES = Message("hypotheses.alternatives")
_TITLE = Message("hypotheses.title")


def hypothesis_table(study: HypothesisStudy, lang: Language) -> Table:
    """Every hypothesis for every policy: difference, shares of worlds, verdict."""
    points = number_words(100 * study.margin, "g")
    columns = [
        Column(_POLICY.text(lang), width=18),
        Column(_HYPOTHESIS.text(lang), width=44),
        Column(_DIFFERENCE.text(lang), number=True),
        Column(_ABOVE.format(margin=points).text(lang), number=True),
        Column(_BELOW.format(margin=points).text(lang), number=True),
        Column(_VERDICT.text(lang), width=26),
    ]
    rows = [
        [
            each.policy,
            CLAIMS[each.hypothesis.code].text(lang),
            interval(each.difference, "share", lang, signed=True),
            _share(each.above),
            _share(each.below),
            GRADES[each.grade].text(lang),
        ]
        for each in study.findings
    ]
    title = _TITLE.format(draws=len(study.effects.draws), replications=_replications(study))
    return Table(columns, rows, title.text(lang))


def alternatives_tables(
    study: HypothesisStudy, others: Mapping[str, HypothesisStudy], lang: Language
) -> Iterator[Table]:
    """For each policy, its findings with each alternative of the structural assumptions.

    Difference, and the share of worlds in which the hypothesis holds.
    """
    for policy in study.effects.design.labels:
        columns = [Column(_HYPOTHESIS.text(lang), width=30)]
        columns.append(Column(_AS_ASSUMED.text(lang), number=True))
        heads = (setting.removeprefix("structure.").replace("=", "= \n") for setting in others)
        columns += [Column(head, number=True) for head in heads]
        each = [
            [found for found in every.findings if found.policy == policy]
            for every in (study, *others.values())
        ]
        rows = [
            [CLAIMS[row[0].hypothesis.code].text(lang), *(_in_short(one, lang) for one in row)]
            for row in zip(*each, strict=True)
        ]
        yield Table(columns, rows, _ALTERNATIVES.format(policy=policy).text(lang))


def _in_short(each: Finding, lang: Language) -> str:
    """A difference, and in how many of the worlds it holds: ``+28.0 (98)``."""
    if each.difference.mean is None or each.holds is None:
        return "–"
    return (
        f"{number(each.difference.mean, 'share', lang, signed=True)} ({_whole(each.holds.share)})"
    )


def _whole(share: float) -> str:
    return f"{100 * share:.0f}"


def _replications(study: HypothesisStudy) -> int:
    return int(study.effects.values.shape[1])


def _share(share: ShareOfWorlds | None) -> str:
    """A share of worlds with its interval: ``85 (80–89)``."""
    if share is None:
        return "–"
    return f"{_whole(share.share)} ({_whole(share.low)}–{_whole(share.high)})"


def hypotheses_json(study: HypothesisStudy) -> dict[str, Any]:
    """The findings as plain data, as they are saved."""
    design = study.effects.design
    return {
        "margin": study.margin,
        "asked": study.effects.asked,
        "stopped": study.effects.stopped,
        "draws": len(study.effects.draws),
        "replications": _replications(study),
        "years": design.years,
        "seed": design.seed,
        "scenario": design.scenario.id,
        "behaviour": design.behaviour.name,
        "failed": len(study.effects.failures),
        "findings": [_finding_json(each) for each in study.findings],
    }


def _finding_json(each: Finding) -> dict[str, Any]:
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


def hypothesis_rows(findings: Sequence[Finding]) -> Table:
    """The findings as CSV."""
    texts = ("policy", "hypothesis", "measure", "contrast", "verdict")
    heads = [*texts[:4], "difference", "difference_low", "difference_high"]
    heads += [f"{name}{end}" for name in ("above", "below") for end in ("", "_low", "_high")]
    rows = []
    for each in findings:
        row = [each.policy, each.hypothesis.code, each.hypothesis.measure]
        row.append(each.hypothesis.contrast.value)
        found = [each.difference.mean, each.difference.low, each.difference.high]
        for share in (each.above, each.below):
            found += [None] * 3 if share is None else [share.share, share.low, share.high]
        rows.append([*row, *("" if x is None else repr(x) for x in found), each.grade.value])
    columns = [Column(head, number=head not in texts) for head in (*heads, "verdict")]
    return Table(columns, rows)
