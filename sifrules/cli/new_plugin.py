"""``sif new-plugin``: a folder to begin a municipality's plugin with."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import click

from sifrules.cli.options import output_options, put_out, the_registry
from sifrules.plugin.hookspecs import PROJECT
from sifrules.presentation.answer import Answer
from sifrules.presentation.table import Column, Table
from sifrules.scaffold import names_for, new_plugin as write
from sifrules.values.citations import FILL_IN
from sifrules.values.messages import Message
from sifrules.values.text import Language

_FILE = Message("sif_new_plugin.file")
_WRITTEN = Message("sif_new_plugin.written")
_NEXT = Message("sif_new_plugin.next")
_STEPS = (
    Message("sif_new_plugin.steps_write_the_source_wherever"),
    Message("sif_new_plugin.steps_install_it_pip_install"),
    Message("sif_new_plugin.steps_see_it_sif_show"),
    Message("sif_new_plugin.steps_try_it_pytest_sources"),
)


@click.command("new-plugin")
@click.argument("name")
@click.option("--municipality", metavar="NAME", help="As it is written. Default: made of NAME.")
@click.option(
    "--dir",
    "into",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="DIR",
    help="The folder to write into. Default: where you are.",
)
@click.option(
    "--year",
    type=click.IntRange(1990, 2100),
    default=2024,
    show_default=True,
    help="The year of the guideline.",
)
@click.option("--with-code", is_flag=True, help="Add the example's own code, a module each.")
@output_options
def new_plugin(
    name: str,
    municipality: str | None,
    into: Path,
    year: int,
    with_code: bool,
    form: str,
    lang: Language,
) -> None:
    """Write a plugin for a municipality into the folder sifrules-NAME, to be filled in.

    It has a guideline with everything that one may say explained, worked cases, a record,
    tests and a README; every source still to be written is marked FILL IN.

    \b
    Examples:
      sif new-plugin testkoping --municipality Testköping --year 2024
      sif new-plugin Växjö --with-code
    """
    installed = {entry.name for entry in entry_points(group=PROJECT)}
    names = names_for(name, municipality, year, installed)
    folder, files = write(names, the_registry().parts, into, with_code=with_code)
    guideline = folder / "src" / names.package / "guidelines" / f"{year}.toml"
    table = Table([Column(_FILE.text(lang))], [[file] for file in files])
    steps = tuple(
        step.format(folder=folder, policy=names.policy, mark=FILL_IN, guideline=guideline).text(
            lang
        )
        for step in _STEPS
    )
    data = {
        "plugin": names.key,
        "municipality": names.municipality,
        "policy": names.policy,
        "folder": str(folder),
        "files": list(files),
    }
    lead = _WRITTEN.format(folder=folder).text(lang)
    put_out(
        Answer(data=data, tables=(table,), csv=table, lead=lead, notes=((_NEXT, steps),)),
        form,
        lang,
    )
