"""An idea decided first and the amount later: which rules decide what, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sifrules import Registry, SifError, decide, registry
from sifrules.policy.two_decisions import DecisionStep, decides_idea_first, in_two_steps, step_of
from sifrules.rules.rulebook import Stage

Sif = Callable[..., Any]
FIRST = "procedure.decides_idea_first=true"


@pytest.fixture(scope="module")
def towns() -> Registry:
    """All that is installed."""
    return registry()


def test_every_rule_belongs_to_one_of_the_two(towns: Registry) -> None:
    """What reads money, or what the fund holds, is for the second; all else for the first."""
    for policy in towns.policies:
        for rule in policy.rulebook.rules:
            of_money = any(fact.kind == "money" for fact in rule.facts)
            later = of_money or rule.stage is Stage.ALLOCATION
            assert (step_of(rule) is DecisionStep.AMOUNT) is later


def test_an_idea_without_an_amount_can_be_approved(towns: Registry) -> None:
    """The first decision is made before anything is said of money; the second then lacks it."""
    policy = towns.policy("examples/what-ifs/shared-cost.toml", [FIRST])
    assert decides_idea_first(policy)
    known = {"application.applicant": "committee", "application.duration": 24}
    idea, amount = in_two_steps(decide(policy, known, stages=("application", "allocation")))
    assert str(idea.outcome) == "eligible"
    assert str(amount.outcome) == "cannot_tell"
    assert "application.cost" in amount.missing


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["procedure.amount_lead_at_least=3"], "not that the idea is decided first"),
        ([FIRST, "procedure.amount_lead_at_least=9", "procedure.amount_lead_at_most=3"],
         "longer than the most"),
    ],
)  # fmt: skip
def test_lead_times_that_cannot_be_are_refused(
    towns: Registry, settings: list[str], words: str
) -> None:
    """A time to a second decision takes a first one, and its least is no longer than its most."""
    with pytest.raises(SifError, match=words):
        towns.policy("orebro@2016", settings)


def test_check_shows_both_decisions(sif: Sif, tmp_path: Path) -> None:
    """Each with its reasons; the second is not tried where the first refuses the idea."""
    file = tmp_path / "idea.toml"
    file.write_text('name = "An idea"\n\n[application]\nareas = 1\n', "utf-8")
    ran = sif("check", str(file), "--policy", "orebro@2016", "--set", FIRST)
    assert "first: the idea" in ran.out
    assert "not tried: the idea is refused" in ran.out
    data = sif("check", str(file), "--policy", "orebro@2016", "--set", FIRST, "--format", "json")
    (application,) = data.data
    idea, amount = application["decisions"]
    assert (idea["of"], idea["outcome"]) == ("idea", "not_eligible")
    assert "criteria.areas" in idea["refused_by"]
    assert (amount["of"], amount["outcome"]) == ("amount", None)
    one = sif("check", str(file), "--policy", "orebro@2016", "--format", "json").data[0]
    assert "decisions" not in one


def test_the_example_is_shown_and_told_apart(sif: Sif) -> None:
    """The clause stands in show with its source, and in diff."""
    example = "examples/what-ifs/idea-first.toml"
    assert "procedure.decides_idea_first" in sif("show", example).out
    out = sif("diff", "gavleborg@2019", example, "--lang", "sv").out
    assert "idén beslutas först" in out
