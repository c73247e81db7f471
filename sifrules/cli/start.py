"""What ``sif`` alone shows: what can be done with it, and the command for each."""

from __future__ import annotations

import click

from sifrules.cli.options import the_registry
from sifrules.values.messages import Message
from sifrules.values.text import Language

_TITLE = Message("start.title")
_MORE = Message("start.more")
#: What a person wants, and the command that does it; in the order in which it is wanted.
_WANTED = (
    (Message("start.compare"), "sif compare --out {results}"),
    (Message("start.app"), "sif app --open"),
    (Message("start.check"), "sif check {application}"),
    (Message("start.list"), "sif check {list} --xlsx {answers}"),
    (Message("start.assess"), "sif assess {application}"),
    (Message("start.claims"), "sif claims --policy orebro@2016 --cost 6000000 --start 2026-01 "
     "--months 24"),
    (Message("start.show"), "sif show orebro@2016"),
    (Message("start.policies"), "sif policies"),
    (Message("start.template"), "sif template application > {application}"),
    (Message("start.validate"), "sif validate {guideline}"),
    (Message("start.replay"), "sif replay norrkoping"),
    (Message("start.study"), "sif study return-flow --policy orebro@2016"),
    (Message("start.report"), "sif report {results} --out {report}"),
    (Message("start.completion"), "sif completion bash"),
)  # fmt: skip

#: What the files and folders of the examples are called.
_FILES = {
    "results": Message("start.file_results"),
    "application": Message("start.file_application"),
    "list": Message("start.file_list"),
    "answers": Message("start.file_answers"),
    "guideline": Message("start.file_guideline"),
    "report": Message("start.file_report"),
}


def start_page(language: Language) -> str:
    """The page, with the commands that are there: what is switched off is not offered."""
    known = {*the_registry().commands, *_built_in()}
    lines = [_TITLE.text(language), ""]
    files = {name: words.text(language) for name, words in _FILES.items()}
    for words, command in _WANTED:
        if command.split()[1] in known:
            lines += [words.text(language), f"  {command.format(**files)}"]
    return "\n".join([*lines, "", _MORE.text(language)])


def _built_in() -> list[str]:
    """The names of the commands that no plugin offers."""
    root = click.get_current_context().command
    assert isinstance(root, click.Group)
    return root.list_commands(click.get_current_context())
