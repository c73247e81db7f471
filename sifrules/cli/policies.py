"""``sif policies``, ``sif show`` and ``sif diff``: what the guidelines say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from sifrules.cli.options import one_policy, output_options, put_out, set_option, the_registry
from sifrules.policy.fund_policy import STATUS_WORDS, FundPolicy
from sifrules.policy.parts import Clause
from sifrules.presentation.answer import Answer, Cite, Sources, cited
from sifrules.presentation.policy_table import _HEADS, shown_policy
from sifrules.presentation.table import Column, Table, stacked
from sifrules.values.dates import PartialDate
from sifrules.values.messages import Message
from sifrules.values.text import Language

_KIND = Message("sif_policies.kind")
_SAME = Message("sif_policies.same")
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
    columns = [Column(_HEADS[h].text(lang), width=48 if h == "title" else None) for h in heads]
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

    The path of each clause is what --set changes.

    \b
    Example:
      sif show orebro@2016
    """
    put_out(shown_policy(one_policy(policy, settings), lang), form, lang)


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
    left = {clause.path: clause for clause in first.clauses}
    right = {clause.path: clause for clause in second.clauses}
    paths = [
        path for path in dict.fromkeys([*left, *right]) if _differs(left.get(path), right.get(path))
    ]
    sources = Sources(lang)

    def table(cite: Cite) -> Table:
        heads = (_HEADS["path"].text(lang), _HEADS["clause"].text(lang), first.id, second.id)
        return Table(
            [
                Column(head, width=width)
                for head, width in zip(heads, (None, 30, 38, 38), strict=True)
            ],
            [
                [
                    path,
                    _label(left.get(path), right.get(path), lang),
                    _side(left.get(path), lang, cite),
                    _side(right.get(path), lang, cite),
                ]
                for path in paths
            ],
        )

    shown = table(sources)
    data = {
        "a": first.id,
        "b": second.id,
        "differences": [
            {
                "path": path,
                "label": _label(left.get(path), right.get(path), lang),
                "a": _side_data(left.get(path), lang),
                "b": _side_data(right.get(path), lang),
            }
            for path in paths
        ],
    }
    notes = (sources.note,) if paths else ((_SAME, (f"{first.id}, {second.id}",)),)
    full = table(lambda citation: cited(citation, lang))
    put_out(Answer(data=data, tables=(shown,), csv=full, notes=notes), form, lang)


def _differs(a: Clause | None, b: Clause | None) -> bool:
    return a is None or b is None or a.value != b.value or a.label != b.label


def _label(a: Clause | None, b: Clause | None, lang: Language) -> str:
    """What differs: the kind of a part, or a clause by its name, by both where they differ."""
    there = [clause for clause in (a, b) if clause is not None]
    if there[0].names_part:
        return _KIND.text(lang)
    return " / ".join(dict.fromkeys(clause.label.text(lang) for clause in there))


def _value(clause: Clause, lang: Language) -> str:
    """What a policy states; of a part, which kind it is."""
    return (clause.label if clause.names_part else clause.value).text(lang)


def _side(clause: Clause | None, lang: Language, cite: Cite) -> str:
    if clause is None:
        return ""
    source = cite(clause.citation)
    value = _value(clause, lang)
    return stacked(value, f"({source})") if source else value


def _side_data(clause: Clause | None, lang: Language) -> dict[str, Any] | None:
    if clause is None:
        return None
    return {
        "value": _value(clause, lang),
        "citation": clause.citation.as_json(lang) if clause.citation else None,
    }
