"""Notes on structural assumptions (anmärkningar): what an alternative means for the figures."""

from __future__ import annotations

from collections.abc import Iterator

from sifrules.values.messages import Message
from sifrules_simulation.model.scenario_tables import STRUCTURE
from sifrules_simulation.model.scenarios import Scenario, scenario as named
from sifrules_simulation.model.structure import NEEDS


def structure_notes(scenario: Scenario) -> Iterator[Message]:
    """Parameters that are stated and not used, and what an alternative means for the figures.

    Such as that savings are in part paid by others, and that a fixed date is no other date here.
    """
    structure, given, usual = scenario.structure, scenario.parameters, named("default")
    for path in sorted(scenario.idle & NEEDS.keys()):
        correlated = path in scenario.correlation.paths
        if correlated or scenario.value(path) != usual.value(path):
            setting = "{}.{}={}".format(STRUCTURE, *NEEDS[path])
            yield Message("structure_note.idle", path=path, setting=setting)
    if structure.shifted_costs == "outside":
        percent = f"{100 * given.effects.shifted:g}"
        yield Message("structure_note.shifted", percent=percent)
    if structure.evaluation == "fixed_date" and not given.handling.start_lag:
        yield Message("structure_note.no_start_lag")
