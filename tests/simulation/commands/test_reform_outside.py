"""A reform that no simulated month sees is refused, and not left out of the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Sif = Callable[..., Any]


def test_a_reform_outside_the_years_is_refused(sif: Sif) -> None:
    """One message that says which months are simulated, and what to do."""
    ran = sif("compare", "norrkoping@2010", "--scenario", "norrkoping", "--reform",
              "norrkoping@2022:2035-01", "--replications", "2", "--jobs", "1")  # fmt: skip
    assert ran.code == 2
    assert "outside the simulated months, 2011-01 to 2025-12" in ran.err
