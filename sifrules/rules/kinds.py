"""Kinds of fact (slag av uppgift): flags, counts, amounts, periods, years, shares and choices."""

from __future__ import annotations

from enum import StrEnum

#: The least and the greatest whole number of each kind that is one.
BOUNDS = {"count": (0, 1_000_000), "months": (0, 1_200), "year": (1900, 2200)}


class Kind(StrEnum):
    """The type of a fact's values."""

    FLAG = "flag"
    COUNT = "count"
    MONEY = "money"
    MONTHS = "months"
    YEAR = "year"
    SHARE = "share"
    CHOICE = "choice"
