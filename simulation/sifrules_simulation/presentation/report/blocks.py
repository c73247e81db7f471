"""What a report is built of (byggstenar): paragraphs, lists, tables and figures in sections."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any, ClassVar

from attrs import field, frozen

from sifrules.presentation.table import Table

#: The most columns of policies in a table; more begin another table, to fit a page.
SIDE_BY_SIDE = 4

#: Back links: the id that a link leads to, and its words.
Back = Sequence[tuple[str, str]]

_ROOM = {"left": 24, "right": 16, "top": 0, "bottom": 4}
_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"\sxmlns(:xlink)?=\"[^\"]*\"")
_IDS = re.compile(r"(\sid=\"|url\(#|\s(?:xlink:)?href=\"#)")
_SPOKEN = re.compile(r"\s(?:role|aria-[a-z]+)=\"[^\"]*\"")


@frozen
class Paragraph:
    """A sentence or more."""

    kind: ClassVar[str] = "paragraph"
    text: str


@frozen
class Points:
    """A list under a line of its own; a ``folded`` one opens when asked."""

    kind: ClassVar[str] = "points"
    title: str
    lines: Sequence[str]
    folded: bool = False


@frozen
class Heading:
    """A heading within a section."""

    kind: ClassVar[str] = "heading"
    text: str


@frozen
class Command:
    """A command line, as it is typed."""

    kind: ClassVar[str] = "command"
    text: str
    id: str = ""


@frozen
class Grid:
    """A table; the first column names the rows.

    ``id`` and ``row_ids`` are what it and its rows are linked to by; ``links`` lead from a
    cell, by its row and column, to such an id. ``subject`` is what figures belong to it by.
    A ``key`` table stands with the picture of the answer; a ``folded`` one opens when asked.
    """

    kind: ClassVar[str] = "grid"
    table: Table
    id: str = ""
    row_ids: Sequence[str] = ()
    links: Mapping[tuple[int, int], str] = field(factory=dict)
    subject: str = ""
    key: bool = False
    folded: bool = False


@frozen
class Figure:
    """A picture with what it shows: a caption for all, and its gist for those who hear it.

    It may be in parts, which stand side by side where there is room. ``back`` are links from it
    to the clauses and to the run: an id, and the link's words.
    """

    kind: ClassVar[str] = "figure"
    parts: Sequence[str]
    caption: str
    gist: str
    back: Back = ()


Block = Paragraph | Points | Heading | Command | Grid | Figure


@frozen
class Section:
    """A part of the report under its heading; ``back`` as of a `Figure`, for its tables.

    In an ``appendix`` tables scroll sideways where they are wider than the screen; elsewhere
    their rows become lists there.
    """

    id: str
    title: str
    blocks: Sequence[Block]
    back: Back = ()
    appendix: bool = False


def drawn(chart: Any, name: str) -> str:
    """A chart as SVG to stand in a page: no colour behind it, its own names for its pieces.

    Its title is left to the caption, and there is room at its sides for wider letters.
    """
    out = StringIO()
    chart.properties(background="transparent", title="", padding=_ROOM).save(out, format="svg")
    return _TAG.sub(lambda tag: _own(tag[0], name), out.getvalue())


def _own(tag: str, name: str) -> str:
    tag = _SPOKEN.sub("", _SPACES.sub("", tag))
    return _IDS.sub(rf"\g<1>{name}-", tag)


def in_groups(policies: Sequence[str], size: int = SIDE_BY_SIDE) -> list[Sequence[str]]:
    """Policies in groups that fit side by side, as even as can be.

    >>> in_groups(["a", "b", "c", "d", "e"])
    [['a', 'b', 'c'], ['d', 'e']]
    """
    count = -(-len(policies) // size) or 1
    each = -(-len(policies) // count) or 1
    return [policies[at : at + each] for at in range(0, len(policies), each)]
