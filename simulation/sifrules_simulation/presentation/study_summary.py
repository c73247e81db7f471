"""The first page of a study (första sidan): what it comes to in five sentences.

Every figure and every choice of words follows from the findings, as they are saved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from sifrules.values.messages import Joined, Message, Text
from sifrules.values.text import same
from sifrules_simulation.analysis.hypotheses import Grade
from sifrules_simulation.presentation.hypothesis_words import by_hypothesis, holding, span
from sifrules_simulation.presentation.information_words import ranked
from sifrules_simulation.presentation.study_words import parameter

Data = Mapping[str, Any]

_DETERS = {
    "all": Message("summary.deters_all"),
    "some": Message("summary.deters_some"),
    "none": Message("summary.deters_none"),
}
_REFILLS = {
    "all": Message("summary.refills_all"),
    "some": Message("summary.refills_some"),
    "none": Message("summary.refills_none"),
}
_TIME = {True: Message("summary.sooner"), False: Message("summary.time")}
_AND = Message("nearest.and")


def sentences(study: Data, parameters: Sequence[Data]) -> tuple[Text, ...]:
    """What a study comes to, in five sentences, from it and the parameters of its scenario."""
    of = by_hypothesis(study["findings"])
    return (
        _how_many(_DETERS, of["deters"]),
        _how_many(_REFILLS, of["refills"]),
        _left(of["fewer_in_all"]),
        _time(of),
        _rests_on(study, parameters),
    )


def _how_many(words: Mapping[str, Message], findings: Sequence[Data]) -> Text:
    """Of how many policies a hypothesis holds in most worlds, and by how much."""
    n, of = holding(findings), len(findings)
    which = "all" if n == of else "some" if n else "none"
    return words[which].format(points=_points(findings), holding=n, of=of)


def _points(findings: Sequence[Data]) -> Text:
    found = span(findings)
    return same("–") if found is None else found


def _left(findings: Sequence[Data]) -> Text:
    fewer, of = holding(findings), len(findings)
    more = sum(each["verdict"] == Grade.REVERSED for each in findings)
    return Message(
        "summary.left", points=_points(findings), fewer=fewer, more=more, others=of - fewer - more
    )


def _time(of: Mapping[str, Sequence[Data]]) -> Text:
    early, later = (_means(of[code]) for code in ("fewer_early", "more_later"))
    sooner = bool(early and later) and min(early) > 0 and fmean(early) > fmean(later)
    return _TIME[sooner].format(
        early=_points(of["fewer_early"]),
        later=_points(of["more_later"]),
        used=_points(of["less_used"]),
    )


def _means(findings: Sequence[Data]) -> list[float]:
    means = (each["difference"]["mean"] for each in findings)
    return [mean for mean in means if mean is not None]


def _rests_on(study: Data, parameters: Sequence[Data]) -> Text:
    most = [
        Message("summary.quoted", name=parameter(each["parameter"])) for each in ranked(study)[:2]
    ]
    what = Joined(tuple(most), _AND) if most else None
    return Message(
        "summary.rests_on" if what else "summary.rests_on_none",
        assumed=sum(each["assumed"] for each in parameters),
        parameters=len(parameters),
        depends=counted(study, Grade.DEPENDS),
        findings=len(study["findings"]),
        **({"what": what} if what else {}),
    )


def counted(study: Data, grade: Grade) -> int:
    """How many findings have a verdict."""
    return sum(each["verdict"] == grade for each in study["findings"])
