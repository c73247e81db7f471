"""Social investment funds over the years: simulate policies, and compare them.

>>> from sifrules_simulation import compare, scenario
>>> result = compare(["norrkoping@2010"], scenario=scenario("norrkoping"), replications=2, years=2)
>>> result.mean("norrkoping@2010", "ideas").count
2
"""

from sifrules.lazy import attach
from sifrules.values.messages import add_catalogue

# The plugin is loaded by every command; numpy and simpy only by those that simulate.
__getattr__, __dir__, __all__ = attach(__name__)

add_catalogue("sifrules_simulation.presentation")
