"""``sif app``: the page with sliders, on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from sifrules.cli.options import language_option, the_registry
from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules.values.text import Language


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE ...]")
@click.option("--port", type=click.IntRange(0, 65_535), default=8350, show_default=True,
              help="The port on this machine; 0 takes any that is free.")  # fmt: skip
@click.option("--open", "open_it", is_flag=True, help="Open the page in the browser.")
@language_option
def app(files: tuple[Path, ...], port: int, open_it: bool, lang: Language) -> None:
    """Try rules on a page with sliders, in the browser, on this machine alone.

    FILE is a guideline or what-if of your own, offered next to those of the municipalities. The
    page needs no network, and Ctrl-C here closes it. Needs the extra app.

    \b
    Examples:
      sif app
      sif app mine.toml --port 8400 --open --lang sv
    """
    try:
        from sifrules_simulation.app.serving import serve
    except ImportError as error:
        raise SifError(
            Message("app.needs", error=error.name), fix=Message("install.extra", extra="app")
        ) from error
    from sifrules_simulation.presentation.report.page import refuse_without_means

    refuse_without_means()

    def ready(address: str) -> None:
        click.echo(Message("app.ready", address=address).text(lang))
        click.echo(Message("app.how_to_stop").text(lang))
        if open_it:
            click.launch(address)

    serve(the_registry(), files, port, lang, ready)
    click.echo(Message("app.stopped").text(lang))
