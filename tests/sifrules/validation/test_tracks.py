"""Validation of tracks: demands that nobody can meet there, and sub-pots against the money."""

from __future__ import annotations

from pathlib import Path

import pytest

from sifrules import registry
from sifrules.validation.rules import of_rules
from sifrules.validation.tracks import of_tracks

FILE = Path("examples/what-ifs/three-tracks.toml")


def found(*settings: str) -> list[tuple[str, str, str]]:
    """Kind, place and text of what is amiss with the tracks of the example, with values changed."""
    issues = of_tracks(registry().policy(FILE, settings))
    return [(issue.kind, issue.key, issue.what.text("en")) for issue in issues]


def test_the_example_with_three_tracks_is_in_order() -> None:
    """Nothing in its tracks is wrong or doubtful."""
    assert found() == []


def test_a_track_that_nobody_can_meet_is_one_message_with_its_title_and_demands() -> None:
    """A bound of the track against another of it is wrong, at the one that is to be mended."""
    long = "track.small.criteria.long"
    ((kind, key, what),) = found(f"{long}.kind=project_time", f"{long}.at_least=24")
    assert (kind, key) == ("track_never_met", "track.small.caps.time")
    assert what == (
        "no application can go to the track Small grants: the demand (project time in months is at "
        "most 12 months) cannot be met together with track.small.criteria.long (project time in "
        "months is at least 24 months)"
    )


def test_a_demand_of_the_fund_may_rule_a_track_out() -> None:
    """A track for work under way, in a fund that refuses it, can be met by nobody."""
    settings = (
        "track.small.criteria.running.kind=fact",
        "track.small.criteria.running.fact='application.regular_operations'",
        "track.small.criteria.running.holds=true",
    )
    ((kind, key, what),) = found(*settings)
    assert (kind, key) == ("track_never_met", "track.small.criteria.running")
    assert what.startswith("no application can go to the track Small grants: ")
    assert "together with criteria.not_regular_operations" in what


def test_what_a_track_rules_out_is_no_fault_of_the_fund() -> None:
    """The fund's own demands are checked without those of its tracks."""
    policy = registry().policy(FILE, ["track.large.criteria.areas.areas=1"])
    assert list(of_rules(policy)) == []


def test_a_needless_demand_is_reported_of_the_track_alone() -> None:
    """A demand of the fund that a track sharpens is not called needless."""
    assert found(
        "track.health.criteria.more.kind=minimum_areas", "track.health.criteria.more.areas=1"
    ) == [
        (
            "demands_nothing",
            "track.health.criteria.more",
            "the demand rules no application out: at least 1 areas of operation cooperate",
        )
    ]


@pytest.mark.parametrize(
    ("pots", "kind"),
    [
        (["track.small.pot.amount_a_year=30000000"], "pots_above_fund"),
        (["track.large.pot.share=0.10"], "money_on_no_track"),
        (["track.large.pot.share=0.50"], None),
    ],
)
def test_sub_pots_are_compared_with_what_is_set_aside(pots: list[str], kind: str | None) -> None:
    """Above it is wrong; money that no track gets is doubtful where all have a sub-pot."""
    assert [each for each, _, _ in found(*pots)] == ([kind] if kind else [])


def test_the_return_model_of_a_track_is_checked_like_that_of_a_fund() -> None:
    """A floor above the share is wrong at its place in the track."""
    kinds = {
        kind: key
        for kind, key, _ in found(
            "track.large.return_model.bounded_by_effect=true",
            "track.large.return_model.floor=0.5",
            "track.large.return_model.share=0.4",
        )
    }
    assert kinds["floor_above_share"] == "track.large.return_model.floor"
