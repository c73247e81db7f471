"""Measures: what every simulated portfolio is measured by."""

from __future__ import annotations

from collections.abc import Iterator

from reference_pages.markdown import finished, head, table
from sifrules import Measure
from sifrules_simulation.model.measures import MEASURES

INTRODUCTION = """
What `sif compare` and studies measure of a simulated fund, by the name that columns, `--measure`
and `--precision` use. In files and in Python amounts are kronor, and shares lie from 0 to 1; in
tables for people money is in millions of kronor and shares are in per cent. A measure is missing
where it is not defined, as a share of nothing. A plugin adds its own by
[a hook](hooks.md#sifrules_measures).
"""


def page() -> str:
    """Every measure: its words, its unit and its definition, in both languages."""
    rows = [
        [f"[`{each.name}`](#{each.name})", each.words.en, each.words.sv, each.unit]
        for each in MEASURES
    ]
    return finished(
        [
            *head("Measures", INTRODUCTION),
            *table(["measure", "English", "svenska", "unit"], rows),
            "",
            *(line for measure in MEASURES for line in _definition(measure)),
        ]
    )


def _definition(measure: Measure) -> Iterator[str]:
    yield from (f"## `{measure.name}`", "")
    yield f"- {measure.formula.en}"
    yield f"- *{measure.formula.sv}*"
    yield ""
