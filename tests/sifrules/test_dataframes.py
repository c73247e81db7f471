"""Frames at the border: of any library in, of the library asked for out."""

from __future__ import annotations

import sys
from typing import Any

import polars as pl
import pytest

from sifrules import FactError, SifError, decide_many, registry
from sifrules.dataframes import given, taken

FACTS = {"note": ["b", "a", "c"], "application.areas": [1, 2, None]}


@pytest.fixture
def pandas() -> Any:
    """The library; the test is skipped where it is not installed."""
    pytest.importorskip("pyarrow", reason="pyarrow, which pandas takes, is not installed here")
    return pytest.importorskip("pandas", reason="pandas is not installed here")


@pytest.fixture
def pyarrow() -> Any:
    """The library; the test is skipped where it is not installed."""
    return pytest.importorskip("pyarrow", reason="pyarrow is not installed here")


def test_a_table_of_pandas_is_decided_and_comes_back_as_one(pandas: Any) -> None:
    """The same outcomes; its index and its own columns are as they were, whatever they hold."""
    policy = registry(off=()).policy("orebro@2016")
    wanted = decide_many(policy, pl.DataFrame(FACTS))
    areas = pandas.array(FACTS["application.areas"], dtype="Int64")
    frame = pandas.DataFrame({**FACTS, "application.areas": areas, 7: [{1}, None, 2.5]})
    frame.index = [10, 30, 20]
    decided = decide_many(policy, frame)
    assert decided[[*FACTS, 7]].equals(frame)
    assert decided.index.tolist() == [10, 30, 20]
    for name in wanted.columns[2:]:
        assert decided[name].tolist() == wanted[name].to_list(), name


def test_a_table_of_pyarrow_is_decided_and_comes_back_as_one(pyarrow: Any) -> None:
    """The same outcomes; a table without rows has the same columns."""
    policy = registry(off=()).policy("orebro@2016")
    wanted = decide_many(policy, pl.DataFrame(FACTS))
    decided = decide_many(policy, pyarrow.table(FACTS))
    assert decided.column_names == wanted.columns
    assert decided.to_pydict() == wanted.to_dict(as_series=False)
    none = decide_many(policy, pyarrow.table(FACTS).slice(0, 0))
    assert (none.num_rows, none.schema) == (0, decided.schema)
    alone = decide_many(policy, pyarrow.table({"note": ["x", "y"]}))
    assert alone["outcome"].to_pylist() == ["cannot_tell"] * 2


def test_what_is_wrong_in_a_table_of_pandas_is_reported_as_in_one_of_polars(pandas: Any) -> None:
    """A misspelt fact, a table decided already, two columns of one name."""
    policy = registry(off=()).policy("orebro@2016")
    with pytest.raises(FactError, match=r"did you mean application\.areas"):
        decide_many(policy, pandas.DataFrame({"application.aeras": [1]}))
    with pytest.raises(FactError, match="has a column 'outcome' already"):
        decide_many(policy, pandas.DataFrame({"outcome": ["yes"]}))
    twice = pandas.DataFrame([[1, 2]], columns=["note", "note"])
    with pytest.raises(SifError, match="unique column names"):
        decide_many(policy, twice)
    with pytest.raises(SifError, match="unique column names"):
        taken(twice)


@pytest.mark.parametrize("wrong", [[1], None, {"a": [1]}, pl.Series([1])])
def test_what_is_no_frame_is_refused(wrong: Any) -> None:
    """Wherever a frame is taken."""
    policy = registry(off=()).policy("orebro@2016")
    with pytest.raises(SifError, match=f"expected a data frame, got {type(wrong).__name__}"):
        taken(wrong)
    with pytest.raises(SifError, match=f"expected a data frame, got {type(wrong).__name__}"):
        decide_many(policy, wrong)


def test_a_lazy_frame_is_read_but_not_decided() -> None:
    """What is decided comes back with the same rows, so it must have them."""
    lazy: Any = pl.LazyFrame(FACTS)
    assert taken(lazy).equals(pl.DataFrame(FACTS))
    with pytest.raises(SifError, match="in memory, got LazyFrame; collect it first"):
        decide_many(registry(off=()).policy("orebro@2016"), lazy)


def test_missing_numbers_of_pandas_are_missing_here(pandas: Any) -> None:
    """They are no numbers there."""
    frame = pandas.DataFrame({"a": [1.5, float("nan")], "b": ["x", None]})
    assert taken(frame).rows() == [(1.5, "x"), (None, None)]


def test_a_table_is_given_in_the_library_asked_for(pandas: Any, pyarrow: Any) -> None:
    """The same rows; of a lazy one, in polars, the plan."""
    frame = pl.DataFrame({"a": [1, 2], "b": ["x", None]})
    assert given(frame) is frame
    assert isinstance(given(frame.lazy(), "polars"), pl.LazyFrame)
    assert isinstance(given(frame, "pandas"), pandas.DataFrame)
    assert isinstance(given(frame.lazy(), "pyarrow"), pyarrow.Table)
    assert all(taken(given(frame, each)).equals(frame) for each in ("pandas", "pyarrow"))


def test_what_is_lacking_for_a_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it at once, with the command; a library that is unknown is reported as such."""
    frame = pl.DataFrame({"a": [1]})
    for name in ("pandas", "pyarrow"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(SifError, match=r"needs pandas and pyarrow.*pip install pandas pyarrow"):
        given(frame, "pandas")
    with pytest.raises(SifError, match="no library 'panda'; did you mean pandas"):
        given(frame, "panda")
