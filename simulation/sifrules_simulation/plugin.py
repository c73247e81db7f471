"""Offers the simulation through the hooks, as any plugin offers its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from sifrules.plugin.hookspecs import hookimpl
from sifrules.plugin.simulation import Behaviour, Measure

if TYPE_CHECKING:
    import click

    from sifrules.plugin.registry import Registry
    from sifrules.policy.fund_policy import FundPolicy
    from sifrules.validation.issues import Issue


@hookimpl
def sifrules_behaviours() -> Sequence[Behaviour]:
    from sifrules_simulation.model.behaviours import BEHAVIOURS

    return BEHAVIOURS


@hookimpl
def sifrules_measures() -> Sequence[Measure]:
    from sifrules_simulation.model.measures import MEASURES

    return MEASURES


@hookimpl
def sifrules_checks() -> Sequence[Callable[..., Iterable[object]]]:
    return (_simulated,)


def _simulated(registry: Registry, policy: FundPolicy) -> Iterable[Issue]:
    """What a short simulation of a policy shows; nothing heavy is imported before."""
    from sifrules_simulation.analysis.guideline_trial import simulated_issues

    return simulated_issues(registry, policy)


@hookimpl
def sifrules_commands() -> Sequence[click.Command]:
    from sifrules_simulation.commands.app import app
    from sifrules_simulation.commands.assess import assess
    from sifrules_simulation.commands.compare import COMMANDS
    from sifrules_simulation.commands.evidence import evidence
    from sifrules_simulation.commands.explore import explore
    from sifrules_simulation.commands.paper_table import paper_table
    from sifrules_simulation.commands.reform import reform
    from sifrules_simulation.commands.report import chart, report
    from sifrules_simulation.commands.reproduce import reproduce
    from sifrules_simulation.commands.results import results
    from sifrules_simulation.commands.resume import resume
    from sifrules_simulation.commands.return_flow import hypotheses, return_flow
    from sifrules_simulation.commands.study import study
    from sifrules_simulation.commands.surface import surface
    from sifrules_simulation.commands.template import template
    from sifrules_simulation.commands.trade_off import trade_off

    study.add_command(reform)
    study.add_command(return_flow)
    study.add_command(hypotheses)
    study.add_command(trade_off)
    study.add_command(surface)
    study.add_command(evidence)
    return (
        *(app, assess, *COMMANDS, explore, results, resume, reproduce),
        *(study, report, chart, paper_table, template),
    )
