"""The life of an investment: windows, queues, capacity, patience, what goes back."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from sifrules import Event, FundPolicy, Idea, Portfolio
from sifrules.plugin.simulation import Step
from sifrules.values.dates import Month
from sifrules.values.messages import Message
from sifrules.values.money import Amount
from sifrules.values.text import LANGUAGES
from sifrules_simulation.model.events import EventPublisher
from sifrules_simulation.model.measures import MEASURES, foreseen_refusals, refusals, undecided
from sifrules_simulation.model.scenarios import Scenario

CITED = {"cite": "guide: 3"}
BUDGET = {"kind": "budget", **CITED}


def _fund(amount: int, **more: Any) -> dict[str, Any]:
    return {"kind": "endowment", "amount": amount, **CITED, **more}


@pytest.fixture(scope="session")
def budget(policy_of: Callable[..., FundPolicy]) -> Callable[..., FundPolicy]:
    """Makes a toy policy without return and with five million to give."""

    def make(**tables: object) -> FundPolicy:
        return policy_of(**{"funding": _fund(5_000_000), "return_model": BUDGET, **tables})

    return make


def _granted_in(portfolio: Portfolio) -> list[int | None]:
    return [life.granted_in for life in portfolio.lives]


def test_applications_are_taken_in_windows(
    budget: Callable[..., FundPolicy], idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """With two windows a year, one that is ready in month 7 is taken in month 12."""
    policy = budget(procedure={"windows_per_year": 2, **CITED})
    assert _granted_in(lived(policy, idea(arises=1))) == [12]
    assert _granted_in(lived(budget(), idea(arises=1))) == [7]


@pytest.mark.parametrize(("begins", "granted"), [("2020-01", 8), ("2020-05", 10), ("2020-02", 7)])
def test_applications_are_taken_in_the_months_in_which_they_close(
    budget: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    plain: Scenario,
    begins: str,
    granted: int,
) -> None:
    """By the calendar: one that is ready in month 7 is taken in the next March or September."""
    policy = budget(procedure={"closing": [3, 9], **CITED})
    around = evolve(plain, begins=Month.parse(begins))
    assert _granted_in(lived(policy, idea(arises=1), around=around)) == [granted]


def test_a_fourth_investment_waits_for_the_next_year_under_a_cap_of_three(
    budget: Callable[..., FundPolicy], idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """Örebro's cap: the queue moves on when the year turns; without caps nobody waits."""
    cap = {"new": {"kind": "new_investments_per_year", "limit": 3, **CITED}}
    policy = budget(caps=cap, funding=_fund(50_000_000))
    four = [idea(number) for number in range(4)]
    assert _granted_in(lived(policy, *four)) == [6, 6, 6, 12]
    assert _granted_in(lived(policy, *four, off=("cap",))) == [6, 6, 6, 6]


def test_a_smaller_application_passes_one_that_the_money_does_not_reach(
    budget: Callable[..., FundPolicy], idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """First come, first served, but money that lies idle may go to the next in the queue."""
    policy = budget(funding=_fund(3_000_000))
    first, second = idea(0, cost=200_000_000), idea(1, cost=200_000_000, arises=0)
    third = idea(2, cost=50_000_000, arises=2)
    assert _granted_in(lived(policy, first, second, third)) == [6, None, 8]


def test_a_committee_waits_for_money_only_so_long(
    budget: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    plain: Scenario,
) -> None:
    """When the fund is empty an idea is shelved after the patience of the scenario."""
    policy = budget(funding=_fund(1_300_000))
    around = plain.changed({"handling.patience": 12})
    portfolio = lived(policy, idea(0), idea(1, arises=8), around=around)
    assert [life.stopped for life in portfolio.lives] == [None, Step.SHELVED]
    portfolio = lived(policy, idea(0), idea(1, arises=8), around=around, off=("depletion",))
    assert _granted_in(portfolio) == [6, 14]


def test_money_that_comes_back_lets_others_apply(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """A fund that a return refills grants a second investment; one that is spent does not."""
    model = {"kind": "return_flow", "share": 1, "begins": "plan", **CITED}
    ideas = idea(0), idea(1, arises=15, cost=40_000_000)
    funding = _fund(1_200_000)
    refilled = policy_of(funding=funding, return_model=model)
    assert _granted_in(lived(refilled, *ideas)) == [6, 24 + 6]
    spent = policy_of(funding=funding, return_model=BUDGET)
    assert _granted_in(lived(spent, *ideas)) == [6, None]


def test_a_committee_runs_no_more_than_it_has_capacity_for(
    budget: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    plain: Scenario,
) -> None:
    """The next application is written when a project has ended; other committees go on."""
    around = plain.changed({"municipality.capacity": 1})
    ideas = idea(0), idea(1), idea(2, committee=1)
    assert _granted_in(lived(budget(), *ideas, around=around)) == [6, 18 + 6, 6]


def test_what_is_not_used_goes_back_to_the_fund_and_is_no_return(
    budget: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    plain: Scenario,
) -> None:
    """Half of the grant is used; the rest is free again when the project ends."""
    around = plain.changed({"handling.spent_least": 0.5})
    luck = {**idea().luck, "spent": 0.0}
    portfolio = lived(budget(), idea(luck=luck), around=around)
    assert portfolio.balances[17] == 380_000_000
    assert portfolio.balances[18] == 440_000_000
    assert portfolio.ledger.balance("paid") == 0


def test_a_project_may_start_some_time_after_it_is_granted(
    budget: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    plain: Scenario,
) -> None:
    """Granted in the sixth month as ever; what is left over goes back five months later."""
    around = plain.changed({"handling.start_lag": 5, "handling.spent_least": 0.5})
    luck = {**idea().luck, "spent": 0.0}
    portfolio = lived(budget(), idea(luck=luck), around=around)
    (life,) = portfolio.lives
    assert (life.granted_in, life.ended_in) == (6, 6 + 5 + 12)
    assert portfolio.balances[22] == 380_000_000
    assert portfolio.balances[23] == 440_000_000


@pytest.mark.parametrize(("lag", "month"), [(6, 18 + 6), (0, 18), (-3, 15), (-30, 7)])
def test_an_evaluation_may_be_made_before_the_project_ends(
    budget: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    plain: Scenario,
    lag: int,
    month: int,
) -> None:
    """But not before it has run a month; it ends when it would have ended."""
    around = plain.changed({"handling.evaluation_lag": lag})
    (life,) = lived(budget(), idea(), around=around).lives
    assert (life.evaluated_in, life.ended_in) == (month, 18)


def test_an_early_evaluation_claims_what_a_late_one_claims(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    plain: Scenario,
) -> None:
    """The effect is found over its whole lifetime, whenever it is evaluated."""
    flow = {"kind": "return_flow", "share": Decimal(1), "bounded_by_effect": True, **CITED}
    policy = policy_of(funding=_fund(5_000_000), return_model=flow)
    paid = [
        lived(policy, idea(), years=10, around=around).ledger.balance("paid")
        for lag in (-3, 6)
        for around in [plain.changed({"handling.evaluation_lag": lag})]
    ]
    assert paid[0] == paid[1] != 0


def test_the_rule_that_refuses_is_recorded(
    budget: Callable[..., FundPolicy], idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """One area is refused by the toy's criterion; nobody who knows it applies."""
    one_area = idea(facts={**idea().facts, "application.areas": 1})
    (life,) = lived(budget(), one_area).lives
    assert (life.stopped, life.foreseen_by) == (Step.FORESEEN_REFUSAL, ("criteria.areas",))
    assert not life.refused_by
    (life,) = lived(budget(procedure={"idea_test": True, **CITED}), one_area).lives
    assert (life.stopped, life.refused_by) == (Step.IDEA_TEST, ("criteria.areas",))


def test_who_does_not_know_the_rules_applies_and_is_refused(
    budget: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    plain: Scenario,
) -> None:
    """Without an idea test the application itself is refused, with the rule."""
    one_area = idea(facts={**idea().facts, "application.areas": 1})
    around = plain.changed({"behaviour.knows_rules": 0})
    (life,) = lived(budget(), one_area, around=around).lives
    assert (life.applied, life.stopped) == (6, Step.DECIDED)
    assert life.refused_by == ("criteria.areas",)
    assert not life.foreseen_by
    assert life.refused


def test_what_cannot_be_decided_is_no_refusal(
    budget: Callable[..., FundPolicy], idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """An application that lacks what a rule reads stops at that rule, and is counted apart."""
    facts = {name: value for name, value in idea().facts.items() if name != "application.areas"}
    portfolio = lived(budget(), idea(facts=facts))
    (life,) = portfolio.lives
    assert (life.applied is not None, life.stopped) == (True, Step.DECIDED)
    assert (life.undecided_by, life.refused_by) == (("criteria.areas",), ())
    assert (undecided(portfolio), refusals(portfolio), foreseen_refusals(portfolio)) == (1, 0, 0)
    assert not life.refused


def test_a_project_is_cut_to_a_cap_on_its_amount(
    budget: Callable[..., FundPolicy], idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """What asks for too much asks for half; a fact of cost alone can be met by asking less."""
    cap = {"amount": {"kind": "amount_per_investment", "limit": 700_000, **CITED}}
    (life,) = lived(budget(caps=cap), idea()).lives
    assert (life.applied_for, life.scale, life.granted) == (60_000_000, 0.5, True)


def test_a_fund_that_is_not_there_is_not_applied_to(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """Everyone knows that there is no fund."""
    policy = policy_of(funding={"kind": "none", **CITED}, return_model=BUDGET)
    portfolio = lived(policy, idea())
    assert not portfolio.has_fund
    assert portfolio.lives[0].stopped is Step.FORESEEN_REFUSAL
    assert set(portfolio.balances) == {0}


def test_every_step_is_reported_in_order_with_its_month(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """The story of one investment from the idea to the last instalment."""
    reported: list[Event] = []
    model = {"kind": "return_flow", "share": 1, "begins": "plan", **CITED}
    lived(
        policy_of(return_model=model, funding=_fund(5_000_000)), idea(), watching=(reported.append,)
    )
    steps = [(event.month, event.step) for event in reported]
    assert steps == [
        (0, Step.SET_ASIDE),
        (0, Step.ARISES),
        (0, Step.CHOOSES),
        (6, Step.APPLIES),
        (6, Step.DECIDED),
        (6, Step.GRANTED),
        (6, Step.STARTS),
        (12, Step.HALF_TIME),
        (18, Step.ENDS),
        (24, Step.EVALUATED),
        (24, Step.IMPLEMENTED),
        (24, Step.CLAIMED),
        (24, Step.PAID),
        (30, Step.PAID),
        (42, Step.PAID),
    ]
    assert all(event.citations for event in reported if event.step in (Step.CLAIMED, Step.PAID))


def test_an_event_holds_a_code_and_numbers_and_no_sentence(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """Words come with presentation, in both languages; amounts and months stay numbers."""
    events: list[Event] = []
    lived(policy_of(funding=_fund(5_000_000)), idea(), watching=(events.append,))
    assert {event.what.code for event in events} == {f"event.{event.step}" for event in events}
    by_step = {event.step: event for event in events}
    arises = by_step[Step.ARISES].what.arguments["about"]
    assert (arises.code, arises.arguments["months"]) == ("event.idea", 12)
    assert by_step[Step.GRANTED].what.arguments["amount"] == Amount(120_000_000)
    assert by_step[Step.EVALUATED].what.arguments["about"] == Message("event.outcome_as_hoped")
    seen = by_step[Step.CHOOSES].what.arguments["about"].arguments
    assert seen.keys() == {"human", "savings", "claims", "effort"}
    assert all(isinstance(amount, Amount) for amount in seen.values())


@pytest.mark.parametrize("step", Step)
def test_every_step_has_its_words(step: Step) -> None:
    """No event is shown by its code, in either language."""
    events: list[Event] = []
    EventPublisher((events.append,)).publish(0, step, amount=100, about=Amount(200))
    (event,) = events
    for language in LANGUAGES:
        assert not event.what.text(language).startswith("event.")


def test_a_yearly_pot_lapses_and_begins_again(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """What is not granted in a year lapses, and the year after gets a whole pot."""
    pot = {"kind": "yearly_pot", "amount": 2_000_000, **CITED}
    portfolio = lived(policy_of(funding=pot, return_model=BUDGET), idea(), years=3)
    assert portfolio.balances[5] == 200_000_000
    assert portfolio.balances[11:13] == [80_000_000, 200_000_000]
    assert portfolio.put_in == [200_000_000] * 3
    lapsed = [each.amount for each in portfolio.ledger.postings if each.reason == "lapsed"]
    assert lapsed == [80_000_000, 200_000_000]
    used = {each.name: each.of(portfolio) for each in MEASURES}["money_used"]
    assert used == 120_000_000 / 600_000_000


def test_a_failing_idea_is_as_likely_as_drawn_and_less_so_with_more_at_stake(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    plain: Scenario,
) -> None:
    """Where the committee bears no risk it may give the work less priority."""
    around = plain.changed({"behaviour.priority_loss": 0.3})
    close = evolve(idea(), success=0.6, luck={**idea().luck, "outcome": 0.5})
    model = {"kind": "return_flow", "share": 1, "begins": "plan", **CITED}
    funding = _fund(5_000_000)
    bears = lived(policy_of(return_model=model, funding=funding), close, around=around)
    does_not = lived(policy_of(return_model=BUDGET, funding=funding), close, around=around)
    assert [bears.lives[0].outcome, does_not.lives[0].outcome] == ["as_hoped", "fails"]
