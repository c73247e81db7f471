"""``sif results``: what a folder of results holds, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sifrules.cli.options import output_options, put_out, the_registry
from sifrules.presentation.answer import Answer
from sifrules.presentation.table import Column, Table
from sifrules.values.text import Language, LocalizedText, same

if TYPE_CHECKING:
    from sifrules_simulation.results.summary import Results, Row

_POLICY = LocalizedText(sv="policy", en="policy")
_MEASURE = LocalizedText(sv="mått", en="measure")
_UNIT = LocalizedText(sv="enhet", en="unit")
_HEADS = {
    "mean": LocalizedText(sv="medel", en="mean"),
    "with": LocalizedText(sv="med återföring", en="with the return flow"),
    "without": LocalizedText(sv="utan", en="without"),
    "difference": LocalizedText(sv="skillnad", en="difference"),
}
_TITLES = {
    "study": LocalizedText(sv="Medelvärden över {n} dragningar", en="Means over {n} draws"),
    "comparison": LocalizedText(
        sv="Medelvärden över {n} körningar", en="Means over {n} replications"
    ),
}
_ABOUT = LocalizedText(sv="Om resultaten", en="About these results")
_FINISHED = {
    ("study", True): LocalizedText(sv="en avslutad studie", en="a finished study"),
    ("study", False): LocalizedText(
        sv="en studie som inte är avslutad; fortsätt med sif study resume {path}",
        en="a study that is not finished; go on with sif study resume {path}",
    ),
    ("comparison", True): LocalizedText(sv="en avslutad jämförelse", en="a finished comparison"),
    ("comparison", False): LocalizedText(
        sv="en jämförelse som inte är avslutad; fortsätt med sif study resume {path}",
        en="a comparison that is not finished; go on with sif study resume {path}",
    ),
}
_DONE = {
    "study": LocalizedText(sv="{n} av {of} dragningar är klara", en="{n} of {of} draws are done"),
    "comparison": LocalizedText(
        sv="{n} av {of} körningar är klara", en="{n} of {of} replications are done"
    ),
}
_SPENT = {
    "study": LocalizedText(
        sv="{n} av högst {of} dragningar är klara; intervallen är {level}-procentiga",
        en="{n} of at most {of} draws are done; intervals are {level} %",
    ),
    "comparison": LocalizedText(
        sv="{n} av högst {of} körningar är klara; intervallen är {level}-procentiga",
        en="{n} of at most {of} replications are done; intervals are {level} %",
    ),
}
_PRECISION = LocalizedText(
    sv="stannar när skillnaderna i {measure} är kända inom ±{half}",
    en="stops when the differences in {measure} are known within ±{half}",
)
_PIECES = LocalizedText(sv="delar som finns: {pieces}", en="pieces that are kept: {pieces}")
_FAILED = {
    "study": LocalizedText(sv="{n} dragningar misslyckades", en="{n} draws failed"),
    "comparison": LocalizedText(sv="{n} körningar misslyckades", en="{n} replications failed"),
}
_UNREADABLE = LocalizedText(
    sv="{name} går inte att läsa, och är inte med", en="{name} cannot be read, and is left out"
)


@click.command("results")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--sql", metavar="QUERY",
              help="Ask the tables that were kept: one SELECT.")  # fmt: skip
@click.option("--tables", is_flag=True, help="List those tables, with what their columns are.")
@output_options
def results(folder: Path, sql: str | None, tables: bool, form: str, lang: Language) -> None:
    """Tell what a study or comparison that was kept has come to, finished or not.

    With --sql, duckdb answers a query of its tables; it writes nothing and reads nothing else.

    \b
    Examples:
      sif results kept
      sif results kept --tables
      sif results kept --sql "SELECT policy, avg(application_uptake) FROM runs GROUP BY policy"
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
    kept = tables_in(folder)
    with queried(kept, sql) as found:
        query_showing.put_out(found, kept, form, lang)


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


def _about(found: Results, folder: Path) -> list[LocalizedText]:
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
        told = ", ".join(f"{part} {count}" for part, count in found.pieces.items())
        lines.append(_PIECES.format(pieces=told))
    if found.failed:
        lines.append(_FAILED[found.kind].format(n=found.failed))
    return lines + [_UNREADABLE.format(name=name) for name in found.unreadable]
