"""What return models and write-downs say of many investments is what they say of each."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pytest
from attrs import evolve, frozen
from hypothesis import given, strategies as st

from sifrules import Citation, Investment, Month
from sifrules.policy.columns import (
    InvestmentColumns,
    PayerColumns,
    array_method,
    instalments,
    padded,
    shares_of,
)
from sifrules.policy.parts import Slot
from sifrules.policy.settlement import Settlement
from sifrules.values.money import Ore, share_of, split
from sifrules_policies import (
    outcome_contracts,
    return_models,
    without_return,
    write_downs,
)
from sifrules_policies.outcome_contracts import OutcomeContract, OutcomeShare, PaymentOnTarget
from sifrules_policies.return_models import ReturnFlow
from sifrules_policies.share_by_delay import ShareWithin
from sifrules_policies.without_return import BudgetModel, CoFunding
from sifrules_policies.write_downs import (
    ByDecision,
    NoWriteDown,
    OnFailureToNothing,
    ToMeasuredEffect,
)

CITED: dict[str, Any] = {"path": "return_model", "sources": {"": Citation("Example guideline")}}
REACHED = "investment.target_reached"
MODELS = (*return_models.PARTS, *without_return.PARTS, *outcome_contracts.PARTS)

shares = st.decimals(0, 1, places=2)
maybe = st.none() | shares
ceilings = st.none() | st.decimals(1, 3, places=2)


@st.composite
def return_flows(draw: st.DrawFn) -> ReturnFlow:
    """A return flow with any clauses that go together, but for interest and a transition."""
    stated: dict[str, Any] = {
        "unmeasured": draw(st.sampled_from([None, "all", "nothing", "decision"]))
    }
    if draw(st.booleans()):
        stated["share"] = draw(maybe)
    else:
        stated["share_by_delay"] = tuple(
            ShareWithin(within=within, share=draw(shares)) for within in (6, 18, 40)
        )
    if draw(st.booleans()):
        stated |= {"bounded_by_effect": True, "floor": draw(maybe)}
        if stated["floor"] is not None:
            stated["floor_limits_write_down"] = draw(st.sampled_from([None, True, False]))
            stated["unmeasured"] = draw(st.sampled_from([stated["unmeasured"], "floor"]))
    if draw(st.booleans()):
        stated |= {"fee": draw(shares), "fee_place": draw(st.sampled_from(["on_top", "within"]))}
    stated["begins"] = draw(st.sampled_from([None, "effects", "deadline", "plan"]))
    if stated["begins"] == "deadline":
        stated["begins_within"] = draw(st.integers(1, 60))
    stated["lasts"] = draw(st.none() | st.integers(1, 120))
    stated["instalment_every"] = draw(st.none() | st.integers(1, 24))
    stated["comes_back"] = draw(st.sampled_from([None, "instalment", "closing"]))
    return ReturnFlow(**CITED, **stated)


@st.composite
def contracts(draw: st.DrawFn) -> OutcomeContract:
    """An outcome contract, with a break-even or without."""
    turn: dict[str, Any] = {}
    if draw(st.booleans()):
        turn = {"break_even": draw(shares), "split_after": draw(shares)}
    return OutcomeContract(
        **CITED, certain=draw(maybe), split=draw(shares), ceiling=draw(ceilings), **turn
    )


models = st.one_of(
    return_flows(),
    contracts(),
    st.builds(
        OutcomeShare, **{k: st.just(v) for k, v in CITED.items()}, split=shares, ceiling=ceilings
    ),
    st.builds(
        PaymentOnTarget,
        **{k: st.just(v) for k, v in CITED.items()},
        share=shares,
        certain=maybe,
        saved=st.none() | shares,
    ),
    st.just(BudgetModel(**CITED)),
    st.builds(CoFunding, **{k: st.just(v) for k, v in CITED.items()}, share=shares),
)
lowering = st.one_of(
    st.none(),
    st.just(OnFailureToNothing(**CITED)),
    st.builds(ToMeasuredEffect, **{k: st.just(v) for k, v in CITED.items()}, floor=maybe),
    st.just(NoWriteDown(**CITED)),
    st.just(ByDecision(**CITED)),
)


@st.composite
def investments(draw: st.DrawFn, return_months: int | None) -> Investment:
    """An investment of up to a billion kronor, evaluated or not."""
    granted = draw(st.integers(1, 10**11))
    effect = draw(st.none() | st.integers(-100, 2 * granted))
    start = Month(2016, draw(st.integers(1, 12)))
    gains = draw(
        st.sampled_from(
            [{}, {"a": "1"}, {"a": "0.7", "b": "0.3"}, {"a": "0.33", "b": "0.33", "c": "0.34"}]
        )
    )
    facts = {} if effect is None else {REACHED: draw(st.booleans())}
    return Investment(
        cost=Ore(granted),
        start=start,
        months=draw(st.integers(1, 60)),
        effect=None if effect is None else Ore(effect),
        failed=effect is not None and draw(st.booleans()),
        gains={name: Decimal(share) for name, share in gains.items()},
        effects_begin=start + draw(st.integers(0, 60)),
        return_months=return_months,
        facts=facts,
    )


def weights(row: Investment) -> list[int]:
    """The shares of the payers of an investment, in hundredths."""
    return [int(100 * share) for share in row.gains.values()] or [1]


def claimed(settlement: Settlement, row: Investment) -> list[tuple[str, int, int, int]]:
    """The claims of a settlement: kind, payer, month from the start, amount."""
    payers: list[str | None] = [*row.gains] or [None]
    return [
        (each.kind, payers.index(each.payer), each.due - row.start, each.amount)
        for each in settlement.claims
    ]


@given(data=st.data(), model=models, write_down=lowering, months=st.none() | st.integers(1, 48))
def test_many_are_claimed_as_each_is(
    data: st.DataObject, model: Any, write_down: Any, months: int | None
) -> None:
    """Every claim is the same to the öre, for the same payer, in the same month and order."""
    lasts = getattr(model, "lasts", None)
    rows = data.draw(st.lists(investments(None if lasts else months), min_size=1, max_size=5))
    found = array_method(model, "claims_many")(InvestmentColumns.of(rows), write_down)
    assert found is not None
    payers = PayerColumns(padded([weights(row) for row in rows]))
    owed = [(each, instalments(each, payers)) for each in found]
    for at, row in enumerate(rows):
        many = [
            (each.kind, payer, int(each.due[at, column]), int(amounts[at, payer, column]))
            for each, amounts in owed
            for payer in range(amounts.shape[1])
            for column in range(amounts.shape[2])
            if amounts[at, payer, column]
        ]
        assert many == claimed(model.settle(row, write_down), row)


@given(amounts=st.lists(st.integers(0, 10**14), min_size=1), share=st.decimals(0, 10, places=12))
def test_shares_of_many_amounts_are_rounded_as_one_is(amounts: list[int], share: Decimal) -> None:
    """Half an öre goes to the even one, also where the product needs more than 64 bits."""
    expected = [share_of(amount, share) for amount in amounts]
    assert shares_of(np.array(amounts, np.int64), share).tolist() == expected


@given(
    amount=st.integers(0, 10**13),
    parts=st.lists(st.integers(1, 100) | st.integers(1, 10**11), min_size=1, max_size=4),
)
def test_payers_of_many_share_as_those_of_one(amount: int, parts: list[int]) -> None:
    """What rounding leaves goes to the same payers, also where 64 bits do not suffice."""
    divided = PayerColumns(padded([parts, [1]])).split(np.array([amount, 7]))
    assert divided[0].tolist()[: len(parts)] == list(split(amount, parts))
    assert divided[1].tolist() == [7, *[0] * (len(parts) - 1)]


def test_every_bundled_return_model_and_write_down_offers_an_array_method() -> None:
    """None of those that come with the project has to be asked one investment at a time."""
    for part in (*MODELS, *write_downs.PARTS):
        name = "claims_many" if part.slot == Slot.RETURN_MODEL else "keep_many"
        assert name in vars(part), part


@pytest.mark.parametrize("stated", [{"interest": Decimal("0.02"), "interest_from": "end"}])
def test_what_columns_cannot_hold_is_asked_one_by_one(stated: dict[str, Any]) -> None:
    """Interest depends on when each instalment is due: there the model says None."""
    model = ReturnFlow(**CITED, share=Decimal(1), **stated)
    row = Investment(cost=Ore(100), start=Month(2016, 1), months=12, effects_begin=Month(2016, 1))
    assert model.claims_many(InvestmentColumns.of([row]), None) is None


@frozen(kw_only=True)
class Lenient(ReturnFlow):
    """A plugin's own model, which claims nothing of investments that failed."""

    def settle(self, investment: Investment, write_down: Any) -> Settlement:
        return Settlement() if investment.failed else super().settle(investment, write_down)


@frozen(kw_only=True)
class Renamed(ReturnFlow):
    """A plugin's own model, which only has another name."""

    kind = "renamed"


class Halved:
    """A plugin's own model, by a share that a method of its class gives."""

    @classmethod
    def rate(cls) -> int:
        return 2

    @cached_property
    def floor(self) -> int:
        return 0

    def claims_many(self, investments: InvestmentColumns, write_down: Any) -> None:
        return None


class Quartered(Halved):
    """Another share by the same method."""

    @classmethod
    def rate(cls) -> int:
        return 4


class Floored(Halved):
    """Another floor, worked out once."""

    @cached_property
    def floor(self) -> int:
        return 1


@pytest.mark.parametrize("kind", [Quartered, Floored])
def test_what_a_class_changes_may_be_of_the_class_or_worked_out_once(kind: type[Halved]) -> None:
    """A class method and a cached property are a change as a method is."""
    assert array_method(Halved(), "claims_many") is not None
    assert array_method(kind(), "claims_many") is None


def test_a_model_that_changes_a_bundled_one_does_not_inherit_its_array_method() -> None:
    """Where a class has its own way with one investment, the columns of its parent do not hold."""
    assert array_method(Lenient(**CITED), "claims_many") is None
    assert array_method(Renamed(**CITED), "claims_many") is not None
    assert array_method(evolve(Renamed(**CITED), share=Decimal(1)), "settle_all") is None
