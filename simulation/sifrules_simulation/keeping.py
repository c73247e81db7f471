"""Keeping results (resultatfiler): tidy tables as Parquet and CSV, with where they come from.

Chunks are written as they come, each whole and then renamed; at the end, or when a run
is stopped, they are put together. So nothing finished is lost, and memory does not grow.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define, field

from sifrules.errors import SifError
from sifrules_simulation.comparison import Comparison, panel_frame, runs_frame
from sifrules_simulation.experiment import Chunk

if TYPE_CHECKING:
    import polars as pl

    from sifrules_simulation.comparing import Plan

_PARTS = ".parts-"


@define
class Keeping:
    """A folder that a run's results are kept in.

    Raises `SifError` at once where the folder cannot be made or written.
    """

    folder: Path
    plan: Plan
    _count: int = field(default=0, init=False)
    _parts: Path = field(init=False)

    def __attrs_post_init__(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # Each run has its own, so that two runs into one folder do not mix.
            self._parts = Path(tempfile.mkdtemp(prefix=_PARTS, dir=self.folder))
        except OSError as error:
            raise _refused(self.folder, error) from None

    def add(self, chunk: Chunk) -> None:
        """Write a chunk of finished replications."""
        if not len(chunk.values):
            return
        experiment, source = self.plan.experiment, self.plan.provenance
        runs = runs_frame(experiment, source, chunk.first, chunk.values)
        panel = panel_frame(experiment, source, chunk.first, chunk.panel)
        for name, frame in (("runs", runs), ("panel", panel)):
            to = self._parts / f"{name}-{self._count:06d}.parquet"
            self._write(to, frame.write_parquet)
        self._count += 1

    def finish(self, comparison: Comparison) -> tuple[str, ...]:
        """Put together what was written, add the summary; the names of the files."""
        import polars as pl

        source = {**comparison.provenance, "replications": comparison.replications}
        written = [self._json("comparison.json", comparison.as_json())]
        written.append(self._json("provenance.json", source))
        if self._count:
            for name in ("runs", "panel"):
                parts = pl.scan_parquet(self._parts / f"{name}-*.parquet")
                written += self._both(name, parts, source)
        for name, frame in (
            ("summary", comparison.frame),
            ("yearly", comparison.yearly),
            ("balances", comparison.balances),
        ):
            written += self._both(name, frame.lazy(), source)
        shutil.rmtree(self._parts)
        return tuple(written)

    def _both(self, name: str, frame: pl.LazyFrame, source: dict[str, Any]) -> list[str]:
        about = {"sifrules": json.dumps(source, ensure_ascii=False, sort_keys=True)}
        self._write(
            self.folder / f"{name}.parquet", lambda to: frame.sink_parquet(to, metadata=about)
        )
        self._write(self.folder / f"{name}.csv", frame.sink_csv)
        return [f"{name}.parquet", f"{name}.csv"]

    def _json(self, name: str, data: dict[str, Any]) -> str:
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
        self._write(self.folder / name, lambda to: to.write_text(text, "utf-8"))
        return name

    def _write(self, to: Path, write: Callable[[Path], object]) -> None:
        """Write a file whole beside its place, then put it there."""
        beside = to.with_name(f".{to.name}.tmp")
        try:
            write(beside)
            os.replace(beside, to)
        except OSError as error:
            raise _refused(self.folder, error) from None


def _refused(folder: Path, error: OSError) -> SifError:
    return SifError(
        f"cannot write results to {folder}: {error.strerror or error}",
        fix="name a folder that can be written",
    )
