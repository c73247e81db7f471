"""Study files (studiefiler): a study of the return flow and its controls, stated in TOML.

A file states what is to be run and with which seed, so that one command does it again.
Controls are the same study in another world, or under another behaviour, where the
answer should be another.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from sifrules.errors import SifError
from sifrules.loading.reader import Reader, Text
from sifrules.loading.toml import read_toml
from sifrules.plugin.registry import Registry
from sifrules.values.messages import Message
from sifrules.values.text import LocalizedText
from sifrules_simulation.analysis.hypothesis import Hypothesis
from sifrules_simulation.experiments.batches import (
    ON_ALL_CORES,
    BatchResult,
    BatchSaver,
    BatchSchema,
    Running,
    Values,
)
from sifrules_simulation.experiments.defaults import (
    CAUSE_REPLICATIONS,
    DRAWS,
    QUICK_DRAWS,
    REPLICATIONS,
    YEARS,
)
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.own_size import states_own_size
from sifrules_simulation.model.scenarios import Scenario, bundled, scenario
from sifrules_simulation.studies.hypotheses import study_design
from sifrules_simulation.studies.return_flow import Study, expected, run_study


@frozen(kw_only=True)
class Control:
    """The same study where its answer should be another, and what is to be seen there."""

    id: Text
    title: LocalizedText
    expect: LocalizedText
    scenario: str | None = None
    behaviour: str = USUAL
    draws: int = QUICK_DRAWS


@frozen(kw_only=True)
class StudyFile:
    """A study as its file states it.

    ``released`` says that its results and figures are files of a release, not next to its page.
    """

    path: Path
    title: LocalizedText
    released: bool
    policies: tuple[str, ...]
    scenario: str
    behaviour: str
    draws: int
    replications: int
    cause_replications: int
    alternative_draws: int
    margin: float
    years: int
    any_size: bool
    seed: int
    controls: tuple[Control, ...]

    def world(self, named: str | None = None) -> Scenario:
        """The scenario named, by id or as a file next to the study's own."""
        name = named or self.scenario
        around = scenario(name if name in bundled() else self.path.parent / name)
        if self.any_size or states_own_size(around) or around.own_size:
            return around
        return around.assuming(("own_size=true",))


_TOP = ("title", "released", "policies", "scenario", "behaviour", "draws", "replications",
        "cause_replications", "alternative_draws", "margin", "years", "any_size", "seed",
        "controls")  # fmt: skip


def read_study(path: Path) -> StudyFile:
    """Read a study file; `FaultyFile` with every fault of a faulty one."""
    reader = Reader(read_toml(path), str(path))
    reader.refuse_unknown(_TOP)
    reader.require("title", "seed")
    margin = float(reader.read("margin", Decimal, Hypothesis().margin))
    found: dict[str, Any] = {
        "title": reader.read("title", LocalizedText),
        "released": reader.read("released", bool, False),
        "policies": reader.read("policies", tuple[str, ...], ()),
        "scenario": reader.read("scenario", Text, "default"),
        "behaviour": reader.read("behaviour", Text, USUAL),
        "draws": reader.read("draws", int, DRAWS),
        "replications": reader.read("replications", int, REPLICATIONS),
        "cause_replications": reader.read("cause_replications", int, CAUSE_REPLICATIONS),
        "alternative_draws": reader.read("alternative_draws", int, 0),
        "years": reader.read("years", int, YEARS),
        "any_size": reader.read("any_size", bool, False),
        "seed": reader.read("seed", int),
        "controls": reader.read("controls", tuple[Control, ...], ()),
    }
    ids = [each.id for each in found["controls"]]
    for each in {each for each in ids if ids.count(each) > 1}:
        reader.fault("controls", Message("study_file.same_id", each=each))
    try:
        Hypothesis(margin)
    except SifError as error:
        reader.fault("margin", error.what, fix=error.fix)
    reader.stop_at_faults()
    return StudyFile(path=path, margin=margin, **found)


@frozen(kw_only=True, eq=False)
class PlannedStudy:
    """A study of a file, or one of its controls, with the design that it runs."""

    control: str | None
    design: Design
    draws: int
    cause_replications: int
    alternative_draws: int
    calibrate: bool

    @property
    def size(self) -> dict[str, Any]:
        """How much is run, as `run_study` takes it."""
        return {
            "draws": self.draws,
            "cause_replications": self.cause_replications,
            "alternative_draws": self.alternative_draws,
            "calibrate": self.calibrate,
        }


def plan_studies(registry: Registry, file: StudyFile) -> tuple[PlannedStudy, ...]:
    """The controls of a file, then its study. Raises `SifError` for what is impossible."""

    def design(around: Scenario, behaviour: str) -> Design:
        return study_design(
            registry,
            around,
            file.policies or None,
            behaviour=behaviour,
            years=file.years,
            seed=file.seed,
        )

    controls = tuple(
        PlannedStudy(
            control=str(each.id),
            design=design(file.world(each.scenario), each.behaviour),
            draws=each.draws,
            cause_replications=0,
            alternative_draws=0,
            calibrate=False,
        )
        for each in file.controls
    )
    itself = PlannedStudy(
        control=None,
        design=design(file.world(), file.behaviour),
        draws=file.draws,
        cause_replications=file.cause_replications,
        alternative_draws=file.alternative_draws,
        calibrate=True,
    )
    return (*controls, itself)


def run_study_file(
    registry: Registry,
    file: StudyFile,
    planned: Sequence[PlannedStudy],
    running: Running = ON_ALL_CORES,
) -> tuple[Study, dict[str, Study]]:
    """Run a study and its controls; what fails or is stopped raises."""
    studies = {
        each.control: _run(registry, file, each, _saving(running, each, number))
        for number, each in enumerate(planned)
    }
    controls = {control: study for control, study in studies.items() if control is not None}
    return studies[None], controls


def _saving(running: Running, planned: PlannedStudy, number: int) -> Running:
    """The same, with the batches of a control saved under names of their own."""
    if running.saver is None or planned.control is None:
        return running
    return evolve(running, saver=_SaverOfControl(running.saver, number))


@frozen
class _SaverOfControl:
    """Saves the batches of a control under names of their own, by its number in the file."""

    saver: BatchSaver
    control: int

    def _own(self, schema: BatchSchema[Values]) -> BatchSchema[Values]:
        own: Any = schema
        named: BatchSchema[Values] = evolve(own, name=f"control-{self.control}-{schema.name}")
        return named

    def load(self, schema: BatchSchema[Values], number: int) -> BatchResult[Values] | None:
        return self.saver.load(self._own(schema), number)

    def save(self, schema: BatchSchema[Values], number: int, result: BatchResult[Values]) -> None:
        self.saver.save(self._own(schema), number, result)

    def already(self, count: int) -> None:
        self.saver.already(count)


def _run(registry: Registry, file: StudyFile, planned: PlannedStudy, running: Running) -> Study:
    study = run_study(
        registry,
        planned.design,
        finding=Hypothesis(file.margin),
        replications=file.replications,
        precision=None,
        running=running,
        **planned.size,
    )
    if study.stopped:
        raise KeyboardInterrupt
    if study.failure is not None:
        raise study.failure
    for failure in study.failures:  # a study that is written up is whole
        raise SifError(
            Message(
                "study_file.failed",
                n=len(study.failures),
                policy=failure.policy,
                error=failure.error,
            ),
            fix=Message("failure.see", command=failure.command) if failure.command else None,
        )
    return study


def runs_expected(registry: Registry, file: StudyFile, planned: Sequence[PlannedStudy]) -> int:
    """How many replications of single funds a study file takes, its controls included."""
    return sum(
        expected(registry, each.design, replications=file.replications, **each.size)
        for each in planned
    )
