"""What is seen of many projects at once is what is seen of each, to the last bit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from sifrules import OutcomeForecast, Prospect, Registry
from sifrules.plugin.simulation import ProjectOutcome, ProspectColumns
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.model.behaviours import FixedPropensity, Weighing
from sifrules_simulation.model.foresight_columns import Considered, ForesightColumns
from sifrules_simulation.model.scenarios import scenario
from sifrules_simulation.model.world import world

AROUND: tuple[Mapping[str, float], ...] = (
    {},
    {"effects.partial": 1.0, "behaviour.others_weight": 0.3, "ideas.evaluable": 0.5},
    {"effects.partial": 0.0, "behaviour.cofunding": 0.2},
)


@pytest.mark.parametrize("changes", AROUND)
@pytest.mark.parametrize("off", [(), ("write_down",), ("return_flow", "effort")])
def test_prospects_and_stakes_are_those_of_each_project(
    everything: Registry, changes: Mapping[str, float], off: tuple[str, ...]
) -> None:
    """Under every bundled policy, for every idea of a world."""
    design = comparison_design(
        everything, None, scenario=scenario("default").changed(changes), off=off
    )
    ideas = world(design.scenario, 15, 1, 0, design.switches).ideas
    for at, label in enumerate(design.labels):
        evaluator = design.setup(at).rules.at(0).alone
        adapter, rows = evaluator.adapter, []
        for idea in ideas:
            start = design.scenario.begins + idea.arises
            project = adapter.project(idea, start)
            said = adapter.facts(idea, project, start, {})
            rows.append(Considered(idea, project, start, partial(dict, said)))
        columns = ForesightColumns(evaluator, rows)
        each = [(row.idea, row.project, row.start, row.facts()) for row in rows]
        assert list(columns.prospects()) == [evaluator.prospect(*row) for row in each], label
        stakes = columns.stakes()
        assert stakes is not None
        found = [(stake.loss, stake.depends) for stake in stakes]
        assert found == [evaluator.at_stake(*row) for row in each], label


amounts = st.floats(0, 1e8)
behaviours = st.one_of(
    st.builds(Weighing, mission_weight=st.floats(0, 3), risk_aversion=st.floats(0, 2)),
    st.builds(FixedPropensity, propensity=st.floats(0, 1)),
)


@st.composite
def prospects(draw: st.DrawFn, effort: float, grant_chance: float) -> Prospect:
    """What a committee sees; of the ways in which it may turn out, some may not come."""
    chances = draw(st.sampled_from([(0.5, 0.25, 0.25), (1.0, 0.0, 0.0), (0.3, 0.0, 0.7)]))
    ways = tuple(
        OutcomeForecast(outcome, chance, draw(amounts), draw(amounts), draw(amounts))
        for outcome, chance in zip(ProjectOutcome, chances, strict=True)
        if chance > 0
    )
    return Prospect(ways, effort, draw(amounts), grant_chance, draw(st.floats(0, 1)))


def as_columns(rows: list[Prospect]) -> ProspectColumns:
    """The same prospects, as columns."""

    def of(name: str) -> Any:
        values = [{each.outcome: getattr(each, name) for each in row.expectations} for row in rows]
        return np.array([[row.get(outcome, 0.0) for outcome in ProjectOutcome] for row in values])

    return ProspectColumns(
        chance=of("chance"),
        human=of("human"),
        savings=of("savings"),
        claims=of("claims"),
        effort=rows[0].effort,
        burden=np.array([row.burden for row in rows]),
        grant_chance=rows[0].grant_chance,
        luck=np.array([row.luck for row in rows]),
    )


@given(data=st.data(), behaviour=behaviours, effort=amounts, grant_chance=st.floats(0, 1))
def test_committees_choose_at_once_as_one_by_one(
    data: st.DataObject, behaviour: Any, effort: float, grant_chance: float
) -> None:
    """The array method of a bundled behaviour says of each row what it says of the prospect."""
    rows = data.draw(st.lists(prospects(effort, grant_chance), min_size=1, max_size=5))
    columns = as_columns(rows)
    assert list(columns) == rows
    assert behaviour.applies_many(columns).tolist() == [behaviour.applies(row) for row in rows]
