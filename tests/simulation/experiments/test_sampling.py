"""Draws of the uncertain parameters: within their ranges, reproducible, and independent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from sifrules import SifError
from sifrules_simulation.experiments.sampling import BLOCK, PATHS, draws, latin_hypercube, uncertain
from sifrules_simulation.model.parameters import ORDERED, declared
from sifrules_simulation.model.scenarios import Scenario, bundled, scenario

Sif = Callable[..., Any]


@pytest.mark.parametrize("name", bundled())
def test_every_draw_lies_within_its_range_whole_and_in_order(name: str) -> None:
    """In every bundled scenario, so that each draw is a scenario that could be written down."""
    around = scenario(name)
    drawn = draws(around, 130, 7)
    whole = {path for path, field in declared() if field.metadata["whole"]}
    for at, path in enumerate(drawn.paths):
        stated, column = around.stated[path], drawn.values[:, at]
        assert stated.low <= column.min() <= column.max() <= stated.high, path
        if path in whole:
            assert (column == np.round(column)).all(), path
    for each in map(drawn.world, range(130)):
        assert all(each.value(less) <= each.value(more) for less, more in ORDERED)


def test_nothing_with_a_range_is_left_out_and_nothing_is_drawn_without_one() -> None:
    """What has no width stays at its value."""
    around = scenario()
    path = "behaviour.horizon"
    fixed = evolve(around.stated[path], low=60.0, high=60.0)
    narrowed = evolve(around, stated={**around.stated, path: fixed})
    assert set(uncertain(around)) - set(uncertain(narrowed)) == {path}
    assert draws(narrowed, 4, 1).world(3).value(path) == 60


def test_each_block_takes_every_part_of_every_range_once() -> None:
    """That is what makes it a Latin hypercube."""
    points = latin_hypercube(2 * BLOCK, 3)
    for block in np.split(points, 2):
        parts = np.sort(np.floor(block * BLOCK).astype(int), axis=0)
        assert (parts == np.arange(BLOCK)[:, None]).all()


def test_a_further_parameter_changes_no_other_parameters_draws() -> None:
    """Bit for bit, wherever it stands; so results before and after it can be compared."""
    before = latin_hypercube(2 * BLOCK + 3, 5)
    after = latin_hypercube(2 * BLOCK + 3, 5, ("ideas.new", *PATHS[:7], "fund.new", *PATHS[7:]))
    assert np.delete(after, [0, 8], axis=1).tobytes() == before.tobytes()
    assert not (after[:, 0] == after[:, 8]).any()


def test_more_draws_begin_with_the_same_and_another_seed_gives_others() -> None:
    """So a study can be made longer, and one draw found again by its number."""
    few, more = latin_hypercube(70, 5), latin_hypercube(300, 5)
    assert np.array_equal(few, more[:70])
    assert not np.array_equal(few, latin_hypercube(70, 6))


def test_no_two_parameters_move_alike() -> None:
    """Otherwise one would pass for the cause of what another does (as Sobol's columns can)."""
    alike = np.abs(np.corrcoef(latin_hypercube(1024, 1), rowvar=False) - np.eye(len(PATHS)))
    assert alike.max() < 0.15


def test_a_draw_is_the_same_world_on_the_command_line(sif: Sif) -> None:
    """What a failed replication names can be run again alone."""
    drawn = draws(scenario(), 6, 9).world(5)
    assert drawn.options == ("--draw", "5")
    args = ("simulate", "orebro@2016", "--replications", "2", "--years", "3", "--seed", "9")
    reported = sif(*args, "--draw", "5", "--format", "json").data
    assumed = [word for path in uncertain(scenario()) for word in
               ("--assume", f"{path}={drawn.value(path)!r}")]  # fmt: skip
    assert reported["policies"] == sif(*args, *assumed, "--format", "json").data["policies"]


@pytest.mark.parametrize("count", [1, 0, -3, 2_000_000, 2.5, True])
def test_an_impossible_number_of_draws_is_refused(count: Any) -> None:
    """With what would do."""
    with pytest.raises(SifError, match="expected from 2 to 1000000 draws, got"):
        draws(scenario(), count, 1)


def test_draws_keep_their_numbers_when_some_are_picked() -> None:
    """A posterior's draw is the same world as the study's of that number."""
    around: Scenario = scenario()
    drawn = draws(around, 8, 2)
    some = drawn.of(np.array([6, 3]), "posterior")
    assert some.world(0).values == drawn.world(6).values
    assert some.world(1).options == ("--draw", "3")
