"""Notes on sequential stopping: replications spent, precision reached, cost of interim looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sifrules.plugin.simulation import Measure
from sifrules.values.messages import Message, Text
from sifrules.values.numbers import number_words
from sifrules.values.text import LocalizedText
from sifrules_simulation.model.measures import MEASURES
from sifrules_simulation.presentation.formatting import unit_of
from sifrules_simulation.statistics.sequential import Precision

if TYPE_CHECKING:
    from sifrules_simulation.analysis.comparison import Comparison

_REPLICATIONS = Message("stopping_notes.replications")
_DRAWS = Message("stopping_notes.draws")
_REACHED = Message("stopping_notes.reached")
_SHORT = Message("stopping_notes.short")
_UNKNOWN = Message("stopping_notes.unknown")
_LEVEL = Message("stopping_notes.level")


def in_comparison(comparison: Comparison) -> tuple[Text, ...]:
    """What a comparison spent for the requested precision; nothing where none was."""
    came = comparison.precision
    if came is None:
        return ()
    spent = _REPLICATIONS.format(n=_thousands(came.spent), most=_thousands(came.most))
    return _spent_and_reached(came, comparison.experiment.measures, spent)


def in_study(data: Mapping[str, Any]) -> tuple[Text, ...]:
    """What a study spent for the precision asked of it, from its data; nothing where none was."""
    if data["precision"] is None:
        return ()
    values, worlds = dict(data["precision"]), data["replications"]
    came = Precision(spent=values.pop("draws"), **values)
    spent = _DRAWS.format(
        n=_thousands(came.spent),
        most=_thousands(came.most),
        runs=_thousands(came.spent * worlds),
        of=_thousands(came.most * worlds),
    )
    return _spent_and_reached(came, MEASURES, spent)


def _spent_and_reached(
    precision: Precision, measures: Iterable[Measure], spent: Text
) -> tuple[Text, Text]:
    """What was ``spent`` and whether it sufficed; and how sure the intervals are."""
    (measure,) = (each for each in measures if each.name == precision.measure)
    words = _REACHED if precision.reached else _UNKNOWN if precision.widest is None else _SHORT
    sentence = words.format(
        spent=spent,
        measure=measure.words,
        asked=_span(precision.half_width, measure.unit),
        widest=_span(precision.widest or 0.0, measure.unit),
    )
    return sentence, _LEVEL.format(level=number_words(100 * precision.level, ".4g"))


def _thousands(count: int) -> Text:
    """A count with its thousands apart.

    >>> _thousands(1792).en
    '1,792'
    """
    return LocalizedText(sv=f"{count:,}".replace(",", "\N{NO-BREAK SPACE}"), en=f"{count:,}")


def _span(width: float, unit: str) -> Text:
    """A half-width in its unit.

    >>> _span(0.015, "share").en, _span(2_500_000.0, "SEK").sv.split()
    ('1.5 points', ['2,5', 'mnkr'])
    """
    number = number_words(unit_of(unit).scaled(width), ".4g")
    if unit == "count":
        return number
    return Message("stopping_notes.text").format(number=number, name=unit_of(unit).difference)
