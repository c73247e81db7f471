"""Break-even surfaces (brytytor): run, saved as they run, and resumed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import chdir, nullcontext
from pathlib import Path

from attrs import asdict, field, frozen

from sifrules.plugin.registry import Registry
from sifrules.values.text import Language
from sifrules_simulation.analysis.break_even_surface import (
    DETERRENCE,
    EMPTY,
    Surface,
    SurfacePlan,
    break_even_surface,
    surface_plan,
)
from sifrules_simulation.analysis.trade_off import trade_off_plan
from sifrules_simulation.execution.progress import REPLICATIONS, progress
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.model.fingerprints import fingerprint, of_python, run_fingerprint
from sifrules_simulation.model.scenarios import scenario
from sifrules_simulation.results.checkpoints import CheckpointStore, opened
from sifrules_simulation.results.folder import ResultsFolder
from sifrules_simulation.results.manifest import SURFACE, Manifest
from sifrules_simulation.runs.request import here, texts


def _whole(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(numbers)


@frozen(kw_only=True)
class SurfaceRequest:
    """What is asked of a break-even surface; ``place`` is the folder that it was asked in."""

    policy: str
    levers: tuple[str, ...] = field(converter=texts)
    horizons: tuple[int, ...] = field(converter=_whole)
    margin: float
    most_empty: float
    points: int | None
    draws: int
    replications: int
    settings: tuple[str, ...] = field(converter=texts)
    scenario: str
    assumptions: tuple[str, ...] = field(converter=texts)
    behaviour: str
    years: int
    seed: int
    form: str
    lang: Language
    place: str = field(factory=here)

    def plan(self, registry: Registry) -> SurfacePlan:
        """What is run. Raises `SifError` for all that is unknown or impossible."""
        base = registry.policy(self.policy, self.settings)
        tried = trade_off_plan(
            registry, base, self.levers, (DETERRENCE, EMPTY), points=self.points, seed=self.seed
        )
        around = scenario(self.scenario).assuming(self.assumptions)
        return surface_plan(
            registry, tried, around, self.horizons,
            behaviour=self.behaviour, years=self.years, seed=self.seed,
        )  # fmt: skip

    def manifest(self, registry: Registry, planned: SurfacePlan) -> Manifest:
        """What was requested, and all that the results depend on."""
        any_design = next(iter(planned.designs.values()))
        plan = {
            **run_fingerprint(
                registry, any_design.labels, any_design.policies, any_design.scenario
            ),
            "behaviour": any_design.behaviour.name,
            "years": self.years,
            "seed": self.seed,
            "horizons": [float(each) for each in planned.designs],
            "values": fingerprint(repr(planned.values)),
            "draws": self.draws,
            "replications": self.replications,
            "margin": self.margin,
            "most_empty": self.most_empty,
            **of_python(registry, any_design.behaviour, any_design.measures),
        }
        return Manifest(kind=SURFACE, asked=asdict(self), plan=plan)


@frozen(kw_only=True, eq=False)
class SurfaceResult:
    """What came of a request, what there is to report of its folder, and batches run again.

    ``found`` is None where it was stopped.
    """

    request: SurfaceRequest
    found: Surface | None
    written: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


#: Writes a surface into its folder; returns what there is to report of that.
WriteSurface = Callable[[SurfaceRequest, Surface, ResultsFolder], tuple[str, ...]]


def run_surface(
    registry: Registry,
    request: SurfaceRequest,
    out: Path | None = None,
    *,
    jobs: int | None = None,
    force: bool = False,
    resumed: bool = False,
    write: WriteSurface,
) -> SurfaceResult:
    """Run a request; in a folder its batches are saved as they finish, and then what it gave.

    Raises `SifError` for what is unknown or impossible, and where the folder holds another run;
    `KeyboardInterrupt` where it is stopped and saved nowhere.
    """
    planned = request.plan(registry)
    if out is None:
        return SurfaceResult(request=request, found=_found(request, planned, jobs, None))
    saver = opened(out, request.manifest(registry, planned), resumed=resumed, force=force)
    try:
        found = _found(request, planned, jobs, saver)
        written = write(request, found, saver.folder)
        saver.finish()
    except KeyboardInterrupt:
        return SurfaceResult(request=request, found=None, unreadable=tuple(saver.unreadable))
    finally:
        saver.leave()
    return SurfaceResult(
        request=request, found=found, written=written, unreadable=tuple(saver.unreadable)
    )


def _found(
    request: SurfaceRequest, planned: SurfacePlan, jobs: int | None, saver: CheckpointStore | None
) -> Surface:
    size = planned.runs(request.draws, request.replications)
    with progress(size, REPLICATIONS, jobs=jobs, lines=True, lang=request.lang) as meter:
        if saver is not None:
            saver.report_saved = meter.already
        return break_even_surface(
            planned,
            margin=request.margin,
            most_empty=request.most_empty,
            draws=request.draws,
            replications=request.replications,
            running=Running(jobs=jobs, tick=meter, saver=saver),
        )


def resume_surface(
    registry: Registry,
    folder: Path,
    saved: Manifest,
    *,
    jobs: int | None = None,
    write: WriteSurface,
) -> SurfaceResult:
    """Go on with a surface that was stopped, from the folder in which it was requested.

    Raises `SifError` where what it depends on has changed, with all that has.
    """
    place, at = Path(str(saved.asked.get("place", "."))), folder.absolute()
    with chdir(place) if place.is_dir() else nullcontext():
        request = SurfaceRequest(**saved.asked)
        return run_surface(registry, request, at, jobs=jobs, resumed=True, write=write)
