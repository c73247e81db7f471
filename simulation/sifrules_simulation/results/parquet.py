"""Reading Parquet files (läsa tabeller): the files themselves, whatever their folders are called.

Readers of Parquet take ``*`` and ``[`` in a path for a pattern, and a folder named ``year=2024``
for a column. Saved tables are read here alone, so that a path is a name and nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def scan(files: Path | Sequence[Path]) -> pl.LazyFrame:
    """A file, or several one below the other, of which nothing is read until it is collected."""
    import polars as pl

    source = files if isinstance(files, Path) else list(files)
    return pl.scan_parquet(source, glob=False, hive_partitioning=False)


def read(file: Path) -> pl.DataFrame:
    """A file whole, into memory of its own: it may be replaced while it is in use."""
    import polars as pl

    return pl.read_parquet(file, glob=False, hive_partitioning=False, memory_map=False)
