"""Progress of a run (förlopp): a bar on a terminal, a line a minute elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from attrs import define, field

from sifrules_simulation.execution.dispatch import cores

if TYPE_CHECKING:
    from rich.progress import TaskID

#: Called with how many replications were finished.
Progress = Callable[[int], None]
#: How many seconds there are at least between two lines.
SELDOM = 60.0


@define
class Meter:
    """Counts what is finished, of so much in all, and what was saved before."""

    total: int
    what: str
    jobs: int
    _clock: Callable[[], float] = time.monotonic
    _bar: Any = None
    _task: TaskID | None = None
    _lines: bool = False
    _began: float = field(init=False)
    _told: float = field(init=False)
    done: int = field(default=0, init=False)
    kept: int = field(default=0, init=False)
    spoke: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self._began = self._told = self._clock()

    def __call__(self, count: int) -> None:
        """So many were finished now."""
        self.done += count
        self._moved(count)

    def already(self, count: int) -> None:
        """So many were saved before, which says nothing of the pace."""
        self.kept += count
        self._moved(count)

    def _moved(self, count: int) -> None:
        if self._bar is not None:
            self._bar.advance(self._task, count)
        if self._lines and self._clock() - self._told >= SELDOM:
            self._told, self.spoke = self._clock(), True
            _say(self.line)

    @property
    def line(self) -> str:
        """How many are finished, at what pace, and the time left."""
        elapsed = max(self._clock() - self._began, 1e-9)
        done = self.done + self.kept
        line = f"{done:,} of {self.total:,} {self.what}"
        if not self.done:
            return line
        left = max(self.total - done, 0) * elapsed / self.done
        return f"{line}, {self.done / elapsed:,.0f} a second, {_minutes(left)} left"

    @property
    def note(self) -> str:
        """The sum at the end: how many, on how many cores, and how long each took."""
        each = 1000 * (self._clock() - self._began) * self.jobs / max(self.done, 1)
        before = f", {self.kept:,} more were kept from before" if self.kept else ""
        cores = "1 core" if self.jobs == 1 else f"{self.jobs} cores"
        return f"{self.done:,} {self.what} on {cores}, {each:.1f} ms each{before}"


@contextmanager
def progress(
    total: int, what: str, *, jobs: int | None = None, lines: bool = False
) -> Iterator[Meter]:
    """A bar on a terminal; elsewhere nothing, or ``lines`` once a minute where it takes longer.

    Where anything was shown of a run with ``lines``, the last line says what it came to.
    """
    terminal = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    meter = Meter(total, what, jobs or cores(), lines=lines and not terminal)
    if not terminal:
        yield meter
    else:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress as Bar,
            TextColumn,
            TimeRemainingColumn,
        )

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        console = Console(stderr=True)
        with Bar(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
            meter._bar, meter._task = bar, bar.add_task(what, total=total)
            yield meter
    if lines and meter.done and (terminal or meter.spoke):
        _say(meter.note)


def _say(line: str) -> None:
    import click

    click.echo(f"sif: {line}", err=True)


def _minutes(seconds: float) -> str:
    """A time to wait, in words.

    >>> _minutes(30), _minutes(90), _minutes(4000)
    ('less than a minute', '2 minutes', '1 h 7 min')
    """
    minutes = round(seconds / 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} minute{'s' if minutes > 1 else ''}" if minutes else "less than a minute"
