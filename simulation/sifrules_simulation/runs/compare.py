"""The one way to compare policies: from ids or policies to a `Comparison`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from sifrules.plugin.registry import Registry, registry_or_installed
from sifrules.plugin.simulation import Behaviour, Measure, Portfolio
from sifrules_simulation.analysis.compare import refuse_precision, run_comparison
from sifrules_simulation.analysis.comparison import Comparison
from sifrules_simulation.execution.cluster import sharing
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.defaults import YEARS
from sifrules_simulation.experiments.planning import Named, comparison_design
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.runs.run import InPython, run_in_folder


def compare(
    policies: Iterable[Named] | Named | None = None,
    *,
    scenario: str | Path | Scenario = "default",
    replications: int = 200,
    years: int = YEARS,
    seed: int = 1,
    baseline: str | None = None,
    behaviour: str | Behaviour = USUAL,
    measures: Iterable[Measure | Callable[[Portfolio], float | None]] = (),
    off: Iterable[str] = (),
    engine: str = "compiled",
    check: bool = False,
    precision: tuple[str, float] | None = None,
    keep: bool = True,
    tables: Iterable[str] = (),
    out: str | Path | None = None,
    force: bool = False,
    jobs: int | None = None,
    scheduler: str | None = None,
    registry: Registry | None = None,
) -> Comparison:
    """Compare policies over years in the same worlds, pairwise with a baseline.

    ``policies`` are ids, files or policies, or one of them; all that plugins offer if left out;
    ``baseline`` the id to compare with, the first if left out (of all, the first that
    has a fund and claims nothing back). A ``behaviour`` is a name or an object, and ``measures``
    are more of them than plugins offer: `Measure` objects, or functions of a portfolio.
    ``off`` names mechanisms to turn off,
    ``precision`` a measure and the half-width its paired differences must reach, with
    ``replications`` then the most that are spent.

    ``jobs`` is how many processes of this machine share the work, all cores unless given;
    ``scheduler`` is the address of a Dask scheduler whose workers do it instead.

    ``tables`` names what is kept of everything that happened: ``ideas``, ``events``,
    ``investments``, ``claims``, ``committee_runs``. With ``out`` replications and tables are
    saved there batch by batch, so that memory does not grow with them, and the same call goes on
    with what was stopped. Raises `SifError` for what is unknown
    or impossible; a replication that fails is left out for all policies and reported in
    ``failures``.

    >>> short = compare(["norrkoping@2010", "norrkoping@2022"], replications=2, years=3)
    >>> short.baseline, short.replications
    ('norrkoping@2010', 2)
    """
    towns = registry_or_installed(registry)
    design = comparison_design(
        towns,
        policies,
        scenario=scenario,
        years=years,
        seed=seed,
        baseline=baseline,
        behaviour=behaviour,
        measures=measures,
        off=off,
        engine=engine,
        check=check,
        tables=tables,
    )
    refuse_precision(precision, design)
    asked = InPython(design=design, replications=replications, precision=precision, force=force)
    with sharing(jobs, scheduler):
        if out is not None:
            return run_in_folder(towns, asked, Path(out), jobs=jobs)
        running = Running(jobs=jobs)
        return run_comparison(design, replications, running, precision=precision, keep_runs=keep)
