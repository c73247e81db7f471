"""Measures (mått) of each track of a fund: applications, grants, granted and returned there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from attrs import frozen

from sifrules.plugin.simulation import IdeaHistory, Measure, Portfolio
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.ledger import FRAMES
from sifrules.values.text import LocalizedText


def _applications(_: Portfolio, lives: list[IdeaHistory]) -> float:
    return float(sum(life.applied is not None for life in lives))


def _grants(_: Portfolio, lives: list[IdeaHistory]) -> float:
    return float(sum(life.granted for life in lives))


def _granted(_: Portfolio, lives: list[IdeaHistory]) -> float:
    return sum(life.applied_for for life in lives if life.granted) / 100


def _returned(portfolio: Portfolio, lives: list[IdeaHistory]) -> float:
    names = {f"idea {life.idea.number}" for life in lives}
    paid = (
        each.amount
        for each in portfolio.ledger.postings
        if each.credit[0] == FRAMES and each.reason == "return" and each.investment in names
    )
    return sum(paid) / 100


_OF: Mapping[str, Callable[[Portfolio, list[IdeaHistory]], float]] = {
    "applications": _applications,
    "grants": _grants,
    "granted": _granted,
    "returned": _returned,
}
#: What is measured of a track: its words, its unit and its formula.
_TOLD = {
    "applications": (
        LocalizedText(sv="ansökningar: {track}", en="applications: {track}"),
        "count",
        LocalizedText(sv="ansökningar på spåret", en="applications on the track"),
    ),
    "grants": (
        LocalizedText(sv="beviljade satsningar: {track}", en="grants: {track}"),
        "count",
        LocalizedText(sv="beviljade ansökningar på spåret", en="granted applications on the track"),
    ),
    "granted": (
        LocalizedText(sv="beviljat: {track}", en="granted: {track}"),
        "SEK",
        LocalizedText(
            sv="summan av beviljade medel på spåret", en="the sum of all grants on the track"
        ),
    ),
    "returned": (
        LocalizedText(sv="återfört: {track}", en="returned: {track}"),
        "SEK",
        LocalizedText(
            sv="det som nämnderna betalat tillbaka av satsningar på spåret, utan avgifter",
            en="what the committees have paid back of investments on the track, without fees",
        ),
    ),
}
#: The measures of a track, in the order in which tables show them.
OF_TRACK = tuple(_OF)


def on_track(measure: str, track: str) -> str:
    """The name of a measure of one track.

    >>> on_track("grants", "small")
    'grants_on_small'
    """
    return f"{measure}_on_{track}"


@frozen
class _OnTrack:
    """One measure of one track; None under a policy that has no such track."""

    measure: str
    track: str

    def __call__(self, portfolio: Portfolio) -> float | None:
        if self.track not in portfolio.tracks:
            return None
        lives = [life for life in portfolio.pursued if life.track == self.track]
        return _OF[self.measure](portfolio, lives)


def track_measures(policies: Iterable[FundPolicy]) -> tuple[Measure, ...]:
    """The measures of the tracks that some policies have; nothing where none has any.

    Tracks of one name in several policies are measured together, under the title of the first.
    """
    titles: dict[str, LocalizedText] = {}
    for policy in policies:
        for track in policy.tracks:
            titles.setdefault(track.name, track.title)
    return tuple(
        Measure(on_track(of, name), words.format(track=title), unit, formula, _OnTrack(of, name))
        for name, title in titles.items()
        for of, (words, unit, formula) in _TOLD.items()
    )
