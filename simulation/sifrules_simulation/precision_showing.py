"""How stopping by precision is told: what was spent, what was reached, and what the looks cost."""

from __future__ import annotations

from sifrules.simulated import Measure
from sifrules.words import Words, same
from sifrules_simulation.precision import Precision
from sifrules_simulation.showing import UNITS, decimal

_REACHED = Words(
    sv="{spent}: skillnaden i ”{measure}” är känd inom ±{asked} för varje policy, som begärt",
    en='{spent}: the difference in "{measure}" is known within ±{asked} for every policy, as asked',
)
_SHORT = Words(
    sv="{spent}: skillnaden i ”{measure}” är känd inom ±{widest}, inte inom begärda ±{asked}",
    en='{spent}: the difference in "{measure}" is known within ±{widest}, not within the ±{asked} '
    "asked for",
)
_UNKNOWN = Words(
    sv="{spent}: hur väl skillnaden i ”{measure}” är känd går inte att säga (begärt: ±{asked})",
    en='{spent}: how closely the difference in "{measure}" is known cannot be told (asked for: '
    "±{asked})",
)
_LEVEL = Words(
    sv="intervallen är {level}-procentiga: så håller de i 95 % av fallen fast vi tittat på vägen",
    en="intervals are {level} %: so they hold in 95 % of cases although we looked on the way",
)
_POINTS = Words(sv="procentenheter", en="points")
#: How amounts and shares are scaled to be shown.
_SCALES = {"SEK": 1e-6, "share": 100.0}


def precisely(precision: Precision, measure: Measure, spent: Words) -> tuple[Words, Words]:
    """What was ``spent`` and whether it sufficed; and how sure the intervals are."""
    words = _REACHED if precision.reached else _UNKNOWN if precision.widest is None else _SHORT
    sentence = words.put(
        spent=spent,
        measure=measure.words,
        asked=_span(precision.half_width, measure.unit),
        widest=_span(precision.widest or 0.0, measure.unit),
    )
    return sentence, _LEVEL.put(level=decimal(100 * precision.level))


def thousands(count: int) -> Words:
    """A count with its thousands apart.

    >>> thousands(1792).en
    '1,792'
    """
    return Words(sv=f"{count:,}".replace(",", "\N{NO-BREAK SPACE}"), en=f"{count:,}")


def _span(width: float, unit: str) -> Words:
    """A half-width in its unit.

    >>> _span(0.015, "share")
    Words(sv='1,5 procentenheter', en='1.5 points')
    """
    number = decimal(_SCALES.get(unit, 1.0) * width)
    if unit == "count":
        return number
    name = _POINTS if unit == "share" else UNITS.get(unit, same(unit))
    return Words(sv="{number} {name}", en="{number} {name}").put(number=number, name=name)
