"""Calibration: what is known is found again, and what is not learnt is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from sifrules import FundPolicy, Portfolio, Registry, SifError
from sifrules.loading.history import Grant, History
from sifrules.values.citations import Citation
from sifrules.values.dates import PartialDate
from sifrules.values.money import Ore
from sifrules.values.text import Language
from sifrules_simulation.analysis.calibration import ENOUGH, Calibration, calibrated
from sifrules_simulation.analysis.observations import Record, observed
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.sampling import draws, uncertain
from sifrules_simulation.model.mechanisms import ALL_ON
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.replication import ReplicationSetup, simulate
from sifrules_simulation.model.scenarios import Scenario, scenario
from sifrules_simulation.model.world import world
from sifrules_simulation.presentation.worded_study import calibration_in_words

pytestmark = pytest.mark.once

YEARS = 4
CITED = Citation("A simulation")
OPEN = {"ideas.flow": (1.0, 20.0), "ideas.stock": (2.0, 60.0)}
TRUTH = {"ideas.flow": 15.0, "ideas.stock": 12.0}


def _opened(ranges: Mapping[str, tuple[float, float]]) -> Scenario:
    """The default scenario with nothing uncertain but these, and room for every project."""
    around = scenario("default").changed(
        {"municipality.capacity": 100, "municipality.committees": 4}
    )
    stated = {
        path: evolve(each, low=each.value, high=each.value) for path, each in around.stated.items()
    }
    for path, (low, high) in ranges.items():
        stated[path] = evolve(stated[path], low=low, high=high)
    return evolve(around, stated=stated)


@pytest.fixture(scope="module")
def policy(policy_of: Callable[..., FundPolicy]) -> FundPolicy:
    """A fund with more money than anybody asks for, and nothing to pay back."""
    rich = {"kind": "endowment", "cite": "guide: 1", "amount": 5_000_000_000}
    return policy_of(funding=rich, return_model=None)


def _lived(policy: FundPolicy, around: Scenario, registry: Registry, seed: int) -> Portfolio:
    behaviour = registry.behaviours["weighing"].given(around.values)
    setup = ReplicationSetup(PolicyAdapter(policy, around, ALL_ON), behaviour)
    return simulate(setup, world(around, YEARS, seed, 0, ALL_ON), YEARS)


def _history(key: str, portfolio: Portfolio, around: Scenario) -> History:
    """A simulated fund's grants, written down as a record."""
    last = around.begins + (12 * YEARS - 1)
    return History(
        key=key,
        municipality=key.title(),
        until=PartialDate.parse(str(last)),
        grants=tuple(
            Grant(
                name=f"idea {life.idea.number}",
                granted=PartialDate.parse(str(around.begins + (life.granted_in or 0))),
                amount=Ore(life.applied_for),
                cite=CITED,
            )
            for life in portfolio.granted
        ),
        complete={"granted": CITED},
    )


def _records(
    policy: FundPolicy, registry: Registry, around: Scenario, truth: Mapping[str, float]
) -> list[Record]:
    """Records of two municipalities simulated in the same true world, each with its own draws."""
    records = []
    for seed, key in enumerate(("here", "there"), start=1001):
        portfolio = _lived(policy, around.with_values(truth), registry, seed)
        numbers = observed(_history(key, portfolio, around), around)
        records.append(
            Record(
                key=key,
                municipality=key.title(),
                policy=policy,
                scenario=around,
                observed=numbers,
            )
        )
    return records


@pytest.fixture(scope="module")
def records(policy: FundPolicy, everything: Registry) -> list[Record]:
    """Two records out of a world that is known."""
    return _records(policy, everything, _opened(OPEN), TRUTH)


Calibrating = Callable[..., Calibration]


@pytest.fixture(scope="module")
def calibrating(records: Sequence[Record], everything: Registry) -> Calibrating:
    """Calibrates on the two records."""

    def calibrate(**options: Any) -> Calibration:
        given = {
            "records": records,
            "scenario": _opened(OPEN),
            "running": Running(jobs=1),
            **options,
        }
        return calibrated(everything, **given)

    return calibrate


@pytest.fixture(scope="module")
def found(calibrating: Calibrating) -> Calibration:
    """What was found out of the known world's records."""
    return calibrating(draws=576, accept=0.15)


# --- recovering what is known ---------------------------------------------------------


def test_known_parameters_are_found_again(found: Calibration) -> None:
    """The truth lies within each interval, and what the record says most of is narrowed."""
    rows = {row.path: row for row in found.parameters}
    assert set(rows) == set(TRUTH)
    for path, truth in TRUTH.items():
        saved = rows[path].posterior
        assert saved is not None
        assert saved.holds(truth), path
    for path in ("ideas.flow", "ideas.stock"):
        assert rows[path].learnt, path
        assert (rows[path].width or 1) < 0.9, path


def test_another_truth_is_distinguished_from_the_first(
    policy: FundPolicy, everything: Registry, found: Calibration
) -> None:
    """Few new ideas and many that waited: the posterior moves with the world it came from."""
    around = _opened(OPEN)
    other = {**TRUTH, "ideas.flow": 3.0, "ideas.stock": 45.0}
    records = _records(policy, everything, around, other)
    result = calibrated(
        everything,
        records=records,
        scenario=around,
        draws=384,
        accept=0.15,
        running=Running(jobs=1),
    )
    medians = [
        {row.path: row.posterior.median for row in each.parameters if row.posterior}
        for each in (found, result)
    ]
    assert medians[1]["ideas.flow"] < medians[0]["ideas.flow"]
    assert medians[1]["ideas.stock"] > medians[0]["ideas.stock"]
    flow = next(row for row in result.parameters if row.path == "ideas.flow")
    assert flow.posterior is not None
    assert flow.posterior.holds(3.0)


def test_the_one_left_out_is_foreseen_better_than_before(found: Calibration) -> None:
    """Each record is foreseen by the other's draws: closer together, and mostly right."""
    assert [row.observed.municipality for row in found.predicted] == ["here"] * 4 + ["there"] * 4
    for row in found.predicted:
        assert row.posterior is not None
        assert row.posterior.high - row.posterior.low < row.prior.high - row.prior.low
    assert found.coverage.of == 8
    assert found.coverage.inside >= 6
    assert found.prior_coverage.of == 8


def test_the_result_is_plain_data_in_both_languages(found: Calibration) -> None:
    """JSON takes it, and the notes say what it rests on."""
    reported = json.loads(json.dumps(found.as_json()))
    assert reported["accepted"] == found.accepted == round(0.15 * 576)
    assert reported["municipalities"] == {"here": "toy@2020", "there": "toy@2020"}
    lessons = {each["parameter"]: each["said"] for each in _in_words(found, "sv")["parameters"]}
    assert lessons["ideas.flow"] in ("högre än antaget", "lägre än antaget", "snävare")
    assert any("2 municipalities" in note for note in _in_words(found, "en")["notes"])


def _in_words(found: Calibration, lang: Language) -> dict[str, Any]:
    return calibration_in_words(found.as_json(), lang)


# --- the same every time --------------------------------------------------------------


def test_any_number_of_processes_gives_the_same_and_another_seed_another(
    calibrating: Calibrating,
) -> None:
    """Draws are numbered, and put together in order; each is reported once."""
    ticks: list[int] = []
    few = {"draws": 80, "accept": 0.7}
    one, two = (
        calibrating(**few, running=Running(tick=ticks.append)),
        calibrating(**few, running=Running(jobs=2)),
    )
    assert sum(ticks) == 80 * 2
    assert np.array_equal(one.posterior.kept, two.posterior.kept)
    assert one.as_json() == two.as_json()
    assert calibrating(**few, seed=2).as_json() != one.as_json()


# --- the posterior as draws -----------------------------------------------------------


def test_the_posterior_is_put_into_the_ranges_of_any_scenario(found: Calibration) -> None:
    """The same draws by number, each municipality in its own ranges."""
    around = _opened({"ideas.flow": (100.0, 200.0)})
    drawn = found.posterior.draws(around)
    assert (drawn.origin, drawn.paths, len(drawn)) == ("posterior", ("ideas.flow",), found.accepted)
    assert 100 <= drawn.values.min() <= drawn.values.max() <= 200
    assert drawn.world(0).value("ideas.flow") == drawn.row(0)[0]


def test_what_is_accepted_are_draws_that_a_study_of_the_same_seed_makes(found: Calibration) -> None:
    """A study can therefore look at its own draws that are like the record."""
    around = _opened(OPEN)
    made, saved = draws(around, 576, 1), found.posterior.draws(around)
    assert np.array_equal(made.values[saved.numbers], saved.values)


# --- what cannot be told --------------------------------------------------------------


def test_too_few_accepted_draws_give_no_interval_and_say_so(calibrating: Calibrating) -> None:
    """Neither what is foreseen nor the parameters get an interval, nor can they be drawn."""
    result = calibrating(draws=40, accept=0.1)
    assert result.accepted == 4
    words = _in_words(result, "en")
    assert "too few draws accepted (4, at least 50 are needed)" in words["notes"][0]
    assert all(row.posterior is None and row.inside is None for row in result.predicted)
    assert all(row.posterior is None and row.learnt is None for row in result.parameters)
    said = _in_words(result, "sv")["parameters"][0]["said"]
    assert said == "för få godtagna dragningar"
    assert result.coverage.interval is None
    with pytest.raises(SifError, match=f"has 4 draws, at least {ENOUGH} are"):
        result.posterior.draws(_opened(OPEN))


def test_nothing_is_learnt_where_all_are_accepted(calibrating: Calibrating) -> None:
    """The posterior is then the prior, and the words say that nothing was learnt."""
    result = calibrating(draws=64, accept=1.0)
    assert {row.width for row in result.parameters} == {1.0}
    words = _in_words(result, "en")
    assert {each["said"] for each in words["parameters"]} == {"nothing new: as before"}
    assert any("says nothing about them" in note for note in words["notes"])


def test_records_that_are_all_alike_are_refused(policy: FundPolicy, everything: Registry) -> None:
    """Where nobody ever takes up an idea, no draw is nearer than another."""
    around = _opened({"behaviour.effort": (5_000.0, 40_000.0)}).with_values({"ideas.attention": 0})
    records = _records(policy, everything, around, {})
    with pytest.raises(SifError, match="every draw gives the same record"):
        calibrated(everything, records=records, scenario=around, draws=4, running=Running(jobs=1))


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"draws": 1}, "expected from 2 to"),
        ({"draws": 10, "accept": 0.0}, "share above 0"),
        ({"draws": 10, "accept": 1.5}, "share above 0"),
        ({"draws": 10, "behaviour": "weihging"}, "no behaviour 'weihging'; did you mean weighing"),
        ({"draws": 10, "records": ()}, "needs two records, got 0"),
    ],
)
def test_what_is_impossible_is_refused_before_anything_runs(
    calibrating: Calibrating, options: dict[str, Any], wrong: str
) -> None:
    """Each mistake is named."""
    with pytest.raises(SifError, match=wrong):
        calibrating(**options)


def test_a_scenario_without_uncertainty_is_refused(
    calibrating: Calibrating, records: Sequence[Record]
) -> None:
    """There is nothing to calibrate."""
    sure = _opened({})
    certain = [evolve(each, scenario=sure) for each in records]
    with pytest.raises(SifError, match="no parameter is uncertain"):
        calibrating(draws=10, records=certain, scenario=sure)


def test_a_draw_that_fails_is_named(
    calibrating: Calibrating, records: Sequence[Record], policy: FundPolicy
) -> None:
    """With its number, its municipality and its seed."""
    broken = evolve(policy, funding=policy.terms)
    with pytest.raises(SifError, match="toy@2020: a Terms cannot be simulated"):
        calibrating(draws=4, records=[evolve(each, policy=broken) for each in records])
    negative = [
        evolve(each, scenario=each.scenario.with_values({"municipality.committees": 0}))
        for each in records
    ]
    with pytest.raises(SifError, match=r"draw 0 of here \(seed 1\) failed: \w+"):
        calibrating(draws=4, records=negative)


def test_a_municipality_puts_a_draw_into_its_own_ranges(everything: Registry) -> None:
    """The bundled records, a few draws: every open parameter of the default world is in it."""
    result = calibrated(everything, draws=4, accept=0.5, running=Running(jobs=1))
    assert {row.path for row in result.parameters} == set(uncertain(scenario()))
    assert {"norrkoping", "orebro", "sodertalje"} <= set(result.municipalities)
    assert result.threshold > 0
