"""Plugins (tillägg) found by entry point, each loaded, timed and checked for its version."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from importlib.metadata import EntryPoint, entry_points

from attrs import define, field, frozen

from sifrules.errors import SifError
from sifrules.plugin import hookspecs
from sifrules.values.messages import Message, Text
from sifrules.versions import refuse_unmet

#: Names of plugins, or ``all``, that are not loaded; separated by commas.
OFF = "SIFRULES_PLUGINS_OFF"
#: A plugin that takes longer than this to load or to answer is reported (seconds).
SLOW = 2.0


@frozen
class Plugin:
    """A plugin and where it comes from; ``problem`` says why it, or a part, was left out."""

    name: str
    distribution: str | None = None
    version: str | None = None
    problems: tuple[Text, ...] = ()


@define
class _Offers:
    """What one plugin offers, and what went wrong with it."""

    name: str
    module: object
    distribution: str | None = None
    version: str | None = None
    problems: list[Text] = field(factory=list)
    #: the ids of the guidelines it offers
    ids: list[str] = field(factory=list)


@contextmanager
def _timed(source: _Offers, what: Text | str) -> Iterator[None]:
    """Run a plugin\'s code; report one that is slow, as every command waits for it."""
    began = time.perf_counter()
    with redirect_stdout(sys.stderr):  # what it prints is no part of an answer
        yield
    took = time.perf_counter() - began
    if took > SLOW:
        source.problems.append(Message("plugin.slow", what=what, took=took))


def own_packages() -> frozenset[str]:
    """The packages of this distribution that its own plugins are in."""
    return frozenset(
        entry.module.partition(".")[0]
        for entry in entry_points(group=hookspecs.PROJECT)
        if entry.dist is not None and entry.dist.name == hookspecs.PROJECT
    )


def _loaded(entry: EntryPoint) -> _Offers:
    dist = entry.dist
    source = _Offers(entry.name, None, dist.name if dist else None, dist.version if dist else None)
    try:
        if dist is not None and dist.name != hookspecs.PROJECT:
            refuse_unmet(dist.requires or ())
        with _timed(source, Message("plugin.its_import")):
            source.module = entry.load()
    except SifError as error:
        source.problems.append(error.full_text)
    except (Exception, SystemExit) as error:  # a plugin's own code: what it raises is its problem
        source.problems.append(Message("plugin.not_loaded", error=reported(error)))
    return source


def _renamed(sources: Iterable[_Offers]) -> Iterator[_Offers]:
    """The sources under unique names: a second one of a name gets another."""
    seen: dict[str, int] = {}
    for source in sources:
        count = seen[source.name] = seen.get(source.name, 0) + 1
        if count > 1:
            taken, source.name = source.name, f"{source.name} ({count})"
            source.problems.append(Message("plugin.name_taken", name=taken, called=source.name))
        yield source


def on_one_line(error: BaseException) -> str:
    """All lines of a message on one: pluggy says last which argument is wrong."""
    return "; ".join(str(error).splitlines())


def reported(error: BaseException) -> Text | str:
    """What went wrong in a plugin's code, on one line."""
    if isinstance(error, SifError):
        return error.full_text
    return f"{type(error).__name__}: {error}".strip(": ").splitlines()[0]
