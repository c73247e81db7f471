"""Applications (ansökningar) as files: what is known of one, and where it is from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import field, frozen

from sifrules.errors import FactError, Fault, FaultyFile, nearest
from sifrules.facts import Vocabulary
from sifrules.guideline import Tree, read_toml
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
    tree = read_toml(file)
    faults = []
    for key in ("name", "source"):
        if not isinstance(tree.get(key, ""), str):
            faults.append(Fault(str(file), key, f"expected a text, got {tree[key]!r}"))
    about = tree.get("about")
    if isinstance(about, str):
        about = {"sv": about, "en": about}
    if about is not None and (not isinstance(about, Mapping) or set(about) != {"sv", "en"}):
        faults.append(Fault(str(file), "about", 'expected a text, or { sv = "...", en = "..." }'))
    for key, value in tree.items():
        if key not in _TOP and not isinstance(value, Mapping):
            fix = nearest(key, (*_TOP, "application", "parts", "fund"))
            faults.append(Fault(str(file), key, f"unknown key; {fix}"))
    if faults:
        raise FaultyFile(faults)
    return Application(
        name=tree.get("name") or Path(file).stem,
        facts=dict(flat_facts({k: v for k, v in tree.items() if k not in _TOP})),
        origin=str(file),
        about=Words(**about) if about else None,
        source=tree.get("source"),
    )


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
