"""Caps in price base amounts (prisbasbelopp), which the government sets for each year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import ClassVar

import attrs
from attrs import frozen

from sifrules.errors import SifError
from sifrules.loading.reader import Reader
from sifrules.loading.toml import read_toml
from sifrules.policy.parts import clause, positive
from sifrules.rules.amounts import Amount, OfYear
from sifrules.rules.rulebook import Rule
from sifrules.rules.vocabulary import application
from sifrules.values.citations import Citation
from sifrules.values.messages import Message, Text
from sifrules.values.money import Ore, share_of
from sifrules.values.numbers import written
from sifrules.values.text import LocalizedText
from sifrules_policies.caps import ApplicationCap

_OF_YEAR = LocalizedText(sv="för {year}", en="of {year}")
_OF_START = LocalizedText(sv="det år projektet startar", en="of the year in which it starts")
_DEMAND = LocalizedText(
    sv="sökt belopp är högst {n} prisbasbelopp {year}",
    en="amount applied for is at most {n} price base amounts {year}",
)


@frozen
class BaseAmounts:
    """The price base amount of each year (öre), and where that is stated."""

    by_year: Mapping[int, int]
    citation: Citation


@cache
def base_amounts() -> BaseAmounts:
    """The price base amounts that are known.

    >>> base_amounts().by_year[2018]
    4550000
    """
    file = files(__package__) / "base_amounts.toml"
    reader = Reader(read_toml(file), str(file))
    amounts = reader.read("amounts", dict[str, Ore], {})
    cited = reader.citation("amounts", reader.tree)
    reader.stop_at_faults()
    if cited is None:
        raise SifError(Message("error.no_citation"), where=str(file))
    return BaseAmounts({int(year): int(amount) for year, amount in amounts.items()}, cited)


def _known_year(year: int) -> Text | None:
    known = base_amounts().by_year
    if year in known:
        return None
    return Message("expected.year_within", low=min(known), high=max(known))


@frozen(kw_only=True)
class BaseAmountsPerInvestment(ApplicationCap):
    """A limit on what is applied for to one investment, in price base amounts (prisbasbelopp).

    They are those of the year in which the project starts, or of a year that is stated.

    >>> cap = BaseAmountsPerInvestment(
    ...     path="caps.small", at_most=Decimal(2), of_year=2018,
    ...     sources={"": Citation("Example guideline")})
    >>> rule = next(iter(cap.rules()))
    >>> [rule.condition.test({"application.applied_for": öre}) for öre in (9_100_000, 9_100_001)]
    [True, False]
    """

    kind: ClassVar[str] = "base_amounts_per_investment"
    words: ClassVar[LocalizedText] = LocalizedText(
        sv="prisbasbelopp per satsning", en="price base amounts for one investment"
    )

    at_most: Decimal = clause("högst", "at most", default=attrs.NOTHING, check=positive)
    of_year: int | None = clause("prisbasbeloppet för", "price base amount of", check=_known_year)

    def rules(self) -> Iterable[Rule]:
        if self.of_year is None:
            within = application.applied_for <= application.base_amount * self.at_most
        else:
            limit = share_of(base_amounts().by_year[self.of_year], self.at_most)
            within = application.applied_for <= Decimal(limit) / 100
        yield self.capped(within, self._demand)

    @property
    def _demand(self) -> LocalizedText:
        year = _OF_START if self.of_year is None else _OF_YEAR.format(year=self.of_year)
        sv, en = (written(self.at_most.normalize(), "f", lang) for lang in ("sv", "en"))
        return _DEMAND.format(n=LocalizedText(sv=sv, en=en), year=year)

    def derivations(self) -> Iterable[Amount]:
        known = base_amounts()
        if self.of_year is None:
            yield OfYear(
                application.base_amount,
                application.start_year,
                known.by_year,
                citation=known.citation,
            )


PARTS = (BaseAmountsPerInvestment,)
