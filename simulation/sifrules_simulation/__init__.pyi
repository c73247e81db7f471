"""Public names of the simulation, and where each is."""

from .analysis.comparison import Comparison as Comparison
from .analysis.decisions import (
    best_under_uncertainty as best_under_uncertainty,
    pareto as pareto,
    prim as prim,
    probability_best as probability_best,
    value_of_information as value_of_information,
)
from .analysis.exploration import Exploration as Exploration
from .experiments.experiment import (
    Experiment as Experiment,
    experiment as experiment,
    salib_problem as salib_problem,
)
from .model.distributions import Correlation as Correlation, Distribution as Distribution
from .model.mechanisms import Mechanisms as Mechanisms
from .model.own_ideas import OwnIdeas as OwnIdeas, own_ideas as own_ideas
from .model.scenarios import Scenario as Scenario, scenario as scenario
from .results.tables import table as table
from .runs.compare import compare as compare
from .runs.explore import explore as explore
from .runs.search import search as search
from .statistics.estimates import Estimate as Estimate

__version__: str
