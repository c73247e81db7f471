"""Notes on facts that are made up (anmärkningar): what no world knows and yet a rule reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.timeline import periods
from sifrules.rules.conditions import Fact
from sifrules.rules.kinds import Kind
from sifrules.values.messages import Joined, Message, Text
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.world import made_up_within

_NAMED = Message("run_note.made_up_fact")
_EVERY = Message("run_note.made_up_option")
_EVENLY = Message("run_note.made_up_share")
_WITHIN = Message("run_note.made_up_within")


def made_up_notes(
    label: str, policy: FundPolicy, names: Iterable[str], scenario: Scenario
) -> Iterator[Message]:
    """Of one policy: the facts of its own, by name, for which values stand in, and which values.

    A flag has a chance in the scenario, ``facts.other``, and is no part of this; neither is a fact
    that the municipality's own ideas state.
    """
    facts = {
        name: each.vocabulary[name]
        for _, each in periods(policy)
        for name in names
        if name in each.vocabulary
    }
    own = scenario.own_ideas
    words = [
        _NAMED.format(fact=fact.words, name=name, values=values)
        for name, fact in facts.items()
        if not (own and own.stated(fact)) and (values := _values(fact)) is not None
    ]
    if words:
        yield Message("run_note.made_up", policy=label, facts=Joined(tuple(words), "; "))


def _values(fact: Fact) -> Text | None:
    """Which values a fact is given; None for a flag, and for what stays missing."""
    match fact.kind:
        case Kind.CHOICE:
            return _EVERY
        case Kind.SHARE:
            return _EVENLY
        case Kind.COUNT | Kind.MONTHS:
            low, high = made_up_within(fact)
            return _WITHIN.format(low=low, high=high)
    return None
