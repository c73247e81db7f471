"""``sif study reform``: what a change of rules changed, and what counts could show of it."""

from __future__ import annotations

from typing import Any

import click

from sifrules.cli.options import output_options, put_out, set_option, the_registry
from sifrules.presentation.answer import Answer
from sifrules.presentation.table import of_frame
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.commands.options import reform_options
from sifrules_simulation.commands.study import draw_charts, files_note, folder_for, world_options

_ABOUT = Message("command_compare.notes")
#: What is counted where a power can be computed: numbers, not kronor.
_NUMBERS = ("applications", "grants")


@click.command("reform")
@click.argument("policy")
@click.option("--without", metavar="ID", help="The reform to take out; the last one unless given.")
@click.option(
    "--measure",
    "column",
    type=click.Choice(["applications", "grants", "granted", "balance"]),
    default="grants",
    show_default=True,
    help="What is counted of each year.",
)
@click.option(
    "--replications",
    type=click.IntRange(2, 100_000),
    default=400,
    show_default=True,
    help="How many worlds to simulate.",
)
@click.option(
    "--years",
    type=click.IntRange(1, 100),
    default=20,
    show_default=True,
    help="How many years to simulate.",
)
@world_options
@reform_options
@set_option
@output_options
def reform(
    policy: str,
    without: str | None,
    column: str,
    replications: int,
    years: int,
    reforms: tuple[str, ...],
    binding: tuple[str, ...],
    settings: tuple[str, ...],
    form: str,
    lang: Language,
    **options: Any,
) -> None:
    """Report what a reform changed: with it and without it in the same worlds, year by year.

    POLICY is a municipality with several guidelines, a file with [[timeline]], or any policy
    with --reform. The municipality's own scenario is used where there is one and no other is
    named. Beside the effect stands what counts before and after could show of it, if
    committees mind claims as modelled and if they do not (the null model).

    \b
    Examples:
      sif study reform norrkoping
      sif study reform orebro@2013 --reform return_model.floor=0:2016-01 --measure applications
    """
    from sifrules.plugin.timelines import timeline
    from sifrules_simulation.analysis.reform import NULL, recorded_grants, reform_effect
    from sifrules_simulation.execution.progress import progress
    from sifrules_simulation.experiments.batches import Running
    from sifrules_simulation.model.completion import fill_unstated
    from sifrules_simulation.model.scenarios import bundled, scenario
    from sifrules_simulation.model.timeline_notes import timeline_notes
    from sifrules_simulation.presentation import reform_tables as showing
    from sifrules_simulation.presentation.charts.reform_chart import reform_chart
    from sifrules_simulation.results.contents import REFORM
    from sifrules_simulation.results.study_frames import reform_frame

    registry, named = the_registry(), options["scenario"]
    found_policy = timeline(registry, policy, settings, reforms, binding)
    town = found_policy.id.partition("@")[0].partition(" ")[0]
    around = scenario(town if named == "default" and town in bundled() else named)
    around = around.assuming(options["assumptions"])
    folder = folder_for(REFORM, options)
    behaviours = list(dict.fromkeys((options["behaviour"], NULL)))
    with progress(2 * len(behaviours) * replications, lang=lang) as tick:
        effects = [
            reform_effect(
                registry, found_policy, without, scenario=around, years=years,
                replications=replications, seed=options["seed"], behaviour=behaviour,
                running=Running(jobs=options["jobs"], tick=tick),
            )
            for behaviour in behaviours
        ]  # fmt: skip
    found, other = effects[0], effects[-1] if len(effects) > 1 and column in _NUMBERS else None
    histories = {history.key: history for history in registry.histories}
    on_record = town in histories and column == "grants"
    record = recorded_grants(histories[town]) if on_record and found.by_calendar else {}
    record = {year: count for year, count in record.items() if year >= around.begins.year}
    words = [each.text(lang) for each in showing.reform_words(found, other, column)]
    tables = [showing.year_table(found, column, lang, record)]
    if other is not None and found.windows:
        tables.append(showing.power_table(found, other, column, lang))
    data = showing.reform_json(found, other, record)
    said = showing.about(found, around, options["seed"])
    filled, _ = fill_unstated(registry, found_policy, around)
    notes = [said, *timeline_notes(filled.id, filled, around, years)]
    if on_record and not found.by_calendar:
        notes.append(showing.not_by_calendar(around.begins))
    about = [note.text(lang) for note in notes]
    if folder is not None:
        folder.json("reform.json", data)
        about += draw_charts(options["out"], lambda: {"reform": reform_chart(found, column, lang)})
    answer = Answer(
        data={**data, "words": words},
        tables=tuple(tables),
        csv=of_frame(reform_frame(data)),
        lead="\n".join(words),
        notes=((_ABOUT, tuple(about)), *files_note(options)),
    )
    put_out(answer, form, lang)
