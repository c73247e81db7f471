"""Tables of an exploration (utforskning): a row a variant, its levers and then its outcomes."""

from __future__ import annotations

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.analysis.exploration import Exploration
from sifrules_simulation.presentation.formatting import interval, unit_of
from sifrules_simulation.statistics.estimates import Estimate

_POLICY = Message("comparison_tables.policy")
_VARIANT = Message("exploration_tables.variant")


def exploration_table(found: Exploration, language: Language) -> Table:
    """Every variant's outcomes: the mean over draws, and half of its 95 % interval."""
    measures = {each.name: each for each in found.plan.design.measures}
    heads = [
        f"{measure.words.text(language)} ({unit_of(measure.unit).shown.text(language)})"
        if measure.unit
        else measure.words.text(language)
        for measure in measures.values()
    ]
    columns = [
        Column(_POLICY.text(language), width=24),
        Column(_VARIANT.text(language), number=True),
        *(Column(path, number=True, width=14) for path in found.levers),
        *(Column(head, number=True, width=16) for head in heads),
    ]
    rows: dict[tuple[str, int], list[str]] = {}
    for row in found.summary.iter_rows(named=True):
        key = row["policy"], row["variant"]
        levers = [_lever(row[path]) for path in found.levers]
        cells = rows.setdefault(key, [row["policy"], str(row["variant"]), *levers])
        estimate = Estimate(row["mean"], row["low"], row["high"], row["count"])
        cells.append(interval(estimate, measures[row["outcome"]].unit, language))
    return Table(columns, list(rows.values()))


def _lever(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
