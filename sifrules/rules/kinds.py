"""Kinds of fact (slag av uppgift): flags, counts, amounts, periods, years, shares and choices."""

from __future__ import annotations

from enum import StrEnum

from sifrules.values.money import LARGEST

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
