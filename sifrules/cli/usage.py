"""Wrong use of the command line (användningsfel), reported in the requested language."""

from __future__ import annotations

import locale
import os
import re
import sys
from collections.abc import Sequence

import click

from sifrules.errors import nearest
from sifrules.values.messages import Joined, Message, Text, as_text, translated
from sifrules.values.text import LANGUAGES, Language


class BadValue(click.BadParameter):
    """A value that an option or argument does not take; its text is available in both languages."""

    def __init__(self, words: Text | str, *, param_hint: str | None = None) -> None:
        super().__init__(str(words), param_hint=param_hint)
        self.words = words


class BadValueTwice(BadValue):
    """An option that takes one value and is given several."""

    def __init__(self, ctx: click.Context, param: click.Parameter) -> None:
        super().__init__(Message("option.twice"))
        self.ctx, self.param = ctx, param


def language_asked(args: Sequence[str]) -> Language:
    """The language of the answer, as far as it is known before the arguments are read.

    >>> language_asked(["policies", "--lang", "sv"]), language_asked(["show", "--lang=sv"])
    ('sv', 'sv')
    """
    asked = [os.environ.get("SIFRULES_LANG", "") or usual_language()]
    for number, arg in enumerate(args):
        if arg == "--lang":
            asked += args[number + 1 : number + 2]
        elif arg.startswith("--lang="):
            asked.append(arg.removeprefix("--lang="))
    known = [language for each in asked for language in LANGUAGES if language == each]
    return known[-1] if known else "en"


def help_asked(args: Sequence[str]) -> bool:
    """Whether the arguments ask for help.

    >>> help_asked(["compare", "-h"]), help_asked(["check", "--", "-h"])
    (True, False)
    """
    return any(arg in ("-h", "--help") for arg in _before_dashes(args))


def without_language(args: Sequence[str]) -> list[str]:
    """The arguments but for ``--lang``, which not every command takes and each shows help by.

    >>> without_language(["resume", "--lang", "sv", "--help"])
    ['resume', '--help']
    """
    asked = _before_dashes(args)
    return [
        arg
        for number, arg in enumerate(asked)
        if arg != "--lang" and not arg.startswith("--lang=") and asked[:number][-1:] != ["--lang"]
    ]


def _before_dashes(args: Sequence[str]) -> list[str]:
    return list(args[: args.index("--")] if "--" in args else args)


def usual_language() -> Language:
    """The language of the locale: Swedish where it is Swedish, otherwise English.

    As the system has it: by the first of ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` that is set, and
    on Windows by the language of the user.
    """
    named = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    found = next(filter(None, named), "")
    if not found and sys.platform == "win32":
        found = locale.getlocale()[0] or ""
    return "sv" if found.casefold().startswith(("sv", "swedish")) else "en"


def refuse_twice(command: click.Command, args: Sequence[str], above: click.Context) -> None:
    """Refuse an option that takes one value and is given two: click would drop the first.

    What else click finds wrong with the arguments it says of the command itself.
    """
    ctx = command.context_class(
        command, info_name=command.name, parent=above, **command.context_settings
    )
    try:
        _, rest, order = command.make_parser(ctx).parse_args(list(args))
    except click.UsageError as error:
        error.ctx = error.ctx or ctx
        raise
    for param in order:
        one = isinstance(param, click.Option) and not (param.multiple or param.count)
        if one and order.count(param) > 1:
            raise BadValueTwice(ctx, param)
    if isinstance(command, click.Group) and rest:
        below = command.get_command(ctx, rest[0])
        if below is not None:
            refuse_twice(below, rest[1:], ctx)


def in_capitals(metavar: str, language: Language) -> str:
    """What stands for a value, its words in capitals in a language.

    >>> in_capitals("[MEASURE=VALUE]", "sv")
    '[MÅTT=VÄRDE]'
    """
    return CAPITALS.sub(lambda word: translated(word[0], language), metavar)


#: The words that stand for values.
CAPITALS = re.compile(r"[A-Z]{2,}(?: RANGE)?")


def usage_error(error: click.UsageError, language: Language) -> str:
    """What is wrong with the use of a command, and where its help is."""
    command = error.ctx.command_path if error.ctx else "sif"
    said = error.format_message() if language == "en" else _swedish(error).text("sv")
    return Message("usage.see_help", error=said.rstrip("."), command=command).text(language)


def _swedish(error: click.UsageError) -> Text:
    """Click's own errors by their class; one of another kind as click has it."""
    match error:
        case click.MissingParameter():
            return Message("usage.missing", parameter=_hint(error))
        case BadValue():
            return Message("usage.bad_value", parameter=_hint(error), error=error.words)
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices))):
            wanted = Message("usage.one_of", choices=", ".join(map(repr, choices)))
            return Message("usage.bad_value", parameter=_hint(error), error=wanted)
        case click.BadParameter(param=click.Parameter(type=click.IntRange() as numbers)):
            wanted = _wanted(numbers.min, numbers.max)
            return Message("usage.bad_value", parameter=_hint(error), error=wanted)
        case click.BadParameter():
            return Message("usage.bad_value", parameter=_hint(error), error=error.message)
        case click.BadOptionUsage():
            return _values_of(error)
        case click.NoSuchOption(possibilities=[*near]) if near:
            meant = Joined(near, Message("nearest.or"))
            return Message("usage.no_option_meant", option=error.option_name, meant=meant)
        case click.NoSuchOption():
            return Message("usage.no_option", option=error.option_name)
        case _ if unknown := _UNKNOWN_COMMAND.match(error.message):
            group, ctx = (error.ctx and error.ctx.command), error.ctx
            known = group.list_commands(ctx) if isinstance(group, click.Group) and ctx else ()
            return Joined.of(
                "; ", Message("command.unknown", args=unknown[1]), nearest(unknown[1], known)
            )
        case _ if unexpected := _UNEXPECTED.match(error.message):
            return Message("usage.unexpected", arguments=unexpected[1])
        case _:
            return as_text(error.format_message())


#: What click has no class of its own for, in every version that we run with.
_UNKNOWN_COMMAND = re.compile(r"No such command '(.*)'")
_UNEXPECTED = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)


def _wanted(least: float | None, most: float | None) -> Message:
    if least is None:
        return Message("usage.whole_number")
    if most is None:
        return Message("usage.whole_number_from", least=least)
    return Message("usage.whole_number_within", least=least, most=most)


def _values_of(error: click.BadOptionUsage) -> Message:
    """How many values an option takes that was given another number of them."""
    name = error.option_name
    params = error.ctx.command.params if error.ctx else []
    taken = next((each for each in params if name in each.opts), None)
    if isinstance(taken, click.Option) and taken.is_flag:
        return Message("usage.no_value", option=name)
    return Message("usage.wants_values", option=name, n=taken.nargs if taken else 1)


def _hint(error: click.BadParameter) -> str:
    if error.param_hint is None and error.param is not None:
        hint = error.param.get_error_hint(error.ctx) if error.ctx else error.param.name or ""
        return in_capitals(hint, "sv") if isinstance(error.param, click.Argument) else hint
    named = error.param_hint or ""
    return named if isinstance(named, str) else " / ".join(named)
