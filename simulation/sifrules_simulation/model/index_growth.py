"""How much an index is assumed to rise (antagen ökning), after the years that are known."""

from __future__ import annotations

from decimal import Decimal

from sifrules.errors import SifError
from sifrules.values.quantities import read_share

#: What the command line and a scenario's file call it.
NAME = "index_growth"
#: How much any index rises a year after those that are known: the goal for inflation in Sweden.
INDEX_GROWTH = Decimal("0.02")


def read_growth(written: str) -> Decimal:
    """A rise a year as a share, or in per cent; `SifError` for anything else.

    >>> read_growth("3 %")
    Decimal('0.03')
    """
    try:
        return read_share(written)
    except SifError as error:
        raise SifError(error.what, where=NAME, fix=error.fix) from None
