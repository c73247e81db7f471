"""Validating floors: shares and write-downs that do not fit them are named, no others."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from sifrules import Guideline, Registry, registry
from sifrules.validation import validate

REGISTRY = registry()
TERMS = {"cite": "report: 1", "in_force": "2020"}
FLOW = {
    "kind": "return_flow", "cite": "guide: 3", "share": Decimal("0.5"),
    "bounded_by_effect": True, "floor": Decimal("0.2"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("down", "kind", "key"),
    [
        ({"kind": "by_decision"}, "floor_or_write_down", "write_down"),
        ({"kind": "on_failure_to_nothing"}, "floor_or_write_down", "write_down"),
        ({"kind": "to_measured_effect"}, "floor_or_write_down", "write_down"),
        (
            {"kind": "to_measured_effect", "floor": Decimal("0.3")},
            "floors_differ",
            "write_down.floor",
        ),
    ],
)
def test_a_write_down_that_does_not_fit_the_floor_is_doubted(
    toy: Callable[..., Guideline],
    registry_of: Callable[..., Registry],
    down: dict[str, object],
    kind: str,
    key: str,
) -> None:
    """One that could go below it, where that is unsaid, and one with another floor."""
    guideline = toy(terms=TERMS, return_model=FLOW, write_down={**down, "cite": "guide: 3"})
    (doubt,) = validate(registry_of(), guideline)
    assert (doubt.level, doubt.kind, doubt.key) == ("doubtful", kind, key)


@pytest.mark.parametrize("limits", [True, False])
def test_a_guideline_that_says_whether_the_floor_limits_a_write_down_is_not_doubted(
    toy: Callable[..., Guideline], registry_of: Callable[..., Registry], limits: bool
) -> None:
    """Once the order is stated, either way, there is nothing to say of it."""
    stated = {**FLOW, "floor_limits_write_down": limits}
    down = {"kind": "on_failure_to_nothing", "cite": "guide: 3"}
    said = validate(registry_of(), toy(terms=TERMS, return_model=stated, write_down=down))
    assert said == ()


def test_a_policy_with_changed_values_is_looked_at_as_changed() -> None:
    """What --set breaks is found, and its base's documents are not called idle."""
    policy = REGISTRY.policy("orebro@2016", ["return_model.share=0.2"])
    (doubt,) = validate(REGISTRY, policy)
    assert (doubt.level, doubt.kind, doubt.key) == (
        "wrong",
        "floor_above_share",
        "return_model.floor",
    )
