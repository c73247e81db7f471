"""What is worked out before the time comes is what would have come of it in its time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import attrs
import pytest
from attrs import evolve, frozen
from hypothesis import given, settings, strategies as st

from sifrules import (
    FundPolicy,
    Idea,
    Investment,
    LocalizedText,
    Portfolio,
    Prospect,
    Registry,
    Settlement,
    WriteDown,
)
from sifrules.plugin.simulation import Step
from sifrules_policies import ReturnFlow
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.model import idea_process
from sifrules_simulation.model.fund import Fund
from sifrules_simulation.model.mechanisms import ALL_ON
from sifrules_simulation.model.replication import ReplicationSetup, simulate
from sifrules_simulation.model.scenarios import scenario
from sifrules_simulation.model.world import World, world, worlds

#: What-ifs, each over its policy.
CHANGES = {
    "orebro@2016": ("return_model.floor=0.0", "return_model.fee=0.0", "return_model.share=0.5"),
    "norrkoping@2010": ("return_model.share=0.5",),
    "sodertalje@2015": ("return_model.lasts=120",),
}


def what_became(portfolio: Portfolio) -> dict[str, Any]:
    """All that a replication gives, idea by idea, month by month and entry by entry.

    What an investment is paid may be booked in one entry or in many: it is summed.
    """
    paid: dict[str, int] = defaultdict(int)
    entries = []
    for each in portfolio.ledger.postings:
        if each.reason == "payment":
            paid[each.investment] += each.amount
        else:
            entries.append(each)
    return {
        "lives": list(portfolio.lives),
        "balances": list(portfolio.balances),
        "put in": list(portfolio.put_in),
        "accounts": {key: value for key, value in portfolio.ledger.balances.items() if value},
        "paid": dict(paid),
        "entries": entries,
    }


def assert_both_ways_agree(design: Design, replications: range) -> None:
    """Every policy of a design comes out the same, ahead and one by one in its time."""
    for at, label in enumerate(design.labels):
        usual = design.setup(at)
        slow = evolve(usual, scalar=True)
        for replication in replications:
            around = world(design.scenario, design.years, 1, replication, design.switches)
            fast, reference = (simulate(way, around, design.years) for way in (usual, slow))
            fast.ledger.check()
            assert what_became(fast) == what_became(reference), (label, replication)


def test_every_bundled_policy_comes_out_as_one_by_one_in_its_time(everything: Registry) -> None:
    """Ideas, balances by month and the books are the same for every policy that is installed."""
    assert_both_ways_agree(comparison_design(everything, None), range(1))


BEHAVIOURS = ("weighing", "prospect", "null")
MECHANISMS = ("return_flow", "write_down", "novelty", "depletion", "cap", "effort")


@settings(max_examples=15)
@given(
    policy=st.sampled_from(sorted(CHANGES)),
    change=st.integers(0, 3),
    behaviour=st.sampled_from(BEHAVIOURS),
    off=st.sets(st.sampled_from(MECHANISMS), max_size=2),
    values=st.fixed_dictionaries(
        {
            "ideas.attention": st.floats(0.5, 1),
            "behaviour.mission_weight": st.floats(0.5, 3),
            "behaviour.risk_aversion": st.floats(0, 1),
            "behaviour.others_weight": st.floats(0, 1),
            "effects.partial": st.sampled_from([0.0, 0.4, 1.0]),
            "handling.evaluation_lag": st.integers(-6, 6),
            "handling.start_lag": st.integers(0, 2),
            "handling.idea_test": st.integers(0, 40),
            "handling.patience": st.integers(1, 24),
            "municipality.capacity": st.floats(1, 4),
        }
    ),
    replication=st.integers(0, 1000),
)
def test_what_ifs_come_out_as_one_by_one_in_their_time(
    everything: Registry,
    policy: str,
    change: int,
    behaviour: str,
    off: set[str],
    values: Mapping[str, float],
    replication: int,
) -> None:
    """So they are for changed policies, under any behaviour, mechanisms and parameters."""
    changed = everything.policy(policy, CHANGES[policy][:change])
    around = scenario("default").changed(values)
    design = comparison_design(
        everything, [changed], scenario=around, behaviour=behaviour, off=off, years=8
    )
    assert_both_ways_agree(design, range(replication, replication + 1))


def test_ideas_that_are_decided_first_come_out_as_one_by_one_in_their_time(
    everything: Registry,
) -> None:
    """So they are where the amount is decided later, with a lead time of its own."""
    later = ("procedure.decides_idea_first=true", "procedure.amount_lead_at_least=5",
             "procedure.amount_lead_at_most=9")  # fmt: skip
    changed = [everything.policy(id, later) for id in ("orebro@2016", "norrkoping@2010")]
    design = comparison_design(everything, changed, years=8)
    assert_both_ways_agree(design, range(3))


def test_an_amount_that_is_set_later_is_at_stake_as_it_then_is(
    everything: Registry, policy_of: Callable[..., FundPolicy]
) -> None:
    """What a committee loses on failure is of the project as it is granted, not as foreseen."""
    cited = {"cite": "guide: 3"}
    later = {"value": {"fact": "application.start_year", "at_least": 2027}, **cited}
    cap = {"kind": "cofunding_share", "at_least": Decimal("0.9"), "where": later, **cited}
    shared = policy_of(
        funding={"kind": "endowment", "amount": 900_000_000, **cited},
        procedure={
            "decides_idea_first": True,
            "windows_per_year": 1,
            "amount_lead_at_most": 20,
            **cited,
        },
        caps={"own": cap},
        return_model={"kind": "budget", **cited},
    )
    around = scenario("default").changed(
        {
            "ideas.attention": 1,
            "behaviour.mission_weight": 5,
            "behaviour.priority_loss": 1,
            "municipality.capacity": 100,
        }
    )
    design = comparison_design(everything, [shared], scenario=around, years=8)
    assert_both_ways_agree(design, range(2))


class Ranks:
    """A behaviour to which some projects are worth nothing that can be compared."""

    name = "ranks"
    words = LocalizedText(sv="rangordnar", en="ranks")

    def __init__(self, otherwise: float) -> None:
        self.otherwise = otherwise

    def given(self, parameters: Mapping[str, float]) -> Ranks:
        return self

    def applies(self, prospect: Prospect) -> bool:
        return True

    def worth(self, prospect: Prospect) -> float:
        return prospect.luck if prospect.effort < 100_000 else self.otherwise


@pytest.mark.parametrize("otherwise", [float("nan"), float("-inf")])
def test_tracks_of_no_worth_are_chosen_as_one_by_one_in_their_time(
    everything: Registry, otherwise: float
) -> None:
    """Also where a behaviour gives minus infinity, or what is no number."""
    three = everything.policy("examples/what-ifs/three-tracks.toml")
    design = comparison_design(everything, [three], behaviour=Ranks(otherwise), years=4)
    assert_both_ways_agree(design, range(2))


def test_only_ideas_that_are_chosen_become_processes(
    everything: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An idea that its committee does not want to apply with takes no event."""
    ran: list[int] = []
    run = idea_process.IdeaProcess.run

    def counted(self: idea_process.IdeaProcess) -> idea_process.Flow:
        ran.append(self.idea.number)
        return run(self)

    monkeypatch.setattr(idea_process.IdeaProcess, "run", counted)
    design = comparison_design(everything, ["orebro@2016"])
    portfolio = design.portfolio(0, 0)
    assert ran == [life.idea.number for life in portfolio.lives if life.chosen]
    assert 0 < len(ran) < len(portfolio.lives)


_UNLUCKY = 0.75


@frozen
class Fails:
    """A behaviour whose own code raises where it sees a certain piece of luck."""

    name = "fails"
    words = LocalizedText(sv="misslyckas", en="fails")

    def given(self, parameters: Mapping[str, float]) -> Fails:
        return self

    def applies(self, prospect: Prospect) -> bool:
        if prospect.luck == _UNLUCKY:
            raise ZeroDivisionError("a mistake in a plugin")
        return True


def test_a_plugin_that_raises_does_so_in_its_time(
    everything: Registry, lived: Callable[..., Portfolio], idea: Callable[..., Idea]
) -> None:
    """What never comes about as the simulation ends before it is no failure."""
    policy, usual = everything.policy("norrkoping@2010"), idea()
    fails = evolve(usual, number=1, arises=12, luck={**usual.luck, "choice": _UNLUCKY})
    late = evolve(fails, arises=100)
    assert lived(policy, usual, late, behaviour=Fails()).lives[0].chosen
    with pytest.raises(ZeroDivisionError, match="a mistake in a plugin"):
        lived(policy, usual, fails, behaviour=Fails())


@frozen(kw_only=True)
class Refuses(ReturnFlow):
    """A return model whose own code raises where an effect is large."""

    kind = "refuses"

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        if (investment.effect or 0) > 1_000_000_00:
            raise ZeroDivisionError("a mistake in a plugin")
        return super().settle(investment, write_down)


@pytest.mark.parametrize("proof", ["whole", "each"])
def test_a_part_that_raises_of_one_idea_fails_no_other_replication(
    everything: Registry, policy_of: Callable[..., FundPolicy], proof: str
) -> None:
    """Of replications that are worked out together each has the result that it has alone."""
    model = {"kind": "refuses", "share": 1, "begins": "plan", "cite": "guide: 3"}
    few = scenario("default").changed({"ideas.stock": 0, "ideas.flow": 0.5})
    around = few.assuming((f"structure.proof={proof}",))
    policy = policy_of(parts=[Refuses], return_model=model)
    setup = comparison_design(everything, [policy], scenario=around, years=4).setup(0)

    def outcome(world: World, setup: ReplicationSetup) -> object:
        try:
            return what_became(simulate(setup, world, 4))
        except ZeroDivisionError as error:
            return str(error)

    together = worlds(around, 4, 1, range(12), ALL_ON)
    found = [outcome(each, setup) for each in together]
    alone = [world(around, 4, 1, number, ALL_ON) for number in range(12)]
    assert found == [outcome(each, evolve(setup, scalar=True)) for each in alone]
    assert 0 < found.count("a mistake in a plugin") < 12


def test_an_idea_whose_test_comes_after_the_end_is_not_considered(
    everything: Registry, lived: Callable[..., Portfolio], idea: Callable[..., Idea]
) -> None:
    """It was prepared, and no more is known of it."""
    policy = everything.policy("orebro@2016")
    around = scenario("default").changed({"ideas.attention": 1, "handling.idea_test": 12})
    (life,) = lived(policy, idea(arises=65), around=around).lives
    assert life.applied_for > 0
    assert (life.considered, life.chosen, life.stopped) == (None, None, None)


def test_the_reference_engine_considers_every_idea_in_its_time(everything: Registry) -> None:
    """Nothing is worked out ahead where durable-rules decides, or where somebody observes."""
    usual = comparison_design(everything, ["orebro@2016"]).setup(0)
    reference = attrs.evolve(usual.adapter, engine="durable")
    assert usual.ahead
    assert not ReplicationSetup(reference, usual.behaviour).ahead
    assert not evolve(usual, observers=(lambda event: None,)).ahead


def test_an_observer_sees_an_idea_that_is_not_chosen(everything: Registry) -> None:
    """The events of all that comes about are published, also of what comes to nothing."""
    seen: list[Step] = []
    design = comparison_design(everything, ["orebro@2016"])
    design.portfolio(0, 0, lambda event: seen.append(event.step))
    assert {Step.ARISES, Step.FORESEEN_REFUSAL, Step.REFRAINS} <= set(seen)


def test_an_investment_is_paid_in_one_entry_that_sums_its_months(
    everything: Registry, lived: Callable[..., Portfolio], idea: Callable[..., Idea]
) -> None:
    """Of one that still runs at the end, what has been paid by then is booked."""
    policy = everything.policy("norrkoping@2010")
    for years in (2, 6):
        once, monthly = (lived(policy, idea(), years=years, scalar=way) for way in (False, True))
        paid = [each for each in once.ledger.postings if each.reason == "payment"]
        by_month = [each for each in monthly.ledger.postings if each.reason == "payment"]
        assert len(paid) == 1 < len(by_month)
        assert paid[0].amount == sum(each.amount for each in by_month)
        assert paid[0].date == by_month[-1].date


@pytest.mark.parametrize("policy", ["orebro@2016", "norrkoping@2022", "sodertalje@2015"])
def test_balances_by_the_books_are_those_at_each_months_end(
    everything: Registry, policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left is read off the postings afterwards, as it would have been read each month."""
    read: list[int] = []
    clock = Fund.clock

    def reading(fund: Fund) -> Iterator[Any]:
        yield fund.env.timeout(0.5)
        while True:
            read.append(fund.ledger.available)
            yield fund.env.timeout(1)

    def watched(fund: Fund) -> Iterator[Any]:
        fund.env.process(reading(fund))  # type: ignore[arg-type]  # a generator
        return clock(fund)

    monkeypatch.setattr(Fund, "clock", watched)
    portfolio = comparison_design(everything, [policy]).portfolio(0, 3)
    assert len(set(read)) > 3
    assert list(portfolio.balances) == read
