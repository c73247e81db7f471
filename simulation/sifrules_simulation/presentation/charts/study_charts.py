"""Charts (diagram): each is made of a tidy frame, and looks the same everywhere.

They need altair, and vl-convert to be drawn as a picture: the extra ``report``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sifrules.dataframes import taken
from sifrules.values.text import Language, LocalizedText
from sifrules_simulation.model.mechanisms import NAMES, words_of
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

_ALL_DRAWS = LocalizedText(sv="alla dragningar", en="all draws")
_LIKE = LocalizedText(sv="de som liknar facit", en="those like the record")
_OTHERS = LocalizedText(sv="de som liknar de andras facit", en="those like the others' records")
_HAPPENED = LocalizedText(sv="det som hände", en="what happened")
_PLACE = LocalizedText(
    sv="plats i det antagna spannet (0–1)", en="place in the assumed range (0–1)"
)
_POSTERIOR_TITLE = LocalizedText(
    sv="Parametrarna före och efter facit (median och 90-procentigt intervall)",
    en="The parameters before and after the record (median and 90 % interval)",
)
_PREDICTED_TITLE = LocalizedText(
    sv="Det som hände mot det som förutsågs (90-procentigt intervall)",
    en="What happened against what was foreseen (90 % interval)",
)


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
    """What happened beside what the draws foresaw, from `predicted_frame`."""
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


_GRANTS = LocalizedText(sv="beviljade satsningar, antal", en="grants, count")
_GRANTED = LocalizedText(sv="beviljade medel, mnkr", en="money granted, MSEK")


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
    order = [words_of(name).text(lang) for name in NAMES]
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
    """The assumptions that the effect can be seen to hang on most, from `sensitivity_frame`."""
    table = taken(frame)
    alt = altair()
    telling = table.filter(table["tells"]).group_by("policy", maintain_order=True).head(MOST)
    rows = [
        {"policy": row["policy"], "parameter": row["parameter"]}
        | {end: 100 * row[end] for end in ("mean", "low", "high")}
        for row in telling.iter_rows(named=True)
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


_SHARE = LocalizedText(sv="% av dragningarna", en="% of draws")
_VARIANCE = LocalizedText(sv="% av effektens varians", en="% of the effect's variance")
_HOLDS = LocalizedText(sv="fyndet håller", en="the finding holds")
_UNCLEAR = LocalizedText(sv="för nära för att avgöra", en="too close to tell")
_REVERSED = LocalizedText(sv="tvärtom", en="the reverse")
_EFFECTS_TITLE = LocalizedText(
    sv="Ansökningsgrad utan återföring minus med",
    en="Application uptake without the return flow minus with it",
)
_SHARES_TITLE = LocalizedText(sv="Hur ofta fyndet håller", en="How often the finding holds")
_CAUSES_TITLE = LocalizedText(
    sv="Vad varje mekanism bidrar med till ansökningsgraden",
    en="What each mechanism adds to uptake",
)
_SENSITIVITY_TITLE = LocalizedText(
    sv="Vilka antaganden effekten hänger på", en="Which assumptions the effect hangs on"
)
