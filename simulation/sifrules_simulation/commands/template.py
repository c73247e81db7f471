"""``sif template``: empty files to fill in, with every field explained."""

from __future__ import annotations

from pathlib import Path

import click

from sifrules.cli.options import language_option, one_policy, the_registry
from sifrules.errors import SifError
from sifrules.plugin.fact_names import refuse_clashes
from sifrules.values.messages import Message
from sifrules.values.text import Language

_KINDS = ("application", "list", "guideline", "scenario", "timeline", "exploration", "ideas")


@click.command()
@click.argument("kind", type=click.Choice(_KINDS), metavar="|".join(_KINDS))
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="ID|FILE",
    help="Only what this policy reads; may be repeated. Default: all.",
)
@click.option(
    "--xlsx",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a list as a workbook, with the choices of each column.",
)
@language_option
def template(kind: str, policies: tuple[str, ...], xlsx: Path | None, lang: Language) -> None:
    """Write an empty file to fill in, with every field explained.

    It is printed, to be sent into a file; a list can be a workbook.

    \b
    Examples:
      sif template application --policy orebro@2016 > mine.toml
      sif template list --xlsx list.xlsx --lang sv
      sif template scenario > my-municipality.toml
      sif template exploration > plan.toml
      sif template ideas > ideas.csv
    """  # fmt: skip
    from sifrules.presentation import empty_files as empty
    from sifrules.presentation.workbook import refuse_without_means, write_bytes

    if xlsx is not None and kind != "list":
        raise SifError(
            Message("template.only_list_as_workbook"),
            fix=Message("template.leave_xlsx_out", file=str(xlsx)),
        )
    if policies and kind not in ("application", "list"):
        raise SifError(
            Message("template.policy_unused", kind=kind), fix=Message("template.leave_policy_out")
        )
    if kind in ("application", "list"):
        named = [(name, one_policy(name)) for name in policies]
        refuse_clashes(named)
        chosen = [policy for _, policy in named] or list(the_registry().policies)
        asked = empty.asked_by(chosen)
        if xlsx is not None:
            refuse_without_means()
            write_bytes(empty.list_workbook(asked, lang), xlsx)
            click.echo(str(xlsx))
            return
        made = empty.empty_application if kind == "application" else empty.empty_list
        text = made(asked, lang)
    elif kind == "guideline":
        from sifrules.scaffold import empty_guideline

        text = empty_guideline(the_registry().parts, lang)
    elif kind == "scenario":
        from sifrules_simulation.model.scenarios import scenario
        from sifrules_simulation.presentation.empty_scenario import empty_scenario

        text = empty_scenario(scenario("default"), lang)
    elif kind == "exploration":
        from sifrules_simulation.model.scenarios import scenario
        from sifrules_simulation.presentation.empty_exploration import empty_plan

        text = empty_plan(scenario("default"), the_registry().measures.values(), lang)
    elif kind == "ideas":
        from sifrules_simulation.presentation.empty_exploration import empty_ideas

        text = empty_ideas(lang)
    else:
        text = empty.empty_timeline(lang)
    click.echo(text.rstrip("\n"))
