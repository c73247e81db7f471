"""The world: drawn once, from named streams, the same for every policy."""

from __future__ import annotations

import re
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from sifrules import Fact, Idea, Kind, LocalizedText, SifError
from sifrules_simulation import Mechanisms, compare, scenario
from sifrules_simulation.model.arrivals import poisson
from sifrules_simulation.model.streams import RandomStreams
from sifrules_simulation.model.world import World, world

BASE = scenario("default")


def _world(years: int = 6, replication: int = 3, off: tuple[str, ...] = (), **values: Any) -> World:
    around = BASE.changed({name.replace("__", "."): value for name, value in values.items()})
    return world(around, years, 11, replication, Mechanisms.without(off))


def _without(idea: Idea, *names: str) -> dict[str, object]:
    return {key: value for key, value in attrs.asdict(idea).items() if key not in names}


def test_the_same_seed_and_replication_give_the_same_world() -> None:
    """And another replication another one."""
    assert _world().ideas == _world().ideas
    assert _world().ideas != _world(replication=4).ideas


def test_changing_a_clause_changes_no_draw(everything: Any, monkeypatch: Any) -> None:
    """Every policy and every change of one is run on the very same ideas and surpluses."""
    from sifrules_simulation.experiments import cells

    seen: list[tuple[object, ...]] = []
    real = cells.simulate

    def watched(setup: Any, around: World, years: int) -> Any:
        seen.append((around.draws.replication, around.ideas, around.surplus))
        return real(setup, around, years)

    monkeypatch.setattr(cells, "simulate", watched)
    policies = ["orebro@2016", "norrkoping@2022"]
    changes = ["return_model.floor=0.0", "caps.new_investments=none", "return_model.kind=budget"]
    changed = [everything.policy("orebro@2016", [change]) for change in changes]
    compare([*policies, *changed], replications=2, years=4, registry=everything)
    compare(["sodertalje@2015"], replications=2, years=4, registry=everything)
    for replication in (0, 1):
        worlds = [each[1:] for each in seen if each[0] == replication]
        assert len(worlds) == 6
        assert all(each == worlds[0] for each in worlds)


def test_streams_are_independent_of_each_other() -> None:
    """Another cost changes costs and what follows from them, nothing else."""
    for one, other in zip(_world().ideas, _world(ideas__cost_median=1_000_000).ideas, strict=True):
        follow = ("cost", "effect", "outside", "human", "believed_effect", "believed_human")
        assert one.cost > other.cost
        assert _without(one, *follow) == _without(other, *follow)


def test_running_work_is_as_likely_as_its_origin_says() -> None:
    """Civil society's ideas by one chance, the municipality's own by another."""
    ideas = _world(ideas__regular_civil=1, ideas__regular=0).ideas
    assert {idea.origin for idea in ideas} == {"civil_society", "internal"}
    assert all(idea.regular == (idea.origin == "civil_society") for idea in ideas)


def test_an_idea_expected_to_have_no_effect_in_the_municipality_has_none() -> None:
    """And nobody believes that it has; what it gives people is as before."""
    for one, other in zip(
        _world(effects__in_municipality=0).ideas,
        _world(effects__in_municipality=1).ideas,
        strict=True,
    ):
        assert (one.effect, one.believed_effect) == (0, 0)
        assert other.effect > 0
        assert one.human == other.human
        assert one.facts["application.municipal_effects"] is False


def test_more_years_keep_the_earlier_ideas() -> None:
    """A longer run simulates the same first years."""
    longer = {idea.number: idea for idea in _world(years=12).ideas}
    for idea in _world(years=6).ideas:
        assert longer[idea.number] == idea


def test_novelty_changes_only_when_waiting_ideas_come() -> None:
    """Without it the stock comes evenly; what the ideas are is as before."""
    fresh, even = _world(years=15), _world(years=15, off=("novelty",))
    drawn = {idea.number: idea for idea in even.ideas}
    for idea in fresh.ideas:
        assert _without(idea, "arises") == _without(drawn[idea.number], "arises")
    assert np.mean([i.arises for i in fresh.ideas]) < np.mean([i.arises for i in even.ideas])


def test_size_scales_the_ideas_and_can_be_switched_off() -> None:
    """Twice the inhabitants, about twice the ideas; off, as at 100,000."""

    def count(**values: Any) -> float:
        return float(np.mean([len(_world(replication=n, **values).ideas) for n in range(20)]))

    large = {"municipality__population": 200_000}
    assert count(**large) == pytest.approx(2 * count(), rel=0.2)
    assert count(off=("organisation_size",), **large) == count()


@given(mean=st.floats(0.01, 30), low=st.floats(0, 0.999), more=st.floats(0, 0.999))
def test_a_count_rises_with_its_draw_and_its_mean(mean: float, low: float, more: float) -> None:
    """So that runs with other rates stay comparable, draw for draw."""
    high = max(low, more)
    assert poisson(mean, low) <= poisson(mean, high)
    assert poisson(mean, low) <= poisson(mean * 1.5, low)


@given(mean=st.floats(0.01, 60), u=st.floats(0, 1 - 1e-9))
def test_a_count_is_the_quantile_of_the_poisson_distribution(mean: float, u: float) -> None:
    """The first count that scipy's distribution function reaches the draw at, but for rounding."""
    count = poisson(mean, u)
    assert stats.poisson.cdf(count - 1, mean) - 1e-12 <= u <= stats.poisson.cdf(count, mean) + 1e-12


@pytest.mark.parametrize("mean", [400.0, 746.0, 5_000.0])
@pytest.mark.parametrize("u", [1e-9, 0.5, 1 - 1e-9])
def test_a_large_count_is_the_quantile_too(mean: float, u: float) -> None:
    """Also where the chance of none at all is too small to be a number: there is not nothing."""
    assert poisson(mean, u) == stats.poisson.ppf(u, mean)


def test_counts_arepoisson() -> None:
    """Mean and variance are those of the distribution."""
    draws = np.random.default_rng(1).random(20_000)
    counts = [poisson(3.0, float(u)) for u in draws]
    assert np.mean(counts) == pytest.approx(3.0, abs=0.05)
    assert np.var(counts) == pytest.approx(3.0, abs=0.15)


def test_gains_are_shared_exactly() -> None:
    """Whose costs fall always sums to the whole."""
    for idea in _world(years=15).ideas:
        assert sum(idea.gains.values()) == 1


def test_named_streams_differ() -> None:
    """Two names give unrelated numbers."""
    draws = RandomStreams(1, 0)
    one, other = draws.uniform("a", 1000), draws.uniform("b", 1000)
    assert abs(float(np.corrcoef(one, other)[0, 1])) < 0.15


@pytest.mark.parametrize(
    ("kind", "possible"),
    [
        (Kind.FLAG, {True, False}),
        (Kind.CHOICE, {"a", "b"}),
        (Kind.COUNT, set(range(1, 6))),
        (Kind.MONTHS, set(range(6, 49))),
        (Kind.SHARE, set(range(0, 10_100, 100))),
        (Kind.MONEY, set()),
        (Kind.YEAR, set()),
    ],
)
def test_a_plugins_own_fact_is_made_up_within_its_kind(kind: Kind, possible: set[object]) -> None:
    """A value for every idea, the same each time; amounts and years stay missing."""
    fact = Fact("our.own", kind, LocalizedText(sv="egen", en="own"), ("a", "b"))
    around = _world(years=15)
    values = around.own_fact(fact, 0.5)
    assert values == _world(years=15).own_fact(fact, 0.5)
    assert set(values.values()) <= possible
    assert len(values) == (len(around.ideas) if possible else 0)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("ideas.cost_spread", 100.0, "an idea would cost or bring more than 100,000"),
        ("effects.belief_noise", 100.0, "lower ideas.cost_median"),
        ("municipality.size_elasticity", 100.0, "can be simulated: at most 2000000"),
        ("ideas.flow", 1_000.0, "lower ideas.stock, ideas.flow"),
    ],
)
def test_a_scenario_beyond_all_that_is_reckoned_with_is_refused(
    path: str, value: float, says: str
) -> None:
    """In words, before anything is simulated: amounts past 64 bits were other amounts."""
    name = path.replace(".", "__")
    with pytest.raises(SifError, match=re.escape(says)):
        _world(years=60, municipality__population=20_000_000, **{name: value})


@pytest.mark.parametrize("kind", [Kind.COUNT, Kind.MONTHS])
def test_a_plugins_own_number_is_made_up_within_its_own_bounds(kind: Kind) -> None:
    """So that a demand within them is met by some ideas."""
    words = LocalizedText(sv="egen", en="own")
    values = _world(years=15).own_fact(Fact("our.own", kind, words, least=60, most=90), 0.5)
    assert set(values.values()) <= set(range(60, 91))
    assert len(set(values.values())) > 10
