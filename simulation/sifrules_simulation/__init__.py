"""Social investment funds over the years: simulate policies, and compare them.

>>> from sifrules_simulation import compare, scenario
>>> result = compare(["norrkoping@2010"], scenario=scenario("norrkoping"), replications=2, years=2)
>>> result.mean("norrkoping@2010", "ideas").count
2
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sifrules_simulation.comparing import compare
    from sifrules_simulation.comparison import Comparison
    from sifrules_simulation.estimates import Estimate
    from sifrules_simulation.results.tables import table
    from sifrules_simulation.scenarios import Scenario, scenario
    from sifrules_simulation.switches import Switches

__all__ = ["Comparison", "Estimate", "Scenario", "Switches", "compare", "scenario", "table"]

# The plugin is loaded by every command; numpy and simpy only by those that simulate.
_HOMES = {
    "Comparison": "comparison",
    "Estimate": "estimates",
    "Scenario": "scenarios",
    "Switches": "switches",
    "compare": "comparing",
    "scenario": "scenarios",
    "table": "results.tables",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
