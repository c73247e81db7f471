"""What is seen of many projects at once is what is seen of each, to the last bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from sifrules import OutcomeForecast, Prospect, Registry
from sifrules.plugin.simulation import ProjectOutcome, ProspectColumns
from sifrules.policy.decide import ELIGIBILITY
from sifrules.rules.decisions import Verdict
from sifrules.rules.engines.arrays import NO, OPEN, YES
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.model.application_columns import Applications, Eligibility
from sifrules_simulation.model.behaviours import FixedPropensity, Weighing
from sifrules_simulation.model.foresight import ProspectEvaluator
from sifrules_simulation.model.foresight_columns import ForesightColumns
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.scenarios import scenario
from sifrules_simulation.model.track_choice import against as rules_against
from sifrules_simulation.model.world import World, world

AROUND: tuple[Mapping[str, float], ...] = (
    {},
    {"effects.partial": 1.0, "behaviour.others_weight": 0.3, "ideas.evaluable": 0.5},
    {"effects.partial": 0.0, "behaviour.cofunding": 0.2},
)
#: Alternatives of the structural assumptions.
STRUCTURES: tuple[Mapping[str, str], ...] = (
    {},
    {"claims_horizon": "savings", "evaluation": "so_far"},
    {"unmeasured": "nothing", "proof": "each", "volumes": "growing"},
    {"unmeasured": "floor", "early_costs": "rise", "evaluation": "fixed_date"},
    {"proof": "each", "early_costs": "rise", "volumes": "growing", "shifted_costs": "outside"},
)


def assert_columns_agree(adapter: PolicyAdapter, around: World) -> None:
    """Projects, what applications say, decisions, prospects and stakes are those of each idea."""
    evaluator, table = ProspectEvaluator(adapter), around.table
    share = adapter.scenario.parameters.facts.other
    columns = {
        name: around.own_column(adapter.policy.vocabulary[name], share)
        for name in adapter.own_facts
    }
    own = {name: column for name, column in columns.items() if column is not None}
    made = Applications.prepared(adapter, table, np.arange(len(table)), own)
    eligible, against = Eligibility.of(made), made.against()
    sees = ForesightColumns(evaluator, made, made.start)
    prospects, stakes = list(sees.prospects()), sees.stakes()
    assert stakes is not None
    lag = adapter.scenario.parameters.handling.start_lag
    for row, idea in enumerate(around.ideas):
        lead = adapter.lead_time(idea.luck["lead"])
        start = adapter.scenario.begins + idea.arises + lead + lag
        knows = {name: column[row].item() for name, column in own.items()}
        project = adapter.project(idea, start, knows)
        assert made.projects.project(row) == project
        said = adapter.facts(idea, project, start, knows)
        columns_said = {name: made.says(name) for name in adapter.asked}
        assert {
            name: column.values[row].item() for name, column in columns_said.items() if column
        } == said
        decision = adapter.decide(ELIGIBILITY, said)
        assert [_VERDICTS[each.verdict] for each in decision.findings] == eligible.verdicts[
            :, row
        ].tolist()
        assert rules_against(adapter, said) == against[row]
        assert prospects[row] == evaluator.prospect(idea, project, start, said)
        stake = evaluator.at_stake(idea, project, start, said)
        assert (stakes[0][row], stakes[1][row]) == stake


_VERDICTS = {Verdict.MET: YES, Verdict.NOT_MET: NO, Verdict.CANNOT_TELL: OPEN}


@pytest.mark.parametrize(
    ("changes", "off", "structure"),
    [
        ({}, (), {}),
        (AROUND[1], ("write_down",), STRUCTURES[1]),
        (AROUND[2], ("claims_expected", "cap"), STRUCTURES[2]),
        (AROUND[1], ("depletion", "effort"), STRUCTURES[3]),
        ({"effects.early_rise": 1.5, "handling.start_lag": 5}, (), STRUCTURES[4]),
        ({}, ("return_flow",), {}),
    ],
)
def test_what_is_known_in_columns_is_what_is_known_of_each(
    everything: Registry,
    changes: Mapping[str, float],
    off: tuple[str, ...],
    structure: Mapping[str, str],
) -> None:
    """Under every bundled policy and on each track, for every idea of a world."""
    scene = scenario("default")
    for name, alternative in structure.items():
        scene = evolve(scene, structure=scene.structure.changed(name, alternative))
    scene = scene.changed(changes)
    design = comparison_design(everything, None, scenario=scene, off=off)
    around = world(design.scenario, 4, 1, 0, design.switches)
    for at in range(len(design.policies)):
        adapter = design.setup(at).adapter
        for each in adapter.tracks.values() or (adapter,):
            assert_columns_agree(each, around)


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
