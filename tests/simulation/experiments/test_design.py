"""Experiments: the same bytes every time, failures reported, what is done saved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

import sifrules
from sifrules import (
    Clause,
    Event,
    FundPolicy,
    Investment,
    LedgerError,
    LocalizedText,
    Measure,
    Part,
    Portfolio,
    Prospect,
    Registry,
    Settlement,
    SifError,
    WriteDown,
    hookimpl,
)
from sifrules_simulation import Comparison, compare, scenario
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.planning import comparison_design
from sifrules_simulation.experiments.runner import run, spans
from sifrules_simulation.model.measures import MEASURES, SHOWN
from sifrules_simulation.model.mechanisms import NAMES

GOLDEN = Path(__file__).parent / "golden.csv"
TRIO = ("norrkoping@2010", "orebro@2016", "sodertalje@2015")


def _bytes(result: Comparison) -> bytes:
    """All numbers of a comparison, to the last bit."""
    frames = (result.frame, result.runs, result.yearly, result.balances)
    return b"".join(frame.write_csv().encode() for frame in frames)


# --- the same seed, the same bytes --------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_on_every_python() -> None:
    """Means of a short run are those that were once written down, digit for digit."""
    result = compare(TRIO, replications=4, years=8)
    lines = ["policy,measure,mean"]
    lines += [
        f"{policy},{measure},{result.mean(policy, measure).mean!r}"
        for policy in result.labels
        for measure in result.measures
    ]
    assert "\n".join(lines) + "\n" == GOLDEN.read_text("utf-8")


@pytest.mark.once
def test_any_number_of_processes_gives_the_same_bytes() -> None:
    """One, two or three: chunks are the same, and put together in the same order."""
    results = [compare(TRIO, replications=45, years=3, jobs=jobs) for jobs in (1, 2, 3)]
    assert _bytes(results[0]) == _bytes(results[1]) == _bytes(results[2])


def test_another_seed_gives_other_numbers() -> None:
    """The seed is not for show."""
    one, other = (compare(TRIO, replications=4, years=4, seed=seed) for seed in (1, 2))
    assert _bytes(one) != _bytes(other)


def test_a_replication_is_the_same_alone_as_among_others() -> None:
    """What is reproduced by its number is what was run."""
    whole = compare(TRIO, replications=20, years=4).runs
    registry = sifrules.registry()
    experiment = comparison_design(registry, TRIO, years=4)
    (piece,) = run(experiment, spans(experiment, 1, start=17), Running())
    column = whole.columns[2]
    row = whole.row(by_predicate=(_is("orebro@2016", 17)), named=True)
    assert piece.values is not None
    assert piece.values.values[0, 1, 0] == row[column]


def _is(policy: str, replication: int) -> Any:
    import polars as pl

    return (pl.col("policy") == policy) & (pl.col("replication") == replication)


@pytest.mark.parametrize("policy", [p.id for p in sifrules.registry().policies])
def test_both_engines_give_the_same_run_event_for_event(
    policy: str, everything: Registry, durable_engine: Any
) -> None:
    """The reference engine and the compiled one: one story."""
    stories: list[list[Event]] = []
    for engine in ("compiled", "durable"):
        reported: list[Event] = []
        plan = comparison_design(everything, [policy], years=6, engine=engine, check=True)
        plan.portfolio(0, 1, reported.append)
        stories.append(reported)
    assert stories[0] == stories[1]
    assert len(stories[0]) > 50


# --- switches -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def switched(everything: Registry) -> Callable[..., Comparison]:
    """Compares in a scenario with a mechanism off, and once for all with none off."""
    tight = everything.policy("orebro@2016", ["caps.new_investments.limit=1"])
    policies = [tight, "norrkoping@2010", "norrkoping@2022"]

    @cache
    def run(scenario: str, *off: str) -> Comparison:
        return compare(policies, replications=6, scenario=scenario, off=off)

    return run


@pytest.mark.once
@pytest.mark.parametrize("switch", NAMES)
def test_each_switch_alone_changes_something(
    switch: str, switched: Callable[..., Comparison]
) -> None:
    """Every mechanism is at work somewhere, and off when it is off."""
    scenario = "norrkoping" if switch == "organisation_size" else "default"
    on, off = switched(scenario), switched(scenario, switch)
    names = [name for name in on.measures if name not in ("ideas", "viable_ideas")]
    assert on.runs.select(names).rows() != off.runs.select(names).rows()


def test_without_a_return_flow_nothing_is_returned() -> None:
    """The switch does what it says."""
    result = compare(["orebro@2016"], replications=5, off=["return_flow"])
    assert result.mean("orebro@2016", "returned").mean == 0


# --- measures -----------------------------------------------------------------------


def test_every_measure_says_what_it_is_in_both_languages() -> None:
    """Words, unit and formula; names are unique, and what tables show exists."""
    names = [measure.name for measure in MEASURES]
    assert len(set(names)) == len(names)
    assert set(SHOWN) <= set(names)
    for measure in MEASURES:
        assert measure.unit in ("SEK", "share", "count", "months")
        assert measure.words.sv
        assert measure.formula.en


def test_frames_are_tidy_and_say_where_they_come_from(everything: Registry) -> None:
    """A row a run, with the seed and what it depends on next to the outcomes."""
    result = compare(TRIO, replications=3, years=2)
    assert result.runs.shape[0] == 9
    beside = {"seed", "scenario", "behaviour", "version", "policy_hash", "plugins_hash"}
    for frame in (result.runs, result.frame, result.yearly, result.balances):
        assert beside <= set(frame.columns)
    assert result.yearly.shape[0] == 3 * 2 * 5
    assert result.balances.shape[0] == 3 * 24
    changed = everything.policy("orebro@2016", ["return_model.floor=0.0"])
    other = compare(["orebro@2016", changed], replications=1, years=1).runs
    assert other["policy_hash"].n_unique() == 2


def test_a_comparison_shows_itself_as_a_table_of_html() -> None:
    """What a notebook shows: the usual measures of every policy; nothing is taken for a tag."""
    result = compare(TRIO, replications=2, years=2)
    page = result._repr_html_()
    assert page.count("<tr>") == 1 + len(TRIO) * len(SHOWN)
    assert all(f"&quot;{name}&quot;" in page for name in (*TRIO, *SHOWN))
    assert "<table" in page
    assert "<script" not in page


# --- what plugins bring -------------------------------------------------------------


class _Breaks:
    """A behaviour that raises the so-and-so-manieth time it is asked."""

    name = "breaks"
    words = LocalizedText(sv="går sönder", en="breaks")

    def __init__(self, after: int) -> None:
        self.left = after

    def given(self, parameters: Any) -> _Breaks:
        return self

    def applies(self, prospect: Prospect) -> bool:
        self.left -= 1
        if self.left < 0:
            raise ZeroDivisionError("no such thing")
        return True


class _Bringing:
    """A plugin with a behaviour, a measure and an observer."""

    def __init__(self, after: int = 10**9, fails_in: int | None = None) -> None:
        self.behaviour = _Breaks(after)
        self.fails_in = fails_in
        self.seen: list[Event] = []

    @hookimpl
    def sifrules_behaviours(self) -> list[_Breaks]:
        return [self.behaviour]

    @hookimpl
    def sifrules_measures(self) -> list[Measure]:
        words = LocalizedText(sv="vår", en="ours")
        return [Measure("our_measure", words, "count", words, self.compute)]

    def compute(self, portfolio: Portfolio) -> float:
        if portfolio.replication == self.fails_in:
            raise ValueError("not for this one")
        return float(len(portfolio.granted))

    @hookimpl
    def sifrules_observers(self) -> list[Callable[[Event], None]]:
        return [self.seen.append]


def _with(plugin: _Bringing) -> Registry:
    return sifrules.registry(extra={"bringing": plugin})


def test_a_plugins_measure_is_a_column_and_its_observer_is_called() -> None:
    """What comes by hook is used like our own."""
    plugin = _Bringing()
    result = compare(TRIO, replications=2, years=3, registry=_with(plugin), jobs=1)
    for policy in TRIO:
        ours = result.mean(policy, "our_measure").mean
        assert ours == result.mean(policy, "grants").mean
    assert {event.step for event in plugin.seen} >= {"arises", "set_aside"}


@pytest.mark.once
def test_an_observer_sees_every_event_however_many_processes_are_asked_for() -> None:
    """What it gathers on two processes is what it gathers on one."""
    one, two = _Bringing(), _Bringing()
    for plugin, jobs in ((one, 1), (two, 2)):
        compare(TRIO, replications=45, years=1, registry=_with(plugin), jobs=jobs)
    assert two.seen == one.seen != []


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_a_measure_that_is_not_finite_is_a_failed_measure(
    value: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The replication is left out and reported, and no infinity comes into what is saved."""
    plugin = _Bringing()
    compute = plugin.compute
    monkeypatch.setattr(
        plugin, "compute", lambda each: value if each.replication == 1 else compute(each)
    )
    result = compare(TRIO, replications=3, years=1, registry=_with(plugin), jobs=1)
    (failed,) = result.failures
    assert (failed.replication, result.replications) == (1, 2)
    assert failed.error.startswith("the measure our_measure: expected a finite number")
    json.dumps(result.as_json(), allow_nan=False)


@pytest.mark.once
def test_a_behaviour_that_raises_is_reported_with_its_replication_and_the_rest_is_saved() -> None:
    """One message that says how to see it again; whole replications before it are there."""
    plugin = _Bringing(after=300)
    result = compare(
        ["orebro@2016"],
        replications=200,
        behaviour="breaks",
        registry=_with(plugin),
        jobs=1,
        seed=5,
        years=14,
        off=["cap"],
        scenario=scenario("orebro").assuming(("ideas.flow=4",)),
    )
    assert result.failure is None
    assert result.runs["replication"].to_list() == list(range(result.replications))
    assert [each.replication for each in result.failures] == list(range(result.replications, 200))
    first = result.failures[0]
    assert (first.policy, first.seed) == ("orebro@2016", 5)
    assert first.error == "ZeroDivisionError: no such thing"
    assert first.command == (
        "sif simulate orebro@2016 --scenario orebro --assume ideas.flow=4.0 --years 14 "
        f"--behaviour breaks --off cap --seed 5 --trace {result.replications}"
    )


@pytest.mark.once
def test_a_measure_that_raises_in_replication_37_is_reported_as_that() -> None:
    """The measure, the replication; the other 59 are there, of every policy."""
    plugin = _Bringing(fails_in=37)
    pair = ["vingaker@undated", "orebro@2016"]
    result = compare(pair, replications=60, years=1, registry=_with(plugin), jobs=1)
    assert result.replications == 59
    assert result.mean("orebro@2016", "ideas").count == 59
    assert set(range(60)) - set(result.runs["replication"]) == {37}
    (failure,) = result.failures
    assert failure.error == "the measure our_measure: ValueError: not for this one"
    assert (failure.policy, failure.replication) == ("vingaker@undated", 37)


def test_where_every_replication_fails_that_is_an_error() -> None:
    """There is nothing to compare, and the first failure says why."""
    result = compare(
        TRIO, replications=3, years=1, behaviour="breaks", registry=_with(_Bringing(0))
    )
    assert result.replications == 0
    assert len(result.failures) == 3
    reported = str(result.failure)
    assert reported.startswith(
        "every replication failed, the first in replication 0 of norrkoping@2010"
    )
    assert "ZeroDivisionError: no such thing; see it with: sif simulate norrkoping@2010" in reported


def test_books_that_do_not_hold_together_stop_a_checked_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The check can be switched on in any run, and is reported like any failure."""
    from sifrules import Ledger

    def broken(self: Ledger) -> None:
        raise LedgerError("debits do not equal credits")

    monkeypatch.setattr(Ledger, "check", broken)
    assert compare(TRIO, replications=1, years=1).failure is None
    failed = compare(TRIO, replications=1, years=1, check=True)
    assert "debits do not equal credits" in str(failed.failure)


# --- precision ----------------------------------------------------------------------


@pytest.mark.once
def test_a_run_stops_when_a_difference_is_known_closely_enough() -> None:
    """No sooner and no later than the look at which it is; the replications are reported."""
    pair = ["norrkoping@2010", "norrkoping@2022"]
    asked: dict[str, Any] = {"years": 2, "jobs": 1}
    rough = compare(pair, replications=400, **asked, precision=("application_uptake", 0.2))
    assert rough.replications == 50
    fine = compare(pair, replications=400, **asked, precision=("application_uptake", 0.03))
    assert fine.replications > 50
    width = fine.difference(pair[1], "application_uptake").half_width
    assert width is not None
    assert width <= 0.03
    never = compare(pair, replications=60, **asked, precision=("application_uptake", 1e-9))
    assert never.replications == 60


# --- what is refused ----------------------------------------------------------------

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "zero replications": ({"replications": 0}, "expected replications from 1"),
    "no years": ({"years": 0}, "expected years from 1 to 100, got 0"),
    "a negative seed": ({"seed": -1}, "expected seed from 0"),
    "an unknown switch": ({"off": ["caps"]}, "no mechanism 'caps'; did you mean cap"),
    "an unknown behaviour": ({"behaviour": "weigh"}, "did you mean weighing"),
    "an unknown scenario": ({"scenario": "norkoping"}, "did you mean norrkoping"),
    "an unknown engine": ({"engine": "fast"}, "no engine 'fast'"),
    "a baseline that is not there": ({"baseline": "malmo@2016"}, "not among the policies"),
    "a policy twice": ({"policies": ["orebro@2016", "orebro@2016"]}, "named twice"),
    "precision of an unknown measure": (
        {"precision": ("uptake", 0.1)},
        "no measure 'uptake'",
    ),
    "no precision at all": ({"precision": ("grants", 0.0)}, "half-width above 0"),
    "precision of one policy": (
        {"policies": ["orebro@2016"], "precision": ("grants", 0.1)},
        "name two policies",
    ),
}


@pytest.mark.parametrize(("asked", "reported"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_run_is_refused_before_it_is(asked: dict[str, Any], reported: str) -> None:
    """One clear message each."""
    with pytest.raises(SifError, match=reported):
        compare(**{"policies": TRIO, "replications": 1, "years": 1, **asked})


class _Unclear:
    """A return model whose claims cannot be determined."""

    path = "return_model"

    def settle(self, investment: Investment, write_down: WriteDown | None) -> Settlement:
        return Settlement(reason=LocalizedText(sv="oklart", en="it is unclear"), settled=False)

    def clauses(self) -> Iterator[Clause]:
        return iter(())


def test_a_return_that_cannot_be_determined_is_refused_with_what_to_do(
    policy_of: Callable[..., FundPolicy],
) -> None:
    """A policy whose claims nobody can work out is not simulated as if it had none."""
    policy = evolve(policy_of(), return_model=_Unclear())
    with pytest.raises(SifError, match="toy@2020 cannot be simulated: it is unclear; change"):
        compare([policy], replications=1, years=1)


def test_a_funding_that_says_nothing_of_years_is_refused_with_what_to_do(
    policy_of: Callable[..., FundPolicy],
) -> None:
    """A plugin's own kind of fund must say what it is given each year."""
    policy = evolve(policy_of(), funding=Part(path="funding"))
    with pytest.raises(SifError, match="cannot be simulated; give its part opening, put_in"):
        compare([policy], replications=1, years=1)


def test_two_files_of_one_id_are_both_named(everything: Registry, tmp_path: Path) -> None:
    """They are two policies: what is wrong is the id, and the files are said."""
    files = [tmp_path / "a.toml", tmp_path / "b.toml"]
    for file in files:
        file.write_text('id = "mine@2020"\nbase = "orebro@2016"\n', "utf-8")
    with pytest.raises(SifError, match=r"a\.toml and .*b\.toml both have the id mine@2020"):
        comparison_design(everything, files)
