"""Applications (ansökningar) as files: what is known of one, and where it is from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import field, frozen

from sifrules.errors import FactError, Fault, FaultyFile, nearest
from sifrules.facts import Vocabulary
from sifrules.guideline import Tree, read_toml
from sifrules.structuring import Reader
from sifrules.words import Words

_TOP = ("name", "about", "source")


@frozen
class Application:
    """One application: its name and its facts as written, amounts in kronor.

    ``about`` describes it, ``source`` says what it is taken from.
    """

    name: str
    facts: Mapping[str, object]
    origin: str
    about: Words | None = field(default=None)
    source: str | None = None


def read_application(file: Path) -> Application:
    """Read an application from a TOML file; facts stand in tables as ``[application]``.

    Raises `FaultyFile` where the file cannot be read. Whether its facts are known and
    possible is checked against each policy, by `check_facts`.
    """
    reader = Reader(read_toml(file), str(file))
    name = reader.read("name", str)
    about = reader.read("about", Words)
    source = reader.read("source", str)
    tables = {key: value for key, value in reader.tree.items() if key not in _TOP}
    for key, value in tables.items():
        if not isinstance(value, Mapping):
            fix = nearest(key, (*_TOP, "application", "parts", "fund"))
            reader.fault(key, f"unknown key; {fix}")
    reader.stop_at_faults()
    return Application(name or Path(file).stem, dict(flat_facts(tables)), str(file), about, source)


def flat_facts(tables: Tree, above: str = "") -> Iterator[tuple[str, object]]:
    """Facts in tables, under dotted names: ``application.areas`` for ``[application] areas``."""
    for key, value in tables.items():
        name = f"{above}.{key}" if above else key
        if isinstance(value, Mapping):
            yield from flat_facts(value, name)
        else:
            yield name, value


def check_facts(application: Application, vocabulary: Vocabulary) -> None:
    """Raise `FaultyFile` listing every fact that is unknown or impossible."""
    faults = []
    for name, value in application.facts.items():
        try:
            vocabulary.read({name: value})
        except FactError as error:
            problem = error.told
            faults.append(Fault(application.origin, name, problem.removeprefix(f"{name}: ")))
    if faults:
        raise FaultyFile(faults)
