"""Where two policies differ, clause by clause (skillnader), as ``sif diff`` prints it."""

from __future__ import annotations

from typing import Any

from sifrules.policy.differences import differences as clause_differences, shown_value
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Clause
from sifrules.presentation.answer import Answer, Cite, Sources, cited
from sifrules.presentation.policy_table import HEADS
from sifrules.presentation.table import Column, Table, stacked
from sifrules.values.messages import Message
from sifrules.values.text import Language

_SAME = Message("sif_policies.same")


def shown_difference(first: FundPolicy, second: FundPolicy, lang: Language) -> Answer:
    """Two policies beside each other, where they differ."""
    sources = Sources(lang)
    shown = difference_table(first, second, lang, sources)
    notes = (sources.note,) if shown.rows else ((_SAME, (f"{first.id}, {second.id}",)),)
    full = difference_table(first, second, lang, lambda citation: cited(citation, lang))
    data = {"a": first.id, "b": second.id, "differences": differences(first, second, lang)}
    return Answer(data=data, tables=(shown,), csv=full, notes=notes)


def difference_table(
    first: FundPolicy, second: FundPolicy, lang: Language, cite: Cite, title: str = ""
) -> Table:
    """A row for each clause that differs, with both sides and where each is stated."""
    heads = (HEADS["path"].text(lang), HEADS["clause"].text(lang), first.id, second.id)
    columns = [
        Column(head, width=width) for head, width in zip(heads, (None, 30, 38, 38), strict=True)
    ]
    rows = [
        [
            each.path,
            each.label.text(lang),
            _side(each.before, lang, cite),
            _side(each.after, lang, cite),
        ]
        for each in clause_differences(first, second)
    ]
    return Table(columns, rows, title)


def differences(first: FundPolicy, second: FundPolicy, lang: Language) -> list[dict[str, Any]]:
    """Each clause that differs, as plain data."""
    return [
        {
            "path": each.path,
            "label": each.label.text(lang),
            "a": _side_data(each.before, lang),
            "b": _side_data(each.after, lang),
        }
        for each in clause_differences(first, second)
    ]


def _side(clause: Clause | None, lang: Language, cite: Cite) -> str:
    if clause is None:
        return ""
    source = cite(clause.citation)
    value = shown_value(clause).text(lang)
    return stacked(value, f"({source})") if source else value


def _side_data(clause: Clause | None, lang: Language) -> dict[str, Any] | None:
    if clause is None:
        return None
    return {
        "value": shown_value(clause).text(lang),
        "citation": clause.citation.as_json(lang) if clause.citation else None,
    }
