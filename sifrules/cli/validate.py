"""``sif validate``: everything wrong or doubtful in a guideline, before anybody relies on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import click

from sifrules.cli.options import output_options, put_out, the_registry
from sifrules.errors import Fault, FaultyFile, SifError, nearest
from sifrules.loading.guideline import Guideline
from sifrules.loading.history import History, read_history
from sifrules.loading.toml import read_toml
from sifrules.plugin.registry import Registry
from sifrules.policy.fund_policy import FundPolicy
from sifrules.presentation.answer import Answer
from sifrules.presentation.table import Column, Table
from sifrules.validation import (
    Issue,
    Severity,
    validate as validate_guideline,
    validate_plugin,
    validate_record,
)
from sifrules.validation.file_faults import of_faults
from sifrules.validation.timeline import (
    InForce,
    guidelines_named,
    in_force_when,
    is_timeline,
    validate_timeline,
)
from sifrules.values.messages import Message
from sifrules.values.text import Language

_HEADS = {
    "level": Message("sif_validate.heads_level"),
    "kind": Message("sif_validate.heads_kind"),
    "file": Message("sif_validate.heads_file"),
    "key": Message("sif_validate.heads_key"),
    "what": Message("sif_validate.heads_what"),
    "why": Message("sif_validate.heads_why"),
    "do": Message("sif_validate.heads_do"),
}
_SHOWN = {"level": None, "key": None, "what": 40, "why": 32, "do": 32}
_IN_FORCE = Message("validate_timeline.in_force")
_HEADS_IN_FORCE = (
    Message("policy_table.heads_policy"),
    Message("validate_timeline.since"),
    Message("validate_timeline.until"),
    Message("validate_timeline.by_itself"),
)
_FIRST = Message("timeline_table.first")
_GOES_ON = Message("validate_timeline.goes_on")
_NO_DATE = Message("validate_timeline.no_date")
_COUNTED = Message("sif_validate.counted")
_NOTHING = Message("sif_validate.nothing")


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="FILE|POLICY|PLUGIN...")
@click.option("--strict", is_flag=True, help="Exit with 1 also where something is doubtful.")
@output_options
@click.pass_context
def validate(
    ctx: click.Context, names: tuple[str, ...], strict: bool, form: str, lang: Language
) -> None:
    """Report everything wrong or doubtful in guidelines: where, what, why, and what to do.

    A name is a TOML file (a guideline, a what-if, a record or a timeline), a policy's id, or
    an installed plugin: then all its guidelines and its record. Of a timeline every guideline
    is validated that it names, and it is shown what is in force when. What is said to be wrong
    is sure from the files alone; the exit code is then 1.

    \b
    Examples:
      sif validate my-guideline.toml
      sif validate orebro --strict
    """
    registry = the_registry()
    read = {name: _read(registry, name) for name in names}
    beside = list(_built(registry, read.values()))
    found = (_issues(registry, name, each, beside) for name, each in read.items())
    issues = tuple(dict.fromkeys(issue for each in found for issue in each))
    in_force = {
        name: in_force_when(registry, each)
        for name, each in read.items()
        if isinstance(each, Guideline) and is_timeline(each)
    }
    put_out(_answer(names, issues, in_force, lang), form, lang)
    if any(strict or issue.level is Severity.WRONG for issue in issues):
        ctx.exit(1)


#: What a name stands for: a plugin by its name, a guideline, a record, or a file's faults.
_Read = str | Guideline | History | tuple[Fault, ...]


def _read(registry: Registry, name: str) -> _Read:
    """What a name stands for; `SifError` names the nearest for one that is not known."""
    plugins = {plugin.name: plugin for plugin in registry.plugins}
    offering = [each for each in plugins if registry.offered_by(each)]
    if name in offering or (name in plugins and plugins[name].problems):
        return name
    if name in plugins:
        raise SifError(
            Message("validate.plugin_without_guideline", name=name), fix=nearest(name, offering)
        )
    if name in registry.ids:
        return registry.guideline(name)
    if name.endswith(".toml") or Path(name).exists():
        return _file(registry, Path(name))
    known = [*registry.ids, *offering]
    raise SifError(Message("validate.unknown", name=name), fix=nearest(name, known))


def _file(registry: Registry, file: Path) -> Guideline | History | tuple[Fault, ...]:
    """A file, be it a guideline or a record, or what is wrong with it."""
    if not file.is_file():
        read_toml(file)  # raises where it is not there, or is a folder
    try:
        tree = read_toml(file)
        if {"key", "until"} <= tree.keys():
            return read_history(file)
    except FaultyFile as error:
        return error.faults
    guideline = Guideline(tree, str(file))
    if guideline.id not in registry.ids:
        return guideline
    offered = registry.guideline(guideline.id)
    if Path(offered.origin).resolve() == file.resolve():
        return offered
    wrong = Message("file.id_taken", id=guideline.id)
    return (Fault(str(file), "id", wrong, fix=Message("file.choose_id")),)


def _built(registry: Registry, read: Iterable[_Read]) -> Iterator[FundPolicy]:
    """The policies among what was read; one with faults is reported where it is validated."""
    for each in read:
        if isinstance(each, Guideline) and not is_timeline(each):
            with suppress(SifError):
                yield registry.built(each)


def _issues(
    registry: Registry, name: str, read: _Read, beside: list[FundPolicy]
) -> tuple[Issue, ...]:
    match read:
        case Guideline() if is_timeline(read):
            named = guidelines_named(registry, read)
            each = (validate_guideline(registry, policy, beside=beside) for policy in named)
            return (*validate_timeline(registry, read), *(issue for some in each for issue in some))
        case Guideline():
            return validate_guideline(registry, read, beside=beside)
        case History():
            return validate_record(registry, read, beside)
        case str():
            return validate_plugin(registry, name)
        case _:
            return tuple(of_faults(read))


def _answer(
    names: tuple[str, ...],
    issues: tuple[Issue, ...],
    in_force: Mapping[str, tuple[InForce, ...]],
    lang: Language,
) -> Answer:
    counts = {level.value: sum(issue.level is level for issue in issues) for level in Severity}
    lead = (_COUNTED if issues else _NOTHING).format(names=", ".join(names), **counts)
    data = {"checked": list(names), **counts, "doubts": [each.as_json(lang) for each in issues]}
    if in_force:
        data["in_force"] = {
            name: [
                {
                    "policy": each.policy.id,
                    "since": None if each.since is None else str(each.since),
                    "until": None if each.until is None else str(each.until + -1),
                }
                for each in some
            ]
            for name, some in in_force.items()
        }
    return Answer(
        data=data,
        tables=(
            *(_in_force(name, some, lang) for name, some in in_force.items()),
            *(_table(file, issues, lang) for file in dict.fromkeys(d.file for d in issues)),
        ),
        csv=_csv(issues, lang),
        lead=lead.text(lang),
    )


def _in_force(name: str, some: Iterable[InForce], lang: Language) -> Table:
    """What is in force when by a timeline, beside what each guideline says of itself."""
    rows = [
        [
            each.policy.id,
            _FIRST.text(lang) if each.since is None else each.since.text(lang),
            _GOES_ON.text(lang) if each.until is None else (each.until + -1).text(lang),
            _by_itself(each.policy, lang),
        ]
        for each in some
    ]
    columns = [Column(head.text(lang)) for head in _HEADS_IN_FORCE]
    return Table(columns, rows, _IN_FORCE.format(file=name).text(lang))


def _by_itself(policy: FundPolicy, lang: Language) -> str:
    begun, ended = policy.terms.in_force, policy.terms.replaced
    if begun is None:
        return _NO_DATE.text(lang)
    return f"{begun.text(lang)} –{f' {ended.text(lang)}' if ended else ''}"


def _table(file: str, issues: Iterable[Issue], lang: Language) -> Table:
    """The issues of one file, for people."""
    rows = [
        [
            issue.level.words.text(lang),
            issue.key,
            issue.what.text(lang),
            issue.why.text(lang),
            issue.do.text(lang),
        ]
        for issue in issues
        if issue.file == file
    ]
    columns = [Column(_HEADS[name].text(lang), width=width) for name, width in _SHOWN.items()]
    return Table(columns, rows, title=file)


def _csv(issues: Iterable[Issue], lang: Language) -> Table:
    rows = [
        [
            issue.level,
            issue.kind,
            issue.file,
            issue.key,
            issue.what.text(lang),
            issue.why.text(lang),
            issue.do.text(lang),
        ]
        for issue in issues
    ]
    return Table([Column(words.text(lang)) for words in _HEADS.values()], rows)
