"""Help (hjälp) of the commands, in the requested language and within the terminal's width.

English help stands in the code, as click reads it. That of other languages stands in the catalogues
``help.po``, each text by its English one; it is read when help is shown, and never before. A
command whose package has no such catalogue shows its English help.
"""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Callable, Iterator
from copy import copy
from functools import cache, partial
from typing import Any

import click

from sifrules.cli.usage import CAPITALS
from sifrules.values.messages import translated
from sifrules.values.text import Language

#: Puts an English text into another language.
Words = Callable[[str], str]

#: What click itself writes into every help, and which of it stands in front of a value.
CLICKS_OWN = ("Usage", "Options", "Commands", "default", "required", "INTEGER", "TEXT")
_LABELS = ("default", "required")

_NARROWEST, _WIDEST, _MARGIN = 30, 80, 2
#: An example: the command, and after two spaces or more what it does.
_EXAMPLE = re.compile(r"(?P<command>\s*sif\b.*?\s{2,})(?P<words>\S.*)")


def help_of(ctx: click.Context, language: Language) -> str:
    """The help of the command of a context."""
    return in_language(ctx.command, language).get_help(ctx)


def in_language(command: click.Command, language: Language) -> click.Command:
    """A command that does the same, with help in a language."""
    return worded(command, partial(translated, language=language))


def worded(command: click.Command, say: Words) -> click.Command:
    """A command that does the same, with every text of its help put by ``say``."""
    shown = copy(command)
    shown.help, shown.epilog = _prose(command.help, say), _prose(command.epilog, say)
    shown.short_help = _prose(command.short_help, say)
    shown.options_metavar = _capitals(command.options_metavar or "", say)

    @cache
    def parameters(ctx: click.Context) -> list[click.Parameter]:
        return [_worded_parameter(each, say) for each in command.get_params(ctx)]

    def get_help(ctx: click.Context) -> str:
        formatter = _Formatter(say)
        shown.format_help(ctx, formatter)
        return formatter.getvalue().rstrip("\n")

    # On the copy alone: its class may be one of click's or one of a plugin's.
    methods: dict[str, Any] = {"get_params": parameters, "get_help": get_help}
    if isinstance(shown, click.Group) and isinstance(command, click.Group):
        shown.subcommand_metavar = _capitals(shown.subcommand_metavar or "", say)
        methods["get_command"] = partial(_worded_command, command, say)
    vars(shown).update(methods)
    return shown


def contexts(command: click.Command, name: str, **settings: Any) -> Iterator[click.Context]:
    """The context of a command, and of each below it."""
    ctx = click.Context(command, info_name=name, **{**command.context_settings, **settings})
    yield ctx
    if isinstance(command, click.Group):
        for each in command.list_commands(ctx):
            below = command.get_command(ctx, each)
            if below is not None:
                yield from contexts(below, each, parent=ctx)


def help_texts(ctx: click.Context) -> list[str]:
    """The English texts in the help of a command, but for what click writes into every help."""
    asked: list[str] = []

    def noted(text: str) -> str:
        asked.append(text)
        return text

    shown = worded(ctx.command, noted)
    shown.get_usage(ctx)
    for each in shown.get_params(ctx):
        each.get_help_record(ctx)
    return [text for text in dict.fromkeys(asked) if text not in CLICKS_OWN]


class _Formatter(click.HelpFormatter):
    """Lays out help, also where the terminal is narrower than click reckons with."""

    def __init__(self, say: Words) -> None:
        room = min(shutil.get_terminal_size().columns, _WIDEST) - _MARGIN
        super().__init__(width=max(room, _NARROWEST))
        self._say = say

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, f"{self._say('Usage')}: " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        super().write_heading(self._say(heading))

    def write_dl(self, rows: Any, col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl(rows, min(col_max, self.width * 3 // 8 + 1), col_spacing)


def _worded_command(
    group: click.Group, say: Words, ctx: click.Context, name: str
) -> click.Command | None:
    found = group.get_command(ctx, name)
    return None if found is None else worded(found, say)


def _worded_parameter(parameter: click.Parameter, say: Words) -> click.Parameter:
    shown = copy(parameter)

    def make_metavar(*args: Any, **ctx: Any) -> str:  # a context, since click 8.2
        metavar: str = parameter.make_metavar(*args, **ctx)
        return metavar if isinstance(parameter.type, click.Choice) else _capitals(metavar, say)

    def get_help_record(ctx: click.Context) -> tuple[str, str] | None:
        found = type(shown).get_help_record(shown, ctx)
        if found is None:
            return None
        text = getattr(shown, "help", None) or ""
        return found[0], "  ".join(filter(None, (text, _extra(found[1].removeprefix(text), say))))

    if isinstance(shown, click.Option):
        shown.help = _prose(shown.help, say)
    methods: dict[str, Any] = {"make_metavar": make_metavar, "get_help_record": get_help_record}
    vars(shown).update(methods)
    return shown


def _extra(brackets: str, say: Words) -> str:
    """What click adds to an option: ``[default: table; required]``."""
    if not brackets.strip():
        return ""
    each = (item.partition(":") for item in brackets.strip().strip("[]").split("; "))
    items = (f"{say(a) if a in _LABELS else a}{colon}{value}" for a, colon, value in each)
    return f"[{'; '.join(items)}]"


def _prose(text: str | None, say: Words) -> str | None:
    """A text paragraph by paragraph; those that click does not wrap line by line."""
    if not text:
        return text
    paragraphs = re.split(r"\n\s*\n", inspect.cleandoc(text).partition("\f")[0].strip("\n"))
    return "\n\n".join(_paragraph(each.splitlines(), say) for each in paragraphs)


def _paragraph(lines: list[str], say: Words) -> str:
    if lines[0].strip() != "\b":
        return say(" ".join(map(str.strip, lines)))
    return "\n".join(["\b", *(_line(line, say) for line in lines[1:])])


def _line(line: str, say: Words) -> str:
    if example := _EXAMPLE.fullmatch(line):
        return f"{example['command']}{say(example['words'])}"
    return line if line.startswith(" ") else say(line)


def _capitals(metavar: str, say: Words) -> str:
    """What stands for a value, its words in capitals put each by itself."""
    return CAPITALS.sub(lambda word: say(word[0]), metavar)
