"""What the commands share: options, the registry, and how an answer is put out."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from importlib.metadata import entry_points
from typing import Any, TypeVar

import click
from attrs import evolve, frozen

from sifrules.citations import Citation
from sifrules.dates import Month
from sifrules.errors import SifError, nearest, shown
from sifrules.hookspecs import PROJECT
from sifrules.money import Ore, ore
from sifrules.policy import FundPolicy
from sifrules.registry import OFF, Registry, registry
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
    """The registry of this run of the command line."""
    return registry()


def problems() -> Iterator[str]:
    """What is wrong with the plugins, each thing once, if they were asked for at all."""
    if not the_registry.cache_info().currsize:
        return
    names = {entry.name for entry in entry_points(group=PROJECT)}
    for name in filter(None, map(str.strip, os.environ.get(OFF, "").split(","))):
        if name not in names | {"all"}:
            yield f"{OFF}: no plugin {name!r}; {nearest(name, names)}"
    for plugin in the_registry().plugins:
        for problem in dict.fromkeys(plugin.problems):
            yield f"plugin {plugin.name}: {problem}"


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
    the CSV form, ``notes`` what stands below; ``lead`` is a line above it all.
    """

    data: Any
    tables: tuple[Table, ...]
    csv: Table
    lead: str = ""
    notes: tuple[tuple[Words, tuple[str, ...]], ...] = ()


def put_out(answer: Answer, form: str, language: Language) -> None:
    """Print an answer in the form asked for."""
    click.echo(rendered(answer, form, language))


def rendered(answer: Answer, form: str, language: Language) -> str:
    """An answer in the form asked for, as text."""
    if form == "json":
        return json.dumps(answer.data, ensure_ascii=False, indent=2)
    if form == "csv":
        return as_csv(answer.csv)
    render = as_markdown if form == "markdown" else as_text
    pieces = [plain_text(answer.lead)]
    pieces += [_titled(table, render(table), form) for table in answer.tables if table.rows]
    pieces += [bullets(title.say(language), lines) for title, lines in answer.notes]
    return "\n\n".join(piece for piece in pieces if piece)


def _titled(table: Table, body: str, form: str) -> str:
    if not table.title:
        return body
    mark = "### " if form == "markdown" else ""
    title = plain_text(table.title).replace("\n", " ")
    return f"{mark}{title}\n\n{body}"


def one_policy(name: str, settings: Iterable[str] = ()) -> FundPolicy:
    """A policy by id, municipality or file, with values changed."""
    return the_registry().policy(name, settings)


def plain_kronor(amount: int | None) -> str:
    """An amount as a bare number of kronor, for a spreadsheet; nothing where it is not known.

    >>> plain_kronor(-150), plain_kronor(61_000_000), plain_kronor(None)
    ('-1.50', '610000', '')
    """
    if amount is None:
        return ""
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}{f'.{rest:02d}' if rest else ''}"


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


#: An amount: whole kronor, with öre as one or two decimals behind a comma or a point.
_AMOUNT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]{1,2})?")
#: The same with its thousands set apart by commas or points.
_GROUPED = re.compile(r"([+-]?[0-9]{1,3}(?:[.,][0-9]{3})+)(?:[.,][0-9]{1,2})?")


class _Kronor(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """An amount in kronor, read exactly."""

    name = "SEK"

    def convert(self, value: object, param: object, ctx: object) -> Ore:
        if isinstance(value, int):
            return Ore(value)
        text = str(value).replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace("_", "")
        if grouped := _GROUPED.fullmatch(text):
            plain = re.sub("[.,]", "", grouped[1])
            raise click.BadParameter(
                f"{shown(value)} has a comma or point that is no decimal sign; write {plain}"
            )
        if not _AMOUNT.fullmatch(text):
            raise click.BadParameter(f"expected kronor as 12200000 (got {shown(value)})")
        try:
            return ore(Decimal(text.replace(",", ".")), negative=True)
        except SifError as error:
            raise click.BadParameter(f"expected kronor as 12200000 ({error.what})") from None


class _Month(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """A month, as 2017-08."""

    name = "YYYY-MM"

    def convert(self, value: object, param: object, ctx: object) -> Month:
        try:
            return value if isinstance(value, Month) else Month.parse(str(value))
        except SifError as error:
            raise click.BadParameter(error.what) from None


KRONOR = _Kronor()
MONTH = _Month()
