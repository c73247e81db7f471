"""Long studies (långa studier): kept as they go, and gone on with where they were stopped."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import chdir, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from attrs import asdict, field, frozen

from sifrules.errors import SifError
from sifrules.registry import Registry
from sifrules.words import Language
from sifrules_simulation.progress import progress
from sifrules_simulation.scenarios import Scenario, scenario
from sifrules_simulation.study import ACCEPT
from sifrules_simulation.study.effects import Setup, setup
from sifrules_simulation.study.finding import Finding
from sifrules_simulation.study.keeping import keep
from sifrules_simulation.study.manifest import Manifest, differences, manifest_in, plan, tools
from sifrules_simulation.study.returning import Study, expected, return_flow
from sifrules_simulation.study.showing import as_json
from sifrules_simulation.study.store import Store, opened, unlike_before


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(texts)


def _here() -> str:
    try:
        return os.getcwd()
    except OSError:  # the folder was removed
        return ""


@frozen(kw_only=True)
class Asked:
    """What a command asked for, so that it can be asked again; ``place`` is where it was."""

    policies: tuple[str, ...] = field(converter=_texts)
    scenario: str
    assumptions: tuple[str, ...] = field(converter=_texts)
    behaviour: str
    years: int
    seed: int
    margin: float
    draws: int
    replications: int
    cause_replications: int
    calibrate: bool
    form: str
    lang: Language
    place: str = field(factory=_here)

    @property
    def size(self) -> dict[str, Any]:
        """How much is to be done."""
        return {
            "draws": self.draws,
            "replications": self.replications,
            "cause_replications": self.cause_replications,
            "calibrate": self.calibrate,
        }

    def around(self) -> Scenario:
        """The scenario, with what is assumed in it."""
        return scenario(self.scenario).assuming(self.assumptions)

    def setup(self, registry: Registry, around: Scenario) -> Setup:
        """What is to be studied."""
        return setup(
            registry,
            around,
            self.policies or None,
            behaviour=self.behaviour,
            years=self.years,
            seed=self.seed,
        )


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
    before: Manifest | None = None,
) -> Lasted:
    """Do a study that was asked for; in a folder it is kept as it goes, and ``before`` gone on.

    Raises `SifError` for what is unknown or impossible, where every draw failed, and where the
    folder holds another study that is not finished.
    """
    finding, around = Finding(asked.margin), asked.around()
    studied = asked.setup(registry, around)
    total = expected(registry, around, asked.policies or None, **asked.size)
    with _store(registry, asked, studied, out, before) as store:
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
        data = as_json(study, asked.lang)
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


def resumed(registry: Registry, out: Path, *, jobs: int | None = None) -> Lasted:
    """Go on with the study that a folder holds, and end as it would have ended.

    Raises `SifError` where the folder holds none that is unfinished, and where what it hangs
    on has changed, with all that has.
    """
    before = manifest_in(out)
    if before is None:
        what = "a comparison and no study" if (out / "comparison.json").exists() else "no study"
        raise SifError(
            f"{out} holds {what} to resume",
            fix="name the folder that sif study return-flow --out was given",
        )
    if before.finished:
        raise SifError(f"the study in {out} is finished", fix=f"see sif results {out}")
    place, folder = Path(str(before.asked.get("place", "."))), out.absolute()
    with chdir(place) if place.is_dir() else nullcontext():
        try:
            asked = Asked(**before.asked)
            asked.setup(registry, asked.around())
        except (SifError, TypeError) as error:  # may be for what has changed since
            now = tools(registry)
            unlike = differences({name: before.plan.get(name) for name in now}, now)
            raise unlike_before(out, (*unlike, str(error)), resumed=True) from None
        return carried_out(registry, asked, folder, jobs=jobs, before=before)


@contextmanager
def _store(
    registry: Registry,
    asked: Asked,
    studied: Setup,
    out: Path | None,
    before: Manifest | None,
) -> Iterator[Store | None]:
    if out is None:
        yield None
        return
    size = {**asked.size, "accept": ACCEPT, "margin": asked.margin}
    manifest = Manifest(asked=asdict(asked), plan=plan(studied, registry, size))
    store = opened(out, manifest, resumed=before is not None)
    try:
        yield store
    finally:
        store.leave()
