"""Pieces of Markdown that every page is made of."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Sequence

NOTE = "<!-- Written by docs/build_reference.py: change the code or the introduction there. -->"


def head(title: str, introduction: str) -> Iterator[str]:
    """The top of a page: title, where it comes from, and the hand-written introduction."""
    yield from (f"# {title}", "", NOTE, "", introduction.strip(), "")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], align: str = "") -> Iterator[str]:
    """A table; ``align`` has a letter for each column, ``r`` for numbers.

    >>> list(table(["a", "b"], [["1|2", "x"]], "rl"))
    ['| a | b |', '|---:|---|', '| 1\\\\|2 | x |']
    """
    rules = ["---:" if letter == "r" else "---" for letter in align.ljust(len(heads), "l")]
    yield f"| {' | '.join(heads)} |"
    yield f"|{'|'.join(rules)}|"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def finished(lines: Iterable[str]) -> str:
    """A page out of its lines, with one line break at the end."""
    return "\n".join(lines).rstrip() + "\n"


def prose(documented: object) -> Iterator[str]:
    """The paragraphs of a docstring, each in one line, without its worked example."""
    text = inspect.cleandoc(getattr(documented, "__doc__", None) or "").partition(">>>")[0]
    for paragraph in text.split("\n\n"):
        words = " ".join(paragraph.split()).replace("``", "`")
        if words and not words.endswith(":"):
            yield words


def example(documented: object) -> Iterator[str]:
    """The worked example of a docstring as a block of Python, if there is one."""
    text = inspect.cleandoc(getattr(documented, "__doc__", None) or "")
    _, found, rest = text.partition(">>>")
    if found:
        yield from ("```python", f">>>{rest}".rstrip(), "", "```", "")
