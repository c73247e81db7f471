"""A policy (fondpolicy) as ``sif show`` prints it: clauses, rules, readings, what is left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sifrules.policy.fund_policy import STATUS_WORDS, FundPolicy
from sifrules.policy.tracks import Track
from sifrules.presentation.answer import Answer, Cite, Sources, cited
from sifrules.presentation.table import Column, Table
from sifrules.rules.rulebook import Rule, Stage
from sifrules.rules.wording import condition_words
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language

HEADS = {
    "policy": Message("policy_table.heads_policy"),
    "municipality": Message("policy_table.heads_municipality"),
    "title": Message("policy_table.heads_title"),
    "status": Message("policy_table.heads_status"),
    "in_force": Message("policy_table.heads_in_force"),
    "replaced": Message("policy_table.heads_replaced"),
    "return": Message("policy_table.heads_return"),
    "path": Message("policy_table.heads_path"),
    "clause": Message("policy_table.heads_clause"),
    "value": Message("policy_table.heads_value"),
    "citation": Message("policy_table.heads_citation"),
    "stage": Message("policy_table.heads_stage"),
    "rule": Message("policy_table.heads_rule"),
    "demand": Message("policy_table.heads_demand"),
}
_CHECKED = Message("policy_table.checked")
_NOT_MODELLED = Message("policy_table.not_modelled")
_READINGS = Message("policy_table.readings")
_RULES = Message("policy_table.rules")
_RULES_ON = Message("policy_table.rules_on")


def shown_policy(found: FundPolicy, lang: Language) -> Answer:
    """A policy clause by clause, as ``sif show`` shows it."""
    sources = Sources(lang)
    clauses = _clauses(found, lang, sources)
    rules = _rules(found.rulebook.rules, _RULES, lang)
    of_tracks = tuple(_rules_on(found.on_track(track.name), track, lang) for track in found.tracks)
    readings = tuple(
        f"{clause.path}: {clause.citation.reading.text(lang)}"
        for clause in found.clauses
        if clause.citation and clause.citation.reading
    )
    left_out = tuple(words.text(lang) for words in found.not_modelled)
    checked = (str(found.checked),) if found.checked else ()
    notes = (
        sources.note,
        (_CHECKED, checked),
        (_READINGS, tuple(dict.fromkeys(readings))),
        (_NOT_MODELLED, left_out),
    )
    full = _clauses(found, lang, lambda citation: cited(citation, lang))
    return Answer(
        data=_shown(found, lang), tables=(clauses, rules, *of_tracks), csv=full, notes=notes
    )


def _rules(some: Iterable[Rule], title: Text, lang: Language) -> Table:
    """Rules stage by stage."""
    return Table(
        [
            Column(HEADS["stage"].text(lang)),
            Column(HEADS["rule"].text(lang)),
            Column(HEADS["demand"].text(lang), width=60),
        ],
        [
            [stage.words.text(lang), rule.id, rule.demand.text(lang)]
            for stage in Stage
            for rule in some
            if rule.stage is stage
        ],
        title=title.text(lang),
    )


def _rules_on(seen: FundPolicy, track: Track, lang: Language) -> Table:
    """The rules of a fund as they are on one of its tracks."""
    return _rules(seen.rulebook.rules, _RULES_ON.format(track=track.title), lang)


def _clauses(policy: FundPolicy, lang: Language, cite: Cite) -> Table:
    return Table(
        [
            Column(HEADS["path"].text(lang)),
            Column(HEADS["clause"].text(lang), width=32),
            Column(HEADS["value"].text(lang), width=36),
            Column(HEADS["citation"].text(lang), width=30),
        ],
        [
            [clause.path, clause.label.text(lang), clause.value.text(lang), cite(clause.citation)]
            for clause in policy.clauses
        ],
        title=f"{policy.id}: {policy.title.text(lang)} ({STATUS_WORDS[policy.status].text(lang)})",
    )


def _shown(policy: FundPolicy, lang: Language) -> dict[str, Any]:
    return {
        "id": policy.id,
        "municipality": policy.municipality,
        "title": policy.title.text(lang),
        "status": policy.status,
        "clauses": [
            {
                "path": clause.path,
                "label": clause.label.text(lang),
                "value": clause.value.text(lang),
                "citation": clause.citation.as_json(lang) if clause.citation else None,
            }
            for clause in policy.clauses
        ],
        "rules": [_rule(rule, lang) for rule in policy.rulebook.rules],
        **({"tracks": _tracks(policy, lang)} if policy.tracks else {}),
        "checked": str(policy.checked) if policy.checked else None,
        "not_modelled": [words.text(lang) for words in policy.not_modelled],
    }


def _rule(rule: Rule, lang: Language) -> dict[str, Any]:
    return {
        "id": rule.id,
        "stage": rule.stage,
        "demand": rule.demand.text(lang),
        "condition": condition_words(rule.condition).text(lang),
        "citation": rule.citation.as_json(lang),
    }


def _tracks(policy: FundPolicy, lang: Language) -> list[dict[str, Any]]:
    """The tracks, each with all the rules that hold on it."""
    return [
        {
            "name": track.name,
            "title": track.title.text(lang),
            "rules": [_rule(rule, lang) for rule in policy.on_track(track.name).rulebook.rules],
        }
        for track in policy.tracks
    ]
