"""Long studies (långa studier): kept as they go, and gone on with where they were stopped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import asdict, field, frozen

from sifrules.plugin.registry import Registry
from sifrules.values.text import Language
from sifrules_simulation.analysis.hypothesis import Hypothesis
from sifrules_simulation.analysis.sequential_effects import refuse_unmeasured
from sifrules_simulation.execution.progress import progress
from sifrules_simulation.experiments.defaults import ACCEPT
from sifrules_simulation.experiments.planning import Setup, setup
from sifrules_simulation.model.fingerprints import run_fingerprint
from sifrules_simulation.model.scenarios import Scenario, scenario
from sifrules_simulation.results.manifest import STUDY, Manifest
from sifrules_simulation.results.study_data import as_json
from sifrules_simulation.results.study_export import keep
from sifrules_simulation.runs.lasting import asked_again, stored
from sifrules_simulation.runs.run import here, precise, texts
from sifrules_simulation.studies.return_flow import Study, expected, return_flow


@frozen(kw_only=True)
class Asked:
    """What a command asked for, so that it can be asked again; ``place`` is where it was.

    ``draws`` are the most that are spent, where they go on until a ``precision``.
    """

    policies: tuple[str, ...] = field(converter=texts)
    scenario: str
    assumptions: tuple[str, ...] = field(converter=texts)
    behaviour: str
    years: int
    seed: int
    margin: float
    draws: int
    replications: int
    precision: tuple[str, float] | None = field(default=None, converter=precise)
    cause_replications: int
    calibrate: bool
    form: str
    lang: Language
    place: str = field(factory=here)

    @property
    def size(self) -> dict[str, Any]:
        """How much is to be done."""
        return {
            "draws": self.draws,
            "replications": self.replications,
            "precision": self.precision,
            "cause_replications": self.cause_replications,
            "calibrate": self.calibrate,
        }

    def around(self) -> Scenario:
        """The scenario, with what is assumed in it."""
        return scenario(self.scenario).assuming(self.assumptions)

    def setup(self, registry: Registry, around: Scenario) -> Setup:
        """What is to be studied, with a precision that cannot be reached refused."""
        studied = setup(
            registry,
            around,
            self.policies or None,
            behaviour=self.behaviour,
            years=self.years,
            seed=self.seed,
        )
        refuse_unmeasured(self.precision, studied)
        return studied


@frozen(kw_only=True, eq=False)
class Lasted:
    """What came of a study, the data that it is shown as, and what could not be kept or read."""

    asked: Asked
    study: Study
    data: Mapping[str, Any]
    lacking: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


def carried_out(
    registry: Registry,
    asked: Asked,
    out: Path | None = None,
    *,
    jobs: int | None = None,
    resuming: bool = False,
) -> Lasted:
    """Do a study that was asked for; in a folder it is kept as it goes, and gone on with.

    Raises `SifError` for what is unknown or impossible, where every draw failed, and where the
    folder holds another study that is not finished.
    """
    finding, around = Hypothesis(asked.margin), asked.around()
    studied = asked.setup(registry, around)
    total = expected(registry, around, asked.policies or None, **asked.size)
    with stored(out, lambda: _manifest(registry, asked, studied), resumed=resuming) as store:
        with progress(total, "replications", jobs=jobs, lines=True) as meter:
            if store is not None:
                store.told = meter.already
            study = return_flow(
                registry,
                around,
                asked.policies or None,
                finding=finding,
                behaviour=asked.behaviour,
                years=asked.years,
                seed=asked.seed,
                jobs=jobs,
                tick=meter,
                keeper=store,
                **asked.size,
            )
        data = as_json(study)
        lacking: tuple[str, ...] = ()
        if store is not None:
            lacking = keep(store.folder, study, data, registry, asked.lang)
            # What failed on the way, as for want of room, is gone on with; not where all draws did.
            if not study.stopped and study.failure is study.effects.failure:
                store.finish()
        if study.failure is not None and not study.answers:
            raise study.failure
        unreadable = tuple(store.unreadable) if store is not None else ()
    return Lasted(asked=asked, study=study, data=data, lacking=lacking, unreadable=unreadable)


def resumed(registry: Registry, out: Path, before: Manifest, *, jobs: int | None = None) -> Lasted:
    """Go on with the study that a folder holds, and end as it would have ended.

    Raises `SifError` where what it hangs on has changed, with all that has.
    """

    def asked() -> Asked:
        again = Asked(**before.asked)
        again.setup(registry, again.around())
        return again

    return asked_again(
        registry,
        out,
        before,
        asked,
        lambda again, folder: carried_out(registry, again, folder, jobs=jobs, resuming=True),
    )


def _manifest(registry: Registry, asked: Asked, setup: Setup) -> Manifest:
    """All that a study hangs on."""
    plan = {
        **run_fingerprint(registry, setup.labels, setup.policies, setup.scenario),
        "behaviour": setup.behaviour.name,
        "years": setup.years,
        "seed": setup.seed,
        **asked.size,
        "precision": list(asked.precision) if asked.precision else None,
        "accept": ACCEPT,
        "margin": asked.margin,
    }
    return Manifest(kind=STUDY, asked=asdict(asked), plan=plan)
