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
from attrs import frozen

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
from sifrules.rules.wording import option_words
from sifrules.values.citations import FILL_IN
from sifrules.values.dates import PartialDate
from sifrules.values.messages import Message, Text
from sifrules.values.money import Ore
from sifrules.values.text import LANGUAGES, Language, LocalizedText

_HEAD = Message("guideline_file.head")
_DOCUMENT = {
    "title": Message("guideline_file.document_title"),
    "reference": Message("guideline_file.document_reference"),
    "date": Message("guideline_file.document_date"),
}
_LEFT_OUT = Message("guideline_file.left_out")
#: What is shown of every document and every top-level key besides what the example has.
_TOP_KEYS = (
    ('#checked = "2024-01-15"', Message("guideline_file.checked")),
    ('#sifrules = ">=0.1"', Message("guideline_file.versions")),
)
_NOTE = Message("guideline_file.note")
_DOCUMENTS = Message("guideline_file.documents")
_FACTS = Message("guideline_file.facts")
_COMMON = Message("guideline_file.common")
_NOT_HERE = Message("guideline_file.not_here")
_SHARE = Message("guideline_file.share")
_REQUIRED = Message("guideline_file.required")


@frozen
class _Words:
    """The language of explanations: one, or else English with the words of fields in both."""

    only: Language | None = None

    @property
    def lang(self) -> Language:
        return self.only or "en"

    def say(self, text: Text, **arguments: object) -> str:
        """A text of our own."""
        return (text.format(**arguments) if arguments else text).text(self.lang)

    def of(self, words: LocalizedText) -> str:
        """The words of a kind or a field."""
        return words.text(self.only) if self.only else f"{words.sv} / {words.en}"

    def comment(self, text: Text, **arguments: object) -> list[str]:
        """A text as lines of comment."""
        return [f"# {line}".rstrip() for line in self.say(text, **arguments).splitlines()]


#: What a plugin's author reads.
BOTH = _Words()


def to_be_filled_in(cite: str) -> str:
    """A citation that keeps its document and has its place still to be written."""
    return f"{cite.partition(':')[0]}: {FILL_IN}"


def plain_guideline(tree: Tree, kinds: Kinds) -> str:
    """A guideline as a file, every source to be filled in, without explanations."""
    lines = [*_top(tree, ()), "", *_documents(tree, BOTH), *_facts(tree)]
    for slot in _slots():
        for path, table in _tables(tree, slot):
            lines += [*_stated(path, table, _part_of(slot, table, kinds), BOTH), ""]
    return "\n".join(lines).rstrip() + "\n"


def explained_guideline(
    tree: Tree, kinds: Kinds, municipality: str, lang: Language | None = None
) -> str:
    """A guideline as a file, with everything else that a guideline may say next to it.

    Explained in one language; without one in English, with the words of fields in both.
    """
    words = _Words(lang)
    statuses = ", ".join(f'"{each}"' for each in typing.get_args(Status))
    top = [f"{line}  # {words.say(said)}" for line, said in _TOP_KEYS]
    lines = [
        *words.comment(_HEAD, municipality=municipality, mark=FILL_IN),
        "",
        *_top(tree, (f'#status = "guideline"  # {statuses}', *top)),
        "",
        *words.comment(_DOCUMENTS),
        *_documents(tree, words, (f"#note = {written(words.say(_NOTE))}",)),
        *words.comment(_FACTS, kinds=", ".join(Kind)),
        *_facts(tree),
    ]
    for slot in _slots():
        lines += _slot(slot, tree, kinds, words)
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
    left_out = {lang: f"{FILL_IN}: {_LEFT_OUT.text(lang)}" for lang in LANGUAGES}
    yield f"not_modelled = [\n    {written(left_out)},\n]"


def _documents(tree: Tree, words: _Words, more: tuple[str, ...] = ()) -> Iterator[str]:
    for name in tree["documents"]:
        yield f"[documents.{name}]"
        for key, said in _DOCUMENT.items():
            yield f"{key} = {written(f'{FILL_IN}: {words.say(said)}')}"
        yield from more
        yield ""


def _facts(tree: Tree) -> Iterator[str]:
    for name, fact in tree.get("facts", {}).items():
        yield f"[facts.{written(name)}]"
        yield from (f"{key} = {written(value)}" for key, value in fact.items())
        yield ""


# --- slots and kinds ----------------------------------------------------------------


def _slot(slot: Slot, tree: Tree, kinds: Kinds, words: _Words) -> Iterator[str]:
    """A slot: what the example has in it, and every kind that may stand there."""
    name = f"{slot}.NAME" if slot in MANY else slot.value
    here = {kind: part for (at, kind), part in sorted(kinds.items()) if at == slot}
    yield from (f"# --- [{name}] ---", *words.comment(SLOTS[slot]))
    common = _common(here.values(), words)
    if common:
        yield from words.comment(_COMMON)
        yield from (f"#   {line.removeprefix('#')}" for line in common)
    yield ""
    used = set()
    for path, table in _tables(tree, slot):
        part = _part_of(slot, table, kinds)
        used.add(table.get("kind", slot.value))
        yield from (*_stated(path, table, part, words, common), "")
    for kind, part in here.items():
        if kind not in used:
            path = f"{slot}.{kind}" if slot in MANY else slot.value
            yield from (*_offered(path, part, words, common), "")


def _common(parts: Iterable[type[Part]], words: _Words) -> list[str]:
    """The lines of the fields that most of several kinds take; they are explained once."""
    rows = [[_to_add(field, words) for field in fields_of(part)] for part in parts]
    counts = Counter(line for row in rows for line in row)
    return [line for line, count in counts.items() if count > max(2, len(rows) * _MOST)]


def _stated(
    path: str,
    table: Tree,
    part: type[Part] | None,
    words: _Words,
    common: list[str] | None = None,
) -> Iterator[str]:
    """A table of the example, its sources to be filled in.

    Where ``common`` is given, each value is explained, and what else the kind takes.
    """
    yield f"[{path}]" + (f"  # {words.of(part.words)}" if part else "")
    fields = {field.name: field for field in fields_of(part)} if part else {}
    if "kind" in table:
        yield f"kind = {written(table['kind'])}"
    if "cite" in table:
        yield f"cite = {written(to_be_filled_in(table['cite']))}"
    for key, value in table.items():
        if key not in ("kind", "cite", "reading"):
            known = key in fields and common is not None
            comment = f"  # {_explained(fields[key], words)}" if known else ""
            yield f"{key} = {written(_open(value))}{comment}"
    if common is not None:
        more = [field for name, field in fields.items() if name not in table]
        yield from _not_taken(fields.values(), common, words)
        yield from _more(path, more, common, words, whole="cite" in table)


def _open(value: object) -> object:
    """A value of the example with the place of its citation still to be written."""
    if isinstance(value, Mapping) and "cite" in value:
        return {"value": value["value"], "cite": to_be_filled_in(value["cite"])}
    return value


def _offered(path: str, part: type[Part], words: _Words, common: Iterable[str]) -> Iterator[str]:
    """A kind that the example does not use, commented out with ``#``."""
    yield f"#[{path}]  # {words.of(part.words)}"
    yield f'#kind = "{part.kind}"'
    yield '#cite = "guideline: § 1"'
    yield from _not_taken(fields_of(part), common, words)
    yield from _more(path, fields_of(part), common, words, whole=True)


def _not_taken(
    fields: Iterable[attrs.Attribute[Any]], common: Iterable[str], words: _Words
) -> Iterator[str]:
    """What most kinds take, and this one does not."""
    here = {_to_add(field, words) for field in fields}
    lacking = [line.removeprefix("#").partition(" ")[0] for line in common if line not in here]
    if lacking:
        yield from words.comment(_NOT_HERE, names=", ".join(lacking))


def _more(
    path: str,
    fields: Iterable[attrs.Attribute[Any]],
    common: Iterable[str],
    words: _Words,
    *,
    whole: bool,
) -> Iterator[str]:
    """Other fields that may be stated; those that are tables of their own come last."""
    fields = list(fields)
    inner = [(field, part) for field in fields for part in inner_of(field.type)]
    tables = {field.name for field, _ in inner}
    for field in fields:
        if field.name not in tables and _to_add(field, words) not in common:
            yield _to_add(field, words, cite=not whole)
    for field, part in inner:
        table = f"[{path}.{field.name}]"
        if typing.get_origin(plain_type(field.type)) is tuple:
            table = f"[{table}]"  # one of as many as there are
        yield f"#{table}  # {words.of(field.metadata['words'])}"
        if not whole:
            yield '#cite = "guideline: § 1"'
        yield from (_to_add(each, words) for each in fields_of(part))


def _to_add(field: attrs.Attribute[Any], words: _Words, *, cite: bool = False) -> str:
    value = example_of(field)
    if cite:
        value = {"value": value, "cite": "guideline: § 1"}
    return f"#{field.name} = {written(value)}  # {_explained(field, words)}"


def _explained(field: attrs.Attribute[Any], words: _Words) -> str:
    """A field in words: what it is, what is written, in which unit, within what bounds."""
    if field.metadata["check"] is proper_share:
        takes = [words.say(_SHARE)]
    else:
        kind = _options(field, words) or type_words(field.type, words.lang).replace("`", '"')
        unit = unit_of(field, words.lang)
        takes = [each for each in (kind, unit, *checks_of(field, words.lang)) if each]
    said = f"{words.of(field.metadata['words'])}: {', '.join(takes)}"
    return f"{said}; {words.say(_REQUIRED)}" if is_required(field) else said


def _options(field: attrs.Attribute[Any], words: _Words) -> str:
    """The choices of a field, each with its words, for who reads one language; else nothing."""
    kind = plain_type(field.type)
    several = typing.get_origin(kind) is tuple
    if several:
        kind = plain_type(typing.get_args(kind)[0])
    if words.only is None or typing.get_origin(kind) is not Literal:
        return ""
    say = option_words if several else field.metadata["say"] or option_words
    named = ", ".join(
        f'"{option}" ({say(option).text(words.only).removesuffix(f" ({option})")})'
        for option in typing.get_args(kind)
    )
    one = Message("field.one_of", options=named).text(words.only)
    return Message("field.list", each=one).text(words.only) if several else one


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
