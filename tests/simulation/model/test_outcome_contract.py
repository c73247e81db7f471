"""An outcome contract is lived under: the financier puts in the money and is paid back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from sifrules import FundPolicy, Portfolio, ore
from sifrules.plugin.simulation import Idea
from sifrules.testing import toy_policy
from sifrules_simulation.model.measures import net_municipal_saving, returned, unsettled
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.scenarios import Scenario

_CONTRACT = Path("examples/what-ifs/outcome-contract.toml")
_FINANCIER = "Nyby utfallsfond"


@pytest.fixture(scope="module")
def contract(everything: Any) -> FundPolicy:
    """The example's contract."""
    policy: FundPolicy = everything.policy(_CONTRACT)
    return policy


def _idea(make: Callable[..., Idea], **fields: Any) -> Idea:
    cost = ore(10_000_000)
    return make(cost=cost, believed_human=10 * cost, human=10 * cost, **fields)


@pytest.mark.parametrize(("saved", "back"), [(4, "6_400_000"), (10, "12_000_000")])
def test_the_financier_puts_in_the_money_and_gets_what_the_contract_gives(
    saved: int,
    back: str,
    contract: FundPolicy,
    lived: Callable[..., Portfolio],
    idea: Callable[..., Idea],
) -> None:
    """The fund gets nothing back, and the municipality pays no more than the financier got."""
    effect = ore(saved * 1_000_000)
    one = _idea(idea, effect=effect, believed_effect=effect)
    portfolio = lived(contract, one)
    books = portfolio.ledger
    books.check()
    assert books.balance("financiers", _FINANCIER) == ore(int(back)) - ore(10_000_000)
    assert -books.balance("frames") == ore(int(back))
    assert returned(portfolio) == 0
    assert net_municipal_saving(portfolio) is not None


def test_a_project_that_nobody_can_evaluate_pays_the_certain_part_alone(
    contract: FundPolicy, lived: Callable[..., Portfolio], idea: Callable[..., Idea]
) -> None:
    """It is counted among those whose return cannot be told."""
    portfolio = lived(contract, _idea(idea, evaluable=False))
    assert -portfolio.ledger.balance("frames") == ore(4_000_000)
    assert unsettled(portfolio) == 1


def test_a_target_is_reached_in_the_simulation_where_all_came_out_as_hoped(
    lived: Callable[..., Portfolio], idea: Callable[..., Idea]
) -> None:
    """And missed where it failed."""
    policy = toy_policy(
        return_model={"kind": "payment_on_target", "cite": "guide: 3", "share": 1},
        write_down=None,
    )
    for success, paid in ((1.0, True), (0.0, False)):
        portfolio = lived(policy, evolve(idea(), success=success))
        assert (portfolio.ledger.balance("frames") < 0) is paid


def test_a_settlement_is_given_the_facts_that_its_model_reads(
    plain: Scenario, idea: Callable[..., Idea], contract: FundPolicy
) -> None:
    """And no others: a model that reads none is given none."""
    target = toy_policy(return_model={"kind": "payment_on_target", "cite": "guide: 3", "share": 1})
    for policy, facts in ((target, {"investment.target_reached": True}), (contract, {})):
        adapter = PolicyAdapter(policy, plain, Mechanisms())
        project = adapter.project(idea(), plain.begins)
        found = adapter.investment(
            idea(),
            project,
            plain.begins,
            granted=project.applied_for,
            effect=1,
            failed=False,
            hoped=1,
            reached=True,
            facts={"application.areas": 2},
        )
        assert found.facts == facts
