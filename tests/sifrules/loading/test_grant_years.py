"""A grant out of several years' pots: in the record, and replayed year by year."""

from __future__ import annotations

from pathlib import Path

import pytest

from sifrules import SifError, hookimpl, registry
from sifrules.loading.history import History, read_history
from sifrules.record_replay import Replay, replay

RECORD = """
key = "orebro"
municipality = "Nyby"
until = "2021-12-31"

[documents.d]
title = "Nyby's accounts"

[complete]
endowment = "d: 1"
granted = "d: 2"
returned = "d: 3"

[[entries]]
what = "endowment"
date = "2020"
amount = 5_000_000
cite = "d: 1"

[[entries]]
what = "endowment"
date = "2021"
amount = 5_000_000
cite = "d: 1"

[[grants]]
name = "Long"
granted = "2020-03"
amount = 6_000_000
years = {years}
cite = "d: 2"
"""
THREE = (
    "[{ year = 2020, amount = 2_000_000 }, { year = 2021, amount = 3_000_000 },"
    " { year = 2022, amount = 1_000_000 }]"
)


def _replayed(tmp_path: Path, until: str, years: str = THREE) -> Replay:
    file = tmp_path / "history.toml"
    file.write_text(RECORD.replace("{years}", years), "utf-8")
    history = read_history(file)

    class Offer:
        """A plugin of one record."""

        @hookimpl
        def sifrules_history(self) -> list[History]:
            return [history]

    return replay(registry(off=["orebro"], extra={"nyby": Offer()}), "orebro", until)


def test_each_part_is_granted_out_of_its_years_pot(tmp_path: Path) -> None:
    """What is bound in years to come is not counted yet, and is said."""
    first = _replayed(tmp_path, "2020-12-31")
    assert (first.granted, first.available, first.bound) == (2e8, 3e8, 4e8)
    assert first.by_pot == {2020: 200_000_000}
    later = _replayed(tmp_path, "2021-12-31")
    assert (later.granted, later.available, later.bound) == (5e8, 5e8, 1e8)
    assert later.by_pot == {2020: 200_000_000, 2021: 300_000_000}
    assert any("2022" in note.text("en") for note in later.notes)


@pytest.mark.parametrize(
    ("years", "words"),
    [
        ("[{ year = 2020, amount = 2_000_000 }]", "expected the amount"),
        (
            "[{ year = 2021, amount = 3_000_000 }, { year = 2022, amount = 3_000_000 }]",
            "the first the one in which it was granted",
        ),
    ],
)
def test_parts_that_are_not_the_grant_are_refused(tmp_path: Path, years: str, words: str) -> None:
    """Together they are its amount, year after year from that of the decision."""
    with pytest.raises(SifError, match=words):
        _replayed(tmp_path, "2021-12-31", years)
