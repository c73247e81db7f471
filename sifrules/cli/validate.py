"""``sif validate``: everything wrong or doubtful in a guideline, before anybody relies on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    """Tell everything wrong or doubtful in guidelines: where, what, why, and what to do.

    A name is a TOML file (a guideline, a what-if or a record), a policy's id, or an
    installed plugin: then all its guidelines and its record. What is said to be wrong is
    sure from the files alone; the exit code is then 1.

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
    put_out(_answer(names, issues, lang), form, lang)
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
        if isinstance(each, Guideline):
            with suppress(SifError):
                yield registry.built(each)


def _issues(
    registry: Registry, name: str, read: _Read, beside: list[FundPolicy]
) -> tuple[Issue, ...]:
    match read:
        case Guideline():
            return validate_guideline(registry, read, beside=beside)
        case History():
            return validate_record(registry, read, beside)
        case str():
            return validate_plugin(registry, name)
        case _:
            return tuple(of_faults(read))


def _answer(names: tuple[str, ...], issues: tuple[Issue, ...], lang: Language) -> Answer:
    counts = {level.value: sum(issue.level is level for issue in issues) for level in Severity}
    lead = (_COUNTED if issues else _NOTHING).format(names=", ".join(names), **counts)
    data = {"checked": list(names), **counts, "doubts": [each.as_json(lang) for each in issues]}
    return Answer(
        data=data,
        tables=tuple(_table(file, issues, lang) for file in dict.fromkeys(d.file for d in issues)),
        csv=_csv(issues, lang),
        lead=lead.text(lang),
    )


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
