"""The criterion: a priority district, or a share of the cost of its own."""

from decimal import Decimal

import pytest

from sifrules import Citation, Fact, Kind, LocalizedText, SifError
from sifrules_example.own.criterion import DistrictOrShare

WHERE = Fact(
    "application.district",
    Kind.CHOICE,
    LocalizedText(sv="stadsdel", en="district"),
    ("North", "South"),
)


def criterion(*priority: str) -> DistrictOrShare:
    """The criterion with some priority districts."""
    return DistrictOrShare(
        path="criteria.district",
        sources={"": Citation("A guideline")},
        district=WHERE,
        priority=priority,
        own_share=Decimal("0.25"),
    )


@pytest.mark.parametrize(
    ("facts", "met"),
    [
        ({"district": "North"}, True),
        ({"district": "South"}, None),
        ({"district": "South", "cost": 400, "cofunding": 99}, False),
        ({"district": "South", "cost": 400, "cofunding": 100}, True),
        ({"cost": 400, "cofunding": 100}, True),
        ({}, None),
    ],
)
def test_one_of_the_two_is_enough(facts: dict[str, object], met: bool | None) -> None:
    """Either settles it; with neither known it cannot be determined."""
    (rule,) = criterion("North").rules()
    assert rule.condition.test({f"application.{name}": v for name, v in facts.items()}) is met


def test_a_district_that_there_is_not_is_refused() -> None:
    """A priority that no application can name is a slip of the pen."""
    with pytest.raises(SifError, match="expected districts out of North, South"):
        criterion("Nroth")
