"""Settlement (reglering): what is claimed back for an investment, from whom, when and why.

Return models (återföringsmodeller) take an `Investment` and give a `Settlement`; amounts and
months come out of them, in `sifrules_policies`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from attrs import Attribute, Factory, define, field, frozen, setters, validators

from sifrules.errors import SifError, unexpected
from sifrules.rules.amounts import applied_for
from sifrules.rules.conditions import Value
from sifrules.rules.vocabulary import application
from sifrules.values.citations import Citation
from sifrules.values.dates import Month
from sifrules.values.messages import Message
from sifrules.values.money import LARGEST, NOTHING, Ore
from sifrules.values.text import LocalizedText


def _from(low: int, high: int, code: str) -> Any:
    """The check for a whole number of something, within bounds."""

    def check(_: object, attribute: Attribute[Any], value: int | None) -> None:
        if value is not None and not (type(value) is int and low <= value <= high):
            expected = Message(code, low=low, high=high)
            raise SifError(unexpected(expected, value).what, where=attribute.name)

    return check


def _a_month(_: object, attribute: Attribute[Any], value: Any) -> None:
    if not isinstance(value, Month):
        wrong = unexpected(Message("expected.month"), value)
        raise SifError(wrong.what, where=attribute.name, fix=Message("investment.write_month"))


# This and `Claim` are made millions of times: as frozen as any other value, but made as fast
# as a plain class.
@define(kw_only=True, on_setattr=setters.frozen)
class Investment:
    """An investment (satsning) as it stands when it is settled.

    Amounts are öre over the investment's whole life; months count from ``start``. ``granted``
    is what the fund paid of the ``cost``: all of it, where nothing else is said.
    ``effect`` is what the evaluation measured in lower municipal costs, None where
    nothing was measured. ``gains`` says which committees' costs fall, by share.
    ``effects_begin`` is when costs begin to fall; ``return_from`` and ``return_months``
    are the return period that the application itself states. None is "not known".
    ``facts`` are the application's facts, by name, with their values as rules read them;
    a fact that is not there is not known.
    """

    cost: Ore = field(validator=_from(0, LARGEST, "expected.ore_within"))
    start: Month = field(validator=_a_month)
    months: int = field(validator=_from(1, 600, "expected.months_of_investment"))
    effect: Ore | None = field(
        default=None, validator=_from(-LARGEST, LARGEST, "expected.ore_within")
    )
    failed: bool = False
    exempt: bool = False
    gains: Mapping[str, Decimal] = field(factory=dict)
    effects_begin: Month | None = None
    return_from: Month | None = None
    return_months: int | None = field(
        default=None, validator=_from(1, 1200, "expected.months_of_investment")
    )
    #: how much the deciding body has written down, where that is left to a decision
    decided_write_down: Ore = field(
        default=NOTHING, validator=_from(0, LARGEST, "expected.ore_within")
    )
    facts: Mapping[str, Value] = field(factory=dict)
    granted: Ore = field(
        default=Factory(lambda self: self.cost, takes_self=True),
        validator=_from(0, LARGEST, "expected.ore_within"),
    )

    def __attrs_post_init__(self) -> None:
        if self.granted > self.cost:
            raise SifError(
                Message("investment.granted_above_cost"),
                where="granted",
                fix=Message("investment.give_cost_of_all"),
            )
        if self.return_from is not None and self.return_from < self.start:
            raise SifError(
                Message(
                    "investment.return_too_early",
                    return_from=self.return_from,
                    start=self.start,
                ),
                where="return_from",
            )
        for share in self.gains.values():
            if not isinstance(share, Decimal) or not share.is_finite() or share <= 0:
                wrong = unexpected(Message("expected.gains"), share)
                raise SifError(wrong.what, where="gains")

    @property
    def end(self) -> Month:
        """The first month after the project time."""
        return self.start + self.months

    @property
    def measured(self) -> int | None:
        """The effect that counts: zero where it failed, None where not measured.

        A negative effect (costs rose) counts as zero.
        """
        if self.failed:
            return 0
        return None if self.effect is None else max(0, self.effect)


def granted_of(cost: Ore, facts: Mapping[str, Value]) -> Ore:
    """What the fund pays of a cost, by what an application says of who else pays.

    >>> granted_of(Ore(300), {"application.cofunding": 90})
    210
    """
    paid = applied_for({**facts, application.cost.name: cost})
    return cost if paid is None else Ore(min(cost, paid))


class ClaimKind(StrEnum):
    """What a claim is for."""

    RETURN = "return"
    FEE = "fee"
    #: on top of what is returned; neither planned nor given up, as it depends on when it is due
    INTEREST = "interest"
    #: on top of what is returned, by an index clause; depends on when it is due as well
    INDEX = "index"

    @property
    def depends_on_due(self) -> bool:
        """Whether it depends on when the rest is due, and is neither planned nor given up."""
        return self in (ClaimKind.INTEREST, ClaimKind.INDEX)


class ReductionKind(StrEnum):
    """Why a part of what could have been claimed is not."""

    WRITTEN_DOWN = "written_down"
    EXEMPTED = "exempted"

    @property
    def words(self) -> LocalizedText:
        return _REDUCTIONS[self]


_REDUCTIONS = {
    ReductionKind.WRITTEN_DOWN: LocalizedText(sv="nedskrivet", en="written down"),
    ReductionKind.EXEMPTED: LocalizedText(sv="befriat", en="exempted"),
}


@define(unsafe_hash=True, on_setattr=setters.frozen)
class Claim:
    """One instalment (delbetalning) that a committee owes the fund, or its ``payee``.

    ``payer`` is None where it is not known which committee's costs fall. ``payee`` is a
    financier from outside (extern finansiär) who is paid instead of the fund.
    """

    due: Month
    amount: Ore
    kind: ClaimKind
    why: LocalizedText
    citation: Citation
    payer: str | None = None
    payee: str | None = None

    def __attrs_post_init__(self) -> None:
        if not self.amount > NOTHING:  # a plain comparison: it is made for every instalment
            raise ValueError(f"'amount' must be > {NOTHING}: {self.amount}")


@frozen
class Reduction:
    """A part of the planned return that is given up (öre)."""

    kind: ReductionKind
    amount: Ore = field(validator=validators.gt(NOTHING))
    why: LocalizedText
    citation: Citation


@frozen
class Rest:
    """What may be claimed on top of the claims, and cannot be determined yet.

    ``why`` says what has to be known first; ``at_most`` is the most that it can come to
    (öre), None where nothing limits it.
    """

    why: LocalizedText
    citation: Citation
    at_most: Ore | None = field(default=None, validator=validators.optional(validators.gt(NOTHING)))


@frozen
class Settlement:
    """What is returned for an investment.

    ``reason`` says why nothing is claimed, or why it cannot be determined (``settled`` is then
    False and there are no claims). Where a part is owed for sure and the rest is not known
    yet, the claims are the part that is owed and ``rest`` is what may come on top.

    >>> from sifrules.values.text import same
    >>> Settlement(rest=Rest(same("not measured"), Citation("A guideline"))).complete
    False
    """

    claims: tuple[Claim, ...] = ()
    reductions: tuple[Reduction, ...] = ()
    reason: LocalizedText | None = None
    citation: Citation | None = None
    settled: bool = True
    rest: Rest | None = None

    @property
    def complete(self) -> bool:
        """Whether all that is returned is determined: no more can be claimed later."""
        return self.settled and self.rest is None

    @property
    def total(self) -> int:
        """All that is claimed, fees included (öre)."""
        return sum(claim.amount for claim in self.claims)

    def of(self, kind: ClaimKind | ReductionKind) -> int:
        """What is claimed, or given up, of one kind (öre)."""
        entries: tuple[Claim | Reduction, ...] = (*self.claims, *self.reductions)
        return sum(entry.amount for entry in entries if entry.kind == kind)
