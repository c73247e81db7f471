"""Timeline files (tidslinjer i fil): ``[[timeline]]`` with ``policy`` and ``from``, entry by entry.

`read_entries` reads what there is of a file and gathers what is wrong with it, for validation;
`of_file` is the timeline of a file without faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

import attrs
from attrs import evolve, frozen

from sifrules.errors import Fault, FaultyFile, SifError, nearest, shown
from sifrules.loading.guideline import Guideline
from sifrules.loading.reader import Reader
from sifrules.plugin.registry import Registry
from sifrules.policy.binding import Binding
from sifrules.policy.fund_policy import FundPolicy, Reform
from sifrules.policy.timeline import with_reforms
from sifrules.values.dates import Month
from sifrules.values.messages import Message

#: The key that makes a file a timeline.
KEY = "timeline"
_BINDING = "binding"


@frozen
class Entry:
    """One guideline of a file, with the month from which it holds there.

    ``policy`` and ``since`` are None where they are not stated or faulty; the first guideline has
    no month. ``name`` is what the file calls the guideline.
    """

    number: int
    name: str
    policy: FundPolicy | None
    since: Month | None

    @property
    def key(self) -> str:
        """Where it stands in the file."""
        return f"{KEY}[{self.number}]"


@frozen
class TimelineFile:
    """A timeline as its file has it, entry by entry, and what is wrong with it."""

    id: str
    origin: str
    entries: tuple[Entry, ...]
    binding: Binding
    faults: tuple[Fault, ...]


def read_entries(registry: Registry, guideline: Guideline) -> TimelineFile:
    """What a file lists, with its faults; nothing is raised for them."""
    reader = Reader(guideline.tree, guideline.origin)
    reader.refuse_unknown(("id", KEY, _BINDING))
    entries: list[Entry] = []
    listed = reader.tree[KEY]
    if isinstance(listed, list) and all(isinstance(each, Mapping) for each in listed):
        entries = [_entry(registry, reader, number, entry) for number, entry in enumerate(listed)]
        if not entries:
            reader.fault(KEY, Message("timeline.empty"))
    else:
        reader.fault(KEY, Message("timeline.no_list"), fix=Message("timeline.write_entries_as"))
    binding = _file_binding(reader)
    faults: tuple[Fault, ...] = ()
    try:
        reader.stop_at_faults()
    except FaultyFile as error:
        faults = error.faults
    return TimelineFile(guideline.id, guideline.origin, tuple(entries), binding, faults)


def of_file(registry: Registry, guideline: Guideline) -> FundPolicy:
    """The timeline of a file; raises `FaultyFile` with all that is wrong in it."""
    read = read_entries(registry, guideline)
    if read.faults:
        raise FaultyFile(read.faults)
    first, *later = (each for each in read.entries if each.policy is not None)
    reforms = [
        Reform(each.since, each.policy) for each in later if each.since and each.policy is not None
    ]
    begun: Any = first.policy
    try:
        found = with_reforms(begun, reforms, read.id, read.binding)
    except SifError as error:
        raise FaultyFile([Fault(guideline.origin, KEY, error.full_text)]) from None
    return evolve(found, origin=guideline.origin)


def _entry(registry: Registry, reader: Reader, number: int, entry: Mapping[str, Any]) -> Entry:
    at = f"{KEY}[{number}]"
    for odd in entry.keys() - {"policy", "from"}:
        reader.fault(f"{at}.{odd}", Message("file.unknown_key"))
    policy = _entry_policy(registry, reader, entry, at)
    since = _entry_month(reader, entry, at, number)
    return Entry(number, str(entry.get("policy", "")), policy, since)


def bound(name: str, value: object, where: str) -> Any:
    """Which rules bind something under way, checked; `SifError` names the nearest."""
    known = {field.name: _options(field) for field in attrs.fields(Binding)}
    if name not in known:
        raise SifError(
            Message("timeline.no_binding", name=name), where=where, fix=nearest(name, known)
        )
    if value not in known[name]:
        raise SifError(
            Message("timeline.no_such_binding", name=name, value=shown(value)),
            where=where,
            fix=nearest(str(value), known[name]),
        )
    return value


def _options(field: attrs.Attribute[Any]) -> tuple[str, ...]:
    return get_args(get_type_hints(Binding)[field.name])


def _entry_policy(
    registry: Registry, reader: Reader, entry: Mapping[str, Any], at: str
) -> FundPolicy | None:
    name = entry.get("policy")
    if not isinstance(name, str):
        reader.fault(f"{at}.policy", Message("file.missing"))
        return None
    source = Path(reader.origin).parent / name if name.endswith(".toml") else name
    try:
        return registry.policy(source)
    except SifError as error:
        reader.fault(f"{at}.policy", error.full_text)
        return None


def _entry_month(reader: Reader, entry: Mapping[str, Any], at: str, number: int) -> Month | None:
    written = entry.get("from")
    if written is None:
        if number:
            reader.fault(f"{at}.from", Message("file.missing"))
        return None
    if number == 0:
        reader.fault(f"{at}.from", Message("timeline.first_from"))
        return None
    try:
        return Month.parse(str(written))
    except SifError as error:
        reader.fault(f"{at}.from", error.full_text)
        return None


def _file_binding(reader: Reader) -> Binding:
    table = reader.tree.get(_BINDING, {})
    if not isinstance(table, Mapping):
        reader.fault(_BINDING, Message("expected.table"))
        return Binding()
    found = Binding()
    for name, value in table.items():
        try:
            found = evolve(found, **{name: bound(name, value, f"{_BINDING}.{name}")})
        except SifError as error:
            reader.fault(f"{_BINDING}.{name}", error.what, fix=error.fix)
    return found
