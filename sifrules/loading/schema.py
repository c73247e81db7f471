"""The schema of a kind of part, read from its class: its fields, their types and their checks.

The reference pages and the guideline of a new plugin are generated from this, so that
neither can differ from what the code does.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

import attrs

from sifrules.errors import SifError
from sifrules.policy.parts import Part, Slot
from sifrules.rules.conditions import Condition, Fact, IfThen
from sifrules.rules.wording import months_words
from sifrules.values.dates import PartialDate
from sifrules.values.messages import Message
from sifrules.values.money import Ore
from sifrules.values.text import LocalizedText

SLOTS = {
    Slot.TERMS: "The guideline's own terms. There is one kind, which need not be named.",
    Slot.FUNDING: "Where the fund's money comes from. Every guideline has it.",
    Slot.CRITERIA: "What a measure must be. As many as there are, each under a name of its own.",
    Slot.PROCEDURE: "How an idea becomes an investment. One kind, which need not be named.",
    Slot.CAPS: "How much, how many, how long. As many as there are, each under a name of its own.",
    Slot.PRIORITIES: "Who goes first where the money does not suffice; nobody is refused by it. "
    "As many as there are, each under a name of its own.",
    Slot.RETURN_MODEL: "Whether and how money comes back. Without one, the guideline says nothing "
    "about a return: what is claimed cannot be determined, and a simulation says that it "
    "assumes none.",
    Slot.WRITE_DOWN: "How much of a claim remains when an investment falls short.",
    Slot.TRACK: "Alternatives within the fund (spår), each with criteria, procedure, caps, "
    "priorities, return model and write-down of its own, in tables as `[track.NAME.caps.NAME]`. "
    "There is one kind, which need not be named.",
    Slot.INNER: "Parts that stand inside another part, as a table of its field.",
}

#: Values that some check may find impossible, by the type of the field.
_PROBES: dict[Any, tuple[object, ...]] = {
    int: (-1, 0),
    Ore: (Ore(-1), Ore(0)),
    Decimal: (Decimal(-1), Decimal(100), Decimal("0.00001")),
    str: (("no such thing",),),
}
_TYPES: dict[Any, str] = {
    bool: "true or false",
    int: "whole number",
    str: "text",
    Ore: "kronor",
    Decimal: "number",
    PartialDate: "date",
    LocalizedText: "text in `sv` and `en`",
    Fact: "name of a fact",
    Condition: "condition",
    IfThen: "table of `if` and `then`, each a condition",
}


def fields_of(part: type[Part]) -> Iterator[attrs.Attribute[Any]]:
    """The fields of a kind that a guideline may state, their types resolved."""
    for field in attrs.fields(attrs.resolve_types(part)):
        if "words" in field.metadata:
            yield field


def inner_of(kind: Any) -> Iterator[type[Part]]:
    """The parts that stand inside a field of this type."""
    for each in (kind, *typing.get_args(kind)):
        if isinstance(each, type) and issubclass(each, Part):
            yield each


def plain_type(kind: Any) -> Any:
    """A type without its "or None"."""
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        kind = next(each for each in typing.get_args(kind) if each is not type(None))
    return kind


def is_required(field: attrs.Attribute[Any]) -> bool:
    """Whether a guideline that names the kind must state the field."""
    return field.default is attrs.NOTHING


def type_words(kind: Any) -> str:
    """A field's type as the author of a file reads it."""
    kind = plain_type(kind)
    if typing.get_origin(kind) is Literal:
        return "one of " + ", ".join(f"`{option}`" for option in typing.get_args(kind))
    if typing.get_origin(kind) is tuple:
        return f"list, each {type_words(typing.get_args(kind)[0])}"
    if isinstance(kind, type) and issubclass(kind, Part):
        return f"table, see [`{kind.kind}`](#{kind.kind})"
    return _TYPES.get(kind) or str(getattr(kind, "__name__", kind))


def unit_of(field: attrs.Attribute[Any]) -> str:
    """What a field's number counts, where its type does not say it already.

    >>> from sifrules import registry
    >>> kinds = registry().parts
    >>> (limit,) = (f for f in fields_of(kinds["caps", "duration"]) if f.name == "limit")
    >>> unit_of(limit)
    'months'
    """
    return "months" if field.metadata["say"] is months_words else ""


def checks_of(field: attrs.Attribute[Any]) -> tuple[str, ...]:
    """What the field's own check expects, asked of it with impossible values."""
    kind = plain_type(field.type)
    several = typing.get_origin(kind) is tuple
    if several:
        kind = typing.get_args(kind)[0]
    expected: dict[str, None] = {}
    for probe in _PROBES.get(kind, ()):
        try:
            field.validator(None, field, (probe,) if several else probe)  # type: ignore[misc]  # every clause has one
        except SifError as error:
            if isinstance(error.what, Message):
                expected[str(error.what.arguments["expected"]).partition(";")[0]] = None
    return tuple(expected)
