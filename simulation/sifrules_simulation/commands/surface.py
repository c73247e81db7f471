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
from sifrules_simulation.commands.study import (
    draw_charts,
    files_note,
    folder_for,
    named_scenario,
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
@world_options
@output_options
def surface(
    policy: str,
    levers: tuple[str, ...],
    horizons: tuple[int, ...],
    margin: float,
    most_empty: float,
    points: int | None,
    draws: int,
    replications: int,
    settings: tuple[str, ...],
    form: str,
    lang: Language,
    **options: Any,
) -> None:
    """Find up to which rules the return flow deters less than a margin while the fund lasts.

    Combinations of values are tried with and without the return flow, over the same draws, for
    each number of months that committees look ahead. Exit code 1 where none does it.

    \b
    Examples:
      sif study surface --policy orebro@2016
      sif study surface --policy orebro@2016 --lever return_model.share=0.1:1 --horizon 36 \\
        --horizon 120 --most-empty 24 --years 10 --out surface
    """
    from sifrules_simulation.analysis.break_even_surface import (
        DETERRENCE,
        EMPTY,
        break_even_surface,
        surface_plan,
    )
    from sifrules_simulation.analysis.trade_off import trade_off_plan
    from sifrules_simulation.execution.progress import progress
    from sifrules_simulation.experiments.batches import Running
    from sifrules_simulation.presentation import surface_tables as showing
    from sifrules_simulation.presentation.charts.surface_chart import surface_chart
    from sifrules_simulation.results.contents import SURFACE

    out: Path | None = options["out"]
    folder, registry, seed = folder_for(SURFACE, options), the_registry(), options["seed"]
    base = registry.policy(policy, settings)
    plan = trade_off_plan(registry, base, levers, (DETERRENCE, EMPTY), points=points, seed=seed)
    planned = surface_plan(
        registry, plan, named_scenario(options), horizons,
        behaviour=options["behaviour"], years=options["years"], seed=seed,
    )  # fmt: skip
    with progress(planned.runs(draws, replications), lang=lang) as tick:
        found = break_even_surface(
            planned, margin=margin, most_empty=most_empty, draws=draws, replications=replications,
            running=Running(jobs=options["jobs"], tick=tick),
        )  # fmt: skip
    data = showing.surface_json(found)
    words = [each.text(lang) for each in showing.surface_words(found)]
    about = [each.text(lang) for each in showing.surface_notes(found, options["scenario"], seed)]
    if folder is not None:
        folder.json("surface.json", data)
        about += draw_charts(folder.path, lambda: {"surface": surface_chart(found, lang)})
    answer = Answer(
        data={**data, "words": words},
        tables=(showing.lines_table(found, lang), showing.points_table(found, lang)),
        csv=of_frame(showing.points_frame(found)),
        lead="\n".join(words),
        notes=((_ABOUT, tuple(about)), *files_note({"out": out})),
    )
    put_out(answer, form, lang)
    if not any(each.sure >= showing.SURE for each in found.points):
        click.get_current_context().exit(1)
