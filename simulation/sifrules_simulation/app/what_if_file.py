"""What-if files (tänkta ändringar) of the page: written from a state, and read back into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from attrs import frozen

from sifrules.errors import SifError
from sifrules.loading.toml import as_toml, read_setting, read_toml
from sifrules.loading.what_if import NONE
from sifrules.policy.parts import Slot
from sifrules.values.messages import Message
from sifrules_simulation.app.state import AppState

#: The largest file that is read, in bytes.
LARGEST = 100_000
#: What a what-if may say of itself; it changes nothing.
_ABOUT = ("id", "base", "title", "municipality", "status", "checked", "sifrules")
_OF_PART = ("cite", "reading")


def what_if_file(state: AppState, about: str) -> str:
    """A state's changes as a what-if, which every command takes in a policy's place.

    >>> state = AppState(policy="orebro@2016", lang="sv", changes=(("return_model.floor", "0.0"),))
    >>> print(what_if_file(state, "prövas"), end="")
    # prövas
    base = "orebro@2016"
    <BLANKLINE>
    [return_model]
    floor = 0.0
    """
    lines = [*(f"# {line}" for line in about.splitlines()), f"base = {as_toml(state.policy)}"]
    tables: dict[str, list[str]] = {}
    for path, written in state.changes:
        above, _, name = path.rpartition(".")
        value = as_toml(read_setting(f"{path}={written}")[1])
        tables.setdefault(above, []).append(f"{name} = {value}")
    lines += tables.pop("", [])
    for above, rows in sorted(tables.items()):
        lines += ["", f"[{above}]", *rows]
    return "\n".join(lines) + "\n"


@frozen
class _Sent:
    """A file as a browser sent it: its text and the name that messages have for it."""

    content: bytes

    def read_text(self, encoding: str) -> str:
        return self.content.decode(encoding)

    def __str__(self) -> str:
        return "what-if.toml"


def changes_in(content: bytes) -> tuple[str, list[str]]:
    """The base of a what-if and its changes as ``--set`` takes them; no file is opened.

    Raises `SifError` for what is no what-if, and for what a link cannot hold: lists, conditions,
    documents of its own.
    """
    if len(content) > LARGEST:
        raise SifError(Message("app.file_too_large", most=LARGEST // 1000))
    tree = read_toml(_Sent(content))  # type: ignore[arg-type]  # all that is asked of a file
    base = tree.get("base")
    if not isinstance(base, str):
        raise SifError(Message("app.no_base"), fix=Message("app.open_by_command"))
    removed = tree.get("remove", [])
    if not isinstance(removed, list):
        raise SifError(Message("what_if.remove_no_list"), where="remove")
    settings = [f"{path}={NONE}" for path in removed]
    for key, value in tree.items():
        if key in (*_ABOUT, "remove"):
            continue
        if key not in list(Slot) or not isinstance(value, Mapping | str):
            raise _not_in_a_link(key)
        settings += _settings(key, value)
    return base, settings


def _settings(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping) and "value" in value:
        value = value["value"]
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name not in _OF_PART:
                yield from _settings(f"{path}.{name}", each)
    elif isinstance(value, str | bool | int | Decimal):
        yield f"{path}={as_toml(value)}"
    else:
        raise _not_in_a_link(path)


def _not_in_a_link(path: str) -> SifError:
    return SifError(Message("app.not_in_link"), where=path, fix=Message("app.open_by_command"))
