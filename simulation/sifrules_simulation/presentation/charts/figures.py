"""The figures of a study and of a calibration, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sifrules.errors import SifError
from sifrules.values.text import Language
from sifrules_simulation.presentation.charts import study_charts as charts
from sifrules_simulation.presentation.charts.style import save_chart
from sifrules_simulation.presentation.charts.two_way_chart import two_way_chart
from sifrules_simulation.presentation.study_words import period, town
from sifrules_simulation.results.folder import ResultsFolder
from sifrules_simulation.results.study_frames import (
    Data,
    causes_frame,
    findings_frame,
    parameters_frame,
    parts_frame,
    predicted_frame,
    sensitivity_frame,
    two_way_frame,
)


def figures(data: Data, lang: Language, *, narrow: bool = False) -> dict[str, Any]:
    """Every chart of a study for which there are data, by name; ``narrow`` for a page."""
    found = {}
    if data["policies"]:
        found["effects"] = charts.effects(parts_frame(data), data["margin"], lang, narrow=narrow)
        found["shares"] = charts.shares(findings_frame(data), lang, narrow=narrow)
    if data["causes"]:
        found["causes"] = charts.causes(causes_frame(data), lang, narrow=narrow)
    if any(each["tells"] for each in data["sensitivity"]):
        found["sensitivity"] = charts.sensitivity(sensitivity_frame(data), lang, narrow=narrow)
    if data["two_way"]:
        found["two_way"] = two_way_chart(two_way_frame(data), data["regions"], lang, narrow=narrow)
    if data["calibration"]:
        found |= calibration_figures(data["calibration"], lang, narrow=narrow)
    return found


def calibration_figures(
    calibration: Data, lang: Language, *, narrow: bool = False
) -> dict[str, Any]:
    """The charts of a calibration, by name."""
    return {
        "foreseen": charts.foreseen(predicted_frame(_in(calibration, lang)), lang, narrow=narrow),
        "parameters": charts.prior_and_posterior(
            parameters_frame(calibration), lang, narrow=narrow
        ),
    }


def _in(calibration: Data, lang: Language) -> Data:
    """A calibration with its municipalities by name, and its periods in words."""
    predicted = [
        {
            **each,
            "municipality": town(calibration, each["municipality"]),
            "period": period(each["period"]).text(lang),
        }
        for each in calibration["predicted"]
    ]
    return {**calibration, "predicted": predicted}


def drawn(folder: ResultsFolder, figures: Callable[[], dict[str, Any]]) -> tuple[str, ...]:
    """Draw charts into a folder; returns the reason as text where they cannot be drawn."""
    try:
        for name, chart in figures().items():
            folder.write(f"{name}.svg", partial(save_chart, chart, form="svg"))
    except SifError as error:
        return (str(error),)
    return ()
