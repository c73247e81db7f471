"""Applications (ansökningar) as files: what is known of one, and where it is from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from attrs import field, frozen

from sifrules.errors import FactError, Fault, FaultyFile, nearest
from sifrules.loading.reader import Reader
from sifrules.loading.toml import Tree, read_toml
from sifrules.rules.vocabulary import FACTS, Vocabulary
from sifrules.values.messages import Message
from sifrules.values.text import LocalizedText

_TOP = ("name", "about", "source")
_SUBJECTS = tuple(dict.fromkeys(name.partition(".")[0] for name in FACTS))

#: How deep tables may lie in one another; the facts there are need three.
DEEPEST = 20


@frozen
class Application:
    """One application: its name and its facts as written, amounts in kronor.

    ``about`` describes it, ``source`` says what it is taken from.
    """

    name: str
    facts: Mapping[str, object]
    origin: str
    about: LocalizedText | None = field(default=None)
    source: str | None = None


def read_application(file: Path) -> Application:
    """Read an application from a TOML file; facts stand in tables as ``[application]``.

    Raises `FaultyFile` where the file cannot be read. Whether its facts are known and
    possible is checked against each policy, by `check_facts`.
    """
    tree = read_toml(file)
    _refuse_odd(tree, str(file))
    reader = Reader(tree, str(file))
    name = reader.read("name", str)
    about = reader.read("about", LocalizedText)
    source = reader.read("source", str)
    tables = {key: value for key, value in reader.tree.items() if key not in _TOP}
    for key, value in tables.items():
        if not isinstance(value, Mapping):
            if key in _SUBJECTS:
                reader.fault(key, Message("file.no_table_as", key=key))
            else:
                advice = nearest(key, (*_TOP, *_SUBJECTS))
                reader.fault(key, Message("file.unknown_key"), fix=advice)
    reader.stop_at_faults()
    return Application(name or Path(file).stem, dict(flat_facts(tables)), str(file), about, source)


def _refuse_odd(tree: Tree, origin: str) -> None:
    """Refuse a file without content, or with tables nested too deep."""
    if not tree:
        raise FaultyFile([Fault(origin, "", Message("application.empty"))])
    deep = [key for key, value in tree.items() if _too_deep(value)]
    if deep:
        raise FaultyFile([Fault(origin, key, Message("file.nested_too_deep")) for key in deep])


def _too_deep(value: object, left: int = DEEPEST) -> bool:
    inside = value.values() if isinstance(value, Mapping) else value
    if not isinstance(value, Mapping | list) or not isinstance(inside, Iterable):
        return False
    return left == 0 or any(_too_deep(each, left - 1) for each in inside)


def flat_facts(tables: Tree, above: str = "") -> Iterator[tuple[str, object]]:
    """Facts in tables, under dotted names: ``application.areas`` for ``[application] areas``."""
    for key, value in tables.items():
        name = f"{above}.{key}" if above else key
        if isinstance(value, Mapping):
            yield from flat_facts(value, name)
        else:
            yield name, value


def check_facts(application: Application, *vocabularies: Vocabulary) -> None:
    """Raise `FaultyFile` listing every fact that is unknown or impossible.

    With several vocabularies a fact is unknown where none of them knows it, and its
    value must be possible in each that does.
    """
    faults: dict[Fault, None] = {}
    for name, value in application.facts.items():
        for error in _errors(name, value, vocabularies):
            faults[Fault(application.origin, name, error.what, fix=error.fix)] = None
    if faults:
        raise FaultyFile(faults)


def _errors(name: str, value: object, vocabularies: Iterable[Vocabulary]) -> Iterator[FactError]:
    """What is wrong with a fact in each vocabulary that knows it, or that none does."""
    known = [vocabulary for vocabulary in vocabularies if name in vocabulary]
    if not known:
        names = {each for vocabulary in vocabularies for each in vocabulary}
        yield FactError(Message("fact.unknown", name=name), fix=nearest(name, names))
    for vocabulary in known:
        try:
            vocabulary[name].value(value)
        except FactError as error:
            yield error
