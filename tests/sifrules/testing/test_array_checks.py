"""A return model whose array method claims something else is found by the conformance suite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pytest
from attrs import evolve, frozen

from sifrules import Guideline, Part, Prospect, WriteDown, hookimpl, registry
from sifrules.plugin.simulation import ProspectColumns
from sifrules.policy.columns import ClaimColumns, InvestmentColumns
from sifrules.testing import PolicyConformance, toy_guideline, toy_policy
from sifrules.testing.array_checks import array_faults, behaviour_faults
from sifrules.testing.generators import investments
from sifrules.values.text import same
from sifrules_policies import ReturnFlow


@frozen(eq=False)
class _Town:
    """A plugin with one guideline and a part."""

    guideline: Guideline

    @hookimpl
    def sifrules_guidelines(self) -> Sequence[Guideline]:
        return [self.guideline]

    @hookimpl
    def sifrules_parts(self) -> Sequence[type[Part]]:
        return [_TwoWays]


@frozen(kw_only=True)
class _TwoWays(ReturnFlow):
    """A return model that claims a krona more of many than it claims of each."""

    kind: ClassVar[str] = "two_ways"

    def claims_many(
        self, investments: InvestmentColumns, write_down: WriteDown | None
    ) -> tuple[ClaimColumns, ...] | None:
        claims = super().claims_many(investments, write_down)
        return claims and (evolve(claims[0], amount=claims[0].amount + 100), *claims[1:])


def _promises(kind: str) -> PolicyConformance:
    model: dict[str, Any] = {"kind": kind, "cite": "guide: 3", "share": 1}
    town = _Town(toy_guideline(return_model=model))
    made = type("TestTown", (PolicyConformance,), {"plugin": "town", "extra": {"town": town}})
    tests: PolicyConformance = made()
    return tests


def test_an_array_method_that_claims_something_else_is_found() -> None:
    """A simulation would value an investment by one, and settle it by the other."""
    with pytest.raises(AssertionError, match="claims_many claims"):
        _promises("two_ways").test_many_are_claimed_as_each_is()


def test_an_array_method_that_claims_the_same_keeps_the_promise() -> None:
    """So does that of the model it derives from."""
    _promises("return_flow").test_many_are_claimed_as_each_is()


@frozen(kw_only=True)
class _ByYear(ReturnFlow):
    """A return model that claims more the later an investment starts."""

    kind: ClassVar[str] = "by_year"

    def claims_many(
        self, investments: InvestmentColumns, write_down: WriteDown | None
    ) -> tuple[ClaimColumns, ...] | None:
        claims = super().claims_many(investments, write_down)
        more = investments.start // 12
        return claims and (evolve(claims[0], amount=claims[0].amount + more), *claims[1:])


def test_an_array_method_whose_amounts_depend_on_the_start_is_found() -> None:
    """A simulation works out before what is at stake, when no start is known."""
    policy = toy_policy(
        parts=[_ByYear], return_model={"kind": "by_year", "cite": "guide: 3", "share": 1}
    )
    found = list(array_faults(policy, investments(policy)))
    assert "starts 19 months later" in found[0]


class _Chooses:
    """A behaviour whose array method chooses by a given share of luck, and it itself by half."""

    name = "chooses"
    words = same("chooses")

    def __init__(self, share: float, *, all_but: int = 0) -> None:
        self.share, self.all_but = share, all_but

    def given(self, parameters: Mapping[str, float]) -> _Chooses:
        return self

    def applies(self, prospect: Prospect) -> bool:
        return prospect.luck < 0.5

    def applies_many(self, prospects: ProspectColumns) -> Any:
        chosen = prospects.luck < self.share
        return chosen[: len(chosen) - self.all_but]


def test_a_behaviour_that_chooses_otherwise_of_many_is_found() -> None:
    """Also one that says nothing of the last; one that says the same is no fault."""
    assert not list(behaviour_faults([_Chooses(0.5), *registry().behaviours.values()]))
    for wrong in (_Chooses(0.6), _Chooses(0.5, all_but=1)):
        (fault,) = behaviour_faults([wrong])
        assert "the behaviour chooses: applies_many does not say" in fault
