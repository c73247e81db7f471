"""Write docs/coverage.md: what of each guideline is modelled, read, left out, and when checked.

    python docs/make_coverage.py            writes it
    python docs/make_coverage.py --check    exits 1 where it is stale

Everything on the page is counted from the guidelines that the plugins offer.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from written import write_or_check

from sifrules import FundPolicy, Registry, registry
from sifrules.plugin.hookspecs import PROJECT
from sifrules.policy.fund_policy import STATUS_WORDS

PAGE = Path(__file__).parent / "reference" / "coverage.md"
NOTE = (
    "<!-- Written by docs/make_coverage.py out of the guidelines: change those, not this page. -->"
)


def page(known: Registry) -> str:
    """The whole page."""
    ours = [plugin.name for plugin in known.plugins if plugin.distribution == PROJECT]
    ids = sorted(id for name in ours for id in known.offered_by(name))
    policies = [known.policy(id) for id in ids]
    return "\n".join([*_overview(policies), *(line for each in policies for line in _of(each))])


def _overview(policies: list[FundPolicy]) -> Iterator[str]:
    yield from ("# What of the guidelines is modelled", "", NOTE, "")
    yield "*Stated* are the clauses that a guideline states and the model uses, each cited."
    yield "*Readings* are those whose wording is doubtful, with how it is read. *Left out* is what"
    yield "the source says and the file does not reckon with. *Compared* is the day on which the"
    yield "file was last compared with its source."
    yield from ("", "| policy | kind | stated | readings | rules | left out | compared |")
    yield "|---|---|---:|---:|---:|---:|---|"
    for policy in policies:
        stated, readings = _stated(policy), _readings(policy)
        cells = (
            f"[{policy.id}](#{_anchor(policy)})",
            STATUS_WORDS[policy.status].en,
            str(len(stated)),
            str(len(readings)),
            str(len(policy.rulebook.rules)),
            str(len(policy.not_modelled)),
            str(policy.checked or "–"),
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


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


if __name__ == "__main__":
    write_or_check({PAGE: page(registry(off=()))}, "make_coverage.py")
