"""Data frames at the border (tabeller): polars inside, any library outside.

All frames computed here are polars frames. A user may pass a frame of any library that narwhals
knows, and get one of pandas or pyarrow back; neither is needed otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from sifrules.errors import SifError, nearest
from sifrules.values.messages import Message

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa
    from narwhals.typing import IntoDataFrame

#: The libraries that a table can be returned in, each with the packages that it requires.
LIBRARIES = {"polars": (), "pandas": ("pandas", "pyarrow"), "pyarrow": ("pyarrow",)}

#: A frame in memory, of any library.
Frame = TypeVar("Frame", bound="IntoDataFrame")

#: One of polars, lazy or not.
PolarsFrame = TypeVar("PolarsFrame", bound="pl.DataFrame | pl.LazyFrame")

_ROW = "sifrules row"


@overload
def given(frame: PolarsFrame, library: Literal["polars"] = "polars") -> PolarsFrame: ...
@overload
def given(frame: PolarsFrame, library: Literal["pandas"]) -> pd.DataFrame: ...
@overload
def given(frame: PolarsFrame, library: Literal["pyarrow"]) -> pa.Table: ...
@overload
def given(frame: PolarsFrame, library: str) -> Any: ...
def given(frame: pl.DataFrame | pl.LazyFrame, library: str = "polars") -> Any:
    """A table as a frame of the requested library: ``polars``, ``pandas`` or ``pyarrow``.

    A lazy frame stays lazy in polars, and is streamed into memory for the others. Raises
    `SifError` for a library that is unknown or not installed.

    >>> import polars as pl
    >>> given(pl.DataFrame({"a": [1]}), "polars").columns
    ['a']
    """
    import polars as pl

    refuse_without(library)
    if library == "polars":
        return frame
    whole = frame.collect(engine="streaming") if isinstance(frame, pl.LazyFrame) else frame
    return whole.to_pandas() if library == "pandas" else whole.to_arrow()


def refuse_without(library: str) -> None:
    """Raise `SifError` for a library that is unknown or not installed; call before a long run."""
    if library not in LIBRARIES:
        raise SifError(
            Message("frame.no_library", library=library), fix=nearest(library, LIBRARIES)
        )
    lacking = [name for name in LIBRARIES[library] if not _importable(name)]
    if lacking:
        packages = " and ".join(lacking)
        raise SifError(
            Message("frame.write_needs", library=library, packages=packages),
            fix=Message("install.pip", lacking=" ".join(lacking)),
        )


def _importable(name: str) -> bool:
    """Whether a library is there and fits: only importing it shows that."""
    try:
        import_module(name)
    except ImportError:
        return False
    return True


def taken(frame: object) -> pl.DataFrame:
    """A polars frame from one of any library, lazy or not.

    >>> import polars as pl
    >>> taken(pl.LazyFrame({"a": [1]})).columns
    ['a']
    >>> taken([1])
    Traceback (most recent call last):
    sifrules.errors.SifError: expected a data frame, got list; make it one of ...
    """
    import polars as pl

    handed: Any = frame
    if isinstance(handed, pl.DataFrame):
        return handed
    import narwhals as nw
    from narwhals.exceptions import NarwhalsError

    handed = _spelt_out(handed)
    try:
        found: Any = nw.from_native(handed)
    except TypeError:
        raise _no_frame(frame) from None
    except (NarwhalsError, ValueError) as error:  # as two columns of one name
        raise _unreadable(error) from None
    if isinstance(found, nw.LazyFrame):
        found = _done(frame, lambda: found.collect(backend="polars"))
    whole: pl.DataFrame = _done(frame, found.to_polars)
    return whole


def _spelt_out(frame: Any) -> Any:
    """A frame of pandas with its periods as texts, as 2025-03: others count them from 1970."""
    if type(frame).__module__.partition(".")[0] != "pandas" or not hasattr(frame, "columns"):
        return frame
    periods = [at for at, kind in enumerate(frame.dtypes) if str(kind).startswith("period[")]
    if not periods:
        return frame
    found = frame.copy(deep=False)
    for at in periods:
        values = frame.iloc[:, at]
        found.isetitem(at, [None if each != each else str(each) for each in values])
    return found


def widened(
    frame: Frame,
    reads: Callable[[str], bool],
    work: Callable[[pl.DataFrame], pl.DataFrame],
) -> Frame:
    """A frame of any library with more columns, in the same library.

    ``reads`` chooses by name the columns that ``work`` gets, as a polars frame; ``work`` returns
    that frame with columns added, row for row. The frame's own columns are unchanged.
    """
    import polars as pl

    kept: Any = frame
    if isinstance(kept, pl.DataFrame):
        return work(kept)  # type: ignore[return-value]
    import narwhals as nw
    from narwhals.exceptions import NarwhalsError

    if isinstance(kept, pl.LazyFrame):
        raise _lazy(frame)
    try:
        found = nw.from_native(kept, eager_only=True)
        numbered = found.with_row_index(_ROW)
    except TypeError:
        raise _lazy(frame) if _is_lazy(frame) else _no_frame(frame) from None
    except (NarwhalsError, ValueError) as error:  # as two columns of one name
        raise _unreadable(error) from None
    names = [name for name in found.columns if isinstance(name, str) and reads(name)]
    seen = _done(frame, numbered.select(_ROW, *names).to_polars)
    added = work(seen).drop(_ROW, *names)
    columns = [_series(column, found.implementation) for column in added.iter_columns()]
    widened: Any = found.with_columns(*columns).to_native()
    return widened  # type: ignore[no-any-return]


def _series(column: pl.Series, library: Any) -> Any:
    """A column of strings or of lists of strings in a library; in pandas, lists are objects."""
    import narwhals as nw

    kind: Any = nw.List(nw.String()) if column.dtype.is_nested() else nw.String()
    if column.dtype.is_nested() and library.is_pandas_like():
        kind = None
    return nw.new_series(column.name, column.to_list(), kind, backend=library)


def _done(frame: object, read: Callable[[], Any]) -> Any:
    """The result of reading a frame; `SifError` names a package that is not installed."""
    try:
        return read()
    except ImportError as error:
        library = type(frame).__module__.partition(".")[0]
        lacking = error.name or "pyarrow"
        raise SifError(
            Message("frame.read_needs", library=library, lacking=lacking),
            fix=Message("install.pip", lacking=lacking),
        ) from None


def _is_lazy(frame: object) -> bool:
    import narwhals as nw

    try:
        return isinstance(nw.from_native(frame), nw.LazyFrame)  # type: ignore[call-overload]
    except TypeError:
        return False


def _no_frame(frame: object) -> SifError:
    return SifError(
        Message("value.expected", expected=Message("expected.frame"), value=type(frame).__name__),
        fix=Message("frame.make_one"),
    )


def _lazy(frame: object) -> SifError:
    return SifError(
        Message(
            "value.expected",
            expected=Message("expected.frame_in_memory"),
            value=type(frame).__name__,
        ),
        fix=Message("frame.collect_first"),
    )


def _unreadable(error: Exception) -> SifError:
    return SifError(Message("frame.unreadable", split=" ".join(str(error).split())))
