"""Keeping results (resultatfiler): tidy tables as Parquet and CSV, with where they come from.

Every file is written whole and then renamed. What is large is put together out of the
chunks that a run kept as it went, bit by bit: memory does not grow with it.
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
from sifrules_simulation.chunks import LISTS, PANEL, PANEL_COLUMNS
from sifrules_simulation.comparison import Comparison, beside
from sifrules_simulation.describing import described
from sifrules_simulation.pieces import Failure

if TYPE_CHECKING:
    import polars as pl

    from sifrules_simulation.comparing import Plan

#: How a table is kept.
_KINDS = ("parquet", "csv")
#: How a text begins that a spreadsheet would take for a formula.
_FORMULA = r"^([=+\-@\t\r])"
#: Control and direction marks, which could make a text read as something else.
_MARKS = r"[\p{Cc}\p{Cf}]"


@frozen
class Folder:
    """A folder that results are kept in; each file is written whole and then put there.

    Raises `SifError` at once where the folder cannot be made or written.
    """

    path: Path

    def __attrs_post_init__(self) -> None:
        with self.refusing():
            self.path.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=self.path).close()

    def table(self, name: str, frame: pl.LazyFrame, source: dict[str, Any]) -> list[str]:
        """Keep a frame as Parquet, which says where it comes from, and as CSV.

        In the CSV, a text that a spreadsheet would take for a formula is kept as text, without
        control and direction marks.
        """
        import polars as pl
        from polars.exceptions import PolarsError

        about = {"sifrules": json.dumps(source, ensure_ascii=False, sort_keys=True)}
        texts = pl.selectors.string().str.replace(_FORMULA, "'${1}").str.replace_all(_MARKS, " ")
        try:
            self.write(f"{name}.parquet", lambda to: frame.sink_parquet(to, metadata=about))
            self.write(f"{name}.csv", frame.with_columns(texts).sink_csv)
        except PolarsError as error:  # what the system refuses, it tells in words of its own
            raise SifError(
                f"cannot write {name} to {self.path}: {error}",
                fix="see that there is room, or name another folder",
            ) from None
        return [f"{name}.parquet", f"{name}.csv"]

    def json(self, name: str, data: dict[str, Any]) -> str:
        """Keep plain data."""
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
        self.write(name, lambda to: to.write_text(text, "utf-8"))
        return name

    def without(self, *names: str) -> None:
        """Take out files that an earlier run may have left."""
        with self.refusing():
            for name in names:
                (self.path / name).unlink(missing_ok=True)

    def write(self, name: str, write: Callable[[Path], object]) -> None:
        """Write a file whole beside its place, then put it there."""
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
        """What the system refuses is told as a user's mistake."""
        try:
            yield
        except OSError as error:
            raise SifError(
                f"cannot write results to {self.path}: {error.strerror or error}",
                fix="name a folder that can be written",
            ) from None


def keep(folder: Folder, plan: Plan, comparison: Comparison, chunks: list[Path]) -> tuple[str, ...]:
    """Keep a comparison: what it came to, and every replication out of its chunks' tables.

    Gives back the names of the files.
    """
    import polars as pl

    source = {**comparison.provenance, "replications": comparison.replications}
    about = described(comparison, plan.assumed)
    written = [folder.json("comparison.json", {**comparison.as_json(), "about": about})]
    written.append(folder.json("provenance.json", source))
    if comparison.replications:
        lived = pl.scan_parquet(chunks)
        written += folder.table("runs", runs_table(lived, source), source)
        written += folder.table("panel", panel_table(lived, plan.experiment.years, source), source)
    else:
        folder.without(*(f"{name}.{kind}" for name in ("runs", "panel") for kind in _KINDS))
    for name, frame in (
        ("summary", comparison.frame),
        ("yearly", comparison.yearly),
        ("balances", comparison.balances),
        ("committees", comparison.committees),
    ):
        written += folder.table(name, frame.lazy(), source)
    return (*written, *keep_failures(folder, comparison.failures, source))


def keep_failures(
    folder: Folder, failures: Sequence[Failure], source: dict[str, Any]
) -> tuple[str, ...]:
    """Keep a row for each replication that failed; no file where none did."""
    if failures:
        return tuple(folder.table("failures", failures_frame(failures).lazy(), source))
    folder.without(*(f"failures.{kind}" for kind in _KINDS))
    return ()


def runs_table(lived: pl.LazyFrame, source: dict[str, Any]) -> pl.LazyFrame:
    """A row for each policy and replication, every measure a column, with what it hangs on."""
    import polars as pl

    return lived.select(pl.exclude(LISTS)).with_columns(**beside(source))


def panel_table(lived: pl.LazyFrame, years: int, source: dict[str, Any]) -> pl.LazyFrame:
    """A row for each policy, replication and year, with what it hangs on."""
    import polars as pl

    columns = [pl.col(each).alias(name) for each, name in zip(PANEL_COLUMNS, PANEL, strict=True)]
    year = pl.int_ranges(pl.lit(1), pl.lit(years + 1), dtype=pl.Int64).alias("year")
    hangs_on = {name: each for name, each in beside(source).items() if name != "years"}
    by_year = lived.select("policy", "replication", year, *columns).explode("year", *PANEL)
    return by_year.with_columns(**hangs_on)


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
