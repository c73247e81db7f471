"""``sif study return-flow`` and ``sif study hypotheses``: one study, whole and its answer alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from sifrules.cli.options import NUMBER, output_options, put_out, the_registry
from sifrules.presentation.answer import Answer
from sifrules.values.messages import Message
from sifrules_simulation.commands.options import HalfWidth, correlation_option
from sifrules_simulation.commands.study import (
    draw_charts,
    files_note,
    world_options,
    years,
)
from sifrules_simulation.experiments.defaults import (
    ALTERNATIVE_DRAWS,
    CAUSE_REPLICATIONS,
    DRAWS,
    QUICK_CAUSES,
    QUICK_DRAWS,
    REPLICATIONS,
    THOROUGH_CAUSES,
    THOROUGH_DRAWS,
    THOROUGH_REPLICATIONS,
)

Command = TypeVar("Command", bound=Callable[..., Any])


def _size_options(command: Command) -> Command:
    """The options that say how much of a study is run, and by what margin it is judged."""
    options: tuple[Callable[..., Any], ...] = (
        click.option("--draws", type=click.IntRange(2, 1_000_000), metavar="N",
                     help=f"How many draws of all uncertain parameters; {DRAWS:,}, {QUICK_DRAWS} "
                     f"with --quick, {THOROUGH_DRAWS:,} with --thorough. With --precision the most "
                     "that are spent."),
        click.option("--replications", type=click.IntRange(2, 10_000), metavar="N",
                     help=f"How many worlds to each draw, whose noise is taken out; {REPLICATIONS}"
                     f", or {THOROUGH_REPLICATIONS} with --thorough."),
        click.option("--precision", type=HalfWidth(),
                     help="Go on until the mean differences of a measure are known so closely, or "
                     "--draws are spent."),
        click.option("--margin", type=NUMBER, default=0.05, show_default=True,
                     help="How large a difference must be to count; 0.05 is five points."),
        click.option("--quick", is_flag=True, help="A first look, in about a minute."),
        click.option("--thorough", is_flag=True,
                     help="For a night or a cluster; with --out it can be stopped and resumed."),
        click.option("--alternatives", is_flag=True,
                     help="Test the hypotheses also with each alternative of each structural "
                     "assumption, one at a time."),
        click.option("--alternative-draws", type=click.IntRange(2, 1_000_000), metavar="N",
                     help="With how many of the draws each alternative is tried; "
                     f"{ALTERNATIVE_DRAWS} with --alternatives, which this asks for, too."),
        click.option("--any-size", is_flag=True,
                     help="Simulate every policy over the scenario's range of sizes, and not in "
                     "the size of its own municipality."),
        years,
        correlation_option,
        world_options,
        output_options,
        click.pass_context,
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command("return-flow")
@click.option("--policy", "policies", multiple=True, metavar="ID|FILE",
              help="A policy to study; all with a return flow unless given. May be repeated."
              )  # fmt: skip
@click.option("--cause-replications", "causes", type=click.IntRange(0, 10_000), metavar="N",
              help="How many worlds to separate causes in; 0 leaves them out; "
              f"{CAUSE_REPLICATIONS}, {QUICK_CAUSES} with --quick, {THOROUGH_CAUSES} with "
              "--thorough.")  # fmt: skip
@click.option("--calibrate/--no-calibrate", default=None,
              help="Give the answer also on the draws that are like the record; not if --quick."
              )  # fmt: skip
@_size_options
def return_flow(ctx: click.Context, /, **options: Any) -> None:
    """What does the return flow do, all else equal: deter, refill, and what is left?

    Every parameter of the scenario is drawn anew from its plausible range, draw by draw. Each
    policy is simulated in the same worlds as it is, with claims that nobody expects but that come
    all the same, and without its return flow. Each hypothesis has a verdict by the share of
    plausible worlds in which it holds.

    \b
    Examples:
      sif study return-flow --quick
      sif study return-flow --policy orebro@2016 --draws 256 --lang sv
      sif study return-flow --precision application_uptake=0.01
      sif study return-flow --thorough --out results
    """
    causes = options.pop("causes")
    if causes is None:
        causes = _one_of(options, QUICK_CAUSES, CAUSE_REPLICATIONS, THOROUGH_CAUSES)
    calibrate = options.pop("calibrate")
    whole = not options["quick"] if calibrate is None else calibrate
    _run(ctx, options, cause_replications=causes, calibrate=whole)


@click.command()
@click.argument("policies", nargs=-1, metavar="[POLICY ...]")
@_size_options
def hypotheses(ctx: click.Context, /, **options: Any) -> None:
    """The same study without its causes and the record: it deters, it refills, what is left.

    The same as sif study return-flow --cause-replications 0 --no-calibrate, with the policies
    named one after another.

    \b
    Examples:
      sif study hypotheses --quick
      sif study hypotheses orebro@2016 sodertalje@2015 --draws 256 --lang sv
    """
    _run(ctx, options, cause_replications=0, calibrate=False)


def _one_of(options: dict[str, Any], quick: int, usual: int, thorough: int) -> int:
    if options["quick"]:
        return quick
    return thorough if options["thorough"] else usual


def _run(ctx: click.Context, options: dict[str, Any], **parts: Any) -> None:
    """Run a study of the options and of some parts, and show it."""
    from sifrules_simulation.results.manifest import STUDY
    from sifrules_simulation.runs.request import RunRequest
    from sifrules_simulation.runs.run import run

    if options["quick"] and options["thorough"]:
        raise click.UsageError(
            Message("command_study.quick_or_thorough").text(options["lang"]), ctx
        )
    draws = options["draws"] or _one_of(options, QUICK_DRAWS, DRAWS, THOROUGH_DRAWS)
    replications = options["replications"] or _one_of(
        options, REPLICATIONS, REPLICATIONS, THOROUGH_REPLICATIONS
    )
    asked = ("policies", "scenario", "assumptions", "behaviour", "years", "seed", "margin",
             "precision", "form", "lang")  # fmt: skip
    request = RunRequest(
        kind=STUDY,
        **{name: options[name] for name in asked},
        draws=draws,
        replications=replications,
        own_size=not options["any_size"] and _size_is_open(options),
        alternative_draws=min(draws, _alternative_draws(options)),
        **parts,
    )
    out = options["out"]
    found = run(
        the_registry(), request, out, jobs=options["jobs"], force=options["force"],
        write_attachments=partial(write_attachments, out=out),
    )  # fmt: skip
    put_out_study(ctx, found, out)


def _alternative_draws(options: dict[str, Any]) -> int:
    """With how many draws each structural alternative is tried; 0 leaves them out."""
    if options["alternative_draws"] is not None:
        return int(options["alternative_draws"])
    return ALTERNATIVE_DRAWS if options["alternatives"] else 0


def _size_is_open(options: dict[str, Any]) -> bool:
    """Whether neither the scenario nor an assumption says how large the municipality is."""
    from sifrules_simulation.model.own_size import states_own_size
    from sifrules_simulation.model.scenarios import scenario

    around = scenario(options["scenario"]).assuming(options["assumptions"])
    return not around.own_size and not states_own_size(around)


def write_attachments(found: Any, out: Path) -> Any:
    """Write the charts and the report of a study into its folder."""
    from sifrules_simulation.presentation.charts.figures import figures
    from sifrules_simulation.runs.run import Attachments

    charts = draw_charts(out, lambda: figures(found.data, found.request.lang))
    return Attachments(charts=charts, report=_report(found, out))


def put_out_study(ctx: click.Context, found: Any, out: Path | None) -> None:
    """Show the results of a study, and exit with its exit code."""
    from sifrules_simulation.presentation.hypothesis_tables import hypothesis_rows
    from sifrules_simulation.presentation.study_tables import notes, tables
    from sifrules_simulation.presentation.worded_study import in_words

    study, request = found.study, found.request
    for name in found.unreadable:
        again = Message("command_resume.run_again", piece=f"{out}/{name}").text(request.lang)
        click.echo(f"sif: {again}", err=True)
    data = in_words(found.data, request.lang, saved=study.saved)
    answer = Answer(
        data=data,
        tables=tables(study, found.data, request.lang),
        csv=hypothesis_rows(found.data),
        lead=data["words"],
        notes=(
            *notes(study, found.data, request.lang, found.attachments.charts),
            *files_note({"out": out}, found.attachments.report),
        ),
    )
    put_out(answer, request.form, request.lang)
    if study.failure is not None:
        raise study.failure
    if study.stopped:
        if out is not None:
            line = Message("command_resume.go_on", out=out).text(request.lang)
            click.echo(f"sif: {line}", err=True)
        ctx.exit(130)


def _report(found: Any, out: Path) -> tuple[str, ...]:
    """Write a study's report into its folder; what there is to tell of it."""
    from sifrules_simulation.presentation.report import attached_report

    if not found.data["policies"]:
        return ()
    return attached_report.attach_report(out, found.request.lang)
