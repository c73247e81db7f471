"""What every chart has in common: fonts, number format, legend, and how it is saved."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from sifrules.errors import SifError, nearest
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language

if TYPE_CHECKING:
    pass


#: Colours that people with any colour vision can tell apart, grey for what was before, darker for
#: what all comes to, and nearly black for intervals over bars.
BEFORE, AFTER, HAPPENED, ALL, LINE = "#9aa3ab", "#0b6e8a", "#d1495b", "#55606a", "#14171a"
#: The formats that a chart can be saved in.
FORMATS = ("svg", "png", "html", "json")


def legend(alt: Any, *, narrow: bool = False, **more: Any) -> Any:
    """A legend above the chart, in a row by default; in a narrow chart below one another."""
    if narrow:
        more = {"columns": 1, "labelExpr": IN_LINES, **more}
    return alt.Legend(orient="top", labelLimit=260, columnPadding=_ROOM, **more)


def lines_of(text: str, letters: int, *, narrow: bool = True) -> str:
    """A label in lines of so many letters, where a chart is narrow; `IN_LINES` shows them.

    >>> lines_of("arbetet med att söka", 12)
    'arbetet med\\natt söka'
    """
    return fill(text, letters, break_long_words=False, break_on_hyphens=False) if narrow else text


#: The expression by which Vega breaks a label at its lines.
IN_LINES = "split(datum.label, '\\n')"
#: So many letters of a title fit over a narrow chart.
_TITLE_LETTERS = 46


def save_chart(chart: Any, path: Path, form: str | None = None) -> None:
    """Draw a chart into a file, as what the end of its name says; `SifError` for another."""
    form = form or form_of(path)
    # A page of a chart holds all that it needs, as a report does.
    alone = {"inline": True} if form == "html" else {}
    chart.save(str(path), format=form, **alone)


def form_of(path: Path) -> str:
    """The format of a chart, by the end of a file's name; `SifError` for another."""
    form = path.suffix.removeprefix(".").lower()
    if form not in FORMATS:
        raise SifError(Message("chart.unknown_format", path=path.name), fix=nearest(form, FORMATS))
    return form


def titled(
    chart: Any,
    title: Text,
    lang: Language,
    width: int | None = None,
    step: int | None = None,
    *,
    narrow: bool = False,
) -> Any:
    """A chart under its title, in its size, its numbers written as the language writes them."""
    alt = altair()
    if width is not None:
        chart = chart.properties(width=width, height=alt.Step(step))
    words = lines_of(title.text(lang), _TITLE_LETTERS, narrow=narrow).split("\n")
    named = chart.properties(title=alt.Title(words, anchor="start"))
    locale = {"locale": {"number": _SWEDISH}} if lang == "sv" else {}
    # Letters are wider in the fonts of some machines than in that which the labels are measured by.
    room = {} if narrow else {"padding": {"left": _ROOM, "right": _ROOM, "top": 5, "bottom": 5}}
    return named.configure(view={"stroke": None}, **room, **_LETTERS, **locale)


#: Pixels at the sides of a chart and between the entries of its legend.
_ROOM = 24
#: Letters that can be read where a chart is as narrow as a telephone.
_LETTERS = {
    "axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"},
    "legend": {"labelFontSize": 12},
    "header": {"labelFontSize": 12},
}


#: How Vega is to write numbers in Swedish.
_SWEDISH = {
    "decimal": ",",
    "thousands": "\N{NO-BREAK SPACE}",
    "grouping": [3],
    "currency": ["", "\N{NO-BREAK SPACE}kr"],
    "minus": "\N{MINUS SIGN}",
}


def refuse_without_means() -> None:
    """Raise `SifError` where charts cannot be drawn; call before a long run."""
    altair()


def altair() -> Any:
    """The library that draws; `SifError` where it is not installed."""
    try:
        import altair
    except ImportError as error:
        raise SifError(
            Message("chart.needs_altair"), fix=Message("report.install_extra")
        ) from error
    return altair
