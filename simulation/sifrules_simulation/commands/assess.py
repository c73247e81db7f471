"""``sif assess``: whether a project is worth applying for, under each policy."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from sifrules.cli.check import policies_named, read_applications
from sifrules.cli.check_tables import DOUBTS, HEADS, Decided, doubts, doubts_of, reasons
from sifrules.cli.check_tracks import tracks_table
from sifrules.cli.options import (
    AMOUNT,
    MONTH,
    engine_note,
    engine_option,
    output_options,
    put_out,
    set_option,
    the_registry,
)
from sifrules.cli.usage import BadValue
from sifrules.errors import SifError
from sifrules.loading.cells import is_spreadsheet
from sifrules.presentation.answer import Answer, Sources
from sifrules.rules.decisions import Outcome
from sifrules.values.messages import Message
from sifrules.values.money import Ore
from sifrules.values.quantities import read_share
from sifrules.values.text import Language
from sifrules_simulation.commands.study import files_note

_ASSUMED_OF_PROJECT = Message("assess.assumed_of_project")
_NOTES = Message("assess.notes")
_SHEETS = {
    "answer": Message("assess.sheet_answer"),
    "years": Message("assess.sheet_years"),
    "depends": Message("assess.sheet_depends"),
    "reasons": Message("assess.sheet_reasons"),
    "notes": Message("assess.sheet_notes"),
}


class _Share(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """A share from 0 to 1, as 60 % or 0.6."""

    name = "SHARE"

    def convert(self, value: object, param: click.Parameter | None, ctx: object) -> Decimal:
        try:
            share = value if isinstance(value, Decimal) else read_share(str(value))
        except SifError as error:
            raise BadValue(error.full_text) from None
        if not 0 <= share <= 1:
            name = param.opts[0] if param is not None else self.name
            raise BadValue(Message("assess.bad_share", option=name))
        return share


@click.command()
@click.argument("application", type=click.Path(path_type=Path), metavar="PROJECT")
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="ID|FILE",
    help="A policy to assess it under; may be repeated. Default: all.",
)
@click.option(
    "--start",
    type=MONTH,
    help="The month in which it would start; else January of the application's year.",
)
@click.option(
    "--effect",
    type=AMOUNT,
    help="Lower costs over the effect's whole life if all goes "
    "as hoped; else the application's expected savings.",
)
@click.option(
    "--delay",
    type=click.IntRange(0, 600),
    metavar="MONTHS",
    help="From the start until costs begin to fall.",
)
@click.option(
    "--lifetime",
    type=click.IntRange(1, 600),
    metavar="MONTHS",
    help="For how long costs are lower.",
)
@click.option(
    "--own-share", type=_Share(), help="The part of the effect that arises at the committee itself."
)
@click.option("--human", type=AMOUNT, help="What the human gains are worth.")
@click.option(
    "--scenario",
    default="default",
    metavar="ID|FILE",
    show_default=True,
    help="The municipality whose assumptions stand in for what is not said.",
)
@click.option(
    "--assume",
    "assumptions",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change an assumption, as effects.cashable=0.6. May be repeated.",
)
@click.option(
    "--fact", "facts", multiple=True, metavar="NAME=VALUE", help="A fact to add to the application."
)
@click.option(
    "--row",
    metavar="NAME|NUMBER",
    help="The application of a list, by its name or the number of its row.",
)
@click.option(
    "--xlsx",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the answer as a workbook too.",
)
@engine_option
@set_option
@output_options
@click.pass_context
def assess(
    ctx: click.Context,
    /,
    application: Path,
    policies: tuple[str, ...],
    scenario: str,
    assumptions: tuple[str, ...],
    facts: tuple[str, ...],
    row: str | None,
    xlsx: Path | None,
    engine: str | None,
    settings: tuple[str, ...],
    form: str,
    lang: Language,
    **details: Any,
) -> None:
    """Assess whether PROJECT, an application as a TOML file or in a list, is worth applying for.

    For each policy: may it be funded and why, what would be granted, what is returned when, what
    the committee itself is left with, and how large the effect has to be. The valuation is that
    by which simulated committees choose, term by term. With --policy the exit code is 0 where
    under every policy the answer is yes: it may be funded, and applying pays.

    \b
    Examples:
      sif assess examples/applications/invented-complete.toml
      sif assess mine.toml --policy orebro@2016 --effect "8 mnkr" --own-share "60 %"
      sif assess list.xlsx --row 7 --lang sv
      sif assess mine.toml --assume effects.cashable=0.6 --xlsx answer.xlsx
    """  # fmt: skip
    from sifrules.presentation.workbook import refuse_without_means
    from sifrules_simulation.analysis.assessed_project import ProjectDetails
    from sifrules_simulation.analysis.assessment import Assessor
    from sifrules_simulation.model import scenarios
    from sifrules_simulation.presentation.assessment_notes import about, assumed, noted
    from sifrules_simulation.presentation.assessment_tables import as_data, every_year, tables

    if xlsx is not None:
        refuse_without_means()
    chosen = policies_named(policies, settings)
    if row is None and is_spreadsheet(application):
        raise SifError(Message("assess.one_of_list"), fix=Message("check_list.pick_row"))
    (read,) = read_applications([application], facts, chosen, row)
    given = scenarios.scenario(scenario).assuming(assumptions)
    assessor = Assessor(
        the_registry(), read.facts, _not_negative(ProjectDetails(**details)), given, engine
    )
    found = [assessor.under(policy) for policy in chosen]
    pairs = [Decided(read, each.policy, each.decision, rank=None) for each in found]
    sources = Sources(lang)
    on_tracks = [(p.application.name, p.policy, p.decision) for p in pairs if p.decision.tracks]
    why = [reasons(pairs, lang, sources), tracks_table(on_tracks, HEADS, lang, sources)]
    notes = [
        (DOUBTS, tuple(doubts([read], lang))),
        (_ASSUMED_OF_PROJECT, tuple(assumed(found, given, lang))),
        (_NOTES, tuple(each.text(lang) for each in noted(found))),
    ]
    if xlsx is not None:
        _write(xlsx, found, given, why[0], notes, lang)
    answer = Answer(
        data={
            "application": read.name,
            "doubts": [each.text(lang) for each in doubts_of(read)],
            "policies": [as_data(each, lang) for each in found],
        },
        tables=(*tables(found, given, lang), *why),
        csv=every_year(found, lang),
        lead="\n".join(each.text(lang) for each in about(read.name, found)),
        notes=(*notes, sources.note, engine_note(engine, lang), *files_note({"out": xlsx})),
    )
    put_out(answer, form, lang)
    if policies and not all(
        each.outcome is Outcome.ELIGIBLE and each.valuation is not None and each.valuation.pays
        for each in found
    ):
        ctx.exit(1)


def _not_negative(details: Any) -> Any:
    for name in ("effect", "human"):
        amount: Ore | None = getattr(details, name)
        if amount is not None and amount < 0:
            raise SifError(Message("assess.negative", option=f"--{name}"))
    return details


def _write(
    file: Path, found: Sequence[Any], given: Any, why: Any, notes: Any, lang: Language
) -> None:
    """The answer as a workbook."""
    from sifrules.presentation.workbook import Sheet, sheet_of, write_workbook
    from sifrules_simulation.presentation.assessment_tables import (
        answers_in_kronor,
        every_dependence,
        every_year,
    )

    named = {name: words.text(lang) for name, words in _SHEETS.items()}
    lines = [(title.text(lang), line) for title, each in notes for line in each]
    write_workbook(
        (
            sheet_of(named["answer"], answers_in_kronor(found, lang)),
            sheet_of(named["years"], every_year(found, lang)),
            sheet_of(named["depends"], every_dependence(found, given, lang)),
            sheet_of(named["reasons"], why),
            Sheet(named["notes"], (named["notes"], ""), lines),
        ),
        file,
    )
