"""The study in a report: its verdict, causes, what it depends on, and how it fits the record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.analysis.observations import AMOUNTS
from sifrules_simulation.model.mechanisms import WHOLE, words_of
from sifrules_simulation.presentation.formatting import interval, number
from sifrules_simulation.presentation.hypothesis_tables import (
    alternatives_tables,
    hypothesis_tables,
)
from sifrules_simulation.presentation.hypothesis_words import paragraph, stated
from sifrules_simulation.presentation.information_words import information_table
from sifrules_simulation.presentation.report.blocks import (
    Block,
    Command,
    Figure,
    Grid,
    Heading,
    Paragraph,
    Points,
    Section,
)
from sifrules_simulation.presentation.report.key_figures import estimate
from sifrules_simulation.presentation.report.summary_section import NO_ANSWER
from sifrules_simulation.presentation.study_notes import notes, record_notes, region_note
from sifrules_simulation.presentation.study_tables import region_table
from sifrules_simulation.presentation.study_words import (
    CHECKED,
    parameter,
    period,
    region,
    town,
)
from sifrules_simulation.results.reader import Data, SavedResults
from sifrules_simulation.studies.dependence import ANSWERED

#: Gives the figure of a chart's name, its caption and its gist.
Draw = Callable[[str, Any, str, str], Figure]

#: How many parameters of each policy are shown.
_MOST = 6

_STUDY = Message("report_study.study")
_NONE = Message("report_study.none")
_FINDING = Message("hypotheses.stated")
_POLICY = Message("report_study.policy")
_CAUSES = Message("report_study.causes")
_CAUSES_TABLE = Message("report_study.causes_table")
_NO_CAUSES = Message("report_study.no_causes")
_DEPENDS_ON = Message("report_study.depends_on")
_SENSITIVITY = Message("report_study.sensitivity")
_PARAMETER = Message("report_study.parameter")
_SHARE = Message("report_study.share")
_FROM_TO = Message("report_study.from_to")
_NO_SENSITIVITY = Message("report_study.no_sensitivity")
_TURNS = Message("report_study.turns")
_VALIDATION = Message("report_study.validation")
_PREDICTED = Message("report_study.predicted")
_NOT_VALIDATED = Message("report_study.not_validated")
_TOWN = Message("report_study.town")
_WHAT = Message("report_study.what")
_PERIOD = Message("report_study.period")
_HAPPENED = Message("report_study.happened")
_FORESEEN = Message("report_study.foreseen")
_BY_OTHERS = Message("report_study.by_others")
_WITHIN = Message("report_study.within")
_YES, _NO = Message("report_study.yes"), Message("report_study.no")
_COUNTED = {
    **CHECKED,
    "grants": Message("report_study.counted_grants"),
    "granted": Message("report_study.counted_granted"),
}
_ABOUT = Message("report_study.about")
_STUDIED_ALONE = Message("report_study.studied_alone")
_CAPTIONS = {
    "effects": Message("report_study.captions_effects"),
    "shares": Message("report_study.captions_shares"),
    "causes": Message("report_study.captions_causes"),
    "sensitivity": Message("report_study.captions_sensitivity"),
    "two_way": Message("report_study.captions_two_way"),
    "foreseen": Message("report_study.captions_foreseen"),
}
#: Which figures stand before which table, by their ids.
_FIGURES = {
    "findings": ("effects", "shares"),
    "causes": ("causes",),
    "sensitivity": ("sensitivity",),
    "regions": ("two_way",),
    "predicted": ("foreseen",),
}
_COMMAND = "sif study return-flow --out {study}\nsif report {asked} --study {study} --lang {lang}"


def findings(
    saved: SavedResults,
    lang: Language,
    figures: dict[str, Any],
    draw: Draw,
    studied: Mapping[str, str],
) -> Section:
    """The results of a study, and their reasons; without one, how to make it.

    ``studied`` are the names, by id, of policies that were studied and are not compared: their
    ids stand here.
    """
    study = saved.study
    if study is None:
        again = _COMMAND.format(asked=saved.asked, study="study", lang=lang)
        return Section("study", _STUDY.text(lang), [Paragraph(_NONE.text(lang)), Command(again)])
    blocks = [*_verdict(study, lang), *_causes(study, lang), *_depends_on(study, lang)]
    blocks += [*_validation(study, lang), *_about(study, lang)]
    named = [f"{name} ({id})" for id, name in studied.items() if name != id]
    if named:
        blocks.append(Paragraph(_STUDIED_ALONE.format(policies=", ".join(named)).text(lang)))
    return Section("study", _STUDY.text(lang), list(_illustrated(blocks, figures, draw, lang)))


def _illustrated(
    blocks: list[Block], figures: dict[str, Any], draw: Draw, lang: Language
) -> Iterator[Block]:
    """Each table with the figures of it before it."""
    for block in blocks:
        if isinstance(block, Grid):
            for name in _FIGURES.get(block.subject, ()):
                if name in figures:
                    caption = _CAPTIONS[name].text(lang)
                    yield draw(name, figures[name], caption, f"{caption} {_gist(block.table)}")
        yield block


def _gist(table: Table) -> str:
    """A table's numbers in one sentence, the text alternative of its figure."""
    heads = [column.line for column in table.columns]
    rows = [
        f"{row[0]}: " + ", ".join(f"{h} {c}" for h, c in zip(heads[1:], row[1:], strict=True))
        for row in table.rows
    ]
    return ". ".join(rows) + "."


def _verdict(study: Data, lang: Language) -> Iterator[Block]:
    yield Points(_FINDING.text(lang), [each.text(lang) for each in stated(study["margin"])])
    if not study["findings"]:
        yield Paragraph(NO_ANSWER.text(lang))
        return
    yield Paragraph(paragraph(study["findings"]).text(lang))
    first, *others = hypothesis_tables(study, lang)
    yield Grid(first, subject="findings")
    for each in (*others, *alternatives_tables(study, lang)):
        yield Grid(each)


def _causes(study: Data, lang: Language) -> Iterator[Block]:
    yield Heading(_CAUSES.text(lang))
    if not study["causes"]:
        yield Paragraph(_NO_CAUSES.text(lang))
        return
    policies = list(dict.fromkeys(each["policy"] for each in study["causes"]))
    shares = {(each["switch"], each["policy"]): each for each in study["causes"]}
    rows = [
        [
            words_of(name).text(lang),
            *(
                interval(estimate({**shares[name, each], "mean": shares[name, each]["share"]}),
                         "share", lang, signed=True)
                if (name, each) in shares
                else "–"
                for each in policies
            ),
        ]
        for name in WHOLE
    ]  # fmt: skip
    columns = [Column(_MECHANISM.text(lang)), *(Column(each, number=True) for each in policies)]
    yield Grid(Table(columns, rows, _CAUSES_TABLE.text(lang)), subject="causes")


_MECHANISM = Message("report_study.mechanism")


def _depends_on(study: Data, lang: Language) -> Iterator[Block]:
    yield Heading(_DEPENDS_ON.text(lang))
    rows, reported = [], dict[str, int]()
    for each in study["sensitivity"]:
        reported[each["policy"]] = reported.get(each["policy"], 0) + bool(each["tells"])
        if not each["tells"] or reported[each["policy"]] > _MOST:
            continue
        span = "–".join(number(each[end], "share", lang) for end in ("low", "high"))
        named = parameter(each["parameter"]).text(lang)
        mean = number(each["mean"], "share", lang)
        rows.append([each["policy"], f"{named} ({each['parameter']})", mean, span])
    if rows:
        columns = [Column(_POLICY.text(lang)), Column(_PARAMETER.text(lang))]
        columns += [Column(head.text(lang), number=True) for head in (_SHARE, _FROM_TO)]
        yield Grid(Table(columns, rows, _SENSITIVITY.text(lang)), subject="sensitivity")
    else:
        yield Paragraph(_NO_SENSITIVITY.text(lang))
    answered = [each for each in study["regions"] if each["hypothesis"] == ANSWERED]
    if answered:
        lines = [f"{each['policy']}: {region(each).text(lang)}" for each in answered]
        yield Points(_TURNS.text(lang), lines)
    if study["regions"]:
        yield Grid(region_table(study, lang), subject="regions")
    if study["information"]:
        yield Grid(information_table(study, lang))


def _validation(study: Data, lang: Language) -> Iterator[Block]:
    yield Heading(_VALIDATION.text(lang))
    calibration = study["calibration"]
    if not calibration:
        yield Paragraph(_NOT_VALIDATED.text(lang))
        return
    heads = (_TOWN, _WHAT, _PERIOD)
    numbers = (_HAPPENED, _FORESEEN, _BY_OTHERS)
    columns = [Column(head.text(lang)) for head in heads]
    columns += [Column(head.text(lang), number=True) for head in numbers]
    rows = []
    for each in calibration["predicted"]:
        unit = "SEK" if each["what"] in AMOUNTS else "count"
        inside = "–" if each["inside"] is None else (_YES if each["inside"] else _NO).text(lang)
        rows.append(
            [
                town(calibration, each["municipality"]),
                _COUNTED[each["what"]].text(lang),
                period(each["period"]).text(lang),
                number(each["happened"], unit, lang),
                *(_span(each[of], unit, lang) for of in ("prior", "posterior")),
                inside,
            ]
        )
    yield Grid(
        Table([*columns, Column(_WITHIN.text(lang))], rows, _PREDICTED.text(lang)),
        subject="predicted",
    )
    for line in (each.text(lang) for each in record_notes(calibration)):
        yield Paragraph(line[:1].upper() + line[1:] + ".")


def _about(study: Data, lang: Language) -> Iterator[Block]:
    shown = {region_note(each) for each in study["regions"]}
    lines = [each.text(lang) for each in notes(study) if each not in shown]
    yield Points(_ABOUT.text(lang), list(dict.fromkeys(lines)))


def _span(interval: Data | None, unit: str, lang: Language) -> str:
    if not interval:
        return "–"
    return "–".join(number(interval[end], unit, lang) for end in ("low", "high"))
