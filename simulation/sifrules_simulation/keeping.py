"""Keeping results (resultatfiler): tidy tables as Parquet and CSV, with where they come from.

Chunks are written as they come, each whole and then renamed; at the end, or when a run
is stopped, they are put together. So nothing finished is lost, and memory does not grow.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from sifrules.errors import SifError
from sifrules_simulation.comparison import Comparison, panel_frame, runs_frame
from sifrules_simulation.describing import described
from sifrules_simulation.experiment import Chunk

if TYPE_CHECKING:
    import polars as pl

    from sifrules_simulation.comparing import Plan

_PARTS = ".parts-"
#: How a text begins that a spreadsheet would take for a formula.
_FORMULA = r"^([=+\-@\t\r])"


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

        In the CSV, a text that a spreadsheet would take for a formula is kept as text.
        """
        import polars as pl

        about = {"sifrules": json.dumps(source, ensure_ascii=False, sort_keys=True)}
        self.write(f"{name}.parquet", lambda to: frame.sink_parquet(to, metadata=about))
        texts = pl.selectors.string().str.replace(_FORMULA, "'${1}")
        self.write(f"{name}.csv", frame.with_columns(texts).sink_csv)
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
        with self.refusing():
            write(beside)
            os.replace(beside, to)

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


@define
class Keeping:
    """The results of a run, kept in a folder."""

    folder: Folder
    plan: Plan
    _kept: bool = field(default=False, init=False)
    _parts: Path = field(init=False)

    def __attrs_post_init__(self) -> None:
        with self.folder.refusing():
            # Each run has its own, so that two runs into one folder do not mix.
            self._parts = Path(tempfile.mkdtemp(prefix=_PARTS, dir=self.folder.path))

    def add(self, chunk: Chunk) -> None:
        """Write a chunk of finished replications, the whole of it before a Ctrl-C is heeded."""
        if not len(chunk.values):
            return
        try:
            self._add(chunk)
        except KeyboardInterrupt:  # polars heeds it by itself, in the middle of a write
            self._add(chunk)
            raise

    def _add(self, chunk: Chunk) -> None:
        experiment, source = self.plan.experiment, self.plan.provenance
        runs = runs_frame(experiment, source, chunk.first, chunk.values)
        panel = panel_frame(experiment, source, chunk.first, chunk.panel)
        for name, frame in (("runs", runs), ("panel", panel)):
            to = f"{self._parts.name}/{name}-{chunk.first:09d}.parquet"
            self.folder.write(to, frame.write_parquet)
        self._kept = True

    def finish(self, comparison: Comparison) -> tuple[str, ...]:
        """Put together what was written, add the summary; the names of the files."""
        import polars as pl

        folder = self.folder
        source = {**comparison.provenance, "replications": comparison.replications}
        about = described(comparison, self.plan.assumed)
        written = [folder.json("comparison.json", {**comparison.as_json(), "about": about})]
        written.append(folder.json("provenance.json", source))
        if self._kept:
            for name in ("runs", "panel"):
                parts = pl.scan_parquet(self._parts / f"{name}-*.parquet")
                written += folder.table(name, parts, source)
        for name, frame in (
            ("summary", comparison.frame),
            ("yearly", comparison.yearly),
            ("balances", comparison.balances),
        ):
            written += folder.table(name, frame.lazy(), source)
        shutil.rmtree(self._parts)
        return tuple(written)
