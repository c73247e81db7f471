"""Charts (diagram): each is made of a tidy frame, and looks the same everywhere.

They need altair, and vl-convert to be drawn as a picture: the extra ``report``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sifrules.dataframes import taken
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.model.mechanisms import WHOLE, words_of
from sifrules_simulation.presentation.charts.style import (
    AFTER,
    BEFORE,
    HAPPENED,
    altair,
    legend,
    titled,
)
from sifrules_simulation.presentation.formatting import PERCENTAGE_POINTS, unit_of

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


def prior_and_posterior(frame: IntoFrame, lang: Language = "en") -> Any:
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
        color=alt.Color("draws:N", scale=colours, title=None, legend=legend(alt)),
    )
    axis = alt.X("low:Q", title=_PLACE.text(lang), scale=alt.Scale(domain=[0, 1]))
    lines = base.mark_rule(strokeWidth=2).encode(x=axis, x2="high:Q")
    points = base.mark_point(filled=True, size=28).encode(x="median:Q")
    return titled(lines + points, _POSTERIOR_TITLE, lang, width=420, step=12)


def foreseen(frame: IntoFrame, lang: Language = "en") -> Any:
    """Recorded values next to those that the draws predicted, from `predicted_frame`."""
    table = taken(frame)
    alt = altair()
    before, after, happened = (each.text(lang) for each in (_ALL_DRAWS, _OTHERS, _HAPPENED))
    charts = []
    for what in ("grants", "granted"):
        unit = unit_of("count" if what == "grants" else "SEK")
        rows, points = [], []
        for row in table.iter_rows(named=True):
            if row["what"] != what:
                continue
            name = f"{row['municipality']} {row['period']}"
            points.append({"what": name, "value": unit.scaled(row["happened"]), "draws": happened})
            for origin, said in (("prior", before), ("posterior", after)):
                if row[f"{origin}_median"] is not None:
                    ends = {e: unit.scaled(row[f"{origin}_{e}"]) for e in ("low", "high")}
                    rows.append({"what": name, "draws": said, **ends})
        colours = alt.Scale(domain=[before, after, happened], range=[BEFORE, AFTER, HAPPENED])
        colour = alt.Color("draws:N", scale=colours, title=None, legend=legend(alt))
        title = (_GRANTS if what == "grants" else _GRANTED).text(lang)
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
    return titled(alt.vconcat(*charts), _PREDICTED_TITLE, lang)


_GRANTS = Message("study_charts.grants")
_GRANTED = Message("study_charts.granted")


def effects(frame: IntoFrame, margin: float, lang: Language = "en") -> Any:
    """The effect on uptake of taking the return flow out, policy by policy, from `answers_frame`.

    On all draws, and on those like the record; the dashed lines are the margin.
    """
    table = taken(frame)
    alt = altair()
    before, after = _ALL_DRAWS.text(lang), _LIKE.text(lang)
    said = {"prior": before, "posterior": after}
    rows = [
        {"policy": row["policy"], "draws": said[row["origin"]]}
        | {end: 100 * row[end] for end in ("mean", "low", "high")}
        for row in table.iter_rows(named=True)
        if row["low"] is not None
    ]
    colours = alt.Scale(domain=[before, after], range=[BEFORE, AFTER])
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("policy:N", title=None),
        yOffset=alt.YOffset("draws:N", sort=[before, after]),
        color=alt.Color("draws:N", scale=colours, title=None, legend=legend(alt)),
    )
    lines = base.mark_rule(strokeWidth=3).encode(
        x=alt.X("low:Q", title=PERCENTAGE_POINTS.text(lang)), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=45).encode(x="mean:Q")
    margins = alt.Chart(alt.Data(values=[{"at": -100 * margin}, {"at": 100 * margin}]))
    dashed = margins.mark_rule(strokeDash=[4, 4], color=HAPPENED).encode(x="at:Q")
    return titled(dashed + lines + points, _EFFECTS_TITLE, lang, width=420, step=16)


def shares(frame: IntoFrame, lang: Language = "en") -> Any:
    """In what share of draws the finding holds, is reversed, or is unclear, by `answers_frame`."""
    table = taken(frame)
    alt = altair()
    names = {"holds": _HOLDS, "unclear": _UNCLEAR, "reversed": _REVERSED}
    order = [words.text(lang) for words in names.values()]
    rows = [
        {"policy": row["policy"], "outcome": words.text(lang), "share": 100 * row[name], "at": at}
        for row in table.iter_rows(named=True)
        if row["origin"] == "prior"
        for at, (name, words) in enumerate(names.items())
    ]
    colours = alt.Scale(domain=order, range=[AFTER, "#d9dde0", HAPPENED])
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            y=alt.Y("policy:N", title=None),
            x=alt.X("share:Q", title=_SHARE.text(lang), scale=alt.Scale(domain=[0, 100])),
            color=alt.Color("outcome:N", scale=colours, title=None, legend=legend(alt)),
            order="at:Q",
        )
    )
    return titled(bars, _SHARES_TITLE, lang, width=420, step=18)


def causes(frame: IntoFrame, lang: Language = "en") -> Any:
    """What each mechanism adds to uptake, policy by policy, from `causes_frame`."""
    table = taken(frame)
    alt = altair()
    rows = [
        {"policy": row["policy"], "mechanism": words_of(row["switch"]).text(lang)}
        | {end: 100 * row[end] for end in ("share", "low", "high")}
        for row in table.iter_rows(named=True)
        if row["low"] is not None
    ]
    order = [words_of(name).text(lang) for name in WHOLE]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("mechanism:N", sort=order, title=None, axis=alt.Axis(labelLimit=260))
    )
    bars = base.mark_bar(color=AFTER, opacity=0.75).encode(
        x=alt.X("share:Q", title=PERCENTAGE_POINTS.text(lang))
    )
    lines = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q")
    panels = (bars + lines).properties(width=240, height=alt.Step(15))
    facets = panels.facet(facet=alt.Facet("policy:N", title=None), columns=2)
    return titled(facets, _CAUSES_TITLE, lang)


def sensitivity(frame: IntoFrame, lang: Language = "en") -> Any:
    """The assumptions with the most visible influence on the effect, by `sensitivity_frame`."""
    table = taken(frame)
    alt = altair()
    shown = table.filter(table["tells"]).group_by("policy", maintain_order=True).head(MOST)
    rows = [
        {"policy": row["policy"], "parameter": row["parameter"]}
        | {end: 100 * row[end] for end in ("mean", "low", "high")}
        for row in shown.iter_rows(named=True)
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("parameter:N", sort="-x", title=None, axis=alt.Axis(labelLimit=260))
    )
    bars = base.mark_bar(color=AFTER, opacity=0.75).encode(
        x=alt.X("mean:Q", title=_VARIANCE.text(lang), scale=alt.Scale(domainMin=0))
    )
    lines = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q")
    panels = (bars + lines).properties(width=240, height=alt.Step(15))
    facets = panels.facet(facet=alt.Facet("policy:N", title=None), columns=2)
    return titled(facets.resolve_scale(y="independent"), _SENSITIVITY_TITLE, lang)


_SHARE = Message("study_charts.share")
_VARIANCE = Message("study_charts.variance")
_HOLDS = Message("study_charts.holds")
_UNCLEAR = Message("study_charts.unclear")
_REVERSED = Message("study_charts.reversed")
_EFFECTS_TITLE = Message("study_charts.effects_title")
_SHARES_TITLE = Message("study_charts.shares_title")
_CAUSES_TITLE = Message("study_charts.causes_title")
_SENSITIVITY_TITLE = Message("study_charts.sensitivity_title")
