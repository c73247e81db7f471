"""What an array method of a part gives is used only where it is what it should be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sifrules import SifError
from sifrules.policy.columns import ClaimColumns
from sifrules.policy.settlement import ClaimKind
from sifrules_simulation.model.parts_in_columns import (
    NUMBERS,
    TRUTHS,
    array_of_part,
    claims_of_part,
)

AMOUNT, DUE = np.array([5, 0]), np.array([[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        (None, TRUTHS),
        (True, TRUTHS),
        ([True], TRUTHS),
        ([[True], [False]], TRUTHS),
        ([0.5, float("nan")], TRUTHS),
        (["yes", "no"], TRUTHS),
        ([None, 1.0], NUMBERS),
        (1.0, NUMBERS),
    ],
)
def test_an_array_of_another_shape_or_kind_is_refused_by_the_methods_name(
    given: Any, kinds: str
) -> None:
    """One value a row, of the kind that is asked for: what holds of one idea is put on no other."""
    with pytest.raises(SifError, match=r"^Mine\.method: expected an array of 2 "):
        array_of_part(given, "Mine.method", 2, kinds)


def test_lists_and_whole_numbers_will_do() -> None:
    """A method may give a list, truth values as 0 and 1, and worths as whole numbers."""
    assert array_of_part([1, 0], "Mine.method", 2, TRUTHS).tolist() == [1, 0]
    assert array_of_part([1, 0], "Mine.method", 2, NUMBERS).tolist() == [1, 0]
    (claims,) = claims_of_part([ClaimColumns(ClaimKind.FEE, [5, 0], DUE)], "Mine.method", 2) or ()
    assert claims.amount.tolist() == [5, 0]
    assert claims_of_part(None, "Mine.method", 2) is None


@pytest.mark.parametrize(
    ("amount", "due"),
    [
        (AMOUNT * 1.0, DUE),
        (AMOUNT[:1], DUE),
        (AMOUNT - 1, DUE),
        (AMOUNT, DUE * 1.0),
        (AMOUNT, DUE[:, 0]),
        (AMOUNT, DUE[:, :0]),
        (AMOUNT, DUE - 9),
    ],
)
def test_claims_are_whole_ore_in_whole_months_from_the_start(amount: Any, due: Any) -> None:
    """Floats, other lengths and what is below zero are refused, and no amount is cut off."""
    claims = (ClaimColumns(ClaimKind.RETURN, amount, due),)
    with pytest.raises(SifError, match=r"^Mine\.claims_many: (amount|due): expected "):
        claims_of_part(claims, "Mine.claims_many", 2)
