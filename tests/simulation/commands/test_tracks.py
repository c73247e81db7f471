"""Tracks (spår) in ``sif compare``, its saved results and its report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sifrules_simulation.model.track_measures import OF_TRACK, on_track
from sifrules_simulation.presentation.report.page import page
from sifrules_simulation.results.reader import read_results

Sif = Callable[..., Any]
FILE = "examples/what-ifs/three-tracks.toml"
SHORT = ("--replications", "6", "--years", "8", "--jobs", "1", "--check")
NAMES = ("small", "health", "large")


@pytest.fixture(scope="module")
def saved(save: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small comparison of the example with a fund without tracks, as it is saved."""
    place = tmp_path_factory.mktemp("tracks") / "results"
    save("compare", "orebro@2016", FILE, *SHORT, "--out", str(place))
    return place


def test_what_is_measured_of_tracks_sums_to_the_fund(saved: Path) -> None:
    """Run by run the tracks' applications, grants and money are the fund's; others have none."""
    runs = pl.read_parquet(saved / "runs.parquet")
    fund = runs.filter(pl.col("policy") == "nyby@tracks")
    for measure in OF_TRACK:
        columns = [on_track(measure, name) for name in NAMES]
        difference = (fund.select(columns).sum_horizontal() - fund[measure]).abs().max()
        assert difference is not None
        assert difference < 0.01
    assert all(fund[on_track("grants", name)].sum() > 0 for name in NAMES)
    other = runs.filter(pl.col("policy") == "orebro@2016")
    assert (
        other.select(on_track("grants", name) for name in NAMES).null_count().sum_horizontal()[0]
        == len(NAMES) * other.height
    )


@pytest.mark.once
@pytest.mark.parametrize(
    ("lang", "heading", "title"), [("en", "Tracks", "Small grants"), ("sv", "Spår", "Små bidrag")]
)
def test_the_report_has_a_section_of_tracks(
    saved: Path,
    lang: Any,
    heading: str,
    title: str,
    read_page: Callable[[Path], Any],
    tmp_path: Path,
) -> None:
    """A row for each track, and the clauses of tracks with the policies."""
    file = tmp_path / "report.html"
    file.write_text(page(read_results(saved), lang), "utf-8")
    read = read_page(file)
    assert heading in [text for _, text in read.heads]
    (table,) = (
        rows for rows in read.tables.values() if [row[1] for row in rows[1:]][:1] == [title]
    )
    assert [row[0] for row in table[1:]] == ["Nyby tracks"] * 3
    assert "clauses-1-track.health.pot.share" in read.ids


def test_the_command_shows_a_table_of_tracks_only_where_there_are_any(sif: Sif) -> None:
    """A fund without tracks is shown as before."""
    few = ("--replications", "2", "--years", "3", "--jobs", "1")
    assert "The tracks, on average" in sif("compare", FILE, *few).out
    assert "track" not in sif("compare", "orebro@2016", *few).out


def test_a_track_that_never_grants_is_reported_with_the_run(sif: Sif) -> None:
    """A sub-pot too small for any project is a note, by the title of the track."""
    few = ("--replications", "2", "--years", "4", "--jobs", "1")
    change = ("--set", "track.small.pot.amount_a_year=1000")
    said = sif("compare", FILE, *few, *change).out
    assert "nothing is granted on the track Small grants in any replication" in said


def test_a_rest_that_is_not_stated_is_reported(sif: Sif) -> None:
    """That it stays with the track is an assumption, and told as one."""
    few = ("--replications", "2", "--years", "3", "--jobs", "1")
    said = sif("compare", FILE, *few, "--set", "track.small.pot.rest=none", "--lang", "sv").out
    assert "vad som händer med det som är kvar på spåret Små bidrag vid årets slut" in said
