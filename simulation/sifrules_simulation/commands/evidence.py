"""``sif study evidence``: what the record says of behaviours and parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sifrules.cli.options import output_options, put_out, the_registry
from sifrules.presentation.answer import Answer
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.commands.options import shared_work
from sifrules_simulation.commands.study import files_note, folder_for

_ABOUT = Message("evidence.about")


@click.command()
@click.option("--municipality", "municipalities", multiple=True, metavar="KEY",
              help="A municipality whose record is used, as norrkoping; all whose record can be "
              "counted unless given. May be repeated.")  # fmt: skip
@click.option("--behaviour", "behaviours", multiple=True, metavar="NAME",
              help="A behaviour to compare; weighing, prospect and null unless given. May be "
              "repeated.")  # fmt: skip
@click.option("--population", type=click.IntRange(10, 100_000), default=100, show_default=True,
              metavar="N", help="How many particles a generation has.")  # fmt: skip
@click.option("--generations", type=click.IntRange(1, 50), default=5, show_default=True,
              metavar="N", help="How many generations at most.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**31), default=1, show_default=True,
              help="The seed of all draws; the same seed gives the same result.")  # fmt: skip
@shared_work
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Save the results there, as JSON.")  # fmt: skip
@click.option("--force", is_flag=True,
              help="Overwrite what the folder of --out holds of another run.")  # fmt: skip
@output_options
def evidence(
    municipalities: tuple[str, ...],
    behaviours: tuple[str, ...],
    population: int,
    generations: int,
    seed: int,
    form: str,
    lang: Language,
    **options: Any,
) -> None:
    """Which behaviour does the record favour, and what does it say of the parameters?

    By sequential Monte Carlo, on all numbers of the records: ideas, refusals, applications, grants,
    kronor, what was handed back. Each municipality is also foreseen by the records of the others.

    \b
    Examples:
      sif study evidence
      sif study evidence --behaviour weighing --behaviour null --population 200 --out evidence
    """
    from sifrules_simulation.analysis.evidence import BEHAVIOURS, evidence as found_by
    from sifrules_simulation.analysis.observations import countable, record
    from sifrules_simulation.execution.progress import progress
    from sifrules_simulation.presentation import evidence_tables as showing
    from sifrules_simulation.results.contents import EVIDENCE

    registry = the_registry()
    records = [record(registry, key) for key in municipalities] or list(countable(registry)[0])
    folder = folder_for(EVIDENCE, options)
    with progress(len(records) + 2, Message("evidence.parts"), lang=lang) as tick:
        found = found_by(
            registry, records=records, behaviours=behaviours or BEHAVIOURS,
            population=population, generations=generations, seed=seed, jobs=options["jobs"],
            tick=tick,
        )  # fmt: skip
    data = found.as_json()
    if folder is not None:
        folder.json("evidence.json", data)
    words = showing.verdict(data).text(lang)
    about = tuple(each.text(lang) for each in showing.notes(data))
    answer = Answer(
        data={**data, "words": words},
        tables=tuple(showing.tables(data, lang)),
        csv=showing.behaviour_rows(data),
        lead=words,
        notes=((_ABOUT, about), *files_note(options)),
    )
    put_out(answer, form, lang)
