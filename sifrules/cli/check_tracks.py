"""Tracks in ``sif check``: where an application goes, and what speaks against the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sifrules.policy.fund_policy import FundPolicy
from sifrules.presentation.answer import Cite
from sifrules.presentation.table import Column, Table
from sifrules.rules.decisions import Decision, Outcome, Verdict
from sifrules.rules.vocabulary import FACTS
from sifrules.rules.wording import finding_words, listed_facts
from sifrules.values.messages import Message
from sifrules.values.text import Language

_TITLE = Message("sif_check.tracks")
_HEAD = Message("sif_check.heads_track")
_GOES_HERE = Message("sif_check.goes_here")
_FITS_TOO = Message("sif_check.fits_too")
_MISSING = Message("sif_check.missing")


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
    columns = [
        Column(heads["application"].text(lang), width=24),
        Column(heads["policy"].text(lang), width=20),
        Column(_HEAD.text(lang), width=24),
        Column(heads["outcome"].text(lang)),
        Column(heads["why"].text(lang), width=44),
        Column(heads["citation"].text(lang), width=20),
    ]
    return Table(
        columns,
        [row for each in rows for row in _of_application(*each, lang, cite)],
        title=_TITLE.text(lang),
    )


def _of_application(
    name: str, policy: FundPolicy, decision: Decision, lang: Language, cite: Cite
) -> Iterator[list[str]]:
    head = [name, policy.id]
    for each in decision.tracks:
        where = [*head, track_words(policy, str(each.track), lang), each.outcome.words.text(lang)]
        for why, place in _why(decision, each, lang, cite):
            yield [*where, why, place]
            where = [""] * len(where)
        head = ["", ""]


def _why(whole: Decision, each: Decision, lang: Language, cite: Cite) -> Iterator[tuple[str, str]]:
    """Where an application goes; or what speaks against a track, or is missing to tell."""
    if each.outcome is Outcome.ELIGIBLE:
        yield (_GOES_HERE if each.track == whole.track else _FITS_TOO).text(lang), ""
    elif each.outcome is Outcome.NOT_ELIGIBLE:
        for finding in each.refusals:
            yield finding_words(finding).text(lang), cite(finding.rule.citation)
    else:
        open_rules = (f.rule for f in each.findings if f.verdict is Verdict.CANNOT_TELL)
        places = dict.fromkeys(cite(rule.citation) for rule in open_rules)
        known = {**FACTS, **{fact.name: fact for f in each.findings for fact in f.rule.facts}}
        missing = _MISSING.format(facts=listed_facts(each.missing, known))
        yield missing.text(lang), "; ".join(places)


def tracks_described(decision: Decision) -> dict[str, Any]:
    """The track and the outcome on each, for JSON; nothing for a fund without tracks."""
    if not decision.tracks:
        return {}
    return {
        "track": decision.track,
        "tracks": [
            {
                "name": each.track,
                "outcome": each.outcome,
                "missing": list(each.missing),
                "refused_by": [finding.rule.id for finding in each.refusals],
            }
            for each in decision.tracks
        ],
    }
