"""At most 70 per cent of the cost, at most a million a year: the same in check, claims and records.

That it is so in the simulation and its books is tried with the model.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules import Citation, PartialDate, decide, ore, registry
from sifrules.loading.history import Grant, History
from sifrules.validation.record import of_record

SHARED = "examples/what-ifs/shared-cost.toml"
CITED = Citation("A record")

APPLICATIONS: dict[str, tuple[dict[str, int], tuple[str, ...]]] = {
    "three million, of which 0.9 its own": (
        {"cost": 3_000_000, "cofunding": 900_000, "duration": 36},
        (),
    ),
    "the same, in money, in kind and from others": (
        {
            "cost": 3_000_000,
            "cofunding_in_money": 300_000,
            "cofunding_in_kind": 400_000,
            "funded_by_others": 200_000,
            "duration": 36,
        },
        (),
    ),
    "the same, the amount said outright": (
        {"cost": 3_000_000, "applied_for": 2_100_000, "duration": 36},
        (),
    ),
    "four million, of which 1.2 its own": (
        {"cost": 4_000_000, "cofunding": 1_200_000, "applied_for": 2_800_000, "duration": 36},
        (),
    ),
    "3.5 million asked for over three years": (
        {"cost": 5_000_000, "applied_for": 3_500_000, "duration": 36},
        ("caps.yearly",),
    ),
    "two million asked for over one year": (
        {"cost": 3_000_000, "applied_for": 2_000_000, "duration": 12},
        ("caps.yearly",),
    ),
    "two of three million in one of the years": (
        {
            "cost": 4_500_000,
            "applied_for": 3_000_000,
            "applied_for_per_year": 2_000_000,
            "duration": 36,
        },
        ("caps.yearly",),
    ),
    "an öre too much of the cost": (
        {"cost": 3_000_000, "applied_for": 2_100_001, "duration": 36},
        ("caps.share",),
    ),
    "a year too long": ({"cost": 3_000_000, "applied_for": 1, "duration": 48}, ("caps.time",)),
    "nothing said of who else pays": ({"cost": 3_000_000, "duration": 36}, ("caps.share",)),
}


def _facts(about: dict[str, int]) -> dict[str, object]:
    said = {f"application.{name}": value for name, value in about.items()}
    return {"application.applicant": "committee", "fund.available": 20_000_000, **said}


@pytest.mark.parametrize(("about", "refused_by"), APPLICATIONS.values(), ids=APPLICATIONS)
def test_an_application_is_within_every_ceiling_or_the_one_it_breaks_is_named(
    about: dict[str, int], refused_by: tuple[str, ...]
) -> None:
    """The share, the amount a year and the time are tried each by itself."""
    decision = decide(registry().policy(SHARED), _facts(about), stages=["allocation"])
    assert tuple(finding.rule.id for finding in decision.refusals) == refused_by
    assert decision.outcome.value == ("not_eligible" if refused_by else "eligible")


def test_what_is_applied_for_follows_and_is_in_the_chain() -> None:
    """Of three million with 0.9 its own: 2.1 in all and 0.7 a year."""
    about, _ = APPLICATIONS["three million, of which 0.9 its own"]
    decision = decide(registry().policy(SHARED), _facts(about), stages=["allocation"])
    found = {link.derivation.fact.name: link.value for link in decision.chain}
    assert found["application.applied_for"] == ore(2_100_000)
    assert found["application.applied_for_per_year"] == ore(700_000)


def test_an_assumption_is_reported_where_the_outcome_depends_on_it(
    sif: Callable[..., Any], tmp_path: Path
) -> None:
    """That the whole cost is applied for decides on the share; nothing is assumed otherwise."""
    file = tmp_path / "application.toml"
    asked = ("check", str(file), "--policy", SHARED, "--stage", "allocation", "--format", "json")
    for own, assumed in (("", ["application.applied_for"]), ("cofunding = 900_000", [])):
        file.write_text(
            '[application]\napplicant = "committee"\ncost = 3_000_000\nduration = 36\n'
            f"applied_for_per_year = 700_000\n{own}\n[fund]\navailable = 20_000_000\n"
        )
        (answer,) = sif(*asked).data
        assert answer["assumptions"] == assumed
        assert (answer["outcome"] == "eligible") is not bool(assumed)


@pytest.mark.parametrize(
    "said", [("--granted", "2100000"), ("--fact", "application.cofunding=900000")]
)
def test_what_comes_back_is_what_the_fund_paid(
    sif: Callable[..., Any], said: tuple[str, ...]
) -> None:
    """2.1 of three million, stated or by what the application says; without either all of it."""
    project = ("claims", "--policy", SHARED, "--start", "2026-08", "--months", "36")
    asked = (*project, "--cost", "3000000", "--format", "json")
    assert sif(*asked, *said).data["total_sek"] == 2_100_000
    assert sif(*asked).data["total_sek"] == 3_000_000


def test_more_than_the_cost_cannot_have_been_granted(sif: Callable[..., Any]) -> None:
    """It says what to give instead."""
    project = ("claims", "--policy", SHARED, "--start", "2026-08", "--months", "36")
    ran = sif(*project, "--cost", "1000000", "--granted", "1000001")
    assert (ran.code, "give the whole cost" in ran.err) == (2, True)


@pytest.mark.parametrize(("amount", "broken"), [(2_800_000, 0), (3_500_000, 1)])
def test_a_record_is_tried_on_the_ceilings(amount: int, broken: int) -> None:
    """A grant of 3.5 million over three years is above a million a year, whatever the cost."""
    grant = Grant(
        name="project",
        granted=PartialDate.parse("2026-03-01"),
        amount=ore(amount),
        starts=PartialDate.parse("2026-08-01"),
        ends=PartialDate.parse("2029-07-31"),
        cite=CITED,
    )
    history = History(
        key="nyby",
        municipality="Nyby",
        until=PartialDate.parse("2030-01-01"),
        origin="history.toml",
        grants=(grant,),
    )
    issues = of_record(history, [registry().policy(SHARED)])
    assert sum("caps.yearly" in str(issue) for issue in issues) == broken
