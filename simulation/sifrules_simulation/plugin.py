"""Offers the simulation through the hooks, as any plugin offers its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sifrules.hookspecs import hookimpl
from sifrules.simulated import Behaviour, Measure

if TYPE_CHECKING:
    import click


@hookimpl
def sifrules_behaviours() -> Sequence[Behaviour]:
    from sifrules_simulation.behaviours import BEHAVIOURS

    return BEHAVIOURS


@hookimpl
def sifrules_measures() -> Sequence[Measure]:
    from sifrules_simulation.measures import MEASURES

    return MEASURES


@hookimpl
def sifrules_commands() -> Sequence[click.Command]:
    from sifrules_simulation.commands import COMMANDS
    from sifrules_simulation.reporting.commands import chart, report
    from sifrules_simulation.results.commands import results
    from sifrules_simulation.study.commands import study

    return (*COMMANDS, results, study, report, chart)
