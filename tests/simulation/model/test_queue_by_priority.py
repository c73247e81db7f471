"""Priorities in a simulation: the queue is served by rank, which the trace tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sifrules import Event, FundPolicy, Idea, Portfolio, SifError
from sifrules_simulation.model.undrawn_facts import refuse_undrawn

PolicyOf = Callable[..., FundPolicy]
CITED = {"cite": "guide: 2"}
#: Money for one idea of 1.2 million, and the same each year.
ONCE = {"kind": "endowment", "amount": 1_200_000, **CITED}
YEARLY = {"kind": "yearly_pot", "amount": 1_200_000, **CITED}
YOUNG = {"fact": "application.children_and_young"}
FIRST = {"young": {"kind": "points", "points": 2, "meets": YOUNG, **CITED}}
IN_ORDER = {"young": {"kind": "order", "place": 1, "meets": YOUNG, **CITED}}


def _with(idea: Callable[..., Idea], number: int, young: bool, **fields: Any) -> Idea:
    made = idea(number)
    facts = {**made.facts, "application.children_and_young": young}
    return idea(number, facts=facts, **fields)


def _granted(portfolio: Portfolio) -> dict[int, int | None]:
    return {life.idea.number: life.granted_in for life in portfolio.lives}


@pytest.mark.parametrize("priorities", [FIRST, IN_ORDER], ids=["points", "order"])
def test_of_one_month_the_higher_rank_gets_the_money(
    policy_of: PolicyOf,
    idea: Callable[..., Idea],
    lived: Callable[..., Portfolio],
    priorities: dict[str, Any],
) -> None:
    """Without priorities it is the one that asked first; nobody else's grant changes."""
    ideas = [_with(idea, 0, young=False), _with(idea, 1, young=True)]
    without = lived(policy_of(funding=ONCE), *ideas)
    assert _granted(without) == {0: 6, 1: None}
    given = lived(policy_of(funding=ONCE, priorities=priorities), *ideas)
    assert _granted(given) == {0: None, 1: 6}


def test_where_the_money_suffices_priorities_change_nothing(
    policy_of: PolicyOf, idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """All are granted in the month in which they ask."""
    ideas = [_with(idea, number, young=number == 2) for number in range(3)]
    enough = {**ONCE, "amount": 3_600_000}
    assert _granted(lived(policy_of(funding=enough, priorities=FIRST), *ideas)) == {
        0: 6,
        1: 6,
        2: 6,
    }


def test_new_money_goes_to_the_highest_rank_and_then_to_who_waited_longest(
    policy_of: PolicyOf, idea: Callable[..., Idea], lived: Callable[..., Portfolio], plain: Any
) -> None:
    """One that asks later goes before those that wait, and the trace says so with its place."""
    patient = plain.changed({"handling.patience": 60})
    ideas = [
        _with(idea, 0, young=False),
        _with(idea, 1, young=False),
        _with(idea, 2, young=False),
        _with(idea, 3, young=True),
    ]
    events: list[Event] = []
    policy = policy_of(funding=YEARLY, priorities=FIRST)
    reported = lived(policy, *ideas, years=5, around=patient, watching=(events.append,))
    assert _granted(reported) == {3: 6, 0: 12, 1: 24, 2: 36}
    (first,) = [event for event in events if event.step == "goes_first"]
    assert (first.idea, first.month) == (3, 6)
    assert first.what.en == "goes before 3 (2 points) in the queue by priority"
    assert first.what.sv == "går före 3 (2 poäng) i kön genom prioritet"
    assert [citation.place for citation in first.citations] == ["2"]


def test_one_that_does_not_fit_yet_lets_a_lower_rank_pass(
    policy_of: PolicyOf, idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """No money is kept back for it."""
    cap = {"one": {"kind": "new_investments_per_year", "limit": 1, **CITED}}
    young = _with(idea, 1, young=True, arises=1)
    other = _with(idea, 0, young=False)
    policy = policy_of(funding={**ONCE, "amount": 9_000_000}, priorities=FIRST, caps=cap)
    assert _granted(lived(policy, other, young)) == {0: 6, 1: 12}


def test_a_priority_that_no_world_draws_is_refused(policy_of: PolicyOf) -> None:
    """It would be given to nobody, in silence."""
    never = {"fact": "application.price"}
    added = {"application.price": {"kind": "money", "sv": "pris", "en": "price"}}
    it = {"it": {"kind": "points", "points": 1, "meets": {**never, "at_least": 1}, **CITED}}
    with pytest.raises(SifError, match=r"application\.price, which a priority reads"):
        refuse_undrawn(policy_of(facts=added, priorities=it))


def test_a_fact_that_only_a_priority_reads_is_drawn(
    policy_of: PolicyOf, idea: Callable[..., Idea], lived: Callable[..., Portfolio]
) -> None:
    """A flag of the guideline's own holds of some ideas, as one that a rule reads does."""
    added = {"application.near": {"kind": "flag", "sv": "nära", "en": "near"}}
    it = {"it": {"kind": "points", "points": 1, "meets": {"fact": "application.near"}, **CITED}}
    ideas = [idea(number) for number in range(20)]
    policy = policy_of(funding=ONCE, facts=added, priorities=it)
    refuse_undrawn(policy)
    granted = [n for n, month in _granted(lived(policy, *ideas)).items() if month is not None]
    assert len(granted) == 1
    assert granted != [0]
