"""``sif policies``, ``sif show`` and ``sif diff``: what the guidelines say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from attrs import evolve

from sifrules.cli.options import one_policy, output_options, put_out, set_option, the_registry
from sifrules.plugin.timelines import timeline
from sifrules.policy.fund_policy import STATUS_WORDS, FundPolicy
from sifrules.presentation.answer import Answer
from sifrules.presentation.policy_difference import shown_difference
from sifrules.presentation.policy_table import HEADS, shown_policy
from sifrules.presentation.table import Column, Table
from sifrules.presentation.timeline_table import shown_timeline
from sifrules.values.dates import PartialDate
from sifrules.values.messages import Message
from sifrules.values.text import Language

_NOT_STATED = Message("sif_policies.not_stated")


@click.command()
@output_options
def policies(form: str, lang: Language) -> None:
    """List the fund policies there are.

    \b
    Example:
      sif policies --lang sv
    """
    found = the_registry().policies
    rows = [_policy_row(policy, lang) for policy in found]
    plain = [_policy_row(policy, lang, str) for policy in found]
    heads = ("policy", "municipality", "title", "status", "in_force", "replaced", "return")
    columns = [Column(HEADS[h].text(lang), width=48 if h == "title" else None) for h in heads]
    table = Table(columns, rows)
    data = [
        {
            "id": policy.id,
            "municipality": policy.municipality,
            "title": policy.title.text(lang),
            "status": policy.status,
            "in_force": str(policy.terms.in_force) if policy.terms.in_force else None,
            "replaced": str(policy.terms.replaced) if policy.terms.replaced else None,
            "return_model": getattr(policy.return_model, "kind", None),
            **_tracks(policy, lang),
        }
        for policy in found
    ]
    put_out(Answer(data=data, tables=(table,), csv=Table(columns, plain)), form, lang)


def _tracks(policy: FundPolicy, lang: Language) -> dict[str, Any]:
    """The tracks and their return models, for JSON; nothing for a fund without tracks."""
    tracks = [
        {
            "name": name,
            "title": seen.track.title.text(lang),
            "return_model": getattr(seen.return_model, "kind", None),
        }
        for name, seen in policy.by_track.items()
        if seen.track
    ]
    return {"tracks": tracks} if tracks else {}


def _policy_row(
    policy: FundPolicy, lang: Language, dated: Callable[[PartialDate], str] | None = None
) -> list[str]:
    """A policy in a row; dates as an official writes them, or as ``dated`` has it."""
    dated = dated or (lambda date: date.text(lang))
    begun, ended = policy.terms.in_force, policy.terms.replaced
    return [
        policy.id,
        policy.municipality,
        policy.title.text(lang),
        STATUS_WORDS[policy.status].text(lang),
        dated(begun) if begun else "",
        dated(ended) if ended else "",
        _returns(policy, lang),
    ]


def _returns(policy: FundPolicy, lang: Language) -> str:
    """How money comes back in words; that nothing is stated differs from that nothing comes."""
    if not policy.states_return:
        return _NOT_STATED.text(lang)
    models = (getattr(seen.return_model, "words", None) for seen in policy.on_tracks)
    return "; ".join(dict.fromkeys(model.text(lang) for model in models if model))


@click.command()
@click.argument("policy")
@set_option
@output_options
def show(policy: str, settings: tuple[str, ...], form: str, lang: Language) -> None:
    """Show a POLICY clause by clause, with citations, readings and what is not modelled.

    The path of each clause is what --set changes. Of a municipality with several guidelines
    each is shown, from when it holds and what it changes.

    \b
    Examples:
      sif show orebro@2016
      sif show norrkoping
    """
    found = timeline(the_registry(), policy, settings)
    answer = shown_timeline(found, lang) if found.reforms else shown_policy(found, lang)
    put_out(answer, form, lang)


@click.command()
@click.argument("a")
@click.argument("b")
@output_options
def diff(a: str, b: str, form: str, lang: Language) -> None:
    """Show where policies A and B differ, clause by clause.

    \b
    Example:
      sif diff norrkoping@2010 norrkoping@2022
    """
    first, second = one_policy(a), one_policy(b)
    if first.id == second.id and a != b:  # named apart by where they are from
        first, second = evolve(first, id=a), evolve(second, id=b)
    put_out(shown_difference(first, second, lang), form, lang)
