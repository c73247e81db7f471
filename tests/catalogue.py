"""Every text of the tool: the message catalogues, and the pairs that stay next to the code."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from attrs import frozen
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
FOLDERS = (
    ROOT / "sifrules",
    ROOT / "policies" / "sifrules_policies",
    ROOT / "plugins" / "sifrules_plugins",
    ROOT / "plugins" / "sifrules-example" / "src",
    ROOT / "simulation" / "sifrules_simulation",
)
MODULES = tuple(
    (str(file.relative_to(ROOT)), ast.parse(file.read_text("utf-8")))
    for folder in FOLDERS
    for file in sorted(folder.rglob("*.py"))
)
#: The folder of each catalogue, its messages by language and code, one text or several forms.
Entries = Mapping[str, tuple[str, ...]]


@frozen
class Text:
    """One text, and where it stands."""

    place: str
    sv: str
    en: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sv!r} / {self.en!r}"


def placeholders(text: str) -> set[str]:
    """The names that a text has room for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def bare(text: str) -> str:
    """A text's own words: without room for others, keys, options and names of files."""
    own = "".join(each for each, _, _, _ in Formatter().parse(text))
    return re.sub(r"--\S+|\S*\w[._/@]\w\S*", "", own)


def _entries(file: Path) -> Entries:
    with file.open("rb") as read:
        found = [message for message in read_po(read) if message.id]
    return {
        each.id if isinstance(each.id, str) else each.id[0]: (
            tuple(each.string) if isinstance(each.string, list | tuple) else (each.string or "",)
        )
        for each in found
    }


#: For each package with a catalogue, its entries in Swedish and in English.
CATALOGUES: dict[str, tuple[Entries, Entries]] = {
    str(folder.relative_to(ROOT)): (
        _entries(folder / "sv" / "LC_MESSAGES" / "messages.po"),
        _entries(folder / "en" / "LC_MESSAGES" / "messages.po"),
    )
    for each in FOLDERS
    for folder in sorted(each.rglob("locale"))
}


def called(node: ast.Call) -> str:
    """The name of the function or class that is called."""
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def written(node: ast.expr | None) -> str | None:
    """A text as it stands in the source; None of what is computed."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def makers() -> dict[str, list[str]]:
    """By name, the arguments of what takes a text in both languages, as ``sv`` and ``en``."""
    found = {"LocalizedText": ["sv", "en"]}
    for _, tree in MODULES:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [each.arg for each in (*node.args.args, *node.args.kwonlyargs)]
                if {"sv", "en"} <= {*names}:
                    found[node.name] = names
    return found


def pairs(node: ast.Call, names: list[str]) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The two languages of each text that a call is given."""
    given = dict(zip(names, node.args, strict=False))
    given |= {each.arg: each.value for each in node.keywords if each.arg is not None}
    for name, sv in given.items():
        if name.endswith("sv") and (en := given.get(f"{name[:-2]}en")) is not None:
            yield sv, en


def in_modules() -> Iterator[Text]:
    """Every text that is written out in a module."""
    known = makers()
    for place, tree in MODULES:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in known:
                for one, other in pairs(node, known[called(node)]):
                    sv, en = written(one), written(other)
                    if sv is not None and en is not None:
                        yield Text(f"{place}:{node.lineno}", sv, en)


def in_files() -> Iterator[Text]:
    """Every text of the guidelines, records and scenarios that are shipped."""
    for folder in FOLDERS:
        for file in sorted(folder.rglob("*.toml")):
            yield from _of(tomllib.loads(file.read_text("utf-8")), f"{file.relative_to(ROOT)}:")


def _of(value: Any, place: str) -> Iterator[Text]:
    if isinstance(value, Mapping) and value.keys() == {"sv", "en"}:
        yield Text(place, value["sv"], value["en"])
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _of(each, f"{place} {key}")
    elif isinstance(value, list):
        for each in value:
            yield from _of(each, place)


def in_catalogues() -> Iterator[Text]:
    """Every text of the catalogues, each plural form by itself."""
    for folder, (swedish, english) in CATALOGUES.items():
        for code in swedish.keys() & english.keys():
            for sv, en in zip(swedish[code], english[code], strict=False):
                yield Text(f"{folder}: {code}", sv, en)


TEXTS = (*in_modules(), *in_files(), *in_catalogues())


def titles() -> set[str]:
    """What the documents that are cited are called: their own names, in their own language."""
    found = set()
    for folder in FOLDERS:
        for file in folder.rglob("*.toml"):
            documents = tomllib.loads(file.read_text("utf-8")).get("documents", {})
            found |= {each["title"] for each in documents.values()}
    return found
