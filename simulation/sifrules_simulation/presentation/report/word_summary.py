"""The summary (sammanfattningen) for a board: two pages in Word, with the report's own figures."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from sifrules.errors import SifError
from sifrules.presentation.table import Table, plain_text
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.presentation.formatting import interval, number
from sifrules_simulation.presentation.report.figures import first_chart, first_gist
from sifrules_simulation.presentation.report.key_figures import estimate, key_table
from sifrules_simulation.presentation.report.named_policies import named, names_of
from sifrules_simulation.presentation.report.summary_section import compared, sentences
from sifrules_simulation.results.reader import SavedResults, said

_TITLE = Message("report_page.title")
_IN_WORDS = Message("report_summary.in_words")
_PICTURE = Message("report_page.first")
_DEPENDS_ON = Message("word_summary.depends_on")
_PARAMETERS = Message("word_summary.parameters")
_HOW_TO_READ = Message("word_summary.how_to_read")
_INTERVAL = Message("word_summary.read_interval")
_MARKS, _SAVING = Message("word_summary.read_marks"), Message("word_summary.read_saving")
_AGAIN = Message("word_summary.again")
_LANGUAGES = {"sv": "sv-SE", "en": "en-GB"}
#: Of a file that is made again from the same results nothing differs.
_NO_TIME = dt.datetime(2000, 1, 1)
#: With more policies the picture takes less room (cm), so that two pages do.
_WIDE, _NARROW, _FEW = 12.0, 10.0, 6
#: A name's column, and what there is between the margins (cm).
_NAME, _BETWEEN = 3.5, 17.0
#: So many notes on what was assumed are shown here; the report has all.
_NOTES = 6


def word_summary(saved: SavedResults, lang: Language) -> bytes:
    """The summary as the bytes of a DOCX file; `SifError` where there is no comparison."""
    if not saved.policies:
        raise SifError(
            Message("workbook.no_comparison", folder=saved.folder),
            fix=Message("workbook.name_comparison"),
        )
    names = names_of(saved, lang)
    by_id, saved = saved, named(saved, lang)
    document = _empty(lang)
    document.add_heading(_TITLE.text(lang), 0)
    _paragraph(document, compared(saved, lang))
    table = key_table(saved, lang)
    if table is not None:
        _paragraph(document, table.title, small=True)
        _table(document, table)
    chart = first_chart(by_id, names, lang)
    if chart is not None:
        width = _WIDE if len(saved.policies) <= _FEW else _NARROW
        _picture(document, chart, first_gist(saved, lang), width)
        _paragraph(document, _PICTURE.text(lang), small=True)
    document.add_heading(_IN_WORDS.text(lang), 1)
    _points(document, sentences(saved, lang))
    document.add_heading(_DEPENDS_ON.text(lang), 1)
    _points(document, _assumed(saved, lang))
    document.add_heading(_HOW_TO_READ.text(lang), 1)
    _points(document, _reading(saved, lang))
    command = saved.about.get("command")
    if command:
        _paragraph(document, _AGAIN.format(command=command).text(lang), small=True)
    return _bytes(document)


def refuse_without_means() -> None:
    """Raise `SifError` where a summary cannot be made, before anything is read or written."""
    _docx()


def _assumed(saved: SavedResults, lang: Language) -> list[str]:
    """Which municipality it was, and the first notes on what is not counted."""
    scenario = saved.about.get("scenario", {})
    parameters = _PARAMETERS.format(
        scenario=said(scenario.get("title"), lang) or "–",
        count=len(scenario.get("parameters", ())),
    )
    notes = [
        said(note, lang)
        for each in saved.policies
        for note in saved.described(each).get("notes", ())
    ]
    lines = [*(said(note, lang) for note in saved.about.get("notes", ())), *notes]
    return [parameters.text(lang), *lines[:_NOTES]]


def _reading(saved: SavedResults, lang: Language) -> list[str]:
    """How to read an interval, with the baseline's own; what a mark says, and a saving."""
    policies = {each["id"]: each for each in saved.comparison["policies"]}
    uptake = policies[saved.baseline]["measures"]["application_uptake"]
    lines = [_MARKS.text(lang), _SAVING.text(lang)]
    if uptake["low"] is None or uptake["high"] is None:
        return lines
    shown = {end: number(uptake[end], "share", lang) for end in ("mean", "low", "high")}
    whole = interval(estimate(uptake), "share", lang)
    level = f"{100 * saved.comparison.get('level', 0.95):.4g}"
    return [_INTERVAL.format(**shown, shown=whole, level=level).text(lang), *lines]


# --- what a document is made of -------------------------------------------------------


def _docx() -> Any:
    try:
        import docx
    except ImportError as error:
        raise SifError(
            Message("word_summary.needs_docx"), fix=Message("install.extra", extra="word")
        ) from error
    return docx


def _empty(lang: Language) -> Any:
    """A document on A4, in plain letters, whose words are spelled in its language."""
    docx = _docx()
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin = page.bottom_margin = Cm(1.8)
    for style, size, after in (("Normal", 10, 4), ("Title", 18, 6), ("Heading 1", 12, 2)):
        found = document.styles[style]
        found.font.name, found.font.size = "Arial", Pt(size)
        found.paragraph_format.space_after = Pt(after)
        fonts = found.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(8)
    for each in document.styles.element.iter(qn("w:lang")):
        each.set(qn("w:val"), _LANGUAGES[lang])
    about = document.core_properties
    about.author, about.title, about.comments = "sifrules", _TITLE.text(lang), ""
    about.language = _LANGUAGES[lang]
    about.created = about.modified = _NO_TIME
    return document


def _paragraph(document: Any, text: str, *, small: bool = False) -> None:
    from docx.shared import Pt

    run = document.add_paragraph().add_run(plain_text(text))
    if small:
        run.font.size = Pt(8.5)


def _points(document: Any, lines: Iterable[str]) -> None:
    from docx.shared import Pt

    for line in lines:
        point = document.add_paragraph(plain_text(line), style="List Bullet")
        point.paragraph_format.space_after = Pt(1)


def _table(document: Any, table: Table) -> None:
    """A table, its heads repeated on a next page, its numbers at the right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    rows = [[column.line for column in table.columns], *table.rows]
    made = document.add_table(len(rows), len(table.columns), style="Light List Accent 1")
    made.autofit = False
    for column, width in zip(made.columns, _widths(len(table.columns)), strict=True):
        for cell in column.cells:
            cell.width = width
    head = OxmlElement("w:tblHeader")
    made.rows[0]._tr.get_or_add_trPr().append(head)
    for down, row in enumerate(rows):
        cells = made.rows[down].cells
        for column, cell, text in zip(table.columns, cells, row, strict=True):
            (paragraph,) = cell.paragraphs
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.add_run(plain_text(text)).font.size = Pt(8.5)
            if column.number:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _widths(columns: int) -> list[Any]:
    """The first column for a name, the others alike, as wide as the page between its margins."""
    from docx.shared import Cm

    return [Cm(_NAME), *[Cm((_BETWEEN - _NAME) / max(1, columns - 1))] * (columns - 1)]


def _picture(document: Any, chart: Any, alternative: str, width: float) -> None:
    from docx.shared import Cm

    drawn = BytesIO()
    chart.save(drawn, format="png", scale_factor=3)
    drawn.seek(0)
    document.add_picture(drawn, width=Cm(width))
    document.inline_shapes[-1]._inline.docPr.set("descr", plain_text(alternative))


def _bytes(document: Any) -> bytes:
    """The document as bytes; the same document makes the same bytes, whatever the clock says."""
    made, out = BytesIO(), BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, _NO_TIME.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, before.read(name))
    return out.getvalue()
