"""Funding (finansiering): where a fund's money comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import ClassVar

from attrs import frozen

from sifrules.policy.parts import Part, Slot, clause, money_words, months_words, positive
from sifrules.rules.conditions import Value
from sifrules.rules.rulebook import Rule, Stage
from sifrules.rules.vocabulary import application, fund
from sifrules.values.citations import Citation
from sifrules.values.dates import PartialDate
from sifrules.values.money import Ore, split
from sifrules.values.text import LocalizedText

_NO_MORE_THAN_IS_LEFT = LocalizedText(
    sv="att inte mer beviljas än vad som finns kvar följer av att beloppet är bestämt",
    en="that no more is granted than is left follows from the amount being fixed",
)
_WITHIN_BALANCE = LocalizedText(
    sv="kostnaden ryms i det som är kvar i fonden", en="the cost is within what is left in the fund"
)


_A_YEAR = 12


@frozen(kw_only=True)
class _Fund(Part):
    """What every kind of fund has: it exists, and no grant exceeds what is left."""

    slot: ClassVar[Slot] = Slot.FUNDING

    @property
    def set_aside_cited(self) -> Citation | None:
        """Where the amount is stated, or otherwise the part as a whole, or a sum inside it."""
        inside = (cited for part in self.inner_parts for cited in part.sources.values())
        return next(filter(None, (*map(self.sources.get, ("amount", "total", "")), *inside)), None)

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
    words: ClassVar[LocalizedText] = LocalizedText(sv="påfyllning", en="top-up")

    date: PartialDate | None = clause("tidpunkt", "date")
    amount: Ore | None = clause("belopp", "amount", check=positive, say=money_words)


@frozen(kw_only=True)
class DatedSum(TopUp):
    """One of the sums set aside into a fund (avsättning), date or amount absent if not stated."""

    kind: ClassVar[str] = "dated_sum"
    words: ClassVar[LocalizedText] = LocalizedText(sv="avsättning", en="sum set aside")


@frozen(kw_only=True)
class Endowment(_Fund):
    """Sums set aside once each (engångsavsättningar), any number of them.

    ``sums`` lists them with their dates. A guideline with one sum and at most two raises may
    write ``amount``, ``decided``, ``first_raise`` and ``second_raise`` instead; ``total`` is
    what they are together, where the source gives that and not each raise.

    >>> from sifrules.values.money import ore
    >>> Endowment(amount=ore(65_000_000), total=ore(87_000_000)).opening // 100
    65000000
    """

    kind: ClassVar[str] = "endowment"
    words: ClassVar[LocalizedText] = LocalizedText(sv="engångsavsättning", en="one-off endowment")

    amount: Ore | None = clause(
        "avsatt belopp", "amount set aside", check=positive, say=money_words
    )
    decided: PartialDate | None = clause("beslutad", "decided")
    total: Ore | None = clause("sammanlagt", "in total", check=positive, say=money_words)
    sums: tuple[DatedSum, ...] = clause("avsättningar", "sums set aside", default=())
    first_raise: TopUp | None = clause("första påfyllningen", "first top-up")
    second_raise: TopUp | None = clause("andra påfyllningen", "second top-up")
    ambition: LocalizedText | None = clause("ambition", "ambition")

    @property
    def opening(self) -> int | None:
        """What the fund has to give from the start (öre), None where not stated."""
        return self.amount if self.amount is not None else self._by_year().get(0) or None

    @property
    def first_year(self) -> int | None:
        """The calendar year of the first sum, None where it is not stated."""
        if self._begins_with_amount and self.decided is None:
            return None
        return min((date.first.year for date, _ in self._sums() if date), default=None)

    @property
    def undated(self) -> int:
        """What is set aside in a year that is not stated (öre): it is put into none."""
        return sum(amount for _, amount in self._sums()) - sum(self._by_year().values())

    def put_in(self, year: int, left: int, surplus: bool) -> int:
        """Each sum in its year, counted from the year of the first.

        Sums of which only the total is known share it equally. One without a date, or of
        which it is not known how long after the first it came, is in no year.

        >>> from sifrules.values.money import ore
        >>> raised = Endowment(
        ...     amount=ore(65), total=ore(87), decided=PartialDate.parse("2013"),
        ...     first_raise=TopUp(date=PartialDate.parse("2015")),
        ...     second_raise=TopUp(date=PartialDate.parse("2016")),
        ... )
        >>> [raised.put_in(year, 0, False) // 100 for year in range(5)]
        [65, 0, 11, 11, 0]
        """
        return self._by_year().get(year, 0)

    @property
    def _begins_with_amount(self) -> bool:
        """Whether ``amount`` and ``decided`` are the first sum, and not one in the list."""
        return self.amount is not None or not self.sums

    def _by_year(self) -> Mapping[int, int]:
        """What is set aside in each year, counted from that of the first sum."""
        begun, by_year = self.first_year, dict[int, int]()
        for number, (date, amount) in enumerate(self._sums()):
            if begun is not None and date is not None:
                later = date.first.year - begun
                by_year[later] = by_year.get(later, 0) + amount
            elif number == 0 and self._begins_with_amount:
                by_year[0] = amount
        return by_year

    def _sums(self) -> Iterable[tuple[PartialDate | None, int]]:
        """Every sum with its date and amount, last what is in the total alone."""
        stated: list[tuple[PartialDate | None, int | None]] = [
            (each.date, each.amount)
            for each in (self.first_raise, self.second_raise, *self.sums)
            if each is not None
        ]
        if self._begins_with_amount:
            stated.insert(0, (self.decided, self.amount))
        rest = max(0, (self.total or 0) - sum(amount or 0 for _, amount in stated))
        unknown = sum(amount is None for _, amount in stated)
        shares = iter(split(rest, [1] * unknown) if unknown else ())
        for date, amount in stated:
            yield date, amount if amount is not None else next(shares)
        if rest and not unknown:
            yield None, rest


@frozen(kw_only=True)
class YearlyPot(_Fund):
    """A sum for each year (årlig pott); what is not granted does not carry over.

    >>> from sifrules.values.money import ore
    >>> YearlyPot(amount=ore(5_000_000)).opening // 100
    5000000
    """

    kind: ClassVar[str] = "yearly_pot"
    words: ClassVar[LocalizedText] = LocalizedText(sv="årlig pott", en="yearly pot")

    amount: Ore | None = clause("belopp per år", "amount a year", check=positive, say=money_words)

    def rules(self) -> Iterable[Rule]:
        if self.amount is None:
            yield from super().rules()
            return
        left = fund.granted_this_year * -1 + Decimal(self.amount) / 100
        demand = LocalizedText(
            sv="kostnaden ryms i det som är kvar av årets pott",
            en="the cost is within what is left of the year's pot",
        )
        yield self.rule(Stage.ALLOCATION, application.cost <= left, demand, "amount")

    @property
    def opening(self) -> int | None:
        """What there is to give in the first year (öre), None where not stated."""
        return self.amount

    def put_in(self, year: int, left: int, surplus: bool) -> int:
        """The year's pot; what is left of the last one lapses."""
        return (self.amount or 0) - left


@frozen(kw_only=True)
class Earmark(_Fund):
    """Money earmarked in equity (markering i eget kapital) out of a surplus.

    ``refilled`` says whether it is filled up again by itself. ``set_aside_months`` is over
    how many months the amount was set aside, where that was not done at once.

    >>> Earmark(refilled=False).opening is None
    True
    """

    kind: ClassVar[str] = "earmark"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="markering i eget kapital", en="earmark in equity"
    )

    amount: Ore | None = clause("belopp", "amount", check=positive, say=money_words)
    set_aside_over: LocalizedText | None = clause("avsatt under", "set aside over")
    set_aside_months: int | None = clause(
        "avsatt under, månader", "set aside over, months", check=positive, say=months_words
    )
    refilled: bool | None = clause("fylls på automatiskt", "refilled automatically")
    from_surplus: bool | None = clause(
        "ny markering möjlig ur överskott", "new earmark possible out of a surplus"
    )

    @property
    def opening(self) -> int | None:
        """What the fund has to give from the start (öre), None where not stated."""
        return self.amount

    def put_in(self, year: int, left: int, surplus: bool) -> int:
        """The amount, at once or in yearly parts; later up to the amount where it is refilled.

        A new earmark out of a surplus brings the fund back to its amount.

        >>> from sifrules.values.money import ore
        >>> fund = Earmark(amount=ore(40), from_surplus=True)
        >>> [fund.put_in(*year) // 100 for year in ((0, 0, False), (1, 0, False), (2, 0, True))]
        [40, 0, 40]
        """
        amount = self.amount or 0
        parts = -(-(self.set_aside_months or _A_YEAR) // _A_YEAR)
        if year < parts:
            return split(amount, [1] * parts)[year]
        if self.refilled or (self.from_surplus and surplus):
            return max(0, amount - left)
        return 0


@frozen(kw_only=True)
class BudgetLine(_Fund):
    """Money in the municipality's budget (investering i mål och budget), no fund of its own.

    >>> BudgetLine().given()
    {'fund.exists': True}
    """

    kind: ClassVar[str] = "budget_line"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="investering i mål och budget", en="line in the budget"
    )

    amount: Ore | None = clause("belopp", "amount", check=positive, say=money_words)

    @property
    def opening(self) -> int | None:
        """What there is to give (öre), None where not stated."""
        return self.amount

    def put_in(self, year: int, left: int, surplus: bool) -> int:
        """The line of the year's budget; what is left of the last one lapses."""
        return (self.amount or 0) - left


@frozen(kw_only=True)
class NoFund(Part):
    """There is no fund (ingen fond): nothing can be applied for.

    >>> NoFund().given()
    {'fund.exists': False}
    """

    slot: ClassVar[Slot] = Slot.FUNDING
    kind: ClassVar[str] = "none"
    words: ClassVar[LocalizedText] = LocalizedText(sv="ingen fond", en="no fund")

    instead: LocalizedText | None = clause("i stället", "instead")

    @property
    def opening(self) -> int | None:
        """Nothing to give."""
        return 0

    def put_in(self, year: int, left: int, surplus: bool) -> int:
        """Nothing is ever given."""
        return 0

    def given(self) -> Mapping[str, Value]:
        return {fund.exists.name: False}

    def rules(self) -> Iterable[Rule]:
        demand = LocalizedText(sv="det finns en fond att söka ur", en="there is a fund to apply to")
        yield self.rule(Stage.IDEA_TEST, fund.exists, demand)


PARTS = (Endowment, YearlyPot, Earmark, BudgetLine, NoFund)
