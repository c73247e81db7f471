"""Funding (finansiering): where a fund's money comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, Literal

from attrs import frozen

from sifrules.errors import SifError
from sifrules.policy.parts import Part, Slot, clause, positive, proper_share
from sifrules.policy.wording import money_words
from sifrules.rules.conditions import Value
from sifrules.rules.rulebook import Rule, Stage
from sifrules.rules.vocabulary import application, fund
from sifrules.rules.wording import months_words
from sifrules.values.citations import Citation
from sifrules.values.dates import PartialDate
from sifrules.values.messages import Message
from sifrules.values.money import Ore, share_of, split
from sifrules.values.text import LocalizedText
from sifrules_policies.index_clauses import Index

_NO_MORE_THAN_IS_LEFT = LocalizedText(
    sv="att inte mer beviljas än vad som finns kvar följer av att beloppet är bestämt",
    en="that no more is granted than is left follows from the amount being fixed",
)
_WITHIN_BALANCE = LocalizedText(
    sv="det sökta beloppet ryms i det som är kvar i fonden",
    en="the amount applied for is within what is left in the fund",
)


_A_YEAR = 12
_ENDINGS = {
    "closing": LocalizedText(sv="stängning", en="closing"),
    "merger": LocalizedText(sv="sammanslagning", en="merger"),
    "winding_up": LocalizedText(sv="avveckling", en="winding up"),
}
_LEAST_INCOME = LocalizedText(
    sv="intäkten är inte känd; varje år räknas med det lägsta som avsätts",
    en="the income is not known; each year is reckoned with the least that is set aside",
)


@frozen(kw_only=True)
class _Fund(Part):
    """What every kind of fund has: it exists, and no grant exceeds what is left.

    ``decided`` is when its first money was set aside. From the first new year after it
    ``closes``, nothing is granted, and what is left or comes back leaves the fund.
    """

    slot: ClassVar[Slot] = Slot.FUNDING

    decided: PartialDate | None = clause("beslutad", "decided")
    closes: PartialDate | None = clause("upphör", "comes to an end")
    closes_by: Literal["closing", "merger", "winding_up"] | None = clause(
        "upphör genom", "comes to an end by", say=lambda way: _ENDINGS[way]
    )

    def __attrs_post_init__(self) -> None:
        if self.closes_by is not None and self.closes is None:
            raise SifError(Message("funding.closes_by_without_date"))

    @property
    def first_year(self) -> int | None:
        """The calendar year of the first sum, None where it is not stated."""
        return self.decided.first.year if self.decided else None

    @property
    def closing_year(self) -> int | None:
        """The calendar year from whose beginning the fund is closed, None where it is not."""
        if self.closes is None:
            return None
        last = self.closes.last
        return last.year if (last.month, last.day) == (1, 1) else last.year + 1

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
            application.applied_for <= fund.available,
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
        return self.amount if self.amount is not None else self._by_year.get(0) or None

    @property
    def first_year(self) -> int | None:
        """The calendar year of the first sum, None where it is not stated."""
        if self._begins_with_amount and self.decided is None:
            return None
        return min((date.first.year for date, _ in self._sums() if date), default=None)

    @property
    def undated(self) -> int:
        """What is set aside in a year that is not stated (öre): it is put into none."""
        return sum(amount for _, amount in self._sums()) - sum(self._by_year.values())

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
        return self._by_year.get(year, 0)

    @property
    def _begins_with_amount(self) -> bool:
        """Whether ``amount`` and ``decided`` are the first sum, and not one in the list."""
        return self.amount is not None or not self.sums

    @cached_property
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
class _Yearly(_Fund):
    """Money for each year; what is not granted lapses or is carried over, perhaps to a limit."""

    rolls_over: bool | None = clause(
        "det som inte beviljats förs över", "what is not granted is carried over"
    )
    carried_at_most: Ore | None = clause(
        "förs över, högst", "carried over, at most", check=positive, say=money_words
    )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.carried_at_most is not None and self.rolls_over is False:
            raise SifError(Message("funding.carried_and_lapses"))

    @property
    def _carries(self) -> bool:
        """Whether anything is carried over to the next year."""
        return bool(self.rolls_over) or self.carried_at_most is not None

    def lapses(self, left: int) -> int:
        """What of what is left (öre) may not be carried over."""
        if not self._carries:
            return left
        return 0 if self.carried_at_most is None else max(0, left - self.carried_at_most)


_EACH_YEAR = LocalizedText(
    sv="varje års del av det sökta beloppet ryms i det som är kvar av det årets pott",
    en="each year's part of the amount applied for is within what is left of that year's pot",
)


@frozen(kw_only=True)
class YearlyPot(_Yearly):
    """A sum for each year (årlig pott).

    What is not granted lapses, unless it ``rolls_over`` or is ``carried_at_most``. Where a grant
    ``binds_coming_years``, each year of a project takes its part out of that year's pot.

    >>> from sifrules.values.money import ore
    >>> pots = [YearlyPot(amount=ore(5)), YearlyPot(amount=ore(5), rolls_over=True),
    ...         YearlyPot(amount=ore(5), carried_at_most=ore(2))]
    >>> [pot.put_in(1, ore(3), False) // 100 for pot in pots]
    [2, 5, 4]
    """

    kind: ClassVar[str] = "yearly_pot"
    words: ClassVar[LocalizedText] = LocalizedText(sv="årlig pott", en="yearly pot")

    amount: Ore | None = clause("belopp per år", "amount a year", check=positive, say=money_words)
    binds_coming_years: bool | None = clause(
        "beviljat binder kommande års potter", "a grant binds the pots of coming years"
    )
    index: Index | None = clause("indexuppräkning", "revision by an index")

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.binds_coming_years and self._carries:
            raise SifError(Message("funding.binds_and_carries"))
        if self.index is not None and (self.decided is None or self.binds_coming_years):
            raise SifError(Message("funding.index_without_year"))
        first = self.first_year
        if self.index is not None and first is not None and self.index.level(first) is None:
            raise SifError(Message("funding.index_base_unknown", year=str(first)))

    def rules(self) -> Iterable[Rule]:
        if self.amount is None or self._carries or self.index:
            yield from super().rules()
            return
        left = fund.granted_this_year * -1 + Decimal(self.amount) / 100
        if self.binds_coming_years:
            yield self.rule(
                Stage.ALLOCATION, application.applied_for_per_year <= left, _EACH_YEAR, "amount"
            )
            return
        demand = LocalizedText(
            sv="det sökta beloppet ryms i det som är kvar av årets pott",
            en="the amount applied for is within what is left of the year's pot",
        )
        yield self.rule(Stage.ALLOCATION, application.applied_for <= left, demand, "amount")

    @property
    def opening(self) -> int | None:
        """What there is to give in the first year (öre), None where not stated."""
        return self.amount

    def put_in(self, year: int, left: int, surplus: bool) -> int:
        """The year's pot, revised by an index if it has one, less what lapses of the last one."""
        amount = self.amount or 0
        if self.index is not None and self.first_year is not None:
            amount = self.index.revised(amount, self.first_year, self.first_year + year)
        return amount - self.lapses(left)


@frozen(kw_only=True)
class IncomeShare(_Yearly):
    """A share of another income is set aside each year (andel av en annan intäkt).

    ``income`` is what comes in a year, where that is stated or assumed. Where it is not known
    each year is reckoned with ``at_least``, and ``amount`` takes what the scenario assumes where
    that is not stated either. What is not granted stays, unless ``rolls_over = false``.

    A tenth of what property sales bring above the budget, at least 10 million:

    >>> from sifrules.values.money import ore
    >>> sales = IncomeShare(share=Decimal("0.1"), at_least=ore(10_000_000))
    >>> sales.put_in(1, 0, False) // 100
    10000000
    >>> import attrs
    >>> attrs.evolve(sales, income=ore(250_000_000)).put_in(1, 0, False) // 100
    25000000
    """

    kind: ClassVar[str] = "income_share"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="andel av en annan intäkt", en="share of another income"
    )

    share: Decimal | None = clause("andel", "share", check=proper_share)
    of: LocalizedText | None = clause("av", "of")
    at_least: Ore | None = clause("minst per år", "at least a year", say=money_words)
    at_most: Ore | None = clause("högst per år", "at most a year", check=positive, say=money_words)
    income: Ore | None = clause("intäkt per år", "income a year", say=money_words)
    amount: Ore | None = clause(
        "avsatt belopp per år", "amount set aside a year", check=positive, say=money_words
    )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.at_most is not None and self.at_most < (self.at_least or 0):
            raise SifError(Message("funding.least_above_most"))

    @property
    def opening(self) -> int | None:
        """What there is to give in the first year (öre), None where not stated."""
        if self.amount is not None:
            return self.amount
        if self.income is None or self.share is None:
            return self.at_least
        gives = max(share_of(self.income, self.share), self.at_least or 0)
        return gives if self.at_most is None else min(gives, self.at_most)

    @property
    def reckoned(self) -> LocalizedText | None:
        """That no more than the least is reckoned with, where the income is not known."""
        least = self.at_least is not None and self.amount is None
        return _LEAST_INCOME if least and None in (self.income, self.share) else None

    @property
    def _carries(self) -> bool:
        """What is set aside stays in the fund unless it is said to lapse."""
        return self.rolls_over is not False

    def put_in(self, year: int, left: int, surplus: bool) -> int:
        """The year's share, less what lapses of the last one."""
        return (self.opening or 0) - self.lapses(left)


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
        return (self.amount or 0) - self.lapses(left)

    def lapses(self, left: int) -> int:
        """All that is left of the last year's line."""
        return left


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


PARTS = (Endowment, YearlyPot, IncomeShare, Earmark, BudgetLine, NoFund)
