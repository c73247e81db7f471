"""Files of saved tables (tabellfiler): how a table is written, named, listed and read again.

This is the one place that knows that they are Parquet. A path is a name and nothing more:
readers of Parquet take ``*`` and ``[`` in it for a pattern, and a folder named ``year=2024`` for
a column.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_SUFFIX = ".parquet"


def file_of(table: str) -> str:
    """What the file of a table is called.

    >>> file_of("runs")
    'runs.parquet'
    """
    return f"{table}{_SUFFIX}"


def listed(folder: Path) -> list[Path]:
    """The files of tables in a folder, by name; none where there is no folder."""
    return sorted(folder.glob(f"*{_SUFFIX}"))


def scan(files: Path | Sequence[Path]) -> pl.LazyFrame:
    """A file, or several one below the other, of which nothing is read until it is collected."""
    import polars as pl

    source = files if isinstance(files, Path) else list(files)
    return pl.scan_parquet(source, glob=False, hive_partitioning=False)


def read(file: Path) -> pl.DataFrame:
    """A file whole, into memory of its own: it may be replaced while it is in use."""
    import polars as pl

    return pl.read_parquet(file, glob=False, hive_partitioning=False, memory_map=False)


def metadata(file: Path) -> Mapping[str, str]:
    """What was written into a file next to its table."""
    import polars as pl

    return pl.read_parquet_metadata(file)


def sink(frame: pl.LazyFrame, file: Path, about: Mapping[str, str]) -> None:
    """Write a table bit by bit, with texts about it: memory does not grow with its rows."""
    frame.sink_parquet(file, metadata=dict(about))


def write(frame: pl.DataFrame, file: Path, about: Mapping[str, str]) -> None:
    """Write a table that is in memory, with texts about it.

    By way of memory: what the system refuses to write is then reported in its own words.
    """
    whole = io.BytesIO()
    frame.write_parquet(whole, metadata=dict(about))
    file.write_bytes(whole.getbuffer())


def sql_source(files: Sequence[Path]) -> str:
    """What duckdb reads the files as: an expression for ``FROM``."""
    patterns = sql_list([sql_pattern(file) for file in files])
    return f"read_parquet({patterns}, hive_partitioning = false)"


def sql_pattern(file: Path) -> str:
    """The pattern by which duckdb, that takes every path for one, finds this file alone.

    >>> sql_pattern(Path("gl*.parquet"))
    'gl[*].parquet'
    """
    return re.sub(r"[*?\[]", r"[\g<0>]", str(file))


def sql_list(texts: Sequence[str]) -> str:
    """A list of texts in SQL.

    >>> sql_list(["runs", "d'or"])
    "['runs', 'd''or']"
    """
    return "[" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]"
