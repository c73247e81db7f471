"""The page (sidan): a report as one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from attrs import evolve

from sifrules.errors import SifError
from sifrules.presentation.table import plain_text
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.presentation.charts import figures as frames, style as charts
from sifrules_simulation.presentation.report import (
    clauses_section as clauses,
    comparison_section as sections,
    provenance_section as grounds,
    study_section as findings,
)
from sifrules_simulation.presentation.report.blocks import (
    Back,
    Figure,
    Paragraph,
    Section,
    drawn,
)
from sifrules_simulation.presentation.report.clauses_section import NOT_SAVED
from sifrules_simulation.presentation.report.detail import (
    MOST,
    in_detail,
    left_out,
    with_what_is_left_out,
)
from sifrules_simulation.presentation.report.figures import (
    first_chart,
    first_gist,
    gist,
    page_charts,
)
from sifrules_simulation.presentation.report.named_policies import named, names_of, studied_alone
from sifrules_simulation.presentation.report.record_section import record
from sifrules_simulation.presentation.report.summary_section import answer
from sifrules_simulation.results.reader import SavedResults

_TITLE = Message("report_page.title")
_SKIP = Message("report_page.skip")
_CONTENTS = Message("report_page.contents")
_MADE = Message("report_page.made")
_CHARTS = Message("report_page.charts")
_FIRST = Message("report_page.first")
_NOT_PRINTED = Message("report_page.not_printed")
#: A table of no more rows is printed on one page.
SHORT = 20
_TEMPLATE = "report.html.jinja"
_PACKAGE = "sifrules_simulation.presentation.report"


def page(saved: SavedResults, lang: Language) -> str:
    """The report as HTML, in one language."""
    text: str = (
        templates()
        .get_template(_TEMPLATE)
        .render(
            lang=lang,
            title=_TITLE.text(lang),
            skip=_SKIP.text(lang),
            contents=_CONTENTS.text(lang),
            made=_MADE.text(lang),
            not_printed=_NOT_PRINTED.text(lang),
            style=style_sheet(),
            sections=contents(saved, lang),
            places=clauses.places(in_detail(named(saved, lang))),
            short=SHORT,
            many=len(saved.policies) > MOST,
        )
    )
    return text


def templates(*packages: str) -> Any:
    """The templates of reports, after those of other packages; all that is filled in is escaped."""
    jinja = _jinja()
    loaders = [jinja.PackageLoader(package, ".") for package in (*packages, _PACKAGE)]
    around = jinja.Environment(
        loader=jinja.ChoiceLoader(loaders),
        autoescape=True,
        undefined=jinja.StrictUndefined,
        finalize=_plain,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    around.filters["drawing"] = jinja.filters.do_mark_safe
    return around


def style_sheet() -> str:
    """The style sheet of reports."""
    return (files(_PACKAGE) / "report.css").read_text("utf-8")


def contents(saved: SavedResults, lang: Language) -> list[Section]:
    """All sections, in the order in which they are read."""
    names = names_of(saved, lang)
    by_id, saved = saved, named(saved, lang)
    back, to_study = (grounds.links_back(saved, lang, of_study=of) for of in (False, True))
    studied = frames.figures(dict(saved.study), lang, narrow=True) if saved.study else {}
    alone = {each: names[each] for each in studied_alone(by_id)}
    study = evolve(
        findings.findings(saved, lang, studied, partial(_figure, back=to_study), alone),
        back=to_study if saved.study else (),
    )
    if not saved.policies:  # a study alone
        return [answer(saved, lang), study, grounds.provenance(saved, lang)]
    detailed = in_detail(saved)
    figures = chart_figures(by_id, saved, names, lang, back)
    details = [
        sections.measured(saved, lang),
        *(
            with_what_is_left_out(each, saved, lang)
            for each in (
                sections.fund(detailed, lang),
                sections.uptake(detailed, lang),
                *filter(None, (sections.tracks(detailed, lang), record(detailed, lang))),
                sections.stops(detailed, lang),
                sections.parties(detailed, lang),
            )
        ),
    ]
    return [
        answer(saved, lang, first_figure(by_id, saved, names, lang, back)),
        Section("charts", _CHARTS.text(lang), figures or [Paragraph(NOT_SAVED.text(lang))]),
        study,
        *(evolve(each, back=back) for each in details),
        grounds.assumptions(saved, lang),
        grounds.provenance(saved, lang),
        with_what_is_left_out(clauses.policies(detailed, lang), saved, lang),
    ]


def chart_figures(
    by_id: SavedResults, saved: SavedResults, names: Mapping[str, str], lang: Language, back: Back
) -> list[Figure]:
    """The charts of a comparison; ``by_id`` and ``saved`` are the same by ids and by ``names``."""
    detailed = in_detail(saved)
    return [
        Figure(
            [drawn(part, f"{name}-{at}") for at, part in enumerate(parts)],
            f"{sections.caption_of(name, saved, lang)} {left_out(saved, lang)}".strip(),
            gist(name, detailed, lang),
            back,
        )
        for name, parts in page_charts(in_detail(by_id), names, lang).items()
    ]


def first_figure(
    by_id: SavedResults, saved: SavedResults, names: Mapping[str, str], lang: Language, back: Back
) -> Figure | None:
    """The picture of the answer; None without its numbers."""
    chart = first_chart(in_detail(by_id), names, lang)
    if chart is None:
        return None
    detailed = in_detail(saved)
    caption = f"{_FIRST.text(lang)} {left_out(saved, lang)}".strip()
    return Figure([drawn(chart, "first")], caption, first_gist(detailed, lang), back)


def _figure(name: str, chart: Any, caption: str, reported: str, *, back: Back) -> Figure:
    return Figure([drawn(chart, name)], caption, reported, back)


def refuse_without_means() -> None:
    """Raise `SifError` where a report cannot be made, before anything is read or written."""
    charts.refuse_without_means()
    _jinja()


def refuse_unwritable(file: Path) -> None:
    """Raise `SifError` where a file cannot be put down, before it is made."""
    if file.is_dir():
        raise SifError(Message("report.is_folder", file=file), fix=Message("report.name_file"))


def _plain(value: Any) -> Any:
    """What a page shows, without marks that could make it read as something else."""
    return plain_text(value) if type(value) is str else value


def _jinja() -> Any:
    try:
        import jinja2
        import jinja2.filters
        import vl_convert  # noqa: F401  # draws the charts, when altair asks it to
    except ImportError as error:
        raise SifError(
            Message("report.needs", error=error.name),
            fix=Message("report.install_extra"),
        ) from error
    return jinja2
