"""Rows of several decisions on one application in ``sif check``: on its tracks, or in its steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from sifrules.policy.fund_policy import FundPolicy
from sifrules.presentation.answer import Cite
from sifrules.presentation.table import Column, Table
from sifrules.rules.decisions import Decision, Outcome, Verdict
from sifrules.rules.wording import finding_words
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language

_MISSING = Message("sif_check.missing")


@frozen(kw_only=True)
class Decided:
    """One of the decisions: what it is on, what it came to if it was reached, and in words.

    ``well`` is what is said where it speaks for the application, or was not reached; ``facts`` are
    those that are missing.
    """

    on: str
    decision: Decision | None
    well: Text
    facts: Text | str = ""


def decisions_table(
    rows: Iterable[tuple[str, FundPolicy, Decision]],
    decided: Callable[[FundPolicy, Decision], Iterable[Decided]],
    title: Message,
    on: Column,
    citation_width: int,
    heads: Mapping[str, Message],
    lang: Language,
    cite: Cite,
) -> Table:
    """Each application's decisions, with what speaks against it or is missing."""
    columns = [
        Column(heads["application"].text(lang), width=24),
        Column(heads["policy"].text(lang), width=20),
        on,
        Column(heads["outcome"].text(lang)),
        Column(heads["why"].text(lang), width=44),
        Column(heads["citation"].text(lang), width=citation_width),
    ]
    found = [
        row
        for name, policy, decision in rows
        for row in _of_application([name, policy.id], decided(policy, decision), lang, cite)
    ]
    return Table(columns, found, title=title.text(lang))


def _of_application(
    head: list[str], decided: Iterable[Decided], lang: Language, cite: Cite
) -> Iterator[list[str]]:
    """What an application is called stands once, and so does what a decision is on."""
    for each in decided:
        outcome = "–" if each.decision is None else each.decision.outcome.words.text(lang)
        where = [*head, each.on, outcome]
        for why, place in _why(each, lang, cite):
            yield [*where, why, place]
            where = [""] * len(where)
        head = [""] * len(head)


def _why(each: Decided, lang: Language, cite: Cite) -> Iterator[tuple[str, str]]:
    decision = each.decision
    if decision is None or decision.outcome is Outcome.ELIGIBLE:
        yield each.well.text(lang), ""
    elif decision.outcome is Outcome.NOT_ELIGIBLE:
        for finding in decision.refusals:
            yield finding_words(finding).text(lang), cite(finding.rule.citation)
    else:
        open_rules = (f.rule for f in decision.findings if f.verdict is Verdict.CANNOT_TELL)
        places = dict.fromkeys(cite(rule.citation) for rule in open_rules)
        yield _MISSING.format(facts=each.facts).text(lang), "; ".join(places)


def described(decision: Decision | None) -> dict[str, Any]:
    """One of the decisions for JSON; empty where it was not reached."""
    refusals: Sequence[Any] = () if decision is None else decision.refusals
    return {
        "outcome": None if decision is None else decision.outcome,
        "missing": [] if decision is None else list(decision.missing),
        "refused_by": [finding.rule.id for finding in refusals],
    }
