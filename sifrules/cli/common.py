"""What the commands share: options, the registry, and how an answer is put out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeVar

import click
from attrs import evolve, frozen

from sifrules.citations import Citation
from sifrules.dates import Month
from sifrules.errors import SifError
from sifrules.money import Ore, ore
from sifrules.policy import FundPolicy
from sifrules.registry import Registry, registry
from sifrules.tables import Table, as_csv, as_markdown, as_text, bullets, plain_text
from sifrules.words import LANGUAGES, Language, Words

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = ("table", "markdown", "csv", "json")

READING = Words(sv="läsning", en="reading")
SOURCES = Words(sv="Källor", en="Sources")

#: How a command puts a citation: in full, or by number with the documents named below.
Cite = Callable[[Citation | None], str]


@cache
def the_registry() -> Registry:
    """The registry of this run of the command line; a broken plugin is told of once."""
    made = registry()
    for plugin in made.plugins:
        for problem in plugin.problems:
            click.echo(f"sif: plugin {plugin.name}: {problem}", err=True)
    return made


def output_options(command: Command) -> Command:
    """The options that every command has: the format and the language of its answer."""
    for option in (
        click.option(
            "--lang",
            type=click.Choice(LANGUAGES),
            default="en",
            envvar="SIFRULES_LANG",
            show_default=True,
            help="Language of the answer.",
        ),
        click.option(
            "--format",
            "form",
            type=click.Choice(FORMATS),
            default="table",
            show_default=True,
            help="Form of the answer.",
        ),
    ):
        command = option(command)
    return command


def set_option(command: Command) -> Command:
    """The option that changes values of a policy."""
    return click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="PATH=VALUE",
        help="Change a value, as return_model.floor=0.0; none takes it out. May be repeated.",
    )(command)


@frozen(kw_only=True)
class Answer:
    """A command's answer in every form.

    ``data`` is what JSON gives, ``tables`` what people read, ``csv`` the one table of
    the CSV form, ``notes`` what stands below.
    """

    data: Any
    tables: tuple[Table, ...]
    csv: Table
    notes: tuple[tuple[Words, tuple[str, ...]], ...] = ()


def put_out(answer: Answer, form: str, language: Language) -> None:
    """Print an answer in the form asked for."""
    if form == "json":
        click.echo(json.dumps(answer.data, ensure_ascii=False, indent=2))
    elif form == "csv":
        click.echo(as_csv(answer.csv))
    else:
        render = as_markdown if form == "markdown" else as_text
        pieces = [_titled(table, render(table), form) for table in answer.tables if table.rows]
        pieces += [bullets(title.say(language), lines) for title, lines in answer.notes]
        click.echo("\n\n".join(piece for piece in pieces if piece))


def _titled(table: Table, body: str, form: str) -> str:
    if not table.title:
        return body
    mark = "### " if form == "markdown" else ""
    return f"{mark}{plain_text(table.title)}\n\n{body}"


def one_policy(name: str, settings: Iterable[str] = ()) -> FundPolicy:
    """A policy by id, municipality or file, with values changed."""
    return the_registry().policy(name, settings)


def cited(citation: Citation | None, language: Language) -> str:
    """A citation in full; one that rests on a reading is marked."""
    if citation is None:
        return ""
    mark = f" [{READING.say(language)}]" if citation.reading else ""
    return f"{citation}{mark}"


class Sources:
    """Numbers the documents that a table cites, so that they are named once below it."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._numbers: dict[str, int] = {}

    def __call__(self, citation: Citation | None) -> str:
        """A citation by its document's number and the place in it."""
        if citation is None:
            return ""
        document = str(evolve(citation, place=None, reading=None))
        number = self._numbers.setdefault(document, len(self._numbers) + 1)
        mark = f" [{READING.say(self._language)}]" if citation.reading else ""
        return f"[{number}] {citation.place or ''}".rstrip() + mark

    @property
    def note(self) -> tuple[Words, tuple[str, ...]]:
        """The documents with their numbers, as a note below the tables."""
        return SOURCES, tuple(f"[{number}] {name}" for name, number in self._numbers.items())


class _Kronor(click.ParamType[Ore]):
    """An amount in kronor, read exactly."""

    name = "SEK"

    def convert(self, value: object, param: object, ctx: object) -> Ore:
        if isinstance(value, int):
            return Ore(value)
        text = str(value).replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace("_", "")
        try:
            if "e" in text.lower():
                raise InvalidOperation
            return ore(Decimal(text.replace(",", ".")), negative=True)
        except (InvalidOperation, SifError) as error:
            advice = error.what if isinstance(error, SifError) else f"got {value!r}"
            raise click.BadParameter(f"expected kronor as 12200000 ({advice})") from None


class _Month(click.ParamType[Month]):
    """A month, as 2017-08."""

    name = "YYYY-MM"

    def convert(self, value: object, param: object, ctx: object) -> Month:
        try:
            return value if isinstance(value, Month) else Month.parse(str(value))
        except SifError as error:
            raise click.BadParameter(error.what) from None


KRONOR = _Kronor()
MONTH = _Month()
