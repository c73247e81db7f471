"""``sif explore``: policies × levers × uncertainties, out of a plan in TOML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sifrules.cli.options import output_options, put_out, the_registry
from sifrules.errors import SifError
from sifrules.presentation.answer import Answer
from sifrules.presentation.table import of_frame
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language, same
from sifrules_simulation.commands.options import refuse_tables_without, shared_work, table_option

_ABOUT = Message("command_explore.about")
_ONE_DRAW = Message("command_explore.one_draw")
_FILES = Message("command_compare.files")
_RUN = Message("command_compare.run")
_OFF = Message("command_compare.off")


@click.command()
@click.argument("plan", type=click.Path(path_type=Path), metavar="PLAN.toml")
@shared_work
@table_option
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Keep every replication there with its inputs, as Parquet and CSV.")  # fmt: skip
@click.option("--force", is_flag=True,
              help="Overwrite what the folder of --out holds of another run.")  # fmt: skip
@output_options
@click.pass_context
def explore(
    ctx: click.Context,
    /,
    plan: Path,
    jobs: int | None,
    tables: tuple[str, ...],
    out: Path | None,
    force: bool,
    form: str,
    lang: Language,
) -> None:
    """Try many settings of a policy's clauses in many states of the world.

    The plan names policies, levers (clauses with values or ranges), uncertainties (parameters with
    ranges or distributions) and outcomes. `sif template exploration` writes one to fill in.

    \b
    Examples:
      sif explore plan.toml
      sif explore plan.toml --out explored --jobs 2
      sif explore plan.toml --out explored --table events --table claims
    """
    from sifrules_simulation.runs.explore import run_plan
    from sifrules_simulation.runs.explore_plan import read_plan

    refuse_tables_without(out, tables)
    found = run_plan(
        the_registry(),
        read_plan(plan).plan(the_registry(), tables),
        jobs=jobs,
        out=out,
        force=force,
        asked=asked_for(plan, lang, form, tables),
        lang=lang,
        shown=True,
    )
    put_out_exploration(ctx, found, out, form, lang)


def asked_for(
    plan: Path, lang: Language, form: str, tables: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What a manifest holds, so that the run can be resumed and reproduced."""
    from sifrules_simulation.runs.request import here

    more = {"tables": list(tables)} if tables else {}
    return {"plan": str(plan), "place": here(), "lang": lang, "form": form, **more}


def put_out_exploration(
    ctx: click.Context, found: Any, out: Path | None, form: str, lang: Language
) -> None:
    """Show what came of an exploration, and exit with 130 where it was stopped."""
    from sifrules_simulation.presentation.exploration_tables import exploration_table
    from sifrules_simulation.presentation.formatting import behaviour_word

    plan, off = found.plan, found.plan.design.switches.off
    notes: list[Text] = [
        (_ABOUT if len(plan.draws) > 1 else _ONE_DRAW).format(
            variants=len(plan.variants), draws=len(plan.draws), replications=plan.replications
        ),
        _RUN.format(
            scenario=plan.draws.scenario.id,
            seed=plan.design.seed,
            behaviour=behaviour_word(plan.design.behaviour.name),
            off=_OFF.format(off=", ".join(off)) if off else same(" "),
        ),
        *found.notes,
    ]
    if found.failures:
        first = found.failures[0]
        notes.append(
            Message(
                "command_explore.failed",
                n=len(found.failures),
                error=first.error,
                command=first.command,
            )
        )
    if found.stopped:
        notes.append(Message("command_explore.stopped", batches=len(found.values)))
    if not found.values:
        raise SifError(Message("command_explore.stopped", batches=0))
    frame = found.summary
    answer = Answer(
        data={"summary": frame.to_dicts(), "notes": [each.text(lang).strip() for each in notes]},
        tables=(exploration_table(found, lang),),
        csv=of_frame(frame),
        notes=(
            (Message("command_compare.notes"), tuple(each.text(lang).strip() for each in notes)),
            *(() if out is None else ((_FILES, (str(out),)),)),
        ),
    )
    put_out(answer, form, lang)
    if found.stopped:
        ctx.exit(130)
