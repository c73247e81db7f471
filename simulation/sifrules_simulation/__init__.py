"""Social investment funds over the years: simulate policies, and compare them.

>>> from sifrules_simulation import compare, scenario
>>> result = compare(["norrkoping@2010"], scenario=scenario("norrkoping"), replications=2, years=2)
>>> result.mean("norrkoping@2010", "ideas").count
2
"""

from sifrules_simulation.comparing import compare
from sifrules_simulation.comparison import Comparison
from sifrules_simulation.estimates import Estimate
from sifrules_simulation.scenario import Scenario, scenario
from sifrules_simulation.switches import Switches

__all__ = ["Comparison", "Estimate", "Scenario", "Switches", "compare", "scenario"]
