"""The return flow taken apart (återföringens delar): what it deters, and what it refills.

A policy is simulated in the same worlds as it is, and without one of the mechanisms of its return
flow. What a mechanism does is with minus without, paired by replication.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sifrules_simulation.analysis.comparison import Comparison
from sifrules_simulation.analysis.paired_effects import over_draws
from sifrules_simulation.statistics.estimates import Estimate

#: What is switched off, in the order in which it is shown: claims that are seen beforehand, money
#: that comes back into the fund, and both.
RETURN_PARTS = ("claims_expected", "refill", "return_flow")


def part_effects(
    whole: Comparison, policy: str, without: Mapping[str, Comparison], measure: str
) -> dict[str, Estimate]:
    """What each mechanism does to a measure of a policy, in the worlds that both have finished.

    ``without`` are comparisons of the policy alone, by the mechanism that each is without. Single
    replications must have been kept in all.
    """
    import polars as pl

    runs = whole.runs.filter(pl.col("policy") == policy).select("replication", measure)
    found = {}
    for part, comparison in without.items():
        other = comparison.runs.select("replication", pl.col(measure).alias("without"))
        both = runs.join(other, on="replication", how="inner").drop_nulls()
        difference = (both[measure] - both["without"]).to_numpy()
        found[part] = over_draws(np.asarray(difference, dtype=float))
    return found
