"""Numbers, units and intervals as a reader of a language writes them."""

from __future__ import annotations

from sifrules.values.messages import Message
from sifrules.values.numbers import written
from sifrules.values.text import Language
from sifrules_simulation.statistics.estimates import Estimate

#: Amounts are shown in millions.
_MILLION = 1_000_000

UNITS = {
    "SEK": Message("formatting.units_sek"),
    "share": Message("formatting.units_share"),
    "count": Message("formatting.units_count"),
    "months": Message("formatting.units_months"),
}


def number(value: float, unit: str, language: Language, *, signed: bool = False) -> str:
    """A number in its unit: millions of kronor, per cent, or as it is.

    >>> number(12_345_678.0, "SEK", "sv"), number(0.1234, "share", "en", signed=True)
    ('12,3', '+12.3')
    """
    scaled = value / _MILLION if unit == "SEK" else 100 * value if unit == "share" else value
    return written(scaled, "+,.1f" if signed else ",.1f", language)


def interval(estimate: Estimate, unit: str, language: Language, *, signed: bool = False) -> str:
    """A mean with its interval: ``12.3 ±0.4``; a dash where nothing is known.

    >>> interval(Estimate(0.5, 0.4, 0.6, 9), "share", "en")
    '50.0 ±10.0'
    """
    if estimate.mean is None:
        return "–"
    mean = number(estimate.mean, unit, language, signed=signed)
    if estimate.half_width is None:
        return mean
    return f"{mean} ±{number(estimate.half_width, unit, language)}"
