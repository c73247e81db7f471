"""A settlement sees the application's facts, and may leave a rest open."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from attrs import frozen

from sifrules import (
    Claim,
    ClaimKind,
    FactError,
    Investment,
    LocalizedText,
    Month,
    Part,
    Rest,
    ReturnModel,
    Settlement,
    Slot,
    investment,
)
from sifrules.rules.conditions import Fact
from sifrules.testing import Case, Expected, run_case, toy_policy, try_policy
from sifrules.testing.cases import Settled
from sifrules.values.money import Ore
from sifrules.values.text import same

_REACHED = investment.target_reached
_PROJECT = {"cost": 100, "start": "2020-01", "months": 12}


@frozen(kw_only=True)
class _OnTarget(Part, ReturnModel):
    """Forty in a hundred for sure, the rest if the target is reached."""

    slot: ClassVar[Slot] = Slot.RETURN_MODEL
    kind: ClassVar[str] = "on_target"
    words: ClassVar[LocalizedText] = LocalizedText(sv="vid mål", en="on target")

    @property
    def settled_by(self) -> tuple[Fact, ...]:
        return (_REACHED,)

    def settle(self, project: Investment, write_down: object) -> Settlement:
        sure = Ore(project.cost * 4 // 10)
        reached = project.facts.get(_REACHED.name)
        amount = project.cost if reached else sure
        claim = Claim(project.end, Ore(amount), ClaimKind.RETURN, self.words, self.cite())
        rest = Rest(same("the target"), self.cite(), Ore(project.cost - sure))
        return Settlement((claim,), rest=rest if reached is None else None)


def _policy() -> Any:
    return toy_policy(
        parts=[_OnTarget], return_model={"kind": "on_target", "cite": "guide: 3"}, write_down=None
    )


@pytest.mark.parametrize(
    ("facts", "returned", "complete"),
    [({}, 40, False), ({_REACHED.name: True}, 100, True), ({_REACHED.name: False}, 40, True)],
)
def test_a_settlement_follows_the_facts_and_leaves_open_what_they_do_not_settle(
    facts: dict[str, object], returned: int, complete: bool
) -> None:
    """What is owed for sure is claimed at once; a fact that is not known leaves the rest open."""
    outcome = try_policy(_policy(), facts, investment=_PROJECT)
    assert (outcome.returned, outcome.settlement.complete) == (returned, complete)
    assert ("not known yet" in str(outcome)) is not complete


def test_a_worked_case_states_facts_and_that_a_rest_is_open() -> None:
    """The sum that is owed for sure, and that not all can be told."""
    case = Case(
        name="open",
        investment=Settled(cost=Ore(100_00), start="2020-01", months=12),
        expect=Expected(returned=Ore(40_00), cannot_tell=True),
    )
    assert run_case(case, _policy()) == ()
    reached = Case(
        name="reached",
        facts={"investment": {"target_reached": True}},
        investment=Settled(cost=Ore(100_00), start="2020-01", months=12),
        expect=Expected(returned=Ore(100_00), cannot_tell=False),
    )
    assert run_case(reached, _policy()) == ()


def test_a_fact_that_nobody_knows_is_refused_when_settling() -> None:
    """A misspelt fact is no unknown one."""
    with pytest.raises(FactError, match="target_reached"):
        try_policy(_policy(), {"investment.target_reachd": True}, investment=_PROJECT)


def test_a_settlement_without_a_rest_is_complete_where_it_is_settled() -> None:
    """One that cannot be determined at all is not."""
    rest = Rest(same("later"), _policy().return_model.cite())
    assert Settlement().complete
    assert not Settlement(settled=False).complete
    assert not Settlement(rest=rest).complete


def test_an_investment_without_facts_is_settled_as_before() -> None:
    """Facts are not known unless given."""
    assert Investment(cost=Ore(1), start=Month(2020, 1), months=1).facts == {}
