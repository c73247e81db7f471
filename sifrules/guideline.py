"""Guidelines as plain data: TOML files, what-ifs over them, and changed values.

A `Guideline` is a tree of tables and values as the file has them, still unchecked; what
turns it into a policy is `sifrules.building`. No text of a file is ever evaluated.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from attrs import frozen

from sifrules.errors import Fault, FaultyFile, SifError

Tree = Mapping[str, Any]

#: A guideline longer than this is no guideline: one million characters.
LONGEST = 1_000_000

#: Written in place of a value in a what-if, it takes a clause out.
NONE = "none"


@frozen
class Guideline:
    """One guideline or what-if, as read and not yet checked."""

    tree: Tree
    origin: str

    @property
    def id(self) -> str:
        """The policy id that the file states, or a name made from the file's."""
        stated = self.tree.get("id")
        if isinstance(stated, str) and stated:
            return stated
        base = self.tree.get("base")
        return f"{base}+{Path(self.origin).stem}" if base else Path(self.origin).stem


def read_guideline(file: Path | Traversable) -> Guideline:
    """Read a guideline from a TOML file.

    Raises `FaultyFile` for a file that is not there, not text or not TOML.
    """
    return Guideline(read_toml(file), str(file))


def read_toml(file: Path | Traversable) -> dict[str, Any]:
    """A TOML file as plain data, decimals exact; `FaultyFile` where it cannot be read."""
    name = str(file)
    try:
        text = file.read_text("utf-8-sig")
    except FileNotFoundError:
        raise FaultyFile([Fault(name, "", "no such file")]) from None
    except IsADirectoryError:
        raise FaultyFile([Fault(name, "", "is a folder, expected a TOML file")]) from None
    except UnicodeDecodeError:
        raise FaultyFile([Fault(name, "", "is not UTF-8 text; save it as UTF-8")]) from None
    except OSError as error:
        raise FaultyFile([Fault(name, "", f"cannot be read: {error.strerror}")]) from None
    if len(text) > LONGEST:
        raise FaultyFile([Fault(name, "", f"is longer than {LONGEST} characters")])
    try:
        return tomllib.loads(text, parse_float=_exact)
    except tomllib.TOMLDecodeError as error:
        raise FaultyFile([Fault(name, "", f"is not TOML: {error}")]) from None
    except RecursionError:
        raise FaultyFile([Fault(name, "", "is nested too deep")]) from None
    except ValueError:  # a whole number of thousands of digits
        raise FaultyFile([Fault(name, "", "holds a number that is far too long")]) from None
    except SifError as error:
        raise FaultyFile([Fault(name, "", str(error))]) from None


def _exact(text: str) -> Decimal:
    """A TOML float as an exact decimal; exponents and NaN are no way to write money."""
    if not re.fullmatch(r"[+-]?[\d_]+\.[\d_]+", text):
        raise SifError(f"the number {text} has an exponent or no value", fix="write it out")
    return Decimal(text.replace("_", ""))


def read_setting(setting: str) -> tuple[str, Any]:
    """A changed value as the command line takes it: ``return_model.floor=0.0``.

    >>> read_setting("return_model.floor=0.0")
    ('return_model.floor', Decimal('0.0'))
    >>> read_setting("return_model.transition.gap=no_return")
    ('return_model.transition.gap', 'no_return')
    """
    path, equals, written = setting.partition("=")
    path, written = path.strip(), written.strip()
    if not equals or not written or not re.fullmatch(r"[\w-]+(\.[\w-]+)*", path):
        raise SifError(
            f"cannot read the change {setting!r}", fix="write it as return_model.floor=0.0"
        )
    if re.fullmatch(r"[A-Za-z_]\w*", written) and written not in ("true", "false", "nan", "inf"):
        return path, written
    try:
        return path, tomllib.loads(f"value = {written}", parse_float=_exact)["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        raise SifError(
            f"cannot read the value in {setting!r}", fix='write texts in quotes, as "2013"'
        ) from None


def with_settings(base: Guideline, settings: Iterable[str]) -> Guideline:
    """The guideline with values changed, under an id that says what was changed."""
    settings = tuple(settings)
    if not settings:
        return base
    changes: dict[str, Any] = {}
    for setting in settings:
        path, value = read_setting(setting)
        *tables, name = path.split(".")
        table = changes
        for each in tables:
            table = table.setdefault(each, {})
            if not isinstance(table, dict):
                raise SifError(f"{setting!r} changes what another change has set already")
        table[name] = value
    tree = overlay(base.tree, changes, f"--set {' '.join(settings)}")
    id = f"{base.id} with {', '.join(settings)}"
    return Guideline({**tree, "id": id}, f"{base.id} --set {' '.join(settings)}")


def over_base(what_if: Guideline, base: Guideline) -> Guideline:
    """A what-if laid over its base: its values in place of the base's."""
    changes = {
        key: value for key, value in what_if.tree.items() if key not in ("base", "remove", "id")
    }
    tree = overlay(base.tree, changes, what_if.origin)
    removed = what_if.tree.get("remove", [])
    if not isinstance(removed, list) or not all(isinstance(path, str) for path in removed):
        raise FaultyFile(
            [
                Fault(
                    what_if.origin,
                    "remove",
                    'expected a list of paths, as ["caps.new_investments"]',
                )
            ]
        )
    for path in removed:
        tree = _without(
            tree, path.split("."), Fault(what_if.origin, "remove", f"no {path!r} to remove")
        )
    return Guideline({**tree, "id": what_if.id}, what_if.origin)


def overlay(base: Tree, changes: Tree, by: str) -> dict[str, Any]:
    """A tree with changes laid over it; values changed without a citation say by whom.

    A part whose ``kind`` changes is replaced whole; ``"none"`` takes a value out.
    """
    result = dict(base)
    for key, value in changes.items():
        before = base.get(key)
        if value == NONE:
            result.pop(key, None)
        elif _is_table(value):
            table: Tree = before if isinstance(before, Mapping) and _is_table(before) else {}
            if "kind" in value and value["kind"] != table.get("kind"):
                table = {} if _cites(value) else {"cite": {"what_if": by}}
            result[key] = overlay(table, value, by)
        elif key in _PLAIN or isinstance(value, Mapping):
            result[key] = value
        elif "cite" in changes:
            result[key] = {"value": value, "cite": changes["cite"]}
        else:
            result[key] = {"value": value, "what_if": by}
    return result


#: Keys whose values are no clauses and carry no citation.
_PLAIN = frozenset(
    {"kind", "cite", "title", "municipality", "status", "not_modelled", "documents", "sv", "en"}
    | {"reference", "date", "place", "note", "facts", "options"}
)


def _cites(table: Tree) -> bool:
    """Whether a part's table says where it is stated, as a whole or at one of its values."""
    inside = (value for value in table.values() if isinstance(value, Mapping))
    return "cite" in table or any("cite" in value for value in inside)


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) and "value" not in value


def _without(tree: Tree, path: list[str], fault: Fault) -> dict[str, Any]:
    head, *rest = path
    if head not in tree or (rest and not isinstance(tree[head], Mapping)):
        raise FaultyFile([fault])
    left = {key: value for key, value in tree.items() if key != head}
    return {**left, head: _without(tree[head], rest, fault)} if rest else left
