"""``sif plugins``: which plugins there are, and how well their values are cited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click

from sifrules.cli.options import output_options, put_out, the_registry
from sifrules.errors import SifError
from sifrules.plugin.discovery import Plugin
from sifrules.policy.contracts import contract_faults
from sifrules.policy.funding_trial import funding_faults
from sifrules.presentation.answer import Answer
from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message
from sifrules.values.text import Language

_HEADS = (
    Message("sif_plugins.heads_plugin"),
    Message("sif_plugins.heads_distribution"),
    Message("sif_plugins.heads_version"),
    Message("sif_plugins.heads_policies"),
    Message("sif_plugins.heads_values"),
    Message("sif_plugins.heads_cited"),
    Message("sif_plugins.heads_state"),
)
_FINE = Message("sif_plugins.fine")
_FAULTY_PART = Message("sif_plugins.faulty_part")


@click.command()
@output_options
def plugins(form: str, lang: Language) -> None:
    """List the plugins: distribution, version, policies, and how many values are cited.

    Leave one out with SIFRULES_PLUGINS_OFF=name.

    \b
    Example:
      sif plugins
    """
    registry = the_registry()
    # Both are read so that what is wrong with them is reported here.
    registry.policies  # noqa: B018
    registry.commands  # noqa: B018
    data = [_described(plugin, lang) for plugin in registry.plugins]
    table = Table(
        [
            Column(head.text(lang), number=number in (4, 5), width=48 if number in (3, 6) else None)
            for number, head in enumerate(_HEADS)
        ],
        [
            [
                each["plugin"],
                each["distribution"] or "",
                each["version"] or "",
                ", ".join(each["policies"]),
                str(each["values"]),
                str(each["cited"]),
                "; ".join(each["problems"]) or _FINE.text(lang),
            ]
            for each in data
        ],
    )
    put_out(Answer(data=data, tables=(table,), csv=table), form, lang)


def _described(plugin: Plugin, lang: Language) -> dict[str, Any]:
    registry = the_registry()
    ids = registry.offered_by(plugin.name)
    values = []
    for id in ids:
        try:
            values += [
                c for c in registry.policy(id).clauses if "." in c.path and c.value.en != "–"
            ]
        except SifError:  # reported under problems
            continue
    return {
        "plugin": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "policies": list(ids),
        "values": len(values),
        "cited": sum(1 for clause in values if clause.citation is not None),
        "problems": [
            *(problem.text(lang) for problem in plugin.problems),
            *(_FAULTY_PART.format(fault=fault).text(lang) for fault in _part_faults(ids)),
        ],
    }


def _part_faults(ids: Iterable[str]) -> Iterator[str]:
    """What the parts of some policies lack of their protocols, and where their funding fails."""
    for policy in the_registry().policies:
        if policy.id in ids:
            yield from dict.fromkeys((*contract_faults(policy), *funding_faults(policy)))
