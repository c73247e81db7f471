"""The store (förrådet): a folder in which a study keeps each piece of work as it is finished.

Beside the pieces stands ``manifest.json``, which says what was asked for and all that the
results hang on. A piece is written whole and then renamed, and it says of which plan it is
and what its numbers add up to: nothing half-written, damaged or foreign is ever counted.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import asdict, define, field, frozen

from sifrules.errors import SifError
from sifrules_simulation.keeping import Folder
from sifrules_simulation.provenance import fingerprint
from sifrules_simulation.study.manifest import Manifest, differences, manifest_in
from sifrules_simulation.study.pieces import Array, Failure, Part, Piece

if TYPE_CHECKING:
    import polars as pl
    from filelock import FileLock

#: Where the pieces are, in the folder of a study.
PIECES = "pieces"
#: The one of its files that a running study holds.
_LOCK = "lock"
_ABOUT = "sifrules"


@define
class Store:
    """Keeps the pieces of one study in a folder, and nobody else's meanwhile.

    ``unreadable`` names the pieces that were there but damaged; they are run again.
    """

    folder: Folder
    manifest: Manifest
    _lock: FileLock
    _plan: str = field(init=False)
    told: Callable[[int], None] = field(default=lambda _: None, init=False)
    unreadable: list[str] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self._plan = plan_of(self.manifest)

    def kept(self, part: Part, count: int) -> dict[int, Piece]:
        """The whole pieces that are kept of a part of so many."""
        found = {}
        for number in range(count):
            file = self.folder.path / _name(part.name, number)
            try:
                piece = _read(file, part, number, self._plan)
            except Unreadable:
                self.unreadable.append(f"{PIECES}/{file.name}")
                continue
            if piece is not None:
                found[number] = piece
        return found

    def keep(self, part: Part, number: int, piece: Piece) -> None:
        """Write a piece, the whole of it before a Ctrl-C is heeded."""
        write = partial(_write, part=part, number=number, piece=piece, plan=self._plan)
        try:
            self.folder.write(_name(part.name, number), write)
        except KeyboardInterrupt:  # polars heeds it by itself, in the middle of a write
            self.folder.write(_name(part.name, number), write)
            raise

    def already(self, count: int) -> None:
        """Tell that so many replications need not be run."""
        self.told(count)

    def finish(self) -> None:
        """The study is done, and its tables written: the pieces have served."""
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
        """Let go of the folder, so that the study can be resumed."""
        self._lock.release()


def opened(path: Path, manifest: Manifest, *, resumed: bool = False) -> Store:
    """The store in a folder: a new one, or the unfinished one of the same plan that is there.

    Raises `SifError` where it holds an unfinished study of another plan, with all that
    differs from what it was when ``resumed``, and where another process is at work there.
    """
    folder = Folder(path)
    with folder.refusing():
        (path / PIECES).mkdir(exist_ok=True)
    lock = _locked(path)
    try:
        before = manifest_in(path)
        if before is not None and not before.finished:
            unlike = differences(before.plan, manifest.plan)
            if unlike:
                raise unlike_before(path, unlike, resumed)
        manifest.write(folder)
    except BaseException:
        lock.release()
        raise
    return Store(folder, manifest, lock)


def unlike_before(path: Path, unlike: Sequence[str], resumed: bool) -> SifError:
    """The error of a study that would not be the same, a line for each thing that differs."""
    told = f"{path} holds an unfinished study of another plan (name another folder):"
    if resumed:
        told = f"the study in {path} cannot be resumed (begin anew in another folder):"
    return SifError("\n".join((told, *unlike)))


def _locked(path: Path) -> FileLock:
    """The lock of a folder; the system lets go of it when the process ends, however it does."""
    from filelock import FileLock, Timeout

    lock, owner = FileLock(path / PIECES / _LOCK, timeout=0), path / PIECES / "process"
    try:
        lock.acquire()
    except Timeout:
        number = owner.read_text("utf-8") if owner.exists() else "another one"
        raise SifError(
            f"a study is being run into {path} already, by process {number}",
            fix="wait for it, or name another folder",
        ) from None
    owner.write_text(str(os.getpid()), "utf-8")
    return lock


# --- pieces as files ------------------------------------------------------------------


class Unreadable(Exception):
    """A piece that is there, and damaged."""


def plan_of(manifest: Manifest) -> str:
    """The fingerprint of a plan, which every piece of it bears."""
    return fingerprint(json.dumps(manifest.plan, sort_keys=True))


@frozen
class About:
    """What a piece says of itself."""

    plan: str
    part: str
    piece: int
    numbers: str
    failure: dict[str, Any] | None


def _name(part: str, number: int) -> str:
    return f"{PIECES}/{part}-{number:07d}.parquet"


def _write(to: Path, part: Part, number: int, piece: Piece, plan: str) -> None:
    frame = _framed(part, number, piece.values)
    failure = asdict(piece.failure) if piece.failure is not None else None
    about = About(plan, part.name, number, _hash(frame), failure)
    frame.write_parquet(to, metadata={_ABOUT: json.dumps(asdict(about), ensure_ascii=False)})


def _framed(part: Part, number: int, values: Array | None) -> pl.DataFrame:
    """A piece as a table: what each row is of, then the numbers."""
    import polars as pl

    rows = part.rows(number)
    keys = list(zip(*product(*rows.values()), strict=True))
    beside = {name: pl.Series(name, key) for name, key in zip(rows, keys, strict=True)}
    flat = values.reshape(-1, len(part.columns)) if values is not None else None
    numbers = {
        name: flat[:, at] if flat is not None else np.full(len(keys[0]), np.nan)
        for at, name in enumerate(part.columns)
    }
    frame = pl.DataFrame({**beside, **numbers}).fill_nan(None)
    return frame if values is not None else frame.clear()


def _hash(frame: pl.DataFrame) -> str:
    """What a table's numbers add up to: a hash that a damaged one no longer has."""
    digest = hashlib.blake2b(digest_size=8)
    for column in frame.iter_columns():
        digest.update(repr((column.name, column.to_list())).encode())
    return digest.hexdigest()


def read_whole(file: Path) -> tuple[pl.DataFrame, About] | None:
    """A piece and what it says of itself; None where there is none, `Unreadable` if damaged."""
    import polars as pl
    from polars.exceptions import PanicException, PolarsError

    if not file.is_file():
        return None
    try:
        about = About(**json.loads(pl.read_parquet_metadata(file)[_ABOUT]))
        frame = pl.read_parquet(file, memory_map=False)
        if _hash(frame) != about.numbers or not (len(frame) or about.failure):
            raise ValueError
    except (OSError, ValueError, TypeError, KeyError, PanicException, PolarsError):
        raise Unreadable from None
    return frame, about


def _read(file: Path, part: Part, number: int, plan: str) -> Piece | None:
    """A piece of this plan; None where there is none."""
    found = read_whole(file)
    if found is None or (found[1].plan, found[1].part, found[1].piece) != (plan, part.name, number):
        return None
    frame, about = found
    if about.failure is not None:
        return Piece(failure=Failure(**about.failure))
    values = frame.select(part.columns).fill_null(np.nan).to_numpy()
    try:
        return Piece(values=np.array(values, dtype=float).reshape(part.shape(number)))
    except ValueError:
        raise Unreadable from None


def failures_frame(failures: tuple[Failure, ...]) -> pl.DataFrame:
    """A row for each replication that failed."""
    import polars as pl

    kinds: Mapping[str, Any] = {
        "part": pl.String,
        "policy": pl.String,
        "draw": pl.Int64,
        "replication": pl.Int64,
        "seed": pl.UInt64,
        "error": pl.String,
        "command": pl.String,
    }
    return pl.DataFrame([asdict(each) for each in failures], schema=dict(kinds))
