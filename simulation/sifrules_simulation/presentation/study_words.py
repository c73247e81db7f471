"""A study in words (studien i ord): the codes and numbers that it is saved as, as sentences.

Everything here reads the plain data of `results.study_data`, so that a study that was run a
moment ago and one that was read back are worded alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sifrules.values.dates import Month
from sifrules.values.messages import Joined, Message, Text, message_of
from sifrules.values.numbers import number_words
from sifrules.values.text import LocalizedText, same
from sifrules_simulation.analysis.regions import BEATS, DrawOutcome
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
    DrawOutcome.FAILS: Message("outcome.fails"),
    DrawOutcome.REVERSED: Message("outcome.reversed"),
}
_BETWEEN, _AT_LEAST = Message("region.between"), Message("region.at_least")
_AT_MOST = Message("region.at_most")
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
    """What comes of a hypothesis, by its code."""
    return _OUTCOMES[DrawOutcome(name)]


def condition(each: Data) -> Text:
    """A condition of a region on one parameter, in words and by its path.

    >>> text = condition({"path": "ideas.evaluable", "low": None, "high": 0.5}).text("en")
    >>> text.endswith("(ideas.evaluable) at most 0.5")
    True
    """
    ends = {end: each[end] for end in ("low", "high") if each[end] is not None}
    kind = _BETWEEN if len(ends) == 2 else _AT_LEAST if "low" in ends else _AT_MOST
    bounds = kind.format(**{end: number_words(value, ",.12g") for end, value in ends.items()})
    return Message("region.where", name=parameter(each["path"]), path=each["path"], bounds=bounds)


def conditions(region: Data) -> Text:
    """All conditions of a region."""
    return Joined(tuple(condition(each) for each in region["where"]), Message("region.and"))


def region(each: Data) -> Text:
    """Where an outcome is frequent, or that no such region was found."""
    said: dict[str, Any] = {
        "outcome": outcome(each["outcome"]),
        "base": number_words(100 * each["base"], ".0f"),
    }
    if not each["tells"]:
        return Message("region.none", beats=number_words(100 * BEATS, "g"), **said)
    shares = {end: each["density"][end] for end in ("mean", "low", "high")}
    density, low, high = (number_words(100 * share, ".0f") for share in shares.values())
    coverage = number_words(100 * (each["coverage"]["mean"] or 0), ".0f")
    return Message(
        "region.found",
        where=conditions(each), density=density, low=low, high=high, coverage=coverage, **said,
    )  # fmt: skip


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
