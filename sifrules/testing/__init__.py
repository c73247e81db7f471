"""The kit for testing guidelines: worked cases, toys, answers in the field's words, promises.

No test framework is needed for any of it. Under pytest an author derives from
`PolicyConformance`, and finds the fixtures that `sifrules.testing.pytest_plugin` offers.

>>> from sifrules.testing import toy_facts, toy_policy, tried
>>> print(tried(toy_policy(), toy_facts(areas=1)))
toy@2020: not eligible
- not met: at least 2 areas of operation cooperate (application.areas = 1) [The guideline, 2 (2020)]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sifrules.testing.cases import Case, Expected, Settled, read_cases
    from sifrules.testing.conformance import PolicyConformance
    from sifrules.testing.running import Difference, Tried, run_case, run_cases
    from sifrules.testing.toys import toy_facts, toy_guideline, toy_policy
    from sifrules.testing.trying import Outcome, Reason, tried

__all__ = [
    "Case",
    "Difference",
    "Expected",
    "Outcome",
    "PolicyConformance",
    "Reason",
    "Settled",
    "Tried",
    "read_cases",
    "run_case",
    "run_cases",
    "toy_facts",
    "toy_guideline",
    "toy_policy",
    "tried",
]

#: Where each name is; a module is imported when one of its names is first used, so that the
#: pytest plugin, which pytest imports in every run, brings nothing with it.
_HOMES = {
    "cases": ("Case", "Expected", "Settled", "read_cases"),
    "conformance": ("PolicyConformance",),
    "running": ("Difference", "Tried", "run_case", "run_cases"),
    "toys": ("toy_facts", "toy_guideline", "toy_policy"),
    "trying": ("Outcome", "Reason", "tried"),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
