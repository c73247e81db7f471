"""Reproducing (återskapa) saved results: run again, and compare every figure.

Figures are the same or they are not: nothing is rounded before it is compared. What a run depends
on (versions, plugins, the scenario) may be another than it was; that is said, and is no
difference of a figure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from attrs import frozen

from sifrules.errors import SifError
from sifrules.plugin.registry import Registry
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.results import table_files
from sifrules_simulation.results.manifest import (
    EXPLORATION,
    MANIFEST,
    SURFACE,
    Manifest,
    differences,
    manifest_in,
)
from sifrules_simulation.runs.explore import run_plan
from sifrules_simulation.runs.explore_plan import read_plan
from sifrules_simulation.runs.request import RunRequest
from sifrules_simulation.runs.run import run, saved_run
from sifrules_simulation.runs.surface import SurfaceRequest, WriteSurface, run_surface

if TYPE_CHECKING:
    import polars as pl

#: Columns of tables that say what a row depends on, and are no figures.
_NO_FIGURES = ("version", "policy_hash", "plugins_hash", "scenario_hash")
#: Parts of plain data that are of the run and not of its result.
_OF_THE_RUN = (
    "about",
    "provenance",
    "python",
    "system",
    "cores",
    "minutes",
    "command",
    "environment",
)


@frozen(kw_only=True)
class Difference:
    """A figure that is another than it was: where it stands, then and now."""

    table: str
    row: int | str
    column: str
    then: Any
    now: Any


@frozen(kw_only=True)
class Reproduction:
    """What came of running again: how many figures were compared, and which of them differ.

    ``depends`` says what the results depend on that is no longer what it was.
    """

    figures: int
    differences: tuple[Difference, ...]
    depends: tuple[Message, ...] = ()

    @property
    def same(self) -> bool:
        """Whether every figure is the same."""
        return not self.differences


def reproduce(
    registry: Registry,
    path: Path,
    *,
    jobs: int | None = None,
    lang: Language = "en",
    write_surface: WriteSurface,
) -> Reproduction:
    """Run what a folder holds the results of once more, elsewhere, and compare.

    Raises `SifError` where the folder holds no finished run, or one that was asked for in Python.
    """
    if manifest_in(path) is None:
        raise SifError(
            Message("reproduce.nothing", path=path), fix=Message("results.name_run_folder")
        )
    before = saved_run(path)
    if not before.finished:
        raise SifError(
            Message("reproduce.unfinished", path=path),
            fix=Message("reproduce.resume_first", path=path),
        )
    if before.asked.get("in_python") or (
        before.kind == EXPLORATION and not before.asked.get("plan")
    ):
        raise SifError(Message("reproduce.in_python", path=path))
    there = path.absolute()
    with TemporaryDirectory() as folder:
        again = Path(folder) / "again"
        _run_again(registry, before, again, jobs, lang, write_surface)
        now = manifest_in(again)
        found, figures = _compared(there, again)
        depends = differences(before.plan, now.plan) if now is not None else []
    return Reproduction(figures=figures, differences=tuple(found), depends=tuple(depends))


def _run_again(
    registry: Registry,
    before: Manifest,
    again: Path,
    jobs: int | None,
    lang: Language,
    write_surface: WriteSurface,
) -> None:
    place = Path(str(before.asked.get("place", ".")))
    with chdir(place) if place.is_dir() else nullcontext():
        if before.kind == EXPLORATION:
            plan = read_plan(Path(str(before.asked["plan"]))).plan(
                registry, before.asked.get("tables", ())
            )
            run_plan(
                registry, plan, jobs=jobs, out=again, asked=before.asked, lang=lang, shown=True
            )
            return
        if before.kind == SURFACE:
            surface = SurfaceRequest(**before.asked)
            run_surface(registry, surface, again, jobs=jobs, write=write_surface)
            return
        request = RunRequest(**{**before.asked, "kind": before.kind})
        run(registry, request, again, jobs=jobs)


# --- comparing ------------------------------------------------------------------------


def _compared(then: Path, now: Path) -> tuple[list[Difference], int]:
    """The figures that differ in the tables and the plain data of two folders.

    A table or a file that only one of them has is a difference, too.
    """
    found: list[Difference] = []
    figures = 0
    for what, names in (
        ("table", [each.name for each in table_files.listed(now)]),
        ("file", _data_in(now)),
    ):
        found += (
            Difference(table=Path(name).stem, row="", column="", then=None, now=what)
            for name in names
            if not (then / name).is_file()
        )
    for file in table_files.listed(then):
        if not (now / file.name).is_file():
            found.append(Difference(table=file.stem, row="", column="", then="table", now=None))
            continue
        before, after = table_files.read(file), table_files.read(now / file.name)
        figures += sum(len(before) for name in before.columns if name not in _NO_FIGURES)
        found += _of_tables(file.stem, before, after)
    for file in (then / name for name in _data_in(then)):
        if not (now / file.name).is_file():
            found.append(Difference(table=file.stem, row="", column="", then="file", now=None))
            continue
        old, new = (json.loads((each / file.name).read_text("utf-8")) for each in (then, now))
        more, count = of_data(file.name, old, new)
        found += more
        figures += count
    return found, figures


def _data_in(folder: Path) -> list[str]:
    """The files of plain data that hold figures."""
    of_the_run = (MANIFEST, "provenance.json")
    return sorted(file.name for file in folder.glob("*.json") if file.name not in of_the_run)


def _of_tables(name: str, then: pl.DataFrame, now: pl.DataFrame) -> Iterator[Difference]:
    """The cells of a table that differ; one line where its rows or columns do."""
    columns = [each for each in then.columns if each not in _NO_FIGURES]
    there = [each for each in now.columns if each not in _NO_FIGURES]
    if columns != there or len(then) != len(now):
        shape = (f"{len(then)} × {len(columns)}", f"{len(now)} × {len(there)}")
        yield Difference(table=name, row="", column="", then=shape[0], now=shape[1])
        return
    for column in columns:
        differs = then[column].ne_missing(now[column]).arg_true()
        for row in differs.to_list():
            yield Difference(
                table=name, row=row, column=column, then=then[column][row], now=now[column][row]
            )


def of_data(name: str, then: Any, now: Any) -> tuple[list[Difference], int]:
    """The leaves of plain data that differ, but for what is of the run itself, and their count.

    >>> found, count = of_data("study", {"share": 0.5, "minutes": 3}, {"share": 0.6, "minutes": 4})
    >>> [(each.column, each.then, each.now) for each in found], count
    ([('share', 0.5, 0.6)], 1)
    """
    old, new = dict(_leaves(then)), dict(_leaves(now))
    found = [
        Difference(table=name, row="", column=at, then=old.get(at), now=new.get(at))
        for at in dict.fromkeys((*old, *new))
        if old.get(at) != new.get(at)
    ]
    return found, len(old)


def _leaves(data: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(data, Mapping):
        for key, each in data.items():
            if key not in _OF_THE_RUN:
                yield from _leaves(each, f"{above}.{key}" if above else str(key))
    elif isinstance(data, Sequence) and not isinstance(data, str):
        for at, each in enumerate(data):
            yield from _leaves(each, f"{above}[{at}]")
    else:
        yield above, data
