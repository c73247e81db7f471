"""The tracks of a fund: demands that nobody can meet there, and sub-pots against the money."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.tracks import divided
from sifrules.policy.wording import money_words
from sifrules.validation.claims import of_claims
from sifrules.validation.funding import whole_fund
from sifrules.validation.issues import Issue, IssueTemplate, Severity
from sifrules.validation.rules import of_own_rules
from sifrules.values.messages import Message

#: Years that are examined for the largest sum that is set aside in one.
_YEARS = 30

_POTS_ABOVE_FUND = IssueTemplate(
    kind="pots_above_fund",
    level=Severity.WRONG,
    what=Message("validate_tracks.pots_above_fund_what"),
    why=Message("validate_tracks.pots_above_fund_why"),
    do=Message("validate_tracks.pots_above_fund_do"),
)
_NOBODY_GETS = IssueTemplate(
    kind="money_on_no_track",
    level=Severity.DOUBTFUL,
    what=Message("validate_tracks.nobody_gets_what"),
    why=Message("validate_tracks.nobody_gets_why"),
    do=Message("validate_tracks.nobody_gets_do"),
)


def of_tracks(policy: FundPolicy) -> Iterator[Issue]:
    """Issues of the tracks of a fund, each by itself and all beside each other."""
    for seen in policy.by_track.values():
        yield from of_own_rules(seen)
        if seen.track is not None and (seen.track.return_model or seen.track.write_down):
            yield from of_claims(seen)
    yield from _of_pots(policy)


def _of_pots(policy: FundPolicy) -> Iterator[Issue]:
    """The amounts of the sub-pots against what is set aside, once and in a year."""
    pots = [track.pot for track in policy.tracks if track.pot is not None]
    once = sum(pot.amount or 0 for pot in pots)
    a_year = sum(pot.amount_a_year or 0 for pot in pots)
    whole, sums = whole_fund(policy.funding), _set_aside(policy.funding)
    for wanted, money in ((once, whole), (a_year, max(sums, default=None))):
        if money is not None and wanted > money:
            said = {"wanted": money_words(wanted), "money": money_words(money)}
            yield _POTS_ABOVE_FUND.at(policy.origin, "track", **said)
    if sums and pots and len(pots) == len(policy.tracks):
        first = next(filter(None, sums), 0)
        left = first - sum(divided(policy.tracks, first, {}).values())
        if left > 0:
            said = {"left": money_words(left), "money": money_words(first)}
            yield _NOBODY_GETS.at(policy.origin, "track", **said)


def _set_aside(funding: Any) -> list[int]:
    """What is set aside each year, as far as the guideline states it."""
    put_in = getattr(funding, "put_in", None)
    if not callable(put_in) or not getattr(funding, "opening", None):
        return []
    return [put_in(year, 0, False) for year in range(_YEARS)]
