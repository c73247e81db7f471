"""Tracks in ``sif check``: where an application goes, and what speaks against the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sifrules.cli.check_rows import Decided, decisions_table, described
from sifrules.policy.fund_policy import FundPolicy
from sifrules.presentation.answer import Cite
from sifrules.presentation.table import Column, Table
from sifrules.rules.decisions import Decision
from sifrules.rules.vocabulary import FACTS
from sifrules.rules.wording import listed_facts
from sifrules.values.messages import Message
from sifrules.values.text import Language

_TITLE = Message("sif_check.tracks")
_HEAD = Message("sif_check.heads_track")
_GOES_HERE = Message("sif_check.goes_here")
_FITS_TOO = Message("sif_check.fits_too")


def track_words(policy: FundPolicy, name: str, lang: Language) -> str:
    """A track by the guideline's title and by its name in the file.

    >>> from sifrules import registry
    >>> fund = registry().policy("examples/what-ifs/three-tracks.toml")
    >>> track_words(fund, "small", "en")
    'Small grants (small)'
    """
    title = next(track.title for track in policy.tracks if track.name == name)
    return f"{title.text(lang)} ({name})"


def tracks_table(
    rows: Iterable[tuple[str, FundPolicy, Decision]],
    heads: Mapping[str, Message],
    lang: Language,
    cite: Cite,
) -> Table:
    """Each application on each track that it may go to, with what speaks against."""

    def decided(policy: FundPolicy, decision: Decision) -> Iterator[Decided]:
        for each in decision.tracks:
            facts = {fact.name: fact for f in each.findings for fact in f.rule.facts}
            yield Decided(
                on=track_words(policy, str(each.track), lang),
                decision=each,
                well=_GOES_HERE if each.track == decision.track else _FITS_TOO,
                facts=listed_facts(each.missing, {**FACTS, **facts}) if each.missing else "",
            )

    on = Column(_HEAD.text(lang), width=24)
    return decisions_table(rows, decided, _TITLE, on, 20, heads, lang, cite)


def tracks_described(decision: Decision) -> dict[str, Any]:
    """The track and the outcome on each, for JSON; nothing for a fund without tracks."""
    if not decision.tracks:
        return {}
    return {
        "track": decision.track,
        "tracks": [{"name": each.track, **described(each)} for each in decision.tracks],
    }
