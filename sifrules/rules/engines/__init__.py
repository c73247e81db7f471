"""Rule engines (regelmotorer): two that give the same decisions, and the choice of one.

*durable* builds a durable-rules rule set and is the reference; *compiled* turns the same
conditions into Python predicates.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from functools import cache
from typing import Protocol, cast

from sifrules.errors import EngineError, nearest
from sifrules.rules.conditions import Value
from sifrules.rules.decisions import Decision
from sifrules.rules.rulebook import RuleBook
from sifrules.values.messages import Message

ENGINES = ("durable", "compiled")


class Engine(Protocol):
    """A rule book prepared for decisions."""

    def decide(self, values: Mapping[str, Value]) -> Decision:
        """The decision on internal values, as `Vocabulary.read` returns them."""
        ...


@cache
def durable_installed() -> bool:
    """Whether durable-rules can be imported here."""
    return all(
        importlib.util.find_spec(name) is not None for name in ("durable", "durable_rules_engine")
    )


def default_engine() -> str:
    """The reference engine where it is installed, otherwise the compiled one."""
    return "durable" if durable_installed() else "compiled"


def engine_for(book: RuleBook, name: str | None = None) -> Engine:
    """The engine with a name (``durable`` or ``compiled``) for a rule book, prepared once."""
    name = name or default_engine()
    if name not in ENGINES:
        raise EngineError(Message("engine.unknown", name=name), fix=nearest(name, ENGINES))
    if name == "durable" and not durable_installed():
        raise EngineError(
            Message("engine.durable_not_installed"),
            fix=Message("engine.install_durable"),
        )
    if name not in book.made:
        book.made[name] = importlib.import_module(f"sifrules.rules.engines.{name}").prepare(book)
    return cast(Engine, book.made[name])
