"""The report of the main job is small enough to send, and takes no more work than it must."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sifrules import registry
from sifrules_simulation.presentation.report import page as page_module

pytestmark = pytest.mark.once

#: What a message may carry.
MOST_BYTES = 3_000_000


def test_the_report_of_all_policies_is_small_and_draws_each_chart_once(
    sif: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every bundled policy over the usual years; neither grows with the number of replications.

    Charts are what a report takes its time for: as many are drawn as stand in it.
    """
    drawing, drawn = page_module.drawn, list[str]()

    def counted(*of: Any, **how: Any) -> str:
        drawn.append(drawing(*of, **how))
        return drawn[-1]

    monkeypatch.setattr(page_module, "drawn", counted)
    sizes, charts = [], []
    for replications in (2, 6):
        place = tmp_path / str(replications)
        sif("compare", "--replications", str(replications), "--out", str(place), "--jobs", "1")
        drawn.clear()
        assert sif("report", str(place)).code == 0
        page = (place / "report.html").read_text("utf-8")
        sizes.append(len(page.encode()))
        charts.append((len(drawn), page.count("<svg")))
    assert len(registry().policies) == 15
    assert max(sizes) < MOST_BYTES
    assert max(sizes) < 1.1 * min(sizes)
    assert charts[0] == charts[1]
    assert charts[0][0] == charts[0][1] > 0


def test_the_report_of_hundreds_of_policies_can_be_sent(
    sif: Callable[..., Any], saved: Path, tmp_path: Path
) -> None:
    """Those that differ least are left out of the details, which is said; all have measures."""
    file = tmp_path / "comparison.json"
    data = json.loads((saved / "comparison.json").read_text("utf-8"))
    baseline, other = (each["id"] for each in data["policies"])
    data["baseline"] = baseline
    towns = [f"ort{number}@2020" for number in range(289)]

    def many(policies: list[dict[str, Any]]) -> list[dict[str, Any]]:
        like = next(each for each in policies if each["id"] == other)
        first = [each for each in policies if each["id"] == baseline]
        return [*first, *({**like, "id": town} for town in towns)]

    data["policies"] = many(data["policies"])
    data["about"]["policies"] = many(data["about"]["policies"])
    file.write_text(json.dumps(data), "utf-8")
    for name in ("summary", "yearly", "balances", "committees"):
        frame = pl.read_parquet(saved / f"{name}.parquet")
        like = frame.filter(policy=other)
        parts = [like.with_columns(policy=pl.lit(town)) for town in towns]
        pl.concat([frame.filter(policy=baseline), *parts]).write_parquet(
            tmp_path / f"{name}.parquet"
        )
    assert sif("report", str(tmp_path)).code == 0
    page = (tmp_path / "report.html").read_text("utf-8")
    assert len(page.encode()) < MOST_BYTES
    assert "Shown here are 40 of 290 policies: Örebro 2016" in page
    assert all(town in page for town in towns)
