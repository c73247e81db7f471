"""The hypotheses on the return flow: parts that sum, controls, verdicts, and one paragraph."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from sifrules import Registry
from sifrules_simulation.analysis.hypotheses import (
    HYPOTHESES,
    LEAST,
    Finding,
    Grade,
    findings,
    graded,
)
from sifrules_simulation.analysis.hypothesis import Hypothesis
from sifrules_simulation.analysis.paired_effects import (
    PARTS,
    UNSEEN,
    WITH,
    WITHOUT,
    Effects,
    effects,
)
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.sampling import draws
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.scenarios import scenario
from sifrules_simulation.model.structure import alternative_words
from sifrules_simulation.presentation.hypothesis_words import paragraph
from sifrules_simulation.results.study_data import finding_json
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.statistics.worlds import ShareOfWorlds
from sifrules_simulation.studies.hypotheses import study_design
from sifrules_simulation.studies.return_flow import expected, run_study

UPTAKE = "application_uptake"
Data = dict[str, Any]
HERE = Running(jobs=1)


def _effects(
    registry: Registry, *, behaviour: str = "weighing", off: tuple[str, ...] = ()
) -> Effects:
    design = study_design(registry, scenario(), ["sodertalje@2015"], behaviour=behaviour, years=8)
    sample = draws(design.scenario, 6, 1)
    switches = Mechanisms.without(off)
    return effects(design, sample, 2, switches=switches, running=HERE, arms=PARTS)


@pytest.fixture(scope="module")
def taken_apart(everything: Registry) -> Effects:
    """One policy in a few draws, with the arms that take its return flow apart."""
    return _effects(everything)


# --- direct, indirect, and the whole --------------------------------------------------


def test_the_direct_and_the_indirect_effect_sum_to_the_whole(taken_apart: Effects) -> None:
    """In every replication, of every measure."""
    for measure in taken_apart.design.measures:
        direct, indirect, whole = (
            taken_apart.between(0, measure.name, *arms)
            for arms in ((UNSEEN, WITH), (WITHOUT, UNSEEN), (WITHOUT, WITH))
        )
        np.testing.assert_allclose(direct + indirect, whole, rtol=0, atol=1e-14)
    assert (taken_apart.between(0, UPTAKE, UNSEEN, WITH) > 0).any()
    assert (taken_apart.between(0, UPTAKE, WITHOUT, UNSEEN) < 0).any()


def test_where_money_never_runs_out_there_is_nothing_to_refill(everything: Registry) -> None:
    """The indirect effect is nil, and the direct one is all there is."""
    found = _effects(everything, off=("depletion",))
    assert not found.between(0, UPTAKE, WITHOUT, UNSEEN).any()
    assert (found.between(0, UPTAKE, WITHOUT, WITH) >= 0).all()
    assert found.between(0, UPTAKE, WITHOUT, WITH).any()


def test_committees_that_weigh_nothing_are_deterred_by_nothing(everything: Registry) -> None:
    """Under the null model the direct effect is nil in every replication, and the verdict few."""
    found = _effects(everything, behaviour="null")
    assert not found.between(0, UPTAKE, UNSEEN, WITH).any()
    by_code = {each.hypothesis.code: each for each in findings(found, 0.05)}
    assert by_code["through_choice"].holds is not None
    assert by_code["through_choice"].holds.share == 0


def test_the_measures_of_periods_are_uptake_divided_by_when_ideas_arise(
    taken_apart: Effects,
) -> None:
    """Uptake as a whole lies between that of the first years and that of the later ones."""
    early, later, whole = (
        taken_apart.arm(0, WITH, name) for name in ("uptake_early", "uptake_later", UPTAKE)
    )
    assert (np.fmin(early, later) <= whole + 1e-12).all()
    assert (whole <= np.fmax(early, later) + 1e-12).all()
    assert (early != later).any()


def test_a_study_takes_as_many_replications_as_it_says(everything: Registry) -> None:
    """Each draw and replication with all arms, each reported."""
    design = study_design(everything, scenario(), ["orebro@2016"], years=2)
    ticks: list[int] = []
    size: dict[str, Any] = {"draws": 2, "replications": 2, "cause_replications": 0,
                            "calibrate": False, "alternative_draws": 2}  # fmt: skip
    study = run_study(
        everything, design, precision=None, finding=Hypothesis(),
        running=Running(jobs=1, tick=ticks.append), **size,
    )  # fmt: skip
    assert sum(ticks) == expected(everything, design, **size) == (2 + 9 * 2) * 2 * 3
    assert [each.hypothesis for each in study.findings] == list(HYPOTHESES)


# --- the verdict ----------------------------------------------------------------------


def _share(share: float, half: float = 0.02) -> ShareOfWorlds:
    return ShareOfWorlds(
        share=share, low=max(0.0, share - half), high=min(1.0, share + half), draws=1000
    )


@pytest.mark.parametrize(
    ("holds", "reverse", "grade"),
    [
        (0.95, 0.0, Grade.NEARLY_ALL),
        (0.9, 0.1, Grade.NEARLY_ALL),
        (0.7, 0.1, Grade.MOST),
        (0.4, 0.3, Grade.DEPENDS),
        (0.1, 0.3, Grade.FEW),
        (0.1, 0.7, Grade.REVERSED),
    ],
)
def test_the_verdict_follows_from_the_shares_of_worlds(
    holds: float, reverse: float, grade: Grade
) -> None:
    """By limits that are stated, the reverse where it holds in most."""
    assert graded(_share(holds), _share(reverse)) is grade


@given(st.floats(0, 1), st.floats(0, 0.1))
def test_a_narrow_interval_is_always_graded(share: float, half: float) -> None:
    """What cannot be told is what is known within too wide an interval alone."""
    assert graded(_share(share, half), _share(0.0)) is not Grade.CANNOT_TELL
    assert graded(_share(0.5, 0.45), _share(0.0)) is Grade.CANNOT_TELL
    assert list(LEAST.values()) == sorted(LEAST.values(), reverse=True)


# --- in words -------------------------------------------------------------------------


def _findings(shares: dict[str, float], policies: tuple[str, ...] = ("a", "b")) -> list[Data]:
    """Findings with given shares of worlds in which each holds; its mean is its share times 20."""
    found = []
    for policy in policies:
        for each in HYPOTHESES:
            holds, other = _share(shares.get(each.code, 0.1)), _share(0.0)
            mean = each.sign * 0.2 * holds.share
            found.append(
                finding_json(
                    Finding(
                        policy=policy,
                        hypothesis=each,
                        difference=Estimate(mean, mean - 0.01, mean + 0.01, 1000),
                        above=holds if each.sign > 0 else other,
                        below=other if each.sign > 0 else holds,
                        noise=0.1,
                    )
                )
            )
    return found


def test_the_paragraph_follows_the_findings() -> None:
    """Its conclusion and its figures change with them, in both languages."""
    deters = paragraph(_findings({"deters": 0.95, "through_choice": 0.7, "refills": 0.7}))
    assert "So it deters, without clearly leading to fewer applications in all." in deters.text(
        "en"
    )
    assert "utan att ansökningarna sammantaget tydligt blir färre" in deters.text("sv")
    assert "changes by +19 percentage points" in deters.text("en")
    assert "+14.0 percentage points if claims are not expected" in deters.text("en")
    assert "in nearly all plausible worlds for a and b" in deters.text("en")
    both = paragraph(_findings({"deters": 0.95, "fewer_in_all": 0.8}))
    assert "So it deters, and there are fewer applications." in both.text("en")
    neither = paragraph(_findings({}))
    assert "neither clearly deters" in neither.text("en")


# --- the command ----------------------------------------------------------------------

FEW = ("study", "hypotheses", "vingaker", "--draws", "3", "--years", "3", "--jobs", "1")


def test_the_command_answers_in_both_languages_and_saves(
    sif: Callable[..., Any], tmp_path: Path
) -> None:
    """The table, the hypotheses as stated, and the plain data, the same as what is saved."""
    out = tmp_path / "found"
    data = sif(*FEW, "--format", "json", "--out", str(out)).data
    saved = json.loads((out / "study.json").read_text("utf-8"))
    assert [each["difference"] for each in saved["findings"]] == [
        each["difference"] for each in data["findings"]
    ]
    assert [each["hypothesis"] for each in data["findings"]] == [h.code for h in HYPOTHESES]
    assert {each["verdict"] for each in data["findings"]} <= set(Grade)
    swedish = sif(*FEW, "--lang", "sv").out
    assert "Återföringen avskräcker" in swedish
    assert "Hypoteserna, fastställda före körningen" in swedish
    rows = sif(*FEW, "--format", "csv").out.splitlines()
    assert len(rows) == 1 + len(HYPOTHESES)
    again = sif(*FEW, "--margin", "0.1", "--out", str(out))
    assert again.code == 2
    assert "margin: 0.05 then, 0.1 now" in again.err


@pytest.mark.once
def test_the_same_table_is_given_with_each_structural_alternative(sif: Callable[..., Any]) -> None:
    """One assumption at a time, with the difference and the share of worlds."""
    given = (*FEW[:3], "--draws", "2", "--years", "2", "--jobs", "1", "--alternatives")
    data = sif(*given, "--format", "json").data
    assert list(data["alternatives"]) == [
        "structure.claims_horizon=savings",
        "structure.evaluation=so_far",
        "structure.evaluation=fixed_date",
        "structure.unmeasured=nothing",
        "structure.unmeasured=floor",
        "structure.proof=each",
        "structure.early_costs=rise",
        "structure.volumes=growing",
        "structure.shifted_costs=outside",
    ]
    for each in (data["as_assumed"], *data["alternatives"].values()):
        assert [row["hypothesis"] for row in each] == [h.code for h in HYPOTHESES]
    swedish = " ".join(sif(*given, "--lang", "sv").out.split())
    assert "med andra strukturantaganden" in swedish
    for setting in data["alternatives"]:
        assert alternative_words(setting).sv in swedish


def test_alternatives_are_beside_what_is_assumed_over_the_same_draws(
    sif: Callable[..., Any],
) -> None:
    """Where an alternative changes nothing, its figures are the same, however many draws."""
    given = ("study", "return-flow", "--policy", "sodertalje@2015", "--draws", "5", "--years", "2",
             "--replications", "2", "--cause-replications", "0", "--no-calibrate", "--jobs", "1",
             "--alternatives", "--alternative-draws", "3", "--format", "json")  # fmt: skip
    data = sif(*given).data
    assert data["alternatives"]["structure.unmeasured=floor"] == data["as_assumed"]  # it has none
    assert data["as_assumed"] != data["findings"]


@pytest.mark.parametrize("after", [0, 2])
def test_a_study_that_is_stopped_shows_what_was_finished(
    after: int, stopped: Callable[..., Any]
) -> None:
    """It says after how many of its draws, and leaves as a stopped command does."""
    left = stopped(after, *FEW)
    assert left.code == 130
    assert f"stopped after {after} of the draws" in left.out
