"""Parts: every slot of a guideline, the kinds that may stand there and their fields."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from reference_pages.markdown import finished, head, prose, table
from sifrules import Fact, Part, Slot, registry
from sifrules.loading.schema import SLOTS, checks_of, fields_of, inner_of, type_words
from sifrules.policy.parts import MANY
from sifrules.values.messages import Message

OURS = ("sifrules", "sifrules_policies", "sifrules_plugins")

INTRODUCTION = """
Every slot of a guideline, every kind that may stand there, and the kind's fields.
How they are written in a file is described in [guidelines](../guides/guidelines.md).
A field that is not *required* may be left out: then the guideline does not state it.
"""


def page() -> str:
    """The page of every slot and kind."""
    found = [
        part for part in registry().parts.values() if part.__module__.partition(".")[0] in OURS
    ]
    inner = {each for part in found for field in fields_of(part) for each in inner_of(field.type)}
    kinds = [*found, *inner]
    lines = [*head("Parts", INTRODUCTION)]
    for slot in Slot:
        here = sorted((part for part in kinds if part.slot == slot), key=lambda part: part.kind)
        if here:
            lines += _slot(slot, here)
    return finished(lines)


def _slot(slot: Slot, kinds: list[type[Part]]) -> Iterator[str]:
    name = f"{slot}.NAME" if slot in MANY else str(slot)
    heading = "Inner parts" if slot is Slot.INNER else f"`[{name}]`"
    yield from (f"## {heading}", "", SLOTS[slot].text("en"), "")
    rows = [[_row(field) for field in fields_of(part)] for part in kinds]
    common = [row for row in rows[0] if all(row in each for each in rows)] if rows[1:] else []
    if common:
        yield from ("Every kind takes:", "", *_table(common), "")
    for part in kinds:
        yield from _kind(part, common)


def _table(rows: Iterable[list[str]]) -> Iterator[str]:
    yield from table(["field", "value", "svenska", "English", "checked"], rows)


def _kind(part: type[Part], common: list[list[str]]) -> Iterator[str]:
    yield f"### `{part.kind}`" if part.slot is Slot.INNER else f'### `kind = "{part.kind}"`'
    yield ""
    yield f"*{part.words.sv[:1].upper()}{part.words.sv[1:]}* – {part.words.en}."
    yield ""
    for paragraph in prose(part):
        yield from (paragraph, "")
    reads = _reads(part)
    if reads:
        yield from (reads, "")
    rows = [row for row in map(_row, fields_of(part)) if row not in common]
    if rows:
        yield from (*_table(rows), "")
    for check in dict.fromkeys(_checks_together(part)):
        yield f"- Checked as a whole: {check}."
    if list(_checks_together(part)):
        yield ""


def _row(field: attrs.Attribute[Any]) -> list[str]:
    words = field.metadata["words"]
    name = f"`{field.name}`" + _left_out(field.default)
    checked = "; ".join(checks_of(field))
    return [name, type_words(field.type), words.sv, words.en, checked]


def _left_out(default: object) -> str:
    """What it means that a field is left out, where that is not "not stated"."""
    if default is attrs.NOTHING:
        return ", required"
    return "" if default in (None, ()) else f", else `{default}`"


def _reads(part: type[Part]) -> str:
    usually = "Usually tried" if hasattr(part, "usual_stage") else "Tried"
    stage = getattr(part, "usual_stage", None) or getattr(part, "stage", None)
    fact = getattr(part, "fact", None)
    tried = f"{usually} at the stage *{stage.words.en}* ({stage.words.sv})." if stage else ""
    wanted = "true" if getattr(part, "wanted", True) else "false"
    read = f" `{fact.name}` must be {wanted}." if isinstance(fact, Fact) else ""
    return f"{tried}{read}".strip()


def _checks_together(part: type[Part]) -> Iterator[str]:
    """What the fields are checked for together: the refusals in the part's own last step."""
    for owner in part.__mro__:
        step = vars(owner).get("__attrs_post_init__")
        if step is not None:
            yield from _refusals(owner, step, set())


def _refusals(owner: type, step: Any, seen: set[str]) -> Iterator[str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(step)))
    for node in ast.walk(tree):
        match node:
            case ast.Raise(exc=ast.Call(args=[ast.Call(args=[ast.Constant(value=str(code))]), *_])):
                text = Message(code).text("en")
                yield text.removeprefix("expected ").replace('"', "`")
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if name not in seen:
                seen.add(name)
                used = vars(owner).get(name)
                if isinstance(used, property):
                    yield from _refusals(owner, used.fget, seen)
