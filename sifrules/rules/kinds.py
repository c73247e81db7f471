"""Kinds of fact (slag av uppgift): flags, counts, amounts, periods, years, shares and choices."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from sifrules.values.money import LARGEST
from sifrules.values.quantities import in_kronor, read_amount, read_share

#: The least and the greatest value of each kind that has an order, as a person writes it.
#: A fact may have narrower ones of its own.
BOUNDS = {
    "count": (0, 1_000_000),
    "money": (-LARGEST // 100, LARGEST // 100),
    "months": (0, 1_200),
    "year": (1900, 2200),
    "share": (0, 1),
}


class Kind(StrEnum):
    """The type of a fact's values."""

    FLAG = "flag"
    COUNT = "count"
    MONEY = "money"
    MONTHS = "months"
    YEAR = "year"
    SHARE = "share"
    CHOICE = "choice"

    def number(self, text: str) -> Decimal | None:
        """What a text stands for as a number: kronor, a share; None for kinds that have no unit.

        >>> Kind.MONEY.number("6,2 mnkr"), Kind.SHARE.number("50 %"), Kind.COUNT.number("2")
        (Decimal('6200000'), Decimal('0.5'), None)
        """
        match self:
            case Kind.MONEY:
                return in_kronor(read_amount(text))
            case Kind.SHARE:
                return read_share(text)
            case _:
                return None
