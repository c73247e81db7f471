"""``sif report`` and ``sif chart``: what was kept, as a page, a workbook and single charts."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from sifrules.errors import SifError
from sifrules.words import LANGUAGES, Language

_lang = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    envvar="SIFRULES_LANG",
    show_default=True,
    help="Language of what is made.",
)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--study", type=click.Path(path_type=Path), metavar="DIR|FILE",
              help="What sif study kept; DIR's own, if there is one, unless given.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE.html",
              help="Where to write; report.html in DIR unless given.")  # fmt: skip
@click.option("--xlsx", type=click.Path(path_type=Path), metavar="FILE.xlsx",
              help="Write the numbers as a workbook too.")  # fmt: skip
@_lang
def report(
    folder: Path, study: Path | None, out: Path | None, xlsx: Path | None, lang: Language
) -> None:
    """Make one page to send on, out of what sif compare --out kept in DIR.

    The page stands on its own: it needs no network, and can be printed.

    \b
    Examples:
      sif compare orebro@2016 norrkoping@2022 --out results
      sif report results --lang sv --out report.html --xlsx numbers.xlsx
    """
    from sifrules_simulation.keeping import Folder
    from sifrules_simulation.reporting import page, workbook
    from sifrules_simulation.reporting.kept import kept_in

    page.refuse_without_means()
    kept = kept_in(folder, study)
    to = folder / "report.html" if out is None else out
    files = {to: page.page(kept, lang).encode()}
    page.refuse_unwritable(to)
    if xlsx is not None:
        if xlsx.absolute() == to.absolute():
            raise SifError(f"{xlsx} cannot be both page and workbook", fix="name two files")
        workbook.refuse_without_means()
        page.refuse_unwritable(xlsx)
        files[xlsx] = workbook.workbook(kept, lang)
    folders = {file: Folder(file.parent) for file in files}
    for file, content in files.items():
        folders[file].write(file.name, partial(Path.write_bytes, data=content))
        click.echo(str(file))


@click.command()
@click.argument("name", metavar="NAME")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", required=True,
              help="Where to draw it: a file that ends in .svg, .png or .html.")  # fmt: skip
@_lang
def chart(name: str, folder: Path, out: Path, lang: Language) -> None:
    """Draw the chart NAME of what sif compare or sif study kept in DIR.

    Of a comparison: balances, uptake_by_year, measure_differences. Of a study: effects,
    shares, causes, sensitivity, foreseen, parameters.

    \b
    Example:
      sif chart balances results --out balances.png --lang sv
    """
    from sifrules_simulation.charts import form_of, saved
    from sifrules_simulation.keeping import Folder
    from sifrules_simulation.reporting import page
    from sifrules_simulation.reporting.figures import chart_named

    page.refuse_without_means()
    form = form_of(out)
    drawn = chart_named(name, folder, lang)
    page.refuse_unwritable(out)
    Folder(out.parent).write(out.name, partial(saved, drawn, form=form))
    click.echo(str(out))
