"""What a report says of most and least is said of funds that there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sifrules_simulation.presentation.report.key_figures import (
    key_measures,
    key_sentences,
    key_table,
)
from sifrules_simulation.presentation.report.named_policies import named
from sifrules_simulation.presentation.report.summary_section import sentences
from sifrules_simulation.results.reader import read_results


def test_a_policy_without_a_fund_has_the_least_of_nothing(
    sif: Callable[..., Any], tmp_path: Path
) -> None:
    """It is named as one that has no fund, and those that share the least are named together."""
    folder = tmp_path / "results"
    policies = ("orebro@2016", "botkyrka@2018", "norrkoping@2022", "nynashamn@2018")
    ran = sif("compare", *policies, "--replications", "2", "--years", "8", "--jobs", "1",
              "--out", str(folder))  # fmt: skip
    assert ran.code == 0, ran.err
    found = sentences(named(read_results(folder), "en"), "en")
    about = [each for each in found if "Botkyrka" in each]
    assert about == ["Botkyrka 2018: no fund; what is most and least is said of the others."]
    (back,) = (each for each in found if each.startswith("Committees pay back"))
    assert "least with Norrköping 2022 and Nynäshamn 2018 (0.0 ±0.0 MSEK)" in back


def test_one_fund_has_neither_most_nor_least(sif: Callable[..., Any], tmp_path: Path) -> None:
    """Beside a policy without a fund nothing is ranked, and equal figures are said to be equal."""
    folder = tmp_path / "results"
    found = {}
    for beside in ("botkyrka@2018", "orebro@2013"):
        ran = sif("compare", "orebro@2016", beside, "--replications", "2", "--years", "1",
                  "--jobs", "1", "--out", str(folder), "--force")  # fmt: skip
        assert ran.code == 0, ran.err
        found[beside] = " ".join(sentences(named(read_results(folder), "en"), "en"))
    assert "least" not in found["botkyrka@2018"]
    assert "The same for all: municipal saving, " in found["orebro@2013"]


def test_an_order_that_the_table_marks_is_not_called_chance(
    sif: Callable[..., Any], tmp_path: Path
) -> None:
    """Two policies are compared in the same worlds: intervals that overlap do not unsay a mark."""
    folder = tmp_path / "results"
    what_if = ("--set", "return_model.share=0.5", "--replications", "60", "--jobs", "1")
    ran = sif("compare", "norrkoping@2010", *what_if, "--out", str(folder))
    assert ran.code == 0, ran.err
    saved = read_results(folder)
    table = key_table(saved, "en")
    assert table is not None
    (_, changed) = table.rows
    marked = dict(zip(key_measures(saved), (cell[-1] in "▲▼" for cell in changed[1:]), strict=True))
    said = key_sentences(saved, "en")
    for name, begins in (
        ("municipal_saving", "The largest municipal"),
        ("human_gain", "Human gains"),
    ):
        (sentence,) = (each for each in said if each.startswith(begins))
        assert ("may be chance" in sentence) is not marked[name]
    assert marked["municipal_saving"]
