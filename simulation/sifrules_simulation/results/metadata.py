"""What a comparison was of (beskrivning): saved next to its numbers, in both languages.

A report is made of what was saved alone: the clauses with their sources, what the measures
are called, what the scenario assumes, and the command that gives the same numbers again.
"""

from __future__ import annotations

import shlex
from itertools import pairwise
from typing import Any

from attrs import evolve

from sifrules.policy.differences import differences, shown_value
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Clause
from sifrules.policy.timeline import periods, remarks
from sifrules.values.citations import Citation
from sifrules.values.messages import Worded
from sifrules.values.text import LANGUAGES
from sifrules_simulation.analysis.comparison import Comparison
from sifrules_simulation.analysis.run_notes import (
    left_out_notes,
    policy_notes,
    run_notes,
    unequal_notes,
)
from sifrules_simulation.experiments.defaults import YEARS
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.rerun import BEHAVIOUR, ENGINE
from sifrules_simulation.model.completion import assumptions, ignored_clauses
from sifrules_simulation.model.own_ideas_notes import own_ideas_notes
from sifrules_simulation.model.scenario_entries import Stated
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.structure_notes import structure_notes
from sifrules_simulation.statistics.sequential import Precision

Data = dict[str, Any]

_SET = " --set "


def run_metadata(comparison: Comparison) -> Data:
    """All that a reader needs next to the numbers, as plain data in both languages."""
    experiment = comparison.experiment
    return {
        "command": command(
            experiment, comparison.baseline, comparison.replications, comparison.precision
        ),
        "stopped": comparison.stopped,
        "notes": [both(note) for note in left_out_notes(comparison)],
        "money": [
            both(note)
            for note in (
                *own_ideas_notes(experiment.scenario, experiment.years, experiment.policies),
                *structure_notes(experiment.scenario),
                *unequal_notes(comparison),
            )
        ],
        "policies": [
            {
                "id": label,
                **_policy(policy),
                **_changes(assumed),
                "notes": [both(note) for note in policy_notes(comparison, label)],
            }
            for label, policy, assumed in zip(
                experiment.labels, experiment.policies, experiment.assumed, strict=True
            )
        ],
        "measures": [
            {
                "name": measure.name,
                "unit": measure.unit,
                "words": both(measure.words),
                "formula": both(measure.formula),
            }
            for measure in experiment.measures
        ],
        "scenario": _scenario(experiment.scenario),
    }


def notes_of(comparison: Comparison) -> list[Data]:
    """All notes on a run, each as a text in both languages."""
    return [{"sv": note.text("sv"), "en": note.text("en")} for note in run_notes(comparison)]


def both(words: Worded | None) -> dict[str, str] | None:
    """A text in both languages, as JSON carries it.

    >>> from sifrules.values.text import LocalizedText
    >>> both(LocalizedText(sv="golv", en="floor"))
    {'sv': 'golv', 'en': 'floor'}
    """
    return None if words is None else {language: words.text(language) for language in LANGUAGES}


def command(
    experiment: Design,
    baseline: str,
    replications: int,
    precision: Precision | None = None,
) -> str | None:
    """The command line that gives the same numbers again; None where none does."""
    named = _named(experiment.asked)
    if named is None:
        return None
    options = list(experiment.scenario.options)
    options += ["--baseline", baseline] if baseline != experiment.labels[0] else []
    options += ["--years", str(experiment.years)] if experiment.years != YEARS else []
    options += ["--behaviour", experiment.behaviour.name] if _unusual(experiment) else []
    for switch in experiment.switches.off:
        options += ["--off", switch]
    options += ["--engine", experiment.engine] if experiment.engine != ENGINE else []
    if precision is not None:  # it then stops where it did, and its intervals are as wide
        options += ["--precision", f"{precision.measure}={precision.half_width!r}"]
        replications = precision.most
    options += ["--replications", str(replications), "--seed", str(experiment.seed)]
    verb = "simulate" if "--draw" in options else "compare"  # one draw's world is simulated
    return f"sif {verb} {named} {shlex.join(options)}"


def _unusual(experiment: Design) -> bool:
    return experiment.behaviour.name != BEHAVIOUR


def _named(asked: tuple[str, ...]) -> str | None:
    """The policies as ``sif compare`` takes them: each next to itself with one and the same change.

    >>> _named(("a", "b")), _named(("a", "a --set x=1")), _named(("a", "b --set x=1"))
    ('a b', 'a --set x=1', None)
    """
    changes = {each.partition(_SET)[2] for each in asked if _SET in each}
    plain = [each for each in asked if _SET not in each]
    if not changes:
        return " ".join(plain)
    changed = [each.partition(_SET)[0] for each in asked if _SET in each]
    if len(changes) > 1 or plain != changed:
        return None
    return f"{' '.join(plain)}{_SET}{changes.pop()}"


def _policy(policy: FundPolicy) -> Data:
    return {
        "title": both(policy.title),
        "municipality": policy.municipality,
        "status": policy.status,
        "clauses": _clauses(policy),
        "rules": {
            rule.id: {
                "stage": rule.stage.value,
                "demand": both(rule.demand),
                **_source(rule.citation),
            }
            for _, guideline in reversed(periods(policy))
            for seen in (guideline, *guideline.by_track.values())
            for rule in seen.rulebook.rules
        },
        **_tracks(policy),
        **_timeline(policy),
        "not_modelled": [both(words) for words in policy.not_modelled],
    }


def _clauses(policy: FundPolicy) -> list[Data]:
    return [
        {
            "path": clause.path,
            "label": both(clause.label),
            "value": both(clause.value),
            **_source(clause.citation),
        }
        for clause in policy.clauses
    ]


def _timeline(policy: FundPolicy) -> Data:
    """The guidelines of a timeline with their months and what each changes; else nothing."""
    if not policy.reforms:
        return {}
    guidelines = periods(policy)
    return {
        "timeline": [
            {
                "since": None if since is None else str(since),
                "policy": each.id,
                "title": both(each.title),
                "in_force": _source(each.terms.sources.get("in_force")),
                "clauses": _clauses(each),
                "not_modelled": [both(words) for words in each.not_modelled],
            }
            for since, each in guidelines
        ],
        "changes": [
            {
                "since": str(since),
                "before": before.id,
                "after": after.id,
                "clauses": [
                    {
                        "path": each.path,
                        "label": both(each.label),
                        "before": _side(each.before),
                        "after": _side(each.after),
                    }
                    for each in differences(before, after)
                ],
            }
            for (_, before), (since, after) in pairwise(guidelines)
        ],
        "open": [both(remark.message) for remark in remarks(policy)],
    }


def _side(clause: Clause | None) -> Data | None:
    """One side of a change; None where the guideline does not state the clause."""
    if clause is None:
        return None
    return {"value": both(shown_value(clause)), **_source(clause.citation)}


def _tracks(policy: FundPolicy) -> Data:
    """The tracks of a fund, by name and title; nothing where there are none."""
    named = [{"name": track.name, "title": both(track.title)} for track in policy.tracks]
    return {"tracks": named} if named else {}


def _changes(changes: tuple[str, ...]) -> Data:
    return {"assumed": list(assumptions(changes)), "set_aside": list(ignored_clauses(changes))}


def _source(citation: Citation | None) -> Data:
    """Where something stands: in full, and as the document and the place in it."""
    if citation is None:
        return {"citation": None, "document": None, "place": None, "reading": None}
    return {
        "citation": str(citation),
        "document": str(evolve(citation, place=None, reading=None)),
        "place": citation.place,
        "reading": both(citation.reading),
    }


def _scenario(scenario: Scenario) -> Data:
    return {
        "id": scenario.id,
        "title": both(scenario.title),
        "begins": str(scenario.begins),
        "parameters": [_parameter(each) for each in scenario.stated.values()],
    }


def _parameter(each: Stated) -> Data:
    return {
        "path": each.path,
        "words": both(each.words),
        "unit": each.unit,
        "value": each.value,
        "low": each.low,
        "high": each.high,
        "assumption": both(each.assumption),
        **_source(each.citation),
    }
