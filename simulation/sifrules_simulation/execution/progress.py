"""Progress of a run (förlopp): a bar on a terminal, a line a minute elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from attrs import define, field

from sifrules.values.messages import Message, Text
from sifrules.values.numbers import number_words
from sifrules.values.text import Language
from sifrules_simulation.execution.dispatch import cores

if TYPE_CHECKING:
    from rich.progress import TaskID

#: Called with how many replications were finished.
Progress = Callable[[int], None]
#: What is counted unless anything else is given.
REPLICATIONS = Message("progress.replications")
#: How many seconds there are at least between two lines.
SELDOM = 60.0


@define
class Meter:
    """Counts what is finished, of so much in all, and what was saved before."""

    total: int
    what: Text
    jobs: int
    lang: Language = "en"
    _clock: Callable[[], float] = time.monotonic
    _bar: Any = None
    _task: TaskID | None = None
    _lines: bool = False
    _began: float = field(init=False)
    _shown: float = field(init=False)
    done: int = field(default=0, init=False)
    saved: int = field(default=0, init=False)
    spoke: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self._began = self._shown = self._clock()

    def __call__(self, count: int) -> None:
        """So many were finished now."""
        self.done += count
        self._moved(count)

    def already(self, count: int) -> None:
        """So many were saved before, which do not count for the pace."""
        self.saved += count
        self._moved(count)

    def _moved(self, count: int) -> None:
        if self._bar is not None:
            self._bar.advance(self._task, count)
        if self._lines and self._clock() - self._shown >= SELDOM:
            self._shown, self.spoke = self._clock(), True
            _print(self.line)

    @property
    def line(self) -> str:
        """How many are finished, at what pace, and the time left."""
        elapsed = max(self._clock() - self._began, 1e-9)
        done = self.done + self.saved
        line = Message(
            "progress.line",
            done=number_words(done, ","),
            total=number_words(self.total, ","),
            what=self.what,
        )
        if not self.done:
            return line.text(self.lang)
        pace = number_words(self.done / elapsed, ",.0f")
        left = minutes(max(self.total - done, 0) * elapsed / self.done)
        return Message("progress.pace", line=line, pace=pace, left=left).text(self.lang)

    @property
    def note(self) -> str:
        """The sum at the end: how many, on how many cores, and how long each took."""
        each = 1000 * (self._clock() - self._began) * self.jobs / max(self.done, 1)
        note = Message(
            "progress.note",
            done=number_words(self.done, ","),
            what=self.what,
            cores=Message("progress.cores", n=self.jobs),
            each=number_words(each, ",.1f"),
        )
        if self.saved:
            note = Message("progress.saved", note=note, saved=number_words(self.saved, ","))
        return note.text(self.lang)


@contextmanager
def progress(
    total: int,
    what: Text = REPLICATIONS,
    *,
    jobs: int | None = None,
    lines: bool = False,
    lang: Language = "en",
) -> Iterator[Meter]:
    """A bar on a terminal; elsewhere nothing, or ``lines`` once a minute where it takes longer.

    Where anything was shown of a run with ``lines``, the last line is the sum.
    """
    terminal = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    meter = Meter(total, what, jobs or cores(), lang, lines=lines and not terminal)
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
            meter._bar, meter._task = bar, bar.add_task(what.text(lang), total=total)
            yield meter
    if lines and meter.done and (terminal or meter.spoke):
        _print(meter.note)


def _print(line: str) -> None:
    import click

    click.echo(f"sif: {line}", err=True)


def minutes(seconds: float) -> Message:
    """A time to wait, to the minute.

    >>> [minutes(time).text("en") for time in (30, 60, 90, 4000)]
    ['less than a minute', '1 minute', '2 minutes', '1 h 7 min']
    """
    whole = round(seconds / 60)
    if whole >= 60:
        return Message("progress.hours", hours=whole // 60, minutes=whole % 60)
    return Message("progress.minutes", n=whole) if whole else Message("progress.soon")
