"""The return flow taken apart: with minus without, in the same worlds."""

from __future__ import annotations

import pytest

from sifrules_simulation import compare
from sifrules_simulation.analysis.return_parts import RETURN_PARTS, part_effects

FEW = {"replications": 4, "years": 3, "jobs": 1}


def test_a_part_is_what_changes_when_its_mechanism_is_on() -> None:
    """The mean of the policy as it is, less that without the mechanism, and an interval of it."""
    whole = compare(["norrkoping@2022", "orebro@2016"], **FEW)  # type: ignore[arg-type]
    without = {
        part: compare(["orebro@2016"], off=(part,), **FEW)  # type: ignore[arg-type]
        for part in RETURN_PARTS
    }
    effects = part_effects(whole, "orebro@2016", without, "granted")
    assert tuple(effects) == RETURN_PARTS
    for part, effect in effects.items():
        means = [each.mean("orebro@2016", "granted").mean for each in (whole, without[part])]
        assert means[0] is not None
        assert means[1] is not None
        assert effect.mean == pytest.approx(means[0] - means[1])
        assert effect.count == 4
