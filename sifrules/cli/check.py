"""``sif check``: applications against policies, with reasons."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

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
from sifrules.errors import Fault, FaultyFile, SifError
from sifrules.loading.application import Application, check_facts, read_application
from sifrules.policy.decide import decide, stages_for
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.priorities import Rank, rank
from sifrules.presentation.answer import Answer, Sources
from sifrules.rules.conditions import Values
from sifrules.rules.decisions import Outcome
from sifrules.rules.rulebook import Stage
from sifrules.rules.vocabulary import FACTS
from sifrules.values.messages import Message
from sifrules.values.text import Language


def decided(
    application: Application, policy: FundPolicy, stages: tuple[str, ...], engine: str | None
) -> Decided:
    """An application under a policy, at the stages named or at those it tells of."""
    known = _known(application, policy)
    decision = decide(policy, known, stages=stages or stages_for(application.facts), engine=engine)
    seen = policy if decision.track is None else policy.on_track(decision.track)
    return Decided(application, policy, decision, _rank(policy.vocabulary.read(known), seen))


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
    rules: bool,
    settings: tuple[str, ...],
    form: str,
    lang: Language,
) -> None:
    """Decide APPLICATIONS (TOML files) under policies, with reasons and citations.

    With --policy the exit code is 0 where every answer is yes, else 1.

    \b
    Examples:
      sif check examples/applications/*.toml
      sif check mine.toml --policy orebro@2016 --rules
      sif check mine.toml --policy orebro@2016 --set criteria.areas.areas=3
    """
    chosen = policies_named(policies, settings)
    read = read_applications(applications, facts, chosen)
    pairs = [
        decided(application, policy, stages, engine) for application in read for policy in chosen
    ]
    sources = Sources(lang)
    tables = [matrix(pairs, read, chosen, lang), reasons(pairs, lang, sources)]
    on_tracks = [(p.application.name, p.policy, p.decision) for p in pairs if p.decision.tracks]
    tables.append(tracks_table(on_tracks, HEADS, lang, sources))
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
        return tuple(one_policy(name, settings) for name in names)
    if settings:
        raise SifError(Message("check.set_without_policy"), fix=Message("check.add_policy"))
    return the_registry().policies


def read_applications(
    files: Iterable[Path], added: tuple[str, ...], policies: tuple[FundPolicy, ...]
) -> list[Application]:
    """The applications, checked against what each of the policies knows; all faults at once."""
    vocabularies = [policy.vocabulary for policy in policies] or [FACTS]
    more = read_facts(added)
    check_facts(Application("", more, "--fact"), *vocabularies)
    found: list[Application] = []
    faults: list[Fault] = []
    for file in files:
        try:
            application = read_application(file)
            application = Application(
                application.name,
                {**application.facts, **more},
                application.origin,
                application.about,
                application.source,
            )
            check_facts(application, *vocabularies)
            found.append(application)
        except FaultyFile as error:
            faults += error.faults
    if faults:
        raise FaultyFile(faults)
    return found


def _known(application: Application, policy: FundPolicy) -> dict[str, object]:
    """The facts that a policy knows; those that only another one knows are left out."""
    return {name: value for name, value in application.facts.items() if name in policy.vocabulary}


def _rank(values: Values, policy: FundPolicy) -> Rank | None:
    return rank(policy, values) if policy.priorities else None
