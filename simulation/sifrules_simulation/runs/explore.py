"""`explore`: policies × levers × uncertainties, in Python or out of a plan in TOML."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import chdir, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve

from sifrules.errors import SifError
from sifrules.plugin.registry import Registry, registry_or_installed
from sifrules.plugin.simulation import Behaviour, Measure, Portfolio
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.analysis.exploration import Exploration
from sifrules_simulation.execution.cluster import sharing
from sifrules_simulation.execution.local import end_idle_processes
from sifrules_simulation.execution.progress import progress
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.defaults import YEARS
from sifrules_simulation.experiments.exploration_plan import (
    REPLICATIONS,
    ExplorationRequest,
    exploration_plan,
)
from sifrules_simulation.experiments.explored import (
    ExplorationPlan,
    exploration_schema,
    run_exploration,
)
from sifrules_simulation.experiments.planning import Named
from sifrules_simulation.experiments.provenance import provenance
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.fingerprints import fingerprint, of_python, run_fingerprint
from sifrules_simulation.model.measures import SHOWN
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.results.checkpoints import opened
from sifrules_simulation.results.export import save_exploration
from sifrules_simulation.results.manifest import EXPLORATION, Manifest
from sifrules_simulation.results.tables import table as saved_table
from sifrules_simulation.runs.explore_plan import read_plan


def explore(
    policies: Iterable[Named] | Named,
    levers: Mapping[str, Any] | None = None,
    uncertainties: Mapping[str, Any] | Iterable[str] | str | None = None,
    outcomes: Sequence[str] = SHOWN,
    *,
    design: Any = None,
    variants: int | None = None,
    draws: int | None = None,
    sampling: str | None = None,
    correlation: Any = None,
    replications: int = REPLICATIONS,
    scenario: str | Scenario = "default",
    years: int = YEARS,
    seed: int = 1,
    behaviour: str | Behaviour = USUAL,
    measures: Iterable[Measure | Callable[[Portfolio], float | None]] = (),
    off: Iterable[str] = (),
    tables: Iterable[str] = (),
    jobs: int | None = None,
    scheduler: str | None = None,
    out: str | Path | None = None,
    force: bool = False,
    registry: Registry | None = None,
) -> Exploration:
    """Explore policies over levers and uncertainties: one frame of all inputs and outcomes.

    ``levers`` are clauses by path, ``uncertainties`` parameters by path, each with a list of
    values, a range ``(low, high)`` or a distribution of scipy.stats; an uncertainty may be
    ``"scenario"`` (range and distribution as the scenario states them), and
    ``uncertainties="scenario"`` is all that it leaves open. ``outcomes`` are names of measures.
    ``design`` combines the levers: ``factorial``, ``latin_hypercube``, ``sobol`` or
    ``monte_carlo``, of so many ``variants``; or it is a frame whose columns are levers and
    parameters, of which every row is simulated. ``sampling`` does the same for ``draws`` of the
    uncertainties (a Latin hypercube of 32 unless given otherwise), and ``correlation`` gives the
    rank correlation of pairs.

    ``tables`` names what is kept of everything that happened: ``ideas``, ``events``,
    ``investments``, ``claims``, ``panel``, ``committee_runs``, each with the key of its run.

    ``jobs`` is how many processes of this machine share the work, all cores unless given;
    ``scheduler`` is the address of a Dask scheduler whose workers do it instead.

    With ``out`` batches are saved there as they finish, the same call resumes what was stopped,
    and the tables are saved at the end; memory does not grow with what happened. Raises `SifError`
    for what is unknown or impossible; a batch in which a replication fails is left out and
    reported in ``failures``.

    >>> found = explore("orebro@2016", {"return_model.share": [0.5, 1.0]}, {"ideas.flow": (4, 12)},
    ...     ["grants"], draws=2, replications=1, years=2, jobs=1)
    >>> found.runs.columns[5:], len(found.runs)
    (['return_model.share', 'ideas.flow', 'grants'], 4)
    """
    towns = registry_or_installed(registry)
    request = ExplorationRequest(
        policies=policies,
        levers=levers,
        uncertainties=uncertainties,
        outcomes=outcomes,
        design=design,
        variants=variants,
        draws=draws,
        sampling=sampling,
        correlation=correlation,
        replications=replications,
        scenario=scenario,
        years=years,
        seed=seed,
        behaviour=behaviour,
        measures=measures,
        off=off,
        tables=tables,
    )
    plan = exploration_plan(towns, request)
    to = None if out is None else Path(out)
    with sharing(jobs, scheduler):
        return run_plan(towns, plan, jobs=jobs, out=to, force=force)


def run_plan(
    registry: Registry,
    plan: ExplorationPlan,
    *,
    jobs: int | None = None,
    out: Path | None = None,
    force: bool = False,
    asked: Mapping[str, Any] | None = None,
    lang: Language = "en",
    shown: bool = False,
) -> Exploration:
    """Run a plan; in a folder its batches are saved as they finish, and then its tables.

    ``asked`` is what it was requested by, ``shown`` whether progress is shown.
    """
    saver = None
    if out is not None:
        saver = opened(out, manifest(registry, plan, asked or {"lang": lang}), force=force)
    try:
        what = Message("progress.replications")
        with (
            progress(plan.runs, what, jobs=jobs, lines=True, lang=lang)
            if shown
            else nullcontext(lambda _: None)
        ) as meter:
            if saver is not None and hasattr(meter, "already"):
                saver.report_saved = meter.already
            found = run_exploration(plan, Running(jobs=jobs, tick=meter, saver=saver))
        explored = Exploration(
            plan=plan,
            provenance=exploration_provenance(plan),
            values=found.values,
            failures=found.failures,
            stopped=found.stopped,
            logs=found.logs,
        )
        if saver is not None:
            if plan.design.tables:
                end_idle_processes()
            schema = exploration_schema(plan)
            files = [saver.file(schema, number) for number in found.values]
            save_exploration(saver.folder, explored, files, lang, _command(asked))
            if not found.stopped:
                saver.finish()
            explored = evolve(explored, saved=partial(saved_table, saver.folder.path))
    finally:
        if saver is not None:
            saver.leave()
    if explored.failure is not None and not explored.stopped:
        raise explored.failure
    return explored


def resume_exploration(
    registry: Registry, folder: Path, saved: Manifest, *, jobs: int | None = None
) -> Exploration:
    """Go on with an exploration that was stopped, by the plan that it was asked for with.

    Raises `SifError` where it was asked for in Python: the same call goes on with it.
    """
    named = saved.asked.get("plan")
    if not isinstance(named, str):
        raise SifError(Message("exploration.in_python", path=folder))
    place, at = Path(str(saved.asked.get("place", "."))), folder.absolute()
    lang: Language = "sv" if saved.asked.get("lang") == "sv" else "en"
    with chdir(place) if place.is_dir() else nullcontext():
        plan = read_plan(Path(named)).plan(registry, saved.asked.get("tables", ()))
        return run_plan(registry, plan, jobs=jobs, out=at, asked=saved.asked, lang=lang, shown=True)


def manifest(registry: Registry, plan: ExplorationPlan, asked: Mapping[str, Any]) -> Manifest:
    """What was requested, and all that the results depend on."""
    design = plan.design
    given = plan.draws.scenario
    depends = {
        **run_fingerprint(registry, design.labels, design.policies, given),
        "behaviour": design.behaviour.name,
        "off": list(design.switches.off),
        "years": design.years,
        "seed": design.seed,
        "replications": plan.replications,
        "outcomes": list(plan.outcomes),
        "uncertainties": list(plan.uncertainties),
        "draws": _hash_of(plan),
        "pairs": fingerprint(json.dumps(plan.pairs)),
        **({"tables": list(design.tables)} if design.tables else {}),
        **of_python(registry, design.behaviour, design.measures),
    }
    return Manifest(kind=EXPLORATION, asked=dict(asked), plan=depends)


def exploration_provenance(plan: ExplorationPlan) -> dict[str, Any]:
    """All that the results depend on, as JSON carries it."""
    return {
        **provenance(plan.design, drawn=True),
        "off": list(plan.design.switches.off),
        "levers": list(plan.levers),
        "uncertainties": list(plan.uncertainties),
        "draws": len(plan.draws),
        "draws_hash": _hash_of(plan),
        "replications": plan.replications,
    }


def _command(asked: Mapping[str, Any] | None) -> str | None:
    """The command that asks for it again, None where it was asked for in Python."""
    named = (asked or {}).get("plan")
    if named is None:
        return None
    tables = [word for name in (asked or {}).get("tables", ()) for word in ("--table", name)]
    return shlex.join(["sif", "explore", str(named), *tables])


def _hash_of(plan: ExplorationPlan) -> str:
    """A fingerprint of the draws themselves."""
    values = np.ascontiguousarray(plan.draws.values).tolist()
    return fingerprint(repr(values), repr(plan.draws.structures), repr(plan.draws.numbers.tolist()))
