"""A timeline in a report: every guideline with its months, and what each reform changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules import registry
from sifrules.plugin.timelines import timeline
from sifrules.policy.differences import differences
from sifrules.policy.timeline import periods
from sifrules_simulation.presentation.report import workbook
from sifrules_simulation.presentation.report.clauses_section import policies
from sifrules_simulation.results.reader import SavedResults, read_results

Sif = Callable[..., Any]


@pytest.fixture
def of_timeline(sif: Sif, tmp_path: Path) -> SavedResults:
    """A comparison of a timeline with one of its guidelines, as it is saved."""
    ran = sif("compare", "norrkoping", "norrkoping@2010", "--replications", "2", "--years", "2",
              "--jobs", "1", "--out", str(tmp_path))  # fmt: skip
    assert ran.code == 0, ran.err
    return read_results(tmp_path)


def test_a_timeline_is_shown_with_all_that_changes(of_timeline: SavedResults) -> None:
    """In page and workbook: each guideline with its month, each clause that differs, both sides."""
    found = timeline(registry(), "norrkoping")
    (_, before), (_, after) = periods(found)
    changed = [each.path for each in differences(before, after)]
    blocks: Any = policies(of_timeline, "sv").blocks
    tables = {each.table.title: each.table for each in blocks if hasattr(each, "table")}
    order = tables["norrkoping: riktlinjerna i tur och ordning"]
    assert [list(row[:2]) for row in order.rows] == [
        ["från början", "norrkoping@2010"],
        ["januari 2022", "norrkoping@2022"],
    ]
    change = tables["Vad norrkoping@2022 ändrar från januari 2022"]
    assert [row[0].rpartition("(")[2] for row in change.rows] == [f"{path})" for path in changed]
    sheets = {each.name: each for each in workbook.sheets(of_timeline, "en")}
    assert [row[4] for row in sheets["Reforms"].rows] == changed
    guidelines = {(row[0], row[6], row[7]) for row in sheets["policies"].rows}
    assert guidelines == {
        ("norrkoping", "norrkoping@2010", None),
        ("norrkoping", "norrkoping@2022", "2022-01"),
        ("norrkoping@2010", "norrkoping@2010", None),
    }


def test_the_rules_of_every_guideline_are_in_words(of_timeline: SavedResults) -> None:
    """Where ideas stop, also by a rule that only the later guideline has."""
    rules = of_timeline.described("norrkoping")["rules"]
    later = registry().policy("norrkoping@2022").rulebook.rules
    assert {rule.id for rule in later} <= rules.keys()
