"""Two decisions in ``sif check``: the idea first, the amount later, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sifrules.cli.check_rows import Decided, decisions_table, described
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.two_decisions import DecisionStep, decides_idea_first, in_two_steps
from sifrules.presentation.answer import Cite
from sifrules.presentation.table import Column, Table
from sifrules.rules.decisions import Decision, Outcome
from sifrules.values.messages import Message
from sifrules.values.text import Language

_TITLE = Message("sif_check.steps")
_HEAD = Message("sif_check.heads_step")
_NOT_REACHED = Message("sif_check.not_reached")
_ALL_MET = Message("sif_check.all_met")


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

    def decided(policy: FundPolicy, decision: Decision) -> Iterator[Decided]:
        for step, each in _steps(policy, decision):
            yield Decided(
                on=step.words.text(lang),
                decision=each,
                well=_NOT_REACHED if each is None else _ALL_MET,
                facts="" if each is None else ", ".join(each.missing),
            )

    return decisions_table(rows, decided, _TITLE, Column(_HEAD.text(lang)), 24, heads, lang, cite)


def steps_described(policy: FundPolicy, decision: Decision) -> dict[str, Any]:
    """The two decisions for JSON; nothing where the guideline makes but one."""
    steps = _steps(policy, decision)
    if not steps:
        return {}
    return {"decisions": [{"of": step, **described(each)} for step, each in steps]}
