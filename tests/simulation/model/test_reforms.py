"""A portfolio through a reform: decided by the rules of the day, settled by those of the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import given, settings, strategies as st

from sifrules import FundPolicy, Idea, LocalizedText, Portfolio, Prospect, Registry
from sifrules.plugin.timelines import timeline
from sifrules.policy.binding import Binding
from sifrules.policy.fund_policy import Reform
from sifrules.policy.timeline import with_reforms
from sifrules_simulation import compare, scenario
from sifrules_simulation.model.scenarios import Scenario

CITED = {"cite": "guide: 3"}
FUND = {"kind": "endowment", "amount": 5_000_000, **CITED}
RETURN = {"kind": "return_flow", "share": 1, "begins": "plan", **CITED}
BUDGET = {"kind": "budget", **CITED}
#: An idea of 1 200 000 kronor arises in a month, is granted six months on, runs for twelve and is
#: evaluated six months after that; what it returns comes then, and 24 and 36 months after the end.
COST = 1_200_000


def _reformed(
    before: FundPolicy, after: FundPolicy, month: int, binding: Binding | None = None
) -> FundPolicy:
    """A policy with a reform in a simulated month."""
    since = scenario("default").begins + month
    return with_reforms(before, [Reform(since, after)], "toy@reformed", binding or Binding())


@pytest.fixture
def two(policy_of: Callable[..., FundPolicy]) -> tuple[FundPolicy, FundPolicy]:
    """The same fund with a return flow and without."""
    return (
        policy_of(funding=FUND, return_model=RETURN),
        policy_of(funding=FUND, return_model=BUDGET),
    )


def test_what_was_granted_before_returns_by_the_old_rules_and_what_comes_after_does_not(
    two: tuple[FundPolicy, FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """Every month's balance is the one worked out by hand."""
    first, second = idea(), evolve(idea(), number=1, arises=10)
    portfolio = lived(_reformed(*two, month=12), first, second)
    moves = {6: -COST, 16: -COST, 24: 400_000, 30: 400_000, 42: 400_000}
    balance, expected = 5_000_000, []
    for month in range(72):
        balance += moves.get(month, 0)
        expected.append(100 * balance)
    assert list(portfolio.balances) == expected
    assert [life.claims for life in portfolio.lives] == [3, 0]


@pytest.mark.parametrize(
    ("binding", "returned"),
    [
        (Binding(), COST),
        (Binding(investment="grant"), COST),
        (Binding(investment="end"), 0),
        (Binding(claim="due"), 0),
    ],
)
def test_which_rules_bind_a_running_investment_and_its_claims_can_be_chosen(
    two: tuple[FundPolicy, FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    binding: Binding,
    returned: int,
) -> None:
    """Those of its start by default; those of its end, or of the day when a claim is due."""
    portfolio = lived(_reformed(*two, month=12, binding=binding), idea())
    assert portfolio.balances[-1] // 100 == 5_000_000 - COST + returned
    assert portfolio.ledger.balance("outstanding") == 0


def test_claims_that_are_due_before_the_reform_are_paid(
    two: tuple[FundPolicy, FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """Where claims not yet due fall away, the others have been paid."""
    portfolio = lived(_reformed(*two, month=28, binding=Binding(claim="due")), idea())
    assert portfolio.balances[-1] // 100 == 5_000_000 - COST + 400_000
    assert portfolio.ledger.balance("exempted") // 100 == 800_000


def test_a_reform_after_the_evaluation_leaves_what_it_settled(
    two: tuple[FundPolicy, FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    plain: Scenario,
) -> None:
    """Evaluated two months before its end, and the rules change in between: the claims stand."""
    around = plain.changed({"handling.evaluation_lag": -2})
    binding = Binding(investment="end")
    portfolio = lived(_reformed(*two, month=17, binding=binding), idea(), around=around)
    assert portfolio.balances[-1] // 100 == 5_000_000
    fallen = Binding(investment="end", claim="due")
    portfolio = lived(_reformed(*two, month=17, binding=fallen), idea(), around=around)
    assert portfolio.ledger.balance("exempted") // 100 == COST


def test_a_guideline_that_exempts_what_is_running_goes_before_the_binding(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """No more is returned, whatever the rules of the start say."""
    before = policy_of(funding=FUND, return_model=RETURN)
    after = policy_of(funding=FUND, return_model={**BUDGET, "running": "exempted"})
    portfolio = lived(_reformed(before, after, month=12), idea())
    assert portfolio.balances[-1] // 100 == 5_000_000 - COST


def test_a_transitional_provision_leaves_what_started_before_to_the_earlier_return(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """Also where investments are otherwise settled by the rules of their end."""
    year = scenario("default").begins.year
    provision = {"returns_before": str(year + 1), "ends_after": str(year + 1), **CITED}
    before = policy_of(funding=FUND, return_model=RETURN)
    after = policy_of(funding=FUND, return_model={**BUDGET, "transition": provision})
    portfolio = lived(_reformed(before, after, 12, Binding(investment="end")), idea())
    assert portfolio.balances[-1] // 100 == 5_000_000


def test_one_in_the_queue_is_decided_by_the_new_rules(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """A cap makes two wait; when it is lifted both are granted in that month."""
    few = {"few": {"kind": "new_investments_per_year", "limit": 1, **CITED}}
    before = policy_of(funding=FUND, return_model=BUDGET, caps=few)
    after = policy_of(funding=FUND, return_model=BUDGET)
    ideas = [evolve(idea(), number=number) for number in range(3)]
    portfolio = lived(_reformed(before, after, month=8), *ideas)
    assert sorted(life.granted_in or 0 for life in portfolio.lives) == [6, 8, 8]
    kept = lived(_reformed(before, after, 8, Binding(queue="begun")), *ideas)
    assert sorted(life.granted_in or 0 for life in kept.lives) == [6, 12, 24]


def test_one_in_the_queue_is_refused_where_the_new_rules_do_not_allow_it(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """Its criteria are tried again, as it is not decided yet."""
    few = {"few": {"kind": "new_investments_per_year", "limit": 1, **CITED}}
    many = {"areas": {"kind": "minimum_areas", "areas": 9, **CITED}}
    before = policy_of(funding=FUND, return_model=BUDGET, caps=few)
    after = policy_of(funding=FUND, return_model=BUDGET, criteria=many)
    ideas = [evolve(idea(), number=number) for number in range(2)]
    lives = lived(_reformed(before, after, month=8), *ideas).lives
    (refused,) = (life for life in lives if not life.granted)
    assert refused.refused_by == ("criteria.areas",)


@pytest.mark.parametrize(
    ("before", "after", "put_in"),
    [
        ({"amount": 5}, {"amount": 5}, [5, 0, 0]),
        ({"amount": 5}, {"amount": 8}, [5, 3, 0]),
        ({"amount": 5}, {"kind": "yearly_pot", "amount": 2, "rolls_over": True}, [5, 0, 2]),
        ({"kind": "yearly_pot", "amount": 2, "rolls_over": True}, {"amount": 9}, [2, 11, 0]),
    ],
)
def test_a_reform_changes_the_money_by_what_it_sets_aside(
    policy_of: Callable[..., FundPolicy],
    lived: Callable[..., Portfolio],
    before: dict[str, Any],
    after: dict[str, Any],
    put_in: list[int],
) -> None:
    """What comes once at the reform, by the difference; what comes each year at the new year."""
    funds = [
        policy_of(funding={"kind": "endowment", **CITED, **each}, return_model=BUDGET)
        for each in (before, after)
    ]
    portfolio = lived(_reformed(funds[0], funds[1], month=18), years=3)
    assert [amount // 100 for amount in portfolio.put_in] == put_in


def test_a_fund_that_is_lowered_gives_up_what_is_left(
    policy_of: Callable[..., FundPolicy], lived: Callable[..., Portfolio]
) -> None:
    """The difference leaves the fund in the month of the reform."""
    funds = [
        policy_of(funding={"kind": "endowment", "amount": amount, **CITED}, return_model=BUDGET)
        for amount in (8, 5)
    ]
    portfolio = lived(_reformed(funds[0], funds[1], month=18), years=3)
    assert [portfolio.balances[month] // 100 for month in (17, 18, 35)] == [8, 5, 5]


def test_where_the_new_rules_have_no_fund_what_is_left_leaves_it(
    policy_of: Callable[..., FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
) -> None:
    """And nothing can be applied for any more."""
    before = policy_of(funding=FUND, return_model=BUDGET)
    after = policy_of(funding={"kind": "none", **CITED}, return_model=None)
    portfolio = lived(_reformed(before, after, month=12), evolve(idea(), arises=10))
    assert portfolio.balances[12:] == [0] * 60
    assert not portfolio.lives[0].granted


# --- what committees expect ---------------------------------------------------------


@frozen
class Unclaimed:
    """A behaviour that applies where no claims are expected."""

    name = "unclaimed"
    words = LocalizedText(sv="utan krav", en="without claims")

    def given(self, parameters: Mapping[str, float]) -> Unclaimed:
        return self

    def applies(self, prospect: Prospect) -> bool:
        return prospect.expected("claims") == 0


@pytest.mark.parametrize(("lead", "granted"), [(0, None), (13, None), (14, 30), (30, 30)])
def test_a_committee_waits_for_rules_that_it_knows_of_in_time(
    two: tuple[FundPolicy, FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    plain: Scenario,
    lead: int,
    granted: int | None,
) -> None:
    """It arises in month 10, the return flow ends in month 24, and six months on it is granted."""
    around = plain.changed({"behaviour.announced": lead})
    policy = _reformed(*two, month=24)
    portfolio = lived(policy, evolve(idea(), arises=10), around=around, behaviour=Unclaimed())
    assert portfolio.lives[0].granted_in == granted


def test_a_project_that_would_start_under_announced_rules_is_not_delayed(
    two: tuple[FundPolicy, FundPolicy],
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    plain: Scenario,
) -> None:
    """It is settled by the rules of its start, so there is nothing to wait for."""
    around = plain.changed({"behaviour.announced": 12})
    policy = _reformed(*two, month=15)
    portfolio = lived(policy, evolve(idea(), arises=10), around=around, behaviour=Unclaimed())
    assert portfolio.lives[0].granted_in == 16


# --- laws ---------------------------------------------------------------------------


def _frame(result: Any) -> Any:
    return result.runs.drop("policy", "policy_hash", strict=False)


@pytest.mark.parametrize("policy", ["orebro@2016", "norrkoping@2022", "sodertalje@2015"])
def test_a_reform_to_the_same_rules_changes_nothing(policy: str, everything: Registry) -> None:
    """Every measure of every replication is the same to the last digit."""
    begins = scenario("default").begins
    towns = everything
    same = timeline(towns, policy, reforms=[f"{policy}:{begins + 30}"])
    plain, reformed = (
        compare([each], replications=6, years=6, jobs=1, registry=towns, keep=True)
        for each in (policy, same)
    )
    assert _frame(plain).equals(_frame(reformed))


def test_a_reform_in_the_last_month_changes_only_what_is_decided_in_it(
    everything: Registry,
) -> None:
    """All months before it are as without it."""
    begins, years = scenario("default").begins, 5
    towns = everything
    late = timeline(towns, "orebro@2016", reforms=[f"botkyrka@2018:{begins + (12 * years - 1)}"])
    plain, reformed = (
        compare([each], replications=6, years=years, jobs=1, registry=towns).balances
        for each in ("orebro@2016", late)
    )
    same = (plain["mean"] == reformed["mean"]).to_list()
    assert same[:-1] == [True] * (12 * years - 1)
    assert same[-1] is False


POLICIES = ("orebro@2013", "orebro@2016", "norrkoping@2022", "sodertalje@2015", "nynashamn@2018")


@settings(max_examples=12, deadline=None)
@given(
    base=st.sampled_from(POLICIES),
    then=st.lists(st.sampled_from(POLICIES), min_size=1, max_size=3),
    months=st.sets(st.integers(1, 70), min_size=3, max_size=3),
    investment=st.sampled_from(["start", "grant", "end"]),
    claim=st.sampled_from(["settled", "due"]),
)
def test_both_engines_agree_through_any_timeline_and_the_books_hold_together(
    everything: Registry,
    base: str,
    then: list[str],
    months: set[int],
    investment: str,
    claim: str,
) -> None:
    """The reference engine and the compiled one decide alike, before and after each reform."""
    pytest.importorskip("durable.lang", reason="without durable-rules there is one engine")
    begins = scenario("default").begins
    reforms = [
        f"{policy}:{begins + month}" for policy, month in zip(then, sorted(months), strict=False)
    ]
    policy = timeline(
        everything, base, reforms=reforms,
        binding=[f"investment={investment}", f"claim={claim}"],
    )  # fmt: skip
    durable, compiled = (
        compare(
            [policy], replications=1, years=6, jobs=1, engine=engine, check=True, keep=True
        ).runs
        for engine in ("durable", "compiled")
    )
    assert durable.equals(compiled)
