"""Charts (diagram): each is made of a tidy frame, and looks the same everywhere.

They need altair, and vl-convert to be drawn as a picture: the extra ``report``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sifrules.dataframes import taken
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.analysis.hypotheses import HYPOTHESES, LEAST
from sifrules_simulation.model.mechanisms import WHOLE, words_of
from sifrules_simulation.presentation.charts.style import (
    AFTER,
    ALL,
    BEFORE,
    HAPPENED,
    IN_LINES,
    LINE,
    altair,
    legend,
    lines_of,
    titled,
)
from sifrules_simulation.presentation.formatting import PERCENTAGE_POINTS, unit_of
from sifrules_simulation.presentation.hypothesis_words import CLAIMS
from sifrules_simulation.presentation.study_words import parameter

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame
#: How many parameters of each policy a chart shows.
MOST = 6

_ALL_DRAWS = Message("study_charts.all_draws")
_LIKE = Message("study_charts.like")
_OTHERS = Message("study_charts.others")
_HAPPENED = Message("study_charts.happened")
_PLACE = Message("study_charts.place")
_POSTERIOR_TITLE = Message("study_charts.posterior_title")
_PREDICTED_TITLE = Message("study_charts.predicted_title")


def prior_and_posterior(frame: IntoFrame, lang: Language = "en", *, narrow: bool = False) -> Any:
    """Every parameter before and after calibration, from `parameters_frame`."""
    table = taken(frame)
    alt = altair()
    before, after = _ALL_DRAWS.text(lang), _LIKE.text(lang)
    rows = []
    for row in table.iter_rows(named=True):
        span = row["high"] - row["low"]
        for origin, said in (("prior", before), ("posterior", after)):
            if row[f"{origin}_median"] is None:
                continue
            ends = {
                end: (row[f"{origin}_{end}"] - row["low"]) / span
                for end in ("low", "median", "high")
            }
            rows.append({"parameter": row["parameter"], "draws": said, **ends})
    order = [row["parameter"] for row in table.iter_rows(named=True)]
    colours = alt.Scale(domain=[before, after], range=[BEFORE, AFTER])
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("parameter:N", sort=order, title=None),
        yOffset=alt.YOffset("draws:N", sort=[before, after]),
        color=alt.Color("draws:N", scale=colours, title=None, legend=legend(alt, narrow=narrow)),
    )
    axis = alt.X("low:Q", title=_PLACE.text(lang), scale=alt.Scale(domain=[0, 1]))
    lines = base.mark_rule(strokeWidth=2).encode(x=axis, x2="high:Q")
    points = base.mark_point(filled=True, size=28).encode(x="median:Q")
    return titled(lines + points, _POSTERIOR_TITLE, lang, 140 if narrow else 420, 12, narrow=narrow)


def foreseen(frame: IntoFrame, lang: Language = "en", *, narrow: bool = False) -> Any:
    """Recorded values next to those that the draws predicted, from `predicted_frame`."""
    table = taken(frame)
    alt = altair()
    before, after, happened = (
        lines_of(each.text(lang), _LABEL_LETTERS, narrow=narrow)
        for each in (_ALL_DRAWS, _OTHERS, _HAPPENED)
    )
    charts = []
    for what in ("grants", "granted"):
        unit = unit_of("count" if what == "grants" else "SEK")
        rows: list[dict[str, Any]] = []
        points: list[dict[str, Any]] = []
        for row in table.iter_rows(named=True):
            if row["what"] != what:
                continue
            name = lines_of(f"{row['municipality']} {row['period']}", 20, narrow=narrow)
            points.append({"what": name, "value": unit.scaled(row["happened"]), "draws": happened})
            for origin, said in (("prior", before), ("posterior", after)):
                if row[f"{origin}_median"] is not None:
                    ends = {e: unit.scaled(row[f"{origin}_{e}"]) for e in ("low", "high")}
                    rows.append({"what": name, "draws": said, **ends})
        colours = alt.Scale(domain=[before, after, happened], range=[BEFORE, AFTER, HAPPENED])
        key = legend(alt, narrow=narrow)
        colour = alt.Color("draws:N", scale=colours, title=None, legend=key)
        named = alt.Y("what:N", title=None, axis=alt.Axis(labelExpr=IN_LINES))
        title = (_GRANTS if what == "grants" else _GRANTED).text(lang)
        lines = (
            alt.Chart(alt.Data(values=rows))
            .mark_rule(strokeWidth=4)
            .encode(
                y=named,
                yOffset=alt.YOffset("draws:N", sort=[before, after]),
                x=alt.X("low:Q", title=title),
                x2="high:Q",
                color=colour,
            )
        )
        dots = (
            alt.Chart(alt.Data(values=points))
            .mark_point(filled=True, size=70, shape="diamond")
            .encode(y=named, x="value:Q", color=colour)
        )
        width, step = 200 if narrow else 420, _step(str(each["what"]) for each in points)
        charts.append((lines + dots).properties(width=width, height=alt.Step(step)))
    return titled(alt.vconcat(*charts), _PREDICTED_TITLE, lang, narrow=narrow)


def _step(labels: Iterable[str]) -> int:
    """How far apart labels stand, so that the longest has room for its lines."""
    return 13 * max((1 + each.count("\n") for each in labels), default=1) + 3


_GRANTS = Message("study_charts.grants")
_GRANTED = Message("study_charts.granted")


def effects(frame: IntoFrame, margin: float, lang: Language = "en", *, narrow: bool = False) -> Any:
    """The effect on uptake of taking the return flow out, in its parts, from `parts_frame`.

    Policy by policy: through the committees' choice, through the refill, and in all; the dashed
    lines are the margin.
    """
    table = taken(frame)
    alt = altair()
    said = {part: words.text(lang) for part, words in _PARTS.items()}
    rows = [
        {"policy": row["policy"], "part": said[row["part"]]}
        | {end: 100 * row[end] for end in ("mean", "low", "high")}
        for row in table.iter_rows(named=True)
        if row["low"] is not None
    ]
    order = list(said.values())
    colours = alt.Scale(domain=order, range=[HAPPENED, AFTER, ALL])
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("policy:N", title=None),
        yOffset=alt.YOffset("part:N", sort=order),
        color=alt.Color("part:N", scale=colours, title=None, legend=legend(alt, narrow=narrow)),
    )
    bars = base.mark_bar(opacity=0.8).encode(x=alt.X("mean:Q", title=PERCENTAGE_POINTS.text(lang)))
    lines = base.mark_rule(strokeWidth=1.5).encode(x="low:Q", x2="high:Q", color=alt.value(LINE))
    margins = alt.Chart(alt.Data(values=[{"at": -100 * margin}, {"at": 100 * margin}]))
    dashed = margins.mark_rule(strokeDash=[4, 4], color=BEFORE).encode(x="at:Q")
    return titled(
        dashed + bars + lines, _EFFECTS_TITLE, lang, 220 if narrow else 460, 14, narrow=narrow
    )


def shares(frame: IntoFrame, lang: Language = "en", *, narrow: bool = False) -> Any:
    """In what share of plausible worlds each hypothesis holds, from `findings_frame`.

    The dashed lines are where a verdict becomes another.
    """
    table = taken(frame)
    alt = altair()
    claims = {
        each.code: lines_of(CLAIMS[each.code].text(lang), 34, narrow=narrow) for each in HYPOTHESES
    }
    rows = [
        {"policy": row["policy"], "hypothesis": claims[row["hypothesis"]]}
        | {end: 100 * row[end] for end in ("share", "low", "high")}
        | {"at": [100 * least for least in LEAST.values() if least]}
        for row in table.iter_rows(named=True)
        if row["share"] is not None
    ]
    base = alt.Chart().encode(y=alt.Y("policy:N", title=None))
    across = alt.X(
        "low:Q",
        title=_SHARE.text(lang),
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(grid=False),
    )
    lines = base.mark_rule(strokeWidth=3, color=BEFORE).encode(x=across, x2="high:Q")
    points = base.mark_point(filled=True, size=50, color=AFTER).encode(x="share:Q")
    limits = alt.Chart().transform_flatten(["at"]).mark_rule(strokeDash=[3, 3], color=BEFORE)
    panels = alt.layer(limits.encode(x="at:Q"), lines, points, data=alt.Data(values=rows))
    head = alt.Header(labelLimit=480, labelAnchor="start", labelExpr=IN_LINES, labelLineHeight=14)
    facets = panels.properties(width=220 if narrow else 420, height=alt.Step(13)).facet(
        facet=alt.Facet("hypothesis:N", sort=list(claims.values()), title=None, header=head),
        columns=1,
    )
    return titled(facets, _SHARES_TITLE, lang, narrow=narrow)


def causes(frame: IntoFrame, lang: Language = "en", *, narrow: bool = False) -> Any:
    """What each mechanism adds to uptake, policy by policy, from `causes_frame`."""
    table = taken(frame)
    alt = altair()
    named = {
        name: lines_of(words_of(name).text(lang), _LABEL_LETTERS, narrow=narrow) for name in WHOLE
    }
    rows = [
        {"policy": row["policy"], "mechanism": named[row["switch"]]}
        | {end: 100 * row[end] for end in ("share", "low", "high")}
        for row in table.iter_rows(named=True)
        if row["low"] is not None
    ]
    axis = alt.Axis(labelLimit=260, labelExpr=IN_LINES)
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("mechanism:N", sort=list(named.values()), title=None, axis=axis)
    )
    bars = base.mark_bar(color=AFTER, opacity=0.75, size=11).encode(
        x=alt.X("share:Q", title=PERCENTAGE_POINTS.text(lang))
    )
    lines = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q")
    facets = _panels(alt, bars + lines, narrow, named.values())
    return titled(facets, _CAUSES_TITLE, lang, narrow=narrow)


def sensitivity(frame: IntoFrame, lang: Language = "en", *, narrow: bool = False) -> Any:
    """The assumptions with the most visible influence on the effect, by `sensitivity_frame`."""
    table = taken(frame)
    alt = altair()
    shown = table.filter(table["tells"]).group_by("policy", maintain_order=True).head(MOST)
    letters = _LABEL_LETTERS if narrow else _WIDE_LETTERS
    named = {
        path: lines_of(parameter(path).text(lang), letters) for path in shown["parameter"].unique()
    }
    rows = [
        {"policy": row["policy"], "parameter": named[row["parameter"]]}
        | {end: 100 * row[end] for end in ("mean", "low", "high")}
        for row in shown.iter_rows(named=True)
    ]
    axis = alt.Axis(labelLimit=260, labelExpr=IN_LINES)
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("parameter:N", sort="-x", title=None, axis=axis)
    )
    bars = base.mark_bar(color=AFTER, opacity=0.75, size=11).encode(
        x=alt.X("mean:Q", title=_VARIANCE.text(lang), scale=alt.Scale(domainMin=0))
    )
    lines = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q")
    facets = _panels(alt, bars + lines, narrow, named.values()).resolve_scale(y="independent")
    return titled(facets, _SENSITIVITY_TITLE, lang, narrow=narrow)


#: So many letters of a label stand beside the bars of a narrow chart, and of a wide one.
_LABEL_LETTERS, _WIDE_LETTERS = 22, 40


def _panels(alt: Any, panel: Any, narrow: bool, labels: Iterable[str]) -> Any:
    """A panel for each policy, side by side, or below one another where the chart is narrow."""
    sized = panel.properties(width=165 if narrow else 240, height=alt.Step(_step(labels)))
    return sized.facet(facet=alt.Facet("policy:N", title=None), columns=1 if narrow else 2)


_PARTS = {
    "through_choice": Message("study_charts.part_choice"),
    "through_refill": Message("study_charts.part_refill"),
    "difference": Message("study_charts.part_whole"),
}
_SHARE = Message("study_charts.share_of_worlds")
_VARIANCE = Message("study_charts.variance")
_EFFECTS_TITLE = Message("study_charts.effects_title")
_SHARES_TITLE = Message("study_charts.shares_title")
_CAUSES_TITLE = Message("study_charts.causes_title")
_SENSITIVITY_TITLE = Message("study_charts.sensitivity_title")
