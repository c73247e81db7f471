"""Tracks (spår) in a guideline's file: what they hold, what is refused, what a what-if reaches."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sifrules import FaultyFile, FundPolicy, SifError, registry
from sifrules.loading.guideline import Guideline
from sifrules.loading.toml import read_toml

FILE = Path("examples/what-ifs/three-tracks.toml")


def tracks(*settings: str) -> FundPolicy:
    """The example with three tracks, with values changed."""
    return registry().policy(FILE, settings)


def refused(change: Any) -> str:
    """What is said of the example with a change to its plain data."""
    tree = copy.deepcopy(read_toml(FILE))
    change(tree)
    with pytest.raises(FaultyFile) as error:
        registry().built(Guideline(tree, "mine.toml"))
    return str(error.value)


def test_a_track_has_its_own_clauses_and_those_of_the_fund_that_it_does_not_replace() -> None:
    """A track's part replaces the fund's of its name, and what it leaves out does not hold."""
    policy = tracks()
    paths = {
        each.name: {part.path for part in policy.on_track(each.name).parts}
        for each in policy.tracks
    }
    assert "criteria.areas" not in paths["small"]
    assert {"criteria.areas", "track.health.criteria.health"} <= paths["health"]
    assert "track.large.criteria.areas" in paths["large"]
    assert "criteria.areas" not in paths["large"]
    assert "track.large.procedure" in paths["large"]
    assert "procedure" not in paths["large"]
    assert "funding" in paths["small"] & paths["health"] & paths["large"]


def test_on_a_track_a_policy_keeps_its_id_and_has_no_tracks() -> None:
    """What decides, settles and simulates sees one policy of the fund's id."""
    policy = tracks()
    assert [each.id for each in policy.on_tracks] == [policy.id] * 3
    assert all(each.tracks == () and each.on_tracks == (each,) for each in policy.on_tracks)


def test_every_clause_of_a_track_is_listed_with_its_citation() -> None:
    """The clauses of tracks stand next to the fund's, each cited, by the path of the file."""
    cited = {clause.path: clause.citation for clause in tracks().clauses}
    found = cited["track.health.pot.share"]
    assert found is not None
    assert found.place == "§ 6"
    assert cited["track.small.caps.size.limit"] == cited["track.small"]


def test_a_what_if_reaches_into_a_track_by_its_path() -> None:
    """A changed value is the what-if's; all else in the track keeps its citation."""
    policy = tracks("track.small.caps.size.limit=2000000", "track.large.return_model=none")
    cited = {clause.path: clause for clause in policy.clauses}
    changed = cited["track.small.caps.size.limit"]
    assert changed.value.en == "2,000,000\N{NO-BREAK SPACE}SEK"
    assert changed.citation is not None
    assert changed.citation.what_if
    kept = cited["track.small.caps.time.limit"].citation
    assert kept is not None
    assert not kept.what_if
    assert policy.on_track("large").return_model is None


def test_a_what_if_exchanges_a_part_of_a_track_and_adds_one() -> None:
    """A part whose kind changes is replaced whole, and a new one is cited to the what-if."""
    policy = tracks(
        "track.small.return_model.kind=outcome_share",
        "track.small.return_model.split=0.1",
        "track.health.caps.time.kind=duration",
        "track.health.caps.time.limit=24",
    )
    model: Any = policy.on_track("small").return_model
    assert (model.kind, model.cite().what_if) == ("outcome_share", True)
    assert policy.on_track("health").caps[-1].cite().what_if


def test_a_track_is_taken_out_by_none() -> None:
    """``track.small=none`` leaves a fund of two tracks."""
    assert [track.name for track in tracks("track.small=none").tracks] == ["health", "large"]


def test_shares_above_the_whole_are_refused() -> None:
    """Sub-pots that come to more than the fund are one fault, with their sum."""
    said = refused(lambda tree: tree["track"]["large"].update(pot={"share": Decimal("0.8")}))
    assert said == (
        "mine.toml: track: the tracks' sub-pots are 110 % of the fund together, more than all of it"
    )


def test_a_sub_pot_is_stated_in_one_way() -> None:
    """A sub-pot of both an amount and a share, or of neither, is refused at its key."""
    both = refused(lambda tree: tree["track"]["small"]["pot"].update(amount=1))
    assert both == (
        "mine.toml: track.small.pot: a sub-pot is stated by one of `amount`, `amount_a_year` "
        "and `share`"
    )


def test_two_tracks_of_one_title_are_refused() -> None:
    """A title that another track has is refused with that track's place."""
    said = refused(lambda tree: tree["track"]["small"].update(title="Hälsoprojekt"))
    assert said == (
        "mine.toml: track.health.title: 'Hälsoprojekt' is already what track.small is called; "
        "choose another name"
    )


def test_a_name_used_twice_is_refused(tmp_path: Path) -> None:
    """A file with two tracks of one name is refused with the line of the second."""
    file = tmp_path / "twice.toml"
    file.write_text(f'{FILE.read_text("utf-8")}\n[track.small]\ntitle = "Again"\n', "utf-8")
    with pytest.raises(FaultyFile, match="small"):
        registry().policy(file)


def test_what_a_track_leaves_out_must_be_there() -> None:
    """A clause to leave out that the fund does not have is refused, with the nearest."""
    said = refused(lambda tree: tree["track"]["small"].update(without=["criteria.area"]))
    assert "track.small.without: the fund has no clause 'criteria.area'" in said
    assert "criteria.areas" in said


def test_a_track_that_is_not_there_is_named_with_the_nearest() -> None:
    """Asking for a track that the fund does not have names the nearest."""
    with pytest.raises(SifError, match=r"has no track 'smal'.*small"):
        tracks().on_track("smal")


def test_an_unknown_key_of_a_track_is_refused_at_its_place() -> None:
    """A misspelt slot, and a misspelt field of a part in a track, are faults at their keys."""

    def change(tree: Any) -> None:
        tree["track"]["small"]["cap"] = {}
        tree["track"]["health"]["caps"]["size"]["limt"] = 1

    said = refused(change)
    assert "track.small: unknown key 'cap'" in said
    assert "track.health.caps.size: unknown key 'limt'" in said


def test_a_track_without_a_citation_is_refused() -> None:
    """What a track states needs its source like all else."""
    said = refused(lambda tree: tree["track"]["small"].pop("cite"))
    assert "track.small.title: " in said
    assert "track.small.caps.size.limit: " in said
