"""The ``sif`` command line: what analysts use.

Exit codes: 0 done, 1 the answer is no (or cannot be told), 2 wrong use. Every mistake
ends in one line on standard error that says what to do.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from sifrules.cli.common import the_registry
from sifrules.errors import SifError

#: The built-in commands and where each is; they are imported when they are used.
_COMMANDS = {
    "policies": "policies",
    "show": "policies",
    "diff": "policies",
    "plugins": "plugins",
    "check": "check",
    "claims": "claims",
    "replay": "replay",
}


class _Commands(click.Group):
    """The built-in commands first, then those that plugins offer."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_COMMANDS, *(name for name in the_registry().commands if name not in _COMMANDS)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _COMMANDS:
            module = importlib.import_module(f"sifrules.cli.{_COMMANDS[cmd_name]}")
            command: click.Command = getattr(module, cmd_name)
            return command
        return the_registry().commands.get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from sifrules.errors import nearest

        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise SifError(f"no command {args[0]!r}", fix=nearest(args[0], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sifrules", prog_name="sif")
def sif() -> None:
    """Rules of Swedish social investment funds: decide, settle, account and compare.

    \b
    Begin with:
      sif policies                     the fund policies there are
      sif show orebro@2016             one of them, clause by clause
      sif check my-application.toml    an application under every policy

    Wherever a policy is asked for, a TOML file of your own will do. SIFRULES_LANG=sv
    makes Swedish the language, SIFRULES_PLUGINS_OFF=name leaves a plugin out.
    """


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    try:
        code = sif.main(args=args, prog_name="sif", standalone_mode=False)
    except SifError as error:
        _leave(str(error), 2)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "sif"
        _leave(f"{error.format_message().rstrip('.')}; see {command} --help", 2)
    except click.ClickException as error:
        _leave(error.format_message(), 2)
    except (click.Abort, KeyboardInterrupt):
        _leave("stopped", 130)
    except BrokenPipeError:  # the reader of our output has left: no one to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    sys.exit(code if isinstance(code, int) else 0)


def _leave(message: str, code: int) -> NoReturn:
    for line in message.splitlines():
        click.echo(f"sif: {line}", err=True)
    sys.exit(code)
