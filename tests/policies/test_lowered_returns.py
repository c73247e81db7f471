"""What lowers a return, and how far: write-downs, exemptions, and the floor that stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sifrules import Citation, Investment, Month, SifError
from sifrules.rules.wording import share_words
from sifrules.values.money import ore, share_of
from sifrules_policies import ByDecision, OutcomeShare, ReturnFlow

CITED = {"": Citation("A guideline", place="3")}
COST = ore(12_200_000)


def _flow(**stated: Any) -> ReturnFlow:
    return ReturnFlow(**{"path": "return_model", "sources": CITED, "share": Decimal(1), **stated})


def _investment(**known: Any) -> Investment:
    return Investment(**{"cost": COST, "start": Month(2017, 8), "months": 29, **known})


def test_a_share_below_the_floor_gives_the_floor() -> None:
    """A share of 20 % with a floor of 60 % returns 60 %, measured or not."""
    model = _flow(share=Decimal("0.2"), bounded_by_effect=True, floor=Decimal("0.6"))
    for effect in (None, ore(0), COST):
        assert model.settle(_investment(effect=effect), None).total == share_of(
            COST, Decimal("0.6")
        )


def test_a_write_down_that_meets_the_floor_says_so() -> None:
    """What is given up ends at the floor, with the reason in both languages."""
    model = _flow(bounded_by_effect=True, floor=Decimal("0.3"))
    project = _investment(decided_write_down=COST)
    settlement = model.settle(project, ByDecision(sources=CITED))
    (given_up,) = settlement.reductions
    floor = share_words(Decimal("0.3"))
    assert settlement.total == share_of(COST, Decimal("0.3"))
    kept_en = f"written down by decision, but at least {floor.en} of the cost is returned"
    assert given_up.why.en == kept_en
    assert given_up.why.sv == f"skrivs ned efter beslut, men lägst {floor.sv} av kostnaden återförs"


def test_a_guideline_may_say_that_a_write_down_goes_below_its_floor() -> None:
    """Then nothing is returned of what is written down to nothing."""
    model = _flow(bounded_by_effect=True, floor=Decimal("0.3"), floor_limits_write_down=False)
    project = _investment(decided_write_down=COST)
    assert model.settle(project, ByDecision(sources=CITED)).total == 0


def test_a_write_down_by_decision_holds_for_an_outcome_based_return_too() -> None:
    """What the board has written down is not claimed, whatever the model."""
    project = _investment(effect=COST, decided_write_down=COST)
    model = OutcomeShare(sources=CITED, split=Decimal(1))
    assert model.settle(project, ByDecision(sources=CITED)).total == 0


def test_an_exemption_that_the_guideline_does_not_state_is_refused() -> None:
    """With what to change."""
    with pytest.raises(SifError, match=r"return_model\.exemption=executive_board"):
        _flow().settle(_investment(exempt=True), None)
