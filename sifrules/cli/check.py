"""``sif check``: applications against policies, with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click
from attrs import evolve

from sifrules.cli.check_ceilings import exceeded
from sifrules.cli.check_steps import steps_table
from sifrules.cli.check_tables import (
    HEADS,
    Decided,
    described,
    every_rule,
    matrix,
    notes,
    reasons,
    rules_of,
)
from sifrules.cli.check_tracks import tracks_table
from sifrules.cli.options import (
    engine_note,
    engine_option,
    one_policy,
    output_options,
    put_out,
    read_facts,
    set_option,
    the_registry,
)
from sifrules.errors import Fault, FaultyFile, SifError, nearest, shown
from sifrules.loading.application import Application, check_facts, read_application, told_apart
from sifrules.loading.application_list import read_list
from sifrules.loading.cells import is_spreadsheet
from sifrules.plugin.fact_names import refuse_clashes
from sifrules.policy.decide import decide, stages_for
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.priorities import Rank, rank
from sifrules.presentation import workbook
from sifrules.presentation.answer import Answer, Sources
from sifrules.rules.conditions import Values
from sifrules.rules.decisions import Outcome
from sifrules.rules.rulebook import Stage
from sifrules.rules.vocabulary import FACTS, Vocabulary
from sifrules.values.messages import Message
from sifrules.values.text import Language


def decided(
    application: Application, policy: FundPolicy, stages: tuple[str, ...], engine: str | None
) -> Decided:
    """An application under a policy, at the stages named or at those it tells of."""
    known = _known(application, policy)
    tried = stages or stages_for(application.facts)
    decision = decide(policy, known, stages=tried, engine=engine)
    seen = policy if decision.track is None else policy.on_track(decision.track)
    ranked = _rank(policy.vocabulary.read(known), seen)
    over = None if stages else exceeded(policy, known, decision, tried)
    return Decided(application, policy, decision, ranked, over)


@click.command()
@click.argument("applications", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="ID|FILE",
    help="A policy to decide under; may be repeated. Default: all.",
)
@click.option(
    "--stage",
    "stages",
    multiple=True,
    type=click.Choice([s.value for s in Stage]),
    help="A stage whose rules are tried; may be repeated. Default: idea_test and application, "
    "and allocation for a file that tells of the fund.",
)
@click.option(
    "--fact",
    "facts",
    multiple=True,
    metavar="NAME=VALUE",
    help="A fact to add to every application, as fund.new_investments_this_year=3.",
)
@engine_option
@click.option(
    "--row",
    metavar="NAME|NUMBER",
    help="One application of a list, by its name or the number of its row.",
)
@click.option(
    "--xlsx",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write matrix, reasons and what is missing as a workbook too.",
)
@click.option("--rules", is_flag=True, help="Show every rule, not only those that speak against.")
@set_option
@output_options
@click.pass_context
def check(
    ctx: click.Context,
    applications: tuple[Path, ...],
    policies: tuple[str, ...],
    stages: tuple[str, ...],
    facts: tuple[str, ...],
    engine: str | None,
    row: str | None,
    xlsx: Path | None,
    rules: bool,
    settings: tuple[str, ...],
    form: str,
    lang: Language,
) -> None:
    """Decide APPLICATIONS (TOML files or lists) under policies, with reasons and citations.

    A list is a CSV file or a workbook with one row an application, or - for either on the
    standard input; sif template list writes an empty one. With --policy the exit code is 0
    where every answer is yes, else 1.

    \b
    Examples:
      sif check examples/applications/*.toml
      sif check mine.toml --policy orebro@2016 --rules
      sif check mine.toml --policy orebro@2016 --set criteria.areas.areas=3
      sif check list.xlsx --xlsx answers.xlsx --lang sv
    """
    chosen = policies_named(policies, settings)
    if xlsx is not None:
        workbook.refuse_without_means()
    read = read_applications(applications, facts, chosen, row)
    listed = row is None and any(map(is_spreadsheet, applications))
    if listed and rules:
        raise SifError(Message("check_list.rules"), fix=Message("check_list.pick_row"))
    if listed or xlsx is not None:
        from sifrules.cli.check_list import decide_list

        by_columns = decide_list(read, chosen, stages)
        if xlsx is not None:
            by_columns.write(xlsx, lang)
        if listed:
            put_out(by_columns.answer(form, lang, xlsx), form, lang)
            if policies and not by_columns.all_eligible:
                ctx.exit(1)
            return
    pairs = [
        decided(application, policy, stages, engine) for application in read for policy in chosen
    ]
    sources = Sources(lang)
    tables = [matrix(pairs, read, chosen, lang), reasons(pairs, lang, sources)]
    on_tracks = [(p.application.name, p.policy, p.decision) for p in pairs if p.decision.tracks]
    tables.append(tracks_table(on_tracks, HEADS, lang, sources))
    in_steps = [(p.application.name, p.policy, p.decision) for p in pairs]
    tables.append(steps_table(in_steps, HEADS, lang, sources))
    if rules:
        tables += [rules_of(pair, each, lang, sources) for pair in pairs for each in pair.tried]
    answer = Answer(
        data=[described(pair, lang) for pair in pairs],
        tables=tuple(tables),
        csv=every_rule(pairs, lang),
        notes=(*notes(pairs, read, rules, lang), sources.note, engine_note(engine, lang)),
    )
    put_out(answer, form, lang)
    if policies and any(pair.decision.outcome is not Outcome.ELIGIBLE for pair in pairs):
        ctx.exit(1)


# --- reading ------------------------------------------------------------------------


def policies_named(names: tuple[str, ...], settings: tuple[str, ...]) -> tuple[FundPolicy, ...]:
    """The policies that are named, with values changed; all of them where none is."""
    if names:
        chosen = [(name, one_policy(name, settings)) for name in names]
        refuse_clashes(chosen)
        return tuple(policy for _, policy in chosen)
    if settings:
        raise SifError(Message("check.set_without_policy"), fix=Message("check.add_policy"))
    return the_registry().policies


def read_applications(
    files: Iterable[Path],
    added: tuple[str, ...],
    policies: tuple[FundPolicy, ...],
    row: str | None = None,
) -> list[Application]:
    """The applications of files and lists, checked against what each of the policies knows.

    With ``row`` that one of a list. `FaultyFile` has all faults at once.
    """
    files = tuple(files)
    if row is not None and not any(map(is_spreadsheet, files)):
        raise SifError(Message("check_list.row_without_list"))
    vocabularies = [policy.vocabulary for policy in policies] or [FACTS]
    more = read_facts(added)
    check_facts(Application("", more, "--fact"), *vocabularies)
    found: list[Application] = []
    faults: list[Fault] = []
    for file in files:
        try:
            try:
                found += _in_file(file, more, row, vocabularies)
            except FaultyFile:
                if not policies:
                    raise
                found += _in_file(file, more, row, [*vocabularies, _elsewhere(vocabularies)])
        except FaultyFile as error:
            faults += error.faults
    if faults:
        raise FaultyFile(faults)
    return told_apart(found)


def _in_file(
    file: Path, more: Mapping[str, object], row: str | None, vocabularies: Sequence[Vocabulary]
) -> list[Application]:
    """The applications of one file or list, with more facts."""
    if is_spreadsheet(file):
        read = _picked(read_list(file, *vocabularies), row)
        return [evolve(each, facts={**each.facts, **more}) for each in read]
    application = read_application(file)
    application = evolve(application, facts={**application.facts, **more})
    check_facts(application, *vocabularies)
    return [application]


def _elsewhere(vocabularies: Sequence[Vocabulary]) -> Vocabulary:
    """The facts that installed guidelines alone have, which an application for all may state."""
    known = {name for vocabulary in vocabularies for name in vocabulary}
    others = (each.vocabulary for each in the_registry().policies)
    found = {name: fact for other in others for name, fact in other.items() if name not in known}
    return Vocabulary(found.values())


def _picked(read: list[Application], row: str | None) -> list[Application]:
    """The applications of a list, or the one that is asked for by its name or its row."""
    if row is None:
        return read
    rows = {each.origin.rpartition(":")[2]: each for each in read}
    picked = [each for each in read if each.name == row] or [*filter(None, [rows.get(row)])]
    if len(picked) > 1:
        alike = ", ".join(number for number, each in rows.items() if each.name == row)
        raise SifError(
            Message("check_list.same_name", row=shown(row), rows=alike),
            fix=Message("check_list.name_the_row"),
        )
    if not picked and row.isdecimal():
        first, *_, last = *rows, *rows
        raise SifError(
            Message("check_list.no_row", row=shown(row)),
            fix=Message("check_list.rows_there_are", first=first, last=last),
        )
    if not picked:
        raise SifError(
            Message("check_list.no_row", row=shown(row)),
            fix=nearest(row, {each.name for each in read}),
        )
    return picked


def _known(application: Application, policy: FundPolicy) -> dict[str, object]:
    """The facts that a policy knows; those that only another one knows are left out."""
    return {name: value for name, value in application.facts.items() if name in policy.vocabulary}


def _rank(values: Values, policy: FundPolicy) -> Rank | None:
    return rank(policy, values) if policy.priorities else None
