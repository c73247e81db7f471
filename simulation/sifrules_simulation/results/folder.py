"""Saved results (resultatfiler): tidy tables as Parquet and CSV, with where they come from.

Every file is written whole and then renamed. What is large is put together out of the
batches that a run saved, bit by bit: memory does not grow with it.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import asdict, frozen

from sifrules.errors import SifError
from sifrules_simulation.experiments.batches import Failure

if TYPE_CHECKING:
    import polars as pl


#: The formats of a table.
KINDS = ("parquet", "csv")
#: How a text begins that a spreadsheet would take for a formula.
_FORMULA = r"^([=+\-@\t\r])"
#: Control and direction marks, which could make a text read as something else.
_MARKS = r"[\p{Cc}\p{Cf}]"


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

    def table(self, name: str, frame: pl.LazyFrame, source: dict[str, Any]) -> list[str]:
        """Save a frame as Parquet, which holds its provenance, and as CSV.

        In the CSV, a text that a spreadsheet would take for a formula is saved as text, without
        control and direction marks.
        """
        import polars as pl
        from polars.exceptions import PolarsError

        about = {"sifrules": json.dumps(source, ensure_ascii=False, sort_keys=True)}
        texts = pl.selectors.string().str.replace(_FORMULA, "'${1}").str.replace_all(_MARKS, " ")
        try:
            self.write(f"{name}.parquet", lambda to: frame.sink_parquet(to, metadata=about))
            self.write(f"{name}.csv", frame.with_columns(texts).sink_csv)
        except PolarsError as error:  # what the system refuses, it reports in words of its own
            raise SifError(
                f"cannot write {name} to {self.path}: {error}",
                fix="see that there is room, or name another folder",
            ) from None
        return [f"{name}.parquet", f"{name}.csv"]

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
        beside = to.with_name(f".{to.name}.tmp")
        try:
            with self.refusing():
                write(beside)
                os.replace(beside, to)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """What the system refuses is reported as a user's mistake."""
        try:
            yield
        except OSError as error:
            raise SifError(
                f"cannot write results to {self.path}: {error.strerror or error}",
                fix="name a folder that can be written",
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
