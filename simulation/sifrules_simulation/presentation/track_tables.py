"""The tracks (spår) of the compared funds, a row for each: applications, grants and money."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language
from sifrules_simulation.analysis.comparison import Comparison
from sifrules_simulation.model.measures import MEASURES
from sifrules_simulation.model.track_measures import OF_TRACK, on_track
from sifrules_simulation.presentation.comparison_tables import heading
from sifrules_simulation.presentation.formatting import interval
from sifrules_simulation.statistics.estimates import Estimate

_TITLE = Message("track_tables.title")
_TRACK = Message("track_tables.track")
_POLICY = Message("comparison_tables.policy")

#: A track by its policy, its name and its title.
Row = tuple[str, str, Text]
_MEASURES = {measure.name: measure for measure in MEASURES}


def table_of_tracks(
    tracks: Iterable[Row], estimate: Callable[[str, str], Estimate], lang: Language
) -> Table:
    """What is measured of each track; ``estimate`` is asked by policy and name of measure.

    Without rows where no policy has tracks.
    """
    rows = [
        [
            policy,
            title.text(lang),
            *(
                interval(estimate(policy, on_track(each, name)), _MEASURES[each].unit, lang)
                for each in OF_TRACK
            ),
        ]
        for policy, name, title in tracks
    ]
    columns = [Column(_POLICY.text(lang), width=24), Column(_TRACK.text(lang), width=24)]
    columns += [Column(heading(_MEASURES[each], lang), number=True) for each in OF_TRACK]
    return Table(columns, rows, _TITLE.text(lang))


def tracks_of(comparison: Comparison, lang: Language) -> Table:
    """The tracks of all policies of a comparison."""
    design = comparison.experiment
    tracks = [
        (label, track.name, track.title)
        for label, policy in zip(design.labels, design.policies, strict=True)
        for track in policy.tracks
    ]
    return table_of_tracks(tracks, comparison.mean, lang)
