"""The choice of a track (val av spår): the one that serves the committee best of those it meets.

The choice is by what the committee sees on each track, cash flows, risk and effort, and by
whether the demands are met there. Neither the name of a track nor its kinds of parts count.
"""

from __future__ import annotations

from collections.abc import Mapping

from sifrules.plugin.simulation import Behaviour, Idea, worth
from sifrules.policy.decide import ELIGIBILITY
from sifrules.rules.conditions import Value
from sifrules.rules.decisions import Verdict
from sifrules.rules.rulebook import Rule, Stage
from sifrules.values.dates import Month
from sifrules_simulation.model.foresight import ProspectEvaluator
from sifrules_simulation.model.idea_facts import is_seen_to
from sifrules_simulation.model.policy_adapter import OF_FUND, PolicyAdapter
from sifrules_simulation.model.projects import EMPTY_YEAR


def best_track(
    foresight: ProspectEvaluator,
    behaviour: Behaviour,
    idea: Idea,
    now: Month,
    own_facts: Mapping[str, Value],
) -> str:
    """The name of the track that an idea is taken to.

    Of those whose demands it meets the one that is worth most to the committee; where it meets
    those of none, the one with fewest demands against it. Of equals the guideline's first.
    """
    best: tuple[int, float] | None = None
    chosen = ""
    for name, sees in foresight.on_tracks.items():
        adapter = sees.adapter
        lag = adapter.scenario.parameters.handling.start_lag
        luck = idea.luck["lead"]
        start = now + adapter.lead_time(luck) + adapter.amount_lead(luck) + lag
        project = adapter.project(idea, start, own_facts)
        values = adapter.facts(idea, project, start, own_facts)
        prospect = sees.prospect(idea, project, start, values)
        found = (-against(adapter, values), worth(behaviour, prospect))
        if best is None or found > best:
            best, chosen = found, name
    return chosen


def against(adapter: PolicyAdapter, values: Mapping[str, Value]) -> int:
    """How many rules an application does not meet, whatever the fund holds.

    What an applicant sees to itself is not counted: it means to. A ceiling on a year counts
    where the application would not fit within a year in which nothing else is granted.
    """
    stages, known = (ELIGIBILITY, (Stage.ALLOCATION,)), {**values, **EMPTY_YEAR}
    findings = (each for stage in stages for each in adapter.decide(stage, known).findings)
    return sum(
        1 for each in findings if each.verdict is not Verdict.MET and counts_against(each.rule)
    )


def counts_against(rule: Rule) -> bool:
    """Whether a rule that is not met counts, whatever the fund holds; see `against`."""
    return not is_seen_to(rule) and all(
        fact.name in EMPTY_YEAR or not fact.name.startswith(OF_FUND) for fact in rule.facts
    )
