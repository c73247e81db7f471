"""A trade-off (avvägning) as plain data: codes and numbers, and a row for each combination."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sifrules_simulation.analysis.trade_off import TradeOff, TradeOffPoint
from sifrules_simulation.results.study_data import estimate_json

if TYPE_CHECKING:
    import polars as pl

#: What is saved of each measure.
ENDS = ("mean", "low", "high")


def trade_off_json(found: TradeOff) -> dict[str, Any]:
    """All of a trade-off; ``values`` are the levers' by path, ``share`` is on the front."""
    plan = found.plan
    return {
        "policy": plan.base.id,
        "levers": [
            {"path": lever.path, "kind": lever.kind, "stated": lever.now} for lever in plan.levers
        ],
        "measures": [
            {"name": each.name, "unit": each.unit, "less": each.name in plan.less}
            for each in found.measures
        ],
        "replications": found.replications,
        "impossible": plan.impossible,
        "idle": [lever.path for lever in found.idle],
        "stopped": found.stopped,
        "points": [_point(found, each) for each in found.points],
    }


def _point(found: TradeOff, point: TradeOffPoint) -> dict[str, Any]:
    paths = [lever.path for lever in found.plan.levers]
    return {
        "settings": list(point.settings),
        "values": dict(zip(paths, point.values, strict=True)),
        "measures": {
            measure.name: estimate_json(each)
            for measure, each in zip(found.measures, point.estimates, strict=True)
        },
        "on_front": point.on_front,
        "share": point.share,
    }


def amounts(found: TradeOff) -> frozenset[str]:
    """The columns of its table that are amounts in kronor."""
    of_money = [each.name for each in found.measures if each.unit == "SEK"]
    return frozenset(f"{name}_{end}" for name in of_money for end in ENDS)


def trade_off_frame(found: TradeOff) -> pl.DataFrame:
    """A row for each combination: the levers, every measure with its interval, the front."""
    import polars as pl

    rows = []
    for each in trade_off_json(found)["points"]:
        measured = {
            f"{name}_{end}": of[end] for name, of in each["measures"].items() for end in ENDS
        }
        rows.append(
            {**each["values"], **measured, "on_front": each["on_front"], "share": each["share"]}
        )
    numbers = [name for name in rows[0] if name != "on_front"]
    return pl.DataFrame(rows, schema_overrides=dict.fromkeys(numbers, pl.Float64))
