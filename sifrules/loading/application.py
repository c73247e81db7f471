"""Applications (ansökningar) as files: what is known of one, and where it is from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from attrs import evolve, field, frozen

from sifrules.errors import FactError, Fault, FaultyFile, nearest
from sifrules.loading.reader import Reader
from sifrules.loading.toml import Tree, read_toml
from sifrules.rules.vocabulary import FACTS, Vocabulary
from sifrules.values.messages import Message
from sifrules.values.text import LocalizedText

_TOP = ("name", "about", "source")
_SUBJECTS = tuple(dict.fromkeys(name.partition(".")[0] for name in FACTS))


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
    if not tree:
        raise FaultyFile([Fault(str(file), "", Message("application.empty"))])
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


def told_apart(read: Iterable[Application]) -> list[Application]:
    """Applications, with file and row added to the names that occur more than once.

    >>> alike = [Application("A", {}, "list.csv:2"), Application("A", {}, "list.csv:3")]
    >>> [each.name for each in told_apart(alike)]
    ['A (list.csv:2)', 'A (list.csv:3)']
    """
    read = list(read)
    named = Counter(each.name for each in read)
    return [
        evolve(each, name=f"{each.name} ({Path(each.origin).name})")
        if named[each.name] > 1
        else each
        for each in read
    ]


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
