"""Timelines by name: of a municipality, out of a TOML file, or by reforms that are tried.

``norrkoping`` is a municipality's guidelines as they followed each other, each from the month
in which it came into force. A file with ``[[timeline]]`` lists its own, and a reform is written
``POLICY:MONTH`` or ``PATH=VALUE:MONTH``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from sifrules.errors import SifError, shown
from sifrules.plugin.registry import Registry
from sifrules.plugin.timeline_files import KEY, bound, of_file
from sifrules.policy.binding import Binding
from sifrules.policy.fund_policy import FundPolicy, Reform
from sifrules.policy.parts import Slot
from sifrules.policy.timeline import of_guidelines, periods, with_reforms
from sifrules.values.dates import Month
from sifrules.values.messages import Message


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
        stated[name] = bound(name, value, f"--binding {each}")
    return evolve(usual, **stated)


def _named(registry: Registry, name: str | Path) -> FundPolicy:
    if isinstance(name, Path) or str(name).endswith(".toml"):
        guideline = registry.guideline(name)
        if KEY in guideline.tree:
            return of_file(registry, guideline)
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
