"""``sif reproduce``: run saved results again, and say whether every figure is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sifrules.cli.options import output_options, put_out, the_registry
from sifrules.errors import SifError
from sifrules.presentation.answer import Answer
from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.commands.options import shared_work
from sifrules_simulation.commands.surface import write_surface

_HEADS = {
    "table": Message("reproduce.table"),
    "row": Message("reproduce.row"),
    "figure": Message("reproduce.figure"),
    "then": Message("reproduce.then"),
    "now": Message("reproduce.now"),
}
#: What a plan of an exploration states, and no study does.
_PLANNED = frozenset(("levers", "uncertainties", "outcomes"))
#: How many differences are shown; the JSON has them all.
_SHOWN = 20


@click.command()
@click.argument("what", type=click.Path(path_type=Path), metavar="DIR|STUDY.toml")
@shared_work
@output_options
@click.pass_context
def reproduce(
    ctx: click.Context, /, what: Path, jobs: int | None, form: str, lang: Language
) -> None:
    """Run saved results again, elsewhere, and say whether every figure is the same.

    DIR is what --out of a finished run named; of a STUDY.toml the results stand next to it. Exit
    code 0 where every figure is the same, 1 where one is not.

    \b
    Examples:
      sif reproduce results
      sif reproduce docs/studies/return-flow.toml
    """
    if what.suffix == ".toml":
        found = _study(what, jobs, lang)
    else:
        from sifrules_simulation.runs.reproduce import reproduce as again

        found = again(the_registry(), what, jobs=jobs, lang=lang, write_surface=write_surface)
    put_out(_answer(found, lang), form, lang)
    ctx.exit(0 if found.same else 1)


def _study(file: Path, jobs: int | None, lang: Language) -> Any:
    """A study that a file states, run again, against the results next to it."""
    from sifrules.loading.toml import read_toml
    from sifrules_simulation.execution.progress import progress
    from sifrules_simulation.experiments.batches import Running
    from sifrules_simulation.presentation.written_study import page as writing
    from sifrules_simulation.runs.reproduce import Reproduction, of_data
    from sifrules_simulation.studies import study_file

    if not _PLANNED.isdisjoint(read_toml(file)):
        raise SifError(Message("reproduce.is_plan", path=file), fix=Message("reproduce.name_out"))
    stated = study_file.read_study(file)
    before = writing.saved_data(file.parent, file.stem)
    registry = the_registry()
    planned = study_file.plan_studies(registry, stated)
    total = study_file.runs_expected(registry, stated, planned)
    with progress(total, lang=lang) as tick:
        study, controls = study_file.run_study_file(
            registry, stated, planned, Running(jobs=jobs, tick=tick)
        )
    data = writing.as_data(stated, study, controls, 0.0)
    differing, figures = of_data(file.stem, before, data)
    return Reproduction(figures=figures, differences=tuple(differing))


def _answer(found: Any, lang: Language) -> Answer:
    lead = Message("reproduce.same", figures=found.figures)
    if not found.same:
        lead = Message("reproduce.differ", differing=len(found.differences), figures=found.figures)
    rows = [
        [each.table, str(each.row), each.column, _shown(each.then), _shown(each.now)]
        for each in found.differences
    ]
    heads = [each.text(lang) for each in _HEADS.values()]
    notes = [each.text(lang) for each in found.depends]
    if len(rows) > _SHOWN:
        notes.append(Message("reproduce.more", more=len(rows) - _SHOWN).text(lang))
    about = Message("reproduce.depends") if notes else None
    return Answer(
        data={
            "same": found.same,
            "figures": found.figures,
            "differences": [dict(zip(_HEADS, row, strict=True)) for row in rows],
            "depends": [each.text(lang) for each in found.depends],
        },
        tables=(Table([Column(head) for head in heads], rows[:_SHOWN]),) if rows else (),
        csv=Table([Column(name) for name in _HEADS], rows),
        lead=lead.text(lang),
        notes=((about, tuple(notes)),) if about is not None else (),
    )


def _shown(value: object) -> str:
    return "–" if value is None else str(value)
