"""How much of the machine a query may take (gränser): memory, and disk to sort and join on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from attrs import frozen

#: A query may take this share of the memory that duckdb would take, four fifths of the machine's.
_OF_MEMORY = 0.25
#: And this share of what is free on the disk of temporary files.
_OF_DISK = 0.5
#: So much memory more may be reserved before the system refuses it: that of code and of threads.
_RESERVED = 2**30
_SIZE = re.compile(r"([\d.]+) *(KiB|MiB|GiB|TiB|bytes)")
_BYTES = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


@frozen
class QueryLimits:
    """The most memory and disk that a query may take, in bytes."""

    memory: int
    disk: int

    @classmethod
    def of_machine(cls, connection: Any, spill: Path) -> QueryLimits:
        """Those of this machine, which duckdb knows, and of the disk of a folder."""
        reported = connection.execute("SELECT current_setting('memory_limit')").fetchone()[0]
        number, unit = _SIZE.fullmatch(reported).groups()  # type: ignore[union-attr]  # as it always is
        whole = float(number) * _BYTES[unit]
        return cls(int(_OF_MEMORY * whole), int(_OF_DISK * shutil.disk_usage(spill).free))

    def set_in(self, connection: Any) -> None:
        """Have duckdb keep to them."""
        connection.execute(f"SET memory_limit = '{self.memory // 1000}KB'")
        connection.execute(f"SET max_temp_directory_size = '{self.disk // 1000}KB'")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have the system refuse what duckdb does not count, as one text of a gigabyte.

        Nowhere but where there are such limits: not on Windows.
        """
        try:
            import resource
        except ImportError:
            yield
            return
        before, most = resource.getrlimit(resource.RLIMIT_AS)
        here = _reserved() + self.memory + _RESERVED
        lower = here if most == resource.RLIM_INFINITY else min(here, most)
        if before != resource.RLIM_INFINITY:
            lower = min(lower, before)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (lower, most))
        try:
            yield
        finally:
            with suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_AS, (before, most))


def _reserved() -> int:
    """How much address space this process has by now; beyond all where that is not known."""
    import resource

    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (OSError, ValueError):
        return 2**60
    return pages * resource.getpagesize()


def gigabytes(size: int) -> str:
    """A size as a person reads it.

    >>> gigabytes(4_600_000_000)
    '4.6 GB'
    """
    return f"{size / 1e9:.1f} GB"
