"""What a folder of results holds (resultat), finished or not, read bit by bit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules_simulation.experiments.defaults import BLOCK
from sifrules_simulation.results import table_files
from sifrules_simulation.results.manifest import STUDY, Manifest, manifest_in, refuse_exploration
from sifrules_simulation.results.tables import DRAWS, REPLICATIONS, pieces_in
from sifrules_simulation.statistics.estimates import Estimate
from sifrules_simulation.statistics.intervals import CONFIDENCE
from sifrules_simulation.statistics.sequential import FIRST, level_of

if TYPE_CHECKING:
    import polars as pl

#: The columns of a saved table that tell rows apart, or are where they come from.
_KEYS = frozenset({"policy", "replication", "draw", "return_flow"})


@frozen(kw_only=True)
class Row:
    """A measure of a policy: its mean in a comparison, in a study that of each arm and the step."""

    policy: str
    measure: str
    estimates: Mapping[str, Estimate]

    def as_json(self) -> dict[str, Any]:
        """The row as plain data."""
        row: dict[str, Any] = {"policy": self.policy, "measure": self.measure}
        for name, each in self.estimates.items():
            row |= {name: each.mean, f"{name}_low": each.low, f"{name}_high": each.high}
        return {**row, "count": max(each.count for each in self.estimates.values())}


@frozen(kw_only=True)
class Results:
    """What a folder holds: a ``study`` or a ``comparison``, and how far it came.

    ``pieces`` counts the pieces of each part that an unfinished one holds, ``count`` the draws
    or replications there are, of so many ``asked`` for where that is known. ``failed`` counts
    draws that failed; ``unreadable`` names files that are damaged and left out. Where it stops
    by ``precision``, no more than what is asked for is done, and intervals allow for the looks.
    """

    kind: str
    finished: bool
    count: int
    asked: int | None
    rows: tuple[Row, ...]
    pieces: Mapping[str, int] = field(factory=dict)
    failed: int = 0
    unreadable: tuple[str, ...] = ()
    precision: tuple[str, float] | None = None
    level: float = CONFIDENCE

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "kind": self.kind,
            "finished": self.finished,
            "count": self.count,
            "asked": self.asked,
            "failed": self.failed,
            "precision": list(self.precision) if self.precision else None,
            "level": self.level,
            "pieces": dict(self.pieces),
            "unreadable": list(self.unreadable),
            "rows": [row.as_json() for row in self.rows],
        }


def results(path: Path) -> Results:
    """What a folder holds; `SifError` where that is neither a study nor a comparison."""
    from polars.exceptions import PolarsError

    try:
        return _looked_at(_results(path), path)
    except (OSError, PolarsError) as error:  # as where a run ends in the middle of the reading
        raise SifError(
            Message("results.damaged", path=path, error=error), fix=Message("results.try_again")
        ) from None


def _results(path: Path) -> Results:
    manifest = manifest_in(path)
    refuse_exploration(path, manifest)
    if manifest is not None and not manifest.finished:
        return _unfinished(path, manifest)
    for run in (_STUDY, _COMPARISON):
        if (path / f"{run.kind}.json").exists():
            return _finished(path, run, manifest)
    raise SifError(
        Message("results.none_there", path=path),
        fix=Message("results.name_run_folder"),
    )


def _unfinished(path: Path, manifest: Manifest) -> Results:
    """What the pieces come to that an unfinished run has saved of its main part."""
    run = _STUDY if manifest.kind == STUDY else _COMPARISON
    pieces = pieces_in(path, manifest)
    count, rows = run.read(list(pieces.files.get(run.main, ())))
    return Results(
        kind=run.kind,
        finished=False,
        count=count,
        asked=manifest.plan[run.asked],
        rows=rows,
        pieces=pieces.counts,
        failed=sum(each.part == run.main for each in pieces.failures),
        unreadable=pieces.unreadable,
    )


def _looked_at(found: Results, path: Path) -> Results:
    """The same with intervals that allow for the looks, where a run stops by precision."""
    manifest = manifest_in(path)
    asked = manifest.plan.get("precision") if manifest is not None else None
    if asked is None or found.asked is None:
        return found
    first = BLOCK if found.kind == "study" else FIRST
    level = level_of(found.count + found.failed, found.asked, first)
    if found.finished:  # what failed with its process is not counted one by one: it is reported
        with suppress(ValueError, KeyError, TypeError):
            saved = json.loads((path / f"{found.kind}.json").read_text("utf-8"))
            level = float(saved["precision"]["level"])
    rows = tuple(
        evolve(row, estimates={name: each.at(level) for name, each in row.estimates.items()})
        for row in found.rows
    )
    return evolve(found, rows=rows, precision=(str(asked[0]), float(asked[1])), level=level)


def _finished(path: Path, run: _Run, manifest: Manifest | None) -> Results:
    """What the tables of a finished run come to."""
    files, unreadable = _readable(path, [path / table_files.file_of("runs")])
    failed, lost = _failed(path, run.main)
    count, rows = run.read(files)
    return Results(
        kind=run.kind,
        finished=True,
        count=count,
        asked=manifest.plan[run.asked] if manifest is not None else None,
        rows=rows,
        failed=failed,
        unreadable=(*unreadable, *lost),
    )


def _failed(path: Path, part: str) -> tuple[int, tuple[str, ...]]:
    """How many failures are saved of a part; and the file's name where it is damaged."""
    import polars as pl

    files, unreadable = _readable(path, [path / table_files.file_of("failures")])
    frames = [table_files.scan(file).filter(part=part).select(pl.len()) for file in files]
    return sum(_collected(frame).item() for frame in frames), unreadable


def _readable(path: Path, files: Iterable[Path]) -> tuple[list[Path], tuple[str, ...]]:
    """Those of some files that are there and can be read, and the names of the damaged ones."""
    import polars as pl
    from polars.exceptions import PanicException, PolarsError

    good, bad = [], []
    for file in files:
        if not file.is_file():
            continue
        try:
            _collected(table_files.scan(file).select(pl.all().count()))
        except (OSError, PanicException, PolarsError):
            bad.append(str(file.relative_to(path)))
            continue
        good.append(file)
    return good, tuple(bad)


def _collected(frame: pl.LazyFrame) -> pl.DataFrame:
    """What comes of a plan, worked out bit by bit: memory does not grow with the files."""
    return frame.collect(engine="streaming")


def _measures(frame: pl.LazyFrame) -> list[str]:
    """The columns that are measures: the numbers but for what tells rows apart."""
    import polars as pl

    schema = frame.collect_schema()
    return [name for name, kind in schema.items() if kind == pl.Float64 and name not in _KEYS]


def _of_replications(files: list[Path]) -> tuple[int, tuple[Row, ...]]:
    """How many replications there are, and the mean of each measure over them."""
    import polars as pl

    if not files:
        return 0, ()
    frame = table_files.scan(files)
    count = _collected(frame.select(pl.col("replication").n_unique())).item()
    return count, _rows(frame, _measures(frame), {"mean": lambda name: pl.col(name)})


def _of_draws(files: list[Path]) -> tuple[int, tuple[Row, ...]]:
    """How many draws there are; of each measure with, without and their difference.

    Means of each draw, then over draws.
    """
    import polars as pl

    if not files:
        return 0, ()
    frame = table_files.scan(files)
    measures = _measures(frame)

    def arm(name: str, which: str) -> pl.Expr:
        return pl.col(name).filter(pl.col("return_flow") == which)

    worlds = frame.group_by("policy", "draw", "replication").agg(
        each
        for name in measures
        for each in (
            arm(name, "with").first().alias(f"{name}_with"),
            arm(name, "without").first().alias(f"{name}_without"),
            (arm(name, "without").first() - arm(name, "with").first()).alias(f"{name}_step"),
        )
    )
    draws = worlds.group_by("policy", "draw").agg(pl.selectors.float().mean())
    count = _collected(frame.select(pl.col("draw").n_unique())).item()
    return count, _rows(
        draws,
        measures,
        {
            "with": lambda name: pl.col(f"{name}_with"),
            "without": lambda name: pl.col(f"{name}_without"),
            "difference": lambda name: pl.col(f"{name}_step"),
        },
    )


def _rows(
    frame: pl.LazyFrame, measures: Sequence[str], what: Mapping[str, Callable[[str], pl.Expr]]
) -> tuple[Row, ...]:
    """A row for each policy and measure, of the rows of a frame."""
    sums = [
        each
        for name in measures
        for key, of in what.items()
        for each in (
            of(name).mean().alias(f"{name} {key} mean"),
            of(name).std().alias(f"{name} {key} spread"),
            of(name).count().alias(f"{name} {key} count"),
        )
    ]
    found = _collected(frame.group_by("policy").agg(sums)).sort("policy")
    return tuple(
        Row(
            policy=row["policy"],
            measure=name,
            estimates={key: _estimate(row, f"{name} {key}") for key in what},
        )
        for row in found.iter_rows(named=True)
        for name in measures
    )


def _estimate(row: Mapping[str, Any], of: str) -> Estimate:
    mean, spread, count = (row[f"{of} {each}"] for each in ("mean", "spread", "count"))
    error = None if spread is None else spread / count**0.5
    return Estimate.of_mean(mean, error, count)


@frozen
class _Run:
    """What a run is called, the part that results are of, what of it is asked for, who reads it."""

    kind: str
    main: str
    asked: str
    read: Callable[[list[Path]], tuple[int, tuple[Row, ...]]]


_STUDY = _Run("study", DRAWS, "draws", _of_draws)
_COMPARISON = _Run("comparison", REPLICATIONS, "replications", _of_replications)
