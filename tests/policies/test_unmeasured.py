"""What a return flow claims where no effect was measured: what the guideline says, or all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sifrules import Citation, Investment, Month
from sifrules.policy.settlement import ClaimKind, ReductionKind
from sifrules.values.money import ore
from sifrules_policies import ReturnFlow

CITED = {"": Citation("A guideline", place="3")}
COST = ore(12_200_000)


def _flow(**stated: Any) -> ReturnFlow:
    return ReturnFlow(**{"path": "return_model", "sources": CITED, "share": Decimal(1), **stated})


def _investment(**known: Any) -> Investment:
    return Investment(**{"cost": COST, "start": Month(2017, 8), "months": 29, **known})


@pytest.mark.parametrize(
    ("stated", "returned"),
    [({"unmeasured": "all"}, COST), ({"unmeasured": "floor"}, ore(3_660_000)), ({}, COST)],
    ids=str,
)
def test_what_is_claimed_where_no_effect_was_measured_is_stated(
    stated: dict[str, Any], returned: int
) -> None:
    """All, or the floor of 30 %; where nothing is stated, all, and every claim says so."""
    model = _flow(bounded_by_effect=True, floor=Decimal("0.30"), **stated)
    settlement = model.settle(_investment(), None)
    assert settlement.of(ClaimKind.RETURN) == returned
    assert settlement.of(ReductionKind.WRITTEN_DOWN) == COST - returned
    told = ["nothing is stated for that" in claim.why.text("en") for claim in settlement.claims]
    assert told == [not stated] * len(told)


def test_nothing_is_claimed_where_the_guideline_says_so_of_what_is_not_measured() -> None:
    """The whole return is given up, and why is in the reduction."""
    model = _flow(unmeasured="nothing")
    settlement = model.settle(_investment(), None)
    assert settlement.claims == ()
    (given_up,) = settlement.reductions
    assert given_up.amount == COST
    assert given_up.why.text("en") == "the effect has not been measured: nothing is claimed"
    assert model.settle(_investment(effect=0), None).of(ClaimKind.RETURN) == COST


def test_a_return_decided_case_by_case_is_not_settled_without_an_effect() -> None:
    """The tool guesses no decision; an exemption that has been decided needs none."""
    model = _flow(bounded_by_effect=True, unmeasured="decision", exemption="executive_board")
    assert not model.settle(_investment(), None).settled
    assert model.settle(_investment(effect=COST), None).of(ClaimKind.RETURN) == COST
    assert model.settle(_investment(exempt=True), None).settled


def test_that_all_is_claimed_of_what_was_not_measured_rests_on_the_clause_that_says_so() -> None:
    """The claim cites that clause and says why; with a measured effect it cites the share."""
    cited = Citation("A guideline", place="7")
    model = _flow(unmeasured="all", sources={**CITED, "unmeasured": cited})
    (claim,) = model.settle(_investment(), None).claims
    assert claim.citation == cited
    assert claim.why.text("en").endswith("has not been measured: the whole return is claimed")
    (claim,) = model.settle(_investment(effect=COST), None).claims
    assert claim.citation == CITED[""]
    assert "measured" not in claim.why.text("en")
