"""Presentation of the evidence (tabeller över vad facit säger): behaviours, parameters, checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message, Text
from sifrules.values.numbers import number_words, written
from sifrules.values.text import Language
from sifrules_simulation.analysis.observations import AMOUNTS
from sifrules_simulation.presentation.formatting import number
from sifrules_simulation.presentation.study_words import parameter, period

Data = Mapping[str, Any]

_BEHAVIOURS = Message("evidence.behaviours")
_BEHAVIOUR = Message("evidence.behaviour")
_PROBABILITY = Message("evidence.probability")
_FACTOR = Message("evidence.factor")
_PARAMETERS = Message("evidence.parameters")
_PARAMETER = Message("study_tables.parameter")
_WORDS = Message("study_tables.words")
_PLACE = Message("evidence.place")
_CHECKED = Message("evidence.checked")
_HEADS = (
    Message("calibration_tables.town"),
    Message("calibration_tables.what"),
    Message("calibration_tables.period"),
)
_NUMBERS = (
    Message("calibration_tables.happened"),
    Message("calibration_tables.before"),
    Message("evidence.by_all"),
    Message("evidence.by_others"),
)
_COUNTED = {
    "grants": Message("evidence.what_grants"),
    "granted": Message("evidence.what_granted"),
    "yearly_grants": Message("evidence.what_yearly_grants"),
    "civil_grants": Message("evidence.what_civil_grants"),
    "ideas": Message("evidence.what_ideas"),
    "refused": Message("evidence.what_refused"),
    "evaluated": Message("evidence.what_evaluated"),
    "implemented": Message("evidence.what_implemented"),
    "handed_back": Message("evidence.what_handed_back"),
}
_INSIDE = Message("calibration_tables.inside")
_YES, _NO = Message("calibration_tables.yes"), Message("calibration_tables.no")


def verdict(data: Data) -> Text:
    """Which behaviour the record favours, or that it cannot tell them apart."""
    least = number_words(data["least_factor"], "g")
    if data["favoured"] is None:
        return Message("evidence.cannot_tell", least=least)
    return Message("evidence.favoured", behaviour=data["favoured"], least=least)


def tables(data: Data, lang: Language) -> Iterator[Table]:
    """The behaviours with their probabilities, the parameters, and every number of the record."""
    columns = [Column(_BEHAVIOUR.text(lang))]
    columns += [Column(head.text(lang), number=True) for head in (_PROBABILITY, _FACTOR)]
    rows = [
        [
            each["behaviour"],
            number(each["probability"], "share", lang),
            written(each["factor"], ".1f", lang),
        ]
        for each in data["behaviours"]
    ]
    yield Table(columns, rows, _BEHAVIOURS.text(lang))
    columns = [Column(_PARAMETER.text(lang)), Column(_WORDS.text(lang), width=40)]
    columns.append(Column(_PLACE.text(lang), number=True))
    rows = [
        [
            each["parameter"],
            parameter(each["parameter"]).text(lang),
            _span(each, lambda value: written(value, ".2f", lang)),
        ]
        for each in data["parameters"]
    ]
    yield Table(columns, rows, _PARAMETERS.text(lang))
    columns = [Column(head.text(lang)) for head in _HEADS]
    columns += [Column(head.text(lang), number=True) for head in _NUMBERS]
    columns.append(Column(_INSIDE.text(lang)))
    yield Table(columns, [_row(each, lang) for each in data["checked"]], _CHECKED.text(lang))


def _row(each: Data, lang: Language) -> list[str]:
    def short(value: float) -> str:
        amount = each["what"] in AMOUNTS
        return number(value, "SEK", lang) if amount else written(value, "g", lang)

    return [
        each["municipality"],
        _COUNTED[each["what"]].text(lang),
        period(each["period"]).text(lang),
        short(each["happened"]),
        *(_span(each[of], short) for of in ("prior", "posterior", "left_out")),
        (_YES if each["inside_left_out"] else _NO).text(lang),
    ]


def _span(of: Data, short: Any) -> str:
    low, median, high = (short(of[end]) for end in ("low", "median", "high"))
    return f"{median} ({low}–{high})"


def notes(data: Data) -> Iterator[Text]:
    """How it was made, how well it foresees, and its caveats."""
    yield Message(
        "evidence.size",
        population=data["population"],
        generations=data["generations"],
        simulations=data["simulations"],
        effective=number_words(data["effective"], ".0f"),
        seed=data["seed"],
    )
    checked = data["checked"]
    for code, key in (("evidence.inside", "inside"), ("evidence.inside_others", "inside_left_out")):
        yield Message(code, inside=sum(each[key] for each in checked), of=len(checked))
    yield Message("evidence.drawn_anew", looked_for=len(data["parameters"]))
    yield Message("evidence.thin", towns=len(data["municipalities"]))


def behaviour_rows(data: Data) -> Table:
    """The behaviours as CSV."""
    heads = ("behaviour", "probability", "factor")
    rows = [
        [each["behaviour"], repr(each["probability"]), repr(each["factor"])]
        for each in data["behaviours"]
    ]
    return Table([Column(head, number=head != "behaviour") for head in heads], rows)
