"""``sif completion``: the script by which a shell completes commands and options."""

from __future__ import annotations

import os
from typing import Any

import click
from click.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

#: What tells click that a shell asks for completions.
VARIABLE = "_SIF_COMPLETE"


class PowerShell(ShellComplete):
    """Completion in PowerShell, which click does not know."""

    name = "powershell"
    source_template = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $line, $cursor)
    $env:COMP_WORDS = $line.ToString()
    $env:COMP_WORD = $word
    $env:%(complete_var)s = 'powershell_complete'
    try {
        %(prog_name)s | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
        }
    } finally {
        Remove-Item Env:COMP_WORDS, Env:COMP_WORD, Env:%(complete_var)s
    }
}
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is being written, and that one."""
        words = split_arg_string(os.environ.get("COMP_WORDS", ""))[1:]
        begun = os.environ.get("COMP_WORD", "")
        return (words[:-1] if begun and words else words), begun

    def format_completion(self, item: CompletionItem) -> str:
        return str(item.value)


add_completion_class(PowerShell)
_SHELLS = ("bash", "zsh", "fish", "powershell")


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS), metavar="|".join(_SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script by which SHELL completes commands and options of sif.

    \b
    Examples:
      sif completion bash >> ~/.bashrc
      sif completion zsh >> ~/.zshrc
      sif completion fish > ~/.config/fish/completions/sif.fish
      sif completion powershell >> $PROFILE
    """
    found: Any = get_completion_class(shell)
    root = ctx.find_root().command
    script = found(root, {}, "sif", VARIABLE)
    click.echo((found.source_template % script.source_vars()).rstrip("\n"))
