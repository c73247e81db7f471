"""Saved results (resultatfiler): tidy tables as Parquet and CSV, with where they come from.

Every file is written whole and then renamed. What is large is put together out of the
batches that a run saved, bit by bit: memory does not grow with it.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import asdict, frozen

from sifrules.errors import SifError
from sifrules.values.errors import reported
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.experiments.batches import Failure
from sifrules_simulation.results import table_files
from sifrules_simulation.results.spreadsheet import whole_kronor, write_csv

if TYPE_CHECKING:
    import polars as pl


def files_of(table: str) -> list[str]:
    """What the files of a table are called: one for programs, one for spreadsheets."""
    return [table_files.file_of(table), f"{table}.csv"]


@frozen
class ResultsFolder:
    """A folder of results; each file is written whole and then put there.

    Raises `SifError` at once where the folder cannot be made or written.
    """

    path: Path

    def __attrs_post_init__(self) -> None:
        with self.refusing():
            self.path.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=self.path).close()

    def table(
        self,
        name: str,
        frame: pl.LazyFrame,
        source: dict[str, Any],
        *,
        amounts: Collection[str] = (),
        lang: Language = "en",
    ) -> list[str]:
        """Save a frame for programs, with its provenance, and as CSV for a spreadsheet.

        ``amounts`` are the columns or measures that are in kronor, ``lang`` the language whose
        spreadsheets are to open the CSV.
        """
        from polars.exceptions import PolarsError

        about = {"sifrules": json.dumps(source, ensure_ascii=False, sort_keys=True)}
        rounded = whole_kronor(frame, amounts)
        try:
            self.write(table_files.file_of(name), lambda to: table_files.sink(frame, to, about))
            self.write(f"{name}.csv", lambda to: write_csv(rounded, to, lang))
        except PolarsError as error:  # what the system refuses, it reports in words of its own
            raise SifError(
                Message("folder.table_not_written", name=name, path=self.path, error=str(error)),
                fix=Message("folder.make_room"),
            ) from None
        return files_of(name)

    def sink(self, name: str, frame: pl.LazyFrame, source: dict[str, Any]) -> None:
        """Save a frame for programs alone, bit by bit, with its provenance."""
        from polars.exceptions import PolarsError

        about = {"sifrules": json.dumps(source, ensure_ascii=False, sort_keys=True)}
        try:
            self.write(table_files.file_of(name), lambda to: table_files.sink(frame, to, about))
        except PolarsError as error:  # what the system refuses, it reports in words of its own
            raise SifError(
                Message("folder.table_not_written", name=name, path=self.path, error=str(error)),
                fix=Message("folder.make_room"),
            ) from None

    def json(self, name: str, data: dict[str, Any]) -> str:
        """Save plain data."""
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
        self.write(name, lambda to: to.write_text(text, "utf-8"))
        return name

    def without(self, *names: str) -> None:
        """Take out files that an earlier run may have left."""
        with self.refusing():
            for name in names:
                (self.path / name).unlink(missing_ok=True)

    def write(self, name: str, write: Callable[[Path], object]) -> None:
        """Write a file whole next to its place, then put it there."""
        to = self.path / name
        temporary = to.with_name(f".{to.name}.tmp")
        try:
            with self.refusing():
                write(temporary)
                os.replace(temporary, to)
        except BaseException:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """What the system refuses is reported as a user's mistake."""
        try:
            yield
        except OSError as error:
            at = self.path if error.filename is None else error.filename
            raise SifError(
                Message(
                    "folder.not_written",
                    path=self.path,
                    at=at,
                    error=reported(error),
                ),
                fix=Message("folder.name_writable"),
            ) from None


def failures_frame(failures: Sequence[Failure]) -> pl.DataFrame:
    """A row for each replication that failed."""
    import polars as pl

    kinds: dict[str, Any] = {
        "part": pl.String,
        "policy": pl.String,
        "draw": pl.Int64,
        "replication": pl.Int64,
        "seed": pl.UInt64,
        "error": pl.String,
        "command": pl.String,
    }
    return pl.DataFrame([asdict(each) for each in failures], schema=kinds)
