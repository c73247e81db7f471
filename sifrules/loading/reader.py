"""Strict reading of files: values as they must be, citations, and every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Literal, NewType, get_args, get_origin

import attrs
import cattrs
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
)
from cattrs.gen import make_dict_structure_fn

from sifrules.errors import Fault, FaultyFile, SifError, nearest, shown, unexpected
from sifrules.loading.guideline import Changed
from sifrules.policy.parts import Part, refuse_impossible
from sifrules.rules.conditions import Condition, Fact, IfThen
from sifrules.rules.kinds import Kind
from sifrules.rules.stated import BOUNDS_OF_FACTS, StatedCondition
from sifrules.rules.vocabulary import FACTS, Vocabulary
from sifrules.values.citations import Citation
from sifrules.values.dates import PartialDate
from sifrules.values.messages import Joined, Message, Text as Words
from sifrules.values.money import Ore, ore
from sifrules.values.quantities import in_kronor, read_amount, read_share, refuse_bare
from sifrules.values.text import LocalizedText, same

#: A text that is not empty.
Text = NewType("Text", str)


@attrs.frozen
class Document:
    """A document that a file cites, under a short key."""

    title: Text
    reference: str | None = None
    date: str | None = None
    note: str | None = None


class Reader:
    """Reads one file's plain data into values, and collects the faults in it."""

    def __init__(self, tree: Mapping[str, Any], origin: str) -> None:
        self.tree = tree
        self.origin = origin
        self._faults: list[Fault] = []
        self._converter = _usual_converter()
        self.documents: dict[str, Document] = self.read("documents", dict[str, Document], {})

    def use(self, facts: Vocabulary) -> None:
        """Read the names of facts in this vocabulary from now on."""
        self._converter = _usual_converter() if facts is FACTS else _converter(facts)

    def fault(
        self,
        key: str,
        problem: Words | str,
        kind: str = "faulty",
        *,
        fix: Words | str | None = None,
    ) -> None:
        """Note that something is wrong at a key, and what to do about it."""
        self._faults.append(Fault(self.origin, key, problem, kind, fix))

    def stop_at_faults(self) -> None:
        """Raise `FaultyFile` if anything was wrong so far."""
        if self._faults:
            raise FaultyFile(dict.fromkeys(self._faults))

    def refuse_unknown(self, known: tuple[str, ...]) -> None:
        """Note every key at the top of the file that is not among these."""
        for key in self.tree:
            if key not in known:
                self.fault(key, Message("file.unknown_key"), fix=nearest(key, known))

    def require(self, *keys: str) -> None:
        """Note every one of these keys that the file leaves out."""
        for key in keys:
            if key not in self.tree:
                self.fault(key, Message("file.missing"))

    def read(self, key: str, kind: Any, default: Any = None) -> Any:
        """The value under a key at the top of the file, or the default where there is none."""
        value = self.tree.get(key)
        if isinstance(value, Mapping) and "value" in value:
            value = value["value"]
        found = None if value is None else self.structure(value, kind, key)
        return default if found is None else found

    def structure(self, value: object, kind: Any, path: str) -> Any:
        """A value as it must be, or None with its faults noted."""
        try:
            return self._converter.structure(value, kind)
        except (BaseValidationError, SifError, ValueError, TypeError, AttributeError) as error:
            for at, problem, fix in _faults_of(error, path):
                self.fault(at, problem, fix=fix)
            return None

    def citation(self, path: str, table: Mapping[str, Any]) -> Citation | None:
        """The citation of a table: ``cite``, ``reading`` and who changed it, if anyone did."""
        cite: object = table.get("cite")
        reading = self._reading(path, table.get("reading"))
        if isinstance(cite, Changed):
            return Citation(f"what-if: {cite.by}", reading=reading, what_if=True)
        if cite is None:
            if reading is not None:
                self.fault(path, Message("file.reading_without_citation"), "no_citation")
            return None
        if not isinstance(cite, str) or not cite:
            self.fault(
                f"{path}.cite",
                Message("value.expected", expected='"document: place"', value=shown(cite)),
            )
            return None
        key, _, place = (piece.strip() for piece in cite.partition(":"))
        document = self.documents.get(key)
        if document is None:
            known = nearest(key, self.documents)
            self.fault(
                f"{path}.cite", Message("file.no_document", key=key), "unknown_document", fix=known
            )
            return None
        return Citation(document.title, document.reference, place or None, document.date, reading)

    def _reading(self, path: str, note: object) -> LocalizedText | None:
        if note is None:
            return None
        try:
            return _words(note, LocalizedText)
        except SifError:
            self.fault(f"{path}.reading", Message("file.reading_without_note"), "empty_reading")
            return None


@cache
def _usual_converter() -> cattrs.Converter:
    """The converter for the facts that every file may name, made once: it compiles code."""
    return _converter(FACTS)


def _converter(facts: Vocabulary) -> cattrs.Converter:
    """Strict reading: no coercion, no unknown keys, decimals and money exact.

    It is made once for the same facts: to find out how parts are read takes longer than to read.
    """
    return _made_for(tuple((fact, fact.words) for fact in facts.values()))


@lru_cache(maxsize=32)
def _made_for(known: tuple[tuple[Fact, LocalizedText], ...]) -> cattrs.Converter:
    facts = Vocabulary(fact for fact, _ in known)
    converter = cattrs.Converter(forbid_extra_keys=True)
    for kind, code in (
        (int, "expected.whole_number"),
        (bool, "expected.flag"),
        (str, "expected.text"),
    ):
        converter.register_structure_hook(kind, _exactly(kind, Message(code)))
    converter.register_structure_hook(Text, _text)
    converter.register_structure_hook(Decimal, _decimal)
    converter.register_structure_hook(Ore, _amount)
    converter.register_structure_hook(LocalizedText, _words)
    converter.register_structure_hook(PartialDate, lambda value, _: PartialDate.parse(value))
    converter.register_structure_hook(
        Fact, lambda name, _: facts[_exactly(str, Message("expected.fact"))(name, str)]
    )
    converter.register_structure_hook(Citation, lambda citation, _: citation)
    converter.register_structure_hook(Kind, _kind)
    converter.register_structure_hook(
        Condition, lambda value, _: _condition(converter, value, facts)
    )
    converter.register_structure_hook(IfThen, lambda value, _: _if_then(converter, value, facts))
    converter.register_structure_hook_func(_is_literal, _literal)
    converter.register_structure_hook_func(
        _is_row, lambda value, kind: _row(converter, value, kind)
    )
    converter.register_structure_hook_factory(_is_part, lambda part: _part(converter, part, facts))
    return converter


def _is_part(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Part)


def _part(converter: cattrs.Converter, part: type[Any], facts: Vocabulary) -> Any:
    """Reads a part field by field, so that each impossible value is reported at its key."""
    checked = {
        field.name: cattrs.override(struct_hook=_checked(converter, field))
        for field in attrs.fields(attrs.resolve_types(part))
        if field.metadata.get("check") is not None
    }
    from_table: Any = make_dict_structure_fn
    structure = from_table(part, converter, _cattrs_forbid_extra_keys=True, **checked)

    def read(value: object, kind: Any) -> Any:
        if not isinstance(value, Mapping):
            raise unexpected(Message("expected.table"), value)
        return structure(_with_bounds_read(facts, value, kind), kind)

    return read


def _checked(converter: cattrs.Converter, field: attrs.Attribute[Any]) -> Any:
    def read(value: object, _: Any) -> Any:
        kind: Any = field.type
        found = converter.structure(value, kind)
        refuse_impossible(found, field.metadata["check"])
        return found

    return read


def _exactly(kind: type, expected: Message) -> Any:
    def read(value: object, _: Any) -> Any:
        if type(value) is not kind:
            raise unexpected(expected, value)
        return value

    return read


def _text(value: object, _: Any) -> Text:
    if not isinstance(value, str) or not value.strip():
        raise unexpected(Message("expected.text"), value)
    return Text(value)


def _amount(value: object, _: Any) -> Ore:
    """An amount: a number of kronor, or a text as ``6,2 mnkr``."""
    if isinstance(value, str):
        return ore(in_kronor(read_amount(value)))
    amount = ore(value)
    if isinstance(value, Decimal):
        refuse_bare(value, str(value))
    return amount


def _decimal(value: object, _: Any) -> Decimal:
    """A share: a number, or a text as ``50 %``."""
    if isinstance(value, str):
        return read_share(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise unexpected(Message("expected.decimal"), value)
    return Decimal(value)


def _words(value: object, _: Any) -> LocalizedText:
    if isinstance(value, str) and value.strip():
        return same(value)
    texts = dict(value) if isinstance(value, Mapping) else {}
    if texts.keys() == {"sv", "en"} and all(
        isinstance(text, str) and text.strip() for text in texts.values()
    ):
        return LocalizedText(**texts)
    raise unexpected(Message("expected.text_in_both"), value)


def _kind(value: object, _: Any) -> Kind:
    if value in list(Kind):
        return Kind(str(value))
    raise unexpected(Message("expected.one_of", options=", ".join(Kind)), value)


def _literal(value: object, kind: Any) -> Any:
    options = get_args(kind)
    if value in options:
        return value
    raise unexpected(Message("expected.one_of", options=", ".join(options)), value)


def _condition(converter: cattrs.Converter, value: object, facts: Vocabulary) -> Condition:
    """A condition as a table; see `StatedCondition`."""
    if not isinstance(value, Mapping):
        raise unexpected(Message("expected.table"), value)
    read = _with_bounds_read(facts, value, StatedCondition)
    return converter.structure(read, StatedCondition).condition


def _with_bounds_read(facts: Vocabulary, table: Mapping[str, Any], kind: type) -> Mapping[str, Any]:
    """A table in which a fact's bounds that are texts are numbers, as the fact is written."""
    bounds = {key: value for key, value in table.items() if key in BOUNDS_OF_FACTS}
    name = table.get("fact")
    if not isinstance(name, str) or name not in facts:
        return table
    read: dict[str, Decimal] = {}
    wrong: list[Exception] = []
    for key, text in bounds.items():
        try:
            if isinstance(text, str) and (number := facts[name].kind.number(text)) is not None:
                read[key] = number
            elif isinstance(text, str):
                raise unexpected(Message("expected.decimal"), text)
        except SifError as error:
            error.add_note(AttributeValidationNote(key, key, Decimal))
            wrong.append(error)
    if wrong:
        raise ClassValidationError("bounds", wrong, kind)
    return {**table, **read}


def _if_then(converter: cattrs.Converter, value: object, facts: Vocabulary) -> IfThen:
    """A table of ``if`` and ``then``, which are no names that a class's fields may have."""
    if not isinstance(value, Mapping) or value.keys() != {"if", "then"}:
        raise unexpected(Message("expected.if_then"), value)
    read: dict[str, Condition] = {}
    wrong: list[Exception] = []
    for key in ("if", "then"):
        try:
            read[key] = _condition(converter, value[key], facts)
        except (BaseValidationError, SifError) as error:
            error.add_note(AttributeValidationNote(key, key, Condition))
            wrong.append(error)
    if wrong:
        raise ClassValidationError("if_then", wrong, IfThen)
    return IfThen(read["if"], read["then"])


def _is_literal(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is Literal


def _is_row(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _row(converter: cattrs.Converter, value: object, kind: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise unexpected(Message("expected.list"), value)
    return tuple(converter.structure(value, _list_of(get_args(kind)[0])))


def _list_of(kind: Any) -> Any:
    return list[kind]


def _faults_of(
    error: Exception, path: str
) -> Iterator[tuple[str, Words | str, Words | str | None]]:
    """The key, the problem and the advice of each thing that is wrong in a value."""
    within: list[tuple[Exception, str]]
    match error:
        case ClassValidationError():
            named, others = error.group_exceptions()
            within = [(each, f"{path}.{note.name}") for each, note in named]
        case IterableValidationError():
            indexed, others = error.group_exceptions()
            within = [(each, f"{path}[{note.index!r}]") for each, note in indexed]
        case _:
            yield path, *_problem(error)
            return
    for each, at in (*within, *((other, path) for other in others)):
        yield from _faults_of(each, at)


def _problem(error: Exception) -> tuple[Words | str, Words | str | None]:
    match error:
        case SifError():
            return error.what, error.fix
        case ForbiddenExtraKeysError():
            fields = [f.name for f in attrs.fields(error.cl) if f.name not in ("path", "sources")]
            unknown = (
                Message("file.unknown_key_named", key=key, advice=nearest(key, fields))
                for key in sorted(error.extra_fields)
            )
            return Joined(tuple(unknown), "; "), None
        case KeyError():
            return Message("file.missing"), None
        case AttributeError():  # cattrs asks for the items of what is no table
            return Message("file.no_table"), None
        case _:
            return str(error), None
