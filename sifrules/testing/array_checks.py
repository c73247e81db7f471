"""Whether the array methods of a policy's parts say of many what the plain ones say of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

from attrs import evolve

from sifrules.plugin.simulation import Behaviour, ProspectColumns, chooses, worth
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
    yield from _of_start(policy, method, InvestmentColumns.of(investments))
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


def _of_start(policy: FundPolicy, method: Any, columns: InvestmentColumns) -> Iterator[str]:
    """Where an array method claims other amounts of what starts later: a simulation asks before."""
    later = evolve(columns, start=columns.start + _LATER)
    found = [method(each, policy.write_down) or () for each in (columns, later)]
    amounts = [[each.amount.tolist() for each in claims] for claims in found]
    if amounts[0] != amounts[1]:
        yield (
            f"{policy.id}: return_model: claims_many claims other amounts of what starts {_LATER} "
            "months later; let it return None, so that each is settled when it has started"
        )


#: So many months later, in another year and at another place in it, an investment starts instead.
_LATER = 19


def behaviour_faults(behaviours: Iterable[Behaviour]) -> Iterator[str]:
    """Where a behaviour's array method says of many prospects what it does not say of each."""
    import numpy as np

    prospects = _prospects()
    for behaviour in behaviours:
        for name, alone in (("applies", chooses), ("worth", worth)):
            method = array_method(behaviour, f"{name}_many")
            if method is None:
                continue
            many = np.atleast_1d(method(prospects)).tolist()
            each = [alone(behaviour, prospect) for prospect in prospects]
            if many != each:
                pairs = enumerate(zip_longest(many, each))
                at = next(at for at, (one, other) in pairs if one != other)
                yield (
                    f"the behaviour {behaviour.name}: {name}_many does not say of prospect {at} of "
                    f"{len(each)} what {name} says of it by itself; let both say the same, or "
                    f"take {name}_many out"
                )


def _prospects() -> ProspectColumns:
    """Prospects of all kinds: with and without claims, human gains, burden and effort."""
    import numpy as np

    drawn = np.random.default_rng(1)
    rows, ways = 200, 3
    chance = drawn.dirichlet((2.0, 1.0, 1.0), rows)
    chance[::5] = (1.0, 0.0, 0.0)
    amounts = drawn.lognormal(13, 1, (3, rows, ways)) * drawn.integers(0, 2, (3, rows, 1))
    effort, burden = drawn.lognormal(11, 1, (2, rows))
    human, savings, claims = amounts
    luck = drawn.random(rows)
    return ProspectColumns(chance, human, savings, claims, effort, burden, 0.7, luck)


def _claims(settlement: Settlement, investment: Investment) -> list[_Claim]:
    return [
        (str(each.kind), each.due - investment.start, each.amount) for each in settlement.claims
    ]
