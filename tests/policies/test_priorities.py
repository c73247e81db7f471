"""Priorities: who goes first where the money does not suffice, and nobody is refused by them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sifrules import FundPolicy, SifError, decide
from sifrules.policy.contracts import contract_faults
from sifrules.policy.priorities import Rank, rank

PolicyOf = Callable[..., FundPolicy]
CITED = {"cite": "guide: 2"}
YOUNG = {"fact": "application.children_and_young"}
WIDE = {"any_of": [{"fact": "application.areas", "at_least": 2}, {"fact": "application.early"}]}
PRIORITIES = {
    "young": {"kind": "points", "points": 2, "meets": YOUNG, **CITED},
    "wide": {"kind": "points", "points": 1, "meets": WIDE, **CITED},
    "new": {
        "kind": "order",
        "place": 2,
        "meets": {"fact": "application.new_thinking"},
        **CITED,
    },
    "saves": {
        "kind": "order",
        "place": 1,
        "meets": {"fact": "application.lowers_costs"},
        **CITED,
    },
}
#: Makes a fact of another: what is expected to be saved tells whether it lowers costs.
DERIVES = {"lowers": {"kind": "lowers_costs", **CITED}}
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "application.children_and_young": st.booleans(),
        "application.early": st.booleans(),
        "application.areas": st.integers(1, 3),
        "application.new_thinking": st.booleans(),
        "application.expected_savings": st.sampled_from([0, 100]),
    },
)


@pytest.fixture(scope="module")
def policy(policy_of: PolicyOf) -> FundPolicy:
    """A toy fund with priorities by points and in order, one of a fact that follows."""
    return policy_of(criteria=DERIVES, priorities=PRIORITIES)


@given(facts=FACTS)
def test_places_are_compared_in_order_and_points_are_added(
    policy: FundPolicy, facts: dict[str, Any]
) -> None:
    """By their number and not as they stand; what is not known gives nothing, and is named."""
    saves = facts.get("application.expected_savings", 0) > 0
    wide = facts.get("application.early", False) or facts.get("application.areas", 0) >= 2
    points = 2 * facts.get("application.children_and_young", False) + wide
    found = rank(policy, facts)
    assert found == Rank((saves, facts.get("application.new_thinking", False)), points)
    known = {"application.lowers_costs"} if "application.expected_savings" in facts else set()
    names = {fact.name for fact in policy.ranked_by}
    assert set(found.unknown) == names - known - facts.keys()


@pytest.fixture(scope="module")
def without(policy_of: PolicyOf) -> FundPolicy:
    """The same policy without priorities."""
    return policy_of(criteria=DERIVES)


@given(facts=FACTS)
def test_a_priority_is_no_demand(
    policy: FundPolicy, without: FundPolicy, facts: dict[str, Any]
) -> None:
    """The same is eligible with and without priorities."""
    assert decide(policy, facts).outcome is decide(without, facts).outcome


def test_the_first_place_goes_before_every_point() -> None:
    """And the second decides between those that have the first alike."""
    assert Rank((1, 0), 0) > Rank((0, 1), 9)
    assert Rank((1, 1), 0) > Rank((1, 0), 9)
    assert Rank((1, 0), 2) > Rank((1, 0), 1)
    assert Rank((1,), 1).words.sv == "plats 1: ja, 1 poäng"
    assert Rank().words.en == "0 points"


def test_priorities_are_shown_as_clauses_and_keep_their_contract(policy: FundPolicy) -> None:
    """Each value with its citation, and nothing wrong with the parts."""
    shown = {clause.path: clause for clause in policy.clauses}
    assert shown["priorities.wide.meets"].value.en == (
        "areas of operation taking part is at least 2 or it breaks a negative development early"
    )
    assert shown["priorities.wide.points"].citation is not None
    assert list(contract_faults(policy)) == []


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"kind": "points", "points": 0, "meets": YOUNG}, "more than 0"),
        ({"kind": "points", "points": 1}, "missing"),
        ({"kind": "order", "meets": YOUNG}, "missing"),
        ({"kind": "points", "points": 1, "meets": {"fact": "application.yung"}}, "no fact"),
    ],
    ids=str,
)
def test_an_impossible_priority_is_refused(
    policy_of: PolicyOf, table: dict[str, Any], told: str
) -> None:
    """When the guideline is read, at its key."""
    with pytest.raises(SifError, match=r"priorities\.it") as refused:
        policy_of(priorities={"it": {**table, **CITED}})
    assert told in str(refused.value)


def test_check_says_the_rank_and_what_is_not_known(sif: Callable[..., Any], tmp_path: Any) -> None:
    """As text and as JSON."""
    (tmp_path / "town.toml").write_text(
        """
municipality = "Nyby"
title = "Draft"
[documents.d]
title = "Draft"
[funding]
kind = "endowment"
cite = "d: 1"
amount = 1_000_000
[priorities.young]
kind = "points"
cite = "d: 2"
points = 3
meets = { fact = "application.children_and_young" }
[priorities.new]
kind = "points"
cite = "d: 2"
points = 1
meets = { fact = "application.new_thinking" }
""",
        "utf-8",
    )
    (tmp_path / "mine.toml").write_text("[application]\nchildren_and_young = true\n", "utf-8")
    asked = ("check", str(tmp_path / "mine.toml"), "--policy", str(tmp_path / "town.toml"))
    told = sif(*asked, "--lang", "en").out
    assert "3 points; not known, and counted as no: application.new_thinking" in told
    assert '"unknown": [\n        "application.new_thinking"' in sif(*asked, "--format", "json").out
