"""Tracks (spår): where an application goes, by both engines and in tables, and how it settles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from sifrules import (
    FactError,
    FundPolicy,
    Investment,
    Kind,
    Month,
    Outcome,
    Stage,
    decide,
    decide_many,
    registry,
)
from sifrules.rules.engines import durable_fault
from sifrules.values.money import ore

FUND: FundPolicy = registry().policy(Path("examples/what-ifs/three-tracks.toml"))
ENGINES = ("compiled",) if durable_fault() else ("durable", "compiled")
NAMES = [each.name for each in FUND.tracks]
#: Meets what every track demands.
FITS = {
    "application.applicant": "committee",
    "application.regular_operations": False,
    "application.areas": 3,
    "application.cost": 1_000_000,
    "application.duration": 12,
    "application.public_health": True,
    "application.evaluable": True,
    "parts.description": True,
    "parts.budget": True,
    "parts.evaluation_plan": True,
}
_VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.FLAG: st.booleans(),
    Kind.COUNT: st.integers(1, 4),
    Kind.MONEY: st.sampled_from([0, 1_500_000, 1_500_001, 4_000_001, 9_000_000]),
    Kind.MONTHS: st.integers(11, 13),
}
#: What rules of the tracks read, by name.
READ = {
    fact.name: fact
    for seen in FUND.on_tracks
    for fact in seen.rulebook.vocabulary.values()
    if fact.name != "fund.exists"
}
_DTYPES = {Kind.FLAG: pl.Boolean, Kind.CHOICE: pl.String}
SCHEMA = {
    "application.track": pl.String,
    **{name: _DTYPES.get(fact.kind, pl.Int64) for name, fact in READ.items()},
}


def _one(name: str) -> st.SearchStrategy[Any]:
    fact = READ[name]
    values = st.sampled_from(fact.options) if fact.options else _VALUES[fact.kind]
    return st.one_of(st.none(), values, values, values)


APPLICATIONS = st.fixed_dictionaries(
    {
        "application.track": st.one_of(st.none(), st.none(), st.sampled_from(NAMES)),
        **{name: st.one_of(st.just(FITS.get(name)), _one(name)) for name in READ},
    }
)


def test_an_application_goes_to_the_first_track_whose_demands_it_meets() -> None:
    """It meets those of all three: the first of the guideline is its track, all are reported."""
    decision = decide(FUND, FITS)
    assert (decision.track, decision.outcome) == ("small", Outcome.ELIGIBLE)
    assert {each.track: each.outcome for each in decision.tracks} == dict.fromkeys(
        NAMES, Outcome.ELIGIBLE
    )


@pytest.mark.parametrize(
    ("change", "track", "refusing"),
    [
        ({"application.cost": 2_000_000}, "health", ["track.small.caps.size"]),
        ({"application.duration": 13, "application.evaluable": False}, "large", None),
        ({"application.areas": 1}, "small", []),
    ],
)
def test_what_belongs_on_a_track_decides_where_it_goes(
    change: dict[str, object], track: str, refusing: list[str] | None
) -> None:
    """Amount, time and criteria send an application on, with the rules that speak against."""
    decision = decide(FUND, {**FITS, **change})
    assert (decision.track, decision.outcome) == (track, Outcome.ELIGIBLE)
    if refusing is not None:
        (small,) = (each for each in decision.tracks if each.track == "small")
        assert [finding.rule.id for finding in small.refusals] == refusing


def test_an_application_that_names_its_track_is_tried_on_that_one_alone() -> None:
    """It is refused there though it would fit another."""
    decision = decide(FUND, {**FITS, "application.cost": 2_000_000, "application.track": "small"})
    assert (decision.track, decision.outcome) == ("small", Outcome.NOT_ELIGIBLE)
    assert [each.track for each in decision.tracks] == ["small"]


def test_a_track_that_does_not_exist_is_refused_with_those_that_do() -> None:
    """One message names what was expected, and the nearest."""
    with pytest.raises(FactError, match=r"one of small, health, large, got 'smal'.*small"):
        decide(FUND, {**FITS, "application.track": "smal"})


def test_where_no_track_fits_the_nearest_one_gives_the_reasons() -> None:
    """The track with fewest demands that are not met."""
    facts = {**FITS, "application.areas": 2, "application.cost": 9_000_000}
    decision = decide(FUND, {**facts, "application.public_health": False})
    assert (decision.track, decision.outcome) == ("small", Outcome.NOT_ELIGIBLE)
    assert [len(each.refusals) for each in decision.tracks] == [1, 2, 1]


def test_an_open_track_leaves_the_answer_open_unless_another_fits() -> None:
    """What is missing is reported for the tracks that it would settle."""
    facts = {**FITS, "application.cost": 2_000_000, "application.areas": 2}
    decision = decide(FUND, {**facts, "application.public_health": None})
    assert (decision.track, decision.outcome) == ("health", Outcome.CANNOT_TELL)
    assert decision.missing == ("application.public_health",)


# A table takes its time whatever its length: few of them, and long ones.
@settings(max_examples=12, deadline=None)
@given(st.lists(APPLICATIONS, min_size=8, max_size=20))
def test_both_engines_and_tables_send_every_application_to_the_same_track(
    rows: list[dict[str, Any]],
) -> None:
    """Outcome, track, missing facts and the verdicts of the track are the same in all three."""
    table = decide_many(FUND, pl.DataFrame(rows, schema=SCHEMA), stages=Stage)
    for row, decided in zip(rows, table.iter_rows(named=True), strict=True):
        for engine in ENGINES:
            decision = decide(FUND, row, stages=Stage, engine=engine)
            got = (decided["outcome"], decided["track"], tuple(decided["missing"]))
            assert got == (decision.outcome, decision.track, decision.missing)
            here = {f"rule:{each.rule.id}": each.verdict for each in decision.findings}
            verdicts = {name: value for name, value in decided.items() if name.startswith("rule:")}
            assert {name: value for name, value in verdicts.items() if value is not None} == here


@settings(max_examples=100, deadline=None)
@given(APPLICATIONS)
def test_a_decision_on_a_named_track_is_that_of_the_policy_on_the_track(row: Any) -> None:
    """The fund adds nothing to the track's decision, and the first that fits is its answer."""
    facts = {name: value for name, value in row.items() if name != "application.track"}
    alone = {name: decide(FUND.on_track(name), facts, engine="compiled") for name in NAMES}
    named = {
        name: decide(FUND, {**facts, "application.track": name}, engine="compiled")
        for name in NAMES
    }
    assert {n: d.findings for n, d in named.items()} == {n: d.findings for n, d in alone.items()}
    free = decide(FUND, facts, engine="compiled")
    fits = [name for name in NAMES if alone[name].outcome is Outcome.ELIGIBLE]
    assert (free.outcome is Outcome.ELIGIBLE) is bool(fits)
    assert not fits or free.track == fits[0]


def test_a_cap_on_a_track_counts_what_the_track_granted() -> None:
    """Two new investments on the track are its limit, whatever the fund has granted."""
    facts: dict[str, object] = {
        **FITS,
        "application.track": "large",
        "fund.available": 10_000_000,
        "fund.new_investments_this_year": 9,
        "track.available": 1_000_000,
    }
    rule = "track.large.caps.few"
    for new, verdict in ((1, "met"), (2, "not_met")):
        tried = {**facts, "track.new_investments_this_year": new}
        assert decide(FUND, tried, stages=["allocation"])[rule].verdict == verdict
    tight = {**facts, "track.available": 999_999, "track.new_investments_this_year": 0}
    refusals = decide(FUND, tight, stages=["allocation"]).refusals
    assert [finding.rule.id for finding in refusals] == ["track.large.balance"]


def _of(track: str | None, effect: int) -> Investment:
    facts = {} if track is None else {"application.track": track}
    return Investment(
        cost=ore(1_000_000), start=Month(2026, 3), months=12, effect=ore(effect), facts=facts
    )


@pytest.mark.parametrize(
    ("track", "effect", "back"),
    [("small", 900_000, 0), ("health", 900_000, 450_000), ("large", 900_000, 900_000)],
)
def test_an_investment_is_settled_by_the_return_model_of_its_track(
    track: str, effect: int, back: int
) -> None:
    """Nothing, half the saving, and the whole cost within the effect."""
    assert FUND.settle(_of(track, effect)).total == ore(back)


def test_without_its_track_what_an_investment_returns_is_not_known() -> None:
    """The answer is open and says what has to be known."""
    found = FUND.settle(_of(None, 900_000))
    assert not found.settled
    assert found.reason is not None
    assert "application.track" in found.reason.en
