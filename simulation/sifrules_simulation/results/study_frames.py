"""A study as tidy frames, out of the plain data that it is saved as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

Data = Mapping[str, Any]


def parts_frame(data: Data) -> pl.DataFrame:
    """A row for each policy and part of the effect: through choice, through refill, in all."""
    import polars as pl

    rows = [
        {"policy": each["id"], "part": part, **each[part]}
        for each in data["policies"]
        for part in ("through_choice", "through_refill", "difference")
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def findings_frame(data: Data) -> pl.DataFrame:
    """A row for each policy and hypothesis: in what share of worlds it holds."""
    import polars as pl

    rows = [
        {
            "policy": each["policy"],
            "hypothesis": each["hypothesis"],
            **{end: each["holds"] and each["holds"][end] for end in ("share", "low", "high")},
            "verdict": each["verdict"],
        }
        for each in data["findings"]
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def causes_frame(data: Data) -> pl.DataFrame:
    """A row for each policy and mechanism."""
    import polars as pl

    return pl.DataFrame(data["causes"], infer_schema_length=None)


def sensitivity_frame(data: Data) -> pl.DataFrame:
    """A row for each policy and parameter."""
    import polars as pl

    return pl.DataFrame(data["sensitivity"], infer_schema_length=None)


def two_way_frame(data: Data) -> pl.DataFrame:
    """A row for each field of two assumptions, of the policy for which a hypothesis turns most.

    That is the one of whose regions the density is furthest above the share in all worlds; where
    no region was found, the one whose fields differ most.
    """
    import polars as pl

    rows = [
        {
            "policy": each["policy"],
            "hypothesis": each["hypothesis"],
            "x": each["x"],
            "y": each["y"],
            **{f"x_{end}": each["x_ends"][across + at] for at, end in enumerate(("low", "high"))},
            **{f"y_{end}": each["y_ends"][up + at] for at, end in enumerate(("low", "high"))},
            "share": share,
        }
        for each in _turning_most(data)
        for up, some in enumerate(each["shares"])
        for across, share in enumerate(some)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _turning_most(data: Data) -> list[Data]:
    """One picture for each hypothesis."""
    gain: dict[tuple[str, str], float] = {}
    for each in data["regions"]:
        asked = each["policy"], each["hypothesis"]
        if each["tells"]:
            gain[asked] = max(gain.get(asked, 0.0), 1 + each["density"]["low"] - each["base"])

    def turning(each: Data) -> float:
        shares: list[float] = [one for some in each["shares"] for one in some if one is not None]
        return gain.get((each["policy"], each["hypothesis"]), max(shares) - min(shares))

    best: dict[str, Data] = {}
    for each in data["two_way"]:
        so_far = best.get(each["hypothesis"])
        if so_far is None or turning(each) > turning(so_far):
            best[each["hypothesis"]] = each
    return list(best.values())


def predicted_frame(calibration: Data) -> pl.DataFrame:
    """A row for each number of each record: what happened and what was foreseen."""
    import polars as pl

    rows = [
        {
            **{key: each[key] for key in ("municipality", "what", "period", "happened", "inside")},
            **_flat("prior", each["prior"]),
            **_flat("posterior", each["posterior"]),
        }
        for each in calibration["predicted"]
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def parameters_frame(calibration: Data) -> pl.DataFrame:
    """A row for each parameter: its range, before, after, and whether anything was learnt.

    Its words are a column where the data has them (`presentation.worded_study`).
    """
    import polars as pl

    rows = [
        {
            **{
                key: each[key]
                for key in ("parameter", "words", "unit", "low", "high")
                if key in each
            },
            **_flat("prior", each["prior"]),
            **_flat("posterior", each["posterior"]),
            "width": each["width"],
            "learnt": each["learnt"],
        }
        for each in calibration["parameters"]
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _flat(name: str, interval: Mapping[str, float] | None) -> dict[str, float | None]:
    ends = ("low", "median", "high")
    return {f"{name}_{end}": interval[end] if interval else None for end in ends}


def reform_frame(data: Data) -> pl.DataFrame:
    """A row for each year and count of a reform: with it, without it and the difference."""
    import polars as pl

    rows = [
        {
            "year": each["year"],
            "from": each["from"],
            "since": each["since"],
            "measure": each["measure"],
            **{
                f"{arm}_{end}": each[arm][end]
                for arm in ("with", "without", "difference")
                for end in ("mean", "low", "high")
            },
        }
        for each in data["by_year"]
    ]
    return pl.DataFrame(rows, infer_schema_length=None)
