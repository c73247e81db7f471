"""A guideline is checked as a whole: every fault at once, each with its key."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from attrs import frozen
from hypothesis import given, strategies as st

from sifrules import (
    Citation,
    Derivation,
    FactError,
    FaultyFile,
    FundPolicy,
    Guideline,
    LocalizedText,
    Part,
    Registry,
    SifError,
    Slot,
    Stage,
    application,
    decide,
    hookimpl,
)
from sifrules.loading.builder import build

Toy = Callable[..., Guideline]
Build = Callable[..., FundPolicy]
RegistryOf = Callable[..., Registry]
AREAS = {"kind": "minimum_areas", "cite": "guide: 2", "areas": 2}
FLOW = {"kind": "return_flow", "cite": "guide: 3", "share": 1}

#: One fault each: what the guideline holds, the key told, and what is told of it.
FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"retrun_model": {}}, "retrun_model", "did you mean return_model"),
    ({"id": 3}, "id", "expected a text"),
    ({"municipality": None}, "municipality", "missing"),
    ({"municipality": 3}, "municipality", "expected a text"),
    ({"title": ["x"]}, "title", "expected a text"),
    ({"title": {"sv": "x"}}, "title", "sv = "),
    ({"status": "draft"}, "status", "expected one of guideline"),
    ({"not_modelled": "x"}, "not_modelled", "expected a list"),
    ({"funding": None}, "funding", "missing"),
    ({"funding": 3}, "funding", "expected a table"),
    ({"funding": {"kind": "endowmnt", "cite": "guide"}}, "funding.kind", "did you mean endowment"),
    ({"criteria": [1]}, "criteria", "expected tables"),
    ({"criteria": {"a": {"cite": "guide"}}}, "criteria.a.kind", "missing"),
    ({"criteria": {"a": {"kind": 3}}}, "criteria.a.kind", "missing|no criteria|known"),
    (
        {"criteria": {"a": {**AREAS, "ares": 3}}},
        "criteria.a",
        "unknown key 'ares', did you mean areas",
    ),
    ({"criteria": {"a": {**AREAS, "areas": "two"}}}, "criteria.a.areas", "expected a whole number"),
    ({"criteria": {"a": {**AREAS, "areas": True}}}, "criteria.a.areas", "expected a whole number"),
    ({"criteria": {"a": {**AREAS, "areas": 0}}}, "criteria.a", "more than 0"),
    (
        {"criteria": {"a": {"kind": "minimum_areas", "cite": "guide"}}},
        "criteria.a.areas",
        "missing",
    ),
    ({"criteria": {"a": {**AREAS, "cite": "gude: 2"}}}, "criteria.a.cite", "did you mean guide"),
    ({"criteria": {"a": {**AREAS, "cite": 2}}}, "criteria.a.cite", "document: place"),
    ({"criteria": {"a": {**AREAS, "cite": {"x": 1}}}}, "criteria.a.cite", "document: place"),
    (
        {"criteria": {"a": {**AREAS, "areas": {"value": 2, "cite": {}}}}},
        "criteria.a.areas.cite",
        "document: place",
    ),
    ({"criteria": {"a": {"kind": "minimum_areas", "areas": 2}}}, "criteria.a.areas", "no citation"),
    ({"criteria": {"a": {"kind": "early"}}}, "criteria.a", "no citation"),
    (
        {"criteria": {"a": {"kind": "early", "reading": "so"}}},
        "criteria.a",
        "reading needs the cit",
    ),
    ({"criteria": {"a": {**AREAS, "reading": ""}}}, "criteria.a.reading", "needs a note"),
    ({"criteria": {"a": {**AREAS, "reading": True}}}, "criteria.a.reading", "needs a note"),
    (
        {"criteria": {"a": {**AREAS, "areas": {"value": 2, "cite": "guide", "pge": 3}}}},
        "criteria.a.areas.pge",
        "unknown key",
    ),
    ({"criteria": {"a": {**AREAS, "path": "x"}}}, "criteria.a.path", "unknown key"),
    (
        {"criteria": {"a": {"kind": "fact", "cite": "guide", "fact": "application.aeras"}}},
        "criteria.a.fact",
        "did you mean application.areas",
    ),
    (
        {"criteria": {"a": {"kind": "fact", "cite": "guide", "fact": "application.areas"}}},
        "criteria.a",
        "expected holds",
    ),
    (
        {
            "criteria": {
                "a": {"kind": "fact", "cite": "guide", "fact": "application.areas"}
                | {"at_least": Decimal("2.5")}
            }
        },
        "criteria.a",
        "whole number",
    ),
    (
        {"funding": {"kind": "endowment", "cite": "guide", "amount": -1}},
        "funding.amount",
        "at least 0",
    ),
    ({"funding": {"kind": "endowment", "cite": "guide", "amount": 0}}, "funding", "more than 0"),
    (
        {"funding": {"kind": "endowment", "cite": "guide", "amount": 10**20}},
        "funding.amount",
        "at most",
    ),
    (
        {"funding": {"kind": "endowment", "cite": "guide", "amount": 0.5}},
        "funding.amount",
        "kronor",
    ),
    (
        {"funding": {"kind": "endowment", "cite": "guide", "amount": Decimal("NaN")}},
        "funding.amount",
        "kronor",
    ),
    ({"return_model": {**FLOW, "share": Decimal("1.1")}}, "return_model", "share from 0 to 1"),
    ({"return_model": {**FLOW, "share": Decimal("NaN")}}, "return_model", "share|number"),
    ({"return_model": {**FLOW, "share": Decimal("0.33333")}}, "return_model", "four decimals"),
    ({"return_model": {**FLOW, "floor": Decimal("0.3")}}, "return_model", "bounded_by_effect"),
    ({"return_model": {**FLOW, "fee": Decimal("0.1")}}, "return_model", "fee_place"),
    ({"return_model": {**FLOW, "begins": "deadline"}}, "return_model", "begins_within"),
    (
        {"return_model": {**FLOW, "begins": "soon"}},
        "return_model.begins",
        "expected one of effects",
    ),
    ({"return_model": {**FLOW, "transition": 3}}, "return_model.transition", "expected a table"),
    (
        {"return_model": {**FLOW, "transition": {"returns_before": "2022", "ends_after": "2020"}}},
        "return_model.transition",
        "expected",
    ),
    (
        {"return_model": {**FLOW, "transition": {"returns_before": "soon", "ends_after": "2021"}}},
        "return_model.transition.returns_before",
        "expected a date",
    ),
    (
        {"procedure": {"cite": "guide", "required_parts": ["budgt"]}},
        "procedure",
        "did you mean budget",
    ),
    ({"procedure": {"cite": "guide", "applicants": ["king"]}}, "procedure.applicants", "committee"),
    ({"documents": {"guide": {"titel": "x"}}}, "documents", "titel"),
    ({"documents": 3}, "documents", "expected|mapping|dict|table"),
    (
        {"facts": {"application.areas": {"kind": "count", "sv": "x", "en": "y"}}},
        "facts",
        "exists already",
    ),
    (
        {"facts": {"climate": {"kind": "flag", "sv": "x", "en": "y"}}},
        "facts",
        "application.climate",
    ),
    (
        {"facts": {"application.x": {"kind": "flagg", "sv": "x", "en": "y"}}},
        "facts",
        "expected one of",
    ),
    (
        {"facts": {"application.x": {"kind": "choice", "sv": "x", "en": "y"}}},
        "facts",
        "options",
    ),
    (
        {"facts": {"application.x": {"kind": "flag", "sv": "x", "en": "y", "least": 1}}},
        "facts",
        "no order",
    ),
    (
        {"facts": {"application.x": {"kind": "share", "sv": "x", "en": "y", "least": 2}}},
        "facts",
        "no value lies from 2 to 1",
    ),
]


@pytest.mark.parametrize(
    ("tables", "key", "told"), FAULTS, ids=[f"{n}-{key}" for n, (_, key, _) in enumerate(FAULTS)]
)
def test_a_fault_is_reported_with_its_file_its_key_and_what_was_expected(
    toy: Toy, registry_of: RegistryOf, tables: dict[str, Any], key: str, told: str
) -> None:
    """The message can be acted on without looking elsewhere."""
    with pytest.raises(FaultyFile) as caught:
        build(toy(**tables), registry_of().parts)
    lines = str(caught.value).splitlines()
    assert any(re.match(rf"toy\.toml: {re.escape(key)}.*({told})", line) for line in lines), lines


def test_all_faults_are_reported_at_once(policy_of: Build) -> None:
    """Whoever mends a file mends it once."""
    with pytest.raises(FaultyFile) as caught:
        policy_of(
            titel="x",
            municipality=3,
            status="draft",
            funding={"kind": "endowment", "cite": "guide", "amount": -1},
            criteria={
                "a": {"kind": "minimum_areas", "areas": 2},
                "b": {**AREAS, "cite": "nowhere: 1"},
                "c": {"kind": "no_such_kind", "cite": "guide"},
                "d": {"kind": "fact", "cite": "guide", "fact": "application.no_such"},
            },
            return_model={**FLOW, "share": Decimal(2), "flor": 1},
        )
    keys = {fault.key for fault in caught.value.faults}
    assert {"titel", "municipality", "status", "funding.amount", "criteria.a.areas"} <= keys
    assert {"criteria.b.cite", "criteria.c.kind", "criteria.d.fact"} <= keys
    assert any(key.startswith("return_model") for key in keys)
    assert all(fault.file == "toy.toml" and fault.problem for fault in caught.value.faults)


def _spots(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a tree where a value stands: its table and key."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield tree, key
            yield from _spots(value)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(),
    st.text(max_size=5),
    st.lists(st.integers() | st.text(max_size=3), max_size=2),
    st.dictionaries(
        st.sampled_from(["value", "cite", "kind", "sv", "en", "reading", "x", "what_if"]),
        st.integers() | st.text(max_size=3) | st.just("guide: 1"),
        max_size=3,
    ),
)


@pytest.fixture(scope="module")
def everything(toy: Toy) -> Guideline:
    """A guideline that has something of every kind."""
    return toy(
        terms={"in_force": {"value": "2020", "cite": "guide"}, "decides": {"value": "council"}},
        facts={"application.x": {"kind": "choice", "sv": "a", "en": "b", "options": ["c"]}},
        criteria={
            "areas": dict(AREAS),
            "own": {"kind": "fact", "cite": "guide", "fact": "application.x", "one_of": ["c"]},
            "cover": {"kind": "savings_cover_cost", "cite": "guide", "share": 1},
        },
        procedure={"cite": "guide", "applicants": ["committee"], "windows_per_year": 2},
        caps={"new": {"kind": "new_investments_per_year", "cite": "guide", "limit": 3}},
        return_model={**FLOW, "transition": {"returns_before": "2021", "ends_after": "2021"}},
        write_down={"kind": "to_measured_effect", "cite": "guide", "floor": Decimal("0.1")},
    )


@pytest.fixture(scope="module")
def bare(registry_of: RegistryOf) -> Registry:
    """A registry of the shipped parts alone."""
    return registry_of()


@given(data=st.data())
def test_whatever_stands_anywhere_in_a_guideline_ends_in_a_policy_or_in_faults(
    everything: Guideline, bare: Registry, data: st.DataObject
) -> None:
    """No value in any place of a file ends in a traceback."""
    tree = copy.deepcopy(dict(everything.tree))
    spots = list(_spots(tree))
    table, key = spots[data.draw(st.integers(0, len(spots) - 1))]
    table[key] = data.draw(VALUES)
    try:
        policy = build(Guideline(tree, "toy.toml"), bare.parts)
    except SifError:
        return
    assert policy.rulebook
    assert policy.clauses


# --- what parts from plugins may do -------------------------------------------------


@frozen(kw_only=True)
class _Circle(Part):
    """Two facts that follow from each other."""

    slot: ClassVar[Slot] = Slot.CRITERIA
    kind: ClassVar[str] = "circle"
    words: ClassVar[LocalizedText] = LocalizedText(sv="cirkel", en="circle")

    def derivations(self) -> Iterable[Derivation]:
        one, other = application.early, application.evaluable
        yield Derivation("one", one, other.is_(True), self.cite())
        yield Derivation("other", other, one.is_(True), self.cite())


@frozen(kw_only=True)
class _Doubled(Part):
    """Two rules of one id."""

    slot: ClassVar[Slot] = Slot.CRITERIA
    kind: ClassVar[str] = "doubled"
    words: ClassVar[LocalizedText] = LocalizedText(sv="dubbel", en="doubled")

    def rules(self) -> Iterable[Any]:
        for fact in (application.early, application.evaluable):
            yield self.rule(Stage.IDEA_TEST, fact, self.words)


class _Parts:
    @hookimpl
    def sifrules_parts(self) -> list[type[Part]]:
        return [_Circle, _Doubled]


@pytest.mark.parametrize(("kind", "told"), [("circle", "circle"), ("doubled", "share an id")])
def test_rules_that_cannot_stand_together_are_found_when_the_file_is_read(
    toy: Toy, registry_of: RegistryOf, kind: str, told: str
) -> None:
    """A circle of derivations and two rules of one id are faults of the file."""
    guideline = toy(criteria={"a": {"kind": kind, "cite": "guide"}})
    with pytest.raises(FaultyFile, match=told):
        registry_of(guideline, parts_of_ours=_Parts()).policy(guideline.id)


# --- a sound guideline --------------------------------------------------------------


def test_every_stated_value_carries_its_citation(policy_of: Build) -> None:
    """The value's own where it has one, otherwise its part's."""
    floor = {"value": Decimal("0.2"), "cite": "report: 9", "reading": "read as a share of the cost"}
    policy = policy_of(return_model={**FLOW, "bounded_by_effect": True, "floor": floor})
    cited = {clause.path: clause.citation for clause in policy.clauses}
    assert all(
        isinstance(citation, Citation) for path, citation in cited.items() if path != "terms"
    )
    stated = cited["return_model.floor"]
    assert stated is not None
    assert (stated.document, stated.place) == ("The report", "9")
    assert stated.reading is not None


def test_what_is_not_stated_is_absent(policy_of: Build) -> None:
    """No default stands in for what a guideline does not say."""
    policy = policy_of(return_model=None, criteria=None)
    assert policy.return_model is None
    assert policy.write_down is None
    assert policy.procedure is None
    assert policy.criteria == ()
    assert policy.terms.in_force is None


def test_a_fact_of_its_own_can_be_given_and_decided_on(policy_of: Build) -> None:
    """A guideline may ask what no other asks."""
    own: Mapping[str, Any] = {"kind": "flag", "sv": "klimatnytta", "en": "climate benefit"}
    policy = policy_of(
        facts={"application.climate": own},
        criteria={
            "a": {"kind": "fact", "cite": "guide", "fact": "application.climate"} | {"holds": True}
        },
    )
    decision = decide(policy, {"application.climate": False}, engine="compiled")
    assert decision.outcome.value == "not_eligible"


def test_a_fact_of_its_own_has_bounds_of_its_own(policy_of: Build) -> None:
    """What a guideline adds is refused where its guideline says that it cannot be."""
    own: Mapping[str, Any] = {"kind": "money", "sv": "hyra", "en": "rent", "least": 0, "most": 500}
    policy = policy_of(
        facts={"application.rent": own},
        criteria={
            "a": {"kind": "fact", "cite": "guide", "fact": "application.rent", "at_most": 400}
        },
    )
    assert decide(policy, {"application.rent": 500}, engine="compiled").refusals
    with pytest.raises(FactError, match=r"application\.rent: expected kronor from 0 to 500"):
        decide(policy, {"application.rent": 501}, engine="compiled")
