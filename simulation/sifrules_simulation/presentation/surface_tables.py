"""Presentation of a break-even surface (brytyta): its lines, its points, its answer in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from attrs import asdict

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message, Text
from sifrules.values.numbers import written
from sifrules.values.text import Language, LocalizedText
from sifrules_simulation.analysis.break_even_surface import Surface, SurfaceLine
from sifrules_simulation.presentation.break_even_tables import lever_value
from sifrules_simulation.presentation.formatting import interval, number
from sifrules_simulation.presentation.trade_off_tables import lever_head
from sifrules_simulation.results.study_data import estimate_json

if TYPE_CHECKING:
    import polars as pl

#: In which share of resamples a combination must do it to be said to.
SURE = 0.95
#: The unit of deterrence.
_SHARE = "share"
_HORIZON = Message("surface.horizon")


def lines_table(found: Surface, lang: Language) -> Table:
    """Where deterrence reaches the margin along the first lever."""
    first, *others = found.levers
    columns = [Column(_HORIZON.text(lang), number=True)]
    columns += [Column(lever_head(each, lang), number=True) for each in others]
    columns.append(Column(Message("surface.reached", lever=first.path).text(lang), number=True))
    rows = [
        [
            written(line.horizon, ".10g", lang),
            *(lever_value(each, of, lang) for each, of in zip(others, line.others, strict=True)),
            _crossing(found, line, lang),
        ]
        for line in found.lines
    ]
    return Table(columns, rows, Message("surface.lines", policy=found.policy).text(lang))


def _crossing(found: Surface, line: SurfaceLine, lang: Language) -> str:
    place = line.crossing
    if place is None:
        code = "surface.nowhere_reached" if line.under else "surface.always_above"
        return Message(code).text(lang)
    value, low, high = (
        lever_value(found.levers[0], each, lang) for each in (place.value, place.low, place.high)
    )
    ends = zip((low, high), place.open_ends, ("≤", "≥"), strict=True)
    low, high = (f"{sign}{end}" if is_open else end for end, is_open, sign in ends)
    return f"{value} ({low}–{high})"


def points_table(found: Surface, lang: Language) -> Table:
    """Every combination: what it deters, how long the fund is nearly empty, how sure both are."""
    columns = [Column(_HORIZON.text(lang), number=True)]
    columns += [Column(lever_head(each, lang), number=True) for each in found.levers]
    columns += [
        Column(Message(code).text(lang), number=True)
        for code in ("surface.deterrence", "surface.empty", "surface.sure")
    ]
    rows = [
        [
            written(point.horizon, ".10g", lang),
            *(
                lever_value(each, of, lang)
                for each, of in zip(found.levers, point.values, strict=True)
            ),
            interval(point.deterrence, "share", lang, signed=True),
            interval(point.empty, "months", lang),
            number(point.sure, "share", lang),
        ]
        for point in found.points
    ]
    return Table(columns, rows, Message("surface.points", policy=found.policy).text(lang))


def surface_words(found: Surface) -> Iterator[Text]:
    """How many combinations do it, under each horizon."""
    margin = LocalizedText(
        sv=number(found.margin, _SHARE, "sv"), en=number(found.margin, _SHARE, "en")
    )
    for horizon in dict.fromkeys(each.horizon for each in found.points):
        some = [each for each in found.points if each.horizon == horizon]
        yield Message(
            "surface.answer",
            horizon=f"{horizon:g}",
            sure=sum(each.sure >= SURE for each in some),
            not_so=sum(each.sure <= 1 - SURE for each in some),
            count=len(some),
            margin=margin,
            months=f"{found.most_empty:g}",
            years=found.years,
        )


def surface_notes(found: Surface, scenario: str, seed: int) -> Iterator[Text]:
    """What the answer depends on, and what it leaves out."""
    yield Message(
        "surface.run",
        scenario=scenario,
        seed=seed,
        years=found.years,
        draws=found.draws,
        replications=found.replications,
    )
    yield Message("surface.interval")
    if found.nothing_claimed:
        yield Message("surface.nothing_claimed", count=found.nothing_claimed)
    if found.impossible:
        yield Message("trade_off.impossible", count=found.impossible)
    if found.failures:
        yield Message("trade_off.failed", count=found.failures)


def surface_json(found: Surface) -> dict[str, Any]:
    """A surface as plain data."""
    paths = [each.path for each in found.levers]
    return {
        "policy": found.policy,
        "levers": [{"path": each.path, "stated": each.now} for each in found.levers],
        "margin": found.margin,
        "most_empty": found.most_empty,
        "draws": found.draws,
        "replications": found.replications,
        "years": found.years,
        "nothing_claimed": found.nothing_claimed,
        "impossible": found.impossible,
        "failures": found.failures,
        "lines": [
            {
                "horizon": each.horizon,
                "others": dict(zip(paths[1:], each.others, strict=True)),
                "under_at_least": each.under,
                "crossing": None if each.crossing is None else asdict(each.crossing),
            }
            for each in found.lines
        ],
        "points": [
            {
                "horizon": each.horizon,
                "values": dict(zip(paths, each.values, strict=True)),
                "deterrence": estimate_json(each.deterrence),
                "months_exhausted": estimate_json(each.empty),
                "sure": each.sure,
            }
            for each in found.points
        ],
    }


def points_frame(found: Surface) -> pl.DataFrame:
    """A row for each combination and horizon."""
    import polars as pl

    return pl.DataFrame(
        [
            {
                "horizon": each["horizon"],
                **each["values"],
                **{
                    f"{name}_{end}": each[name][end]
                    for name in ("deterrence", "months_exhausted")
                    for end in ("mean", "low", "high")
                },
                "sure": each["sure"],
            }
            for each in surface_json(found)["points"]
        ]
    )
