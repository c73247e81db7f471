"""Either/or and if/then as a file states them: one condition, in words, explained, refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from sifrules import FundPolicy, Guideline, SifError, application, decide, decide_many
from sifrules.rules.conditions import IfThen, any_of
from sifrules.rules.decisions import settling
from sifrules.rules.stated import StatedCondition
from sifrules.rules.wording import condition_words, finding_words

Build = Callable[..., FundPolicy]
Toy = Callable[..., Guideline]

EARLY, PREVENTIVE, NEW = (
    {"fact": f"application.{name}"} for name in ("early", "preventive", "new_thinking")
)
UNITS = {"fact": "application.areas", "at_least": 2}
OUTSIDE = {
    "all_of": [
        {"fact": "application.areas", "at_least": 1},
        {"fact": "application.external_actor"},
    ]
}
#: Two units, or one with an outside actor; what is new needs early or preventive work.
CRITERIA = {
    "units": {"kind": "condition", "cite": "guide: 2", "any_of": [UNITS, OUTSIDE]},
    "new": {
        "kind": "condition",
        "cite": "guide: 2",
        "if_then": {"if": NEW, "then": {"any_of": [EARLY, PREVENTIVE]}},
    },
}
FACTS = ("early", "preventive", "new_thinking", "external_actor")
ANSWERS = st.fixed_dictionaries(
    {"application.areas": st.sampled_from([1, 2, None])}
    | {f"application.{name}": st.sampled_from([True, False, None]) for name in FACTS}
)


@pytest.fixture(scope="module")
def policy(toy: Toy, registry_of: Any) -> FundPolicy:
    """A toy fund with an either/or and an if/then, nested."""
    found = registry_of().built(toy(criteria=CRITERIA))
    assert isinstance(found, FundPolicy)
    return found


def _expected(facts: Mapping[str, Any]) -> dict[str, bool | None]:
    """What Kleene's logic says of the two criteria, written out by hand."""
    areas, early, preventive, new, outside = (
        facts[f"application.{name}"]
        for name in ("areas", "early", "preventive", "new_thinking", "external_actor")
    )
    two = None if areas is None else areas >= 2
    one = None if areas is None else areas >= 1
    return {
        "criteria.units": _either(two, _both(one, outside)),
        "criteria.new": _either(None if new is None else not new, _either(early, preventive)),
    }


def _either(a: bool | None, b: bool | None) -> bool | None:
    return True if True in (a, b) else (None if None in (a, b) else False)


def _both(a: bool | None, b: bool | None) -> bool | None:
    return False if False in (a, b) else (None if None in (a, b) else True)


@given(facts=ANSWERS)
def test_nested_conditions_mean_the_same_to_every_engine(
    policy: FundPolicy, facts: dict[str, Any]
) -> None:
    """Durable, compiled and by columns, whatever is known, as worked out by hand."""
    said = {True: "met", False: "not_met", None: "cannot_tell"}
    expected = {rule: said[answer] for rule, answer in _expected(facts).items()}
    for engine in (None, "compiled"):
        decision = decide(policy, facts, engine=engine)
        found = {finding.rule.id: str(finding.verdict) for finding in decision.findings}
        assert {rule: found[rule] for rule in expected} == expected
    row = decide_many(policy, pl.DataFrame({name: [value] for name, value in facts.items()}))
    columns = {rule: row[f"rule:{rule}"].to_list() for rule in expected}
    assert columns == {rule: [verdict] for rule, verdict in expected.items()}


def test_they_read_as_either_or_and_if_then_in_both_languages(policy: FundPolicy) -> None:
    """An if/then is not shown as the disjunction that it equals."""
    demands = {rule.id: rule.demand for rule in policy.rulebook.rules}
    assert demands["criteria.new"].en == (
        "if it tries new ways of working or methods, then it breaks a negative development "
        "early or it is promoting and preventive"
    )
    assert demands["criteria.new"].sv.startswith("om insatsen prövar nya arbetssätt")
    assert "minst 2 eller (antal" in demands["criteria.units"].sv
    clauses = {clause.path: clause.value for clause in policy.clauses}
    assert clauses["criteria.units.any_of"].en == (
        "areas of operation taking part is at least 2; areas of operation taking part is at "
        "least 1 and the applicant is outside the municipality's committees and administrations"
    )


def test_a_finding_says_which_alternative_settled_it(policy: FundPolicy) -> None:
    """The part that is met, those that are not, or what is still open."""
    facts = {"application.areas": 1, "application.external_actor": True}
    decision = decide(policy, {**facts, "application.new_thinking": True})
    units, new = decision["criteria.units"], decision["criteria.new"]
    assert units.because == tuple(
        settling(units.rule.condition, {"application.areas": 1, "application.external_actor": True})
    )
    assert [condition_words(part).en for part in units.because] == [
        "areas of operation taking part is at least 1",
        "the applicant is outside the municipality's committees and administrations",
    ]
    assert "; settled by: areas of operation taking part is at least 1" in finding_words(units).en
    assert [fact.name for part in new.because for fact in part.facts()] == [
        "application.early",
        "application.preventive",
    ]
    assert "; öppet: insatsen bryter" in finding_words(new).sv


@pytest.mark.parametrize(
    ("table", "key", "told"),
    [
        ({}, "criteria.it", "expected one of any_of, all_of, if_then and fact"),
        ({"any_of": []}, "criteria.it", "expected one of any_of"),
        ({"any_of": [EARLY], "all_of": [EARLY]}, "criteria.it", "expected one of any_of"),
        ({"any_of": [EARLY, {}]}, "criteria.it.any_of[1]", "expected one of any_of"),
        ({"any_of": [{**EARLY, "any_of": [NEW]}]}, "criteria.it.any_of[0]", "expected one of"),
        (
            {"any_of": [{"any_of": [EARLY], "holds": True}]},
            "criteria.it.any_of[0]",
            "fact alone takes holds",
        ),
        ({"any_of": ["application.early"]}, "criteria.it.any_of[0]", "expected a table"),
        ({"any_of": [{"fact": "application.areas"}]}, "criteria.it.any_of[0]", "at_least"),
        (
            {"all_of": [{"any_of": [{"fact": "application.erly"}]}]},
            "criteria.it.all_of[0].any_of[0].fact",
            "application.early",
        ),
        ({"if_then": {"if": EARLY}}, "criteria.it.if_then", "if and then"),
        (
            {"if_then": {"if": EARLY, "then": {**UNITS, "at_lest": 3}}},
            "criteria.it.if_then.then",
            "did you mean at_least",
        ),
    ],
    ids=str,
)
def test_a_faulty_condition_is_refused_at_its_place(
    toy: Toy, registry_of: Any, table: dict[str, Any], key: str, told: str
) -> None:
    """However deep it stands."""
    criterion = {"kind": "condition", "cite": "guide: 2", **table}
    with pytest.raises(SifError) as refused:
        registry_of().built(toy(criteria={"it": criterion}))
    assert f": {key}: " in str(refused.value)
    assert told in str(refused.value)


def test_more_may_be_added_to_an_if_then() -> None:
    """``|`` keeps it whole, so that it is still read as one."""
    then = IfThen(application.early.is_(True), application.preventive.is_(True))
    both = then | application.evaluable
    assert both == any_of(then, application.evaluable)
    assert both.test({"application.early": False}) is True
    assert StatedCondition(if_then=then).condition == then
