"""Two decisions in ``sif check``: the idea first, the amount later, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.two_decisions import DecisionStep, decides_idea_first, in_two_steps
from sifrules.presentation.answer import Cite
from sifrules.presentation.table import Column, Table
from sifrules.rules.decisions import Decision, Outcome, Verdict
from sifrules.rules.wording import finding_words
from sifrules.values.messages import Message
from sifrules.values.text import Language

_TITLE = Message("sif_check.steps")
_HEAD = Message("sif_check.heads_step")
_NOT_REACHED = Message("sif_check.not_reached")
_ALL_MET = Message("sif_check.all_met")
_MISSING = Message("sif_check.missing")


def _steps(policy: FundPolicy, decision: Decision) -> list[tuple[DecisionStep, Decision | None]]:
    """The two decisions; None for the second where the first refuses the idea.

    Nothing where the guideline, on the track that the application goes to, makes but one.
    """
    seen = policy if decision.track is None else policy.on_track(decision.track)
    if not decides_idea_first(seen):
        return []
    idea, amount = in_two_steps(decision)
    refused = idea.outcome is Outcome.NOT_ELIGIBLE
    return [(DecisionStep.IDEA, idea), (DecisionStep.AMOUNT, None if refused else amount)]


def steps_table(
    rows: Iterable[tuple[str, FundPolicy, Decision]],
    heads: Mapping[str, Message],
    lang: Language,
    cite: Cite,
) -> Table:
    """Each application's two decisions, with what speaks against or is missing."""
    columns = [
        Column(heads["application"].text(lang), width=24),
        Column(heads["policy"].text(lang), width=20),
        Column(_HEAD.text(lang)),
        Column(heads["outcome"].text(lang)),
        Column(heads["why"].text(lang), width=44),
        Column(heads["citation"].text(lang), width=24),
    ]
    found = [row for each in rows for row in _of_application(*each, lang, cite)]
    return Table(columns, found, title=_TITLE.text(lang))


def _of_application(
    name: str, policy: FundPolicy, decision: Decision, lang: Language, cite: Cite
) -> Iterator[list[str]]:
    head = [name, policy.id]
    for step, each in _steps(policy, decision):
        where = [*head, step.words.text(lang)]
        if each is None:
            yield [*where, "–", _NOT_REACHED.text(lang), ""]
            continue
        where.append(each.outcome.words.text(lang))
        for why, place in _why(each, lang, cite):
            yield [*where, why, place]
            where = [""] * len(where)
        head = ["", ""]


def _why(each: Decision, lang: Language, cite: Cite) -> Iterator[tuple[str, str]]:
    if each.outcome is Outcome.ELIGIBLE:
        yield _ALL_MET.text(lang), ""
    elif each.outcome is Outcome.NOT_ELIGIBLE:
        for finding in each.refusals:
            yield finding_words(finding).text(lang), cite(finding.rule.citation)
    else:
        open_rules = (f.rule for f in each.findings if f.verdict is Verdict.CANNOT_TELL)
        places = dict.fromkeys(cite(rule.citation) for rule in open_rules)
        yield _MISSING.format(facts=", ".join(each.missing)).text(lang), "; ".join(places)


def steps_described(policy: FundPolicy, decision: Decision) -> dict[str, Any]:
    """The two decisions for JSON; nothing where the guideline makes but one."""
    steps = _steps(policy, decision)
    if not steps:
        return {}
    return {
        "decisions": [
            {
                "of": step,
                "outcome": None if each is None else each.outcome,
                "missing": [] if each is None else list(each.missing),
                "refused_by": [] if each is None else [f.rule.id for f in each.refusals],
            }
            for step, each in steps
        ]
    }
