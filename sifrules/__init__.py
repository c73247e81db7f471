"""The rules of Swedish social investment funds: decide, settle, account and compare.

>>> import sifrules
>>> policy = sifrules.registry().policy("orebro@2016")
>>> sifrules.decide(policy, {"application.areas": 1}, stages=["idea_test"]).outcome.value
'not_eligible'
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sifrules.public import *  # noqa: F403

#: What is both a name that is offered and a module of its own: the name goes first.
_MODULES_TOO = frozenset({"parts", "registry", "replay"})


class _Package(ModuleType):
    """The package: what it offers is imported when a name is first used.

    So the pytest plugin, which pytest imports in every run, brings nothing with it.
    """

    def __getattr__(self, name: str) -> Any:
        if not self._offers(name):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        public = import_module("sifrules.public")
        if name != "__all__" and name not in public.__all__:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        value = getattr(public, name)
        self.__dict__[name] = value
        return value

    def _offers(self, name: str) -> bool:
        """Whether it may be offered: a module of the package is imported by its own name."""
        if name.startswith("_"):
            return name == "__all__"
        return name in _MODULES_TOO or find_spec(f"{self.__name__}.{name}") is None

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _MODULES_TOO or not isinstance(value, ModuleType):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.__getattr__("__all__")})


sys.modules[__name__].__class__ = _Package
