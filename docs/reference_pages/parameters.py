"""Parameters: what steers the simulated municipality, with ranges and sources."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from reference_pages.markdown import finished, head, prose, table
from sifrules_simulation import scenario
from sifrules_simulation.model.parameters import GROUPS
from sifrules_simulation.model.scenario_entries import Stated
from sifrules_simulation.model.scenarios import Scenario, bundled

INTRODUCTION = """
What steers the [model](../explanation/model.md) and is not stated by a policy. *Value* is what the
default scenario uses, *range* what is plausible and what studies draw from. A parameter
rests on a source, perhaps by a reading of it, or on an assumption that says so.
Change one with `--assume behaviour.horizon=36`, or write a scenario of your own.
"""

HEADS = ("parameter", "what it is", "unit", "value", "range", "rests on")


def page() -> str:
    """Every parameter of every bundled scenario."""
    base = scenario("default")
    lines = [*head("Parameters", INTRODUCTION)]
    for group, kind in GROUPS.items():
        names = [field.name for field in attrs.fields(kind)]
        rows = [[f"`{name}`", *_cells(base.stated[f"{group}.{name}"])] for name in names]
        lines += [f"## `{group}`", "", next(prose(kind)), "", *table(HEADS, rows), ""]
    for name in bundled():
        if name != base.id:
            lines += _differing(scenario(name), base)
    return finished(lines)


def _differing(other: Scenario, base: Scenario) -> Iterator[str]:
    """The parameters in which a scenario differs from the default one."""
    rows = [
        [f"`{path}`", *_cells(other.stated[path])]
        for path, stated in base.stated.items()
        if other.stated[path] != stated
    ]
    yield from (f"## The scenario `{other.id}`: {other.title.en}", "")
    yield from (f"Begins {other.begins}. Differs from the default in:", "")
    yield from (*table(HEADS, rows), "")


def _cells(stated: Stated) -> list[str]:
    span = f"{_number(stated.low)} to {_number(stated.high)}"
    return [stated.words.en, stated.unit, _number(stated.value), span, _rests_on(stated)]


def _number(value: float) -> str:
    return f"{value:,.10g}"


def _rests_on(stated: Stated) -> str:
    if stated.citation is None:
        return f"assumption: {stated.assumption.en if stated.assumption else ''}"
    reading = f"; reading: {stated.citation.reading.en}" if stated.citation.reading else ""
    return f"{stated.citation}{reading}"
