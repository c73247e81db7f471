"""Örebro: a return flow with shared risk, and since 2016 a cap of three new investments a year."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from sifrules.guideline import Guideline, read_guideline
from sifrules.history import History, read_history
from sifrules.hookspecs import hookimpl

_HERE = files(__name__)


@hookimpl
def sifrules_guidelines() -> Sequence[Guideline]:
    return [read_guideline(_HERE / name) for name in ("orebro_2013.toml", "orebro_2016.toml")]


@hookimpl
def sifrules_history() -> Sequence[History]:
    return [read_history(_HERE / "history.toml")]
