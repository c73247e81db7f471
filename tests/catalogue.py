"""Every text that the tool can say, found in its sources: where it stands, in both languages."""

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


@frozen
class Text:
    """One text, and where it stands."""

    place: str
    sv: str
    en: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sv!r} / {self.en!r}"


@frozen
class Maker:
    """A function that makes a text of two of its own arguments: where, and by which names."""

    sv: tuple[int, str]
    en: tuple[int, str]


def placeholders(text: str) -> set[str]:
    """The names that a text has room for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def bare(text: str) -> str:
    """What a text says itself: without room for others, keys, and names of files."""
    own = "".join(each for each, _, _, _ in Formatter().parse(text))
    return re.sub(r"\S*\w[._/]\w\S*", "", own)


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module that is shipped."""
    for folder in FOLDERS:
        for file in sorted(folder.rglob("*.py")):
            yield str(file.relative_to(ROOT)), ast.parse(file.read_text("utf-8"))


MODULES = tuple(modules())


def called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def pair(node: ast.Call) -> tuple[ast.expr, ast.expr] | None:
    """The two languages that a call of ``LocalizedText`` is given; None of any other call."""
    given = {each.arg: each.value for each in node.keywords}
    return (given["sv"], given["en"]) if called(node) == "LocalizedText" and "sv" in given else None


def makers() -> dict[str, list[Maker]]:
    """By name, the functions that hand two of their own arguments on to ``LocalizedText``."""
    found: dict[str, list[Maker]] = {}
    for _, tree in MODULES:
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            every = [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
            for node in ast.walk(function):
                if not isinstance(node, ast.Call) or (both := pair(node)) is None:
                    continue
                names = [each.id for each in both if isinstance(each, ast.Name)]
                if len(set(names)) == 2 and set(names) <= set(every):
                    sv, en = ((every.index(name), name) for name in names)
                    found.setdefault(function.name, []).append(Maker(sv, en))
    return found


def _argument(call: ast.Call, at: tuple[int, str]) -> ast.expr | None:
    position, name = at
    if position < len(call.args):
        return call.args[position]
    return next((each.value for each in call.keywords if each.arg == name), None)


def written(node: ast.expr | None) -> str | None:
    """A text as it stands in the source; None of what is computed."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def in_modules() -> Iterator[Text]:
    """Every text that is written out in a module."""
    known = makers()
    for place, tree in MODULES:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            found = [] if (both := pair(node)) is None else [both]
            for maker in known.get(called(node), ()):
                sv, en = _argument(node, maker.sv), _argument(node, maker.en)
                found += [] if sv is None or en is None else [(sv, en)]
            for one, other in found:
                sv_text, en_text = written(one), written(other)
                if sv_text is not None and en_text is not None:
                    yield Text(f"{place}:{node.lineno}", sv_text, en_text)


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
    """Every text of the message catalogues, by its code."""
    for folder in FOLDERS:
        for file in sorted(folder.rglob("locale/sv/LC_MESSAGES/messages.po")):
            english = file.parents[2] / "en" / "LC_MESSAGES" / "messages.po"
            with file.open("rb") as sv, english.open("rb") as en:
                there = {message.id: message.string for message in read_po(en)}
                for message in read_po(sv):
                    if message.id:
                        yield Text(
                            f"{file.relative_to(ROOT)}: {message.id}",
                            message.string,
                            there[message.id],
                        )


TEXTS = (*in_modules(), *in_files(), *in_catalogues())


def titles() -> set[str]:
    """What the documents that are cited are called: their own names, in their own language."""
    found = set()
    for folder in FOLDERS:
        for file in folder.rglob("*.toml"):
            documents = tomllib.loads(file.read_text("utf-8")).get("documents", {})
            found |= {each["title"] for each in documents.values()}
    return found
