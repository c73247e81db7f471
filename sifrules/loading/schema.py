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
from sifrules.values.messages import Message, Text
from sifrules.values.money import Ore
from sifrules.values.text import Language, LocalizedText

#: What stands in each slot of a guideline.
SLOTS: dict[Slot, Text] = {
    Slot.TERMS: Message("slot.terms"),
    Slot.FUNDING: Message("slot.funding"),
    Slot.CRITERIA: Message("slot.criteria"),
    Slot.PROCEDURE: Message("slot.procedure"),
    Slot.CAPS: Message("slot.caps"),
    Slot.PRIORITIES: Message("slot.priorities"),
    Slot.RETURN_MODEL: Message("slot.return_model"),
    Slot.WRITE_DOWN: Message("slot.write_down"),
    Slot.TRACK: Message("slot.track"),
    Slot.INNER: Message("slot.inner"),
}

#: Values that some check may find impossible, by the type of the field.
_PROBES: dict[Any, tuple[object, ...]] = {
    int: (-1, 0),
    Ore: (Ore(-1), Ore(0)),
    Decimal: (Decimal(-1), Decimal(100), Decimal("0.00001")),
    str: (("no such thing",),),
}
_TYPES: dict[Any, Text] = {
    bool: Message("field.flag"),
    int: Message("field.whole"),
    str: Message("field.text"),
    Ore: Message("field.kronor"),
    Decimal: Message("field.number"),
    PartialDate: Message("field.date"),
    LocalizedText: Message("field.text_in_both"),
    Fact: Message("field.fact"),
    Condition: Message("field.condition"),
    IfThen: Message("field.if_then"),
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


def type_words(kind: Any, lang: Language = "en") -> str:
    """A field's type as the author of a file reads it."""
    kind = plain_type(kind)
    if typing.get_origin(kind) is Literal:
        options = ", ".join(f"`{option}`" for option in typing.get_args(kind))
        return Message("field.one_of", options=options).text(lang)
    if typing.get_origin(kind) is tuple:
        each = type_words(typing.get_args(kind)[0], lang)
        return Message("field.list", each=each).text(lang)
    if isinstance(kind, type) and issubclass(kind, Part):
        return Message("field.part", kind=f"[`{kind.kind}`](#{kind.kind})").text(lang)
    if kind in _TYPES:
        return _TYPES[kind].text(lang)
    if attrs.has(kind):
        names = ", ".join(f"`{field.name}`" for field in attrs.fields(kind))
        return Message("field.table", names=names).text(lang)
    return str(getattr(kind, "__name__", kind))


def unit_of(field: attrs.Attribute[Any], lang: Language = "en") -> str:
    """What a field's number counts, where its type does not say it already.

    >>> from sifrules import registry
    >>> kinds = registry().parts
    >>> (limit,) = (f for f in fields_of(kinds["caps", "duration"]) if f.name == "limit")
    >>> unit_of(limit)
    'months'
    """
    counts_months = field.metadata["say"] is months_words
    return Message("field.months").text(lang) if counts_months else ""


def checks_of(field: attrs.Attribute[Any], lang: Language = "en") -> tuple[str, ...]:
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
                said = error.what.arguments["expected"]
                words = said.text(lang) if isinstance(said, Text) else str(said)
                expected[words.partition(";")[0]] = None
    return tuple(expected)
