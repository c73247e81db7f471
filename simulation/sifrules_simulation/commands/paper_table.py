"""``sif paper-table``: saved results as a table for a paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sifrules.cli.options import language_option, the_registry
from sifrules.values.text import Language


@click.command("paper-table")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--markup", type=click.Choice(["latex", "markdown"]), default="latex",
              show_default=True, help="What the table is written in.")  # fmt: skip
@click.option("--measure", "measures", multiple=True, metavar="NAME",
              help="A column of the table; the usual measures unless given.")  # fmt: skip
@click.option("--difference", is_flag=True,
              help="Differences from the baseline in place of means.")  # fmt: skip
@language_option
def paper_table(
    folder: Path, markup: Any, measures: tuple[str, ...], difference: bool, lang: Language
) -> None:
    """Write saved results as a table for a paper, with what they depend on as its caption.

    LaTeX takes the package booktabs.

    \b
    Examples:
      sif paper-table results > table.tex
      sif paper-table results --markup markdown --measure application_uptake --measure granted
    """
    from sifrules_simulation.presentation import paper_table as writing

    known = the_registry().measures
    text = writing.paper_table(folder, known, measures, markup, lang, difference=difference)
    click.echo(text)
