"""``sif resume``: resume any run that was stopped.

How a run is resumed is in `sifrules_simulation.runs.run`; here its result is put out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sifrules.cli.options import the_registry
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.commands.compare import put_out_comparison, write_attachments
from sifrules_simulation.commands.explore import put_out_exploration
from sifrules_simulation.commands.options import shared_work
from sifrules_simulation.commands.return_flow import (
    put_out_study,
    write_attachments as write_study_attachments,
)
from sifrules_simulation.commands.study import study, write_study
from sifrules_simulation.commands.surface import put_out_surface, write_surface
from sifrules_simulation.commands.trade_off import (
    put_out_trade_off,
    write_attachments as write_trade_off_attachments,
)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@shared_work
@click.pass_context
def resume(ctx: click.Context, /, folder: Path, jobs: int | None) -> None:
    """Go on with a study, comparison or simulation that was stopped, and end as it would have.

    The folder is what its --out named. What is finished is left as it is. Refused where
    anything that it depends on has changed.

    \b
    Examples:
      sif resume results
    """
    from sifrules_simulation.results.manifest import EXPLORATION, SURFACE, WRITTEN_STUDY
    from sifrules_simulation.runs.run import StudyResult, TradeOffResult, resume, saved_run

    saved = saved_run(folder)
    if saved.finished:
        _made_whole(saved, folder)
        return
    if saved.kind == WRITTEN_STUDY:
        _written(ctx, saved, jobs)
        return
    if saved.kind == SURFACE:
        _surface(ctx, saved, folder, jobs)
        return
    if saved.kind == EXPLORATION:
        _explored(ctx, saved, folder, jobs)
        return

    def write(found: Any) -> Any:
        if isinstance(found, TradeOffResult):
            return write_trade_off_attachments(found, folder)
        study = isinstance(found, StudyResult)
        return (write_study_attachments if study else write_attachments)(found, folder)

    found = resume(the_registry(), folder, jobs=jobs, write_attachments=write)
    if isinstance(found, StudyResult):
        put_out_study(ctx, found, folder)
    elif isinstance(found, TradeOffResult):
        put_out_trade_off(ctx, found, folder)
    else:
        put_out_comparison(ctx, found, folder)


def _written(ctx: click.Context, saved: Any, jobs: int | None) -> None:
    """Go on with a study file, and write its page where it was to be."""
    from sifrules_simulation.presentation.written_study.page import page_name
    from sifrules_simulation.results.folder import ResultsFolder
    from sifrules_simulation.studies.study_file import read_study

    lang: Language = "sv" if saved.asked.get("lang") == "sv" else "en"
    stated, place = read_study(Path(saved.asked["file"])), Path(saved.asked["out"])
    write_study(ctx, stated, ResultsFolder(place), jobs=jobs, force=False, lang=lang)
    click.echo(str(place / f"{page_name(stated.path.stem, lang)}.md"))


def _surface(ctx: click.Context, saved: Any, folder: Path, jobs: int | None) -> None:
    """Go on with a break-even surface."""
    from sifrules_simulation.runs.surface import resume_surface

    found = resume_surface(the_registry(), folder, saved, jobs=jobs, write=write_surface)
    put_out_surface(ctx, found, folder)


def _explored(ctx: click.Context, saved: Any, folder: Path, jobs: int | None) -> None:
    """Go on with an exploration, from the folder in which its plan was named."""
    from sifrules_simulation.runs.explore import resume_exploration

    lang: Language = "sv" if saved.asked.get("lang") == "sv" else "en"
    found = resume_exploration(the_registry(), folder, saved, jobs=jobs)
    put_out_exploration(ctx, found, folder, str(saved.asked.get("form", "table")), lang)


def _made_whole(saved: Any, folder: Path) -> None:
    """Say that a run is finished; its report is made where somebody took it away."""
    from sifrules_simulation.presentation.report import attached_report
    from sifrules_simulation.results.contents import names_of
    from sifrules_simulation.results.manifest import EXPLORATION, SURFACE

    lang: Language = "sv" if saved.asked.get("lang") == "sv" else "en"
    lines: tuple[str, ...] = ()
    if (
        attached_report.NAME in names_of(saved.kind)
        and not (folder / attached_report.NAME).exists()
    ):
        lines = attached_report.attach_report(folder, lang)
    shown = saved.kind not in (SURFACE, EXPLORATION)  # what sif results can show
    code = "results.already_finished" if shown else "results.already_whole"
    finished = Message(code, folder=folder).text(lang)
    click.echo("\n".join((finished, *lines)))


#: The name it had when only studies could be resumed.
study.add_command(resume, "resume")
