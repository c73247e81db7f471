"""Notes on structural assumptions (anmärkningar): what an alternative means for the figures."""

from __future__ import annotations

from collections.abc import Iterator

from sifrules.values.messages import Message
from sifrules_simulation.model.scenarios import Scenario


def structure_notes(scenario: Scenario) -> Iterator[Message]:
    """That savings are in part paid by others, and that a fixed date is no other date here."""
    structure, given = scenario.structure, scenario.parameters
    if structure.shifted_costs == "outside":
        percent = f"{100 * given.effects.shifted:g}"
        yield Message("structure_note.shifted", percent=percent)
    if structure.evaluation == "fixed_date" and not given.handling.start_lag:
        yield Message("structure_note.no_start_lag")
