"""Charts of a comparison (jämförelsens diagram): policies over the years, and what differs.

Each is made of a frame of `Comparison`, or of the file it was saved in. A policy has the
same style on all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sifrules.dataframes import taken
from sifrules.presentation.table import plain_text
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.model.measures import MEASURES, SHOWN
from sifrules_simulation.presentation.charts.palette import BROKEN, WHOLE, SeriesStyle, looks
from sifrules_simulation.presentation.charts.style import altair, legend, titled
from sifrules_simulation.presentation.formatting import Unit, unit_of

if TYPE_CHECKING:
    import polars as pl
    from narwhals.typing import IntoFrame

#: The most policies that share one panel; more have a panel each.
TOGETHER = 4

_YEAR = Message("comparison_charts.year")
_LEFT = Message("comparison_charts.left")
_PER_YEAR = Message("comparison_charts.per_year")
_BALANCES = Message("comparison_charts.balances")
_UPTAKE = Message("comparison_charts.uptake")
_DIFFERENCES = Message("comparison_charts.differences")
#: What is counted by the year, as the yearly frame names it.
COUNTED = {
    "applications": Message("comparison_charts.counted_applications"),
    "grants": Message("comparison_charts.counted_grants"),
}


def balances(frame: IntoFrame, lang: Language = "en") -> Any:
    """What is left in the fund, month by month, from `Comparison.balances`."""
    table = taken(frame)
    rows = [
        {
            "policy": plain_text(row["policy"]),
            "time": row["month"] / 12,
            **_ends(row, "", unit_of("SEK")),
        }
        for row in table.iter_rows(named=True)
        if row["mean"] is not None
    ]
    alt, policies = altair(), _policies(rows)
    few = len(policies) <= TOGETHER
    look = _looks(table, policies)
    colour, dash = _colour(alt, look, shown=few), _dash(alt, look) if few else None
    panel = _banded(alt, rows, colour, _LEFT.text(lang), lang, dash)
    return titled(_in_panels(alt, panel, policies, few), _BALANCES, lang)


def uptake_by_year(frame: IntoFrame, lang: Language = "en") -> Any:
    """Applications and grants of each year, from `Comparison.yearly`."""
    table = taken(frame)
    rows = [
        {
            "policy": plain_text(row["policy"]),
            "time": row["year"],
            "what": COUNTED[row["measure"]].text(lang),
            **_ends(row, "", unit_of("count")),
        }
        for row in table.iter_rows(named=True)
        if row["measure"] in COUNTED and row["mean"] is not None
    ]
    alt, policies = altair(), _policies(rows)
    what = [words.text(lang) for words in COUNTED.values()]
    title, few = _PER_YEAR.text(lang), len(policies) <= TOGETHER
    look = _looks(table, policies)
    colour = _colour(alt, look, shown=few)
    if not few:
        dashes = alt.Scale(domain=what, range=[list(WHOLE), list(BROKEN)])
        dash = alt.StrokeDash("what:N", scale=dashes, title=None, legend=_lines(alt))
        panel = _banded(alt, rows, colour, title, lang, dash, apart="what")
        return titled(_in_panels(alt, panel, policies, False), _UPTAKE, lang)
    panel = _banded(alt, rows, colour, title, lang, _dash(alt, look))
    facet = alt.Facet("what:N", sort=what, title=None)
    chart = panel.properties(width=235, height=220).facet(facet=facet, columns=2)
    return titled(chart, _UPTAKE, lang)


def measure_differences(
    frame: IntoFrame,
    lang: Language = "en",
    named: Mapping[str, str] | None = None,
    shown: Iterable[str] = SHOWN,
) -> Any:
    """How each policy differs from the baseline, measure by measure, from `Comparison.frame`.

    ``named`` gives the names of measures; bundled ones have their own.
    """
    table = taken(frame)
    alt = altair()
    called = {each.name: each.words.text(lang) for each in MEASURES} | dict(named or {})
    rows, order = [], []
    baseline = table["baseline"][0] if table.height else ""
    for name in shown:
        for row in table.filter(table["measure"] == name).iter_rows(named=True):
            if row["policy"] == baseline or row["difference_mean"] is None:
                continue
            unit = unit_of(row["unit"])
            panel = plain_text(f"{called.get(name, name)} ({unit.difference.text(lang)})")
            order.append(panel)
            ends = _ends(row, "difference_", unit)
            rows.append({"policy": plain_text(row["policy"]), "panel": panel, **ends})
    others = _policies(rows)
    look = _looks(table, others)
    data = alt.Data(values=rows)
    base = alt.Chart(data).encode(
        y=alt.Y("policy:N", sort=others, title=None, axis=alt.Axis(labelLimit=150)),
        color=_colour(alt, look, shown=False),
    )
    zero = alt.Chart(data).mark_rule(color="#888888").encode(x=alt.datum(0))
    lines = base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", title=None), x2="high:Q")
    shape = alt.Shape("policy:N", scale=_scale(alt, look, "shape"), legend=None)
    points = base.mark_point(filled=True, size=60, opacity=1).encode(x="mean:Q", shape=shape)
    panels = (zero + lines + points).properties(width=215, height=alt.Step(17))
    header = alt.Header(labelLimit=210, labelAnchor="start", labelFontWeight="bold")
    facet = alt.Facet("panel:N", sort=list(dict.fromkeys(order)), title=None, header=header)
    chart = panels.facet(facet=facet, columns=2).resolve_scale(x="independent")
    return titled(chart, _DIFFERENCES.format(baseline=plain_text(baseline) or "–"), lang)


def _ends(row: Mapping[str, Any], prefix: str, unit: Unit) -> dict[str, float]:
    """A mean and the ends of its interval as they are shown; the mean where there is none."""
    mean = row[f"{prefix}mean"]
    ends = {"mean": mean}
    for end in ("low", "high"):
        value = row[f"{prefix}{end}"]
        ends[end] = mean if value is None else value
    return {name: unit.scaled(value) for name, value in ends.items()}


def _policies(rows: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(row["policy"] for row in rows))


def _looks(frame: pl.DataFrame, drawn: list[str]) -> dict[str, SeriesStyle]:
    """The style of each policy that is drawn, among all that are compared."""
    everyone = looks(map(plain_text, frame["policy"].unique(maintain_order=True)))
    return {each: everyone[each] for each in drawn}


def _scale(alt: Any, look: Mapping[str, SeriesStyle], sign: str) -> Any:
    values = [getattr(each, sign) for each in look.values()]
    return alt.Scale(domain=list(look), range=[list(x) if sign == "dash" else x for x in values])


def _colour(alt: Any, look: Mapping[str, SeriesStyle], *, shown: bool) -> Any:
    legend = _lines(alt, columns=2) if shown else None
    return alt.Color("policy:N", scale=_scale(alt, look, "colour"), title=None, legend=legend)


def _dash(alt: Any, look: Mapping[str, SeriesStyle]) -> Any:
    """The line style of each policy, in the same legend as its colour."""
    scale = _scale(alt, look, "dash")
    return alt.StrokeDash("policy:N", scale=scale, title=None, legend=_lines(alt, columns=2))


def _lines(alt: Any, **more: Any) -> Any:
    """A legend of lines, long enough to see how they are broken."""
    return legend(alt, symbolType="stroke", symbolSize=900, symbolOpacity=1, **more)


def _banded(
    alt: Any,
    rows: list[dict[str, Any]],
    colour: Any,
    title: str,
    lang: Language,
    dash: Any = None,
    apart: str = "",
) -> Any:
    """Lines over the years, each with its interval as a band; ``apart`` distinguishes them.

    The policies' colours do that where it is empty.
    """
    years = alt.Axis(tickMinStep=1, format="d", grid=False)
    within = alt.Scale(nice=False)
    time = alt.X("time:Q", title=_YEAR.text(lang), axis=years, scale=within)
    base = alt.Chart(alt.Data(values=rows)).encode(x=time, color=colour)
    detail = {"detail": f"{apart}:N"} if apart else {}
    dashed = {"strokeDash": dash} if dash is not None else {}
    band = base.mark_area(opacity=0.22).encode(y=alt.Y("low:Q", title=title), y2="high:Q", **detail)
    line = base.mark_line(strokeWidth=2).encode(y=alt.Y("mean:Q", title=title), **dashed)
    return band + line


def _in_panels(alt: Any, panel: Any, policies: list[str], few: bool) -> Any:
    """All policies in one panel if they are few, else a panel for each."""
    if few:
        return panel.properties(width=520, height=260)
    header = alt.Header(labelLimit=210, labelAnchor="start", labelFontWeight="bold")
    facet = alt.Facet("policy:N", sort=policies, title=None, header=header)
    return panel.properties(width=220, height=100).facet(facet=facet, columns=2)
