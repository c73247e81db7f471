"""The guideline of a new plugin: an example's values, every source to fill in, all explained.

What may stand in a guideline is read from the kinds of part that are installed. A line
that begins with ``#`` and no space takes effect when the ``#`` is removed.
"""

from __future__ import annotations

import json
import typing
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

import attrs

from sifrules.errors import SifError
from sifrules.loading.builder import Kinds
from sifrules.loading.schema import (
    SLOTS,
    checks_of,
    fields_of,
    inner_of,
    is_required,
    plain_type,
    type_words,
    unit_of,
)
from sifrules.loading.toml import Tree
from sifrules.policy.fund_policy import Status
from sifrules.policy.parts import MANY, Part, Slot, proper_share
from sifrules.rules.conditions import Condition, Fact, IfThen
from sifrules.rules.kinds import Kind
from sifrules.rules.vocabulary import REQUIRED_PARTS
from sifrules.values.citations import FILL_IN
from sifrules.values.dates import PartialDate
from sifrules.values.messages import Message
from sifrules.values.money import Ore
from sifrules.values.text import LocalizedText

_HEAD = """\
# The guideline of {municipality}, as the tool reads it. Every value says where it is stated:
# cite = "document: place". What the guideline does not say is left out.
#
# 1. Write the document, and every place where {mark} stands; the values are invented ones until
#    you write your own.
# 2. A line that begins with # and no space after it shows what else a guideline may say. Take the
#    # away, write the value, cite it. Delete what you do not need.
#
# An amount is in kronor (1_000_000), a share is 0.30 for 30 per cent, a date as precise as the
# source: "2013", "2013-autumn", "2013-05", "2013-05-17". A doubtful wording gets a reading:
#   areas = {{ value = 2, cite = "guideline: § 1", reading = {{ sv = "Läst så", en = "Read so" }} }}
"""
_DOCUMENT = {
    "title": f"{FILL_IN}: title of the document",
    "reference": f"{FILL_IN}: its registry number, or take the line away",
    "date": f"{FILL_IN}: its date, or take the line away",
}
_LEFT_OUT = {
    "sv": f"{FILL_IN}: vad riktlinjen säger och den här filen inte räknar med",
    "en": f"{FILL_IN}: what the guideline says and this file does not reckon with",
}
#: What is shown of every document and every top-level key besides what the example has.
_TOP_KEYS = (
    '#checked = "2024-01-15"  # the day on which the file was last compared with its source',
    '#sifrules = ">=0.1"  # the versions of sifrules that it needs',
)
_NOTE = '#note = "What a reader should know of the document."'


def to_be_filled_in(cite: str) -> str:
    """A citation that keeps its document and has its place still to be written."""
    return f"{cite.partition(':')[0]}: {FILL_IN}"


def plain_guideline(tree: Tree, kinds: Kinds) -> str:
    """A guideline as a file, every source to be filled in, without explanations."""
    lines = [*_top(tree, ()), "", *_documents(tree), *_facts(tree)]
    for slot in _slots():
        for path, table in _tables(tree, slot):
            lines += [*_stated(path, table, _part_of(slot, table, kinds)), ""]
    return "\n".join(lines).rstrip() + "\n"


def explained_guideline(tree: Tree, kinds: Kinds, municipality: str) -> str:
    """A guideline as a file, with everything else that a guideline may say next to it."""
    statuses = " or ".join(f'"{each}"' for each in typing.get_args(Status))
    lines = [
        _HEAD.format(municipality=municipality, mark=FILL_IN),
        *_top(tree, (f'#status = "guideline"  # {statuses}', *_TOP_KEYS)),
        "",
        "# The documents that are cited, each under a short name.",
        *_documents(tree, (_NOTE,)),
        "# Facts of the guideline's own, for what docs/reference/facts.md does not have: kind is",
        f"# one of {', '.join(Kind)}; a choice also has options.",
        *_facts(tree),
    ]
    for slot in _slots():
        lines += _slot(slot, tree, kinds)
    return "\n".join(lines).rstrip() + "\n"


#: Fields that at least this share of a slot's kinds takes are explained once for all of them.
_MOST = 0.8


def _slots() -> list[Slot]:
    return [slot for slot in Slot if slot not in (Slot.TRACK, Slot.INNER)]


def _tables(tree: Tree, slot: Slot) -> Iterator[tuple[str, Tree]]:
    if slot in MANY:
        yield from ((f"{slot}.{name}", table) for name, table in tree.get(slot, {}).items())
    elif slot in tree:
        yield slot.value, tree[slot]


def _part_of(slot: Slot, table: Tree, kinds: Kinds) -> type[Part] | None:
    """The kind that a table names, None where it is not installed."""
    return kinds.get((slot.value, str(table.get("kind", slot.value))))


# --- the top of the file ------------------------------------------------------------


def _top(tree: Tree, more: Iterable[str]) -> Iterator[str]:
    for key in ("id", "municipality", "title", "status"):
        if key in tree:
            yield f"{key} = {written(tree[key])}"
    yield from more
    yield f"not_modelled = [\n    {written(_LEFT_OUT)},\n]"


def _documents(tree: Tree, more: tuple[str, ...] = ()) -> Iterator[str]:
    for name in tree["documents"]:
        yield f"[documents.{name}]"
        yield from (f"{key} = {written(value)}" for key, value in _DOCUMENT.items())
        yield from more
        yield ""


def _facts(tree: Tree) -> Iterator[str]:
    for name, fact in tree.get("facts", {}).items():
        yield f"[facts.{written(name)}]"
        yield from (f"{key} = {written(value)}" for key, value in fact.items())
        yield ""


# --- slots and kinds ----------------------------------------------------------------


def _slot(slot: Slot, tree: Tree, kinds: Kinds) -> Iterator[str]:
    """A slot: what the example has in it, and every kind that may stand there."""
    name = f"{slot}.NAME" if slot in MANY else slot.value
    here = {kind: part for (at, kind), part in sorted(kinds.items()) if at == slot}
    yield from (f"# --- [{name}] ---", f"# {SLOTS[slot]}")
    common = _common(here.values())
    if common:
        yield "# Every kind takes this besides, where nothing else is said:"
        yield from (f"#   {line.removeprefix('#')}" for line in common)
    yield ""
    used = set()
    for path, table in _tables(tree, slot):
        part = _part_of(slot, table, kinds)
        used.add(table.get("kind", slot.value))
        yield from (*_stated(path, table, part, common), "")
    for kind, part in here.items():
        if kind not in used:
            path = f"{slot}.{kind}" if slot in MANY else slot.value
            yield from (*_offered(path, part, common), "")


def _common(parts: Iterable[type[Part]]) -> list[str]:
    """The lines of the fields that most of several kinds take; they are explained once."""
    rows = [[_to_add(field) for field in fields_of(part)] for part in parts]
    counts = Counter(line for row in rows for line in row)
    return [line for line, count in counts.items() if count > max(2, len(rows) * _MOST)]


def _stated(
    path: str, table: Tree, part: type[Part] | None, common: list[str] | None = None
) -> Iterator[str]:
    """A table of the example, its sources to be filled in.

    Where ``common`` is given, each value is explained, and what else the kind takes.
    """
    yield f"[{path}]" + (f"  # {_both(part.words)}" if part else "")
    fields = {field.name: field for field in fields_of(part)} if part else {}
    if "kind" in table:
        yield f"kind = {written(table['kind'])}"
    if "cite" in table:
        yield f"cite = {written(to_be_filled_in(table['cite']))}"
    for key, value in table.items():
        if key not in ("kind", "cite", "reading"):
            comment = (
                f"  # {_explained(fields[key])}" if key in fields and common is not None else ""
            )
            yield f"{key} = {written(_open(value))}{comment}"
    if common is not None:
        more = [field for name, field in fields.items() if name not in table]
        yield from _not_taken(fields.values(), common)
        yield from _more(path, more, common, whole="cite" in table)


def _open(value: object) -> object:
    """A value of the example with the place of its citation still to be written."""
    if isinstance(value, Mapping) and "cite" in value:
        return {"value": value["value"], "cite": to_be_filled_in(value["cite"])}
    return value


def _offered(path: str, part: type[Part], common: Iterable[str]) -> Iterator[str]:
    """A kind that the example does not use, commented out with ``#``."""
    yield f"#[{path}]  # {_both(part.words)}"
    yield f'#kind = "{part.kind}"'
    yield '#cite = "guideline: § 1"'
    yield from _not_taken(fields_of(part), common)
    yield from _more(path, fields_of(part), common, whole=True)


def _not_taken(fields: Iterable[attrs.Attribute[Any]], common: Iterable[str]) -> Iterator[str]:
    """What most kinds take, and this one does not."""
    here = {_to_add(field) for field in fields}
    for line in common:
        if line not in here:
            yield f"# It takes no {line.removeprefix('#').partition(' ')[0]}."


def _more(
    path: str, fields: Iterable[attrs.Attribute[Any]], common: Iterable[str], *, whole: bool
) -> Iterator[str]:
    """Other fields that may be stated; those that are tables of their own come last."""
    fields = list(fields)
    inner = [(field, part) for field in fields for part in inner_of(field.type)]
    tables = {field.name for field, _ in inner}
    for field in fields:
        if field.name not in tables and _to_add(field) not in common:
            yield _to_add(field, cite=not whole)
    for field, part in inner:
        table = f"[{path}.{field.name}]"
        if typing.get_origin(plain_type(field.type)) is tuple:
            table = f"[{table}]"  # one of as many as there are
        yield f"#{table}  # {_both(field.metadata['words'])}"
        if not whole:
            yield '#cite = "guideline: § 1"'
        yield from map(_to_add, fields_of(part))


def _to_add(field: attrs.Attribute[Any], *, cite: bool = False) -> str:
    value = example_of(field)
    if cite:
        value = {"value": value, "cite": "guideline: § 1"}
    return f"#{field.name} = {written(value)}  # {_explained(field)}"


def _explained(field: attrs.Attribute[Any]) -> str:
    """A field in words: Swedish, English, what is written, in which unit, within what bounds."""
    if field.metadata["check"] is proper_share:
        takes = ["share from 0 to 1, as 0.30 for 30 per cent"]
    else:
        kind = type_words(field.type).replace("`", '"')
        takes = [each for each in (kind, unit_of(field), *checks_of(field)) if each]
    words = f"{_both(field.metadata['words'])}: {', '.join(takes)}"
    return f"{words}; required" if is_required(field) else words


def _both(words: LocalizedText) -> str:
    return f"{words.sv} / {words.en}"


# --- values -------------------------------------------------------------------------

#: A condition to show: one that the vocabulary has for any fund.
_CONDITION = {"fact": "application.areas", "at_least": 2}

_YEAR = 2024

#: Values to show, by type; the first that the field's check lets through is taken.
_EXAMPLES: dict[Any, tuple[object, ...]] = {
    bool: (True,),
    int: (12, 2, 1, _YEAR),
    Ore: (1_000_000,),
    Decimal: (Decimal("0.5"), Decimal(1)),
    str: ("...",),
    PartialDate: ("2024-01-01",),
    LocalizedText: ({"sv": "...", "en": "..."},),
    Fact: ("application.cost",),
    Condition: (_CONDITION,),
    IfThen: ({"if": _CONDITION, "then": _CONDITION},),
}


#: From here on a whole number is written with its thousands apart.
_GROUPED = 10_000


def example_of(field: attrs.Attribute[Any]) -> object:
    """A value that the field may have, as a file writes it."""
    kind = plain_type(field.type)
    if typing.get_origin(kind) is tuple:
        inner = plain_type(typing.get_args(kind)[0])
        if attrs.has(inner) and inner not in _EXAMPLES:
            return [_example_table(inner, field)]
        known = list(REQUIRED_PARTS)[:2]
        choices = list(typing.get_args(inner)[:2])
        return choices or (
            known
            if _passes(field, tuple(known)) and checks_of(field)
            else [_EXAMPLES.get(inner, ("...",))[0]]
        )
    if typing.get_origin(kind) is Literal:
        return typing.get_args(kind)[0]
    values = _EXAMPLES.get(kind, ("...",))
    return next((value for value in values if _passes(field, value)), values[0])


def _example_table(kind: type[Any], of: attrs.Attribute[Any]) -> dict[str, object]:
    """A table of a list of tables, as `example_of` has it: what it must state, and what else."""
    fields = attrs.fields(kind)
    must = [each for each in fields if each.default is attrs.NOTHING]
    may = [each for each in fields if each.default is not attrs.NOTHING]
    tables = [_stating(kind, must), *(_stating(kind, [*must, each]) for each in may)]
    return next((table for table in tables if _passes(of, (kind(**table),))), tables[0])


def _stating(kind: type[Any], fields: Iterable[attrs.Attribute[Any]]) -> dict[str, Any]:
    types = typing.get_type_hints(kind)
    return {
        each.name: _YEAR
        if each.name == "year"
        else _EXAMPLES.get(plain_type(types[each.name]), ("...",))[0]
        for each in fields
    }


def _passes(field: attrs.Attribute[Any], value: object) -> bool:
    check = field.metadata["check"]
    try:
        return check is None or check(value) is None
    except (SifError, TypeError, AttributeError):
        return False


def written(value: object) -> str:
    """A value as TOML writes it.

    >>> print(written({"value": 1_000_000, "cite": "guideline: § 3"}))
    { value = 1_000_000, cite = "guideline: § 3" }
    >>> written([True, Decimal("0.30"), "å"])
    '[true, 0.30, "å"]'
    """
    match value:
        case bool():
            return str(value).lower()
        case int():
            return f"{value:_}" if abs(value) >= _GROUPED else str(value)
        case Decimal():
            return format(value, "f")
        case str():
            return json.dumps(value, ensure_ascii=False)
        case Mapping():
            return f"{{ {', '.join(f'{key} = {written(each)}' for key, each in value.items())} }}"
        case list() | tuple():
            return f"[{', '.join(map(written, value))}]"
        case _:
            raise SifError(Message("scaffold.unwritable_value", value=value))
