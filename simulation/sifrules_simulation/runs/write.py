"""Running a study file (studiefil): its study and its controls, resumed where it was stopped.

Batches are saved in a folder next to the page until the page is written; the folder is then
removed.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen

from sifrules.plugin.registry import Registry
from sifrules.values.text import Language
from sifrules_simulation.execution.progress import progress
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.defaults import ACCEPT
from sifrules_simulation.model.fingerprints import run_fingerprint
from sifrules_simulation.results.checkpoints import opened
from sifrules_simulation.results.manifest import WRITTEN_STUDY, Manifest
from sifrules_simulation.studies.return_flow import Study
from sifrules_simulation.studies.study_file import (
    PlannedStudy,
    StudyFile,
    plan_studies,
    run_study_file,
    runs_expected,
)

_MINUTES = "minutes.json"


@frozen(eq=False)
class StudyFileResult:
    """What came of a study file: its study, its controls, and the minutes that it took in all."""

    study: Study
    controls: Mapping[str, Study]
    minutes: float
    unreadable: tuple[str, ...] = ()


def unfinished(place: Path, name: str) -> Path:
    """The folder that holds what is saved of a study file until its page is written.

    >>> unfinished(Path("studies"), "return-flow").as_posix()
    'studies/return-flow.unfinished'
    """
    return place / f"{name}.unfinished"


@contextmanager
def running_study_file(
    registry: Registry,
    file: StudyFile,
    place: Path,
    *,
    jobs: int | None = None,
    force: bool = False,
    asked: Mapping[str, Any] | None = None,
    lang: Language = "en",
) -> Iterator[StudyFileResult]:
    """Run a study file, or go on with it; what was saved is removed once the block has ended well.

    Raises `SifError` where what is saved there is of another plan, unless ``force`` is given.
    """
    planned = plan_studies(registry, file)
    out = unfinished(place, file.path.stem)
    store = opened(out, _manifest(registry, file, planned, asked or {}), force=force)
    began, before = time.monotonic(), _minutes(out)
    try:
        with progress(
            runs_expected(registry, file, planned), jobs=jobs, lines=True, lang=lang
        ) as meter:
            store.report_saved = meter.already
            running = Running(jobs=jobs, tick=meter, saver=store)
            study, controls = run_study_file(registry, file, planned, running)
        minutes = before + (time.monotonic() - began) / 60
        yield StudyFileResult(study, controls, minutes, tuple(store.unreadable))
        store.finish()
    except BaseException:
        store.folder.json(_MINUTES, {"minutes": before + (time.monotonic() - began) / 60})
        raise
    finally:
        store.leave()
    shutil.rmtree(out)


def _minutes(out: Path) -> float:
    """How many minutes were spent before it was stopped; 0 where that is not known."""
    try:
        return float(json.loads((out / _MINUTES).read_text("utf-8"))["minutes"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0.0


def _manifest(
    registry: Registry,
    file: StudyFile,
    planned: tuple[PlannedStudy, ...],
    asked: Mapping[str, Any],
) -> Manifest:
    """What is asked for, and all that the results depend on, controls included."""
    plan: dict[str, Any] = {}
    for each in planned:
        design = each.design
        depends = run_fingerprint(registry, design.labels, design.policies, design.scenario)
        if each.control is None:
            plan |= depends | {"behaviour": design.behaviour.name, **each.size}
        else:
            ran = {"scenario": depends["scenario"], "behaviour": design.behaviour.name, **each.size}
            plan[each.control] = json.dumps(ran, sort_keys=True)
    plan |= {
        "seed": file.seed, "years": file.years, "replications": file.replications,
        "margin": file.margin, "accept": ACCEPT,
    }  # fmt: skip
    return Manifest(kind=WRITTEN_STUDY, asked=dict(asked), plan=plan)
