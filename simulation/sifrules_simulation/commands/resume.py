"""``sif resume``: resume any run that was stopped."""

from __future__ import annotations

from pathlib import Path

import click

from sifrules.cli.options import the_registry
from sifrules_simulation.commands.compare import put_out_comparison
from sifrules_simulation.commands.options import shared_work
from sifrules_simulation.commands.study import put_out_study, study


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@shared_work
@click.pass_context
def resume(ctx: click.Context, /, folder: Path, jobs: int | None) -> None:
    """Go on with a study, comparison or simulation that was stopped, and end as it would have.

    The folder is what its --out named. Refused where anything that it depends on has changed.

    \b
    Examples:
      sif resume results
    """
    from sifrules_simulation.runs.run import StudyResult, resume

    found = resume(the_registry(), folder, jobs=jobs)
    if isinstance(found, StudyResult):
        put_out_study(ctx, found, folder)
    else:
        put_out_comparison(ctx, found, folder)


#: The name it had when only studies could be resumed.
study.add_command(resume, "resume")
