"""Tracks (spår) in a simulation: the choice among them, their sub-pots, and their laws."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings, strategies as st

from sifrules import Event, FundPolicy, Guideline, Idea, Portfolio, Prospect, Registry
from sifrules.loading.toml import read_toml
from sifrules.policy.ledger import FUND, RESERVED
from sifrules_simulation import scenario
from sifrules_simulation.model.behaviours import FixedPropensity, ProspectTheory, Weighing
from sifrules_simulation.model.completion import fill_unstated, restated
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.replication import ReplicationSetup, simulate
from sifrules_simulation.model.world import world

PolicyOf = Callable[..., FundPolicy]
Lived = Callable[..., Portfolio]
FILE = Path("examples/what-ifs/three-tracks.toml")
CITED = {"cite": "guide: 2"}
MILLION = 100_000_000
NAMES = ("small", "health", "large")
RETURNED = {"kind": "return_flow", "share": 1, "begins": "plan", **CITED}
BUDGET = {"kind": "budget", **CITED}
FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def simulated(
    policy: FundPolicy,
    replication: int = 0,
    *,
    years: int = 8,
    off: tuple[str, ...] = (),
    behaviour: Any = Weighing(),  # noqa: B008 - a frozen value
    changed: dict[str, float] | None = None,
) -> Portfolio:
    """One replication in the default scenario, its books checked."""
    around = scenario("default").changed(changed or {})
    switches = Mechanisms.without(off)
    adapter = PolicyAdapter(policy, around, switches)
    setup = ReplicationSetup(adapter, behaviour.given(around.values), check=True)
    return simulate(setup, world(around, years, 7, replication, switches), years)


def story(portfolio: Portfolio) -> list[Any]:
    """All that became of every idea, and the balances, without names of tracks and rules."""
    hidden = {"track": None, "refused_by": (), "foreseen_by": (), "undecided_by": ()}
    return [*(evolve(life, **hidden) for life in portfolio.lives), tuple(portfolio.balances)]


def _tree() -> dict[str, Any]:
    return copy.deepcopy(read_toml(FILE))


def _built(registry: Registry, tree: dict[str, Any]) -> FundPolicy:
    return registry.built(Guideline(tree, "mine.toml"))


@pytest.fixture(scope="module")
def fund(everything: Registry) -> FundPolicy:
    """The example with three tracks."""
    return everything.policy(FILE)


# --- the example ----------------------------------------------------------------------


def test_a_fund_of_three_tracks_grants_on_each_and_settles_by_its_return_model(
    fund: FundPolicy,
) -> None:
    """Small grants return nothing, health projects half the saving, large ones up to the cost."""
    lives = [life for n in range(4) for life in simulated(fund, n, years=10).lives]
    granted = Counter(life.track for life in lives if life.granted)
    assert granted.keys() == set(NAMES)
    by_track = {name: [life for life in lives if life.track == name] for name in NAMES}
    assert not any(life.claimed for life in by_track["small"])
    assert all(0 <= life.claimed <= life.spent for life in by_track["health"])
    assert any(life.claimed for life in by_track["health"])
    assert any(life.claimed for life in by_track["large"])
    assert all(life.applied_for <= 1.5 * MILLION for life in by_track["small"] if life.granted)


def test_every_grant_is_met_on_its_track_by_the_same_rules_as_a_decision(fund: FundPolicy) -> None:
    """What was granted on a track that demands an area or a subject has it."""
    for life in simulated(fund, 1).granted:
        areas = int(life.idea.facts["application.areas"])
        assert areas >= {"small": 1, "health": 2, "large": 3}[str(life.track)]
        assert life.track != "health" or life.idea.facts["application.public_health"]


# --- laws -----------------------------------------------------------------------------


@FEW
@given(st.integers(0, 1_000), st.floats(0.1, 1.5), st.floats(0, 1))
def test_a_fund_whose_only_track_holds_its_clauses_is_the_fund_without_tracks(
    everything: Registry, replication: int, mission: float, cashable: float
) -> None:
    """Draw for draw: that clauses stand in a track changes nothing by itself."""
    tree = _tree()
    del tree["track"]
    clauses = {
        "return_model": {**RETURNED, "cite": "draft: § 7"},
        "caps": {"few": {"kind": "new_investments_per_year", "limit": 2, "cite": "draft: § 7"}},
    }
    whole = _built(everything, {**tree, **clauses})
    inside = {name: tree.pop(name) for name in ("criteria", "procedure")}
    track = {"title": "All", "cite": "draft: § 7", **inside, **clauses}
    divided = _built(everything, {**tree, "track": {"all": track}})
    changed = {"behaviour.mission_weight": mission, "effects.cashable": cashable}
    found = [simulated(each, replication, changed=changed) for each in (whole, divided)]
    assert story(found[0]) == story(found[1])


@FEW
@given(st.integers(0, 1_000), st.sampled_from([Weighing(), ProspectTheory()]))
def test_what_a_track_is_called_changes_nothing(
    everything: Registry, fund: FundPolicy, replication: int, behaviour: Any
) -> None:
    """Other names and titles give the same portfolio, track for track."""
    other = {"small": "zeta", "health": "alpha", "large": "midway"}
    tree = _tree()
    tree["track"] = {
        other[name]: {**table, "title": other[name]} for name, table in tree["track"].items()
    }
    renamed = simulated(_built(everything, tree), replication, behaviour=behaviour)
    before = simulated(fund, replication, behaviour=behaviour)
    assert story(renamed) == story(before)
    assert [life.track for life in renamed.lives] == [
        other.get(str(life.track)) for life in before.lives
    ]


@pytest.mark.parametrize("replication", range(3))
def test_the_money_of_the_tracks_is_the_fund_and_no_grant_exceeds_its_own(
    fund: FundPolicy, replication: int
) -> None:
    """At every posting each sub-pot is at nothing or above; together they are the balance."""
    portfolio = simulated(fund, replication)
    lives = {f"idea {life.idea.number}": life for life in portfolio.lives}
    left: Counter[str] = Counter()
    for posting in portfolio.ledger.postings:
        for (account, pot), sign in ((posting.debit, 1), (posting.credit, -1)):
            if account == FUND:
                left[pot] += sign * posting.amount
                assert left[pot] >= 0
        if posting.reason == "grant":
            life = lives[posting.investment]
            assert posting.credit == (FUND, "" if life.track == "large" else life.track)
            assert posting.debit[0] == RESERVED
    assert sum(left.values()) == portfolio.balances[-1] == portfolio.ledger.available


# --- the choice -----------------------------------------------------------------------


def _two(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    return {
        "one": {"title": "One", **CITED, **first},
        "two": {"title": "Two", **CITED, **second},
    }


@pytest.mark.parametrize("behaviour", [Weighing(1.0, 0.5), ProspectTheory(1.0, 2.25)])
@pytest.mark.parametrize(
    ("tracks", "chosen"), [((BUDGET, RETURNED), "one"), ((RETURNED, BUDGET), "two")]
)
def test_a_committee_takes_its_idea_to_the_track_that_serves_it_best(
    policy_of: PolicyOf,
    idea: Callable[..., Idea],
    lived: Lived,
    tracks: tuple[dict[str, Any], dict[str, Any]],
    chosen: str,
    behaviour: Any,
) -> None:
    """It keeps its saving where nothing is claimed, wherever that track stands."""
    policy = policy_of(track=_two(*({"return_model": model} for model in tracks)))
    (life,) = lived(policy, idea(), behaviour=behaviour).lives
    assert (life.track, life.granted) == (chosen, True)


def test_of_tracks_that_serve_alike_the_first_is_taken(
    policy_of: PolicyOf, idea: Callable[..., Idea], lived: Lived
) -> None:
    """Also by a behaviour that sees nothing."""
    policy = policy_of(track=_two({"return_model": BUDGET}, {"return_model": BUDGET}))
    for behaviour in (Weighing(), FixedPropensity(1.0)):
        assert [life.track for life in lived(policy, idea(), behaviour=behaviour).lives] == ["one"]


def test_a_track_whose_demands_are_not_met_is_not_taken(
    policy_of: PolicyOf, idea: Callable[..., Idea], lived: Lived
) -> None:
    """The better one demands three areas: the idea has two, and goes to the other."""
    three = {"wide": {"kind": "minimum_areas", "areas": 3, **CITED}}
    policy = policy_of(
        track=_two({"return_model": BUDGET, "criteria": three}, {"return_model": RETURNED})
    )
    events: list[Event] = []
    (life,) = lived(policy, idea(), watching=(events.append,)).lives
    assert (life.track, life.granted) == ("two", True)
    (told,) = [event for event in events if event.step == "track_chosen"]
    assert told.what.sv == "nämnden väljer spåret Two"
    assert [citation.place for citation in told.citations] == ["2"]


def test_a_behaviour_without_a_valuation_of_its_own_goes_by_the_balance(
    policy_of: PolicyOf, idea: Callable[..., Idea], lived: Lived
) -> None:
    """What it expects to gain less what it expects to pay decides among the tracks."""

    class Applies:
        name, words = "applies", FixedPropensity.words

        def given(self, parameters: Any) -> Applies:
            return self

        def applies(self, prospect: Prospect) -> bool:
            return True

    policy = policy_of(track=_two({"return_model": RETURNED}, {"return_model": BUDGET}))
    (life,) = lived(policy, idea(), behaviour=Applies()).lives
    assert life.track == "two"


# --- sub-pots -------------------------------------------------------------------------


def test_a_sub_pot_bounds_what_its_track_grants(
    policy_of: PolicyOf, idea: Callable[..., Idea], lived: Lived
) -> None:
    """Money for one idea in the sub-pot: the second waits in vain, though the fund has more."""
    fund = {"kind": "endowment", "amount": 5_000_000, **CITED}
    track = {"one": {"title": "One", "pot": {"amount": 1_500_000}, **CITED, "return_model": BUDGET}}
    ideas = [idea(number) for number in range(2)]
    portfolio = lived(policy_of(funding=fund, track=track, return_model=None), *ideas)
    assert [life.granted for life in portfolio.lives] == [True, False]
    assert portfolio.balances[-1] == 380 * MILLION // 100
    unbound = lived(policy_of(funding=fund, track=track), *ideas, off=("depletion",))
    assert [life.granted for life in unbound.lives] == [True, True]


def test_what_is_left_in_sub_pots_is_shared_out_anew_or_stays(
    policy_of: PolicyOf, lived: Lived
) -> None:
    """Ten million a year: 2 for one that gives its rest back, 30 % for one that keeps it."""
    pots: dict[str, Any] = {
        "one": {"amount_a_year": 2_000_000, "rest": "to_fund"},
        "two": {"share": Decimal("0.3"), "rest": "stays"},
    }
    tracks = {name: {"title": name, "pot": pot, **CITED} for name, pot in pots.items()}
    tracks["three"] = {"title": "three", **CITED}
    money = {"kind": "yearly_pot", "amount": 10_000_000, "rolls_over": True, **CITED}
    ledger = lived(policy_of(funding=money, track=tracks), years=3).ledger
    assert {name: ledger.left(name) for name in ("one", "two", "")} == {
        "one": 2 * MILLION,
        "two": (300 + 360 + 360) * MILLION // 100,
        "": (3000 - 200 - 1020) * MILLION // 100,
    }


def test_what_lapses_of_the_fund_lapses_in_its_sub_pots_too(
    policy_of: PolicyOf, lived: Lived
) -> None:
    """Of a yearly pot that lapses nothing is left over, not even where a rest stays."""
    tracks = {
        "one": {"title": "One", "pot": {"amount_a_year": 2_000_000, "rest": "stays"}, **CITED}
    }
    money = {"kind": "yearly_pot", "amount": 10_000_000, **CITED}
    ledger = lived(policy_of(funding=money, track=tracks), years=3).ledger
    assert (ledger.left("one"), ledger.left("")) == (2 * MILLION, 8 * MILLION)


def test_a_cap_on_a_track_counts_that_track_alone(
    policy_of: PolicyOf, idea: Callable[..., Idea], lived: Lived
) -> None:
    """One new investment a year on the track: what the other track granted does not count."""
    one = {"few": {"kind": "new_investments_per_year", "limit": 1, **CITED}}
    three = {"wide": {"kind": "minimum_areas", "areas": 3, **CITED}}
    policy = policy_of(
        funding={"kind": "endowment", "amount": 9_000_000, **CITED},
        track=_two(
            {"criteria": three, "return_model": BUDGET}, {"caps": one, "return_model": RETURNED}
        ),
    )
    wide = {**idea().facts, "application.areas": 3}
    ideas = [idea(0, facts=wide), idea(1, facts=wide), idea(2), idea(3)]
    lives = lived(policy, *ideas, behaviour=Weighing()).lives
    assert [life.track for life in lives] == ["one", "one", "two", "two"]
    assert [life.granted_in for life in lives] == [6, 6, 6, 12]
    free = lived(policy, *ideas, off=("cap",), behaviour=Weighing()).lives
    assert [life.granted_in for life in free] == [6, 6, 6, 6]


# --- what the guideline leaves open ---------------------------------------------------


def test_a_share_that_a_track_does_not_state_is_the_scenarios(everything: Registry) -> None:
    """The assumption is reported by its path, and another draw restates it on the track alone."""
    silent = everything.policy(FILE, ["track.large.return_model.share=none"])
    default = scenario("default")
    filled, assumed = fill_unstated(everything, silent, default)
    assert [each.partition("=")[0] for each in assumed] == ["track.large.return_model.share"]
    drawn = default.changed({"unstated.return_share": 0.25})
    for policy, share in (
        (filled, default.parameters.unstated.return_share),
        (restated(filled, assumed, drawn), 0.25),
    ):
        model: Any = policy.on_track("large").return_model
        assert model.share == Decimal(f"{share:.4f}")
        other: Any = policy.on_track("health").return_model
        assert other.split == Decimal("0.50")
