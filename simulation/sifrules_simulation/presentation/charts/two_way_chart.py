"""The chart of where hypotheses turn (vändpunktsdiagram): two assumptions at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from sifrules.dataframes import taken
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.presentation.charts.style import HAPPENED, altair, legend, titled
from sifrules_simulation.presentation.hypothesis_words import CLAIMS
from sifrules_simulation.presentation.study_words import parameter

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

#: The side of a panel, and how wide the words at it may be, in letters.
_SIDE, _LETTERS = 230, 34
_ACROSS = 2


def two_way_chart(
    frame: IntoFrame,
    regions: Sequence[Mapping[str, Any]],
    lang: Language = "en",
    *,
    narrow: bool = False,
) -> Any:
    """A panel for each hypothesis, from `two_way_frame`: the darker, the more worlds it holds in.

    A frame drawn in a panel is a region that was found, as far as it is of the two assumptions;
    it is dashed where the hypothesis is reversed. A ``narrow`` chart has one panel a row.
    """
    table = taken(frame)
    alt = altair()
    panels = []
    for (policy, hypothesis, x, y), rows in table.group_by(
        "policy", "hypothesis", "x", "y", maintain_order=True
    ):
        fields = [
            {**row, "share": 100 * row["share"]}
            for row in rows.iter_rows(named=True)
            if row["share"] is not None
        ]
        across, up = (_axis(alt, axis, path, rows, lang) for axis, path in (("x", x), ("y", y)))
        colour = alt.Color(
            "share:Q",
            title=_SHARE.text(lang),
            scale=alt.Scale(scheme="blues", domain=[0, 100]),
            legend=legend(alt, narrow=narrow, titleLimit=260),
        )
        tiles = (
            alt.Chart(alt.Data(values=fields))
            .mark_rect(stroke="white", strokeWidth=0.5)
            .encode(x=across, x2="x_high:Q", y=up, y2="y_high:Q", color=colour)
        )
        frames = [
            alt.Chart(alt.Data(values=[box]))
            .mark_rect(
                filled=False,
                stroke=HAPPENED,
                strokeWidth=2.5,
                strokeDash=[6, 4] if each["outcome"] == "reversed" else [1, 0],
            )
            .encode(x="x_low:Q", x2="x_high:Q", y="y_low:Q", y2="y_high:Q")
            for each in regions
            if each["tells"] and (each["policy"], each["hypothesis"]) == (policy, hypothesis)
            if (box := _box(each, x, y, rows)) is not None
        ]
        words = Message("study_charts.two_way_panel", claim=CLAIMS[hypothesis], policy=policy).text(
            lang
        )
        title = alt.Title(wrap(words, 40), anchor="start", fontSize=12, fontWeight="normal")
        panel = alt.layer(tiles, *frames)
        panels.append(panel.properties(width=_SIDE, height=_SIDE, title=title))
    columns = 1 if narrow else _ACROSS
    return titled(alt.concat(*panels, columns=columns), _TITLE, lang, narrow=narrow)


def _axis(alt: Any, axis: str, path: str, rows: Any, lang: Language) -> Any:
    """An axis named in words, from the least to the greatest value drawn."""
    low, high = rows[f"{axis}_low"].min(), rows[f"{axis}_high"].max()
    kind = alt.X if axis == "x" else alt.Y
    return kind(
        f"{axis}_low:Q",
        title=wrap(f"{parameter(path).text(lang)} ({path})", _LETTERS),
        scale=alt.Scale(domain=[low, high], nice=False, zero=False),
        axis=alt.Axis(tickCount=5, grid=False),
    )


def _box(region: Mapping[str, Any], x: str, y: str, rows: Any) -> dict[str, float] | None:
    """What a region restricts of two assumptions; None where it restricts neither."""
    limits = {each["path"]: each for each in region["where"]}
    if not {x, y} & limits.keys():
        return None
    box = {}
    for axis, path in (("x", x), ("y", y)):
        ends = limits.get(path, {"low": None, "high": None})
        least, most = rows[f"{axis}_low"].min(), rows[f"{axis}_high"].max()
        box[f"{axis}_low"] = least if ends["low"] is None else max(least, ends["low"])
        box[f"{axis}_high"] = most if ends["high"] is None else min(most, ends["high"])
    return box


_SHARE = Message("study_charts.two_way_share")
_TITLE = Message("study_charts.two_way_title")
