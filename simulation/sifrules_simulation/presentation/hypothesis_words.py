"""The hypotheses in words (hypoteserna i ord): what each says, the verdicts, and one paragraph.

The paragraph puts the verdicts together. Every figure and every choice of words in it follows
from the findings, as they are saved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import Any

from sifrules.values.messages import Joined, Message, Text
from sifrules.values.numbers import number_words
from sifrules.values.text import same
from sifrules_simulation.analysis.hypotheses import HYPOTHESES, LEAST, Grade

Data = Mapping[str, Any]

#: What each hypothesis says, by its code.
CLAIMS = {
    "deters": Message("hypotheses.deters"),
    "through_choice": Message("hypotheses.through_choice"),
    "refills": Message("hypotheses.refills"),
    "fewer_in_all": Message("hypotheses.fewer_in_all"),
    "fewer_early": Message("hypotheses.fewer_early"),
    "more_later": Message("hypotheses.more_later"),
    "less_used": Message("hypotheses.less_used"),
    "other_projects": Message("hypotheses.other_projects"),
    "better_evaluated": Message("hypotheses.better_evaluated"),
}
#: What is measured of each, and between which arms.
ESTIMANDS = {
    "deters": Message("hypotheses.estimand_deters"),
    "through_choice": Message("hypotheses.estimand_through_choice"),
    "refills": Message("hypotheses.estimand_refills"),
    "fewer_in_all": Message("hypotheses.estimand_fewer_in_all"),
    "fewer_early": Message("hypotheses.estimand_fewer_early"),
    "more_later": Message("hypotheses.estimand_more_later"),
    "less_used": Message("hypotheses.estimand_less_used"),
    "other_projects": Message("hypotheses.estimand_other_projects"),
    "better_evaluated": Message("hypotheses.estimand_better_evaluated"),
}
GRADES = {
    Grade.NEARLY_ALL: Message("hypotheses.nearly_all"),
    Grade.MOST: Message("hypotheses.most"),
    Grade.DEPENDS: Message("hypotheses.depends"),
    Grade.FEW: Message("hypotheses.few"),
    Grade.REVERSED: Message("hypotheses.reversed"),
    Grade.CANNOT_TELL: Message("hypotheses.cannot_tell"),
}
#: The same in a cell of a table, next to the figures.
GRADES_IN_SHORT = {
    Grade.NEARLY_ALL: Message("hypotheses.short_nearly_all"),
    Grade.MOST: Message("hypotheses.short_most"),
    Grade.DEPENDS: Message("hypotheses.short_depends"),
    Grade.FEW: Message("hypotheses.short_few"),
    Grade.REVERSED: Message("hypotheses.short_reversed"),
    Grade.CANNOT_TELL: Message("hypotheses.short_cannot_tell"),
}
#: The same within a sentence, before the policies.
_WHERE = {
    Grade.NEARLY_ALL: Message("hypotheses.where_nearly_all"),
    Grade.MOST: Message("hypotheses.where_most"),
    Grade.DEPENDS: Message("hypotheses.where_depends"),
    Grade.FEW: Message("hypotheses.where_few"),
    Grade.REVERSED: Message("hypotheses.where_reversed"),
    Grade.CANNOT_TELL: Message("hypotheses.where_cannot_tell"),
}
_ANSWERS = {
    "deters": Message("hypotheses.answer_deters"),
    "through_choice": Message("hypotheses.answer_through_choice"),
    "refills": Message("hypotheses.answer_refills"),
    "fewer_in_all": Message("hypotheses.answer_fewer_in_all"),
    "fewer_early": Message("hypotheses.answer_fewer_early"),
    "more_later": Message("hypotheses.answer_more_later"),
    "less_used": Message("hypotheses.answer_less_used"),
    "other_projects": Message("hypotheses.answer_other_projects"),
    "better_evaluated": Message("hypotheses.answer_better_evaluated"),
}
#: How the whole is summed up: it deters, and what becomes of the applications in all.
_SUMS = {
    (True, True): Message("hypotheses.sum_deters_and_fewer"),
    (True, False): Message("hypotheses.sum_deters_not_fewer"),
    (False, True): Message("hypotheses.sum_fewer"),
    (False, False): Message("hypotheses.sum_neither"),
}
_AND = Message("nearest.and")
_HOLDS = (Grade.NEARLY_ALL, Grade.MOST)


def rule(margin: float) -> Text:
    """How a verdict is reached."""
    return Message(
        "hypotheses.rule",
        margin=number_words(100 * margin, "g"),
        nearly=number_words(100 * LEAST[Grade.NEARLY_ALL], "g"),
        most=number_words(100 * LEAST[Grade.MOST], "g"),
        depends=number_words(100 * LEAST[Grade.DEPENDS], "g"),
    )


def stated(margin: float) -> tuple[Text, ...]:
    """Every hypothesis with its estimand, and the rule, as they stand before the run."""
    each = (Joined((CLAIMS[h.code], ESTIMANDS[h.code]), " ") for h in HYPOTHESES)
    return (*each, rule(margin))


def verdict(name: str) -> Text:
    """A verdict (utslag), by its code; one that is unknown as it stands."""
    return GRADES[Grade(name)] if name in tuple(Grade) else same(name)


def paragraph(findings: Sequence[Data]) -> Text:
    """What the findings come to, put together."""
    return Joined((headline(findings), *_details(findings)), " ")


def headline(findings: Sequence[Data]) -> Text:
    """The first sentences of the paragraph: what the hypotheses come to in all."""
    return Joined(tuple(_sums(findings)), " ")


def by_hypothesis(findings: Sequence[Data]) -> dict[str, list[Data]]:
    """The findings of each hypothesis, policy by policy."""
    return {h.code: [f for f in findings if f["hypothesis"] == h.code] for h in HYPOTHESES}


def holding(findings: Sequence[Data]) -> int:
    """Of how many policies a hypothesis holds in most or nearly all worlds."""
    return sum(each["verdict"] in _HOLDS for each in findings)


def _sums(findings: Sequence[Data]) -> Iterator[Text]:
    of = by_hypothesis(findings)
    policies = len(of["deters"])
    deters, fewer = holding(of["deters"]), holding(of["fewer_in_all"])
    yield Message("hypotheses.sum", deters=deters, fewer=fewer, policies=policies)
    yield _SUMS[2 * deters > policies, 2 * fewer > policies]
    parts = {code: _mean(of[code]) for code in ("through_choice", "refills", "fewer_in_all")}
    if None not in parts.values():
        yield Message(
            "hypotheses.balance",
            direct=_points(parts["through_choice"]),
            indirect=_points(parts["refills"]),
            whole=_points(parts["fewer_in_all"]),
        )


def _details(findings: Sequence[Data]) -> Iterator[Text]:
    of = by_hypothesis(findings)
    for hypothesis in HYPOTHESES:
        points = span(of[hypothesis.code])
        if points is not None:
            where = _where(of[hypothesis.code])
            yield _ANSWERS[hypothesis.code].format(points=points, where=where)
    yield Message("hypotheses.rests_on")


def _known(findings: Sequence[Data]) -> list[float]:
    means = (each["difference"]["mean"] for each in findings)
    return [mean for mean in means if mean is not None]


def _mean(findings: Sequence[Data]) -> float | None:
    """The mean difference over policies; None where it is not known for one of them."""
    means = _known(findings)
    return fmean(means) if means and len(means) == len(findings) else None


def _points(difference: float | None) -> Text:
    return number_words(100 * (difference or 0.0), "+.1f")


def _where(findings: Sequence[Data]) -> Text:
    """In how many worlds it holds under which policies, the most first."""
    parts = []
    for grade, words in _WHERE.items():
        names = [each["policy"] for each in findings if each["verdict"] == grade]
        if names:
            parts.append(words.format(policies=_listed(names)))
    return Joined(tuple(parts), "; ")


def _listed(names: Sequence[str]) -> Text:
    first = Joined(tuple(names[:-1]), ", ")
    return Joined.of(_AND, first if names[:-1] else None, names[-1])


def span(findings: Sequence[Data]) -> Text | None:
    """From the lowest to the highest mean difference, in percentage points; None of none."""
    means = _known(findings)
    if not means:
        return None
    ends = [number_words(100 * each, "+.0f") for each in (min(means), max(means))]
    return ends[0] if ends[0] == ends[1] else Message("hypotheses.span", low=ends[0], high=ends[1])
