"""Public names of the simulation, and where each is."""

from .analysis.compare import compare as compare
from .analysis.comparison import Comparison as Comparison
from .model.mechanisms import Mechanisms as Mechanisms
from .model.scenarios import Scenario as Scenario, scenario as scenario
from .results.tables import table as table
from .statistics.estimates import Estimate as Estimate

__version__: str
