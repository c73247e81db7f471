"""Table 4: how the time of our simulation grows with what is asked, and its peak memory.

One thing is made larger at a time, doubled from size to size, and all else stays. A line
is laid through the logarithms of size and time (least squares); its slope is the exponent:
1 means that twice as much takes twice as long, 0 that it does not matter.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

import numpy as np
from attrs import frozen
from peers_timing import Timed, in_turns
from simulate import peaks, seconds

import sifrules
from sifrules.presentation.table import Column, Table
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.experiments.runner import run, spans
from sifrules_simulation.model.scenarios import scenario

POLICY = "orebro@2016"


def experiment(*, years: int = 15, committees: int = 8, policies: int = 1) -> Design:
    """What is run; several policies are one and the same with other shares to pay back."""
    registry = sifrules.registry()
    named = [
        registry.policy(POLICY, [f"return_model.share=0.{50 + number}"])
        for number in range(policies)
    ]
    around = scenario().changed({"municipality.committees": committees})
    return comparison_design(registry, named, scenario=around, years=years)


def _ran(of: Design, replications: int) -> Timed:
    """Processor time of replications on one process, in chunks as a run of the tool has them."""
    return lambda: seconds(lambda: list(run(of, spans(of, replications), Running(jobs=1))))


@frozen
class Growth:
    """One thing that is made larger, by which sizes, and what is run at each."""

    name: str
    sizes: Sequence[int]
    at: Callable[[int], Timed]


def growths(replications: int) -> list[Growth]:
    """What is made larger; all else is so many replications, 15 years, 8 committees, 1 policy."""
    doubled = [replications * factor for factor in (1, 2, 4, 8)]
    return [
        Growth("replications", doubled, lambda n: _ran(experiment(), n)),
        Growth("years", (5, 10, 20, 40), lambda n: _ran(experiment(years=n), replications)),
        Growth(
            "committees", (4, 8, 16, 32), lambda n: _ran(experiment(committees=n), replications)
        ),
        Growth("policies", (1, 2, 4, 8), lambda n: _ran(experiment(policies=n), replications)),
    ]


def exponent(sizes: Sequence[int], times: Sequence[float]) -> float:
    """The slope of a line through the logarithms.

    >>> round(exponent([1, 2, 4], [3.0, 12.0, 48.0]), 6)
    2.0
    """
    slope, _ = np.polyfit(np.log(sizes), np.log(times), 1)
    return float(slope)


def table(replications: int, turns: int) -> Table:
    """The times by size and the exponents, turn by turn."""
    grown = growths(replications)
    runs = {f"{each.name} {size}": each.at(size) for each in grown for size in each.sizes}
    took = in_turns(runs, turns)
    rows = []
    for each in grown:
        found = [took[f"{each.name} {size}"] for size in each.sizes]
        slopes = [exponent(each.sizes, times) for times in zip(*found, strict=True)]
        rows.append(
            [
                each.name,
                ", ".join(f"{size:,}" for size in each.sizes),
                ", ".join(f"{statistics.median(times) * 1e3:,.0f}" for times in found),
                f"{statistics.median(slopes):.2f}",
                f"{min(slopes):.2f}–{max(slopes):.2f}",
            ]
        )
    return Table(
        [
            Column("what grows"),
            Column("sizes"),
            Column("ms in all"),
            Column("exponent", number=True),
            Column("from–to", number=True),
        ],
        rows,
        title=(
            f"4. How our simulation grows: {POLICY}, else {replications} replications, 15 years,"
            f" 8 committees,\n   1 policy, one process; {turns} turns"
        ),
    )


def memory(few: int, many: int) -> str:
    """The peak memory of a short and of a long run, in a sentence."""
    short, long = peaks(few, many)
    return (
        f"Peak memory of one process: {short:.0f} MB at {few:,} replications,"
        f" {long:.0f} MB at {many:,} ({long / short:.2f} times as much)."
    )
