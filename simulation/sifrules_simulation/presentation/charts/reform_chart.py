"""The chart of a reform (händelsestudie): years since it on the axis, with it and without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.analysis.reform import ReformEffect
from sifrules_simulation.model.breakdowns import YEARLY
from sifrules_simulation.presentation.charts.style import AFTER, BEFORE, altair, legend, titled
from sifrules_simulation.presentation.formatting import Unit, unit_of
from sifrules_simulation.statistics.estimates import Estimate

_TITLE = Message("reform_chart.title")
_WITH = Message("reform_chart.with")
_WITHOUT = Message("reform_chart.without")
_SINCE = Message("reform_tables.since")


def reform_chart(found: ReformEffect, column: str, lang: Language = "en") -> Any:
    """What is counted each year with a reform and without it, with bands, as an event study."""
    alt, about = altair(), YEARLY.columns[column]
    unit = unit_of(about.unit)
    reformed, without = _WITH.format(reform=found.reform).text(lang), _WITHOUT.text(lang)
    rows = [
        {"since": row.since, "arm": words, **dict(_ends(estimate, unit))}
        for row in found.rows(column)
        for words, estimate in ((reformed, row.reformed), (without, row.without))
    ]
    colours = alt.Scale(domain=[reformed, without], range=[AFTER, BEFORE])
    what = f"{about.words.text(lang)} ({unit.shown.text(lang)})"
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("since:Q", title=_SINCE.text(lang), axis=alt.Axis(format="d")),
        color=alt.Color("arm:N", scale=colours, title=None, legend=legend(alt)),
    )
    band = base.mark_area(opacity=0.2).encode(y=alt.Y("low:Q", title=what), y2="high:Q")
    dash = alt.StrokeDash("arm:N", legend=None)
    line = base.mark_line(point=True).encode(y="mean:Q", strokeDash=dash)
    reform = alt.Chart(alt.Data(values=[{"since": 0}])).mark_rule(strokeDash=[3, 3])
    chart = (band + line + reform.encode(x="since:Q")).properties(width=520, height=240)
    return titled(chart, _TITLE.format(what=about.words), lang)


def _ends(estimate: Estimate, unit: Unit) -> Iterator[tuple[str, float]]:
    for end in ("mean", "low", "high"):
        value = getattr(estimate, end)
        if value is not None:
            yield end, unit.scaled(value)
