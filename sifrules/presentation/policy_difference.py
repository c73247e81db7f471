"""Where two policies differ, clause by clause (skillnader), as ``sif diff`` prints it."""

from __future__ import annotations

from typing import Any

from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Clause
from sifrules.presentation.answer import Answer, Cite, Sources, cited
from sifrules.presentation.policy_table import HEADS
from sifrules.presentation.table import Column, Table, stacked
from sifrules.values.messages import Message
from sifrules.values.text import Language

_KIND = Message("sif_policies.kind")
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
        [path, _label(one, other, lang), _side(one, lang, cite), _side(other, lang, cite)]
        for path, one, other in _differing(first, second)
    ]
    return Table(columns, rows, title)


def differences(first: FundPolicy, second: FundPolicy, lang: Language) -> list[dict[str, Any]]:
    """Each clause that differs, as plain data."""
    return [
        {
            "path": path,
            "label": _label(one, other, lang),
            "a": _side_data(one, lang),
            "b": _side_data(other, lang),
        }
        for path, one, other in _differing(first, second)
    ]


def _differing(
    first: FundPolicy, second: FundPolicy
) -> list[tuple[str, Clause | None, Clause | None]]:
    left = {clause.path: clause for clause in first.clauses}
    right = {clause.path: clause for clause in second.clauses}
    return [
        (path, left.get(path), right.get(path))
        for path in dict.fromkeys([*left, *right])
        if _differs(left.get(path), right.get(path))
    ]


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
