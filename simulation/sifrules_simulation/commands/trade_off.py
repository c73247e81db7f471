"""``sif study trade-off``: which values of some rules gain one thing without losing another."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import click

from sifrules.cli.options import output_options, put_out, set_option, the_registry
from sifrules.presentation.answer import Answer
from sifrules.presentation.table import of_frame
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.commands.options import MeasureName
from sifrules_simulation.commands.study import draw_charts, files_note, world_options, years

_ABOUT = Message("study_tables.about")


@click.command("trade-off")
@click.option(
    "--policy", required=True, metavar="ID|FILE", help="The policy whose levers they are."
)
@click.option("--lever", "levers", multiple=True, required=True, metavar="PATH[=LOW:HIGH]",
              help="A number in the guideline, as return_model.share or return_model.floor=0:0.5; "
              "one to four of them.")  # fmt: skip
@click.option("--measure", "measures", multiple=True, type=MeasureName(),
              default=("application_uptake", "months_exhausted"), show_default=True, metavar="NAME",
              help="What is weighed: two measures or more.")  # fmt: skip
@click.option("--less", multiple=True, type=MeasureName(), metavar="NAME",
              help="A measure of which less is better; so it is of months_exhausted, "
              "administration and what is refused or written down.")  # fmt: skip
@click.option(
    "--points",
    type=click.IntRange(2, 500),
    metavar="N",
    help="How many combinations to try; 9, 25, 40 or 60 by the number of levers.",
)
@click.option("--replications", type=click.IntRange(2, 100_000), default=100, show_default=True,
              help="How many worlds to try each combination in.")  # fmt: skip
@set_option
@years
@world_options
@output_options
@click.pass_context
def trade_off(
    ctx: click.Context,
    /,
    policy: str,
    levers: tuple[str, ...],
    measures: tuple[str, ...],
    less: tuple[str, ...],
    points: int | None,
    replications: int,
    settings: tuple[str, ...],
    form: str,
    lang: Language,
    **options: Any,
) -> None:
    """Find the values of some rules that gain one thing without losing another.

    Combinations of values are tried in the same worlds: a grid of one or two levers, a Latin
    hypercube of more. Those on the front, where no other is at least as good in everything, are
    shown with how sure that is; with --out there is a chart, and each is a what-if file.

    \b
    Examples:
      sif study trade-off --policy orebro@2016 --lever return_model.share \\
        --lever return_model.floor --measure application_uptake --measure months_exhausted
      sif study trade-off --policy norrkoping@2010 --lever return_model.share=0:1 --out weighed
    """
    from sifrules_simulation.results.manifest import TRADE_OFF
    from sifrules_simulation.runs.request import RunRequest
    from sifrules_simulation.runs.run import run

    request = RunRequest(
        kind=TRADE_OFF,
        policies=(policy,),
        scenario=options["scenario"],
        assumptions=options["assumptions"],
        behaviour=options["behaviour"],
        years=options["years"],
        seed=options["seed"],
        replications=replications,
        form=form,
        lang=lang,
        settings=settings,
        measures=measures,
        levers=levers,
        less=less,
        points=points,
    )
    out = options["out"]
    found = run(
        the_registry(), request, out, jobs=options["jobs"], force=options["force"],
        write_attachments=partial(write_attachments, out=out),
    )  # fmt: skip
    put_out_trade_off(ctx, found, out)


def write_attachments(found: Any, out: Path) -> Any:
    """Write the chart, and the combinations on the front as what-if files."""
    from sifrules_simulation.presentation.charts.trade_off_chart import trade_off_chart
    from sifrules_simulation.results.folder import ResultsFolder
    from sifrules_simulation.runs.run import Attachments

    folder, lang = ResultsFolder(out), found.request.lang
    for name, text in _files(found, out).items():
        folder.write(name, partial(_write, text=text))
    charts = draw_charts(out, lambda: {"trade_off": trade_off_chart(found.found, lang)})
    return Attachments(charts=charts)


def _write(to: Path, text: str) -> None:
    to.write_text(text, "utf-8")


def _files(found: Any, out: Path) -> dict[str, str]:
    """The what-if files; a policy that is a file is named from where they are put."""
    from sifrules_simulation.presentation.trade_off_tables import what_if_files

    (base,) = found.request.policies
    if Path(base).is_file():
        base = Path(os.path.relpath(base, out)).as_posix()
    return what_if_files(found.found, base, found.request.settings)


def put_out_trade_off(ctx: click.Context, result: Any, out: Path | None) -> None:
    """Show the front, and exit with its exit code."""
    from sifrules_simulation.presentation import trade_off_tables as showing
    from sifrules_simulation.results.spreadsheet import whole_kronor
    from sifrules_simulation.results.trade_off_data import (
        amounts,
        trade_off_frame,
        trade_off_json,
    )

    found, request = result.found, result.request
    lang = request.lang
    files = [] if out is None else list(_files(result, out))
    words = [each.text(lang) for each in showing.trade_off_words(found)]
    about = [each.text(lang) for each in showing.trade_off_notes(found, request.scenario)]
    answer = Answer(
        data={**trade_off_json(found), "words": words},
        tables=(showing.front_table(found, lang, files),),
        csv=of_frame(whole_kronor(trade_off_frame(found).lazy(), amounts(found)).collect()),
        lead="\n".join(words),
        notes=(
            (_ABOUT, (*about, *result.attachments.charts)),
            *files_note({"out": out}),
        ),
    )
    put_out(answer, request.form, lang)
    if found.stopped:
        if out is not None:
            line = Message("command_resume.go_on", out=out).text(lang)
            click.echo(f"sif: {line}", err=True)
        ctx.exit(130)
