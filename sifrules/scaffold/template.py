"""The example plugin as a template: its files, and how they are rewritten for another name.

There is one example, in ``plugins/sifrules-example``; the wheel carries its files.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from attrs import frozen

from sifrules.errors import SifError
from sifrules.loading.builder import Kinds
from sifrules.scaffold.guideline import explained_guideline, plain_guideline, to_be_filled_in
from sifrules.scaffold.names import Names
from sifrules.values.citations import FILL_IN
from sifrules.values.messages import Message
from sifrules.values.text import Language

_PACKAGE = "src/sifrules_example"
#: The guideline that needs no code, and the year that the example's other dates count from.
GUIDELINE = f"{_PACKAGE}/guidelines/2024.toml"
_YEAR = 2024
#: Files about the invented municipality alone, and those that belong to code of its own.
_EXAMPLE_ONLY = ("tests/test_example.py",)
_CODE = (f"{_PACKAGE}/own/", f"{_PACKAGE}/guidelines/2025.toml", "tests/test_own_")
_SUFFIXES = frozenset({".ini", ".md", ".py", ".toml", ".typed"})
_JUNK = frozenset({"__pycache__", "build", "dist"})

_A_YEAR = re.compile(r"()(?<![\w.])(20\d\d)(?!\w|\.\d)")
#: The year of a policy, where a text has other numbers that are no years of it.
_A_POLICYS = re.compile(r"(exempelby@|guidelines/)(20\d\d)")
_CITED = re.compile(r'(?<=cite = )"([^"]*)"')
_COMPLETE = re.compile(r'^(\w+ = )"(\w+: [^"]*)"$', re.MULTILINE)
_DOCUMENT = re.compile(r"^\[documents\..*?(?=^\[(?!documents)|\Z)", re.MULTILINE | re.DOTALL)
_TEXT = re.compile(r'^(title|reference|date) = ".*"$', re.MULTILINE)
_GRANT = re.compile(r'(?<=^\[\[grants\]\]\n)name = ".*"$', re.MULTILINE)
_HIDDEN = re.compile(r"<!-- (template|without code)\n(.*?)-->\n", re.DOTALL)
_REGION = re.compile(r"<!-- (only in the example|with code) -->\n(.*?)<!-- end -->\n", re.DOTALL)


@frozen
class Template:
    """The example's files in a folder."""

    folder: Path

    def files(self, *, with_code: bool) -> Iterator[str]:
        """The paths of the files that a new plugin has, as the example names them."""
        for file in sorted(self.folder.rglob("*")):
            path = file.relative_to(self.folder)
            hidden = any(part in _JUNK or part.startswith(".") for part in path.parts)
            if hidden or not file.is_file() or file.suffix not in _SUFFIXES:
                continue
            left_out = _EXAMPLE_ONLY if with_code else (*_EXAMPLE_ONLY, *_CODE)
            if not path.as_posix().startswith(left_out):
                yield path.as_posix()

    def rewritten(
        self,
        path: str,
        names: Names,
        kinds: Kinds,
        *,
        with_code: bool,
        lang: Language | None = None,
    ) -> str:
        """The text of one file as the new plugin has it, a guideline explained in a language."""
        text = (self.folder / path).read_text("utf-8")
        data = path.startswith(_PACKAGE) and path.endswith(".toml")
        if path == "README.md":
            text = _regions(text, with_code=with_code)
        if path == "pyproject.toml" and not with_code:
            text = text.replace("sifrules_example.own:plugin", "sifrules_example:plugin")
        text = _shifted(text, names.year - _YEAR, _A_YEAR if data else _A_POLICYS)
        text = renamed(text, names)
        if "/guidelines/" in path:
            tree = tomllib.loads(text, parse_float=Decimal)
            if path == GUIDELINE:
                return explained_guideline(tree, kinds, names.municipality, lang)
            return plain_guideline(tree, kinds)
        return _record(text) if data else text


def the_template() -> Template:
    """The example as this installation carries it; in the project's own folder, the folder."""
    here = Path(str(files("sifrules.scaffold")))
    for folder in (here / "example", here.parents[1] / "plugins" / "sifrules-example"):
        if (folder / "pyproject.toml").is_file():
            return Template(folder)
    raise SifError(Message("scaffold.no_example"), fix=Message("scaffold.install_again"))


def renamed(text: str, names: Names) -> str:
    """A text or a path of the example under other names.

    >>> renamed("sifrules_example/Exempelby@exempelby", Names("boras", "Borås", 2024))
    'sifrules_boras/Borås@boras'
    """
    for old, new in (
        ("TestExempelby", f"Test{names.class_name}"),
        ("Exempelbys", names.genitive),
        ("Exempelby", names.municipality),
        ("sifrules_example", names.package),
        ("sifrules-example", names.distribution),
        ("test_exempelby", f"test_{names.word}"),
        ("exempelby_", f"{names.word}_"),
        ("exempelby", names.key),
    ):
        text = text.replace(old, new)
    return text


def path_of(path: str, names: Names) -> str:
    """Where a file of the example stands in the new plugin."""
    return renamed(_shifted(path, names.year - _YEAR, _A_POLICYS), names)


def _shifted(text: str, years: int, which: re.Pattern[str]) -> str:
    """A text with its years later or earlier."""
    return which.sub(lambda year: f"{year[1]}{int(year[2]) + years}", text)


def _record(text: str) -> str:
    """A record or cases with every source to be filled in."""

    def opened(document: re.Match[str]) -> str:
        return _TEXT.sub(lambda line: f'{line[1]} = "{FILL_IN}: its {line[1]}"', document[0])

    text = _DOCUMENT.sub(opened, text)
    text = _GRANT.sub(f'name = "{FILL_IN}: name of the investment"', text)
    text = _CITED.sub(lambda cite: f'"{to_be_filled_in(cite[1])}"', text)
    return _COMPLETE.sub(lambda line: f'{line[1]}"{to_be_filled_in(line[2])}"', text)


def _regions(text: str, *, with_code: bool) -> str:
    """A page without its passages on the example, and with those for new plugins alone."""

    def hidden(region: re.Match[str]) -> str:
        return "" if region[1] == "without code" and with_code else region[2]

    def shown(region: re.Match[str]) -> str:
        return region[2] if region[1] == "with code" and with_code else ""

    return _HIDDEN.sub(hidden, _REGION.sub(shown, text))
