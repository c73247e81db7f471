"""The chart of a break-even surface (brytytans diagram): a panel for each horizon."""

from __future__ import annotations

from typing import Any

from sifrules.presentation.table import plain_text
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.analysis.break_even_surface import Surface
from sifrules_simulation.presentation.charts.style import altair, legend, titled


def surface_chart(found: Surface, lang: Language) -> Any:
    """The first lever against what is deterred, a line for each value of the second.

    The thin lines are intervals, the dashed line is the margin; the larger a point,
    the more of the resamples deter less than it while the fund lasts.
    """
    alt = altair()
    second = len(found.levers) > 1
    rows = [
        {
            "horizon": f"{point.horizon:g}",
            "x": point.values[0],
            "colour": point.values[1] if second else 0.0,
            "mean": 100 * (point.deterrence.mean or 0.0),
            "low": 100 * (point.deterrence.low or 0.0),
            "high": 100 * (point.deterrence.high or 0.0),
            "sure": 100 * point.sure,
            "margin": 100 * found.margin,
        }
        for point in found.points
    ]
    named = found.levers[1].words.text(lang) if second else ""
    colour: Any = alt.value("#22577a")
    if second:
        colour = alt.Color(
            "colour:O",
            title=plain_text(named),
            scale=alt.Scale(scheme="viridis"),
            legend=legend(alt, titleLimit=260),
        )
    size = alt.Size(
        "sure:Q",
        title=plain_text(Message("surface.sure").text(lang)),
        scale=alt.Scale(domain=[0, 100], range=[8, 160]),
        legend=legend(alt, titleLimit=260),
    )
    base = alt.Chart().encode(
        x=alt.X("x:Q", title=plain_text(found.levers[0].words.text(lang))),
        y=alt.Y("mean:Q", title=plain_text(Message("surface.deterrence").text(lang))),
        color=colour,
    )
    across = base.mark_rule(opacity=0.4).encode(y=alt.Y("low:Q"), y2="high:Q")
    margin = alt.Chart().mark_rule(strokeDash=[5, 4], color="#b3273b").encode(y="margin:Q")
    layers = alt.layer(
        margin, across, base.mark_line(), base.mark_circle(opacity=0.9).encode(size=size),
        data=alt.Data(values=rows),
    ).properties(width=210, height=280)  # fmt: skip
    facet = alt.Facet(
        "horizon:N",
        title=plain_text(Message("surface.horizon").text(lang)),
        sort=[f"{each:g}" for each in dict.fromkeys(point.horizon for point in found.points)],
    )
    chart = layers.facet(facet, columns=3)
    return titled(chart, Message("surface.chart", policy=plain_text(found.policy)), lang)
