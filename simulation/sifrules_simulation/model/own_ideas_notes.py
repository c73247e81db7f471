"""Notes on a list of a municipality's own ideas (anmärkningar): which of them never arise."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sifrules.values.messages import Message
from sifrules_simulation.model.scenarios import Scenario


def own_ideas_notes(scenario: Scenario, years: int) -> Iterator[Message]:
    """How many ideas of the list arise before or after the simulated months."""
    own = scenario.own_ideas
    if own is None or own.resampled:
        return
    months = 12 * years
    stated = own.columns.get("arises", np.full(own.count, np.nan))
    dated = [np.nan if each is None else each - scenario.begins for each in own.dates]
    arises = np.where(np.isnan(dated), stated, dated)
    outside = int(((arises < 0) | (arises >= months)).sum())
    if outside:
        yield Message(
            "run_note.own_ideas_outside",
            outside=outside,
            count=own.count,
            begins=scenario.begins,
            last=scenario.begins + (months - 1),
        )
