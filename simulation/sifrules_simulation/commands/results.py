"""``sif results``: what a folder of results holds, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sifrules.cli.options import output_options, put_out, the_registry
from sifrules.presentation.answer import Answer
from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message, Text
from sifrules.values.text import Language, same

if TYPE_CHECKING:
    from sifrules_simulation.results.summary import Results, Row

_POLICY = Message("command_results.policy")
_MEASURE = Message("command_results.measure")
_UNIT = Message("command_results.unit")
_HEADS = {
    "mean": Message("command_results.heads_mean"),
    "with": Message("command_results.heads_with"),
    "without": Message("command_results.heads_without"),
    "difference": Message("command_results.heads_difference"),
}
_TITLES = {
    "study": Message("command_results.titles_study"),
    "comparison": Message("command_results.titles_comparison"),
}
_ABOUT = Message("command_results.about")
_FINISHED = {
    ("study", True): Message("command_results.finished_a_finished_study"),
    ("study", False): Message("command_results.finished_a_study_that_is"),
    ("comparison", True): Message("command_results.finished_a_finished_comparison"),
    ("comparison", False): Message("command_results.finished_a_comparison_that_is"),
}
_DONE = {
    "study": Message("command_results.done_study"),
    "comparison": Message("command_results.done_comparison"),
}
_SPENT = {
    "study": Message("command_results.spent_study"),
    "comparison": Message("command_results.spent_comparison"),
}
_PRECISION = Message("command_results.precision")
_PIECES = Message("command_results.pieces")
_FAILED = {
    "study": Message("command_results.failed_study"),
    "comparison": Message("command_results.failed_comparison"),
}
_UNREADABLE = Message("command_results.unreadable")


@click.command("results")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--sql", metavar="QUERY",
              help="Ask the saved tables: one SELECT.")  # fmt: skip
@click.option("--tables", is_flag=True, help="List those tables, with what their columns are.")
@output_options
def results(folder: Path, sql: str | None, tables: bool, form: str, lang: Language) -> None:
    """Report what a saved study or comparison has come to, finished or not.

    With --sql, duckdb answers a query of its tables; it writes nothing and reads nothing else.

    \b
    Examples:
      sif results results
      sif results results --tables
      sif results results --sql "SELECT policy, avg(application_uptake) FROM runs GROUP BY policy"
    """
    if sql is not None and tables:
        raise click.UsageError("--sql and --tables are asked for one at a time")
    if sql is not None:
        _asked(folder, sql, form, lang)
    elif tables:
        from sifrules_simulation.presentation.table_listing import listed

        put_out(listed(folder, the_registry().measures, lang), form, lang)
    else:
        put_out(_means(folder, lang), form, lang)


def _asked(folder: Path, sql: str, form: str, lang: Language) -> None:
    from sifrules_simulation.presentation import query_answer as query_showing
    from sifrules_simulation.results.sql import queried, refuse_without_means
    from sifrules_simulation.results.tables import tables_in

    refuse_without_means()
    saved = tables_in(folder)
    with queried(saved, sql) as found:
        query_showing.put_out(found, saved, form, lang)


def _means(folder: Path, lang: Language) -> Answer:
    from sifrules_simulation.results import summary as reading

    found = reading.results(folder)
    data = [row.as_json() for row in found.rows]
    heads = list(data[0]) if data else ["policy", "measure"]
    return Answer(
        data=found.as_json(),
        tables=(_table(found, lang),),
        csv=Table(
            [Column(head, number=head not in ("policy", "measure")) for head in heads],
            [["" if row[head] is None else str(row[head]) for head in heads] for row in data],
        ),
        notes=((_ABOUT, tuple(each.text(lang) for each in _about(found, folder))),),
    )


def _table(found: Results, lang: Language) -> Table:
    kinds = list(found.rows[0].estimates) if found.rows else []
    columns = [
        Column(_POLICY.text(lang), width=30),
        Column(_MEASURE.text(lang), width=30),
        *(Column(_HEADS[kind].text(lang), number=True) for kind in kinds),
        Column(_UNIT.text(lang)),
    ]
    title = _TITLES[found.kind].format(n=found.count).text(lang)
    return Table(columns, [_cells(row, lang) for row in found.rows], title)


def _cells(row: Row, lang: Language) -> list[str]:
    from sifrules_simulation.presentation.formatting import interval, unit_of

    measure: Any = the_registry().measures.get(row.measure)
    words, unit = (measure.words, measure.unit) if measure else (same(row.measure), "count")
    return [
        row.policy,
        words.text(lang),
        *(
            interval(each, unit, lang, signed=kind == "difference")
            for kind, each in row.estimates.items()
        ),
        unit_of(unit).shown.text(lang),
    ]


def _about(found: Results, folder: Path) -> list[Text]:
    from sifrules.values.numbers import number_words

    lines = [_FINISHED[found.kind, found.finished].format(path=folder)]
    if found.precision is not None:
        measure, half = found.precision
        level = number_words(100 * found.level, ".4g")
        lines.append(_PRECISION.format(measure=measure, half=number_words(half, ".4g")))
        lines.append(_SPENT[found.kind].format(n=found.count, of=found.asked, level=level))
    elif found.asked is not None:
        lines.append(_DONE[found.kind].format(n=found.count, of=found.asked))
    if found.pieces:
        reported = ", ".join(f"{part} {count}" for part, count in found.pieces.items())
        lines.append(_PIECES.format(pieces=reported))
    if found.failed:
        lines.append(_FAILED[found.kind].format(n=found.failed))
    return [*lines, *(_UNREADABLE.format(name=name) for name in found.unreadable)]
