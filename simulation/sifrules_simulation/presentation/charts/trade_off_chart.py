"""The chart of a trade-off (avvägningens diagram): two measures, coloured by the first lever."""

from __future__ import annotations

from typing import Any

from sifrules.presentation.changed_ids import id_words
from sifrules.presentation.table import plain_text
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.analysis.trade_off import TradeOff, TradeOffPoint
from sifrules_simulation.presentation.charts.style import altair, legend, titled
from sifrules_simulation.presentation.formatting import unit_of
from sifrules_simulation.presentation.trade_off_tables import measure_head

_TITLE = Message("trade_off.chart")
_NOW = Message("trade_off.now")


def trade_off_chart(found: TradeOff, lang: Language) -> Any:
    """The first measure against the second, better to the right and up; the front is a line.

    Colour is the first lever and size the second; the policy as it stands is named. Intervals are
    drawn of the combinations on the front.
    """
    alt = altair()
    rows = [_row(found, each) for each in found.points if None not in _means(each)]
    front = [row for row in rows if row["front"]]
    axes = {
        channel: _axis(alt, kind, found, at, lang)
        for at, (channel, kind) in enumerate((("x", alt.X), ("y", alt.Y)))
    }
    levers = found.plan.levers
    colour = alt.Color(
        "lever0:Q",
        title=plain_text(levers[0].words.text(lang)),
        scale=alt.Scale(scheme="viridis"),
        legend=legend(alt, gradientLength=200, titleLimit=260),
    )
    size: Any = alt.value(90)
    if len(levers) > 1:
        title = plain_text(levers[1].words.text(lang))
        size = alt.Size(
            "lever1:Q",
            title=title,
            scale=alt.Scale(range=[40, 260]),
            legend=legend(alt, titleLimit=260),
        )
    base = alt.Chart(alt.Data(values=rows)).encode(**axes)
    of_front = alt.Chart(alt.Data(values=front)).encode(**axes)
    line = of_front.mark_line(color="#888888", strokeWidth=1.5, interpolate="linear")
    across = of_front.mark_rule(color="#aaaaaa").encode(x="x_low:Q", x2="x_high:Q")
    along = of_front.mark_rule(color="#aaaaaa").encode(y="y_low:Q", y2="y_high:Q")
    others = base.mark_circle(opacity=0.45).encode(color=colour, size=size)
    best = of_front.mark_circle(opacity=1, stroke="#333333", strokeWidth=1).encode(
        color=colour, size=size
    )
    now = alt.Chart(alt.Data(values=[row for row in rows if row["now"]])).encode(**axes)
    mark = now.mark_point(shape="diamond", size=220, color="#d1495b", strokeWidth=2)
    words = now.mark_text(dx=12, dy=-12, align="left", color="#b3273b", fontSize=12).encode(
        text=alt.value(_NOW.text(lang))
    )
    chart = (line + across + along + others + best + mark + words).properties(width=480, height=340)
    return titled(chart, _TITLE.format(policy=plain_text(id_words(found.plan.base.id, lang))), lang)


def _means(point: TradeOffPoint) -> tuple[float | None, float | None]:
    return point.estimates[0].mean, point.estimates[1].mean


def _row(found: TradeOff, point: TradeOffPoint) -> dict[str, Any]:
    row: dict[str, Any] = {"front": point.on_front, "now": not point.settings}
    for name, measure, each in zip("xy", found.measures, point.estimates, strict=False):
        unit = unit_of(measure.unit)
        for end in ("mean", "low", "high"):
            value = getattr(each, end)
            row[f"{name}_{end}"] = unit.scaled((each.mean or 0.0) if value is None else value)
    row |= {f"lever{at}": value for at, value in enumerate(point.values[:2])}
    return row


def _axis(alt: Any, kind: Any, found: TradeOff, at: int, lang: Language) -> Any:
    """The axis of a measure, turned where less is better."""
    turned = found.measures[at].name in found.plan.less
    scale = alt.Scale(reverse=turned, zero=False)
    title = plain_text(measure_head(found, at, lang))
    return kind(f"{'xy'[at]}_mean:Q", title=title, scale=scale)
