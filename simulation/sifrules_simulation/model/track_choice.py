"""The choice of a track (val av spår): the one that serves the committee best of those it meets.

The choice is by what the committee sees on each track, cash flows, risk and effort, and by
whether the demands are met there. Neither the name of a track nor its kinds of parts count.
"""

from __future__ import annotations

from collections.abc import Mapping

from sifrules.plugin.simulation import Behaviour, Idea, worth
from sifrules.rules.conditions import Value
from sifrules.values.dates import Month
from sifrules_simulation.model.foresight import ProspectEvaluator


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
        found = (-adapter.against(values), worth(behaviour, prospect))
        if best is None or found > best:
            best, chosen = found, name
    return chosen
