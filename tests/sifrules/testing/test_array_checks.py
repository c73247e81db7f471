"""A return model whose array method claims something else is found by the conformance suite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
from attrs import evolve, frozen

from sifrules import Guideline, Part, WriteDown, hookimpl
from sifrules.policy.columns import ClaimColumns, InvestmentColumns
from sifrules.testing import PolicyConformance, toy_guideline
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
