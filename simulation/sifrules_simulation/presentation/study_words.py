"""A study in words (studien i ord): the codes and numbers that it is saved as, as sentences.

Everything here reads the plain data of `results.study_data`, so that a study that was run a
moment ago and one that was read back are worded alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sifrules.values.dates import Month
from sifrules.values.messages import Joined, Message, Text, message_of
from sifrules.values.numbers import number_words
from sifrules.values.text import LocalizedText, same
from sifrules_simulation.analysis.regions import DrawOutcome, ParameterInterval
from sifrules_simulation.model.parameters import declared

Data = Mapping[str, Any]

#: What a number counts that draws are only checked against, by its code.
CHECKED = {
    "yearly_grants": Message("record.yearly_grants"),
    "civil_grants": Message("record.civil_grants"),
    "ideas": Message("record.ideas"),
    "refused": Message("record.refused"),
    "evaluated": Message("record.evaluated"),
    "implemented": Message("record.implemented"),
    "handed_back": Message("record.handed_back"),
}
#: What a number of the record counts, by its code.
COUNTED = {
    **CHECKED,
    "grants": Message("record.grants"),
    "granted": Message("record.granted"),
}
_OUTCOMES = {
    DrawOutcome.HOLDS: Message("outcome.holds"),
    DrawOutcome.REVERSED: Message("outcome.reversed"),
    DrawOutcome.NEITHER: Message("outcome.neither"),
}
_PARAMETERS = {path: field.metadata["words"] for path, field in declared()}


def saved_text(value: Data | str) -> Text:
    """A text as it was saved: a message's code and arguments, both languages, or plain text.

    >>> saved_text({"code": "errors.more_draws"}).text("en"), saved_text("as it is").text("sv")
    ('run more draws', 'as it is')
    """
    if isinstance(value, Mapping):
        return message_of(value) if "code" in value else LocalizedText(**value)
    return same(value)


def saved_error(error: Data) -> Text:
    """An error as it was saved, with what to do about it."""
    return Joined.of("; ", *(saved_text(error[key]) for key in ("what", "fix") if error[key]))


# --- what it depends on ---------------------------------------------------------------


def outcome(name: str) -> Text:
    """The outcome of the finding in one draw, by its code."""
    return _OUTCOMES[DrawOutcome(name)]


def condition(each: Data) -> ParameterInterval:
    """A rule's condition on one parameter.

    >>> condition({"path": "ideas.evaluable", "above": None, "most": 0.5}).text("sv")
    'ideas.evaluable <= 0,5'
    """
    above, most = each["above"], each["most"]
    return ParameterInterval(
        each["path"],
        -math.inf if above is None else above,
        math.inf if most is None else most,
    )


def region(each: Data) -> Text:
    """What the rules of a region are worth, or that no readable region was found."""
    if len(each["seen"]) == 1:
        return Message("region.one_outcome", outcome=outcome(each["seen"][0]))
    worth = Message(
        "region.worth",
        right=number_words(100 * (each["accuracy"]["mean"] or 0), ".0f"),
        guess=number_words(100 * each["guess"], ".0f"),
    )
    return worth if each["tells"] else Message("region.none", worth=worth)


def influence(each: Data) -> Text:
    """The influence of one parameter on the effect."""
    if each["mean"] is None:
        return Message("sensitivity.nothing")
    return Message("sensitivity.tells" if each["tells"] else "sensitivity.cannot")


def parameter(path: str) -> Text:
    """A parameter in words; one that is not declared here by its path."""
    words: Text = _PARAMETERS.get(path, same(path))
    return words


def town(calibration: Mapping[str, Any], key: str) -> str:
    """A municipality by name; by its key in what an older version saved.

    >>> town({"towns": {"orebro": "Örebro"}}, "orebro"), town({}, "orebro")
    ('Örebro', 'orebro')
    """
    named: Mapping[str, str] = calibration.get("towns", {})
    return named.get(key, key)


# --- the record -----------------------------------------------------------------------


def period(text: str) -> Text:
    """A period saved as its first and last month, as people write it.

    >>> period("2011-01/2012-12").text("en"), period("2013-05/2015-12").text("en")
    ('2011–2012', '2013-05 to 2015-12')
    >>> period("2013-05/2015-12").text("sv")
    'maj 2013 till december 2015'
    """
    first, last = (Month.read(each) for each in text.split("/"))
    if first.month == 1 and last.month == 12:
        years = f"{first.year}–{last.year}" if first.year < last.year else str(first.year)
        return same(years)
    return Message("record.period", first=first, last=last)


def lesson(each: Data) -> Text:
    """What was learnt of a parameter from the record."""
    posterior = each["posterior"]
    if posterior is None:
        return Message("lesson.too_few")
    if not each["learnt"]:
        return Message("lesson.nothing")
    moved = posterior["median"] - each["prior"]["median"]
    if not moved:
        return Message("lesson.narrower")
    return Message("lesson.higher") if moved > 0 else Message("lesson.lower")
