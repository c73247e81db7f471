"""An own world: a municipality's own ideas, and parameters that go together."""

from pathlib import Path

import polars as pl
from scipy import stats

import sifrules

ideas = sifrules.own_ideas(Path(__file__).with_name("ideas.csv"))
world = sifrules.scenario().with_ideas(ideas)
result = sifrules.compare(
    ["orebro@2016", "norrkoping@2022"], scenario=world, replications=20, years=6,
    tables=["ideas"], jobs=1,
)  # fmt: skip
print(
    result.ideas.group_by("policy", "idea")
    .agg(grants=pl.col("granted").count())
    .sort("policy", "idea")
)

found = sifrules.explore(
    "orebro@2016",
    uncertainties={
        "ideas.cost_median": stats.lognorm(s=0.4, scale=3e6),
        "effects.municipal_median": stats.triang(0.3, loc=0.5, scale=2),
    },
    correlation={("ideas.cost_median", "effects.municipal_median"): 0.6},
    outcomes=["net_municipal_saving"],
    draws=16,
    replications=1,
    years=4,
    jobs=1,
)
print(found.summary)
