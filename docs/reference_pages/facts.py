"""Facts: what an application may state and rules read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from reference_pages.markdown import finished, head, table
from sifrules import FACTS, Fact, Kind
from sifrules.policy.tracks import TRACK_FACTS, named_track
from sifrules.rules.kinds import BOUNDS
from sifrules.rules.wording import option_words

INTRODUCTION = """
What an application file, `--fact` and the Python calls may state, and what rules read.
A guideline can add facts of its own: see [guidelines](../guides/guidelines.md).
A fact that is left out is missing; a rule that needs it *cannot tell*.
"""

OF_TRACKS = """
Known under a fund with tracks alone. The options of `application.track` are the names of its
tracks; the others are what the fund's facts of the same names are, of the one track.
""".strip()

KINDS = {
    Kind.FLAG: "true or false",
    Kind.COUNT: "a whole number",
    Kind.MONEY: "kronor, a whole number or with two decimals; may be negative unless bounded below",
    Kind.MONTHS: "a whole number of months",
    Kind.YEAR: "a year",
    Kind.SHARE: "a share from 0 to 1 with at most four decimals",
    Kind.CHOICE: "one of the words listed with the fact",
}


def page() -> str:
    """The page of every fact."""
    pieces = (_kinds(), _subjects(), _tracks(), _options())
    return finished([*head("Facts", INTRODUCTION), *chain.from_iterable(pieces)])


def _kinds() -> Iterator[str]:
    wide = (Kind.MONEY, Kind.SHARE)  # said in words
    bounds = {kind: BOUNDS.get(kind, ("", "")) if kind not in wide else ("", "") for kind in Kind}
    rows = [[str(kind), KINDS[kind], *map(str, bounds[kind])] for kind in Kind]
    yield from table(["kind", "what is written", "from", "to"], rows)


def _subjects() -> Iterator[str]:
    for subject in dict.fromkeys(name.partition(".")[0] for name in FACTS):
        rows = [
            [f"`{fact.name}`", str(fact.kind), _least(fact), fact.words.sv, fact.words.en]
            for fact in FACTS.values()
            if fact.name.startswith(f"{subject}.")
        ]
        yield from ("", f"## `[{subject}]`", "")
        yield from table(["fact", "kind", "at least", "svenska", "English"], rows)


def _tracks() -> Iterator[str]:
    rows = [
        [f"`{fact.name}`", str(fact.kind), _least(fact), fact.words.sv, fact.words.en]
        for fact in (named_track(()), *TRACK_FACTS)
    ]
    yield from ("", "## `[track]`", "", OF_TRACKS, "")
    yield from table(["fact", "kind", "at least", "svenska", "English"], rows)


def _least(fact: Fact) -> str:
    return "" if fact.least is None else str(fact.least)


def _options() -> Iterator[str]:
    for fact in FACTS.values():
        if fact.options:
            words = {option: option_words(option) for option in fact.options}
            yield from ("", f"`{fact.name}` is one of:", "")
            yield from table(
                ["word", "svenska", "English"],
                [[f"`{option}`", each.sv, each.en] for option, each in words.items()],
            )
