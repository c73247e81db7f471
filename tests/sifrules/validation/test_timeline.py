"""Validation of a timeline file: its guidelines, their order, and what is in force when."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Sif = Callable[..., Any]
FIRST = """id = "town@tried"

[[timeline]]
policy = "norrkoping@2010"
"""


def _entry(policy: str, since: str) -> str:
    return f"""
[[timeline]]
policy = "{policy}"
from = "{since}"
"""


def _validated(sif: Sif, tmp_path: Path, *entries: str, code: int = 0) -> dict[str, Any]:
    file = tmp_path / "town.toml"
    file.write_text(FIRST + "".join(entries), "utf-8")
    ran = sif("validate", str(file), "--format", "json")
    assert ran.code == code, ran.out + ran.err
    found: dict[str, Any] = ran.data
    return found


def _kinds(data: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["kind"], each["key"]) for each in data["doubts"]]


def test_a_timeline_as_it_was_has_nothing_wrong(sif: Sif, tmp_path: Path) -> None:
    """The guidelines by their own dates: no doubt, and what is in force when."""
    data = _validated(sif, tmp_path, _entry("norrkoping@2022", "2022-01"))
    assert _kinds(data) == []
    (held,) = data["in_force"].values()
    assert held == [
        {"policy": "norrkoping@2010", "since": None, "until": "2021-12"},
        {"policy": "norrkoping@2022", "since": "2022-01", "until": None},
    ]


@pytest.mark.parametrize(
    ("entries", "kind", "key", "line"),
    [
        ([("norrkoping@2022", "2022-01"), ("norrkoping@2010", "2021-01")],
         "timeline_out_of_order", "timeline[2].from", 12),
        ([("norrkoping@2022", "2022-01"), ("norrkoping@2010", "2022-01")],
         "timeline_one_month", "timeline[2].from", 12),
        ([("norrkoping@2022", "2008-01")], "timeline_before", "timeline[1].from", 8),
        ([("norrkping@2022", "2022-01")], "faulty", "timeline[1].policy", 7),
        ([("norrkoping@2022", "2022-13")], "faulty", "timeline[1].from", 8),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(
    sif: Sif, tmp_path: Path, entries: list[tuple[str, str]], kind: str, key: str, line: int
) -> None:
    """The order, the months and the names of guidelines."""
    data = _validated(sif, tmp_path, *(_entry(*each) for each in entries), code=1)
    found = [each for each in data["doubts"] if (each["kind"], each["key"]) == (kind, key)]
    assert found
    assert found[0]["what"].startswith(f"line {line}: ")
    assert found[0]["level"] == "wrong"


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        (("norrkoping@2022", "2015-01"), "timeline_overlap"),
        (("norrkoping@2022", "2024-01"), "timeline_gap"),
        (("norrkoping@2022", "2024-01"), "timeline_moved"),
        (("orebro@2016", "2022-01"), "timeline_other_town"),
        (("norrkoping@2010", "2022-01"), "timeline_same_again"),
        (("sodertalje@2018", "2022-01"), "timeline_proposal"),
    ],
)
def test_what_may_be_meant_is_a_doubt(
    sif: Sif, tmp_path: Path, entry: tuple[str, str], kind: str
) -> None:
    """Gaps, overlaps, other municipalities and proposals are reported, and nothing is refused."""
    assert kind in [name for name, _ in _kinds(_validated(sif, tmp_path, _entry(*entry)))]


def test_every_guideline_named_is_validated(sif: Sif, tmp_path: Path) -> None:
    """A file beside the timeline has its own issues, sound or faulty."""
    (tmp_path / "mine.toml").write_text('id = "town@2020"\nodd = 1\n', "utf-8")
    data = _validated(sif, tmp_path, _entry("mine.toml", "2022-01"), code=1)
    assert any(Path(each["file"]).name == "mine.toml" for each in data["doubts"])
    data = _validated(sif, tmp_path, _entry("vingaker", "2022-01"))
    assert "return_share_missing" in [kind for kind, _ in _kinds(data)]
