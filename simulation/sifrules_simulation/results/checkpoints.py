"""Checkpoints (kontrollpunkter): a folder in which a run saves each batch as it is finished.

Next to the batches is ``manifest.json``, which states what was requested and all that the
results depend on. A batch is written whole and then renamed, and it states of which plan it is
and the hash of its numbers: nothing half-written, damaged or foreign is ever counted.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import asdict, define, field, frozen

from sifrules.errors import SifError
from sifrules.values.messages import Joined, Message, Text
from sifrules_simulation.experiments.batches import BatchResult, BatchSchema, Failure, Values
from sifrules_simulation.model.fingerprints import fingerprint
from sifrules_simulation.results import table_files
from sifrules_simulation.results.contents import names_of, refuse_overwriting
from sifrules_simulation.results.folder import ResultsFolder
from sifrules_simulation.results.manifest import Manifest, differences, manifest_in

if TYPE_CHECKING:
    import polars as pl
    from filelock import FileLock

#: Where the pieces are, in a folder of results.
PIECES = "pieces"
#: The one of its files that is held while it runs.
_LOCK = "lock"
#: The one that names the process that holds it.
_OWNER = "process"
_ABOUT = "sifrules"


@define
class CheckpointStore:
    """Saves the batches of one run in a folder, and nobody else's meanwhile.

    ``unreadable`` names the batches that were there but damaged; they are run again.
    """

    folder: ResultsFolder
    manifest: Manifest
    _lock: FileLock
    _plan: str = field(init=False)
    report_saved: Callable[[int], None] = field(default=lambda _: None, init=False)
    unreadable: list[str] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self._plan = plan_of(self.manifest)

    def load(self, schema: BatchSchema[Values], number: int) -> BatchResult[Values] | None:
        """A batch that is saved whole; None where it is to be run."""
        file = self.file(schema, number)
        try:
            return _read(file, schema, number, self._plan)
        except Unreadable:
            self.unreadable.append(f"{PIECES}/{file.name}")
            return None

    def file(self, schema: BatchSchema[Any], number: int) -> Path:
        """Where a batch is, or would be."""
        return self.folder.path / _name(schema.name, number)

    def save(self, schema: BatchSchema[Values], number: int, result: BatchResult[Values]) -> None:
        """Write a batch, the whole of it before a Ctrl-C is heeded."""
        write = partial(_write, schema=schema, number=number, result=result, plan=self._plan)
        try:
            self.folder.write(_name(schema.name, number), write)
        except KeyboardInterrupt:  # polars heeds it by itself, in the middle of a write
            self.folder.write(_name(schema.name, number), write)
            raise

    def already(self, count: int) -> None:
        """Report that so many replications need not be run."""
        self.report_saved(count)

    def finish(self) -> None:
        """The run is done, and its tables written: its batches are no longer needed."""
        self.manifest.write(self.folder, finished=True)
        place = self.folder.path / PIECES
        with self.folder.refusing():
            for file in place.iterdir():
                if file.name != _LOCK:
                    file.unlink()
        self._lock.release()
        with suppress(OSError):  # it may be another's already
            (place / _LOCK).unlink(missing_ok=True)
            place.rmdir()

    def leave(self) -> None:
        """Let go of the folder, so that the run can be resumed."""
        self._lock.release()


def opened(
    path: Path, manifest: Manifest, *, resumed: bool = False, force: bool = False
) -> CheckpointStore:
    """The store in a folder: a new one, or the one of the same plan that is there.

    Raises `SifError` where it holds a run of another plan, finished or not, with all that differs
    from what it was when ``resumed``, where it holds a run of another kind, or files that are of
    no run, and where another process is at work there. With ``force`` only the last: what an
    earlier run left is taken out.
    """
    folder = ResultsFolder(path)
    begun = (path / PIECES).exists()
    with folder.refusing():
        (path / PIECES).mkdir(exist_ok=True)
    with folder.refusing():
        lock = _locked(path)
    try:
        before = manifest_in(path)
        if force:
            _take_out(folder, before, manifest)
        else:
            _refuse_others(path, before, manifest, resumed)
        manifest.write(folder)
    except BaseException:
        lock.release()
        if not begun:
            _remove_own(path / PIECES)
        raise
    return CheckpointStore(folder, manifest, lock)


def _refuse_others(path: Path, before: Manifest | None, manifest: Manifest, resumed: bool) -> None:
    """Raise `SifError` where a folder holds anything but this run."""
    if before is None:
        refuse_overwriting(path, names_of(manifest.kind))
        return
    if before.kind != manifest.kind:
        raise SifError(
            Message("results.other_command", path=path, kind=before.kind),
            fix=Message("results.other_folder_or_force"),
        )
    unlike = differences(before.plan, manifest.plan)
    if unlike:
        raise unlike_before(path, unlike, resumed, before.finished)


def _take_out(folder: ResultsFolder, before: Manifest | None, manifest: Manifest) -> None:
    """Remove what a run that was not this one left in a folder."""
    if before is None or (before.kind, before.plan) == (manifest.kind, manifest.plan):
        return
    batches = table_files.listed(folder.path / PIECES)
    folder.without(*names_of(before.kind), *(f"{PIECES}/{each.name}" for each in batches))


def _remove_own(place: Path) -> None:
    """Remove the folder of batches that was made for a run that is refused."""
    with suppress(OSError):  # it may be another's already
        for name in (_LOCK, _OWNER):
            (place / name).unlink(missing_ok=True)
        place.rmdir()


def unlike_before(
    path: Path, unlike: Sequence[Text], resumed: bool, finished: bool = False
) -> SifError:
    """The error of a run that would not be the same, a line for each thing that differs."""
    what = Message("results.unfinished_other_plan", path=path)
    if finished:
        what = Message("results.finished_other_plan", path=path)
    if resumed:
        what = Message("results.not_resumable", path=path)
    return SifError(Joined((what, *unlike), "\n"))


def _locked(path: Path) -> FileLock:
    """The lock of a folder; the system lets go of it when the process ends, however it does."""
    from filelock import FileLock, Timeout

    lock, owner = FileLock(path / PIECES / _LOCK, timeout=0), path / PIECES / _OWNER
    try:
        lock.acquire()
    except Timeout:
        number = owner.read_text("utf-8") if owner.exists() else Message("checkpoints.another")
        raise SifError(
            Message("checkpoints.locked", path=path, number=number),
            fix=Message("checkpoints.wait"),
        ) from None
    owner.write_text(str(os.getpid()), "utf-8")
    return lock


# --- batches as files ------------------------------------------------------------------


class Unreadable(Exception):
    """A batch that is there, and damaged."""


def plan_of(manifest: Manifest) -> str:
    """The fingerprint of a plan, which every batch of it states."""
    return fingerprint(json.dumps(manifest.plan, sort_keys=True))


@frozen
class About:
    """What a batch states of itself."""

    plan: str
    part: str
    piece: int
    numbers: str
    failures: list[dict[str, Any]]


def _name(part: str, number: int) -> str:
    return f"{PIECES}/{table_files.file_of(f'{part}-{number:07d}')}"


def _write(
    to: Path, schema: BatchSchema[Values], number: int, result: BatchResult[Values], plan: str
) -> None:
    frame = schema.framed(number, result.values)
    failures = [asdict(each) for each in result.failures]
    about = About(plan, schema.name, number, _hash(frame), failures)
    stated = json.dumps(asdict(about), ensure_ascii=False)
    table_files.write(frame, to, {_ABOUT: stated})


def _hash(frame: pl.DataFrame) -> str:
    """What a table's numbers add up to: a hash that a damaged one no longer has."""
    digest = hashlib.blake2b(digest_size=8)
    for column in frame.iter_columns():
        while column.dtype.is_nested():
            column = column.explode()
        numeric = column.dtype.is_numeric()
        values = column.to_numpy().tobytes() if numeric else repr(column.to_list()).encode()
        digest.update(repr((column.name, len(column), column.null_count())).encode() + values)
    return digest.hexdigest()


def read_whole(file: Path) -> tuple[pl.DataFrame, About] | None:
    """A batch and what it states of itself; None where there is none, `Unreadable` if damaged."""
    from polars.exceptions import PanicException, PolarsError

    if not file.is_file():
        return None
    try:
        about = About(**json.loads(table_files.metadata(file)[_ABOUT]))
        frame = table_files.read(file)
        if _hash(frame) != about.numbers or not (len(frame) or about.failures):
            raise ValueError
    except (OSError, ValueError, TypeError, KeyError, PanicException, PolarsError):
        raise Unreadable from None
    return frame, about


def _read(
    file: Path, schema: BatchSchema[Values], number: int, plan: str
) -> BatchResult[Values] | None:
    """A batch of this plan; None where there is none."""
    found = read_whole(file)
    if found is None or (found[1].plan, found[1].part, found[1].piece) != (
        plan,
        schema.name,
        number,
    ):
        return None
    frame, about = found
    failures = tuple(Failure(**each) for each in about.failures)
    if not len(frame):
        return BatchResult(failures=failures)
    try:
        return BatchResult(values=schema.read(number, frame), failures=failures)
    except ValueError:
        raise Unreadable from None
