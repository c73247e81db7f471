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
from sifrules_simulation.commands.compare import put_out_comparison, write_beside
from sifrules_simulation.commands.options import shared_work
from sifrules_simulation.commands.study import (
    put_out_study,
    study,
    write_beside as write_beside_study,
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
    from sifrules_simulation.runs.run import StudyResult, resume, saved_run

    kept = saved_run(folder)
    if kept.finished:
        _made_whole(kept, folder)
        return

    def write(found: Any) -> Any:
        study = isinstance(found, StudyResult)
        return (write_beside_study if study else write_beside)(found, folder)

    found = resume(the_registry(), folder, jobs=jobs, write_beside=write)
    if isinstance(found, StudyResult):
        put_out_study(ctx, found, folder)
    else:
        put_out_comparison(ctx, found, folder)


def _made_whole(kept: Any, folder: Path) -> None:
    """Say that a run is finished; its report is made where somebody took it away."""
    from sifrules_simulation.presentation.report import beside_results as beside
    from sifrules_simulation.results.contents import names_of

    lang: Language = "sv" if kept.asked.get("lang") == "sv" else "en"
    lines: tuple[str, ...] = ()
    if beside.NAME in names_of(kept.kind) and not (folder / beside.NAME).exists():
        lines = beside.report_beside(folder, lang)
    finished = Message("results.already_finished", folder=folder).text(lang)
    click.echo("\n".join((finished, *lines)))


#: The name it had when only studies could be resumed.
study.add_command(resume, "resume")
