"""What the commands share: options, the registry, and how an answer is put out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.metadata import entry_points
from typing import Any, TypeVar

import click

from sifrules.cli.usage import BadValue, usual_language
from sifrules.errors import SifError, nearest, shown
from sifrules.loading.toml import read_setting
from sifrules.plugin.discovery import OFF
from sifrules.plugin.hookspecs import PROJECT
from sifrules.plugin.registry import Registry, registry
from sifrules.policy.fund_policy import FundPolicy
from sifrules.presentation.answer import FORMATS, Answer, rendered
from sifrules.rules.engines import ENGINES, default_engine, durable_fault
from sifrules.values.dates import Month
from sifrules.values.messages import Joined, Message, Text
from sifrules.values.money import Ore
from sifrules.values.quantities import read_amount, read_number
from sifrules.values.text import LANGUAGES, Language

_ENGINE = Message("engine.name")
Command = TypeVar("Command", bound=Callable[..., Any])


@cache
def the_registry() -> Registry:
    """The registry of this run of the command line."""
    return registry()


def problems() -> Iterator[Text]:
    """What is wrong with the plugins, each thing once, if they were loaded at all."""
    if not the_registry.cache_info().currsize:
        return
    names = {entry.name for entry in entry_points(group=PROJECT)}
    for name in filter(None, map(str.strip, os.environ.get(OFF, "").split(","))):
        if name not in names | {"all"}:
            unknown = Message("plugin.unknown", name=name)
            yield Joined.of(": ", OFF, Joined.of("; ", unknown, nearest(name, names)))
    for plugin in the_registry().plugins:
        for problem in dict.fromkeys(plugin.problems):
            yield Message("plugin.problem", plugin=plugin.name, problem=problem)


def output_options(command: Command) -> Command:
    """The options that every command has: the format and the language of its answer."""
    form = click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="Form of the answer.",
    )
    return form(language_option(command))


def language_option(command: Command) -> Command:
    """The option that names the language of the answer; else it is that of the locale."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default=usual_language,
        envvar="SIFRULES_LANG",
        help="Language of the answer. Default: that of the locale.",
    )(command)


def set_option(command: Command) -> Command:
    """The option that changes values of a policy."""
    return click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="PATH=VALUE",
        help="Change a value, as return_model.floor=0.0; none takes it out. May be repeated.",
    )(command)


def engine_option(command: Command) -> Command:
    """The option that names the engine that decides."""
    return click.option(
        "--engine",
        type=click.Choice(ENGINES),
        help="Default: durable where it can be used, else compiled.",
    )(command)


def engine_note(asked: str | None, language: Language) -> tuple[Text, tuple[str, ...]]:
    """The engine that decides, and why it is not the reference where none was asked for."""
    name = asked or default_engine()
    fault = None if asked else durable_fault()
    return _ENGINE, (f"{name} ({fault.text(language)})" if fault else name,)


def put_out(answer: Answer, form: str, language: Language) -> None:
    """Print an answer in the form asked for."""
    click.echo(rendered(answer, form, language))


def one_policy(name: str, settings: Iterable[str] = ()) -> FundPolicy:
    """A policy by id, municipality or file, with values changed."""
    return the_registry().policy(name, settings)


class _Amount(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """An amount as a person writes it, read exactly."""

    name = "AMOUNT"

    def convert(self, value: object, param: object, ctx: object) -> Ore:
        try:
            return Ore(value) if isinstance(value, int) else read_amount(str(value))
        except SifError as error:
            raise BadValue(error.full_text) from None


class _Number(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """A number in the unit of what is asked for: bare, in per cent, or with a unit of money."""

    name = "NUMBER"

    def convert(self, value: object, param: object, ctx: object) -> float:
        try:
            return value if isinstance(value, float) else float(read_number(str(value)))
        except SifError as error:
            raise BadValue(error.full_text) from None


class _Month(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """A month, as 2017-08."""

    name = "YYYY-MM"

    def convert(self, value: object, param: object, ctx: object) -> Month:
        try:
            return value if isinstance(value, Month) else Month.parse(str(value))
        except SifError as error:
            raise BadValue(error.what) from None


AMOUNT = _Amount()
NUMBER = _Number()
MONTH = _Month()


def read_facts(written: Iterable[str]) -> dict[str, object]:
    """The facts that the command line states, each of them once."""
    facts: dict[str, object] = {}
    for name, value in map(read_fact, written):
        if name in facts:
            raise SifError(Message("check.fact_twice", name=name), fix=Message("check.fact_once"))
        facts[name] = value
    return facts


def read_fact(written: str) -> tuple[str, object]:
    """A fact as the command line takes it: ``application.areas=2``."""
    try:
        return read_setting(written)
    except SifError as error:
        if error.what != Message("setting.unreadable", setting=shown(written)):
            raise
    raise SifError(
        Message("check.fact_unreadable", written=shown(written)),
        fix=Message("check.write_fact_as"),
    )
