"""Other tools: the EMA workbench, SALib, pymoo and plain functions give what we give."""

from __future__ import annotations

import pickle
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

import sifrules
from sifrules import Experiment, SifError, compare, experiment, salib_problem, search

LEVERS = {"return_model.share": (0.0, 1.0), "return_model.floor": [0.0, 0.3]}
WORLD = {"ideas.flow": (4.0, 12.0), "behaviour.horizon": "scenario"}
OUTCOMES = ["applications", "granted"]
SMALL: dict[str, Any] = {"replications": 2, "years": 3}


@pytest.fixture(scope="module")
def function() -> Experiment:
    """A small experiment as a function."""
    return experiment("orebro@2016", LEVERS, WORLD, OUTCOMES, **SMALL)


def test_a_function_of_a_dict_gives_what_a_comparison_gives(function: Experiment) -> None:
    """The means over the same worlds, with the same levers and parameters."""
    found = function({"return_model.share": 0.5, "ideas.flow": 9.0})
    policy = sifrules.registry().policy("orebro@2016", ["return_model.share=0.5"])
    world = sifrules.scenario().changed({"ideas.flow": 9.0})
    compared = compare(policy, scenario=world, jobs=1, **SMALL)
    for name in OUTCOMES:
        assert found[name] == pytest.approx(compared.mean(policy.id, name).mean)
    assert function(return_model__share=0.5, ideas__flow=9.0) == found
    with pytest.raises(SifError, match=r"ideas\.flo"):
        function({"ideas.flo": 9})


def test_it_can_be_sent_to_another_process(function: Experiment) -> None:
    """Pickled it is the same function, without the plugins that are there as well."""
    again = pickle.loads(pickle.dumps(function))
    values = {"return_model.share": 0.25, "ideas.flow": 6.0}
    assert again(values) == function(values)


def test_plugins_that_were_given_go_along_to_another_process() -> None:
    """The registry of a function is not exchanged for what is installed there."""
    few = sifrules.registry(off=["skane"])
    again = pickle.loads(pickle.dumps(experiment("orebro@2016", None, None, "ideas", registry=few)))
    assert again._registry_here().ids == few.ids != sifrules.registry().ids


def test_salib_samples_and_analyses_it(function: Experiment) -> None:
    """The problem that SALib is given has every name, and its points can be evaluated."""
    pytest.importorskip("SALib")
    from SALib.sample import sobol

    problem = salib_problem(function)
    assert problem["names"] == [*LEVERS, "ideas.flow", "behaviour.horizon"]
    assert problem["bounds"][1] == [0.0, 2.0]
    points = sobol.sample(problem, 1, calc_second_order=False)
    found = function.evaluate(points[:2])
    assert found.shape == (2, 2)
    first = dict(zip(problem["names"], points[0], strict=True))
    first["return_model.floor"] = LEVERS["return_model.floor"][int(points[0][1])]
    assert list(function(first).values()) == found[0].tolist()
    skewed = experiment("orebro@2016", {}, {"ideas.flow": stats.gamma(2)}, ["grants"])
    with pytest.raises(SifError, match="gamma"):
        salib_problem(skewed)


def test_what_does_not_change_is_worked_out_once(function: Experiment) -> None:
    """A lever that was set before is not set again; how long one takes is in benchmarks."""
    levers = {"return_model.floor": LEVERS["return_model.floor"][0]}
    first = function(levers)
    made = dict(function._made)
    assert function(levers) == first
    assert function._made == made


# --- the EMA workbench ------------------------------------------------------------------


@pytest.fixture
def ema() -> Iterator[Any]:
    """The workbench, without what it warns of on import."""
    pytest.importorskip("pandas")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield pytest.importorskip("ema_workbench")


@pytest.mark.parametrize("processes", [0, pytest.param(2, marks=pytest.mark.once)])
def test_a_model_of_the_workbench_runs_sequentially_and_on_processes(
    ema: Any, processes: int
) -> None:
    """Each experiment of the workbench is what the function gives for its values."""
    model = sifrules.ema.model(
        "orebro@2016", LEVERS, {"ideas.flow": (4.0, 12.0)}, OUTCOMES, **SMALL
    )
    function = experiment("orebro@2016", LEVERS, {"ideas.flow": (4.0, 12.0)}, OUTCOMES, **SMALL)
    evaluator = (
        ema.MultiprocessingEvaluator(model, processes)
        if processes
        else ema.SequentialEvaluator(model)
    )
    with evaluator as running:
        rows, outcomes = running.perform_experiments(scenarios=2, policies=2)
    assert len(rows) == 4
    for number, row in enumerate(rows.to_dict("records")):
        names = ("return_model__share", "return_model__floor", "ideas__flow")
        found = function(**{name: row[name] for name in names})
        assert found["granted"] == outcomes["granted"][number]


@pytest.mark.once
def test_the_workbenchs_own_prim_finds_the_region_of_a_synthetic_model(ema: Any) -> None:
    """A made-up measure is high where ideas are many and little is returned: that is found."""
    from ema_workbench.analysis.prim import Prim

    def made_up(portfolio: sifrules.Portfolio) -> float:
        """High where more than eight ideas flow in and committees look less than 60 months on."""
        given = portfolio.parameters
        return float(given["ideas.flow"] > 8 and given["behaviour.horizon"] < 60)

    model = sifrules.ema.model(
        "orebro@2016", None, {"ideas.flow": (4.0, 12.0), "behaviour.horizon": (24, 120)}, ["ideas"],
        measures=[made_up], replications=1, years=1,
    )  # fmt: skip
    with ema.SequentialEvaluator(model) as running:
        rows, outcomes = running.perform_experiments(scenarios=300)
    inputs = rows[["ideas__flow", "behaviour__horizon"]].astype(float)  # it peels no whole numbers
    with warnings.catch_warnings():  # it uses what the newest pandas warns of
        warnings.simplefilter("ignore")
        box = Prim(inputs, outcomes["made_up"] > 0.5, threshold=0.8).find_box()
    limits = box.box_lims[-1]
    assert limits["ideas__flow"][0] == pytest.approx(8, abs=0.5)
    assert limits["behaviour__horizon"][1] == pytest.approx(60, abs=5)


def test_directions_for_a_search_are_those_of_the_workbench(ema: Any) -> None:
    """Outcomes are maximised or minimised as they are said to be."""
    model = sifrules.ema.model(
        "orebro@2016", {"return_model.share": (0.0, 1.0)}, None,
        {"application_uptake": "maximise", "months_exhausted": "minimise"}, **SMALL,
    )  # fmt: skip
    kinds = {each.name: each.kind for each in model.outcomes}
    assert kinds["application_uptake"] == ema.ScalarOutcome.MAXIMIZE
    assert kinds["months_exhausted"] == ema.ScalarOutcome.MINIMIZE
    with pytest.raises(SifError, match="lower"):
        sifrules.ema.model("orebro@2016", LEVERS, None, {"grants": "lower"})


# --- a search ---------------------------------------------------------------------------


# The oldest pymoo uses a name that numpy deprecates.
@pytest.mark.filterwarnings("ignore:`row_stack` alias:DeprecationWarning")
def test_a_search_finds_no_combination_that_another_is_better_than() -> None:
    """What is left are trade-offs: along the front one outcome rises as the other falls."""
    pytest.importorskip("pymoo")
    found = search(
        "orebro@2016", {"return_model.share": (0.0, 1.0)},
        maximise=["application_uptake", "returned"],
        evaluations=30, jobs=1, replications=1, years=6,
    )  # fmt: skip
    values = found.select("application_uptake", "returned").to_numpy()
    assert len(values)
    for one in values:
        assert not ((values >= one).all(axis=1) & (values > one).any(axis=1)).any()
    assert found["return_model.share"].is_between(0, 1).all()


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """What needs an extra that is not installed says which."""
    monkeypatch.setitem(sys.modules, "pymoo.algorithms.moo.nsga2", None)
    with pytest.raises(SifError, match="explore"):
        search("orebro@2016", {"return_model.share": (0.0, 1.0)}, maximise=["grants"])


def test_points_are_taken_by_name_and_never_folded() -> None:
    """A frame's columns go by their names; rows of another width are refused, and not folded."""
    grants = sifrules.experiment(
        "orebro@2016", {"return_model.share": (0.0, 1.0)}, {"ideas.flow": (4.0, 12.0)},
        "ideas", replications=1, years=2,
    )  # fmt: skip
    frame = pl.DataFrame({"ideas.flow": [5.0, 11.0], "return_model.share": [0.5, 0.5]})
    assert np.array_equal(grants.evaluate(frame), grants.evaluate([[0.5, 5.0], [0.5, 11.0]]))
    with pytest.raises(SifError, match="2 columns"):
        grants.evaluate([[0.5, 8, 3], [0.2, 4, 3]])
    with pytest.raises(SifError, match=r"ideas\.flow.*missing"):
        grants.evaluate(frame.drop("ideas.flow"))


@pytest.mark.parametrize("place", [-1, 4, float("nan"), "0.3", None])
def test_a_place_that_a_list_of_values_does_not_have_is_refused(place: object) -> None:
    """It is not counted from the end, nor taken for the last; a text may be one of the list."""
    floors = {"return_model.floor": [0.0, 0.15, 0.3]}
    alike = {"structure.claims_horizon": ["none", "savings"]}
    grants = sifrules.experiment(
        "orebro@2016", floors, alike, "grants", replications=1, years=1
    )  # fmt: skip
    assert np.array_equal(grants.evaluate([[1, "savings"]]), grants.evaluate([[1.4, 1.0]]))
    with pytest.raises(SifError, match=r"return_model\.floor: there is no place"):
        grants.evaluate([[place, 0]])


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_lever_of_an_experiment_is_a_number(value: float) -> None:
    """One that is none is refused by its path."""
    months = {"return_model.begins_within": (24.0, 60.0)}
    grants = sifrules.experiment("sodertalje@2015", months, None, "grants", replications=1)
    with pytest.raises(SifError, match=r"return_model\.begins_within: expected a number"):
        grants({"return_model.begins_within": value})


@pytest.mark.parametrize("value", [-3, float("nan"), "x", None])
def test_a_parameter_of_an_experiment_stays_within_its_bounds(value: object) -> None:
    """What a parameter cannot be is refused by its path."""
    flow = sifrules.experiment("orebro@2016", None, ["ideas.flow"], "ideas", replications=1)
    with pytest.raises(SifError, match=r"ideas\.flow"):
        flow({"ideas.flow": value})


def test_a_distribution_is_cut_off_in_other_tools_as_here() -> None:
    """A normal one is cut off at what the parameter can be; others are refused where they are."""
    wide = sifrules.experiment("orebro@2016", None, {"ideas.flow": stats.norm(2, 5)}, "ideas")
    problem = sifrules.salib_problem(wide)
    assert problem["dists"] == ["truncnorm"]
    assert problem["bounds"] == [[0.0, 1000.0, 2.0, 5.0]]
    long = sifrules.experiment(
        "orebro@2016", None, {"ideas.flow": stats.lognorm(s=2, scale=50)}, "ideas"
    )
    with pytest.raises(SifError, match="cut it off"):
        sifrules.salib_problem(long)


def test_what_the_scenario_leaves_open_is_named_by_one_word() -> None:
    """``uncertainties="scenario"`` is the same to `experiment` as to `explore`."""
    whole = sifrules.experiment("orebro@2016", None, "scenario", "ideas")
    explored = sifrules.explore(
        "orebro@2016", None, "scenario", "ideas", draws=2, replications=1, years=1, jobs=1
    )
    assert tuple(whole.uncertainties) == explored.uncertainties
