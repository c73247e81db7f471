"""What a command asks for (beställning): planned, carried out, kept, and gone on with."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from attrs import asdict, field, frozen

from sifrules.plugin.registry import Registry
from sifrules.policy.fund_policy import FundPolicy
from sifrules.values.text import Language
from sifrules_simulation.analysis.compare import (
    carried_out,
    chunks_of,
    refuse_precision,
    stages_of,
)
from sifrules_simulation.analysis.comparison import Comparison
from sifrules_simulation.execution.progress import progress
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.planning import Plan, planned
from sifrules_simulation.experiments.runner import Replications
from sifrules_simulation.model.fingerprints import run_fingerprint
from sifrules_simulation.model.scenarios import Scenario, scenario
from sifrules_simulation.results.checkpoints import CheckpointStore
from sifrules_simulation.results.export import keep
from sifrules_simulation.results.manifest import COMPARISON, Manifest
from sifrules_simulation.runs.lasting import asked_again, stored


def texts(texts: Iterable[str]) -> tuple[str, ...]:
    """Some texts, as JSON may have carried them."""
    return tuple(texts)


def here() -> str:
    """The folder in which a command was given."""
    try:
        return os.getcwd()
    except OSError:  # the folder was removed
        return ""


def precise(asked: Iterable[Any] | None) -> tuple[str, float] | None:
    """A measure and a half-width, as JSON may have carried them."""
    if asked is None:
        return None
    measure, width = asked
    return str(measure), float(width)


@frozen(kw_only=True)
class Asked:
    """What ``sif compare`` or ``sif simulate`` was asked; ``place`` is where.

    ``replications`` is the most that are spent, where they go on until a ``precision``.
    """

    kind: str = COMPARISON
    policies: tuple[str, ...] = field(converter=texts)
    settings: tuple[str, ...] = field(converter=texts)
    baseline: str | None = None
    replications: int
    precision: tuple[str, float] | None = field(default=None, converter=precise)
    scenario: str
    assumptions: tuple[str, ...] = field(converter=texts)
    draw: int | None = None
    years: int
    seed: int
    behaviour: str
    off: tuple[str, ...] = field(converter=texts)
    engine: str
    check: bool
    measures: tuple[str, ...] = field(converter=texts)
    form: str
    lang: Language
    place: str = field(factory=here)

    def plan(self, registry: Registry) -> Plan:
        """What is to be run, with all that is impossible refused."""
        return planned(
            registry,
            self._policies(registry),
            scenario=self.around(),
            years=self.years,
            seed=self.seed,
            baseline=self.baseline,
            behaviour=self.behaviour,
            off=self.off,
            engine=self.engine,
            check=self.check,
        )

    def around(self) -> Scenario:
        """The scenario, with what is assumed in it, or as one draw of a study has it."""
        around = scenario(self.scenario).assuming(self.assumptions)
        if self.draw is None:
            return around
        from sifrules_simulation.experiments.sampling import draws

        return draws(around, self.draw + 2, self.seed).world(self.draw)

    def _policies(self, registry: Registry) -> list[str | FundPolicy] | None:
        """Those named; compared with a change, each beside itself without it."""
        if not self.settings:
            return list(self.policies) or None
        changed = [registry.policy(each, self.settings) for each in self.policies]
        if self.kind != COMPARISON:
            return list(changed)
        plain = [registry.policy(each) for each in self.policies]
        return [each for pair in zip(plain, changed, strict=True) for each in pair]


@frozen(kw_only=True, eq=False)
class Compared:
    """What came of it, and the files that could not be read and were run again."""

    asked: Asked
    plan: Plan
    comparison: Comparison
    unreadable: tuple[str, ...] = ()


def compared(
    registry: Registry,
    asked: Asked,
    out: Path | None = None,
    *,
    jobs: int | None = None,
    resuming: bool = False,
) -> Compared:
    """Do what was asked for; in a folder it is kept as it goes, and gone on with.

    Raises `SifError` for what is unknown or impossible, where every replication failed, and
    where the folder holds another run that is not finished.
    """
    from sifrules_simulation.experiments.design import refuse_unknown

    plan = asked.plan(registry)
    refuse_unknown(plan.experiment, asked.measures)
    refuse_precision(asked.precision, plan.experiment)
    with stored(out, lambda: _manifest(registry, asked, plan), resumed=resuming) as store:
        count = len(plan.experiment.policies)  # in each replication all of them go on together
        what = "replications" if count == 1 else f"replications of {count} policies"
        with progress(asked.replications, what, jobs=jobs, lines=True) as meter:
            if store is not None:
                store.told = meter.already
            found = carried_out(
                plan,
                asked.replications,
                Running(jobs=jobs, tick=meter, keeper=store),
                precision=asked.precision,
            )
        if store is not None:
            keep(store.folder, plan, found, _chunks(store, asked, plan, found))
            if not found.stopped:
                store.finish()
    if found.failure is not None:
        raise found.failure
    unreadable = tuple(store.unreadable) if store is not None else ()
    return Compared(asked=asked, plan=plan, comparison=found, unreadable=unreadable)


def resumed(
    registry: Registry, out: Path, before: Manifest, *, jobs: int | None = None
) -> Compared:
    """Go on with the comparison that a folder holds, and end as it would have ended.

    Raises `SifError` where what it hangs on has changed, with all that has.
    """

    def asked() -> Asked:
        again = Asked(**before.asked)
        again.plan(registry)
        return again

    return asked_again(
        registry,
        out,
        before,
        asked,
        lambda again, folder: compared(registry, again, folder, jobs=jobs, resuming=True),
    )


def _chunks(store: CheckpointStore, asked: Asked, plan: Plan, found: Comparison) -> list[Path]:
    """The files of the chunks that a comparison is of, in order."""
    stages = stages_of(asked.replications, asked.precision is not None)
    part = Replications(plan.experiment, tuple(chunks_of(plan.experiment, stages)))
    files = (store.file(part, number) for number in range(found.chunks))
    return [file for file in files if file.is_file()]  # there is none where its process died


def _manifest(registry: Registry, asked: Asked, plan: Plan) -> Manifest:
    """All that a comparison hangs on."""
    experiment = plan.experiment
    hangs_on = {
        **run_fingerprint(registry, experiment.labels, experiment.policies, experiment.scenario),
        "baseline": plan.baseline,
        "behaviour": experiment.behaviour.name,
        "off": list(experiment.switches.off),
        "engine": experiment.engine,
        "check": experiment.check,
        "years": experiment.years,
        "seed": experiment.seed,
        "replications": asked.replications,
        "precision": list(asked.precision) if asked.precision else None,
    }
    return Manifest(kind=asked.kind, asked=asdict(asked), plan=hangs_on)
