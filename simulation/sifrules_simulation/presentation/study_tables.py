"""Presentation of the return flow study: its tables and its notes."""

from __future__ import annotations

from itertools import chain

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Joined, Message, Text
from sifrules.values.numbers import written
from sifrules.values.text import Language
from sifrules_simulation.model.mechanisms import WHOLE, words_of
from sifrules_simulation.model.structure_notes import structure_notes
from sifrules_simulation.presentation import study_notes
from sifrules_simulation.presentation.formatting import interval, number, unit_of
from sifrules_simulation.presentation.hypothesis_tables import (
    Data,
    alternatives_tables,
    hypothesis_tables,
)
from sifrules_simulation.presentation.hypothesis_words import CLAIMS, stated
from sifrules_simulation.presentation.information_words import information_table
from sifrules_simulation.presentation.study_words import conditions, outcome, parameter
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.studies.return_flow import OPPOSING, PolicyResult, Study

_POLICY = Message("study_tables.policy")
_LEVELS = Message("study_tables.levels")
_WITH = Message("study_tables.with")
_WITHOUT = Message("study_tables.without")
_RATIO = Message("study_tables.ratio")
_GRANTED = Message("study_tables.granted")
_GRANTED_RATIO = Message("study_tables.granted_ratio")
_OPPOSING = Message("study_tables.opposing")
_CHOICE = Message("study_tables.choice")
_REFILL = Message("study_tables.refill")
_CAUSES = Message("study_tables.causes")
_WHOLE = Message("study_tables.whole")
_SENSITIVITY = Message("study_tables.sensitivity")
_PARAMETER = Message("study_tables.parameter")
_SHARE = Message("study_tables.share")
_FROM_TO = Message("study_tables.from_to")
_WORDS = Message("study_tables.words")
_REGION = Message("study_tables.region")
_HYPOTHESIS = Message("hypotheses.hypothesis")
_RULE = Message("study_tables.rule")
_OUTCOME = Message("study_tables.outcome")
_DENSITY = Message("study_tables.density")
_COVERAGE = Message("study_tables.coverage")
_BASE = Message("study_tables.base")
_FINDING = Message("hypotheses.stated")
_ABOUT = Message("study_tables.about")

#: How many parameters of each policy are shown.
_MOST_SHOWN = 6


def percent(share: float | None, language: Language) -> str:
    """A share as per cent; a dash where it is not known."""
    return "–" if share is None else number(share, "share", language)


def plain(estimate: Estimate, language: Language) -> str:
    """A bare number with its interval, to two decimals."""
    if estimate.mean is None:
        return "–"
    text = written(estimate.mean, ".2f", language)
    if estimate.half_width is not None:
        text += f" ±{written(estimate.half_width, '.2f', language)}"
    return text


# --- the return flow ------------------------------------------------------------------


def tables(study: Study, data: Data, lang: Language) -> tuple[Table, ...]:
    """All tables of a study, out of it and the plain data that it is saved as."""
    found = [*hypothesis_tables(data, lang), *alternatives_tables(data, lang)]
    found += [_levels(study.answers, lang), _opposing(study, lang)]
    found += [_causes(study, lang), _sensitivity(study, lang), region_table(data, lang)]
    found.append(information_table(data, lang))
    return tuple(each for each in found if each.rows)


def _levels(answers: tuple[PolicyResult, ...], lang: Language) -> Table:
    columns = [Column(_POLICY.text(lang), width=18)]
    columns += [
        Column(_narrow(head, lang), number=True)
        for head in (_WITH, _WITHOUT, _RATIO, _GRANTED, _GRANTED_RATIO)
    ]
    rows = [
        [
            each.policy,
            interval(each.with_return, "share", lang),
            interval(each.without, "share", lang),
            plain(each.ratio, lang),
            interval(each.granted_difference, "SEK", lang, signed=True),
            plain(each.granted_ratio, lang),
        ]
        for each in answers
    ]
    return Table(columns, rows, _LEVELS.text(lang))


def _opposing(study: Study, lang: Language) -> Table:
    measures = {each.name: each for each in study.effects.design.measures}
    shown = [measures[name] for name in OPPOSING]
    columns = [Column(_POLICY.text(lang), width=18)]
    for measure in shown:
        unit = unit_of(measure.unit).difference
        head = Joined((measure.words, " (", unit, ")"))
        columns.append(Column(_narrow(head, lang), number=True))
    columns += [Column(_narrow(head, lang), number=True) for head in (_CHOICE, _REFILL)]
    rows = [
        [
            each.policy,
            *(
                interval(each.opposing[measure.name], measure.unit, lang, signed=True)
                for measure in shown
            ),
            *(interval(part, "share", lang, signed=True) for part in (each.direct, each.indirect)),
        ]
        for each in study.answers
    ]
    return Table(columns, rows, _OPPOSING.text(lang))


def _causes(study: Study, lang: Language) -> Table:
    columns = [Column(_POLICY.text(lang), width=18)]
    columns += [Column(_narrow(words_of(name), lang), number=True) for name in WHOLE]
    columns.append(Column(_narrow(_WHOLE, lang), number=True))
    rows = []
    if study.causes is not None:
        shares = {(each.policy, each.switch): each.share for each in study.causes.shares}
        for policy, step in study.causes.steps.items():
            row = [interval(shares[policy, name], "share", lang, signed=True) for name in WHOLE]
            rows.append([policy, *row, interval(step, "share", lang, signed=True)])
    return Table(columns, rows, _CAUSES.text(lang))


def _sensitivity(study: Study, lang: Language) -> Table:
    rows = []
    for policy, found in study.dependence.sensitivity.items():
        for each in [index for index in found if index.tells][:_MOST_SHOWN]:
            share = each.first_order
            span = f"{percent(share.low, lang)}–{percent(share.high, lang)}"
            about = parameter(each.path).text(lang)
            rows.append([policy, each.path, about, percent(share.mean, lang), span])
    columns = [
        Column(_POLICY.text(lang), width=18),
        Column(_PARAMETER.text(lang)),
        Column(_WORDS.text(lang), width=40),
        Column(_SHARE.text(lang), number=True),
        Column(_FROM_TO.text(lang), number=True),
    ]
    return Table(columns, rows, _SENSITIVITY.text(lang))


def region_table(data: Data, lang: Language) -> Table:
    """The regions that were found, hypothesis by hypothesis and policy by policy."""
    rows = [
        [
            each["policy"],
            CLAIMS[each["hypothesis"]].text(lang),
            conditions(each).text(lang),
            outcome(each["outcome"]).text(lang),
            *(with_span(each[share], lang) for share in ("density", "coverage")),
            percent(each["base"], lang),
        ]
        for each in data["regions"]
        if each["tells"]
    ]
    columns = [
        Column(_POLICY.text(lang), width=18),
        Column(_HYPOTHESIS.text(lang), width=30),
        Column(_RULE.text(lang), width=44),
        Column(_OUTCOME.text(lang), width=14),
        *(Column(_narrow(head, lang), number=True) for head in (_DENSITY, _COVERAGE, _BASE)),
    ]
    return Table(columns, rows, _REGION.text(lang))


def with_span(share: Data, lang: Language) -> str:
    """A share with the ends of its interval."""
    mean, low, high = (percent(share[end], lang) for end in ("mean", "low", "high"))
    return f"{mean} ({low}–{high})"


def _narrow(head: Text, lang: Language) -> str:
    """A heading broken at its words, to keep the column narrow."""
    from textwrap import fill

    return fill(head.text(lang), 12, break_long_words=False).replace("\n", " \n")


def notes(
    study: Study, data: Data, lang: Language, lacking: tuple[str, ...] = ()
) -> tuple[tuple[Text, tuple[str, ...]], ...]:
    """What is tested and by what rule, how the study was made, and what could not be saved."""
    tested = tuple(each.text(lang) for each in stated(study.finding.margin))
    structural = structure_notes(study.effects.design.scenario)
    noted = chain(study_notes.notes(data, saved=study.saved), structural)
    about = (each.text(lang) for each in noted)
    return (_FINDING, tested), (_ABOUT, (*about, *lacking))
