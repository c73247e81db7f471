"""A policy (fondpolicy) as ``sif show`` prints it: clauses, rules, readings, what is left out."""

from __future__ import annotations

from typing import Any

from sifrules.policy.fund_policy import STATUS_WORDS, FundPolicy
from sifrules.presentation.answer import Answer, Cite, Sources, cited
from sifrules.presentation.table import Column, Table
from sifrules.rules.rulebook import Stage
from sifrules.rules.wording import condition_words
from sifrules.values.text import Language, Words

_HEADS = {
    "policy": Words(sv="policy", en="policy"),
    "municipality": Words(sv="kommun", en="municipality"),
    "title": Words(sv="benämning", en="title"),
    "status": Words(sv="ställning", en="status"),
    "in_force": Words(sv="gäller från", en="in force from"),
    "replaced": Words(sv="ersatt", en="replaced"),
    "return": Words(sv="återföring", en="return"),
    "path": Words(sv="sökväg", en="path"),
    "clause": Words(sv="klausul", en="clause"),
    "value": Words(sv="lydelse", en="value"),
    "citation": Words(sv="källa", en="citation"),
    "stage": Words(sv="steg", en="stage"),
    "rule": Words(sv="regel", en="rule"),
    "demand": Words(sv="krav", en="demand"),
}
_CHECKED = Words(sv="Jämförd med källan", en="Compared with its source")
_NOT_MODELLED = Words(sv="Inte modellerat", en="Not modelled")
_READINGS = Words(sv="Läsningar av tveksamma lydelser", en="Readings of doubtful wordings")
_RULES = Words(sv="Regler", en="Rules")


def shown_policy(found: FundPolicy, lang: Language) -> Answer:
    """A policy clause by clause, as ``sif show`` shows it."""
    sources = Sources(lang)
    clauses = _clauses(found, lang, sources)
    rules = Table(
        [
            Column(_HEADS["stage"].say(lang)),
            Column(_HEADS["rule"].say(lang)),
            Column(_HEADS["demand"].say(lang), width=60),
        ],
        [
            [stage.words.say(lang), rule.id, rule.demand.say(lang)]
            for stage in Stage
            for rule in found.rulebook.only(stage).rules
        ],
        title=_RULES.say(lang),
    )
    readings = tuple(
        f"{clause.path}: {clause.citation.reading.say(lang)}"
        for clause in found.clauses
        if clause.citation and clause.citation.reading
    )
    left_out = tuple(words.say(lang) for words in found.not_modelled)
    checked = (str(found.checked),) if found.checked else ()
    notes = (
        sources.note,
        (_CHECKED, checked),
        (_READINGS, tuple(dict.fromkeys(readings))),
        (_NOT_MODELLED, left_out),
    )
    full = _clauses(found, lang, lambda citation: cited(citation, lang))
    return Answer(data=_shown(found, lang), tables=(clauses, rules), csv=full, notes=notes)


def _clauses(policy: FundPolicy, lang: Language, cite: Cite) -> Table:
    return Table(
        [
            Column(_HEADS["path"].say(lang)),
            Column(_HEADS["clause"].say(lang), width=32),
            Column(_HEADS["value"].say(lang), width=36),
            Column(_HEADS["citation"].say(lang), width=30),
        ],
        [
            [clause.path, clause.label.say(lang), clause.value.say(lang), cite(clause.citation)]
            for clause in policy.clauses
        ],
        title=f"{policy.id}: {policy.title.say(lang)} ({STATUS_WORDS[policy.status].say(lang)})",
    )


def _shown(policy: FundPolicy, lang: Language) -> dict[str, Any]:
    return {
        "id": policy.id,
        "municipality": policy.municipality,
        "title": policy.title.say(lang),
        "status": policy.status,
        "clauses": [
            {
                "path": clause.path,
                "label": clause.label.say(lang),
                "value": clause.value.say(lang),
                "citation": clause.citation.as_json(lang) if clause.citation else None,
            }
            for clause in policy.clauses
        ],
        "rules": [
            {
                "id": rule.id,
                "stage": rule.stage,
                "demand": rule.demand.say(lang),
                "condition": condition_words(rule.condition).say(lang),
                "citation": rule.citation.as_json(lang),
            }
            for rule in policy.rulebook.rules
        ],
        "checked": str(policy.checked) if policy.checked else None,
        "not_modelled": [words.say(lang) for words in policy.not_modelled],
    }
