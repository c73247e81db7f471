"""Procedures: what must be in place when an application is handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sifrules import Citation, FundPolicy, SifError, Stage, parts
from sifrules.rules.vocabulary import APPLICANTS
from sifrules_policies.procedures import Procedure

CITED = {"": Citation("A guideline", place="6"), "applicants": Citation("A guideline", place="7")}
PARTS = sorted(fact.name.removeprefix("parts.") for fact in parts)
APPROVALS = ["scientific_opinion", "head_approves", "committee_informed", "committees_heard"]


def _procedure(**stated: Any) -> Procedure:
    return Procedure(path="procedure", sources=CITED, **stated)


def test_a_procedure_that_states_nothing_demands_nothing() -> None:
    """Absent is absent."""
    assert list(_procedure().rules()) == []


@given(st.sets(st.sampled_from(APPLICANTS), min_size=1), st.sampled_from(APPLICANTS))
def test_only_those_named_may_apply(allowed: set[str], applicant: str) -> None:
    """With the citation of that very clause."""
    (rule,) = _procedure(applicants=tuple(sorted(allowed))).rules()
    assert rule.condition.test({"application.applicant": applicant}) is (applicant in allowed)
    assert rule.citation.place == "7"


@given(st.lists(st.sampled_from(PARTS), min_size=1, unique=True))
def test_each_required_part_is_a_rule_of_its_own(names: list[str]) -> None:
    """So that the applicant reads which part is missing."""
    rules = list(_procedure(required_parts=tuple(names)).rules())
    assert [rule.id for rule in rules] == [f"procedure.required_parts.{name}" for name in names]
    for name, rule in zip(names, rules, strict=True):
        assert rule.stage is Stage.APPLICATION
        assert rule.condition.test({f"parts.{name}": False}) is False
        assert rule.condition.test({}) is None


@pytest.mark.parametrize("name", APPROVALS)
@pytest.mark.parametrize(("stated", "rules"), [(True, 1), (False, 0), (None, 0)])
def test_an_approval_is_demanded_only_where_the_guideline_demands_it(
    name: str, stated: bool | None, rules: int
) -> None:
    """Said not to be needed, and not said, demand nothing."""
    found = list(_procedure(**{name: stated}).rules())
    assert [rule.id for rule in found] == [f"procedure.{name}"] * rules


def test_a_required_part_that_is_unknown_names_the_nearest() -> None:
    """A slip is answered with what was meant."""
    with pytest.raises(SifError, match="'budgt' is none, did you mean budget"):
        _procedure(required_parts=("budgt",))


def test_a_required_part_that_is_named_twice_is_refused(
    policy_of: Callable[..., FundPolicy],
) -> None:
    """It would be two rules of one id."""
    with pytest.raises(SifError, match="share an id"):
        policy_of(procedure={"cite": "guide: 6", "required_parts": ["budget", "budget"]})


@pytest.mark.parametrize(
    "wrong",
    [
        {"lead_time_at_least": 5, "lead_time_at_most": 4},
        {"lead_time_at_least": -1},
        {"windows_per_year": 0},
        {"closing": (0, 3)},
        {"closing": (9, 3)},
        {"closing": (3, 3)},
        {"closing": (3, 13)},
        {"closing": (3, 9), "windows_per_year": 3},
        {"usual_duration": 0},
    ],
    ids=str,
)
def test_a_procedure_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    """When the guideline is read."""
    with pytest.raises(SifError):
        _procedure(**wrong)


def test_closing_months_are_said_by_name() -> None:
    """In both languages, as the one clause; beside as many windows a year, or without."""
    ours = _procedure(closing=(3, 9), windows_per_year=2)
    said = {clause.path: clause.value for clause in ours.clauses()}["procedure.closing"]
    assert (said.sv, said.en) == ("mars, september", "March, September")
    assert _procedure(closing=(3, 9)).windows_per_year is None
