"""Temporary folders (tillfälliga mappar) that do not stay behind, however a process ends."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "sifrules-"
#: The file that is locked while its folder is in use; the system lets go of it with the process.
_LOCK = "lock"
#: How many seconds old a folder is before somebody else may take it for left behind.
_YOUNG = 60.0


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new folder, removed at the end; those that killed processes left are removed first."""
    from filelock import FileLock

    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another user's, or gone already
            _remove_if_left(folder)
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as place, FileLock(Path(place) / _LOCK):
        used = Path(place) / "used"
        used.mkdir()
        yield used


def _remove_if_left(folder: Path) -> None:
    from filelock import FileLock, Timeout

    lock = folder / _LOCK
    if folder.is_symlink() or not lock.is_file() or lock.stat().st_mtime > time.time() - _YOUNG:
        return
    with suppress(Timeout), FileLock(lock, timeout=0):
        shutil.rmtree(folder, ignore_errors=True)
