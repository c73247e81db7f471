"""Whether the array methods of a policy's parts say of many what the plain ones say of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from sifrules.policy.columns import (
    InvestmentColumns,
    PayerColumns,
    array_method,
    instalments,
    padded,
)
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.settlement import Investment, Settlement
from sifrules.testing.invariants import said

#: One claim: its kind, the month from the start in which it is due, and its amount in öre.
_Claim = tuple[str, int, int]


def array_faults(policy: FundPolicy, investments: Iterable[Investment]) -> Iterator[str]:
    """Where a return model claims other amounts, or at other times, of many than of each.

    What no simulation foresees, an exemption or a decided write-down, is left out.
    """
    tried = [
        evolve(each, effects_begin=each.effects_begin or each.start)
        for each in investments
        if not each.exempt and not each.decided_write_down and each.return_from is None
    ]
    for seen in policy.on_tracks or (policy,):
        for months in dict.fromkeys(each.return_months for each in tried):
            alike = [each for each in tried if each.return_months == months]
            yield from _faults(seen, alike)


def _faults(policy: FundPolicy, investments: list[Investment]) -> Iterator[str]:
    method = array_method(policy.return_model, "claims_many")
    columns = None
    if method is not None:
        columns = method(InvestmentColumns.of(investments), policy.write_down)
    if columns is None:
        return
    payers = PayerColumns(padded([[1]] * len(investments)))
    owed = [(each, instalments(each, payers)[:, 0]) for each in columns]
    for row, investment in enumerate(investments):
        many = [
            (str(each.kind), int(month), int(amount))
            for each, amounts in owed
            for month, amount in zip(each.due[row], amounts[row], strict=True)
            if amount
        ]
        alone = _claims(policy.settle(evolve(investment, gains={})), investment)
        if many != alone:
            yield (
                f"{policy.id}: return_model, {said(investment)}: claims_many claims {many} and "
                f"settle claims {alone}; let both claim the same, or claims_many return None"
            )


def _claims(settlement: Settlement, investment: Investment) -> list[_Claim]:
    return [
        (str(each.kind), each.due - investment.start, each.amount) for each in settlement.claims
    ]
