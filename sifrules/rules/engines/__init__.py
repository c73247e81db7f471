"""Rule engines (regelmotorer): two that give the same decisions, and the choice of one.

*durable* builds a durable-rules rule set and is the reference; *compiled* turns the same
conditions into Python predicates.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
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
def durable_fault() -> Message | None:
    """Why the durable engine cannot be used here; None where it can.

    Only importing it shows that: what was built for another Python is found all the same.
    """
    try:
        import_module(f"{__name__}.durable")
    except ModuleNotFoundError as error:
        if error.name in ("durable", "durable_rules_engine"):
            return Message("engine.durable_not_installed")
        return _unusable(error)
    except Exception as error:  # whatever a C extension raises that does not fit
        return _unusable(error)
    return None


def _unusable(error: Exception) -> Message:
    return Message("engine.durable_unusable", error=" ".join(str(error).split()))


def default_engine() -> str:
    """The reference engine where it can be used, otherwise the compiled one."""
    return "compiled" if durable_fault() else "durable"


def engine_for(book: RuleBook, name: str | None = None) -> Engine:
    """The engine with a name (``durable`` or ``compiled``) for a rule book, prepared once."""
    name = name or default_engine()
    if name not in ENGINES:
        raise EngineError(Message("engine.unknown", name=name), fix=nearest(name, ENGINES))
    if name == "durable" and (fault := durable_fault()):
        raise EngineError(fault, fix=Message("engine.install_durable"))
    if name not in book.made:
        book.made[name] = import_module(f"sifrules.rules.engines.{name}").prepare(book)
    return cast(Engine, book.made[name])
