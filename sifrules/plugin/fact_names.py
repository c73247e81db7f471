"""Fact names (faktanamn) that policies share: one name stands for one fact, whoever offers it.

An application is decided under many policies at once, and states each fact by its name. Where two
policies mean different things by one name, what it states would be read wrongly by one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from sifrules.errors import SifError
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.tracks import NAMED
from sifrules.rules.conditions import Fact
from sifrules.values.messages import Message
from sifrules.values.text import LocalizedText


def refuse_clashes(named: Sequence[tuple[str, FundPolicy]]) -> None:
    """Raise `SifError` where policies that are named together cannot be told apart.

    That is where one is named twice, where two have one id, and where they mean different
    facts by one name: what an application states would be read wrongly by one of them.
    """
    by_id: dict[str, str] = {}
    for name, policy in named:
        other = by_id.get(policy.id)
        by_id[policy.id] = name
        if other is None:
            continue
        if other == name:
            raise SifError(
                Message("policies.named_twice", name=name), fix=Message("policies.name_once")
            )
        raise SifError(
            Message("policies.one_id", one=other, other=name, id=policy.id),
            fix=Message("policies.give_id"),
        )
    for clash in fact_clashes(policy for _, policy in named):
        raise SifError(
            Message("policies.fact_clash", fact=clash.fact, policies=", ".join(clash.policies)),
            fix=Message("policies.rename_fact"),
        )


@frozen
class FactClash:
    """A name that is not the same fact in all of some policies, by their ids."""

    fact: str
    policies: tuple[str, ...]


def fact_clashes(policies: Iterable[FundPolicy]) -> Iterator[FactClash]:
    """The names by which policies mean different facts: other kinds, bounds, options or words.

    >>> from sifrules import registry
    >>> list(fact_clashes(registry().policies))
    []
    """
    meant: dict[str, dict[tuple[Fact, LocalizedText], list[str]]] = {}
    for policy in policies:
        for name, fact in policy.vocabulary.items():
            if name == NAMED:  # each fund has tracks of its own
                continue
            meant.setdefault(name, {}).setdefault((fact, fact.words), []).append(policy.id)
    for name, facts in sorted(meant.items()):
        if len(facts) > 1:
            yield FactClash(name, tuple(sorted(id for ids in facts.values() for id in ids)))
