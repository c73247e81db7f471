"""``sif study hypotheses``: what the return flow does, taken apart."""

from __future__ import annotations

from typing import Any

import click

from sifrules.cli.options import NUMBER, output_options, put_out, the_registry
from sifrules.presentation.answer import Answer
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.commands.study import folder_for, named_scenario, world_options, years
from sifrules_simulation.experiments.defaults import (
    HYPOTHESIS_DRAWS,
    HYPOTHESIS_REPLICATIONS,
    QUICK_DRAWS,
)

_STATED = Message("hypotheses.stated")
_STOPPED = Message("hypotheses.stopped")
_FAILED = Message("hypotheses.failed")
_ABOUT = Message("study_tables.about")


@click.command()
@click.argument("policies", nargs=-1, metavar="[POLICY ...]")
@click.option(
    "--draws",
    type=click.IntRange(2, 1_000_000),
    metavar="N",
    help=f"How many draws of all uncertain parameters; {HYPOTHESIS_DRAWS:,}, or {QUICK_DRAWS} "
    "with --quick.",
)
@click.option(
    "--replications",
    type=click.IntRange(2, 10_000),
    default=HYPOTHESIS_REPLICATIONS,
    show_default=True,
    help="How many worlds to each draw; their noise is taken out.",
)
@click.option(
    "--margin",
    type=NUMBER,
    default=0.05,
    show_default=True,
    help="How large a difference must be to count; 0.05 is five points.",
)
@click.option("--quick", is_flag=True, help="A first look, in about a minute.")
@click.option(
    "--alternatives",
    is_flag=True,
    help="Test them also with each alternative of each structural assumption, one at a time.",
)
@years
@world_options
@output_options
def hypotheses(
    policies: tuple[str, ...],
    draws: int | None,
    replications: int,
    margin: float,
    quick: bool,
    alternatives: bool,
    form: str,
    lang: Language,
    **options: Any,
) -> None:
    """Test what the return flow does: it deters, it refills, and what is left.

    Every policy with a return flow, or those named, is simulated in the same worlds as it is, with
    claims that nobody expects but that come all the same, and without a return flow. Each
    hypothesis has a verdict by the share of plausible worlds in which it holds.

    \b
    Examples:
      sif study hypotheses --quick
      sif study hypotheses orebro@2016 sodertalje@2015 --draws 256 --lang sv
    """
    from sifrules_simulation.execution.progress import progress
    from sifrules_simulation.experiments.batches import Running
    from sifrules_simulation.presentation import hypothesis_tables as showing
    from sifrules_simulation.presentation.hypothesis_words import paragraph, stated
    from sifrules_simulation.results.contents import HYPOTHESES
    from sifrules_simulation.studies import hypotheses as studying

    folder, around = folder_for(HYPOTHESES, options), named_scenario(options)
    designs = {
        setting: studying.hypotheses_design(
            the_registry(), scenario, policies or None,
            behaviour=options["behaviour"], years=options["years"], seed=options["seed"],
        )
        for setting, scenario in {
            "": around, **(studying.departures(around) if alternatives else {})
        }.items()
    }  # fmt: skip
    draws = draws or (QUICK_DRAWS if quick else HYPOTHESIS_DRAWS)
    total = sum(studying.expected(each, draws, replications) for each in designs.values())
    with progress(total, lang=lang) as tick:
        running = Running(jobs=options["jobs"], tick=tick)
        studies = {
            setting: studying.run_hypotheses(
                design, draws=draws, replications=replications, margin=margin, running=running
            )
            for setting, design in designs.items()
        }
    study = studies.pop("")
    words = paragraph(study.findings).text(lang)
    data = showing.hypotheses_json(study)
    data["alternatives"] = {
        setting: showing.hypotheses_json(each)["findings"] for setting, each in studies.items()
    }
    if folder is not None:
        folder.json("hypotheses.json", data)
    notes: list[tuple[Any, tuple[str, ...]]] = [
        (_STATED, tuple(each.text(lang) for each in stated(study.margin)))
    ]
    about = []
    if study.effects.stopped:
        about.append(_STOPPED.format(n=len(study.effects.draws), most=study.effects.asked))
    if failed := len(study.effects.failures):
        about.append(_FAILED.format(n=failed))
    if about:
        notes.append((_ABOUT, tuple(each.text(lang) for each in about)))
    answer = Answer(
        data={**data, "words": words},
        tables=(
            showing.hypothesis_table(study, lang),
            *(showing.alternatives_tables(study, studies, lang) if studies else ()),
        ),
        csv=showing.hypothesis_rows(study.findings),
        lead=words,
        notes=tuple(notes),
    )
    put_out(answer, form, lang)
    if study.effects.stopped or any(each.effects.stopped for each in studies.values()):
        click.get_current_context().exit(130)
