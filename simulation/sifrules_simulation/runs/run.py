"""Running (körning): a request becomes a design, batches and saved results, in one way.

`_run` is the whole of it, for a comparison, a simulation and studies alike: `run` comes to it
by a request, `resume` by a folder that holds an unfinished run.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import (
    AbstractContextManager,
    chdir,
    contextmanager,
    nullcontext,
    redirect_stdout,
)
from functools import partial
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from sifrules.errors import SifError
from sifrules.plugin.registry import Registry
from sifrules.values.messages import Message
from sifrules.values.text import same
from sifrules_simulation.analysis.compare import run_comparison, spans_of, stages_of
from sifrules_simulation.analysis.comparison import Comparison
from sifrules_simulation.analysis.hypothesis import Hypothesis
from sifrules_simulation.analysis.record_years import compare_record, municipalities
from sifrules_simulation.analysis.trade_off import TradeOff, run_trade_off
from sifrules_simulation.execution.local import end_idle_processes
from sifrules_simulation.execution.progress import REPLICATIONS, progress
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.runner import ReplicationSchema
from sifrules_simulation.model.fingerprints import environment_fingerprint
from sifrules_simulation.results.checkpoints import CheckpointStore, opened, unlike_before
from sifrules_simulation.results.export import save_comparison, save_study, save_trade_off
from sifrules_simulation.results.manifest import (
    STUDY,
    TRADE_OFF,
    Manifest,
    differences,
    manifest_in,
)
from sifrules_simulation.results.record_data import record_json
from sifrules_simulation.results.study_data import as_json
from sifrules_simulation.results.tables import table as saved_table
from sifrules_simulation.runs.request import RunRequest, comparison_manifest, here
from sifrules_simulation.studies.return_flow import Study, expected, run_study


@frozen
class Attachments:
    """What there is to report of the charts and the report that a folder has next to its tables."""

    charts: tuple[str, ...] = ()
    report: tuple[str, ...] = ()


@frozen(kw_only=True, eq=False)
class ComparisonResult:
    """What a comparison or simulation gave, and the batches that had to be run again."""

    request: RunRequest
    design: Design
    comparison: Comparison
    unreadable: tuple[str, ...] = ()
    attachments: Attachments = Attachments()
    #: the records of the municipalities beside what is foreseen of them, as they are saved
    records: tuple[dict[str, Any], ...] = ()

    @property
    def finished(self) -> bool:
        """Whether there is nothing to resume."""
        return not self.comparison.stopped

    @property
    def failure(self) -> SifError | None:
        """Why there is no result at all."""
        return self.comparison.failure

    def save(self, saver: CheckpointStore) -> None:
        """Save the final tables, the replications out of the batches' files."""
        asked = self.request
        there = _batch_files(
            saver, self.design, asked.replications, asked.precision, self.comparison.batches
        )
        save_comparison(
            saver.folder,
            self.comparison,
            there,
            asked.lang,
            self.records,
            command=asked.command_line,
        )


@frozen(kw_only=True, eq=False)
class StudyResult:
    """What a study gave, the data it is shown as, and the batches that had to be run again."""

    request: RunRequest
    study: Study
    data: dict[str, Any]
    unreadable: tuple[str, ...] = ()
    attachments: Attachments = Attachments()

    @property
    def finished(self) -> bool:
        """Whether there is nothing to resume: what failed on the way, as for room, is resumed."""
        return not self.study.stopped and self.study.failure is self.study.effects.failure

    @property
    def failure(self) -> SifError | None:
        """Why there is no result at all."""
        return None if self.study.answers else self.study.failure

    def save(self, saver: CheckpointStore) -> None:
        """Save the final tables."""
        asked = self.request
        save_study(saver.folder, self.study, self.data, asked.lang, asked.command_line)


@frozen(kw_only=True, eq=False)
class InPython:
    """A comparison that was asked for in Python: by objects, which no command line names."""

    design: Design
    replications: int
    precision: tuple[str, float] | None = None
    force: bool = False


def run_in_folder(
    registry: Registry, asked: InPython, out: Path, *, jobs: int | None = None
) -> Comparison:
    """Run a comparison of objects, its batches and then its tables saved in a folder.

    Its replications and what happened are read from there, bit by bit.
    """
    design = asked.design
    manifest = comparison_manifest(
        registry, design, asked.replications, asked.precision, {"in_python": True}
    )
    with _saver(out, lambda: manifest, force=asked.force) as saver:
        running = Running(jobs=jobs, saver=saver)
        found = run_comparison(design, asked.replications, running, precision=asked.precision)
        if saver is not None:
            if design.tables:
                end_idle_processes()
            files = _batch_files(saver, design, asked.replications, asked.precision, found.batches)
            save_comparison(saver.folder, found, files, "en")
            if not found.stopped:
                saver.finish()
    return evolve(found, saved=partial(saved_table, out))


def _batch_files(
    saver: CheckpointStore,
    design: Design,
    replications: int,
    precision: tuple[str, float] | None,
    batches: int,
) -> list[Path]:
    """The files of the batches that a comparison has run; there is none where a process died."""
    stages = stages_of(replications, precision is not None)
    schema = ReplicationSchema(design, tuple(spans_of(design, stages)))
    files = (saver.file(schema, number) for number in range(batches))
    return [file for file in files if file.is_file()]


@frozen(kw_only=True, eq=False)
class TradeOffResult:
    """What a trade-off gave, and the batches that had to be run again."""

    request: RunRequest
    found: TradeOff
    unreadable: tuple[str, ...] = ()
    attachments: Attachments = Attachments()
    failure: SifError | None = None

    @property
    def finished(self) -> bool:
        """Whether there is nothing to resume."""
        return not self.found.stopped

    def save(self, saver: CheckpointStore) -> None:
        """Save the final tables."""
        asked = self.request
        save_trade_off(saver.folder, self.found, asked.lang, asked.command_line)


RunResult = ComparisonResult | StudyResult | TradeOffResult
#: Writes what else belongs to saved tables; the run is finished only when that is there too.
WriteBeside = Callable[[RunResult], Attachments]


def run(
    registry: Registry,
    request: RunRequest,
    out: Path | None = None,
    *,
    jobs: int | None = None,
    force: bool = False,
    write_attachments: WriteBeside = lambda _: Attachments(),
) -> RunResult:
    """Run what was requested; in a folder its batches are saved as they finish.

    Raises `SifError` for what is unknown or impossible, where every replication failed, and
    where the folder holds another run, unless ``force`` is given.
    """
    design = request.design(registry)
    saver = _saver(out, lambda: request.manifest(registry, design), force=force)
    return _run(registry, request, design, saver, jobs, write_attachments)


def saved_run(out: Path) -> Manifest:
    """The manifest of the run that a folder holds; `SifError` where it holds none."""
    found = manifest_in(out)
    if found is None:
        raise SifError(
            Message("results.nothing_to_resume", path=out), fix=Message("results.name_run_folder")
        )
    return found


def resume(
    registry: Registry,
    out: Path,
    *,
    jobs: int | None = None,
    write_attachments: WriteBeside = lambda _: Attachments(),
) -> RunResult:
    """Resume the run that a folder holds, from the folder in which it was requested.

    Gives the result that the run would have had if it had not been stopped; a finished run, which
    `saved_run` shows, is run again. Raises `SifError` where there is none to resume, or where what
    it depends on has changed, with all that has.
    """
    before, folder, now_in = saved_run(out), out.absolute(), here()

    def write(found: RunResult) -> Attachments:  # what is named there is named from here
        with chdir(now_in) if now_in else nullcontext():
            return write_attachments(found)

    place = Path(str(before.asked.get("place", ".")))
    with chdir(place) if place.is_dir() else nullcontext():
        try:
            request = RunRequest(**{**before.asked, "kind": before.kind})
            design = request.design(registry)
        except (SifError, TypeError) as error:  # may be for what has changed since
            now = environment_fingerprint(registry)
            unlike = differences({name: before.plan.get(name) for name in now}, now)
            why = error.full_text if isinstance(error, SifError) else same(str(error))
            raise unlike_before(out, (*unlike, why), resumed=True) from None
        saver = _saver(folder, lambda: request.manifest(registry, design), resuming=True)
        return _run(registry, request, design, saver, jobs, write)


def _run(
    registry: Registry,
    request: RunRequest,
    design: Design,
    saving: AbstractContextManager[CheckpointStore | None],
    jobs: int | None,
    write_attachments: WriteBeside,
) -> RunResult:
    with saving as saver:
        with progress(
            *_size(registry, request, design), jobs=jobs, lines=True, lang=request.lang
        ) as meter:
            if saver is not None:
                saver.report_saved = meter.already
            running = Running(jobs=jobs, tick=meter, saver=saver)
            with redirect_stdout(sys.stderr):  # what a plugin prints is no part of the answer
                found = _result(registry, request, design, running)
        if saver is not None:
            end_idle_processes()
            found.save(saver)
            if found.failure is None:
                found = evolve(found, attachments=write_attachments(found))
            if found.finished:
                saver.finish()
            found = evolve(found, unreadable=tuple(saver.unreadable))
    if found.failure is not None:
        raise found.failure
    return found


def _size(registry: Registry, request: RunRequest, design: Design) -> tuple[int, Message]:
    """How many replications a run takes at most, and of what."""
    if request.kind == STUDY:
        return expected(registry, design, **request.size), REPLICATIONS
    count = len(design.policies)  # each replication is of all of them
    towns = municipalities(registry, design.labels) if request.record else ()
    size = request.replications * (1 + len(towns))
    if count == 1:
        return size, REPLICATIONS
    return size, Message("progress.replications_of", count=count)


def _result(registry: Registry, request: RunRequest, design: Design, running: Running) -> RunResult:
    if request.kind == STUDY:
        study = run_study(
            registry, design, finding=Hypothesis(request.margin), running=running, **request.size
        )
        return StudyResult(request=request, study=study, data=as_json(study))
    if request.kind == TRADE_OFF:
        plan = request.trade_off(registry)
        found = run_trade_off(plan, design, request.replications, running)
        return TradeOffResult(request=request, found=found)
    comparison = run_comparison(design, request.replications, running, precision=request.precision)
    return ComparisonResult(
        request=request,
        design=design,
        comparison=comparison,
        records=() if comparison.stopped else _records(registry, request, design, running),
    )


def _records(
    registry: Registry, request: RunRequest, design: Design, running: Running
) -> tuple[dict[str, Any], ...]:
    """The record of each municipality compared beside what is foreseen of it, where requested."""
    if not request.record:
        return ()
    alone = evolve(running, saver=None)
    return tuple(
        record_json(
            compare_record(
                registry,
                key,
                assumptions=request.assumptions,
                behaviour=request.behaviour,
                replications=request.replications,
                seed=request.seed,
                running=alone,
            )
        )
        for key in municipalities(registry, design.labels)
    )


@contextmanager
def _saver(
    out: Path | None,
    manifest: Callable[[], Manifest],
    *,
    resuming: bool = False,
    force: bool = False,
) -> Iterator[CheckpointStore | None]:
    """What saves the batches of a run while it lasts; None where it is saved nowhere."""
    if out is None:
        yield None
        return
    store = opened(out, manifest(), resumed=resuming, force=force)
    try:
        yield store
    finally:
        store.leave()
