"""Charts (diagram): each is made of a tidy frame, and looks the same everywhere.

They need altair, and vl-convert to be drawn as a picture: the extra ``report``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sifrules.errors import SifError, nearest
from sifrules.words import Language, Words

if TYPE_CHECKING:
    import polars as pl

#: Colours that people with any colour vision can tell apart, grey for what was before.
BEFORE, AFTER, HAPPENED = "#9aa3ab", "#0b6e8a", "#d1495b"
#: What a chart can be kept as.
FORMATS = ("svg", "png", "html", "json")

_ALL_DRAWS = Words(sv="alla dragningar", en="all draws")
_LIKE = Words(sv="de som liknar facit", en="those like the record")
_OTHERS = Words(sv="de som liknar de andras facit", en="those like the others' records")
_HAPPENED = Words(sv="det som hände", en="what happened")
_PLACE = Words(sv="plats i det antagna området (0–1)", en="place in the assumed range (0–1)")
_POSTERIOR_TITLE = Words(
    sv="Parametrarna före och efter facit (median och 90-procentigt intervall)",
    en="The parameters before and after the record (median and 90 % interval)",
)
_PREDICTED_TITLE = Words(
    sv="Det som hände mot det som förutsågs (90-procentigt intervall)",
    en="What happened against what was foreseen (90 % interval)",
)


def prior_and_posterior(frame: pl.DataFrame, lang: Language = "en") -> Any:
    """Every parameter before and after calibration, from `parameters_frame`."""
    alt = _altair()
    before, after = _ALL_DRAWS.say(lang), _LIKE.say(lang)
    rows = []
    for row in frame.iter_rows(named=True):
        span = row["range_high"] - row["range_low"]
        for origin, said in (("prior", before), ("posterior", after)):
            if row[f"{origin}_median"] is None:
                continue
            ends = {
                end: (row[f"{origin}_{end}"] - row["range_low"]) / span
                for end in ("low", "median", "high")
            }
            rows.append({"parameter": row["parameter"], "draws": said, **ends})
    order = [row["parameter"] for row in frame.iter_rows(named=True)]
    colours = alt.Scale(domain=[before, after], range=[BEFORE, AFTER])
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("parameter:N", sort=order, title=None),
        yOffset=alt.YOffset("draws:N", sort=[before, after]),
        color=alt.Color("draws:N", scale=colours, title=None, legend=alt.Legend(orient="top")),
    )
    axis = alt.X("low:Q", title=_PLACE.say(lang), scale=alt.Scale(domain=[0, 1]))
    lines = base.mark_rule(strokeWidth=2).encode(x=axis, x2="high:Q")
    points = base.mark_point(filled=True, size=28).encode(x="median:Q")
    return _titled(lines + points, _POSTERIOR_TITLE.say(lang), width=420, step=12)


def foreseen(frame: pl.DataFrame, lang: Language = "en") -> Any:
    """What happened beside what the draws foresaw, from `predicted_frame`."""
    alt = _altair()
    before, after, happened = (each.say(lang) for each in (_ALL_DRAWS, _OTHERS, _HAPPENED))
    charts = []
    for what in ("grants", "granted"):
        scale = 1 if what == "grants" else 1_000_000
        rows, points = [], []
        for row in frame.iter_rows(named=True):
            if row["what"] != what:
                continue
            name = f"{row['municipality']} {row['period']}"
            points.append({"what": name, "value": row["happened"] / scale, "draws": happened})
            for origin, said in (("prior", before), ("posterior", after)):
                if row[f"{origin}_median"] is not None:
                    ends = {e: row[f"{origin}_{e}"] / scale for e in ("low", "high")}
                    rows.append({"what": name, "draws": said, **ends})
        colours = alt.Scale(domain=[before, after, happened], range=[BEFORE, AFTER, HAPPENED])
        colour = alt.Color("draws:N", scale=colours, title=None, legend=alt.Legend(orient="top"))
        title = (_GRANTS if what == "grants" else _GRANTED).say(lang)
        lines = (
            alt.Chart(alt.Data(values=rows))
            .mark_rule(strokeWidth=4)
            .encode(
                y=alt.Y("what:N", title=None),
                yOffset=alt.YOffset("draws:N", sort=[before, after]),
                x=alt.X("low:Q", title=title),
                x2="high:Q",
                color=colour,
            )
        )
        dots = (
            alt.Chart(alt.Data(values=points))
            .mark_point(filled=True, size=70, shape="diamond")
            .encode(y=alt.Y("what:N", title=None), x="value:Q", color=colour)
        )
        charts.append((lines + dots).properties(width=420, height=alt.Step(14)))
    return _titled(alt.vconcat(*charts), _PREDICTED_TITLE.say(lang))


_GRANTS = Words(sv="beviljade satsningar, antal", en="grants, count")
_GRANTED = Words(sv="beviljade medel, mnkr", en="money granted, MSEK")


def saved(chart: Any, path: Path, form: str | None = None) -> None:
    """Draw a chart into a file, as what the end of its name says; `SifError` for another."""
    form = form or path.suffix.removeprefix(".").lower()
    if form not in FORMATS:
        raise SifError(f"a chart cannot be kept as {path.name}", fix=nearest(form, FORMATS))
    chart.save(str(path), format=form)


def _titled(chart: Any, title: str, width: int | None = None, step: int | None = None) -> Any:
    alt = _altair()
    if width is not None:
        chart = chart.properties(width=width, height=alt.Step(step))
    return chart.properties(title=alt.Title(title, anchor="start")).configure_view(stroke=None)


def _altair() -> Any:
    try:
        import altair
    except ImportError as error:
        raise SifError(
            "charts need altair, which is not installed", fix='pip install "sifrules[report]"'
        ) from error
    return altair
