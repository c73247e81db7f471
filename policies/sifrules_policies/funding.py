"""Funding (finansiering): where a fund's money comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import ClassVar

from attrs import frozen

from sifrules.dates import PartialDate
from sifrules.facts import Value
from sifrules.money import Ore
from sifrules.parts import Part, Slot, clause, money_words, positive
from sifrules.rules import Rule, Stage
from sifrules.vocabulary import application, fund
from sifrules.words import Words

_NO_MORE_THAN_IS_LEFT = Words(
    sv="att inte mer beviljas än vad som finns kvar följer av att beloppet är bestämt",
    en="that no more is granted than is left follows from the amount being fixed",
)
_WITHIN_BALANCE = Words(
    sv="kostnaden ryms i det som är kvar i fonden", en="the cost is within what is left in the fund"
)


@frozen(kw_only=True)
class _Fund(Part):
    """What every kind of fund has: it exists, and no grant exceeds what is left."""

    slot: ClassVar[Slot] = Slot.FUNDING

    def given(self) -> Mapping[str, Value]:
        return {fund.exists.name: True}

    def rules(self) -> Iterable[Rule]:
        yield Rule(
            f"{self.path}.balance",
            Stage.ALLOCATION,
            _WITHIN_BALANCE,
            application.cost <= fund.available,
            self.reads(_NO_MORE_THAN_IS_LEFT),
        )


@frozen(kw_only=True)
class TopUp(Part):
    """One addition to a fund (påfyllning), the amount absent where it is not stated."""

    slot: ClassVar[Slot] = Slot.INNER
    kind: ClassVar[str] = "top_up"
    words: ClassVar[Words] = Words(sv="påfyllning", en="top-up")

    date: PartialDate | None = clause("tidpunkt", "date")
    amount: Ore | None = clause("belopp", "amount", check=positive, say=money_words)


@frozen(kw_only=True)
class Endowment(_Fund):
    """A one-off sum set aside (engångsavsättning), perhaps raised later.

    ``amount`` is what was first set aside; ``total`` what it has come to with the
    raises, where the source gives the sum and not each raise.

    >>> from sifrules.money import ore
    >>> Endowment(amount=ore(65_000_000), total=ore(87_000_000)).opening // 100
    65000000
    """

    kind: ClassVar[str] = "endowment"
    words: ClassVar[Words] = Words(sv="engångsavsättning", en="one-off endowment")

    amount: Ore | None = clause(
        "avsatt belopp", "amount set aside", check=positive, say=money_words
    )
    decided: PartialDate | None = clause("beslutad", "decided")
    total: Ore | None = clause("sammanlagt", "in total", check=positive, say=money_words)
    first_raise: TopUp | None = clause("första påfyllningen", "first top-up")
    second_raise: TopUp | None = clause("andra påfyllningen", "second top-up")
    ambition: Words | None = clause("ambition", "ambition")

    @property
    def opening(self) -> int | None:
        """What the fund has to give from the start (öre), None where not stated."""
        return self.amount if self.amount is not None else self.total


@frozen(kw_only=True)
class YearlyPot(_Fund):
    """A sum for each year (årlig pott); what is not granted does not carry over.

    >>> from sifrules.money import ore
    >>> YearlyPot(amount=ore(5_000_000)).opening // 100
    5000000
    """

    kind: ClassVar[str] = "yearly_pot"
    words: ClassVar[Words] = Words(sv="årlig pott", en="yearly pot")

    amount: Ore | None = clause("belopp per år", "amount a year", check=positive, say=money_words)

    def rules(self) -> Iterable[Rule]:
        if self.amount is None:
            yield from super().rules()
            return
        left = fund.granted_this_year * -1 + Decimal(self.amount) / 100
        demand = Words(
            sv="kostnaden ryms i det som är kvar av årets pott",
            en="the cost is within what is left of the year's pot",
        )
        yield self.rule(Stage.ALLOCATION, application.cost <= left, demand, "amount")

    @property
    def opening(self) -> int | None:
        """What there is to give in the first year (öre), None where not stated."""
        return self.amount


@frozen(kw_only=True)
class Earmark(_Fund):
    """Money earmarked in equity (markering i eget kapital) out of a surplus.

    ``refilled`` says whether it is filled up again by itself.

    >>> Earmark(refilled=False).opening is None
    True
    """

    kind: ClassVar[str] = "earmark"
    words: ClassVar[Words] = Words(sv="markering i eget kapital", en="earmark in equity")

    amount: Ore | None = clause("belopp", "amount", check=positive, say=money_words)
    set_aside_over: Words | None = clause("avsatt under", "set aside over")
    refilled: bool | None = clause("fylls på automatiskt", "refilled automatically")
    from_surplus: bool | None = clause(
        "ny markering möjlig ur överskott", "new earmark possible out of a surplus"
    )

    @property
    def opening(self) -> int | None:
        """What the fund has to give from the start (öre), None where not stated."""
        return self.amount


@frozen(kw_only=True)
class BudgetLine(_Fund):
    """Money in the municipality's budget (investering i mål och budget), no fund of its own.

    >>> BudgetLine().given()
    {'fund.exists': True}
    """

    kind: ClassVar[str] = "budget_line"
    words: ClassVar[Words] = Words(sv="investering i mål och budget", en="line in the budget")

    amount: Ore | None = clause("belopp", "amount", check=positive, say=money_words)

    @property
    def opening(self) -> int | None:
        """What there is to give (öre), None where not stated."""
        return self.amount


@frozen(kw_only=True)
class NoFund(Part):
    """There is no fund (ingen fond): nothing can be applied for.

    >>> NoFund().given()
    {'fund.exists': False}
    """

    slot: ClassVar[Slot] = Slot.FUNDING
    kind: ClassVar[str] = "none"
    words: ClassVar[Words] = Words(sv="ingen fond", en="no fund")

    instead: Words | None = clause("i stället", "instead")

    @property
    def opening(self) -> int | None:
        """Nothing to give."""
        return 0

    def given(self) -> Mapping[str, Value]:
        return {fund.exists.name: False}

    def rules(self) -> Iterable[Rule]:
        demand = Words(sv="det finns en fond att söka ur", en="there is a fund to apply to")
        yield self.rule(Stage.IDEA_TEST, fund.exists, demand)


PARTS = (Endowment, YearlyPot, Earmark, BudgetLine, NoFund)
