"""Timelines by name: of a municipality, out of a TOML file, or by reforms that are tried.

``norrkoping`` is a municipality's guidelines as they followed each other, each from the month
in which it came into force. A file with ``[[timeline]]`` lists its own, and a reform is written
``POLICY:MONTH`` or ``PATH=VALUE:MONTH``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs
from attrs import evolve, frozen

from sifrules.errors import Fault, FaultyFile, SifError, nearest, shown
from sifrules.loading.guideline import Guideline
from sifrules.loading.reader import Reader
from sifrules.plugin.registry import Registry
from sifrules.policy.binding import Binding
from sifrules.policy.fund_policy import FundPolicy, Reform
from sifrules.policy.parts import Slot
from sifrules.policy.timeline import of_guidelines, periods, with_reforms
from sifrules.values.dates import Month
from sifrules.values.messages import Message

_KEY = "timeline"
_BINDING = "binding"


def timeline(
    registry: Registry,
    name: str | Path | FundPolicy,
    settings: Iterable[str] = (),
    reforms: Iterable[str] = (),
    binding: Iterable[str] = (),
) -> FundPolicy:
    """A policy by name, with reforms if it has any.

    ``name`` is what `Registry.policy` takes; a municipality with several guidelines, which means
    all of them in turn; or a file with ``[[timeline]]``. ``settings`` change every guideline that
    states such a clause, ``reforms`` follow on the policy, each from its month, and ``binding``
    says which rules bind what is under way, as ``investment=end``.

    >>> from sifrules import registry
    >>> found = timeline(registry(), "norrkoping")
    >>> [(str(reform.since), reform.policy.id) for reform in found.reforms]
    [('2022-01', 'norrkoping@2022')]
    >>> timeline(registry(), "orebro@2013", reforms=["orebro@2016:2014-01"]).id
    'orebro@2013 then orebro@2016 from 2014-01'
    """
    settings = tuple(settings)
    found = name if isinstance(name, FundPolicy) else _named(registry, name)
    if settings and not found.reforms and not isinstance(name, FundPolicy):
        found = registry.policy(name if _is_one(registry, name) else found.id, settings)
    else:
        found = _each_changed(registry, found, settings)
    for written in reforms:
        found = _reformed(registry, found, read_reform(written))
    bound = tuple(binding)
    if bound and not found.reforms:
        raise SifError(
            Message("timeline.nothing_to_bind", policy=found.id),
            fix=Message("timeline.give_reform"),
        )
    return evolve(found, binding=read_binding(bound, found.binding)) if bound else found


@frozen
class WrittenReform:
    """A reform as it is written: a policy or a changed clause, and the month."""

    what: str
    since: Month

    @property
    def is_setting(self) -> bool:
        """Whether it changes a clause and names no policy."""
        slot, dot, _ = self.what.partition(".")
        return bool(dot) and "=" in self.what and slot in list(Slot)


def read_reform(written: str) -> WrittenReform:
    """A reform out of ``POLICY:MONTH`` or ``PATH=VALUE:MONTH``; `SifError` for anything else.

    >>> read_reform("return_model.share=0.5:2018-01").since
    Month(year=2018, month=1)
    """
    what, colon, month = written.rpartition(":")
    if not colon or not what:
        raise SifError(
            Message("timeline.unreadable", written=shown(written)),
            fix=Message("timeline.write_reform_as"),
        )
    try:
        return WrittenReform(what, Month.parse(month))
    except SifError as error:
        raise SifError(
            error.what, where=f"--reform {written}", fix=Message("timeline.write_reform_as")
        ) from None


def read_binding(written: Iterable[str], usual: Binding) -> Binding:
    """Which rules bind what, out of ``investment=end`` and the like, each once."""
    stated: dict[str, Any] = {}
    for each in written:
        name, _, value = (piece.strip() for piece in each.partition("="))
        if name in stated:
            raise SifError(
                Message("setting.set_already", setting=each), fix=Message("setting.set_once")
            )
        stated[name] = _binding(name, value, f"--binding {each}")
    return evolve(usual, **stated)


def _binding(name: str, value: object, where: str) -> Any:
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
    from typing import get_args, get_type_hints

    return get_args(get_type_hints(Binding)[field.name])


def _named(registry: Registry, name: str | Path) -> FundPolicy:
    if isinstance(name, Path) or str(name).endswith(".toml"):
        guideline = registry.guideline(name)
        if _KEY in guideline.tree:
            return _of_file(registry, guideline)
    if str(name) in registry.ids:
        return registry.policy(name)
    of_town = [
        policy
        for policy in registry.policies
        if policy.id.partition("@")[0] == str(name) and policy.status == "guideline"
    ]
    return of_guidelines(of_town, str(name)) if of_town else registry.policy(name)


def _is_one(registry: Registry, name: str | Path) -> bool:
    """Whether a name is that of one guideline, and not of a municipality."""
    return isinstance(name, Path) or str(name).endswith(".toml") or str(name) in registry.ids


def _each_changed(registry: Registry, policy: FundPolicy, settings: tuple[str, ...]) -> FundPolicy:
    """A timeline with clauses changed, each in every guideline that takes it."""
    if not settings:
        return policy
    if not policy.reforms:
        return registry.changed(policy, settings)
    found = [each for _, each in periods(policy)]
    for setting in settings:
        found = _all_changed(registry, found, setting)
    first, *later = found
    reforms = (
        evolve(reform, policy=each) for reform, each in zip(policy.reforms, later, strict=True)
    )
    id = f"{policy.id} with {', '.join(settings)}"
    return with_reforms(first, reforms, id, policy.binding)


def _all_changed(
    registry: Registry, policies: Iterable[FundPolicy], setting: str
) -> list[FundPolicy]:
    """Policies with a clause changed in those that take it; `SifError` where none does."""
    changed, refusals, taken = [], list[SifError](), False
    for policy in policies:
        try:
            changed.append(registry.changed(policy, (setting,)))
            taken = True
        except SifError as error:
            changed.append(policy)
            refusals.append(error)
    if not taken:
        raise refusals[0]
    return changed


def _reformed(registry: Registry, policy: FundPolicy, written: WrittenReform) -> FundPolicy:
    """A policy with one more reform after those that it has."""
    last = periods(policy)[-1][1]
    if written.is_setting:
        after = registry.changed(last, (written.what,))
        said = written.what
    else:
        after = registry.policy(written.what)
        said = after.id
    word = "and" if policy.reforms and " then " in policy.id else "then"
    reforms = (*policy.reforms, Reform(written.since, after))
    return with_reforms(
        policy, reforms, f"{policy.id} {word} {said} from {written.since}", policy.binding
    )


def _of_file(registry: Registry, guideline: Guideline) -> FundPolicy:
    """The timeline of a file: ``[[timeline]]`` with ``policy`` and, but for the first, ``from``."""
    reader = Reader(guideline.tree, guideline.origin)
    reader.refuse_unknown(("id", _KEY, _BINDING))
    entries = reader.tree[_KEY]
    if not isinstance(entries, list) or not all(isinstance(each, Mapping) for each in entries):
        reader.fault(_KEY, Message("timeline.no_list"), fix=Message("timeline.write_entries_as"))
        reader.stop_at_faults()
    found: FundPolicy | None = None
    reforms: list[Reform] = []
    for number, entry in enumerate(entries):
        at = f"{_KEY}[{number}]"
        for odd in entry.keys() - {"policy", "from"}:
            reader.fault(f"{at}.{odd}", Message("file.unknown_key"))
        policy = _entry_policy(registry, reader, entry, at)
        since = _entry_month(reader, entry, at, number)
        if policy is None:
            continue
        if number == 0:
            found = policy
        elif since is not None:
            reforms.append(Reform(since, policy))
    binding = _file_binding(reader)
    reader.stop_at_faults()
    if found is None:
        raise FaultyFile([Fault(guideline.origin, _KEY, Message("timeline.empty"))])
    try:
        return evolve(with_reforms(found, reforms, guideline.id, binding), origin=guideline.origin)
    except SifError as error:
        raise FaultyFile([Fault(guideline.origin, _KEY, error.full_text)]) from None


def _entry_policy(
    registry: Registry, reader: Reader, entry: Mapping[str, Any], at: str
) -> FundPolicy | None:
    name = entry.get("policy")
    if not isinstance(name, str):
        reader.fault(f"{at}.policy", Message("file.missing"))
        return None
    beside = Path(reader.origin).parent / name if name.endswith(".toml") else name
    try:
        return registry.policy(beside)
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
            found = evolve(found, **{name: _binding(name, value, f"{_BINDING}.{name}")})
        except SifError as error:
            reader.fault(f"{_BINDING}.{name}", error.what, fix=error.fix)
    return found
