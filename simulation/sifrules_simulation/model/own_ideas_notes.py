"""Notes on a list of a municipality's own ideas (anmärkningar): what of it may be unexpected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sifrules.policy.fund_policy import FundPolicy
from sifrules.values.messages import Message
from sifrules.values.quantities import too_small
from sifrules_simulation.model.own_ideas import HOW_MANY, OwnIdeas
from sifrules_simulation.model.scenarios import Scenario, bundled, scenario as named


def own_ideas_notes(
    scenario: Scenario, years: int, policies: Sequence[FundPolicy] = ()
) -> Iterator[Message]:
    """What costs little, which parameters and facts change nothing, and what never arises."""
    own = scenario.own_ideas
    if own is None:
        return
    unasked = own.asked_by_none(policies) if policies else ()
    if unasked:
        yield Message("run_note.own_ideas_unasked", facts=", ".join(unasked))
    small = int(sum(too_small(int(cost)) for cost in own.columns.get("cost", ()) if cost == cost))
    if small:
        yield Message("run_note.own_ideas_small", small=small, count=own.count)
    if own.resampled:
        return
    usual = [named(each) for each in bundled()]
    for path in HOW_MANY:
        changed = all(scenario.value(path) != each.value(path) for each in usual)
        if changed or path in scenario.correlation.paths:
            yield Message("own_ideas.idle", path=path)
    yield from _outside(own, scenario, years)


def _outside(own: OwnIdeas, scenario: Scenario, years: int) -> Iterator[Message]:
    """How many ideas of the list arise before or after the simulated months."""
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
