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

#: What policies are called on a chart, by id; by their ids where nothing is said.
Names = Mapping[str, str]
NO_NAMES: Names = {}
#: The most policies that share one panel; more have a panel each.
TOGETHER = 4
#: The widths of a panel (px): alone and one of two, on a sheet of its own or in a page that
#: a telephone shows too, where the letters of a wider chart would be too small.
_WIDE, _NARROW = (520, 220), (275, 130)
#: The width of each of the two panels of the first picture.
_PAIR = 108
#: What the picture of the answer shows: uptake, and whether the fund survives it.
FIRST = ("application_uptake", "months_exhausted")

_YEAR = Message("comparison_charts.year")
_LEFT = Message("comparison_charts.left")
_PER_YEAR = Message("comparison_charts.per_year")
_BALANCES = Message("comparison_charts.balances")
_UPTAKE = Message("comparison_charts.uptake")
_DIFFERENCES = Message("comparison_charts.differences")
_FIRST = Message("comparison_charts.first")
#: What is counted by the year, as the yearly frame names it.
COUNTED = {
    "applications": Message("comparison_charts.counted_applications"),
    "grants": Message("comparison_charts.counted_grants"),
}


def balances(
    frame: IntoFrame, lang: Language = "en", names: Names = NO_NAMES, *, narrow: bool = False
) -> Any:
    """What is left in the fund, month by month, from `Comparison.balances`."""
    table = taken(frame)
    rows = [
        {
            "policy": _called(row["policy"], names),
            "time": row["month"] / 12,
            **_ends(row, "", unit_of("SEK")),
        }
        for row in table.iter_rows(named=True)
        if row["mean"] is not None
    ]
    alt, policies = altair(), _policies(rows)
    few = len(policies) <= TOGETHER
    look = _looks(table, policies, names)
    colour, dash = _colour(alt, look, shown=few), _dash(alt, look) if few else None
    panel = _banded(alt, rows, colour, _LEFT.text(lang), lang, dash)
    return titled(_in_panels(alt, panel, policies, few, narrow), _BALANCES, lang)


def uptake_by_year(
    frame: IntoFrame, lang: Language = "en", names: Names = NO_NAMES, *, narrow: bool = False
) -> Any:
    """Applications and grants of each year, from `Comparison.yearly`."""
    table = taken(frame)
    rows = [
        {
            "policy": _called(row["policy"], names),
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
    look = _looks(table, policies, names)
    colour = _colour(alt, look, shown=few)
    if not few:
        dashes = alt.Scale(domain=what, range=[list(WHOLE), list(BROKEN)])
        dash = alt.StrokeDash("what:N", scale=dashes, title=None, legend=_lines(alt))
        panel = _banded(alt, rows, colour, title, lang, dash, apart="what")
        return titled(_in_panels(alt, panel, policies, False, narrow), _UPTAKE, lang)
    panel = _banded(alt, rows, colour, title, lang, _dash(alt, look))
    facet = alt.Facet("what:N", sort=what, title=None)
    width, height, columns = (_NARROW[0], 130, 1) if narrow else (235, 220, 2)
    chart = panel.properties(width=width, height=height).facet(facet=facet, columns=columns)
    return titled(chart, _UPTAKE, lang)


def measure_differences(
    frame: IntoFrame,
    lang: Language = "en",
    named: Mapping[str, str] | None = None,
    shown: Iterable[str] = SHOWN,
    names: Names = NO_NAMES,
    *,
    narrow: bool = False,
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
            panel = plain_text(_panel(called.get(name, name), unit.difference.text(lang)))
            order.append(panel)
            ends = _ends(row, "difference_", unit)
            rows.append({"policy": _called(row["policy"], names), "panel": panel, **ends})
    others = _policies(rows)
    look = _looks(table, others, names)
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
    header = alt.Header(labelLimit=260, labelAnchor="start", labelFontWeight="bold")
    facet = alt.Facet("panel:N", sort=list(dict.fromkeys(order)), title=None, header=header)
    columns = 1 if narrow else 2
    chart = panels.facet(facet=facet, columns=columns).resolve_scale(x="independent")
    return titled(chart, _DIFFERENCES.format(baseline=_called(baseline, names) or "–"), lang)


def _panel(measure: str, unit: str) -> str:
    """A measure with its unit, unless its name says the unit."""
    return measure if unit in measure else f"{measure} ({unit})"


def first_picture(
    frame: IntoFrame,
    lang: Language = "en",
    names: Names = NO_NAMES,
    shown: Mapping[str, str] | None = None,
) -> Any:
    """Uptake next to the fund's survival, a line for each policy with its interval.

    ``shown`` gives the measures and the heads of their panels.
    """
    table = taken(frame)
    alt = altair()
    called = {each.name: each.words.text(lang) for each in MEASURES}
    heads = shown or {name: called[name] for name in FIRST}
    policies = [_called(each, names) for each in table["policy"].unique(maintain_order=True)]
    look = _looks(table, policies, names)
    panels = []
    for at, (name, head) in enumerate(heads.items()):
        rows = [
            {"policy": _called(row["policy"], names), **_ends(row, "", unit_of(row["unit"]))}
            for row in table.filter(table["measure"] == name).iter_rows(named=True)
            if row["mean"] is not None
        ]
        axis = alt.Axis(labelLimit=150, domain=False, ticks=False) if at == 0 else None
        side = alt.Y("policy:N", title=None, axis=axis, scale=alt.Scale(domain=policies))
        title = plain_text(head).replace(" (", "\n(").split("\n")
        along = alt.X("low:Q", title=title, axis=alt.Axis(tickCount=4), scale=alt.Scale(zero=True))
        base = alt.Chart(alt.Data(values=rows)).encode(
            y=side, color=_colour(alt, look, shown=False)
        )
        lines = base.mark_rule(strokeWidth=3).encode(x=along, x2="high:Q")
        shape = alt.Shape("policy:N", scale=_scale(alt, look, "shape"), legend=None)
        points = base.mark_point(filled=True, size=80, opacity=1).encode(x="mean:Q", shape=shape)
        panels.append((lines + points).properties(width=_PAIR, height=alt.Step(27)))
    return titled(alt.hconcat(*panels, spacing=14), _FIRST, lang)


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


def _called(policy: str, names: Names) -> str:
    return plain_text(names.get(policy, policy))


def _looks(frame: pl.DataFrame, drawn: list[str], names: Names) -> dict[str, SeriesStyle]:
    """The style of each policy that is drawn, among all that are compared.

    It goes by the id: whatever a policy is called, it looks the same.
    """
    ids = list(frame["policy"].unique(maintain_order=True))
    everyone = looks(map(plain_text, ids))
    by_name = {_called(each, names): everyone[plain_text(each)] for each in ids}
    return {each: by_name[each] for each in drawn}


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


def _in_panels(alt: Any, panel: Any, policies: list[str], few: bool, narrow: bool = False) -> Any:
    """All policies in one panel if they are few, else a panel for each."""
    alone, one_of_two = _NARROW if narrow else _WIDE
    if few:
        return panel.properties(width=alone, height=230 if narrow else 260)
    header = alt.Header(labelLimit=one_of_two + 10, labelAnchor="start", labelFontWeight="bold")
    facet = alt.Facet("policy:N", sort=policies, title=None, header=header)
    return panel.properties(width=one_of_two, height=90 if narrow else 100).facet(
        facet=facet, columns=2
    )
