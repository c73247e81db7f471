"""Coverage: what of each guideline is modelled, read, left out, and when it was checked."""

from __future__ import annotations

from collections.abc import Iterator

from reference_pages.markdown import finished, head, table
from sifrules import FundPolicy, registry
from sifrules.plugin.hookspecs import PROJECT
from sifrules.policy.fund_policy import STATUS_WORDS

INTRODUCTION = """
*Stated* are the clauses that a guideline states and the model uses, each cited.
*Readings* are those whose wording is doubtful, with how it is read. *Left out* is what
the source says and the file does not use. *Compared* is the day on which the
file was last compared with its source.
"""

HEADS = ("policy", "kind", "stated", "readings", "rules", "left out", "compared")


def page() -> str:
    """The page of every bundled guideline."""
    known = registry(off=())
    ours = [plugin.name for plugin in known.plugins if plugin.distribution == PROJECT]
    ids = sorted(id for name in ours for id in known.offered_by(name))
    policies = [known.policy(id) for id in ids]
    return finished(
        [
            *head("What of the guidelines is modelled", INTRODUCTION),
            *table(HEADS, map(_counts, policies), "llrrrrl"),
            "",
            *(line for policy in policies for line in _of(policy)),
        ]
    )


def _counts(policy: FundPolicy) -> list[str]:
    return [
        f"[{policy.id}](#{_anchor(policy)})",
        STATUS_WORDS[policy.status].en,
        str(len(_stated(policy))),
        str(len(_readings(policy))),
        str(len(policy.rulebook.rules)),
        str(len(policy.not_modelled)),
        str(policy.checked or "–"),
    ]


def _of(policy: FundPolicy) -> Iterator[str]:
    yield from (f"## {policy.id}", "", f"{policy.municipality}: {policy.title.en}.", "")
    places: dict[str, list[str]] = {}
    for path, document in _stated(policy):
        places.setdefault(document, []).append(f"`{path}`")
    for document, paths in places.items():
        yield f"- {document}: {', '.join(dict.fromkeys(paths))}"
    readings = _readings(policy)
    if readings:
        yield from ("", "Read, as the wording is doubtful:", "")
        yield from (f"- `{path}`: {reading}" for path, reading in readings.items())
    if policy.not_modelled:
        yield from ("", "Left out:", "")
        yield from (f"- {words.en}" for words in policy.not_modelled)
    yield ""


def _stated(policy: FundPolicy) -> list[tuple[str, str]]:
    """The paths of what is stated, each with its document."""
    return [
        (clause.path, clause.citation.document)
        for clause in policy.clauses
        if clause.citation is not None
    ]


def _readings(policy: FundPolicy) -> dict[str, str]:
    return {
        clause.path: clause.citation.reading.en
        for clause in policy.clauses
        if clause.citation is not None and clause.citation.reading is not None
    }


def _anchor(policy: FundPolicy) -> str:
    return "".join(letter for letter in policy.id.lower() if letter.isalnum() or letter in "-_")
