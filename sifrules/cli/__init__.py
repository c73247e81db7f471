"""The ``sif`` command line: what analysts use.

Exit codes: 0 done, 1 the answer is no (or cannot be determined), 2 wrong use. Every mistake
ends in one line on standard error that says what to do.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

import click
from click.core import ParameterSource

from sifrules.cli.options import language_option, problems, the_registry
from sifrules.cli.streams import prepare_streams, write_nowhere
from sifrules.cli.usage import (
    help_asked,
    language_asked,
    refuse_twice,
    usage_error,
    without_language,
)
from sifrules.errors import SifError
from sifrules.plugin.discovery import own_packages
from sifrules.presentation.changed_ids import id_words
from sifrules.presentation.table import plain_text
from sifrules.values.errors import reported
from sifrules.values.messages import Message
from sifrules.values.text import Language

#: The built-in commands and where each is; they are imported when they are used.
_COMMANDS = {
    "policies": "policies",
    "show": "policies",
    "diff": "policies",
    "plugins": "plugins",
    "validate": "validate",
    "check": "check",
    "claims": "claims",
    "replay": "replay",
    "test": "test",
    "new-plugin": "new_plugin",
    "completion": "completion",
}


class _Commands(click.Group):
    """The built-in commands first, then those that plugins offer."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_COMMANDS, *(name for name in the_registry().commands if name not in _COMMANDS)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _COMMANDS:
            module = importlib.import_module(f"sifrules.cli.{_COMMANDS[cmd_name]}")
            command: click.Command = getattr(module, cmd_name.replace("-", "_"))
            return command
        return the_registry().commands.get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from sifrules.errors import nearest

        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise SifError(
                Message("command.unknown", args=args[0]),
                fix=nearest(args[0], self.list_commands(ctx)),
            )
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None:
            refuse_twice(command, rest, ctx)
        return name, command, rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what breaks inside it is reported as ours or as the plugin's."""
        try:
            return super().invoke(ctx)
        except (SifError, click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:  # a plugin's own code
            name = ctx.invoked_subcommand
            if name is None or name in _COMMANDS or _is_of_writing(error):
                raise
            command = self.get_command(ctx, name)
            code = "command.failed_of_ours" if _is_ours(command) else "command.failed"
            raise SifError(Message(code, name=name, error=_description(error))) from error


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="sifrules", prog_name="sif")
@language_option
@click.pass_context
def sif(ctx: click.Context, lang: Language) -> None:
    """Rules of Swedish social investment funds: decide, settle, account and compare.

    \b
    Begin with:
      sif                              what can be done, with the command for each
      sif policies                     the fund policies there are
      sif show orebro@2016             one of them, clause by clause
      sif check my-application.toml    an application under every policy
      sif validate my-guideline.toml   what is wrong or doubtful in a guideline

    Wherever a policy is asked for, a TOML file of your own will do. The language is that of
    the locale, or of SIFRULES_LANG=sv; SIFRULES_PLUGINS_OFF=name leaves a plugin out.
    """
    if ctx.get_parameter_source("lang") is ParameterSource.COMMANDLINE:
        ctx.with_resource(_spoken(lang))
    if ctx.invoked_subcommand is None:
        from sifrules.cli.start import start_page

        click.echo(start_page(lang))


@contextmanager
def _spoken(language: Language) -> Iterator[None]:
    """Make a language that is asked for before the command the one of the command."""
    before = os.environ.get(_LANGUAGE)
    os.environ[_LANGUAGE] = language
    try:
        yield
    finally:
        if before is None:
            del os.environ[_LANGUAGE]
        else:
            os.environ[_LANGUAGE] = before


_LANGUAGE = "SIFRULES_LANG"


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code; what plugins got wrong comes first."""
    language = language_asked(sys.argv[1:] if args is None else args)
    try:
        with _ended_as_by_ctrl_c():
            code, message = _run(args, language)
    finally:
        for problem in problems():
            _report(problem.text(language))
    if message:
        _report(message)
    sys.exit(code)


def _run(args: Sequence[str] | None, language: Language) -> tuple[int, str]:
    """The exit code of a run, and what to say of a mistake."""
    try:
        prepare_streams()
        root, args = _with_help(sys.argv[1:] if args is None else args, language)
        try:
            code = root.main(args=args, prog_name="sif", standalone_mode=False)
        finally:
            sys.stdout.flush()
    except SifError as error:
        return 2, _first_lines(id_words(error.text(language), language), language)
    except click.UsageError as error:
        return 2, usage_error(error, language)
    except click.ClickException as error:
        return 2, error.format_message()
    except (click.Abort, KeyboardInterrupt):
        return 130, Message("command.stopped").text(language)
    except BrokenPipeError:  # the reader of our output has left: no one to report to
        write_nowhere()
        return 141, ""
    except OSError as error:
        if not _is_of_writing(error):
            raise
        write_nowhere()
        unwritable = Message("command.unwritable_answer", error=reported(error))
        return 2, unwritable.text(language)
    return code if isinstance(code, int) else 0, ""


def _with_help(args: Sequence[str], language: Language) -> tuple[click.Command, Sequence[str]]:
    """The root command and its arguments; where its help will be shown, with that in a language."""
    completes = "_SIF_COMPLETE" in os.environ
    if completes:  # a shell asks: PowerShell is one that click knows by us
        importlib.import_module("sifrules.cli.completion")
    if not completes and not help_asked(args):
        return sif, args
    from sifrules.cli.help import in_language

    return in_language(sif, language), without_language(args) if help_asked(args) else args


@contextmanager
def _ended_as_by_ctrl_c() -> Iterator[None]:
    """Let SIGTERM stop a command as Ctrl-C does: workers end, what is done is saved."""
    heeded = signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    if not heeded or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _is_ours(command: click.Command | None) -> bool:
    """Whether a command that a plugin offers comes with this distribution."""
    if isinstance(command, click.Group):
        return any(map(_is_ours, command.commands.values()))
    module = getattr(command and command.callback, "__module__", None) or ""
    return module.partition(".")[0] in own_packages()


def _is_of_writing(error: Exception) -> bool:
    """Whether it is our output that could not be written: no file is named then."""
    return isinstance(error, OSError) and error.filename is None


def _description(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".strip(": ").split())


#: So many lines of mistakes are shown; one mistake in each row of a long list is none to read.
_SHOWN = 40


def _first_lines(message: str, language: Language) -> str:
    lines = message.splitlines()
    if len(lines) <= _SHOWN + 1:
        return message
    more = Message("command.more_mistakes", more=len(lines) - _SHOWN)
    return "\n".join([*lines[:_SHOWN], more.text(language)])


def _report(message: str) -> None:
    with suppress(OSError):
        for line in message.splitlines():
            click.echo(f"sif: {plain_text(line)}", err=True)
