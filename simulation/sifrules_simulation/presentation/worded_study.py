"""A study's data with its texts in one language, as commands print it and pages are made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sifrules.values.text import Language
from sifrules_simulation.presentation.hypothesis_words import CLAIMS, paragraph, stated, verdict
from sifrules_simulation.presentation.study_notes import notes, record_notes
from sifrules_simulation.presentation.study_words import (
    COUNTED,
    condition,
    influence,
    lesson,
    parameter,
    period,
    region,
    saved_error,
    saved_text,
)

Data = Mapping[str, Any]


def in_words(data: Data, lang: Language, *, saved: bool = True) -> dict[str, Any]:
    """A study's data with its texts in one language, as the commands print it and pages read it.

    ``saved`` says whether the failures can be read in a folder.
    """
    calibration = data["calibration"]
    return {
        **data,
        "words": paragraph(data["findings"]).text(lang) if data["findings"] else "",
        "hypotheses": [each.text(lang) for each in stated(data["margin"])],
        "findings": findings_in_words(data["findings"], lang),
        "as_assumed": findings_in_words(data["as_assumed"], lang),
        "alternatives": {
            setting: findings_in_words(some, lang) for setting, some in data["alternatives"].items()
        },
        "findings_by_record": findings_in_words(data["findings_by_record"], lang),
        "policies": _answers_in_words(data["policies"], lang),
        "by_record": _answers_in_words(data["by_record"], lang),
        "sensitivity": [
            {**each, "words": influence(each).text(lang)} for each in data["sensitivity"]
        ],
        "regions": [_region_in_words(each, lang) for each in data["regions"]],
        "calibration": calibration and calibration_in_words(calibration, lang),
        "lacking": [saved_error(each).text(lang) for each in data["lacking"]],
        "notes": [each.text(lang) for each in notes(data, saved=saved)],
    }


def findings_in_words(findings: Sequence[Data], lang: Language) -> list[dict[str, Any]]:
    """Findings with what they are of and their verdicts in words."""
    return [
        {
            **each,
            "claim": CLAIMS[each["hypothesis"]].text(lang),
            "words": verdict(each["verdict"]).text(lang),
        }
        for each in findings
    ]


def _answers_in_words(answers: Sequence[Data], lang: Language) -> list[dict[str, Any]]:
    """The answers for each policy, with their verdicts in words."""
    return [{**each, "words": verdict(each["verdict"]).text(lang)} for each in answers]


def calibration_in_words(data: Data, lang: Language) -> dict[str, Any]:
    """A calibration's data with its texts in one language."""
    return {
        **data,
        "left_out": {town: saved_text(why).text(lang) for town, why in data["left_out"].items()},
        "predicted": [
            {
                **each,
                "period": period(each["period"]).text(lang),
                "counted": COUNTED[each["what"]].text(lang),
            }
            for each in data["predicted"]
        ],
        "parameters": [
            {
                **each,
                "words": parameter(each["parameter"]).text(lang),
                "said": lesson(each).text(lang),
            }
            for each in data["parameters"]
        ],
        "notes": [each.text(lang) for each in record_notes(data)],
    }


def _region_in_words(each: Data, lang: Language) -> dict[str, Any]:
    return {
        **each,
        "where": [{**part, "words": condition(part).text(lang)} for part in each["where"]],
        "words": region(each).text(lang),
    }
