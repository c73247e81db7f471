"""What is wrong or doubtful in a guideline is found, at its place, and nothing else is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from sifrules import Guideline, Registry, registry
from sifrules.validation import Issue, Severity, validate, validate_plugin
from sifrules.values.citations import FILL_IN

Toy = Callable[..., Guideline]
Of = Callable[..., Registry]


@pytest.fixture(scope="session")
def look(toy: Toy, registry_of: Of) -> Callable[..., tuple[Issue, ...]]:
    """What is said of the sound toy guideline with some of its tables replaced."""

    bare = registry_of()

    def of(**tables: object) -> tuple[Issue, ...]:
        return validate(bare, toy(**{**SOUND, **tables}))

    return of


DOCUMENTS = {
    "guide": {"title": "The guideline", "date": "2020"},
    "report": {"title": "The report", "reference": "KS 1/2021"},
}
TERMS = {"cite": "report: 1", "in_force": "2020"}
FLOW = {"kind": "return_flow", "cite": "guide: 3", "share": Decimal("0.5")}
#: What the toy guideline needs for there to be nothing to say of it.
SOUND: Mapping[str, object] = {"terms": TERMS}


def _criteria(**bounds: object) -> dict[str, Any]:
    return {"one": {"kind": "fact", "cite": "guide: 2", **bounds}}


def _time(low: int, high: int) -> dict[str, Any]:
    return {"time": {"kind": "project_time", "cite": "guide: 2", "at_least": low, "at_most": high}}


def _cap(kind: str, limit: int) -> dict[str, Any]:
    return {kind: {"kind": kind, "cite": "guide: 4", "limit": limit}}


COST = {"fact": "application.applied_for"}

#: A fault sown in the toy guideline; the kind and the key it is found by.
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "a value without a citation": (
        {"caps": {"size": {"kind": "amount_per_investment", "limit": 500_000}}},
        "no_citation",
        "caps.size.limit",
    ),
    "a part that is never cited": ({"write_down": {"kind": "none"}}, "no_citation", "write_down"),
    "a document that is not described": (
        {"terms": {"cite": "raport: 1", "in_force": "2020"}},
        "unknown_document",
        "terms.cite",
    ),
    "a document's title to be filled in": (
        {"documents": {**DOCUMENTS, "guide": {"title": FILL_IN}}},
        "fill_in",
        "documents.guide.title",
    ),
    "a place to be filled in": (
        {"terms": {"in_force": {"value": "2020", "cite": f"report: {FILL_IN}"}}},
        "fill_in",
        "terms.in_force.cite",
    ),
    "a reading without a note": (
        {"terms": {"in_force": {"value": "2020", "cite": "report: 1", "reading": " "}}},
        "empty_reading",
        "terms.in_force.reading",
    ),
    "an unknown key": ({"capz": {}}, "faulty", "capz"),
    "replaced before it is in force": (
        {"terms": {**TERMS, "replaced": "2019"}},
        "ends_before_begins",
        "terms.replaced",
    ),
    "a criterion with a minimum above its maximum": (
        {"criteria": _criteria(**COST, at_least=500_000, at_most=400_000)},
        "never_met",
        "criteria.one",
    ),
    "a shortest time above the cap": (
        {"criteria": _time(24, 48), "caps": _cap("duration", 12)},
        "contradiction",
        "caps.duration",
    ),
    "a cap below what a criterion demands": (
        {
            "criteria": _criteria(**COST, at_least=500_000),
            "caps": _cap("amount_per_investment", 400_000),
        },
        "contradiction",
        "caps.amount_per_investment",
    ),
    "a cost above all the money of the fund": (
        {"criteria": _criteria(**COST, more_than=1_000_000)},
        "contradiction",
        "criteria.one",
    ),
    "two criteria that contradict each other": (
        {
            "criteria": {
                "new": {"kind": "new_thinking", "cite": "guide: 2"},
                **_criteria(fact="application.new_thinking", holds=False),
            }
        },
        "contradiction",
        "criteria.one",
    ),
    "more areas than there can be": (
        {
            "criteria": {
                "most": {
                    "kind": "fact",
                    "cite": "guide: 2",
                    "fact": "application.areas",
                    "at_most": 3,
                },
                "areas": {"kind": "minimum_areas", "cite": "guide: 2", "areas": 4},
            }
        },
        "contradiction",
        "criteria.areas",
    ),
    "nobody may apply": (
        {"procedure": {"cite": "guide: 5", "applicants": []}},
        "empty_list",
        "procedure.applicants",
    ),
    "a total below its parts": (
        {"funding": {"kind": "endowment", "cite": "guide: 1", "amount": 65, "total": 60}},
        "fund_sums",
        "funding.total",
    ),
    "a top-up before there is a fund": (
        {
            "funding": {
                "kind": "endowment",
                "cite": "guide: 1",
                "amount": 65,
                "decided": "2013",
                "first_raise": {"date": "2012", "amount": 5},
            }
        },
        "raised_before",
        "funding.first_raise.date",
    ),
    "a floor above the share": (
        {"return_model": {**FLOW, "bounded_by_effect": True, "floor": Decimal("0.6")}},
        "floor_above_share",
        "return_model.floor",
    ),
    "a fee that has no room within the return": (
        {"return_model": {**FLOW, "fee": Decimal("0.6"), "fee_place": "within"}},
        "fee_above_share",
        "return_model.fee",
    ),
    "instalments farther apart than the whole return": (
        {"return_model": {**FLOW, "lasts": 12, "instalment_every": 24}},
        "instalments_too_sparse",
        "return_model.instalment_every",
    ),
}


@pytest.mark.parametrize(("tables", "kind", "key"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_found_at_its_place_and_nothing_else_is(
    look: Callable[..., tuple[Issue, ...]], tables: dict[str, Any], kind: str, key: str
) -> None:
    """One seeded fault, one entry of level wrong, with the file and the key."""
    wrong = [each for each in look(**tables) if each.level is Severity.WRONG]
    assert [(each.kind, each.file, each.key) for each in wrong] == [(kind, "toy.toml", key)]


DOUBTFUL: dict[str, tuple[dict[str, Any], str, str]] = {
    "a citation without a place": (
        {"terms": {"in_force": {"value": "2020", "cite": "report"}}},
        "no_place",
        "terms.in_force",
    ),
    "a doubtful place without a reading": (
        {"terms": {"in_force": {"value": "2020", "cite": "report: p. 3?"}}},
        "doubtful_place",
        "terms.in_force",
    ),
    "a document that nothing cites": (
        {"documents": {**DOCUMENTS, "minutes": {"title": "Minutes"}}},
        "never_cited",
        "documents.minutes",
    ),
    "no date": (
        {"terms": {"cite": "report: 1", "decides": "council"}},
        "no_date",
        "terms.in_force",
    ),
    "one area": (
        {"criteria": {"areas": {"kind": "minimum_areas", "cite": "guide: 2", "areas": 1}}},
        "demands_nothing",
        "criteria.areas",
    ),
    "a share of nothing": (
        {"criteria": {"pays": {"kind": "savings_cover_cost", "cite": "guide: 2", "share": 0}}},
        "demands_nothing",
        "criteria.pays",
    ),
    "a condition that no value of its fact fails": (
        {"criteria": _criteria(fact="application.start_year", at_least=1900)},
        "demands_nothing",
        "criteria.one",
    ),
    "a criterion that another one covers": (
        {
            "criteria": {
                "areas": {"kind": "minimum_areas", "cite": "guide: 2", "areas": 3},
                **_criteria(fact="application.areas", at_least=2),
            }
        },
        "implied",
        "criteria.one",
    ),
    "a cap above a tighter one": (
        {
            "caps": {
                **_cap("amount_per_investment", 600_000),
                "tight": {"kind": "amount_per_investment", "cite": "guide: 4", "limit": 500_000},
            }
        },
        "cap_never_binds",
        "caps.amount_per_investment",
    ),
    "a cap above the whole fund": (
        {"caps": _cap("amount_per_investment", 2_000_000)},
        "above_fund",
        "caps.amount_per_investment",
    ),
    "a longest time above what the criteria allow": (
        {"criteria": _time(12, 36), "caps": _cap("duration", 48)},
        "cap_never_binds",
        "caps.duration",
    ),
    "a yearly limit above the yearly pot": (
        {
            "funding": {"kind": "yearly_pot", "cite": "guide: 1", "amount": 5_000_000},
            "caps": _cap("amount_per_year", 5_000_001),
        },
        "above_fund",
        "caps.amount_per_year",
    ),
    "a yearly limit that a fund without a return never reaches": (
        {
            "return_model": {"kind": "budget", "cite": "guide: 3"},
            "caps": _cap("amount_per_year", 2_000_000),
        },
        "above_fund",
        "caps.amount_per_year",
    ),
    "a return that must begin before any project ends": (
        {
            "criteria": _time(24, 36),
            "return_model": {**FLOW, "begins": "deadline", "begins_within": 12},
        },
        "return_before_end",
        "return_model.begins_within",
    ),
    "a return of an unknown share": (
        {"return_model": {"kind": "return_flow", "cite": "guide: 3"}},
        "return_share_missing",
        "return_model.share",
    ),
    "a return of nothing": (
        {"return_model": {**FLOW, "share": 0}},
        "returns_nothing",
        "return_model.share",
    ),
    "a single instalment": (
        {"return_model": {**FLOW, "lasts": 12, "instalment_every": 12}},
        "one_instalment",
        "return_model.instalment_every",
    ),
    "a write-down of nothing": (
        {
            "return_model": {"kind": "budget", "cite": "guide: 3"},
            "write_down": {"kind": "none", "cite": "guide: 3"},
        },
        "write_down_unused",
        "write_down",
    ),
    "a sum set aside later that is neither dated nor named": (
        {
            "funding": {
                "kind": "endowment",
                "cite": "guide: 1",
                "amount": 65_000_000,
                "decided": "2013",
                "total": 87_000_000,
                "first_raise": {"date": "2015", "amount": 10_000_000},
                "second_raise": {"date": "2016", "amount": 5_000_000},
            }
        },
        "sum_undated",
        "funding.total",
    ),
    "a return that ended before the guideline began": (
        {
            "return_model": {
                **FLOW,
                "transition": {"returns_before": "2018", "ends_after": "2018"},
            }
        },
        "return_never_applies",
        "return_model.transition.ends_after",
    ),
}


@pytest.mark.parametrize(("tables", "kind", "key"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_is_doubtful_is_found_at_its_place_and_nothing_else_is(
    look: Callable[..., tuple[Issue, ...]], tables: dict[str, Any], kind: str, key: str
) -> None:
    """One seeded doubt, one entry, and nothing wrong."""
    found = look(**tables)
    assert [(each.level, each.kind, each.key) for each in found] == [("doubtful", kind, key)]


def test_every_doubt_says_what_why_and_what_to_do_in_both_languages(
    look: Callable[..., tuple[Issue, ...]],
) -> None:
    """No text is left open, none is missing, and the languages differ."""
    for tables, _, _ in (*WRONG.values(), *DOUBTFUL.values()):
        for doubt in look(**tables):
            for words in (doubt.what, doubt.why, doubt.do):
                assert words.text("sv") != words.text("en")
                assert "{" not in (words.text("sv") + words.text("en")).replace("{ value", "")


def test_a_contradiction_names_what_it_contradicts(
    look: Callable[..., tuple[Issue, ...]],
) -> None:
    """The other demand is reported with its key and its words."""
    (doubt,) = look(**WRONG["a cap below what a criterion demands"][0])
    assert "criteria.one" in doubt.what.text("en")
    assert "500,000" in doubt.what.text("en")
    assert doubt.place == "toy.toml: caps.amount_per_investment"


def test_several_faults_are_reported_at_once(look: Callable[..., tuple[Issue, ...]]) -> None:
    """A file that cannot be read as a guideline is reported, not raised."""
    found = look(
        municipality=None,
        funding={"kind": "endowmint", "cite": "guide: 1"},
        terms={"in_force": {"value": "2020", "cite": f"report: {FILL_IN}"}},
    )
    assert [(each.kind, each.key) for each in found if each.level is Severity.WRONG] == [
        ("faulty", "municipality"),
        ("faulty", "funding.kind"),
        ("fill_in", "terms.in_force.cite"),
    ]
    assert "menades endowment?" in found[1].do.text("sv")


def test_a_document_named_in_a_reading_is_no_idle_one(
    look: Callable[..., tuple[Issue, ...]],
) -> None:
    """A reading may rest on a document that no value is cited to."""
    named = {"value": "2020", "cite": "report: 1", "reading": "So it says in Minutes 2020."}
    documents = {**DOCUMENTS, "minutes": {"title": "Minutes 2020"}}
    assert look(documents=documents, terms={"in_force": named}) == ()


def test_an_empty_table_states_nothing_and_needs_no_citation(
    look: Callable[..., tuple[Issue, ...]],
) -> None:
    """A procedure of which nothing is said is as if it were not there."""
    assert look(procedure={}) == ()


# --- between guidelines -------------------------------------------------------------


def _dated(toy: Toy, year: int, begun: str, ended: str | None = None) -> Guideline:
    terms = {"cite": "report: 1", "in_force": begun, **({"replaced": ended} if ended else {})}
    return evolve(toy(id=f"toy@{year}", terms=terms), origin=f"{year}.toml")


BETWEEN = {
    "one day to the next": ("2022-03-01", "2022-03-01", []),
    "not replaced": (None, "2022", [("wrong", "overlap")]),
    "replaced too late": ("2023", "2022", [("wrong", "overlap")]),
    "replaced too early": ("2020", "2022", [("doubtful", "gap")]),
    "replaced some time that year": ("2022", "2022-03", [("doubtful", "loose_dates")]),
}


@pytest.mark.parametrize(("ended", "begun", "expected"), BETWEEN.values(), ids=BETWEEN)
def test_gaps_and_overlaps_are_found_from_either_guideline(
    toy: Toy, registry_of: Of, ended: str | None, begun: str, expected: list[tuple[str, str]]
) -> None:
    """They stand at the older one's end, whichever is looked at."""
    known = registry_of(_dated(toy, 2019, "2019", ended), _dated(toy, 2022, begun))
    for id in known.ids:
        found = validate(known, known.policy(id))
        assert [(each.level, each.kind) for each in found] == expected
        assert {(each.file, each.key) for each in found} <= {("2019.toml", "terms.replaced")}


def test_a_what_if_is_no_guideline_next_to_its_base(toy: Toy, registry_of: Of) -> None:
    """It stands in its base's place, so the two do not overlap."""
    known = registry_of(_dated(toy, 2019, "2019", "2022"), _dated(toy, 2022, "2022"))
    what_if = Guideline({"base": "toy@2022", "title": "What if"}, "what-if.toml")
    assert validate(known, what_if) == ()
    assert validate(known, known.policy("toy@2022", ["criteria.areas.areas=3"])) == ()


def test_what_a_derived_guideline_cites_is_not_idle_in_its_base(toy: Toy, registry_of: Of) -> None:
    """A base may describe a document for those that build on it."""
    documents = {**DOCUMENTS, "minutes": {"title": "Minutes"}}
    terms = {"cite": "report: 1", "in_force": "2019", "replaced": "2022"}
    base = toy(id="toy@2019", documents=documents, terms=terms)
    later: dict[str, Any] = {"id": "toy@2022", "base": "toy@2019", "title": "Later"}
    later["terms"] = {"cite": "minutes: 1", "in_force": "2022", "replaced": "none"}
    known = registry_of(base, Guideline(later, "2022.toml"))
    assert validate(known, known.policy("toy@2019")) == ()


# --- sound guidelines ---------------------------------------------------------------


@given(data=st.data())
def test_a_sound_guideline_has_no_finding(
    look: Callable[..., tuple[Issue, ...]], data: st.DataObject
) -> None:
    """Whatever the values, as long as they fit together."""
    low = data.draw(st.integers(2, 40), label="least months")
    high = data.draw(st.integers(low, 60), label="most months")
    fund = data.draw(st.integers(10_001, 10**8), label="fund")
    share = data.draw(st.decimals("0.02", 1, places=2), label="share")
    floor = data.draw(st.decimals("0.01", share - Decimal("0.01"), places=2), label="floor")
    every = data.draw(st.integers(1, 24), label="every")
    found = look(
        funding={"kind": "endowment", "cite": "guide: 1", "amount": fund},
        criteria={
            **_time(low, high),
            "areas": {"kind": "minimum_areas", "cite": "guide: 2", "areas": low},
        },
        caps=_cap("amount_per_investment", data.draw(st.integers(10_000, fund - 1), label="cap")),
        return_model={
            **FLOW,
            "share": share,
            "bounded_by_effect": True,
            "floor": floor,
            "begins": "deadline",
            "begins_within": data.draw(st.integers(high, 100), label="within"),
            "instalment_every": every,
            "lasts": data.draw(st.integers(every + 1, 120), label="lasts"),
        },
    )
    assert found == ()


REGISTRY = registry(off=())
TOWNS = (
    "botkyrka", "gavleborg", "lulea", "malmo", "norrkoping", "nynashamn", "orebro", "skane",
    "sodertalje", "vingaker",
)  # fmt: skip


@pytest.mark.parametrize("town", TOWNS)
def test_no_bundled_guideline_or_record_is_wrong(town: str) -> None:
    """What is doubtful in them is known, and true of the sources."""
    found = validate_plugin(REGISTRY, town)
    assert [(each.level.value, each.kind) for each in found] == BUNDLED.get(town, [])


BUNDLED = {
    "gavleborg": [("doubtful", "return_unstated")],
    "lulea": [("doubtful", "return_unstated")] * 2 + [("doubtful", "track_never_grants")],
    "malmo": [("doubtful", "return_share_missing"), ("doubtful", "no_date")],
    "nynashamn": [("doubtful", "no_date")],
    "orebro": [("doubtful", "year_may_be_refused")],
    "skane": [("doubtful", "return_unstated")] * 2,
    "sodertalje": [("doubtful", "granted_before_any_guideline")] * 2,
    "vingaker": [("doubtful", "return_share_missing"), ("doubtful", "no_date")],
}
