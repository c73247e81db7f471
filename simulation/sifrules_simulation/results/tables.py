"""Kept tables (sparade tabeller): which tables a folder of results holds, finished or not.

A finished run has a file for each of its tables. One that is not finished has its pieces:
each part of the run is a table, and those that its main part comes to have the names that
their files will have. Of one that was stopped the tables that were written then are there too.
What is damaged is left out, and named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from attrs import field, frozen

from sifrules.dataframes import given, refuse_without
from sifrules.errors import SifError, nearest
from sifrules.values.messages import Message
from sifrules_simulation.experiments.batches import Failure
from sifrules_simulation.experiments.runner import ALL_LISTS
from sifrules_simulation.model.breakdowns import YEARLY
from sifrules_simulation.results import table_files
from sifrules_simulation.results.checkpoints import PIECES, Unreadable, plan_of, read_whole
from sifrules_simulation.results.folder import failures_frame
from sifrules_simulation.results.manifest import STUDY, Manifest, manifest_in

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

#: The parts that results are of: of a study, and of a comparison.
DRAWS, REPLICATIONS = "effects", "replications"
_KEYS = ("policy", "return_flow", "draw", "replication")


@frozen(kw_only=True)
class SavedTable:
    """A table: its files, and which of their columns it has, all of them unless said.

    ``by_year`` names columns that are lists with an entry a year, and what each is called where
    every year has a row. ``failures`` are the rows of a table that has no file yet.
    """

    name: str
    files: tuple[Path, ...] = ()
    columns: tuple[str, ...] | None = None
    by_year: Mapping[str, str] = field(factory=dict)
    failures: tuple[Failure, ...] = ()

    def scan(self) -> pl.LazyFrame:
        """The table, of which nothing is read until it is asked for."""
        import polars as pl

        if not self.files:
            return failures_frame(self.failures).lazy()
        frame = table_files.scan(self.files)
        if not self.by_year:
            return frame if self.columns is None else frame.select(self.columns)
        lists = [pl.col(each).alias(name) for each, name in self.by_year.items()]
        years = pl.int_ranges(1, pl.col(next(iter(self.by_year))).list.len() + 1).alias("year")
        frame = frame.with_columns(pl.col(list(self.by_year)).arr.to_list())
        return frame.select(*(self.columns or ()), years, *lists).explode(
            "year", *self.by_year.values()
        )


@frozen(kw_only=True)
class SavedTables:
    """The tables of a folder by name; ``unreadable`` names files that are damaged, left out."""

    path: Path
    finished: bool
    tables: Mapping[str, SavedTable]
    unreadable: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> SavedTable:
        if name not in self.tables:
            raise SifError(
                Message("results.no_table", name=name, path=self.path),
                fix=nearest(name, self.tables),
            )
        return self.tables[name]


@overload
def table(
    folder: str | Path,
    name: str,
    *,
    library: Literal["polars"] = "polars",
    columns: Sequence[str] | None = None,
) -> pl.LazyFrame: ...
@overload
def table(
    folder: str | Path,
    name: str,
    *,
    library: Literal["pandas"],
    columns: Sequence[str] | None = None,
) -> pd.DataFrame: ...
@overload
def table(
    folder: str | Path,
    name: str,
    *,
    library: Literal["pyarrow"],
    columns: Sequence[str] | None = None,
) -> pa.Table: ...
@overload
def table(
    folder: str | Path, name: str, *, library: str, columns: Sequence[str] | None = None
) -> Any: ...
def table(
    folder: str | Path,
    name: str,
    *,
    library: str = "polars",
    columns: Sequence[str] | None = None,
) -> Any:
    """A saved table, such as ``runs``, in the library asked for.

    In ``polars`` it is a lazy frame, of which nothing is read until it is collected; in
    ``pandas`` and ``pyarrow`` a whole one, with some ``columns`` only if they are named. Of a run
    that is not finished it has what is done so far. Raises `SifError` for a table or a column that
    is not there, and for a library that is not installed.

    >>> table("nowhere", "runs")
    Traceback (most recent call last):
    sifrules.errors.SifError: nowhere holds no tables; name a folder that --out of a study ...
    """
    refuse_without(library)
    found = tables_in(Path(folder))[name].scan()
    if columns is not None:
        known = found.collect_schema().names()
        for each in columns:
            if each not in known:
                raise SifError(
                    Message("results.no_column", each=each, name=name), fix=nearest(each, known)
                )
        found = found.select(columns)
    return given(found, library)


def tables_in(path: Path) -> SavedTables:
    """The tables in a folder. Raises `SifError` where there is none."""
    manifest = manifest_in(path)
    if manifest is None or manifest.finished:
        files, unreadable = readable(path, table_files.listed(path))
        found = [SavedTable(name=file.stem, files=(file,)) for file in files]
        finished = True
    else:
        pieces = pieces_in(path, manifest)
        found, unreadable = _of_pieces(pieces, manifest.kind == STUDY), pieces.unreadable
        found += _written_when_stopped(path, {each.name for each in found}, pieces)
        finished = False
    if not found:
        code = "results.no_readable_tables" if unreadable else "results.no_tables"
        raise SifError(
            Message(code, path=path, damaged=", ".join(unreadable)),
            fix=Message("results.name_run_folder") if finished else Message("results.wait"),
        )
    return SavedTables(
        path=path,
        finished=finished,
        tables={each.name: each for each in found},
        unreadable=unreadable,
    )


def readable(path: Path, files: Iterable[Path]) -> tuple[list[Path], tuple[str, ...]]:
    """Those of some files that are there and are tables, and the names of the damaged ones.

    Only what a file says of itself is looked at.
    """
    from polars.exceptions import PanicException, PolarsError

    good, bad = [], []
    for file in files:
        if not file.is_file():
            continue
        try:
            table_files.scan(file).collect_schema()
        except (OSError, PanicException, PolarsError):
            bad.append(str(file.relative_to(path)))
            continue
        good.append(file)
    return good, tuple(bad)


# --- of a run that is not finished ------------------------------------------------------


@frozen(kw_only=True)
class Pieces:
    """The whole pieces of a run by part: their files, where they have rows, and how many.

    ``failures`` are those of every part, ``unreadable`` names the files that are damaged.
    """

    files: Mapping[str, tuple[Path, ...]]
    counts: Mapping[str, int]
    failures: tuple[Failure, ...] = ()
    unreadable: tuple[str, ...] = ()


def pieces_in(path: Path, manifest: Manifest) -> Pieces:
    """The pieces that an unfinished run has saved; those of another plan do not count."""
    plan = plan_of(manifest)
    files: dict[str, list[Path]] = {}
    counts: dict[str, int] = {}
    failures: list[Failure] = []
    unreadable: list[str] = []
    for file in table_files.listed(path / PIECES):
        try:
            found = read_whole(file)
        except Unreadable:
            unreadable.append(f"{PIECES}/{file.name}")
            continue
        if found is None or found[1].plan != plan:
            continue
        frame, about = found
        counts[about.part] = counts.get(about.part, 0) + 1
        failures += (Failure(**each) for each in about.failures)
        if len(frame):
            files.setdefault(about.part, []).append(file)
    return Pieces(
        files={part: tuple(each) for part, each in files.items()},
        counts=counts,
        failures=tuple(failures),
        unreadable=tuple(unreadable),
    )


def _of_pieces(pieces: Pieces, study: bool) -> list[SavedTable]:
    """A table for each part, and those that the main part comes to."""
    found = [SavedTable(name=part, files=files) for part, files in pieces.files.items()]
    main = pieces.files.get(DRAWS if study else REPLICATIONS)
    if main:
        found += _of_draws(main) if study else _of_replications(main)
    if pieces.failures:
        found.append(SavedTable(name="failures", failures=pieces.failures))
    return found


def _written_when_stopped(path: Path, known: Collection[str], pieces: Pieces) -> list[SavedTable]:
    """The other tables that were written when the run was stopped, until more of it is done."""
    dated = [file.stat().st_mtime for files in pieces.files.values() for file in files]
    written, _ = readable(path, table_files.listed(path)) if dated else ([], ())
    return [
        SavedTable(name=file.stem, files=(file,))
        for file in written
        if file.stem not in known and file.stat().st_mtime >= max(dated)
    ]


def _of_draws(files: tuple[Path, ...]) -> list[SavedTable]:
    measures = [name for name in _names(files) if name not in _KEYS]
    return [SavedTable(name="runs", files=files, columns=(*_KEYS, *measures))]


def _of_replications(files: tuple[Path, ...]) -> list[SavedTable]:
    measured = tuple(name for name in _names(files) if name not in ALL_LISTS)
    return [
        SavedTable(name="runs", files=files, columns=measured),
        SavedTable(
            name="panel", files=files, columns=("policy", "replication"), by_year=YEARLY.saved
        ),
    ]


def _names(files: tuple[Path, ...]) -> list[str]:

    return table_files.scan(files[0]).collect_schema().names()
