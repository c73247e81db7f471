"""Modules and names that have moved, importable from where the documentation had them.

>>> import warnings
>>> with warnings.catch_warnings():
...     warnings.simplefilter("ignore", DeprecationWarning)
...     from sifrules.packaged import PackagedMunicipality
>>> PackagedMunicipality.__module__
'sifrules.plugin.packaged'
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_SIMULATION = "sifrules_simulation"

#: Where each documented module was, and where it is.
MOVED = {
    "sifrules.building": "sifrules.loading.builder",
    "sifrules.hookspecs": "sifrules.plugin.hookspecs",
    "sifrules.money": "sifrules.values.money",
    "sifrules.packaged": "sifrules.plugin.packaged",
    "sifrules.parts": "sifrules.policy.parts",
    "sifrules.settlement": "sifrules.policy.settlement",
    "sifrules.simulated": "sifrules.plugin.simulation",
    "sifrules.validating": "sifrules.validation",
    "sifrules.wording": "sifrules.rules.wording",
    "sifrules_simulation.policy_charts": f"{_SIMULATION}.presentation.charts.comparison_charts",
    "sifrules_simulation.study": f"{_SIMULATION}.studies",
    "sifrules_simulation.study.returning": f"{_SIMULATION}.studies.return_flow",
}

#: Public names that were changed: the package, the name that was, and the name that is.
RENAMED = {
    ("sifrules", "Expectation"): "OutcomeForecast",
    ("sifrules", "Life"): "IdeaHistory",
    ("sifrules", "Words"): "LocalizedText",
    ("sifrules.plugin.simulation", "Outcome"): "ProjectOutcome",
    ("sifrules.testing", "Outcome"): "TrialResult",
    ("sifrules.testing", "tried"): "try_policy",
    ("sifrules.validation", "Doubt"): "Issue",
    ("sifrules.validation", "Level"): "Severity",
    (_SIMULATION, "Switches"): "Mechanisms",
}


def warn_of(what: str) -> None:
    """Warn whoever uses a name that has moved."""
    warnings.warn(what, DeprecationWarning, stacklevel=3)


class _Forwarding(Loader):
    """Loads a module that takes every name from where the module is now."""

    def create_module(self, spec: ModuleSpec) -> None:
        """Let the import system make an empty module."""

    def exec_module(self, module: ModuleType) -> None:
        now = MOVED[module.__name__]

        def forwarded(name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            renamed = RENAMED.get((now, name), name)
            warn_of(f"{module.__name__} has moved: import {renamed} from {now}")
            return getattr(import_module(now), renamed)

        module.__dict__["__getattr__"] = forwarded
        module.__path__ = []  # so that what was a package still has its modules


class _Finder(MetaPathFinder):
    """Finds the modules that have moved, after all others have looked."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(name, _Forwarding()) if name in MOVED else None


def install() -> None:
    """Make the modules importable from where they were; done when `sifrules` is imported."""
    sys.meta_path.append(_Finder())
