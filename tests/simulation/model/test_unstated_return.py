"""A guideline that says nothing about a return is not one that says that nothing comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules import Investment, Month, ore, registry
from sifrules_simulation import compare

INVESTMENT = Investment(cost=ore(1_000_000), start=Month(2020, 1), months=24)
ASSUMED = "return_model.kind=budget"


@pytest.fixture
def silent(tmp_path: Path) -> str:
    """Norrköping's guideline of 2022 without its word on the return, in a file."""
    file = tmp_path / "silent.toml"
    file.write_text('base = "norrkoping@2022"\nremove = ["return_model"]\n', "utf-8")
    return str(file)


def test_what_is_claimed_cannot_be_determined(silent: str) -> None:
    """No claim and no answer, with the reason; where there is no fund nothing is owed for sure."""
    towns = registry()
    settlement = towns.policy(silent).settle(INVESTMENT)
    assert (settlement.claims, settlement.settled) == ((), False)
    assert settlement.reason is not None
    assert settlement.reason.sv == "riktlinjen säger inget om återföring"
    assert towns.policy("botkyrka@2018").settle(INVESTMENT).settled


@pytest.mark.parametrize(
    ("language", "words"), [("en", "assumed"), ("sv", "antaget")], ids=["en", "sv"]
)
def test_that_none_is_assumed_is_reported(
    sif: Callable[..., Any], silent: str, language: str, words: str
) -> None:
    """A comparison names the assumption for the silent guideline, and for no other."""
    out = sif("compare", silent, "norrkoping@2022", "botkyrka@2018", "--replications", "2",
              "--years", "1", "--lang", language).out  # fmt: skip
    (line,) = [line for line in out.splitlines() if ASSUMED in line]
    assert "silent" in line
    assert words in line


def test_a_silent_guideline_is_not_the_usual_baseline(silent: str) -> None:
    """Of all that are compared, it is the first whose guideline says that nothing comes back."""
    without_names = compare(replications=2, years=1, jobs=1)
    silent_ones = [
        policy.id
        for policy in registry().policies
        if policy.return_model is None and not policy.settle(INVESTMENT).settled
    ]
    assert silent_ones
    assert silent_ones[0] < without_names.baseline
    assert registry().policy(without_names.baseline).return_model is not None


def test_a_stated_return_in_its_place_takes_the_assumption_away(silent: str) -> None:
    """What is stated with a what-if is no longer assumed."""
    towns = registry()
    stated = towns.policy(silent, ["return_model.kind=return_flow", "return_model.share=1"])
    assert stated.settle(INVESTMENT).total == INVESTMENT.cost
