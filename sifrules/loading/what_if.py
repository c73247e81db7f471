"""What-ifs (tänkta ändringar): a guideline with other values laid over it.

What is changed says who changed it; what is left alone keeps its citation. The base is
never touched.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from sifrules.errors import Fault, FaultyFile, SifError, nearest
from sifrules.loading.guideline import Changed, Guideline
from sifrules.loading.toml import Tree, read_setting
from sifrules.policy.parts import MANY, Slot, slot_at
from sifrules.policy.tracks import TRACK_SLOTS
from sifrules.values.messages import Message

#: Written in place of a value, it takes a clause or a part out.
NONE = "none"

#: Keys of a part that are no clauses of it.
_ABOUT = frozenset({"kind", "cite", "reading"})


def with_settings(base: Guideline, settings: Iterable[str], asked: str | None = None) -> Guideline:
    """The guideline with values changed, under an id that says what was changed.

    ``asked`` is how the base was requested, its id if left out; the origin of the result
    is what the command line would write for it.
    """
    settings = (settings,) if isinstance(settings, str) else tuple(settings)
    if not settings:
        return base
    changes: dict[str, Any] = {}
    for setting in settings:
        path, value = read_setting(setting)
        *tables, name = path.split(".")
        slot = path.partition(".")[0]
        if slot not in list(Slot):
            wrong = Message("file.unknown_key")
            raise FaultyFile([Fault(f"--set {setting}", slot, wrong, fix=nearest(slot, Slot))])
        if isinstance(value, dict) and tables:
            raise SifError(
                Message("setting.table", path=path), fix=Message("setting.one_at_a_time")
            )
        table = changes
        for each in tables:
            table = table.setdefault(each, {})
            if not isinstance(table, dict):
                raise _set_already(setting)
        if name in table:
            raise _set_already(setting)
        table[name] = value
    options = " ".join(f"--set {shlex.quote(setting)}" for setting in settings)
    tree = overlay(base.tree, changes, options)
    id: object = f"{base.id} with {', '.join(settings)}"
    if base.stated_id != base.id:
        id = base.stated_id  # an id that is none is refused where the policy is built
    return Guideline({**tree, "id": id}, f"{asked or base.id} {options}")


def _set_already(setting: str) -> SifError:
    return SifError(
        Message("setting.set_already", setting=setting), fix=Message("setting.set_once")
    )


def over_base(what_if: Guideline, base: Guideline) -> Guideline:
    """A what-if laid over its base: its values in place of the base's."""
    own = ("base", "remove", "id")
    changes = {key: value for key, value in what_if.tree.items() if key not in own}
    try:
        tree = overlay(base.tree, changes, what_if.origin)
    except SifError as error:
        fault = Fault(what_if.origin, error.where or "", error.what, fix=error.fix)
        raise FaultyFile([fault]) from None
    removed = what_if.tree.get("remove", [])
    if not isinstance(removed, list) or not all(isinstance(path, str) for path in removed):
        raise FaultyFile([Fault(what_if.origin, "remove", Message("what_if.remove_no_list"))])
    for path in removed:
        fault = Fault(what_if.origin, "remove", Message("what_if.nothing_to_remove", path=path))
        tree = _without(tree, path.split("."), fault)
    return Guideline({**tree, "id": what_if.stated_id}, what_if.origin)


def overlay(base: Tree, changes: Tree, by: str, above: str = "") -> dict[str, Any]:
    """A guideline's tree with changes laid over it.

    A part whose ``kind`` changes is replaced whole; ``"none"`` takes a value or a part
    out. ``by`` is who changed it: a value that is changed without a citation says so.
    ``above`` is the path of the track that the tree is of, with its dot.
    """
    result = dict(base)
    for key, value in changes.items():
        before = base.get(key)
        if key in ("documents", "facts") and _tables(value, before):
            result[key] = _added(before or {}, value, key)
        elif key == Slot.TRACK and _tables(value, before):
            result[key] = _over_tracks(before or {}, value, by)
        elif key in MANY and _tables(value, before):
            result[key] = _over_parts(before or {}, value, by, f"{above}{key}")
        elif key in list(Slot):
            result = _over_parts(result, {key: value}, by, above)
        else:
            result[key] = value
    return result


def _added(base: Tree, more: Tree, key: str) -> dict[str, Any]:
    """The base's documents or facts with more added; what the base cites cannot be replaced."""
    for name, value in more.items():
        if name in base and base[name] != value:
            raise SifError(
                Message("what_if.name_taken"),
                where=f"{key}.{name}",
                fix=Message("name.choose_another"),
            )
    return {**base, **more}


def _over_parts(base: Tree, changes: Tree, by: str, above: str) -> dict[str, Any]:
    """Tables of parts, each with the changes to it laid over it."""
    result = dict(base)
    for name, change in changes.items():
        path = f"{above.rstrip('.')}.{name}".strip(".")
        if change == NONE:
            _require(name, base, path)
            del result[name]
        elif isinstance(change, Mapping):
            before = base.get(name)
            result[name] = _over_part(
                before if isinstance(before, Mapping) else {}, change, by, path
            )
        else:
            result[name] = change
    return result


def _over_tracks(base: Tree, changes: Tree, by: str) -> dict[str, Any]:
    """Tables of tracks: what a track says of itself, and then each of its slots."""
    result = _over_parts(
        base, {name: _of_itself(each) for name, each in changes.items()}, by, Slot.TRACK
    )
    for name, change in changes.items():
        if isinstance(change, Mapping):
            slots = {key: value for key, value in change.items() if key in TRACK_SLOTS}
            result[name] = overlay(result[name], slots, by, f"{Slot.TRACK}.{name}.")
    return result


def _of_itself(track: object) -> object:
    """A track's table without what stands in its slots."""
    if not isinstance(track, Mapping):
        return track
    return {key: value for key, value in track.items() if key not in TRACK_SLOTS}


def _over_part(base: Tree, change: Tree, by: str, path: str) -> dict[str, Any]:
    """A part's table with changes laid over it."""
    slot = slot_at(path)
    if "kind" in change and change["kind"] != base.get("kind", slot):
        base = {}
    result = _each_cited(base)
    for key, value in change.items():
        before = base.get(key)
        if key in _ABOUT:
            result[key] = value
        elif value == NONE:
            _require(key, base, f"{path}.{key}")
            del result[key]
        elif _is_table(value):
            inner = before if isinstance(before, Mapping) and _is_table(before) else {}
            result[key] = _over_part(inner, value, by, f"{path}.{key}")
        else:
            result[key] = _changed(value, change, by)
    if not base and not _cites(change):
        result["cite"] = Changed(by)
    return result


def _changed(value: object, table: Tree, by: str) -> dict[str, Any]:
    """A changed value with its citation: its own, its table's, or that it was changed."""
    stated = dict(value) if isinstance(value, Mapping) and "value" in value else {"value": value}
    if "cite" not in stated:
        stated |= {"cite": table["cite"]} if "cite" in table else {"cite": Changed(by)}
    return stated


def _each_cited(table: Tree) -> dict[str, Any]:
    """A part's table with the citation of the whole put at each value of its own."""
    if "cite" not in table:
        return dict(table)
    result = dict(table)
    for key, value in table.items():
        if key in _ABOUT or _is_table(value):
            continue
        if not isinstance(value, Mapping) or "value" not in value:
            result[key] = {"value": value, "cite": table["cite"]}
        elif "cite" not in value:
            result[key] = {**value, "cite": table["cite"]}
    return result


def _is_table(value: object) -> bool:
    """Whether it is a part's table, and not a value with its citation or in two languages."""
    return isinstance(value, Mapping) and "value" not in value and value.keys() != {"sv", "en"}


def _tables(value: object, before: object) -> bool:
    return isinstance(value, Mapping) and (before is None or isinstance(before, Mapping))


def _cites(table: Tree) -> bool:
    """Whether a part's table says where it is stated, as a whole or at one of its values."""
    inside = (value for value in table.values() if isinstance(value, Mapping))
    return "cite" in table or any("cite" in value for value in inside)


def _require(key: str, table: Tree, path: str) -> None:
    if key not in table:
        raise SifError(Message("setting.nothing_to_remove"), where=path, fix=nearest(key, table))


def _without(tree: Tree, path: list[str], fault: Fault) -> dict[str, Any]:
    head, *rest = path
    if head not in tree or (rest and not isinstance(tree[head], Mapping)):
        raise FaultyFile([fault])
    left = {key: value for key, value in tree.items() if key != head}
    return {**left, head: _without(tree[head], rest, fault)} if rest else left
