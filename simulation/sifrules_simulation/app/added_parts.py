"""Clauses that a guideline does not have (tillagda regler): which can be added, and which were.

A part is added by naming its kind under a new name, as ``caps.duration.kind``; that is a change
like any other, so that a link and a what-if file hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from sifrules.loading.schema import fields_of, is_required
from sifrules.plugin.registry import Registry
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Part, Slot
from sifrules.values.citations import Citation
from sifrules.values.messages import Message, Text
from sifrules_simulation.app.controls import KIND, has_control

#: The slots that take more parts, in the order in which they are offered.
_SLOTS: Mapping[Slot, Text] = {
    Slot.CAPS: Message("app.slot_caps"),
    Slot.CRITERIA: Message("app.slot_criteria"),
    Slot.PRIORITIES: Message("app.slot_priorities"),
}
_ADDED = Citation("what-if", what_if=True)


@frozen
class Addable:
    """The kinds of part that a slot takes more of, each with its words."""

    title: Text
    kinds: tuple[tuple[str, Text], ...]


def addable(registry: Registry) -> Iterator[Addable]:
    """What can be added: each kind that can be stated by its controls alone."""
    for slot, title in _SLOTS.items():
        kinds = [
            (f"{slot}.{kind}", part.words)
            for (of, kind), part in registry.parts.items()
            if of == slot and _can_be_filled_in(part)
        ]
        if kinds:
            yield Addable(title, tuple(kinds))


def _can_be_filled_in(part: type[Part]) -> bool:
    """Whether every field that must be stated has a control.

    Where none must, whether it can be left as it is, or has fields of its own with a control.
    """
    fields: list[Any] = list(fields_of(part))
    required = [each for each in fields if is_required(each)]
    if required:
        return all(map(has_control, required))
    return _has_rules(part) or any(has_control(each) for each in fields if not each.inherited)


def _has_rules(part: type[Part]) -> bool:
    """Whether a part has rules where nothing of it is stated."""
    try:
        added = part(path=part.slot, sources={"": _ADDED})
        [*added.rules(), *added.derivations()]
    except Exception:  # the code of a plugin's part: what fails here would fail when added
        return False
    return True


def added(
    registry: Registry, policy: FundPolicy, changes: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """The path of each part that changes add to a policy, with its kind."""
    there = _paths(policy)
    for name, kind in changes.items():
        path, _, last = name.rpartition(".")
        slot, _, own = path.partition(".")
        if last != KIND or not own or "." in own or path in there:
            continue
        if slot in _SLOTS and (slot, kind) in registry.parts:
            yield path, kind


def new_path(asked: str, registry: Registry, policy: FundPolicy, taken: Iterable[str]) -> str:
    """Where a part that is asked for by slot and kind can stand; nothing where there is none.

    ``taken`` are the paths of parts that were added before.
    """
    slot, _, kind = asked.partition(".")
    part = registry.parts.get((slot, kind)) if slot in _SLOTS else None
    if part is None or not _can_be_filled_in(part):
        return ""
    there = {*_paths(policy), *taken}
    number, path = 1, asked
    while path in there:
        number += 1
        path = f"{asked}_{number}"
    return path


def _paths(policy: FundPolicy) -> set[str]:
    return {each.path for each in policy.parts if isinstance(each, Part)}
