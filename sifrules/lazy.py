"""Public names imported when they are first used, listed once in a package's ``__init__.pyi``.

The command line and the pytest plugin import the packages in every run; what they offer
is loaded only where it is used.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

import lazy_loader

from sifrules.moved import RENAMED, warn_of


class _Package(ModuleType):
    """A package whose public names are not replaced by submodules of the same name."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (isinstance(value, ModuleType) and name in self.__all__):
            super().__setattr__(name, value)


def _version() -> str:
    """The version of the distribution that all packages are of; read where it is asked for."""
    from importlib.metadata import version

    return version("sifrules")


def attach(
    package: str,
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """``__getattr__``, ``__dir__`` and ``__all__`` of a package, by the stub next to it.

    The stub has ``from .module import Name as Name`` for each public name, and for one of another
    package of ours that package in place of the dot. It is read through the package's loader, so a
    zipped package works as well. ``__version__`` comes along.
    """
    module = sys.modules[package]
    loader: Any = module.__spec__.loader if module.__spec__ else None
    stub = ast.parse(loader.get_data(f"{module.__file__}i"))
    names: dict[str, list[str]] = {}
    elsewhere: dict[str, str] = {}
    modules: list[str] = []
    for node in stub.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.level:
                names.setdefault(node.module, []).extend(alias.name for alias in node.names)
            elif node.module.startswith("sifrules"):
                elsewhere |= {alias.asname or alias.name: node.module for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules += (alias.name for alias in node.names)
    module.__class__ = _Package
    found, _, public = lazy_loader.attach(package, modules, names)
    public = sorted([*public, *elsewhere])

    def named(name: str) -> Any:
        if name == "__version__":
            return _version()
        if name in elsewhere:
            value = getattr(import_module(elsewhere[name]), name)
            setattr(module, name, value)
            return value
        now = RENAMED.get((package, name))
        if now is None:
            return found(name)
        warn_of(f"{package}.{name} is now {package}.{now}")
        return found(now)

    def listed() -> list[str]:
        return sorted([*public, "__version__"])

    return named, listed, public
