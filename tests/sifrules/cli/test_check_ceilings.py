"""Ceilings that an eligible application is above, in ``sif check``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Sif = Callable[..., Any]
ROOT = Path(__file__).parents[3]


def test_a_ceiling_on_one_application_is_named_where_allocation_is_not_tried(
    sif: Sif, tmp_path: Path
) -> None:
    """Whatever the fund holds; for files and lists, on tracks too, in every form."""
    calamine = pytest.importorskip("python_calamine")
    policy, file, out = tmp_path / "cap.toml", tmp_path / "list.csv", tmp_path / "out.xlsx"
    policy.write_text(
        'base = "orebro@2016"\nid = "cap@2024"\ncriteria = "none"\n'
        '[caps.each]\nkind = "amount_per_investment"\n'
        'limit = { value = 2_000_000, cite = "guideline2016: 3" }\n'
    )
    file.write_text("namn;kostnad\nA;3 mnkr\nB;1 mnkr\nC;\n", "utf-8")
    mine = tmp_path / "A.toml"
    mine.write_text("[application]\ncost = 3_000_000\n")
    for given in (file, mine):
        args = ("check", str(given), "--policy", str(policy))
        first = sif(*args, "--format", "json").data[0]
        over = first.get("above_ceilings", first.get("policies", [{}])[0].get("above_ceilings"))
        assert over == ["caps.each"]
        told = sif(*args, "--xlsx", str(out)).out
        assert "Above the ceiling; allocation was not tried (--stage allocation):\n- A, " in told
        assert told.count("at most 2,000,000") == 1
        sheet = calamine.CalamineWorkbook.from_path(out).get_sheet_by_name("Above the ceiling")
        assert [row[0] for row in sheet.to_python()[1:]] == ["A"]
        assert "Above the ceiling" not in sif(*args, "--stage", "allocation").out
    told = sif("check", str(mine), "--policy", str(policy)).out
    assert "the whole cost is taken to be applied for" in " ".join(told.split())
    mine.write_text("[application]\ncost = 3_000_000\napplied_for = 2_500_000\n")
    assert "is taken to be" not in sif("check", str(mine), "--policy", str(policy)).out
    tracks = str(ROOT / "examples/what-ifs/three-tracks.toml")
    few = sif("check", str(file), "--policy", tracks, "--format", "json").data
    alone = [
        sif(
            "check", str(file), "--policy", tracks, "--row", each["application"], "--format", "json"
        )
        for each in few
    ]
    assert [each["policies"][0]["above_ceilings"] for each in few] == [
        each.data[0]["above_ceilings"] for each in alone
    ]


def test_a_ceiling_of_a_track_is_tried_with_what_the_track_knows(sif: Sif, tmp_path: Path) -> None:
    """Facts that only another track reads are no mistake, in files and lists."""
    file, mine = tmp_path / "list.csv", tmp_path / "mine.toml"
    facts = "application.lulea_outside_actor;application.lulea_goals;cost"
    file.write_text(f"namn;{facts}\nA;ja;ja;1 mnkr\n", "utf-8")
    mine.write_text(
        "[application]\nlulea_outside_actor = true\nlulea_goals = true\ncost = 1_000_000\n"
    )
    for given in (file, mine):
        for policy in ("lulea@2017", "lulea@2024"):
            ran = sif("check", str(given), "--policy", policy)
            assert (ran.code, ran.err) == (1, "")
