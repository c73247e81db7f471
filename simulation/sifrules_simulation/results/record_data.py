"""A record beside the model as plain data (data): codes and numbers, as it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sifrules_simulation.analysis.record_years import MONEY, ComparedRecord
from sifrules_simulation.results.metadata import both

if TYPE_CHECKING:
    import polars as pl

#: What each row depends on, as the other tables name it.
_ORIGIN = ("replications", "seed", "years", "scenario", "behaviour")


def record_json(compared: ComparedRecord) -> dict[str, Any]:
    """A municipality's record beside what is foreseen for it; amounts in kronor."""
    return {
        "municipality": compared.municipality,
        "policy": compared.policy,
        "scenario": compared.scenario,
        "begins": str(compared.begins),
        "years": compared.years,
        "seed": compared.seed,
        "behaviour": compared.behaviour,
        "replications": compared.replications,
        "failed": compared.failed,
        "rows": [
            {
                "what": row.number.what,
                "period": str(row.number.period),
                "unit": "SEK" if row.number.what in MONEY else "count",
                "value": row.number.value,
                "about": row.number.about,
                "mean": row.mean,
                **row.band.as_json(),
                "inside": row.inside,
                "citations": [str(cited) for cited in row.number.citations],
            }
            for row in compared.rows
        ],
        "notes": [both(note) for note in compared.notes],
    }


def record_frame(records: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """A row for each number of each record: what happened and what is foreseen."""
    import polars as pl

    rows = [
        {
            "municipality": each["municipality"],
            "policy": each["policy"],
            "what": row["what"],
            "period": row["period"],
            "unit": row["unit"],
            "recorded": row["value"],
            "about": row["about"],
            "mean": row["mean"],
            "low": row["low"],
            "high": row["high"],
            "inside": row["inside"],
            **{name: each[name] for name in _ORIGIN},
        }
        for each in records
        for row in each["rows"]
    ]
    return pl.DataFrame(rows, infer_schema_length=None)
