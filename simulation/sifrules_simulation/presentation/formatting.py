"""Numbers, units and intervals as a reader of a language writes them."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from sifrules.values.messages import Message, Text
from sifrules.values.numbers import NO_BREAK_SPACE, percent, written
from sifrules.values.text import Language, same
from sifrules_simulation.statistics.estimates import Estimate

#: The unit of a difference between shares, written out.
PERCENTAGE_POINTS = Message("formatting.percentage_points")
_AND = Message("report_summary.and")
_SCENARIO = Message("formatting.scenario_changed")


@frozen(kw_only=True)
class Unit:
    """A unit of measures and parameters (enhet): its words, and how its numbers are scaled.

    Saved values are kronor and shares from 0 to 1: ``saved`` is their unit next to a number and
    ``column`` in a data dictionary. ``shown`` is the unit of a number that is scaled to be shown,
    ``difference`` that of a difference between two such. A number is shown ``times`` as large
    as it is saved, divided by ``per``.
    """

    saved: Text
    column: Text
    shown: Text
    difference: Text
    times: int = 1
    per: int = 1

    @classmethod
    def unscaled(cls, words: Text) -> Unit:
        """A unit that has the same words and the same numbers everywhere."""
        return cls(saved=words, column=words, shown=words, difference=words)

    def scaled(self, value: float) -> float:
        """A saved value as it is shown."""
        return self.times * value / self.per


_MILLIONS = Message("formatting.millions")

#: Every unit by its code.
UNITS = {
    "SEK": Unit(
        saved=Message("formatting.units_sek_saved"),
        column=Message("formatting.units_sek_column"),
        shown=_MILLIONS,
        difference=_MILLIONS,
        per=1_000_000,
    ),
    "share": Unit(
        saved=Message("formatting.units_share_saved"),
        column=Message("formatting.units_share_column"),
        shown=same("%"),
        difference=Message("formatting.units_share_difference"),
        times=100,
    ),
    "count": Unit.unscaled(Message("formatting.units_count")),
    "months": Unit.unscaled(Message("formatting.units_months")),
    "ratio": Unit.unscaled(Message("formatting.units_ratio")),
    "a year": Unit.unscaled(Message("formatting.units_a_year")),
    # A column whose unit is that of the measure which its row is about.
    "measure": Unit.unscaled(Message("formatting.units_measure")),
}


def unit_of(code: str) -> Unit:
    """The unit with a code; one that only a plugin knows is shown by its code.

    >>> unit_of("SEK").shown.en, unit_of("SEK").saved.en, unit_of("pupils").shown.en
    ('MSEK', 'SEK', 'pupils')
    """
    return UNITS[code] if code in UNITS else Unit.unscaled(same(code))


def number(value: float, unit: str, language: Language, *, signed: bool = False) -> str:
    """A saved value as it is shown in its unit, without the unit: millions of kronor, per cent.

    >>> number(12_345_678.0, "SEK", "sv"), number(0.1234, "share", "en", signed=True)
    ('12,3', '+12.3')
    """
    return written(unit_of(unit).scaled(value), "+,.1f" if signed else ",.1f", language)


def interval(estimate: Estimate, unit: str, language: Language, *, signed: bool = False) -> str:
    """A mean with half of its confidence interval: ``12.3 ±0.4``; a dash where nothing is known.

    >>> interval(Estimate(0.5, 0.4, 0.6, 9), "share", "en")
    '50.0 ±10.0'
    """
    if estimate.mean is None:
        return "–"
    mean = number(estimate.mean, unit, language, signed=signed)
    if estimate.half_width is None:
        return mean
    return f"{mean} ±{number(estimate.half_width, unit, language)}"


def parameter_value(value: float, unit: str, language: Language) -> str:
    """A parameter as it is stated, with its unit: a share in per cent, an amount in kronor.

    >>> parameter_value(0.4, "share", "en"), parameter_value(60.0, "months", "en")
    ('40 %', '60\\xa0months')
    """
    if unit == "share":
        return percent(written(100 * value, ",.4g", language), language)
    bare = written(value, ",.10g", language)
    if unit == "ratio":  # a number of times, which nobody names
        return bare
    return f"{bare}{NO_BREAK_SPACE}{unit_of(unit).saved.text(language)}"


#: What the behaviours are called where a line has room for a word; a plugin's by its name.
_BEHAVIOURS = {
    "weighing": Message("formatting.behaviour_weighing"),
    "prospect": Message("formatting.behaviour_prospect"),
    "null": Message("formatting.behaviour_null"),
}


def scenario_word(id: str) -> Text:
    """What a scenario is called, with what is assumed otherwise in it.

    >>> scenario_word("default with begins=2010").text("sv"), scenario_word("mine").text("sv")
    ('default med begins=2010', 'mine')
    """
    base, changed, changes = id.partition(" with ")
    return _SCENARIO.format(scenario=base, changes=changes) if changed else same(id)


def behaviour_word(name: str) -> Text:
    """What a behaviour is called, with the name that --behaviour takes where that is another.

    >>> behaviour_word("weighing").text("sv"), behaviour_word("mine").text("sv")
    ('avvägning (weighing)', 'mine')
    """
    return _BEHAVIOURS[name] if name in _BEHAVIOURS else same(name)


def listed(parts: Sequence[str], lang: Language) -> str:
    """Parts as "a, b and c".

    >>> listed(["a", "b", "c"], "en")
    'a, b and c'
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {_AND.text(lang)} {parts[-1]}"
