"""Conservation of money: invariants of every return model; no öre is lost or created.

What is claimed and what is given up of one investment sum to the same, to the öre,
however the return is shared, spread over time, written down or exempted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from attrs import evolve

from sifrules.errors import SifError, shown
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import WriteDown
from sifrules.policy.settlement import (
    Claim,
    ClaimKind,
    Investment,
    Reduction,
    ReductionKind,
    Settlement,
)
from sifrules.values.money import in_words
from sifrules.values.text import LocalizedText

_GAINS = {"first": Decimal("0.7"), "second": Decimal("0.2"), "third": Decimal("0.1")}
_PERIOD = 35
_FIELDS = {"effect", "failed", "exempt", "gains", "return_months", "decided_write_down"}
_AMOUNTS = {"effect", "decided_write_down"}

#: What is claimed of an investment where nothing is given up (öre); None where not known.
Planned = Callable[[Investment], int | None]


class Broken(Exception):
    """What a part's own code raised that is no `SifError`."""


def settled(policy: FundPolicy, investment: Investment) -> Settlement | None:
    """The settlement; None where the guideline refuses it or it cannot be determined."""
    return _settled(policy, investment, policy.write_down)


def _settled(
    policy: FundPolicy, investment: Investment, write_down: WriteDown | None
) -> Settlement | None:
    try:
        if policy.return_model is None:
            found: Any = policy.settle(investment)
        else:
            found = policy.return_model.settle(investment, write_down)
    except SifError:
        return None
    except Exception as error:  # the code of an author's part
        raise Broken(f"raised {type(error).__name__}: {error}") from error
    if not isinstance(found, Settlement):
        raise Broken(f"gave {shown(found)}, no Settlement")
    return found if found.settled or found.claims else None


def said(investment: Investment) -> str:
    """An investment as a failure describes it."""
    details = [f"cost {in_words(investment.cost)}", f"start {investment.start}"]
    if investment.granted != investment.cost:
        details.append(f"granted {in_words(investment.granted)}")
    details.append(f"{investment.months} months")
    for name in sorted(_FIELDS):
        value = getattr(investment, name)
        if value is True:
            details.append(name)
        elif value and name != "gains":
            amount = in_words(value) if name in _AMOUNTS else value
            details.append(f"{name} {amount}")
    if investment.gains:
        details.append(f"{len(investment.gains)} payers")
    return ", ".join(details)


def money_faults(
    policy: FundPolicy, investments: Iterable[Investment], planned: Planned
) -> Iterator[str]:
    """Where money is lost or created, each with the investment and both sums."""
    laws = (_entries, _shared, _exempted, _by_write_down, _kept)
    tried = tuple(investments)
    plans = _plans(policy, tried)
    for investment in tried:
        where = f"{policy.id}: return_model, {said(investment)}"
        try:
            for law in laws:
                yield from (f"{where}: {fault}" for fault in law(policy, investment))
            plan = planned(investment)
            wanted = plans.get(_of(investment)) if plan is None else plan
            yield from (f"{where}: {fault}" for fault in _as_planned(policy, investment, wanted))
        except Broken as error:
            yield f"{where}: {error}; raise a SifError for what the guideline does not allow"


def instalment_faults(policy: FundPolicy, investments: Iterable[Investment]) -> Iterator[str]:
    """Where another return period changes what is claimed in all."""
    for investment in investments:
        where = f"{policy.id}: return_model, {said(investment)}"
        try:
            yield from (f"{where}: {fault}" for fault in _spread(policy, investment))
        except Broken as error:
            yield f"{where}: {error}; raise a SifError for what the guideline does not allow"


def _spread(policy: FundPolicy, investment: Investment) -> Iterator[str]:
    over = evolve(investment, return_months=_PERIOD)
    yield from _alike(policy, investment, over, f"over {_PERIOD} months", _by_kind)


def _entries(policy: FundPolicy, investment: Investment) -> Iterator[str]:
    """Whole öre above nothing, not before the start; a reason where nothing is claimed."""
    settlement = settled(policy, investment)
    if settlement is None:
        return
    if settlement.claims and not settlement.settled:
        yield "claims money although it is not settled; leave the claims out"
    entries: tuple[Claim | Reduction, ...] = (*settlement.claims, *settlement.reductions)
    for entry in entries:
        if type(entry.amount) is not int:
            yield f"an amount is {shown(entry.amount)}; expected whole öre: use share_of and split"
    for claim in settlement.claims:
        if claim.due < investment.start:
            yield f"a claim is due {claim.due}, before the start; expected it later"
    if not settlement.claims and not isinstance(settlement.reason, LocalizedText):
        yield "claims nothing and does not say why; give the Settlement a reason"


def _shared(policy: FundPolicy, investment: Investment) -> Iterator[str]:
    """Three committees owe what one would, to the öre."""
    by_three = evolve(investment, gains=_GAINS)
    yield from _alike(policy, investment, by_three, "shared by three committees", _by_kind)


def _exempted(policy: FundPolicy, investment: Investment) -> Iterator[str]:
    """An exemption gives up what would have been claimed."""
    exempt = evolve(investment, exempt=True)
    yield from _alike(policy, investment, exempt, "exempted", _in_all)


def _alike(
    policy: FundPolicy,
    one: Investment,
    other: Investment,
    variant: str,
    sums: Callable[[Settlement], Mapping[str, int]],
) -> Iterator[str]:
    before, after = settled(policy, one), settled(policy, other)
    if before is None or after is None:
        return
    expected, came = sums(before), sums(after)
    for name in expected:
        if expected[name] != came[name]:
            yield _unequal(f"{name}, {variant}", expected[name], came[name])


def _unequal(what: str, expected: int, came: int) -> str:
    return (
        f"{what}: expected {in_words(expected)}, got {in_words(came)}; "
        "every öre must be claimed or given up: divide amounts with sifrules.values.money.split"
    )


def _by_kind(settlement: Settlement) -> Mapping[str, int]:
    kinds = (*(kind for kind in ClaimKind if not kind.depends_on_due), *ReductionKind)
    return {str(kind): settlement.of(kind) for kind in kinds}


def _in_all(settlement: Settlement) -> Mapping[str, int]:
    return {"claimed and given up": _sum(settlement)}


def _sum(settlement: Settlement) -> int:
    """What is claimed and given up, without what depends on when the rest is due."""
    claimed = sum(settlement.of(kind) for kind in ClaimKind if not kind.depends_on_due)
    return claimed + sum(reduction.amount for reduction in settlement.reductions)


def _by_write_down(policy: FundPolicy, investment: Investment) -> Iterator[str]:
    """What a write-down takes off the claims it adds to what is given up."""
    if policy.write_down is None:
        return
    before, after = _settled(policy, investment, None), settled(policy, investment)
    if before is not None and after is not None and _sum(before) != _sum(after):
        yield _unequal("claimed and given up, written down", _sum(before), _sum(after))


def _kept(policy: FundPolicy, investment: Investment) -> Iterator[str]:
    """A write-down leaves between nothing and all of a claim."""
    if policy.write_down is None:
        return
    for claimed in (0, 1, investment.cost):
        try:
            kept = policy.write_down.keep(claimed, investment)[0]
        except SifError:
            return
        except Exception as error:  # the code of an author's part
            raise Broken(f"write_down raised {type(error).__name__}: {error}") from error
        if not 0 <= kept <= claimed:
            yield f"write_down keeps {kept} of {claimed} öre; expected from 0 to {claimed}"


def _plans(policy: FundPolicy, investments: Iterable[Investment]) -> dict[_Money, int]:
    """What is claimed of a grant where nothing is given up, if it does not depend on the effect."""
    found: dict[_Money, set[int]] = {}
    for investment in investments:
        try:
            settlement = _settled(policy, investment, None)
        except Broken:
            continue
        if settlement is not None and settlement.complete and not settlement.reductions:
            found.setdefault(_of(investment), set()).add(_sum(settlement))
    return {money: next(iter(sums)) for money, sums in found.items() if len(sums) == 1}


#: What an investment costs and what the fund paid of it (öre).
_Money = tuple[int, int]


def _of(investment: Investment) -> _Money:
    return investment.cost, investment.granted


def _as_planned(policy: FundPolicy, investment: Investment, planned: int | None) -> Iterator[str]:
    settlement = settled(policy, investment)
    if planned is None or settlement is None or not settlement.complete:
        return
    if _sum(settlement) != planned:
        yield _unequal("claimed and given up in all", planned, _sum(settlement))
