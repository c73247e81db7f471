"""The fast way of a replication brings about the events of the slow one, one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import attrs
import pytest
from hypothesis import given, settings, strategies as st

from sifrules import Portfolio, Registry
from sifrules.plugin.simulation import Event, Step
from sifrules.policy.ledger import FRAMES
from sifrules.rules.engines import durable_fault
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.model.replication import ReplicationSetup, simulate
from sifrules_simulation.model.scenarios import scenario
from sifrules_simulation.model.structure import ALTERNATIVES, Structure
from sifrules_simulation.model.world import world

needs_durable = pytest.mark.skipif(durable_fault() is not None, reason="durable-rules is lacking")

#: What happened: in which month, to which idea, at which step, and for how much (öre).
Happened = tuple[int, int | None, Step, int | None]
#: Steps that leave a mark in an idea's history or in the books; the others lead up to them.
_MARKS = frozenset({
    Step.CHOOSES, Step.REFRAINS, Step.APPLIES, Step.GRANTED, Step.ENDS, Step.EVALUATED,
    Step.IMPLEMENTED, Step.NOT_IMPLEMENTED, Step.PAID, Step.WRITTEN_DOWN, Step.EXEMPTED,
    Step.CLAIMED,
})  # fmt: skip
#: What the books call what is no event of a history.
_BOOKED = {
    "write-down": Step.WRITTEN_DOWN,
    "exemption": Step.EXEMPTED,
    "claim": Step.CLAIMED,
}


def observed(events: Iterable[Event]) -> Counter[Happened]:
    """The events that leave a mark, as observers saw them."""
    return Counter((each.month, each.idea, each.step, each.amount) for each in events
                   if each.step in _MARKS)  # fmt: skip


def marks_of(portfolio: Portfolio, design: Design) -> Counter[Happened]:
    """The same events, read off the histories and the books of a run that nobody observed."""
    found: Counter[Happened] = Counter()
    for life in portfolio.lives:
        number = life.idea.number

        def add(month: int | None, step: Step, amount: int | None = None, of: int = number) -> None:
            if month is not None:
                found[month, of, step, amount] += 1

        if life.chosen is not None:
            add(life.considered, Step.CHOOSES if life.chosen else Step.REFRAINS)
        add(life.applied, Step.APPLIES, life.applied_for)
        add(life.granted_in, Step.GRANTED, life.applied_for)
        add(life.ended_in, Step.ENDS, life.spent)
        add(life.evaluated_in, Step.EVALUATED)
        add(life.evaluated_in, Step.IMPLEMENTED if life.implemented else Step.NOT_IMPLEMENTED)
    begins = design.scenario.begins
    for posting in portfolio.ledger.postings:
        step = Step.PAID if posting.credit[0] == FRAMES else _BOOKED.get(posting.reason)
        if step is not None:
            month = posting.date - begins  # type: ignore[operator]  # the simulation posts by month
            found[month, int(posting.investment.removeprefix("idea ")), step, posting.amount] += 1
    return found


def assert_events_agree(design: Design, replication: int) -> None:
    """Under every policy of a design: fast, and with the reference engine and scalar parts."""
    around = world(design.scenario, design.years, design.seed, replication, design.switches)
    for at, label in enumerate(design.labels):
        usual, seen = design.setup(at), {}
        fast = marks_of(simulate(usual, around, design.years), design)
        for engine in ("durable", "compiled"):
            events: list[Event] = []
            adapter = attrs.evolve(usual.adapter, engine=engine)
            slow = ReplicationSetup(adapter, usual.behaviour, (events.append,))
            assert not slow.ahead
            simulate(slow, around, design.years)
            seen[engine] = events
        assert seen["compiled"] == seen["durable"], (label, replication)
        assert fast == observed(seen["durable"]), (label, replication)


@needs_durable
def test_every_bundled_policy_has_the_events_of_the_reference_engine(everything: Registry) -> None:
    """Each choice, application, grant, evaluation, claim and payment, in its month and amount."""
    assert_events_agree(comparison_design(everything, None, years=8), 0)


@needs_durable
@settings(max_examples=8)
@given(
    policy=st.sampled_from(
        ["orebro@2016", "norrkoping@2010", "sodertalje@2015", "lulea@2017", "gavleborg@2019"]
    ),
    off=st.sets(st.sampled_from(["write_down", "depletion", "cap", "claims_expected"]), max_size=2),
    values=st.fixed_dictionaries({
        "ideas.attention": st.floats(0.5, 1),
        "behaviour.mission_weight": st.floats(0.5, 3),
        "behaviour.risk_aversion": st.floats(0, 1),
        "behaviour.cofunding": st.floats(0, 0.5),
        "handling.evaluation_lag": st.integers(-6, 6),
        "handling.start_lag": st.integers(0, 6),
        "effects.early_rise": st.floats(0, 2),
        "effects.volume_growth": st.floats(0, 0.2),
        "effects.shifted": st.floats(0, 1),
        "behaviour.proof": st.floats(0, 5e5),
        "handling.patience": st.integers(1, 24),
        "municipality.capacity": st.floats(1, 4),
    }),
    structure=st.builds(
        Structure, **{name: st.sampled_from(each) for name, each in ALTERNATIVES.items()}
    ),
    replication=st.integers(0, 1000),
)  # fmt: skip
def test_random_what_ifs_have_the_events_of_the_reference_engine(
    everything: Registry,
    policy: str,
    off: set[str],
    values: Mapping[str, float],
    structure: Structure,
    replication: int,
) -> None:
    """So have policies under any mechanisms, parameters and structural assumptions."""
    around = attrs.evolve(scenario("default"), structure=structure)
    around = around.changed({path: value for path, value in values.items()
                             if path not in around.idle})  # fmt: skip
    design = comparison_design(everything, [policy], scenario=around, off=off, years=6)
    assert_events_agree(design, replication)
