"""``sif study surface``: up to which rules does the return flow deter less than the margin?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sifrules.cli.options import NUMBER, output_options, put_out, set_option, the_registry
from sifrules.presentation.answer import Answer
from sifrules.presentation.table import of_frame
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.commands.options import correlation_option
from sifrules_simulation.commands.study import (
    draw_charts,
    files_note,
    world_options,
    years,
)

_ABOUT = Message("study_tables.about")


@click.command()
@click.option(
    "--policy", required=True, metavar="ID|FILE", help="The policy whose levers they are."
)
@click.option(
    "--lever",
    "levers",
    multiple=True,
    metavar="PATH[=LOW:HIGH]",
    default=("return_model.share", "return_model.floor"),
    show_default=True,
    help="A number in the guideline; the break-even is sought along the first.",
)
@click.option(
    "--horizon",
    "horizons",
    multiple=True,
    type=click.IntRange(1, 600),
    metavar="MONTHS",
    default=(24, 60, 120),
    show_default=True,
    help="How many months committees look ahead. May be repeated.",
)
@click.option(
    "--margin",
    type=NUMBER,
    default=0.05,
    show_default=True,
    help="How much less committees may want to apply; 0.05 is five points.",
)
@click.option(
    "--most-empty",
    type=NUMBER,
    default=12,
    show_default=True,
    metavar="MONTHS",
    help="How many months in all the fund may be nearly empty and still lasts.",
)
@click.option(
    "--points",
    type=click.IntRange(2, 500),
    metavar="N",
    help="How many combinations to try; 9, 25, 40 or 60 by the number of levers.",
)
@click.option(
    "--draws",
    type=click.IntRange(8, 100_000),
    default=64,
    show_default=True,
    help="How many draws of all other uncertain parameters.",
)
@click.option("--replications", type=click.IntRange(2, 10_000), default=2, show_default=True,
              help="How many worlds to each draw.")  # fmt: skip
@set_option
@years
@correlation_option
@world_options
@output_options
@click.pass_context
def surface(ctx: click.Context, /, **options: Any) -> None:
    """Find up to which rules the return flow deters less than a margin while the fund lasts.

    Combinations of values are tried with and without the return flow, over the same draws, for
    each number of months that committees look ahead. Exit code 1 where none does it.
    With --out it can be stopped, and resumed with sif resume.

    \b
    Examples:
      sif study surface --policy orebro@2016
      sif study surface --policy orebro@2016 --lever return_model.share=0.1:1 --horizon 36 \\
        --horizon 120 --most-empty 24 --years 10 --out surface
    """
    from sifrules_simulation.runs.surface import SurfaceRequest, run_surface

    out: Path | None = options.pop("out")
    jobs, force = options.pop("jobs"), options.pop("force")
    request = SurfaceRequest(**options)
    found = run_surface(the_registry(), request, out, jobs=jobs, force=force, write=write_surface)
    put_out_surface(ctx, found, out)


def write_surface(request: Any, found: Any, folder: Any) -> tuple[str, ...]:
    """Write a surface and its chart into its folder; what there is to report of the chart."""
    from sifrules_simulation.presentation.charts.surface_chart import surface_chart
    from sifrules_simulation.presentation.surface_tables import surface_json

    folder.json("surface.json", surface_json(found))
    return draw_charts(folder.path, lambda: {"surface": surface_chart(found, request.lang)})


def put_out_surface(ctx: click.Context, result: Any, out: Path | None) -> None:
    """Show a surface; exit with 1 where no combination does it, with 130 where it was stopped."""
    from sifrules_simulation.presentation import surface_tables as showing

    request, found = result.request, result.found
    lang: Language = request.lang
    for name in result.unreadable:
        again = Message("command_resume.run_again", piece=f"{out}/{name}").text(lang)
        click.echo(f"sif: {again}", err=True)
    if found is None:
        line = Message("command_resume.go_on", out=out).text(lang)
        click.echo(f"sif: {line}", err=True)
        ctx.exit(130)
    words = [each.text(lang) for each in showing.surface_words(found)]
    notes = showing.surface_notes(found, request.scenario, request.seed)
    about = (*(each.text(lang) for each in notes), *result.written)
    answer = Answer(
        data={**showing.surface_json(found), "words": words},
        tables=(showing.lines_table(found, lang), showing.points_table(found, lang)),
        csv=of_frame(showing.points_frame(found)),
        lead="\n".join(words),
        notes=((_ABOUT, about), *files_note({"out": out})),
    )
    put_out(answer, request.form, lang)
    if not any(each.sure >= showing.SURE for each in found.points):
        ctx.exit(1)
