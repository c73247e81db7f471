"""Facts: the typed things a rule may read about an application, a fund or an investment.

A `Fact` knows its name, its kind and its words in both languages. Values come in as a
person writes them (kronor, true, a word) and are kept as whole numbers, booleans and
words: the only things that both engines compare alike.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass
BOUNDS = {"count": (0, 1_000_000), "months": (0, 1_200), "year": (1900, 2200)}


class Kind(StrEnum):
    """What values a fact can take."""

    FLAG = "flag"
    COUNT = "count"
    MONEY = "money"
    MONTHS = "months"
    YEAR = "year"
    SHARE = "share"
    CHOICE = "choice"
