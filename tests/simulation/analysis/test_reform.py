"""What a reform changed: year by year, before and after, and what counts could show of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sifrules import Registry, registry
from sifrules.plugin.timelines import timeline
from sifrules.values.dates import Month
from sifrules_simulation import scenario
from sifrules_simulation.analysis.reform import (
    COUNTED,
    ReformEffect,
    power,
    recorded_grants,
    reform_effect,
)
from sifrules_simulation.experiments.batches import Running

Sif = Callable[..., Any]
HERE = Running(jobs=1)


@pytest.fixture(scope="module")
def towns() -> Registry:
    """All that is installed."""
    return registry()


@pytest.fixture(scope="module")
def norrkoping(towns: Registry) -> ReformEffect:
    """Norrköping's own timeline, in a few worlds."""
    return reform_effect(
        towns, timeline(towns, "norrkoping"), scenario=scenario("norrkoping"), years=14,
        replications=8, running=HERE,
    )  # fmt: skip


def test_before_the_reform_both_are_the_same(norrkoping: ReformEffect) -> None:
    """Common random numbers: nothing differs until the rules do."""
    before = norrkoping.year_of_reform
    assert before == 11
    assert np.array_equal(norrkoping.reformed[:, :before], norrkoping.without[:, :before])
    assert not np.array_equal(norrkoping.reformed, norrkoping.without)


def test_the_years_are_counted_from_the_one_of_the_reform(norrkoping: ReformEffect) -> None:
    """It is 0, whichever month it came in."""
    rows = norrkoping.rows("grants")
    assert [row.since for row in rows] == list(range(-11, 3))
    assert norrkoping.windows == range(1, 4)


def _effect(before: int, after: Any, without: int = 0) -> ReformEffect:
    """An effect of fixed yearly grants: ``after`` may be one number for each world."""
    worlds = len(np.atleast_1d(after))
    counts = np.zeros((worlds, 10, len(COUNTED)))
    at = COUNTED.index("grants")
    counts[:, :5, at] = before
    other = counts.copy()
    counts[:, 5:, at] = np.atleast_1d(after)[:, None]
    other[:, 5:, at] = without
    return ReformEffect(
        timeline="a", counterfactual="b", reform="c", since=Month(2025, 1),
        begins=Month(2020, 1), behaviour="weighing", reformed=counts, without=other,
    )  # fmt: skip


def test_a_count_before_and_after_rises_stays_or_falls() -> None:
    """In the shares of worlds in which it does; the mean change is that of a year."""
    count = _effect(2, [3, 3, 2, 1]).before_after("grants", 5)
    assert (count.rise.mean, count.same.mean, count.fall.mean) == (0.5, 0.25, 0.25)
    assert count.change.mean == 0.25


def test_the_effect_is_the_paired_difference_after_the_reform() -> None:
    """Not the change from before."""
    effect = _effect(2, [3, 4], without=1)
    assert effect.after("grants").mean == 2.5
    assert [row.difference.mean for row in effect.rows("grants")] == [0] * 5 + [2.5] * 5


def test_how_many_municipalities_are_needed_grows_as_the_difference_shrinks() -> None:
    """None where the simulated worlds do not tell the behaviours apart themselves."""
    draws = np.random.default_rng(1)
    null = _effect(0, draws.normal(0, 1, 4000))
    needed = [
        power(_effect(0, draws.normal(shift, 1, 4000)), null, "grants", 5).municipalities
        for shift in (1.0, 0.5, 0.25, 0.0)
    ]
    assert needed[-1] is None
    first, second, third = (each or 0 for each in needed[:3])
    assert first < second < third
    assert second == pytest.approx(32, abs=5)


def test_the_record_by_year_holds_what_the_sources_settle(towns: Registry) -> None:
    """A complete list gives every year of it; single counts give theirs."""
    assert recorded_grants(towns.history("norrkoping"))[2011] == 2
    orebro = recorded_grants(towns.history("orebro"))
    assert orebro[2013] == 0


@pytest.mark.parametrize(
    ("policy", "options", "said"),
    [
        ("norrkoping@2010", (), "norrkoping@2010 has no reform"),
        ("norrkoping", ("--without", "norrkoping@2010"), "has no reform to"),
        ("norrkoping", ("--years", "5"), "outside the simulated months"),
        ("orebro@2013", ("--reform", "orebro@2016:1999-01"), "before the fund"),
    ],
)
def test_a_study_of_a_reform_that_is_not_there_is_refused(
    sif: Sif, policy: str, options: tuple[str, ...], said: str
) -> None:
    """In a sentence, before anything is simulated."""
    ran = sif("study", "reform", policy, *options, "--replications", "2")
    assert ran.code == 2
    assert said in ran.err


def test_the_command_tells_the_effect_and_the_power_in_swedish(sif: Sif, tmp_path: Path) -> None:
    """With the record beside the model, what is assumed, and the results in a folder."""
    ran = sif(
        "study", "reform", "norrkoping", "--years", "13", "--replications", "4", "--jobs", "1",
        "--lang", "sv", "--out", str(tmp_path),
    )  # fmt: skip
    assert ran.code == 0
    for said in ("enligt källorna", "bryr sig inte om kraven", "gap=no_return", "i en enda kommun"):
        assert said in ran.out
    assert (tmp_path / "reform.json").exists()


def test_the_data_of_the_command_hold_every_count(sif: Sif) -> None:
    """With intervals, by year, and the power by window."""
    data = sif(
        "study", "reform", "orebro", "--years", "6", "--replications", "4", "--jobs", "1",
        "--format", "json",
    ).data  # fmt: skip
    assert {row["measure"] for row in data["by_year"]} == set(COUNTED)
    assert {row["years"] for row in data["power"]} == {1, 2}
    assert data["by_year"][0]["from"] == "2013-05"
    assert data["record"] == {}


def test_the_record_stands_beside_years_of_the_calendar_alone(sif: Sif) -> None:
    """Years that begin in May are named by their month, and it is said why the record is not."""
    asked = ("study", "reform", "orebro", "--years", "5", "--replications", "2", "--jobs", "1")
    of_may, of_january = sif(*asked).out, sif(*asked, "--assume", "begins=2013").out
    assert "2013-05" in of_may
    assert "the simulated years begin in 2013-05" in " ".join(of_may.split())
    assert "on record" not in of_may
    assert "on record" in of_january


def test_a_comparison_with_a_reform_stands_beside_the_policy_without_it(sif: Sif) -> None:
    """As a change by --set does."""
    data = sif(
        "compare", "orebro@2013", "--reform", "return_model.floor=0:2028-01", "--replications", "2",
        "--years", "5", "--jobs", "1", "--format", "json",
    ).data  # fmt: skip
    assert [each["id"] for each in data["policies"]] == [
        "orebro@2013", "orebro@2013 then return_model.floor=0 from 2028-01",
    ]  # fmt: skip
