"""A toy guideline, and facts which meet it: for tests that need any policy at all."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from attrs import frozen

from sifrules.errors import FactError, nearest
from sifrules.loading.application import flat_facts
from sifrules.loading.guideline import Guideline
from sifrules.plugin.discovery import OFF
from sifrules.plugin.hookspecs import PROJECT, hookimpl
from sifrules.plugin.registry import registry
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Part, Slot
from sifrules.rules.vocabulary import FACTS
from sifrules.values.messages import Joined, Message

TOY_ID = "toy@2020"


def _tree() -> dict[str, Any]:
    return {
        "id": TOY_ID,
        "municipality": "Toy",
        "title": "Toy guideline",
        "documents": {
            "guide": {"title": "The guideline", "date": "2020"},
            "report": {"title": "The report", "reference": "KS 1/2021"},
        },
        "funding": {"kind": "endowment", "cite": "guide: 1", "amount": 1_000_000},
        "criteria": {"areas": {"kind": "minimum_areas", "cite": "guide: 2", "areas": 2}},
        "return_model": {
            "kind": "return_flow",
            "cite": "guide: 3",
            "share": 1,
            "bounded_by_effect": True,
            "floor": Decimal("0.3"),
        },
    }


_FACTS: Mapping[str, object] = {
    "application.areas": 2,
    "application.cost": 100_000,
    "fund.available": 1_000_000,
}


def toy_guideline(**tables: object) -> Guideline:
    """The toy guideline, tables at the top replaced, or taken out by None."""
    tree = {**_tree(), **tables}
    return Guideline({k: v for k, v in tree.items() if v is not None}, "toy.toml")


def toy_policy(*, parts: Sequence[type[Part]] = (), **tables: object) -> FundPolicy:
    """The toy policy, tables at the top replaced as in a guideline's file, or taken out by None.

    It may name every kind of part that is installed, and those in ``parts``.

    >>> toy_policy(caps={"few": {
    ...     "kind": "new_investments_per_year", "limit": 3, "cite": "guide: 4"}}).caps[0].path
    'caps.few'
    >>> print(toy_policy(return_model=None).return_model)
    None
    """
    guideline = toy_guideline(**tables)
    kinds = {**_installed(os.environ.get(OFF, "")), **{_key(part): part for part in parts}}
    offered = _Offering((guideline,), tuple(kinds.values()))
    return registry(off=["all"], extra={"toy": offered}).policy(guideline.id)


@frozen(eq=False)
class _Offering:
    """A plugin of a toy guideline and the kinds of part that it may name."""

    guidelines: tuple[Guideline, ...]
    parts: tuple[type[Part], ...]

    @hookimpl
    def sifrules_guidelines(self) -> Sequence[Guideline]:
        return self.guidelines

    @hookimpl
    def sifrules_parts(self) -> Sequence[type[Part]]:
        return self.parts


@cache
def _installed(off: str) -> Mapping[tuple[str, str], type[Part]]:
    """The kinds of part that are installed, and those of this distribution in any case."""
    shipped = {
        entry.name: entry.load()
        for entry in entry_points(group=PROJECT, name="parts")
        if entry.dist is not None and entry.dist.name == PROJECT
    }
    bare = registry(off=["all"], extra=shipped)
    found = {**bare.parts, **registry(off=off.split(",")).parts}
    return {key: part for key, part in found.items() if part.slot not in (Slot.TERMS, Slot.TRACK)}


def _key(part: type[Part]) -> tuple[str, str]:
    return str(part.slot), str(part.kind)


def toy_facts(**facts: object) -> dict[str, Any]:
    """Facts which meet the toy guideline at every stage, some replaced, or taken out by None.

    A fact is named by its last word where no other has it (``areas=1``), by its table
    (``application={"areas": 1}``) or in full (``**{"application.areas": 1}``).

    >>> toy_facts(areas=1, available=None)
    {'application.areas': 1, 'application.cost': 100000}
    """
    named: dict[str, object] = {}
    for name, value in facts.items():
        named |= flat_facts({name: value}) if isinstance(value, Mapping) else {_full(name): value}
    return {name: value for name, value in {**_FACTS, **named}.items() if value is not None}


def _full(name: str) -> str:
    """A fact's whole name."""
    if "." in name:
        return name
    found = [each for each in FACTS if each.rpartition(".")[2] == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise FactError(
            Message("fact.could_be", name=name, facts=Joined(found, Message("nearest.or"))),
            fix=Message("fact.name_in_full"),
        )
    known = {each.rpartition(".")[2] for each in FACTS}
    raise FactError(Message("fact.none_called", name=name), fix=nearest(name, known))
