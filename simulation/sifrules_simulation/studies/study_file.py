"""Study files (studiefiler): a study of the return flow and its controls, stated in TOML.

A file states what is to be run and with which seed, so that one command does it again.
Controls are the same study in another world, or under another behaviour, where the
answer should be another.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import frozen

from sifrules.errors import SifError
from sifrules.loading.reader import Reader, Text
from sifrules.loading.toml import read_toml
from sifrules.plugin.registry import Registry
from sifrules.values.messages import Message
from sifrules.values.text import LocalizedText
from sifrules_simulation.analysis.hypothesis import Hypothesis
from sifrules_simulation.experiments.defaults import (
    CAUSE_REPLICATIONS,
    DRAWS,
    QUICK_DRAWS,
    REPLICATIONS,
)
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.scenarios import Scenario, bundled, scenario
from sifrules_simulation.studies.return_flow import Study, expected, return_flow


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
    margin: float
    years: int
    seed: int
    controls: tuple[Control, ...]

    def world(self, named: str | None = None) -> Scenario:
        """The scenario named, by id or as a file next to the study's own."""
        name = named or self.scenario
        return scenario(name if name in bundled() else self.path.parent / name)


_TOP = ("title", "released", "policies", "scenario", "behaviour", "draws", "replications",
        "cause_replications", "margin", "years", "seed", "controls")  # fmt: skip


def read_study(path: Path) -> StudyFile:
    """Read a study file; `FaultyFile` with every fault of a faulty one."""
    reader = Reader(read_toml(path), str(path))
    reader.refuse_unknown(_TOP)
    reader.require("title", "seed")
    margin = reader.read("margin", float, Hypothesis().margin)
    found: dict[str, Any] = {
        "title": reader.read("title", LocalizedText),
        "released": reader.read("released", bool, False),
        "policies": reader.read("policies", tuple[str, ...], ()),
        "scenario": reader.read("scenario", Text, "default"),
        "behaviour": reader.read("behaviour", Text, USUAL),
        "draws": reader.read("draws", int, DRAWS),
        "replications": reader.read("replications", int, REPLICATIONS),
        "cause_replications": reader.read("cause_replications", int, CAUSE_REPLICATIONS),
        "years": reader.read("years", int, 15),
        "seed": reader.read("seed", int),
        "controls": reader.read("controls", tuple[Control, ...], ()),
    }
    ids = [each.id for each in found["controls"]]
    for each in {each for each in ids if ids.count(each) > 1}:
        reader.fault("controls", Message("study_file.same_id", each=each))
    reader.stop_at_faults()
    Hypothesis(margin)
    return StudyFile(path=path, margin=margin, **found)


def carried_out(
    registry: Registry,
    file: StudyFile,
    *,
    jobs: int | None = None,
    tick: Callable[[int], None] = lambda _: None,
) -> tuple[Study, dict[str, Study]]:
    """Run a study and its controls; what fails or is stopped raises."""

    def run(around: Scenario, behaviour: str, **size: Any) -> Study:
        study = return_flow(
            registry,
            around,
            file.policies or None,
            finding=Hypothesis(file.margin),
            behaviour=behaviour,
            replications=file.replications,
            years=file.years,
            seed=file.seed,
            jobs=jobs,
            tick=tick,
            **size,
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
                fix=Message("study_file.see", command=failure.command) if failure.command else None,
            )
        return study

    controls = {
        str(each.id): run(*_given(file, each), **_control_size(each)) for each in file.controls
    }
    return run(file.world(), file.behaviour, **_size(file)), controls


def runs_expected(registry: Registry, file: StudyFile) -> int:
    """How many replications of single funds a study file takes, its controls included."""
    sizes = [(file.world(), _size(file))]
    sizes += [(_given(file, each)[0], _control_size(each)) for each in file.controls]
    return sum(
        expected(registry, around, file.policies or None, replications=file.replications, **size)
        for around, size in sizes
    )


def _given(file: StudyFile, control: Control) -> tuple[Scenario, str]:
    return file.world(control.scenario), control.behaviour


def _size(file: StudyFile) -> dict[str, Any]:
    return {
        "draws": file.draws,
        "cause_replications": file.cause_replications,
        "calibrate": True,
    }


def _control_size(control: Control) -> dict[str, Any]:
    return {"draws": control.draws, "cause_replications": 0, "calibrate": False}
