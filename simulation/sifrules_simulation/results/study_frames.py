"""A study as tidy frames, out of the plain data that it is saved as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

Data = Mapping[str, Any]


def answers_frame(data: Data) -> pl.DataFrame:
    """A row for each policy on all draws, and on those like the record if there are any."""
    import polars as pl

    rows = [
        {
            "policy": each["id"],
            "origin": origin,
            **each["difference"],
            **{share: each[share] for share in ("holds", "reversed", "unclear", "small")},
            "verdict": each["verdict"],
        }
        for origin, key in (("prior", "policies"), ("posterior", "by_record"))
        for each in data[key]
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
