"""``sif study``: break-even values of rules, calibration, and writing a study up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from sifrules.cli.help import help_of
from sifrules.cli.options import NUMBER, output_options, put_out, set_option, the_registry
from sifrules.cli.usage import language_asked
from sifrules.presentation.answer import Answer
from sifrules.presentation.table import Column, Table, of_frame
from sifrules.values.messages import Message, Text
from sifrules.values.text import LANGUAGES, Language
from sifrules_simulation.commands.options import MeasureName, shared_work
from sifrules_simulation.experiments.defaults import ACCEPT, CALIBRATION_DRAWS, YEARS

Command = TypeVar("Command", bound=Callable[..., Any])

_ABOUT = Message("command_study.about")
_FILES = Message("command_study.files")


@click.group(invoke_without_command=True)
@click.pass_context
def study(ctx: click.Context) -> None:
    """Studies: does the return flow hinder uptake, why, and at what value does a rule turn?"""
    if ctx.invoked_subcommand is None:
        click.echo(help_of(ctx, language_asked(())))


def world_options(command: Command) -> Command:
    """The options that say in which worlds a study is made, and how."""
    options: tuple[Callable[..., Any], ...] = (
        click.option("--scenario", default="default", metavar="ID|FILE", show_default=True,
                     help="The municipality, by name or as a TOML file."),
        click.option("--assume", "assumptions", multiple=True, metavar="PATH=VALUE",
                     help="Change a parameter of the scenario; a study still draws it from its "
                     "range."),
        click.option("--seed", type=click.IntRange(0, 2**63), default=1, show_default=True,
                     help="The seed of all draws; the same seed gives the same result."),
        click.option("--behaviour", default="weighing", show_default=True,
                     help="How committees choose: weighing, prospect, null, or a plugin's."),
        shared_work,
        click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
                     help="Save the results there, every draw among them."),
        click.option("--force", is_flag=True,
                     help="Overwrite what the folder of --out holds of another run."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


years = click.option(
    "--years",
    type=click.IntRange(1, 100),
    default=YEARS,
    show_default=True,
    help="How many years to simulate.",
)


@study.command("break-even")
@click.option("--policy", required=True, metavar="ID|FILE", help="The policy whose lever it is.")
@click.option(
    "--lever",
    required=True,
    metavar="PATH",
    help="A number in the guideline, as return_model.floor.",
)
@click.option(
    "--measure",
    type=MeasureName(),
    default="application_uptake",
    show_default=True,
    help="What is to cross the line; its name as sif simulate --format csv has it.",
)
@click.option(
    "--target",
    type=NUMBER,
    required=True,
    metavar="VALUE",
    help="The line, in the measure's unit: a share from 0 to 1, kronor, or a count.",
)
@click.option(
    "--within",
    type=NUMBER,
    nargs=2,
    metavar="LOW HIGH",
    help="The range to look in; for a share from 0 to 1 unless given.",
)
@click.option(
    "--replications",
    type=click.IntRange(2, 100_000),
    default=200,
    show_default=True,
    help="How many worlds to try each value in.",
)
@set_option
@years
@world_options
@output_options
def break_even(
    policy: str,
    lever: str,
    measure: str,
    target: float,
    within: tuple[float, float] | None,
    replications: int,
    settings: tuple[str, ...],
    form: str,
    lang: Language,
    **options: Any,
) -> None:
    """Find the value of a rule at which a measure crosses a line, with its interval.

    Exit code 1 where no value in the range does it.

    \b
    Examples:
      sif study break-even --policy orebro@2016 --lever return_model.floor --target 0.12
      sif study break-even --policy orebro@2016 --lever caps.new_investments.limit \\
        --measure granted --target 80000000 --within 1 12
    """
    from sifrules_simulation.analysis.break_even import VALUES, break_even
    from sifrules_simulation.execution.progress import progress
    from sifrules_simulation.presentation import break_even_tables as showing
    from sifrules_simulation.results.contents import BREAK_EVEN

    folder = folder_for(BREAK_EVEN, options)
    named = the_registry().policy(policy, settings)
    with progress(2 * VALUES * replications, lang=lang) as tick:
        found = break_even(
            the_registry(), named, lever, measure, target,
            within=within, scenario=named_scenario(options), replications=replications,
            years=options["years"], seed=options["seed"], behaviour=options["behaviour"],
            jobs=options["jobs"], tick=tick,
        )  # fmt: skip
    data, table = showing.break_even_json(found), showing.break_even_table(found, lang)
    words = [each.text(lang) for each in showing.break_even_words(found)]
    rows = [
        [repr(x["value"]), *(repr(x[n]) for n in ("mean", "low", "high"))] for x in data["curve"]
    ]
    heads = ("value", "mean", "low", "high")
    answer = Answer(
        data={**data, "words": words},
        tables=(table,),
        csv=Table([Column(head, number=True) for head in heads], rows),
        lead="\n".join(words),
    )
    put_out(answer, form, lang)
    if folder is not None:
        folder.json("break_even.json", data)
    if found.crossing is None:
        click.get_current_context().exit(1)


@study.command("calibrate")
@click.option(
    "--municipality",
    "municipalities",
    multiple=True,
    metavar="KEY",
    help="A municipality to calibrate on, as norrkoping; all whose record can be counted unless "
    "given. May be repeated.",
)
@click.option(
    "--draws",
    type=click.IntRange(2, 1_000_000),
    default=CALIBRATION_DRAWS,
    show_default=True,
    metavar="N",
    help="How many draws of all uncertain parameters to try.",
)
@click.option(
    "--accept",
    type=NUMBER,
    default=ACCEPT,
    show_default=True,
    metavar="SHARE",
    help="The share of draws that is accepted.",
)
@world_options
@output_options
def calibrate(
    municipalities: tuple[str, ...],
    draws: int,
    accept: float,
    form: str,
    lang: Language,
    **options: Any,
) -> None:
    """Find the parameters that could have brought about what really happened.

    Each municipality's fund is simulated once for each draw; the draws whose grants are most
    like the record are accepted. What is learnt is tried on a municipality left out.

    \b
    Examples:
      sif study calibrate
      sif study calibrate --draws 4096 --out calibration --lang sv
    """
    from sifrules_simulation.analysis.calibration import calibrated
    from sifrules_simulation.analysis.observations import countable, record
    from sifrules_simulation.execution.progress import progress
    from sifrules_simulation.experiments.batches import Running
    from sifrules_simulation.presentation import calibration_tables as showing
    from sifrules_simulation.presentation.charts.figures import calibration_figures
    from sifrules_simulation.presentation.worded_study import calibration_in_words
    from sifrules_simulation.results.contents import CALIBRATION
    from sifrules_simulation.results.export import save_calibration
    from sifrules_simulation.results.spreadsheet import whole_kronor
    from sifrules_simulation.results.study_frames import parameters_frame

    registry = the_registry()
    records = [record(registry, key) for key in municipalities] or None
    towns = len(records or countable(registry)[0])
    out = options["out"]
    folder = folder_for(CALIBRATION, options)
    with progress(draws * towns, lang=lang) as tick:
        found = calibrated(
            registry, records=records, scenario=named_scenario(options),
            behaviour=options["behaviour"], draws=draws, accept=accept, seed=options["seed"],
            running=Running(jobs=options["jobs"], tick=tick),
        )  # fmt: skip
    data = found.as_json()
    words = calibration_in_words(data, lang)
    about = [each.text(lang) for each in showing.notes(found, data)]
    if folder is not None:
        save_calibration(folder, found, data, registry, lang)
        about += draw_charts(out, lambda: calibration_figures(data, lang))
    answer = Answer(
        data=words,
        tables=showing.tables(found, lang),
        csv=of_frame(whole_kronor(parameters_frame(words).lazy(), ()).collect()),
        notes=((_ABOUT, tuple(about)), *files_note(options)),
    )
    put_out(answer, form, lang)


@study.command("write")
@click.argument("file", type=click.Path(path_type=Path), metavar="STUDY.toml")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Where to write; next to the study file unless given.")  # fmt: skip
@click.option("--again", is_flag=True, help="Do not run it; write the page anew from its results.")
@click.option("--check", is_flag=True, help="Write nothing; leave with 1 if the page is stale.")
@click.option("--force", is_flag=True,
              help="Begin anew where a run of another plan was stopped.")  # fmt: skip
@shared_work
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True,
              help="Language of the page; the Swedish one is NAME.sv.md.")  # fmt: skip
@click.pass_context
def write(
    ctx: click.Context, /, file: Path, out: Path | None, again: bool, check: bool,
    force: bool, jobs: int | None, lang: Language,
) -> None:  # fmt: skip
    """Run a study that a file states, and write it up as a page with figures.

    Next to the page stand the results that it is made from, as JSON. Until they do, all that is
    finished is saved in NAME.unfinished: a run that was stopped goes on with the same command.

    \b
    Examples:
      sif study write docs/studies/return-flow.toml
      sif study write docs/studies/return-flow.toml --check
      sif study write docs/studies/return-flow.toml --again --lang sv
    """
    from sifrules_simulation.presentation.written_study import page as writing
    from sifrules_simulation.results.folder import ResultsFolder
    from sifrules_simulation.studies.study_file import read_study

    stated = read_study(file)
    name, place = file.stem, out or file.parent
    if check:
        stale = writing.stale(place, name, lang)
        if stale:
            click.echo(stale.text(lang), err=True)
            ctx.exit(1)
        return
    folder = ResultsFolder(place)
    writing.refuse_without_means()
    if again:
        writing.written(folder, name, writing.saved_data(place, name), lang)
    else:
        write_study(ctx, stated, folder, jobs=jobs, force=force, lang=lang)
    click.echo(str(place / f"{writing.page_name(name, lang)}.md"))


def write_study(
    ctx: click.Context, stated: Any, folder: Any, *, jobs: int | None, force: bool, lang: Language
) -> None:
    """Run a study file, or go on with it, and write its page; exit with 130 if it is stopped."""
    from sifrules_simulation.presentation.written_study import page as writing
    from sifrules_simulation.runs.write import running_study_file, unfinished

    place, name = folder.path, stated.path.stem
    asked = {"file": str(stated.path.absolute()), "out": str(place.absolute()), "lang": lang}
    try:
        with running_study_file(
            the_registry(), stated, place, jobs=jobs, force=force, asked=asked, lang=lang
        ) as found:
            data = writing.as_data(stated, found.study, dict(found.controls), found.minutes)
            writing.written(folder, name, data, lang)
    except KeyboardInterrupt:
        line = Message("command_resume.go_on", out=unfinished(place, name)).text(lang)
        click.echo(f"sif: {line}", err=True)
        ctx.exit(130)


def folder_for(kind: str, options: dict[str, Any]) -> Any:
    """The folder of --out before anything is run; None where none was named."""
    from sifrules_simulation.results.contents import names_of, refuse_overwriting
    from sifrules_simulation.results.folder import ResultsFolder

    if options["out"] is None:
        return None
    if not options["force"]:
        refuse_overwriting(options["out"], names_of(kind))
    return ResultsFolder(options["out"])


def draw_charts(out: Path, figures: Callable[[], dict[str, Any]]) -> tuple[str, ...]:
    """Draw charts into a folder; returns why not, where they cannot be drawn."""
    from sifrules_simulation.presentation.charts.figures import drawn
    from sifrules_simulation.results.folder import ResultsFolder

    return drawn(ResultsFolder(out), figures)


def named_scenario(options: dict[str, Any]) -> Any:
    """The scenario of the options, with what is assumed in it."""
    from sifrules_simulation.model.scenarios import scenario

    return scenario(options["scenario"]).assuming(options["assumptions"])


def files_note(
    options: dict[str, Any], more: tuple[str, ...] = ()
) -> tuple[tuple[Text, tuple[str, ...]], ...]:
    """What is said of the folder of --out, if one was named."""
    return () if options["out"] is None else ((_FILES, (str(options["out"]), *more)),)
