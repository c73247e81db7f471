"""``sif compare`` and ``sif simulate``: portfolios over the years, on the command line."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from sifrules.cli.options import output_options, put_out, set_option, the_registry
from sifrules.errors import SifError
from sifrules.presentation.answer import Answer
from sifrules.presentation.table import Column, Table, of_frame
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language, same
from sifrules_simulation.commands.options import (
    MOST_BY_PRECISION,
    REPLICATIONS,
    HalfWidth,
    endowment_option,
    reform_options,
    refuse_tables_without,
    run_options,
)

Files = tuple[tuple[Text, tuple[str, ...]], ...]

_NOTES = Message("command_compare.notes")
_FILES = Message("command_compare.files")
_UPTAKE = Message("command_compare.uptake")
_HIGHER = Message("command_compare.higher")
_LOWER = Message("command_compare.lower")
_CANNOT_TELL = Message("command_compare.cannot_tell")
_RUN = Message("command_compare.run")
_OFF = Message("command_compare.off")
_STOPPED = Message("command_compare.stopped")
_FAILED = Message("command_compare.failed")
_DIED = Message("command_compare.died")
_YEARLY = Message("command_compare.yearly")
_OBSERVED = Message("command_compare.observed")
_STOPS = Message("command_compare.stops")
_WAY = Message("command_compare.way")
_RULE = Message("command_compare.rule")
_PER_RUN = Message("command_compare.per_run")
_YEAR = Message("command_compare.year")
_PANEL = {
    "applications": Message("command_compare.panel_applications"),
    "grants": Message("command_compare.panel_grants"),
    "granted": Message("command_compare.panel_granted"),
    "set_aside": Message("command_compare.panel_set_aside"),
    "balance": Message("command_compare.panel_balance"),
}


@click.command()
@click.argument("policies", nargs=-1, metavar="[POLICY ...]")
@click.option("--baseline", metavar="ID", help="The policy to compare with; else the first named.")
@click.option(
    "--precision",
    type=HalfWidth(),
    help="Go on until the paired differences of a measure are known so closely, "
    f"or --replications ({MOST_BY_PRECISION} unless given) are spent.",
)
@click.option(
    "--equal-money",
    is_flag=True,
    help="Give every fund the same money, what the middle one of them sets aside over the years, "
    "so that rules are compared with rules.",
)
@click.option(
    "--record",
    is_flag=True,
    help="Set the record of each municipality compared beside what the model foresees for it "
    "alone, year by year: its own guidelines in turn, in its own scenario.",
)
@endowment_option
@run_options
@reform_options
@set_option
@output_options
@click.pass_context
def compare(
    ctx: click.Context,
    /,
    policies: tuple[str, ...],
    baseline: str | None,
    precision: tuple[str, float] | None,
    replications: int | None,
    equal_money: bool,
    record: bool,
    **options: Any,
) -> None:
    """Put policies side by side over the years; all of them if none is named.

    Every policy is simulated in the same worlds, so differences are paired. With --set,
    each named policy stands next to itself with the change.

    \b
    Examples:
      sif compare
      sif compare orebro@2016 --set return_model.floor=0.0
      sif compare norrkoping@2010 norrkoping@2022 --scenario norrkoping --out results
      sif compare --endowment "20 mnkr"
      sif compare norrkoping --record
    """
    from sifrules_simulation.results.manifest import COMPARISON
    from sifrules_simulation.runs.request import middle_endowment

    if (options["settings"] or options["reforms"] or options["binding"]) and not policies:
        raise SifError(
            Message("command_compare.set_without_policy"),
            fix=Message("command_compare.name_policy"),
        )
    if equal_money:
        assumed = options["assumptions"]
        if any(each.partition("=")[0].strip() == "endowment" for each in assumed):
            raise SifError(
                Message("command_compare.money_twice"), fix=Message("command_compare.one_money")
            )
        amount = middle_endowment(
            the_registry(), policies, options["scenario"], assumed, options["years"]
        )
        options["assumptions"] = (*assumed, f"endowment={amount}")
    most = replications or (MOST_BY_PRECISION if precision else REPLICATIONS)
    _run(ctx, options, kind=COMPARISON, policies=policies, baseline=baseline,
                 precision=precision, replications=most, record=record)  # fmt: skip


@click.command()
@click.argument("policy")
@click.option("--trace", type=click.IntRange(min=0), metavar="N",
              help="Show replication N event by event.")  # fmt: skip
@click.option("--draw", type=click.IntRange(min=0), metavar="N",
              help="Simulate the world of draw N of a study with this seed.")  # fmt: skip
@endowment_option
@run_options
@reform_options
@set_option
@output_options
@click.pass_context
def simulate(
    ctx: click.Context,
    /,
    policy: str,
    trace: int | None,
    replications: int | None,
    **options: Any,
) -> None:
    """Simulate a fund over the years under one policy, or show the events of one run.

    \b
    Examples:
      sif simulate orebro@2016
      sif simulate sodertalje@2015 --trace 3 --lang sv
    """
    from sifrules_simulation.results.manifest import SIMULATION

    asked = {
        "kind": SIMULATION,
        "policies": (policy,),
        "replications": replications or REPLICATIONS,
    }
    if trace is None:
        _run(ctx, options, **asked)
        return
    from sifrules_simulation.presentation import event_trace as tracing

    wanted, _ = _asked(options, **asked)
    put_out(
        tracing.traced(wanted.design(the_registry()), trace, wanted.lang), wanted.form, wanted.lang
    )


COMMANDS = (compare, simulate)


# --- running ------------------------------------------------------------------------


def _asked(options: dict[str, Any], **more: Any) -> tuple[Any, dict[str, Any]]:
    """What a command asks for, and how: where it is saved, and on how many processes it runs."""
    from sifrules_simulation.runs.request import RunRequest

    rest = dict(options)
    how = {name: rest.pop(name) for name in ("out", "jobs", "force")}
    return RunRequest(**rest, **more), how


def _run(ctx: click.Context, options: dict[str, Any], **more: Any) -> None:
    from sifrules_simulation.runs.run import run

    asked, how = _asked(options, **more)
    refuse_tables_without(how["out"], asked.tables)
    attach = partial(write_attachments, out=how["out"])
    put_out_comparison(ctx, run(the_registry(), asked, write_attachments=attach, **how), how["out"])


def write_attachments(found: Any, out: Path) -> Any:
    """Write the report of a comparison into its folder."""
    from sifrules_simulation.runs.run import Attachments

    return Attachments(report=_report(found, out))


def put_out_comparison(ctx: click.Context, found: Any, out: Path | None) -> None:
    """Show the result of a comparison or simulation, and exit with its exit code."""
    from sifrules_simulation.results.manifest import COMPARISON

    for name in found.unreadable:
        again = Message("command_resume.run_again", piece=f"{out}/{name}").text(found.request.lang)
        click.echo(f"sif: {again}", err=True)
    if found.request.kind == COMPARISON:
        answer = _compared(found, _files(out, found.attachments.report))
    else:
        answer = _simulated(found, _files(out))
    put_out(answer, found.request.form, found.request.lang)
    if found.comparison.stopped:
        if out is not None:
            line = Message("command_resume.go_on", out=out).text(found.request.lang)
            click.echo(f"sif: {line}", err=True)
        ctx.exit(130)


# --- answers ------------------------------------------------------------------------


def _compared(found: Any, files: Files) -> Answer:
    from sifrules_simulation.presentation import record_tables as counted
    from sifrules_simulation.presentation.comparison_tables import tables
    from sifrules_simulation.presentation.track_tables import tracks_of
    from sifrules_simulation.results.metadata import notes_of

    result, lang = found.comparison, found.request.lang
    notes: list[tuple[Text, tuple[str, ...]]] = []
    if len(result.labels) > 1:
        notes.append((_UPTAKE.format(baseline=result.baseline), _verdict(result, lang)))
    notes.append((_NOTES, _about(found, lang)))
    notes += [
        (counted.heading(each["municipality"]), tuple(counted.record_notes(each, lang)))
        for each in found.records
    ]
    records = {"records": list(found.records)} if found.request.record else {}
    return Answer(
        data={**result.as_json(), "notes": notes_of(result), **records},
        tables=(
            *tables(result, lang, found.request.measures),
            tracks_of(result, lang),
            *(counted.record_table(each, lang) for each in found.records),
        ),
        csv=_for_csv(result),
        notes=(*notes, *files),
    )


def _simulated(found: Any, files: Files) -> Answer:
    from sifrules_simulation.presentation.comparison_tables import list_of_measures
    from sifrules_simulation.presentation.formatting import number
    from sifrules_simulation.presentation.stop_words import WAYS, stop_counts
    from sifrules_simulation.results.metadata import notes_of

    result, lang = found.comparison, found.request.lang
    label = result.labels[0]
    stops = [
        [WAYS[each.way].text(lang), each.rule, number(each.mean, "count", lang)]
        for each in stop_counts(result.stops[label], result.replications)
    ]
    columns = [Column(_WAY.text(lang)), Column(_RULE.text(lang))]
    columns.append(Column(_PER_RUN.text(lang), number=True))
    return Answer(
        data={
            **result.as_json(),
            "notes": notes_of(result),
            "yearly": _without_source(result.yearly),
        },
        tables=(
            list_of_measures(result, label, lang),
            _years(result, lang),
            Table(columns, stops, _STOPS.text(lang)),
        ),
        csv=_for_csv(result),
        notes=((_NOTES, _about(found, lang)), *files),
    )


def _for_csv(result: Any) -> Table:
    from sifrules_simulation.results.spreadsheet import whole_kronor

    return of_frame(whole_kronor(result.frame.lazy(), ()).collect())


def _verdict(result: Any, lang: Language) -> tuple[str, ...]:
    """Where uptake is higher or lower than the baseline's, or not distinguishable from it."""
    found: dict[Text, list[str]] = {_HIGHER: [], _LOWER: [], _CANNOT_TELL: []}
    for label in result.labels:
        if label == result.baseline:
            continue
        estimate = result.difference(label, "application_uptake")
        if estimate.low is None or estimate.low <= 0 <= estimate.high:
            found[_CANNOT_TELL].append(label)
        else:
            found[_HIGHER if estimate.low > 0 else _LOWER].append(label)
    return tuple(
        words.format(policies=", ".join(labels)).text(lang)
        for words, labels in found.items()
        if labels
    )


def _about(found: Any, lang: Language) -> tuple[str, ...]:
    """The notes on a run: its design, what was assumed, and how far it came."""
    from sifrules_simulation.presentation.formatting import behaviour_word, scenario_word
    from sifrules_simulation.presentation.stopping_notes import in_comparison

    result = found.comparison
    experiment = result.experiment
    off = ", ".join(experiment.switches.off)
    lines = [
        _RUN.format(
            scenario=scenario_word(experiment.scenario.id),
            seed=experiment.seed,
            behaviour=behaviour_word(experiment.behaviour.name),
            off=_OFF.format(off=off) if off else same(" "),
        )
        .text(lang)
        .strip()
    ]
    lines += [note.text(lang) for note in result.notes]
    lines += [each.text(lang) for each in in_comparison(result)]
    if found.request.record:
        lines += [note.text(lang) for note in _without_record(result)]
    if experiment.observers:
        lines.append(_OBSERVED.text(lang))
    if result.failures:
        first = result.failures[0]
        reported = _FAILED if first.command else _DIED  # where a process died, the cause is unknown
        lines.append(
            reported.format(
                n=len(result.failures),
                replication=first.replication,
                policy=first.policy,
                error=first.error,
                command=first.command,
            ).text(lang)
        )
    if result.stopped:
        lines.append(_STOPPED.format(n=result.replications).text(lang))
    return tuple(lines)


def _without_record(result: Any) -> tuple[Text, ...]:
    """The policies compared whose municipalities have no record and scenario to set beside."""
    from sifrules_simulation.analysis.record_years import municipalities

    registry = the_registry()
    without = [each for each in result.labels if not municipalities(registry, (each,))]
    if not without:
        return ()
    known = municipalities(registry, [history.key for history in registry.histories])
    return (
        Message(
            "record_years.left_out", policies=", ".join(without), known=", ".join(sorted(known))
        ),
    )


def _report(found: Any, out: Path) -> tuple[str, ...]:
    """Write a comparison's report into its folder; returns the lines to print."""
    from sifrules_simulation.presentation.report import attached_report
    from sifrules_simulation.results.manifest import COMPARISON

    if found.request.kind != COMPARISON or not found.comparison.replications:
        return ()
    return attached_report.attach_report(out, found.request.lang)


def _files(out: Path | None, more: tuple[str, ...] = ()) -> Files:
    return () if out is None else ((_FILES, (str(out), *more)),)


def _years(result: Any, lang: Language) -> Table:
    """The yearly panel of one policy."""
    from sifrules_simulation.presentation.formatting import number

    by_year: dict[int, dict[str, float]] = {}
    for row in result.yearly.iter_rows(named=True):
        by_year.setdefault(row["year"], {})[row["measure"]] = row["mean"]
    units = {name: "count" if name in ("applications", "grants") else "SEK" for name in _PANEL}
    rows = [
        [str(year), *(number(means[name], units[name], lang) for name in _PANEL)]
        for year, means in by_year.items()
    ]
    heads = [_YEAR, *_PANEL.values()]
    return Table([Column(h.text(lang), number=True) for h in heads], rows, _YEARLY.text(lang))


def _without_source(frame: Any) -> list[dict[str, Any]]:
    wanted = ("year", "measure", "mean", "low", "high")
    return [{name: row[name] for name in wanted} for row in frame.iter_rows(named=True)]
