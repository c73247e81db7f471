"""The promises on money: funding that cannot be followed, and a short simulation that fails."""

from __future__ import annotations

import unittest
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import pytest
from attrs import frozen

from sifrules import Funding, Guideline, LocalizedText, Part, Slot, hookimpl
from sifrules.testing import PolicyConformance, toy_guideline
from sifrules_simulation import plugin as simulation

FAULTS: dict[str, tuple[Callable[[int], Any], Callable[[int], Any], str]] = {
    "raises in the third year": (lambda year: 100 // (2 - year), lambda _: 0, "ZeroDivisionError"),
    "gives kronor with decimals": (lambda _: 0.5, lambda _: 0, "put_in(0, 0, False) gave 0.5"),
    "takes money away": (lambda _: -1, lambda _: 0, "put_in(0, 0, False) gave -1"),
    "lets more lapse than is left": (lambda _: 0, lambda left: left + 1, "no more can lapse"),
}


def _kind(puts: Callable[[int], Any], lapsing: Callable[[int], Any]) -> type[Part]:
    @frozen(kw_only=True)
    class Money(Part, Funding):
        slot: ClassVar[Slot] = Slot.FUNDING
        kind: ClassVar[str] = "money"
        words: ClassVar[LocalizedText] = LocalizedText(sv="pengar", en="money")

        @property
        def opening(self) -> int:
            return 100

        def put_in(self, year: int, left: int, surplus: bool) -> Any:
            return puts(year)

        def lapses(self, left: int) -> Any:
            return lapsing(left)

    return Money


class _Town:
    """A plugin with one guideline and perhaps a part."""

    def __init__(self, guideline: Guideline, *parts: type[Part]) -> None:
        self._offers = (guideline, parts)

    @hookimpl
    def sifrules_guidelines(self) -> Sequence[Guideline]:
        return [self._offers[0]]

    @hookimpl
    def sifrules_parts(self) -> Sequence[type[Part]]:
        return self._offers[1]


def _tried(town: _Town, **others: Any) -> PolicyConformance:
    extra = {"toy-town": town, **others}
    made = type("TestTown", (PolicyConformance,), {"plugin": "toy-town", "extra": extra})
    tests: PolicyConformance = made()
    return tests


@pytest.mark.parametrize(("puts", "lapsing", "told"), FAULTS.values(), ids=FAULTS)
def test_funding_that_cannot_be_followed_is_found(
    puts: Callable[[int], Any], lapsing: Callable[[int], Any], told: str
) -> None:
    """With the call that failed and what it gave."""
    guideline = toy_guideline(funding={"kind": "money", "cite": "guide: 3"})
    with pytest.raises(AssertionError) as raised:
        _tried(_Town(guideline, _kind(puts, lapsing))).test_the_funding_can_be_followed()
    assert "toy@2020: funding: Money" in str(raised.value)
    assert told in str(raised.value)


def test_a_fund_that_never_grants_is_found_by_the_short_simulation() -> None:
    """By the simulation, where it is installed, with the rule that stops most."""
    never = {"kind": "minimum_areas", "areas": 99, "cite": "guide: 1"}
    town = _Town(toy_guideline(criteria={"never": never}))
    with pytest.raises(AssertionError) as raised:
        _tried(town, simulation=simulation).test_a_short_simulation_goes_through()
    assert "nothing is granted" in str(raised.value)
    assert "criteria.never" in str(raised.value)


def test_a_fund_whose_money_fails_later_is_found_by_the_short_simulation() -> None:
    """Every replication fails, which is reported with the error."""
    guideline = toy_guideline(funding={"kind": "money", "cite": "guide: 3"})
    town = _Town(guideline, _kind(lambda year: 100 // (5 - year), lambda _: 0))
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        _tried(town, simulation=simulation).test_a_short_simulation_goes_through()


def test_without_the_simulation_the_short_run_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin's tests do not need it."""
    monkeypatch.setenv("SIFRULES_PLUGINS_OFF", "all")
    with pytest.raises(unittest.SkipTest, match="the simulation is not installed"):
        _tried(_Town(toy_guideline())).test_a_short_simulation_goes_through()
