"""Choosing under uncertainty: what is best, how surely, where, and what it is worth to know."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from sifrules import (
    SifError,
    best_under_uncertainty,
    pareto,
    prim,
    probability_best,
    value_of_information,
)


def _frame(values: list[list[float]], **columns: Any) -> pl.DataFrame:
    """Runs of an outcome ``gain``: a row of values for each draw, a column for each variant."""
    rows = [
        {"policy": "p", "variant": variant, "draw": draw, "replication": 0,
         "fund.size": float(variant), "gain": value}
        for draw, row in enumerate(values)
        for variant, value in enumerate(row)
    ]  # fmt: skip
    return pl.DataFrame(rows).with_columns(
        pl.Series(name, [each[row["draw"]] for row in rows]) for name, each in columns.items()
    )


#: Three variants in four draws: one that is safe, one that is best on average, one in between.
WORKED = [[2.0, 6.0, 3.0], [2.0, 6.0, 3.0], [2.0, 4.0, 3.0], [2.0, 0.0, 1.0]]


def test_regret_is_what_was_worked_out_by_hand() -> None:
    """Regret is what a variant gives up in each draw against the best one there."""
    found = best_under_uncertainty(_frame(WORKED), "gain", regret="max").sort("variant")
    assert found["mean"].to_list() == [2.0, 4.0, 2.5]
    assert found["worst"].to_list() == [2.0, 0.0, 1.0]
    assert found["regret_max"].to_list() == [4.0, 2.0, 3.0]
    assert found["regret_mean"].to_list() == [2.5, 0.5, 2.0]
    assert found["probability_best"].to_list() == [0.25, 0.75, 0.0]
    assert best_under_uncertainty(_frame(WORKED), "gain")["variant"][0] == 1


def test_less_is_better_where_it_is_said() -> None:
    """An outcome to be kept low turns everything round."""
    found = best_under_uncertainty(_frame(WORKED), "gain", maximise=False).sort("variant")
    assert found["regret_max"].to_list() == [2.0, 4.0, 1.0]
    assert found["mean"].to_list() == [2.0, 4.0, 2.5]
    assert found["worst"].to_list() == [2.0, 6.0, 3.0]


def test_variants_that_tie_share_the_probability() -> None:
    """Two that are equally good are each best half the time."""
    found = probability_best(_frame([[1.0, 1.0], [1.0, 1.0]]), "gain")
    assert found["probability_best"].to_list() == [0.5, 0.5]


def test_the_front_has_what_nothing_is_better_than() -> None:
    """A variant is left out only where another is at least as good in all and better in one."""
    frame = _frame([[1.0, 2.0, 3.0, 0.5]]).with_columns(
        pl.Series("cost", [1.0, 2.0, 3.0, 1.5]), pl.Series("draw", [0] * 4)
    )
    front = pareto(frame, maximise=["gain"], minimise=["cost"])
    assert front["variant"].to_list() == [0, 1, 2]
    assert front["fund.size"].to_list() == [0.0, 1.0, 2.0]
    with pytest.raises(SifError, match="gains"):
        pareto(frame, maximise=["gains"])


def test_perfect_information_is_worth_what_was_worked_out_by_hand() -> None:
    """Choosing in each draw gives 4.5 on average, choosing once gives 4."""
    found = value_of_information(_frame(WORKED), "gain", parameters=[])
    assert found.row(0, named=True)["value"] == pytest.approx(0.5)


def test_only_the_parameter_that_matters_is_worth_knowing() -> None:
    """Of two parameters one decides which variant is best: knowing it is worth it all."""
    chance = np.random.default_rng(3)
    decides, idle = chance.uniform(-1, 1, 2000), chance.uniform(0, 1, 2000)
    values = [[0.0, 2 * each] for each in decides]
    frame = _frame(values, **{"world.decides": decides, "world.idle": idle})
    found = value_of_information(frame, "gain")
    assert found["parameter"].to_list() == ["everything", "world.decides", "world.idle"]
    everything, decided, idled = found["value"]
    # The mean of max(0, 2x) for x from -1 to 1 is 1/2, and nothing is gained by choosing once.
    assert everything == pytest.approx(0.5, abs=0.1)
    assert decided == pytest.approx(everything, abs=0.03)
    assert idled < 0.03
    assert found["tells"].to_list()[:2] == [None, True]


def test_noise_is_no_information() -> None:
    """Where variants differ by chance alone, replications held out show it to be worth nothing."""
    chance = np.random.default_rng(5)
    frames = [
        _frame(chance.normal(size=(200, 4)).tolist()).with_columns(replication=pl.lit(number))
        for number in range(3)
    ]
    everything = value_of_information(pl.concat(frames), "gain", parameters=[]).row(0, named=True)
    assert everything["value"] > 0.4
    assert abs(everything["held_out"]) < 0.15


def test_prim_finds_the_region_that_was_put_in() -> None:
    """The outcome is high in a box of two of three inputs, and that box is found."""
    pytest.importorskip("ema_workbench")
    chance = np.random.default_rng(2)
    one, two, three = chance.uniform(0, 1, (3, 1_000))
    inside = (one > 0.6) & (two < 0.4)
    frame = pl.DataFrame(
        {
            "policy": "p", "variant": np.arange(1_000), "draw": 0, "world.one": one,
            "world.two": two, "world.three": three, "gain": inside + chance.normal(0, 0.1, 1_000),
        }
    )  # fmt: skip
    box = {
        row["input"]: row
        for row in prim(frame, "gain", above=0.5, density=0.95).iter_rows(named=True)
    }
    assert box["world.one"]["low"] == pytest.approx(0.6, abs=0.05)
    assert box["world.two"]["high"] == pytest.approx(0.4, abs=0.05)
    assert box["world.one"]["coverage"] > 0.85
    assert box["world.one"]["density"] > 0.8
    assert box["world.one"]["qp_low"] < 0.01


def test_frames_of_other_libraries_come_back_as_they_went_in() -> None:
    """A frame of pandas gives a frame of pandas."""
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = pandas.DataFrame(_frame(WORKED).to_dict(as_series=False))
    assert isinstance(probability_best(frame, "gain"), pandas.DataFrame)


def test_a_line_that_no_case_passes_is_refused() -> None:
    """There is nothing to find on one side of it."""
    pytest.importorskip("ema_workbench")
    with pytest.raises(SifError, match="same side"):
        prim(_frame(WORKED), "gain", above=99)


@pytest.mark.parametrize(
    ("ask", "wrong"),
    [
        (
            lambda frame: best_under_uncertainty(frame, "gain", regret="least"),
            "regret measure 'least'",
        ),
        (lambda frame: prim(frame, "gain"), "above or below"),
        (lambda frame: value_of_information(frame, "gain", parameters=["fund.size"]), "30 draws"),
        (lambda frame: pareto(frame), "no outcome"),
        (lambda frame: probability_best(frame.drop("draw"), "gain"), "draw"),
        (lambda frame: probability_best(frame[1:], "gain"), "missing for some"),
    ],
)
def test_what_cannot_be_answered_is_refused(ask: Any, wrong: str) -> None:
    """It says what is missing."""
    with pytest.raises(SifError, match=wrong):
        ask(_frame(WORKED))


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (lambda: best_under_uncertainty(_frame(WORKED).head(0), "gain"), "no rows"),
        (lambda: probability_best(_frame(WORKED, words=["a"] * 4), "words"), "'words' holds no"),
        (
            lambda: prim(_frame(WORKED, **{"s.a": ["a"] * 4}), "gain", above=2, inputs=["s.a"]),
            "numbers are in: .*gain",
        ),
        (
            lambda: prim(_frame(WORKED, **{"s.a": [1, 2, 3, None]}), "gain", above=2),
            "p has no lever s.a",
        ),
    ],
)
def test_what_holds_no_numbers_or_leaves_cases_out_is_refused(asked: Any, wrong: str) -> None:
    """No case is left aside in silence, and nothing of polars comes out."""
    with pytest.raises(SifError, match=wrong):
        asked()
