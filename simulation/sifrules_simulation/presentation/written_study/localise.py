"""A study that was kept, in the reader's language (på läsarens språk): its texts, not its numbers.

What has a meaning of its own, as a verdict or a condition, is said anew; what was kept in both
languages is taken from there; what an older version kept in English alone stands as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sifrules.values.messages import Message
from sifrules.values.numbers import written
from sifrules.values.text import Language
from sifrules_simulation.analysis.hypothesis import Hypothesis, HypothesisVerdict
from sifrules_simulation.analysis.observations import kept_period
from sifrules_simulation.analysis.regions import DrawOutcome
from sifrules_simulation.presentation.formatting import unit_of

Data = dict[str, Any]

_COUNTED = {
    "grants": Message("localise.counted_grants"),
    "granted": Message("localise.counted_granted"),
}
#: What tells how closely the share of draws is known.
_KNOWN = Message("localise.known")
_NUMBER = re.compile(r"(?<![\w.])\d[\d.]*(?![\w.])")


def in_language(data: Data, lang: Language) -> Data:
    """What a written study was kept as, its texts in one language."""
    study = _study(data["study"], lang)
    return {
        **data,
        "title": said(data["title"], lang),
        "study": study,
        "known": [note for note in study["notes"] if _KNOWN.text(lang) in note],
        "controls": [_control(each, lang) for each in data["controls"]],
        "parameters": [_parameter(each, lang) for each in data["parameters"]],
    }


def said(text: str | Mapping[str, str], lang: Language) -> str:
    """A text that was kept in both languages, or as it is in one.

    >>> said({"sv": "golv", "en": "floor"}, "sv"), said("floor", "sv")
    ('golv', 'floor')
    """
    return text if isinstance(text, str) else text[lang]


def condition(text: str, lang: Language) -> str:
    """A condition as it was kept, its numbers as the language writes them.

    >>> condition("0.2 < ideas.evaluable <= 0.5", "sv")
    '0,2 < ideas.evaluable <= 0,5'
    """
    return _NUMBER.sub(lambda found: written(float(found[0]), ".12g", lang), text)


def _study(study: Data, lang: Language) -> Data:
    calibration = _calibration(study["calibration"], lang)
    if lang == "en":  # as it was kept
        return {**study, "calibration": calibration}
    finding = Hypothesis(study["margin"])
    kept = study.get("said", {}).get(lang, {})
    regions = kept.get("regions", [each["words"] for each in study["regions"]])
    return {
        **study,
        "hypothesis": finding.hypothesis.text(lang),
        "estimand": finding.estimand.text(lang),
        "rule": finding.rule.text(lang),
        "notes": kept.get("notes", study["notes"]),
        "policies": _answers(study["policies"], lang),
        "by_record": _answers(study["by_record"], lang),
        "regions": [
            {**each, "words": words, "rules": [_rule(rule, lang) for rule in each["rules"]]}
            for each, words in zip(study["regions"], regions, strict=True)
        ],
        "calibration": calibration
        and {**calibration, "notes": kept.get("record", calibration["notes"])},
    }


def _answers(answers: list[Data], lang: Language) -> list[Data]:
    return [
        {**each, "words": HypothesisVerdict(each["verdict"]).words.text(lang)} for each in answers
    ]


def _rule(rule: Data, lang: Language) -> Data:
    where = [condition(each, lang) for each in rule["where"]]
    return {**rule, "where": where, "outcome": DrawOutcome(rule["outcome"]).words.text(lang)}


def _calibration(calibration: Data | None, lang: Language) -> Data | None:
    if calibration is None:
        return None
    predicted = [
        {**each, "told": _COUNTED[each["what"]].text(lang),
         "period": kept_period(each["period"]).text(lang)}
        for each in calibration["predicted"]
    ]  # fmt: skip
    return {**calibration, "predicted": predicted}


def _control(control: Data, lang: Language) -> Data:
    texts = {key: said(control[key], lang) for key in ("title", "expect", "world")}
    return {**control, **texts, "policies": _answers(control["policies"], lang)}


def _parameter(each: Data, lang: Language) -> Data:
    texts = {key: said(each[key], lang) for key in ("words", "rests_on")}
    return {**each, **texts, "unit": unit_of(each["unit"]).saved.text(lang)}
