"""Comparing policies batch by batch: from a `Design` to a `Comparison`."""

from __future__ import annotations

from collections.abc import Sequence

from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules_simulation.analysis.comparison import Comparison, ComparisonBuilder
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.planning import whole_number
from sifrules_simulation.experiments.provenance import provenance
from sifrules_simulation.experiments.runner import Span, run, spans
from sifrules_simulation.statistics.intervals import CONFIDENCE
from sifrules_simulation.statistics.sequential import (
    Precision,
    interim_looks,
    refuse_imprecise,
    within,
)


def run_comparison(
    design: Design,
    replications: int,
    running: Running,
    *,
    precision: tuple[str, float] | None = None,
    keep_runs: bool = False,
) -> Comparison:
    """Run a comparison batch by batch; those finished before a Ctrl-C are in it."""
    whole_number(replications, Message("progress.replications"), 1, 10_000_000)
    builder = ComparisonBuilder(design, design.baseline, keep_runs)
    stages = stages_of(replications, precision is not None)
    batches = spans_of(design, stages)
    level, reached, stopped = CONFIDENCE, False, False
    try:
        for until, level in stages:
            some = range(builder.batches, sum(first < until for first, _ in batches))
            for result in run(design, batches, running, some):
                builder.add(result)
            if precision is not None and within(builder.widest(precision[0], level), precision[1]):
                reached = True
                break
    except KeyboardInterrupt:
        stopped = True
    came = None
    if precision is not None:
        came = Precision(
            measure=precision[0],
            half_width=float(precision[1]),
            widest=builder.widest(precision[0], level),
            reached=reached,
            spent=sum(count for _, count in batches[: builder.batches]),
            most=replications,
            level=level,
        )
    return builder.result(provenance(design), level, stopped, came)


def stages_of(replications: int, precise: bool) -> list[tuple[int, float]]:
    """Until how many replications a run goes before it looks, and how sure it then must be."""
    return list(interim_looks(replications)) if precise else [(replications, CONFIDENCE)]


def spans_of(design: Design, stages: Sequence[tuple[int, float]]) -> list[Span]:
    """The batches of a run, none of which goes beyond a look."""
    found, start = [], 0
    for until, _ in stages:
        found += spans(design, until - start, start)
        start = until
    return found


def refuse_precision(precision: tuple[str, float] | None, design: Design) -> None:
    """Raise `SifError` for a precision that no comparison can reach."""
    if precision is None:
        return
    refuse_imprecise(precision, [each.name for each in design.measures])
    if len(design.policies) < 2:
        raise SifError(Message("precision.one_policy"), fix=Message("precision.name_two"))
