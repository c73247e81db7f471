"""Ceilings in price base amounts follow the year in which a project starts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sifrules import SifError, decide, ore
from sifrules.testing import toy_policy
from sifrules_policies.base_amounts import base_amounts

CITED = {"cite": "guide: 4"}


def _capped(**cap: Any) -> Any:
    return toy_policy(caps={"small": {"kind": "base_amounts_per_investment", **CITED, **cap}})


def _verdict(policy: Any, **facts: object) -> tuple[str, tuple[str, ...]]:
    said = {f"application.{name}": value for name, value in facts.items()}
    decision = decide(policy, {"fund.available": 10_000_000, **said}, stages=["allocation"])
    return decision["caps.small"].verdict.value, decision.missing


def test_every_year_has_one_amount_and_a_source() -> None:
    """Whole hundreds of kronor, as the government sets them, without a year left out."""
    known = base_amounts()
    assert list(known.by_year) == list(range(min(known.by_year), max(known.by_year) + 1))
    assert all(amount % ore(100) == 0 for amount in known.by_year.values())
    assert "prisbasbelopp" in str(known.citation)


@pytest.mark.parametrize(("year", "amount"), [(2017, 44_800), (2020, 47_300), (2026, 59_200)])
def test_twenty_base_amounts_are_those_of_the_starting_year(year: int, amount: int) -> None:
    """To the krona, and the amount of the year is in the chain with its source."""
    policy = _capped(at_most=20)
    assert _verdict(policy, cost=20 * amount, start_year=year) == ("met", ())
    assert _verdict(policy, cost=20 * amount + 1, start_year=year) == ("not_met", ())
    facts = {"application.cost": 1, "application.start_year": year}
    chain = decide(policy, facts, stages=["allocation"]).chain
    (link,) = (each for each in chain if each.derivation.fact.name == "application.base_amount")
    assert link.value == ore(amount)
    assert link.derivation.citation == base_amounts().citation


def test_without_a_year_or_an_amount_for_it_nothing_can_be_told() -> None:
    """The year is missing; of a year that the table lacks, the amount may be stated."""
    policy = _capped(at_most=1)
    assert _verdict(policy, cost=1) == ("cannot_tell", ("application.start_year",))
    lacking = _verdict(policy, cost=1, start_year=2040)
    assert lacking == ("cannot_tell", ("application.base_amount",))
    assert _verdict(policy, cost=1, start_year=2040, base_amount=1) == ("met", ())


def test_a_guideline_may_name_the_year_of_the_base_amount() -> None:
    """Then the limit is a fixed sum, half an amount too; an unknown year is refused."""
    policy = _capped(at_most=Decimal("0.5"), of_year=2018)
    assert _verdict(policy, cost=22_750) == ("met", ())
    assert _verdict(policy, cost=22_751) == ("not_met", ())
    with pytest.raises(SifError, match="from 2010 to"):
        _capped(at_most=1, of_year=1900)
