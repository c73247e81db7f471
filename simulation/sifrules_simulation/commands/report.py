"""``sif report`` and ``sif chart``: saved results as a page, a workbook and single charts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from sifrules.cli.options import the_registry
from sifrules.cli.usage import usual_language
from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules.values.text import LANGUAGES, Language
from sifrules_simulation.experiments.defaults import YEARS

Command = TypeVar("Command", bound=Callable[..., Any])

_lang = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=usual_language,
    envvar="SIFRULES_LANG",
    help="Language of what is made. Default: that of the locale.",
)


def _compare_options(command: Command) -> Command:
    """The options that are passed on to the comparison that a report is made from."""
    for option in reversed((
        click.option("--scenario", metavar="ID|FILE",
                     help="With --from-compare: the municipality; default unless given."),
        click.option("--baseline", metavar="ID", help="With --from-compare: the baseline."),
        click.option("--years", type=click.IntRange(1, 100),
                     help=f"With --from-compare: how many years; {YEARS} unless given."),
        click.option("--replications", type=click.IntRange(min=1),
                     help="With --from-compare: how many worlds; 200 unless given."),
        click.option("--seed", type=click.IntRange(0, 2**63),
                     help="With --from-compare: the seed of all draws; 1 unless given."),
        click.option("--jobs", type=click.IntRange(min=1),
                     help="With --from-compare: processes to share the work; all cores unless "
                     "given."),
    )):  # fmt: skip
        command = option(command)
    return command


@click.command()
@click.argument("named", nargs=-1, metavar="DIR | --from-compare [POLICY ...]")
@click.option("--from-compare", "from_compare", is_flag=True,
              help="Run the comparison first, of the policies named or all, and keep only the "
              "report.")  # fmt: skip
@click.option("--study", type=click.Path(path_type=Path), metavar="DIR|FILE",
              help="What sif study saved; DIR's own, if there is one, unless given.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE.html",
              help="Where to write; report.html in DIR unless given, or here with "
              "--from-compare.")  # fmt: skip
@click.option("--xlsx", type=click.Path(path_type=Path), metavar="FILE.xlsx",
              help="Write the numbers as a workbook too.")  # fmt: skip
@click.option("--summary", type=click.Path(path_type=Path), metavar="FILE.docx",
              help="Write two pages for a board too.")  # fmt: skip
@_compare_options
@_lang
def report(
    named: tuple[str, ...],
    from_compare: bool,
    study: Path | None,
    out: Path | None,
    xlsx: Path | None,
    summary: Path | None,
    lang: Language,
    **compare: Any,
) -> None:
    """Make one page to send on, out of what sif compare --out saved in DIR.

    The page stands on its own: it needs no network, and can be printed. With --from-compare
    the policies are compared first, as sif compare does.

    \b
    Examples:
      sif compare orebro@2016 norrkoping@2022 --out results
      sif report results --lang sv --out report.html --xlsx numbers.xlsx
      sif report results --lang sv --summary summary.docx
      sif report --from-compare orebro@2016 norrkoping@2022 --scenario norrkoping
    """
    from sifrules.presentation.workbook import refuse_without_means as workbook_means
    from sifrules_simulation.presentation.report import page, word_summary, workbook
    from sifrules_simulation.results.folder import ResultsFolder
    from sifrules_simulation.results.reader import read_results

    page.refuse_without_means()
    given = {name: value for name, value in compare.items() if value is not None}
    place = Path() if from_compare else _folder(named, given)
    to = place / "report.html" if out is None else out
    refuse = {xlsx: workbook_means, summary: word_summary.refuse_without_means}
    for file in filter(None, (to, xlsx, summary)):
        refuse.get(file, lambda: None)()
        page.refuse_unwritable(file)
    wanted = [file.absolute() for file in (to, xlsx, summary) if file is not None]
    if len(set(wanted)) < len(wanted):
        raise SifError(
            Message("report.page_and_workbook", xlsx=xlsx or summary),
            fix=Message("report.name_two_files"),
        )
    if from_compare:
        from sifrules_simulation.runs.report_run import compared_now

        saved = compared_now(the_registry(), named, study, lang, given)
    else:
        saved = read_results(place, study)
    files = {to: page.page(saved, lang).encode()}
    if xlsx is not None:
        files[xlsx] = workbook.workbook(saved, lang)
    if summary is not None:
        files[summary] = word_summary.word_summary(saved, lang)
    folders = {file: ResultsFolder(file.parent) for file in files}
    for file, content in files.items():
        folders[file].write(file.name, partial(Path.write_bytes, data=content))
        click.echo(str(file))


def _folder(named: tuple[str, ...], given: dict[str, Any]) -> Path:
    """The one folder that is named; `SifError` for what only a comparison takes."""
    if given:
        option = next(iter(given))
        raise SifError(
            Message("report.only_from_compare", option=option),
            fix=Message("report.add_from_compare"),
        )
    if len(named) != 1:
        raise SifError(
            Message("report.name_folder"),
            fix=Message("report.or_compare"),
        )
    return Path(named[0])


@click.command()
@click.argument("name", metavar="NAME")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", required=True,
              help="Where to draw it: a file that ends in .svg, .png or .html.")  # fmt: skip
@_lang
def chart(name: str, folder: Path, out: Path, lang: Language) -> None:
    """Draw the chart NAME of what sif compare or sif study saved in DIR.

    Of a comparison: balances, uptake_by_year, measure_differences. Of a study: effects,
    shares, causes, sensitivity, foreseen, parameters.

    \b
    Example:
      sif chart balances results --out balances.png --lang sv
    """
    from sifrules_simulation.presentation.charts.style import form_of, save_chart
    from sifrules_simulation.presentation.report import page
    from sifrules_simulation.presentation.report.figures import chart_named
    from sifrules_simulation.results.folder import ResultsFolder

    page.refuse_without_means()
    form = form_of(out)
    drawn = chart_named(name, folder, lang)
    page.refuse_unwritable(out)
    ResultsFolder(out.parent).write(out.name, partial(save_chart, drawn, form=form))
    click.echo(str(out))
