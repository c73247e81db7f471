"""Citations: what is not cited, not described, not filled in, or only inferred."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sifrules.loading.history import History
from sifrules.loading.toml import Tree
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Slot
from sifrules.validation.issues import Issue, IssueTemplate, Severity
from sifrules.validation.locations import texts
from sifrules.values.citations import FILL_IN, Citation
from sifrules.values.messages import Message

_FILL_IN = IssueTemplate(
    kind="fill_in",
    level=Severity.WRONG,
    what=Message("validate_citations.fill_in_what"),
    why=Message("validate_citations.fill_in_why"),
    do=Message("validate_citations.fill_in_do"),
)
_NOT_CITED = IssueTemplate(
    kind="no_citation",
    level=Severity.WRONG,
    what=Message("validate_citations.not_cited_what"),
    why=Message("validate_citations.not_cited_why"),
    do=Message("validate_citations.not_cited_do"),
)
_NO_PLACE = IssueTemplate(
    kind="no_place",
    level=Severity.DOUBTFUL,
    what=Message("validate_citations.no_place_what"),
    why=Message("validate_citations.no_place_why"),
    do=Message("validate_citations.no_place_do"),
)
_DOUBTFUL_PLACE = IssueTemplate(
    kind="doubtful_place",
    level=Severity.DOUBTFUL,
    what=Message("validate_citations.doubtful_place_what"),
    why=Message("validate_citations.doubtful_place_why"),
    do=Message("validate_citations.doubtful_place_do"),
)
_NEVER_CITED = IssueTemplate(
    kind="never_cited",
    level=Severity.DOUBTFUL,
    what=Message("validate_citations.never_cited_what"),
    why=Message("validate_citations.never_cited_why"),
    do=Message("validate_citations.never_cited_do"),
)


#: Parts whose presence states nothing: what they state is in their values, each cited.
_ONE_KIND = (Slot.TERMS, Slot.PROCEDURE, Slot.TRACK)


def of_texts(tree: Tree, origin: str, others: Iterable[Tree] = ()) -> Iterator[Issue]:
    """Issues of the texts and citations of a guideline's file, as it is written.

    ``others`` are guidelines that build on this one, and may cite its documents.
    """
    written = list(texts(tree))
    for key, text in written:
        if FILL_IN in text:
            yield _FILL_IN.at(origin, key, text=text)
        elif key.rpartition(".")[2] == "cite":
            yield from _of_place(tree, origin, key, text)
    everywhere = [*written, *(each for other in others for each in texts(other))]
    yield from _never_cited(tree, origin, everywhere)


def _of_place(tree: Tree, origin: str, key: str, cite: str) -> Iterator[Issue]:
    document, _, place = (piece.strip() for piece in cite.partition(":"))
    at = key.rpartition(".")[0]
    if document and not place:
        yield _NO_PLACE.at(origin, at, document=document)
    elif _is_doubted(place) and not _has_reading(tree, at):
        yield _DOUBTFUL_PLACE.at(origin, at, place=place)


def _is_doubted(place: str) -> bool:
    """Whether a place is marked as doubtful; a heading in quotation marks may be a question.

    >>> [_is_doubted(place) for place in ('p. 3?', '"Vem kan ansöka?"', '"Vem kan ansöka?", 2?')]
    [True, False, True]
    """
    return "?" in re.sub(r'"[^"]*"|”[^”]*”', "", place)


def _has_reading(tree: Any, path: str) -> bool:
    """Whether the table at a path says how it is read."""
    for name in re.findall(r'"[^"]*"|\[\d+\]|[^.\[]+', path):
        if name.startswith("["):
            tree = tree[int(name[1:-1])]
            continue
        tree = tree.get(name.strip('"')) if isinstance(tree, Mapping) else None
    return isinstance(tree, Mapping) and bool(tree.get("reading"))


def _never_cited(tree: Tree, origin: str, written: list[tuple[str, str]]) -> Iterator[Issue]:
    """Documents that no citation names, and that no other text names either."""
    documents = tree.get("documents")
    if not isinstance(documents, Mapping):
        return
    cites = {
        text.partition(":")[0].strip() for key, text in written if key.rpartition(".")[2] == "cite"
    }
    prose = [text for key, text in written if not key.startswith("documents.")]
    for name, document in documents.items():
        known = document if isinstance(document, Mapping) else {}
        called = [known.get("title"), known.get("reference")]
        named = any(isinstance(t, str) and t and t in text for t in called for text in prose)
        if name not in cites and not named:
            yield _NEVER_CITED.at(origin, f"documents.{name}", document=name)


def of_clauses(policy: FundPolicy) -> Iterator[Issue]:
    """Parts of a guideline that stand without any citation, and so cannot be used."""
    seen = (policy, *policy.by_track.values())
    for part in {part.path: part for each in seen for part in each.parts}.values():
        cited = part.sources or any(inside.sources for inside in part.inner_parts)
        if not cited and part.slot not in _ONE_KIND:
            yield _NOT_CITED.at(policy.origin, part.path)


def of_history(history: History) -> Iterator[Issue]:
    """Issues of the citations of a record."""
    for key, citation in _citations(history):
        unfilled = [
            each for each in (citation.document, citation.place) if each and FILL_IN in each
        ]
        if unfilled:
            yield _FILL_IN.at(history.origin, key, text=unfilled[0])
        elif not citation.place:
            yield _NO_PLACE.at(history.origin, key, document=citation.document)
        elif _is_doubted(citation.place) and citation.reading is None:
            yield _DOUBTFUL_PLACE.at(history.origin, key, place=citation.place)


def _citations(history: History) -> Iterator[tuple[str, Citation]]:
    for name in ("entries", "grants", "totals", "counts"):
        for number, row in enumerate(getattr(history, name)):
            yield f"{name}[{number}]", row.cite
    for what, citation in history.complete.items():
        yield f"complete.{what}", citation
