"""Tables of results for users of any data-frame library, and charts made of theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sifrules import SifError
from sifrules_simulation import Comparison, compare, table
from sifrules_simulation.model.stops import STOPS
from sifrules_simulation.presentation.stop_words import WAYS
from sifrules_simulation.results.data_dictionary import column_of


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """A small comparison."""
    return compare(["orebro@2016", "norrkoping@2022"], replications=2, years=2, jobs=1)


def test_a_comparison_gives_its_tables_by_name(comparison: Comparison) -> None:
    """The names are those of the files that are kept of one; properties stay polars."""
    for name in ("runs", "yearly", "balances", "committees"):
        assert comparison.table(name).equals(getattr(comparison, name))
    assert comparison.table().equals(comparison.frame)
    with pytest.raises(SifError, match="no table 'rnus'; did you mean runs"):
        comparison.table("rnus")
    with pytest.raises(SifError, match="no library 'excel'"):
        comparison.table("runs", library="excel")


def test_a_saved_table_is_lazy_in_polars_and_has_the_columns_asked_for(saved: Path) -> None:
    """As the file has it; what is not there is named."""
    runs = table(saved, "runs")
    assert isinstance(runs, pl.LazyFrame)
    assert runs.collect().equals(pl.read_parquet(saved / "runs.parquet"))
    assert table(str(saved), "runs", columns=["grants", "policy"]).collect_schema().names() == [
        "grants",
        "policy",
    ]
    with pytest.raises(SifError, match=r"no table 'run' in .*did you mean runs"):
        table(saved, "run")
    with pytest.raises(SifError, match="no column 'grant' in runs; did you mean grants"):
        table(saved, "runs", columns=["grant"])
    with pytest.raises(SifError, match="holds no tables; name a folder"):
        table(saved / "nowhere", "runs")


@pytest.mark.parametrize("library", ["pandas", "pyarrow"])
def test_tables_come_in_other_libraries(library: str, saved: Path, comparison: Comparison) -> None:
    """With the same rows, from a run and from a folder."""
    pytest.importorskip("pyarrow", reason="pyarrow is not installed here")
    module = pytest.importorskip(library, reason=f"{library} is not installed here")
    kind: Any = module.DataFrame if library == "pandas" else module.Table
    for found, wanted in (
        (comparison.table("runs", library=library), comparison.runs),
        (table(saved, "panel", library=library), pl.read_parquet(saved / "panel.parquet")),
    ):
        assert isinstance(found, kind)
        back = pl.DataFrame(found)
        assert back.columns == wanted.columns
        assert back["policy"].to_list() == wanted["policy"].to_list()
        assert back["grants"].to_list() == wanted["grants"].to_list()


@pytest.mark.parametrize("library", ["pandas", "pyarrow"])
def test_charts_are_the_same_of_a_frame_of_any_library(
    library: str, comparison: Comparison
) -> None:
    """Nothing of the library is left in a chart."""
    pytest.importorskip("altair", reason="altair, of the extra report, is not installed here")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed here")
    pytest.importorskip(library, reason=f"{library} is not installed here")
    from sifrules_simulation.presentation.charts import comparison_charts as policy_charts

    for chart, name in (
        (policy_charts.balances, "balances"),
        (policy_charts.uptake_by_year, "yearly"),
        (policy_charts.measure_differences, "summary"),
    ):
        drawn = chart(comparison.table(name, library=library)).to_dict()
        assert drawn == chart(comparison.table(name)).to_dict(), name


def test_every_way_of_stopping_has_words_and_a_described_column() -> None:
    """Those of the model, in its order."""
    names = [each.name for each in STOPS]
    assert list(WAYS) == names
    described = [column_of(name, {}).words.text("en") for name in names]
    assert all("rules" in words for words in described)
    assert len(set(described)) == len(names)
