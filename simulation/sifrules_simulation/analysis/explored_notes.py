"""What is said about an exploration (anmärkningar): what stands in, and which rules hold when."""

from __future__ import annotations

from collections.abc import Iterator

from sifrules.values.messages import Text
from sifrules_simulation.analysis.assumed_notes import assumed_notes
from sifrules_simulation.experiments.explored import ExplorationPlan
from sifrules_simulation.model.money_notes import money_notes, set_aside_in_all, unequal_money
from sifrules_simulation.model.own_ideas_notes import own_ideas_notes
from sifrules_simulation.model.structure_notes import structure_notes
from sifrules_simulation.model.timeline_notes import announced_notes, timeline_notes


def explored_notes(plan: ExplorationPlan) -> Iterator[Text]:
    """Of each policy once, whatever its variants: what `sif compare` says of it as well.

    First the levers that a policy does not take.
    """
    yield from plan.notes
    design = plan.design
    firsts: dict[str, int] = {}
    for at, variant in enumerate(plan.variants):
        firsts.setdefault(variant.named, at)
    names = (each.named for each in plan.variants)
    yield from assumed_notes(zip(names, design.assumed, strict=True))
    yield from announced_notes(design.policies, design.scenario)
    yield from own_ideas_notes(design.scenario, design.years, design.policies)
    yield from structure_notes(design.scenario)
    funds = {
        named: set_aside_in_all(design.setup(at).adapter, design.years)
        for named, at in firsts.items()
        if design.setup(at).adapter.has_fund
    }
    yield from unequal_money(funds, design.scenario)
    for named, at in firsts.items():
        before = plan.variants[at].before
        yield from timeline_notes(named, before, design.scenario, design.years)
        yield from money_notes(named, before, design.scenario)
