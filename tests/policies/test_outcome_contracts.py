"""Outcome contracts and payments on target: what is owed for sure, what follows the outcome."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given, strategies as st

from sifrules import (
    Citation,
    ClaimKind,
    Investment,
    Ledger,
    Month,
    PartialDate,
    ReductionKind,
    SifError,
    ore,
)
from sifrules.testing import toy_policy
from sifrules.testing.invariants import instalment_faults, money_faults
from sifrules.values.money import Ore, share_of
from sifrules_policies import OnFailureToNothing, OutcomeContract, PaymentOnTarget, ReturnFlow

CITED = {"": Citation("A contract", place="4")}
COST = ore(10_000_000)
SHARES = st.decimals(0, 1, places=4)
TENFOLD = st.decimals(0, 10, places=4)
REACHED = "investment.target_reached"


def _contract(**stated: Any) -> OutcomeContract:
    terms = {
        "certain": Decimal("0.4"),
        "split": Decimal("0.6"),
        "break_even": Decimal("0.4"),
        "split_after": Decimal(1),
        "ceiling": Decimal("1.2"),
        "financier": "Example Ventures",
    }
    return OutcomeContract(path="return_model", sources=CITED, **{**terms, **stated})


def _investment(**known: Any) -> Investment:
    return Investment(**{"cost": COST, "start": Month(2016, 8), "months": 24, **known})


@pytest.mark.parametrize(
    ("saved", "back"), [(0, 4), (2, "5.2"), (4, "6.4"), (8, "10.4"), (10, 12), (40, 12)]
)
def test_a_contract_pays_the_certain_part_and_a_share_of_what_is_saved(
    saved: int, back: Any
) -> None:
    """Ten million put in, 40 % sure, 60 öre of each krona to break-even, at most 20 % more."""
    settlement = _contract().settle(_investment(effect=ore(saved * 1_000_000)), None)
    assert settlement.total == ore(Decimal(back) * 1_000_000)
    assert settlement.complete
    assert {claim.payee for claim in settlement.claims} == {"Example Ventures"}


def test_before_anything_is_measured_the_certain_part_is_owed_and_the_rest_open() -> None:
    """Four million, and at most eight more."""
    settlement = _contract().settle(_investment(), None)
    assert (settlement.total, settlement.complete) == (ore(4_000_000), False)
    assert settlement.rest is not None
    assert settlement.rest.at_most == ore(8_000_000)


def test_a_contract_without_a_certain_part_cannot_be_told_before_it_is_measured() -> None:
    """Nothing is claimed, and nothing is guessed."""
    settlement = _contract(certain=None).settle(_investment(), None)
    assert (settlement.claims, settlement.settled) == ((), False)


def test_a_write_down_leaves_the_certain_part() -> None:
    """What is owed whatever comes out is owed of a failure too."""
    project = _investment(failed=True)
    settlement = _contract().settle(project, OnFailureToNothing(sources=CITED))
    assert settlement.total == ore(4_000_000)


@pytest.mark.parametrize(
    "wrong",
    [
        {"break_even": None},
        {"split_after": None},
        {"ceiling": Decimal("0.3")},
        {"ceiling": Decimal(11)},
        {"split": Decimal("1.1")},
    ],
    ids=str,
)
def test_terms_that_contradict_or_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    """When the contract is read."""
    with pytest.raises(SifError):
        _contract(**wrong)


@st.composite
def _contracts(draw: st.DrawFn) -> OutcomeContract:
    """Any contract that could be stated."""
    turns = draw(st.booleans())
    certain, ceiling = draw(st.none() | SHARES), draw(st.none() | TENFOLD)
    assume(ceiling is None or (certain or 0) <= ceiling)
    return _contract(
        certain=certain,
        split=draw(SHARES),
        break_even=draw(TENFOLD) if turns else None,
        split_after=draw(SHARES) if turns else None,
        ceiling=ceiling,
        exemption="council",
    )


_PROJECTS = st.builds(
    _investment,
    cost=st.integers(0, 10**11),
    effect=st.none() | st.integers(-(10**11), 10**12),
    failed=st.booleans(),
    gains=st.dictionaries(
        st.sampled_from(["school", "social", "culture"]), st.decimals("0.0001", 1, places=4)
    ),
)


@given(_contracts(), _PROJECTS)
def test_what_is_paid_back_lies_between_the_certain_part_and_the_ceiling(
    model: OutcomeContract, project: Investment
) -> None:
    """No claim is below zero, and a rest is never more than the ceiling leaves."""
    settlement = model.settle(project, None)
    sure = share_of(project.cost, model.certain or Decimal(0))
    assert all(claim.amount > 0 for claim in settlement.claims)
    if settlement.settled:
        assert settlement.total >= sure
    if model.ceiling is not None:
        most = share_of(project.cost, model.ceiling)
        rest = settlement.rest.at_most or 0 if settlement.rest else 0
        assert settlement.total + rest <= max(sure, most)


@given(_contracts(), _PROJECTS, st.integers(0, 10**11))
def test_more_saved_never_lowers_what_is_paid_back(
    model: OutcomeContract, project: Investment, more: int
) -> None:
    """Nor does any krona saved give more than itself."""
    effect = project.effect or 0
    low = evolve(project, failed=False, effect=Ore(effect))
    high = evolve(project, failed=False, effect=Ore(effect + more))
    gained = model.settle(high, None).total - model.settle(low, None).total
    assert 0 <= gained <= more + 2  # each side of the break-even is rounded to whole öre


@given(_contracts(), _PROJECTS)
def test_an_exempted_contract_gives_up_what_it_would_have_claimed(
    model: OutcomeContract, project: Investment
) -> None:
    """To the öre, also of one that is only settled in part."""
    owed = model.settle(project, None).total
    settlement = model.settle(evolve(project, exempt=True), None)
    assert settlement.claims == ()
    assert settlement.of(ReductionKind.EXEMPTED) == owed


@pytest.mark.parametrize(
    "table",
    [
        {"kind": "outcome_contract", "certain": 0.4, "split": 0.6, "ceiling": 1.2},
        {"kind": "payment_on_target", "share": 1.1, "certain": 0.4},
        {"kind": "payment_on_target", "share": 1.1, "saved": 0.5},
        {
            "kind": "return_flow",
            "share_by_delay": [{"within": 24, "share": 1}],
            "interest": 0.03,
            "interest_from": "start",
        },
    ],
    ids=lambda table: str(table["kind"]),
)
def test_the_test_kits_laws_of_money_hold(table: dict[str, Any]) -> None:
    """Sums are exact to the öre, however they are shared, spread, written down or exempted."""
    exact = {
        key: Decimal(str(value)) if isinstance(value, float) else value
        for key, value in table.items()
    }
    policy = toy_policy(return_model={**exact, "cite": "guide: 3", "exemption": "council"})
    projects = [
        _investment(cost=Ore(cost), effect=effect, effects_begin=Month(2017, 1), facts=facts)
        for cost in (1, 99, COST)
        for effect in (None, 0, 7, COST // 3, 2 * COST)
        for facts in ({}, {REACHED: True}, {REACHED: False})
    ]
    assert [*money_faults(policy, projects, lambda _: None)] == []
    assert [*instalment_faults(policy, projects)] == []


# --- payment on target --------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "back", "complete"),
    [({}, 4, False), ({REACHED: True}, 15, True), ({REACHED: False}, 4, True)],
)
def test_a_payment_on_target_follows_the_fact(
    facts: dict[str, Any], back: int, complete: bool
) -> None:
    """The certain part in any case; the rest is open while nobody knows."""
    model = PaymentOnTarget(sources=CITED, share=Decimal("1.1"), certain=Decimal("0.4"))
    settlement = model.settle(_investment(facts=facts), None)
    assert (settlement.total, settlement.complete) == (ore(back * 1_000_000), complete)


@pytest.mark.parametrize(("saved", "back"), [(49, 0), (50, 11), (51, 11)])
def test_a_target_may_be_a_saving(saved: int, back: int) -> None:
    """Reached at the very amount that is stated."""
    model = PaymentOnTarget(sources=CITED, share=Decimal("1.1"), saved=Decimal("0.5"))
    assert model.settled_by == ()
    settlement = model.settle(_investment(effect=ore(saved * 100_000)), None)
    assert settlement.total == ore(back * 1_000_000)


# --- share by delay, and interest ---------------------------------------------------


def _delayed(**stated: Any) -> ReturnFlow:
    policy = toy_policy(
        return_model={
            "kind": "return_flow",
            "cite": "guide: 3",
            "share_by_delay": [{"within": 24, "share": 1}, {"within": 48, "share": Decimal("0.5")}],
            **stated,
        }
    )
    model = policy.return_model
    assert isinstance(model, ReturnFlow)
    return model


@pytest.mark.parametrize(("delay", "back"), [(0, 10), (24, 10), (25, 5), (48, 5), (49, 0)])
def test_a_share_may_fall_with_the_delay(delay: int, back: int) -> None:
    """From the start until costs begin to fall; past the last time nothing is returned."""
    project = _investment(effects_begin=Month(2016, 8) + delay)
    assert _delayed().settle(project, None).total == ore(back * 1_000_000)


def test_a_share_by_delay_is_open_until_costs_begin_to_fall() -> None:
    """It is not taken to be any of the shares."""
    assert not _delayed().settle(_investment(), None).settled


def test_interest_is_simple_and_runs_until_each_instalment_is_due() -> None:
    """Two percent a year on 5 million a year and two years after the end: 0.1 and 0.2 million."""
    model = _delayed(interest=Decimal("0.02"), interest_from="end", begins="plan")
    end = Month(2018, 8)
    project = _investment(effects_begin=end, return_from=end + 12, return_months=24)
    claims = model.settle(project, None).claims
    assert [
        (str(claim.due), claim.amount // 100)
        for claim in claims
        if claim.kind is ClaimKind.INTEREST
    ] == [("2019-08", 100_000), ("2020-08", 200_000)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"share": 1},
        {"share_by_delay": []},
        {"share_by_delay": [{"within": 24, "share": 1}, {"within": 24, "share": 0}]},
        {"share_by_delay": [{"within": 24, "share": 2}]},
        {"interest": Decimal("0.02")},
        {"interest_from": "end"},
    ],
    ids=str,
)
def test_delays_and_interest_that_contradict_are_refused(wrong: dict[str, Any]) -> None:
    """When the guideline is read."""
    with pytest.raises(SifError):
        _delayed(**wrong)


# --- the ledger ---------------------------------------------------------------------


def test_a_financier_from_outside_is_a_party_in_the_ledger() -> None:
    """It puts in ten million and is paid twelve; the fund gets nothing of it."""
    books, year = Ledger(), PartialDate.parse("2016")
    books.finance(year, COST, "Example Ventures")
    books.grant(year, "Team", COST)
    books.pay_out(year, "Team", COST)
    settlement = _contract().settle(_investment(effect=COST), None)
    books.claim(year, "Team", settlement.total)
    for claim in settlement.claims:
        books.pay(year, "Team", claim.amount, "social committee", payee=claim.payee)
    books.check()
    assert books.balance("financiers", "Example Ventures") == ore(2_000_000)
    assert (books.available, books.balance("frames")) == (0, -ore(12_000_000))
