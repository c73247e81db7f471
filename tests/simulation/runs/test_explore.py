"""Explorations: every input beside every outcome, the same however they are run."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from attrs import evolve, fields, frozen
from polars.testing import assert_frame_equal
from scipy import stats

import sifrules
from sifrules import Exploration, FundPolicy, SifError, compare, explore, registry
from sifrules_policies import ReturnFlow
from sifrules_simulation.experiments.exploration import Space, spread_of
from sifrules_simulation.experiments.levers import lever_named
from sifrules_simulation.model.fingerprints import of_policy
from sifrules_simulation.runs.explore_plan import read_plan

LEVERS = {"return_model.share": [0.25, 1.0], "return_model.floor": [0.0, 0.3]}
WORLD = {"behaviour.horizon": "scenario", "ideas.flow": (4, 12)}
FEW: dict[str, Any] = {"replications": 1, "years": 1, "jobs": 1}
SMALL = {"draws": 3, "replications": 2, "years": 3, "jobs": 1}


@pytest.fixture(scope="module")
def found() -> Exploration:
    """A small exploration."""
    return explore("orebro@2016", LEVERS, WORLD, ["applications", "granted"], **SMALL)


def test_the_frame_has_every_input_beside_every_outcome(found: Exploration) -> None:
    """A row for each variant, draw and replication, with a key, levers, parameters, outcomes."""
    runs = found.runs
    assert runs.columns == [
        "experiment", "policy", "variant", "draw", "replication",
        "return_model.share", "return_model.floor", "ideas.flow", "behaviour.horizon",
        "applications", "granted",
    ]  # fmt: skip
    assert len(runs) == 4 * 3 * 2 == runs["experiment"].n_unique()
    assert runs.unique("variant")["return_model.share"].sort().to_list() == [0.25, 0.25, 1.0, 1.0]
    assert runs["ideas.flow"].is_between(4, 12).all()
    assert runs.group_by("draw").n_unique()["ideas.flow"].to_list() == [1, 1, 1]


def test_a_row_is_what_a_comparison_with_its_values_gives(found: Exploration) -> None:
    """The levers and parameters that a row states are those that it was simulated with."""
    row = found.runs.row(-1, named=True)
    settings = [f"{path}={row[path]}" for path in LEVERS]
    policy = sifrules.registry().policy("orebro@2016", settings)
    world = sifrules.scenario().changed({path: row[path] for path in WORLD})
    number = row["draw"] * 2 + row["replication"]
    again = sifrules.compare(policy, scenario=world, replications=number + 1, years=3, jobs=1)
    assert again.runs["granted"][-1] == row["granted"]
    assert again.runs["applications"][-1] == row["applications"]


def test_it_is_the_same_on_two_processes(found: Exploration) -> None:
    """Processes share the work and change nothing."""
    two = explore("orebro@2016", LEVERS, WORLD, ["applications", "granted"], **{**SMALL, "jobs": 2})
    assert_frame_equal(two.runs, found.runs)


def test_means_and_summary_follow_from_the_rows(found: Exploration) -> None:
    """Means are those of the replications, the summary's those of the draws."""
    by_hand = found.runs.group_by("variant", "draw").agg(pl.col("granted").mean())
    assert found.means["granted"].sum() == pytest.approx(by_hand["granted"].sum())
    summary = found.summary.filter(outcome="granted", variant=2)["mean"].item()
    assert summary == pytest.approx(by_hand.filter(variant=2)["granted"].mean())


def test_a_run_that_was_stopped_is_resumed_by_the_same_call(
    found: Exploration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is saved is not run again, and the tables are the same as without a stop."""
    from sifrules_simulation.experiments import explored

    work, done = explored._one_batch, []

    def interrupted(*task: Any) -> Any:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(task)
        return work(*task)

    asked = ("orebro@2016", LEVERS, WORLD, ["applications", "granted"])
    monkeypatch.setattr(explored, "_one_batch", interrupted)
    half = explore(*asked, **SMALL, out=tmp_path / "out")
    assert half.stopped
    assert len(half.values) == 2
    done.clear()
    monkeypatch.setattr(explored, "_one_batch", lambda *task: done.append(task) or work(*task))
    whole = explore(*asked, **SMALL, out=tmp_path / "out")
    assert len(done) == 1
    assert_frame_equal(whole.runs, found.runs)
    assert_frame_equal(sifrules.table(tmp_path / "out", "runs").collect(), found.runs)
    with pytest.raises(SifError, match="finished run"):
        explore(*asked, **{**SMALL, "seed": 2}, out=tmp_path / "out")


def test_another_function_of_the_same_name_is_another_run(tmp_path: Path) -> None:
    """What was saved by one measure or behaviour of one's own is not taken for that of another."""

    def factor(by: int) -> Any:
        def scaled(portfolio: Any) -> float:
            return float(by * len(portfolio.lives))

        return scaled

    asked: Any = {"draws": 2, "replications": 1, "years": 1, "jobs": 1, "out": tmp_path / "out"}
    once = explore("orebro@2016", {}, {}, ["ideas"], **asked, measures=[factor(1)])
    assert once.outcomes == ("ideas", "scaled")
    with pytest.raises(SifError, match="measure scaled"):
        explore("orebro@2016", {}, {}, ["ideas"], **asked, measures=[factor(2)])
    again = explore("orebro@2016", {}, {}, ["ideas"], **asked, measures=[factor(1)])
    assert_frame_equal(once.runs, again.runs)


_FACTOR = 1.0


def _scaled(number: int) -> float:
    return _FACTOR * number


def grants_scaled(portfolio: Any) -> float:
    """grants, scaled"""
    return _scaled(len(portfolio.granted))


def test_what_an_own_measure_reads_and_calls_is_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number at the top of its script, read by what it calls, changes what is saved."""
    asked: Any = {"draws": 1, "replications": 1, "years": 1, "jobs": 1, "out": tmp_path / "out"}
    explore("orebro@2016", {}, {}, ["ideas"], **asked, measures=[grants_scaled])
    monkeypatch.setitem(globals(), "_FACTOR", 2.0)
    with pytest.raises(SifError, match="measure grants_scaled"):
        explore("orebro@2016", {}, {}, ["ideas"], **asked, measures=[grants_scaled])


def test_a_lever_that_only_some_policies_take_is_noted() -> None:
    """A policy without the clause is simulated as it is, and that is said."""
    two = explore(
        ["orebro@2016", "norrkoping@2022"], {"return_model.floor": [0.0, 0.3]}, None, ["grants"],
        replications=1, years=2, jobs=1,
    )  # fmt: skip
    assert two.runs["return_model.floor"].to_list() == [0.0, 0.3, None]
    (note,) = two.plan.notes
    assert "norrkoping@2022" in note.en
    with pytest.raises(SifError, match=r"return_model\.flor"):
        explore("orebro@2016", {"return_model.flor": [0.0]}, None, ["grants"])


def test_a_timeline_takes_levers_in_all_its_guidelines() -> None:
    """A municipality's guidelines in turn are one policy, changed in each that has the clause."""
    found = explore(
        "norrkoping", {"funding.amount": [30_000_000, 50_000_000]}, None, ["grants"],
        replications=1, years=2, jobs=1,
    )  # fmt: skip
    assert found.runs["funding.amount"].to_list() == [30_000_000, 50_000_000]
    assert found.runs["policy"].unique().to_list() == ["norrkoping"]


def test_what_stands_in_is_said_of_each_policy_once() -> None:
    """The notes say what is assumed, and which guideline is not in force while it is simulated."""
    some = explore(
        "norrkoping", {"return_model.share": [0.5, 1.0]}, None, "grants",
        replications=1, years=1, jobs=1,
    )  # fmt: skip
    said = [note.en for note in some.notes]
    assert len(said) == len(set(said))
    assert any("return_model.transition.gap" in each for each in said)
    assert any("before the first simulated month" in each for each in said)
    assert not any("share=" in each for each in said)


@pytest.mark.parametrize("design", ["latin_hypercube", "sobol", "monte_carlo"])
def test_ranges_of_levers_are_sampled(design: str) -> None:
    """So many variants as were asked for, each lever within its range, whole where it must be."""
    found = explore(
        "orebro@2016", {"return_model.share": (0.2, 0.8), "caps.new_investments.limit": (1, 6)},
        None, ["grants"], design=design, variants=4, replications=1, years=1, jobs=1,
    )  # fmt: skip
    assert len(found.plan.variants) == 4
    assert found.runs["return_model.share"].is_between(0.2, 0.8).all()
    limits = found.runs["caps.new_investments.limit"]
    assert limits.is_between(1, 6).all()
    assert (limits == limits.round()).all()


@frozen(kw_only=True)
class Half(ReturnFlow):
    """Claims half of what a return flow would."""

    def settle(self, investment: Any, write_down: Any) -> Any:
        half = evolve(self, share=(self.share or Decimal(1)) / 2)
        return ReturnFlow.settle(half, investment, write_down)


def _halved(name: str) -> FundPolicy:
    policy = registry().policy(name)
    values: dict[str, Any] = {
        each.name: getattr(policy.return_model, each.name) for each in fields(ReturnFlow)
    }
    return evolve(policy, id="halved", return_model=Half(**values))


@pytest.mark.once
def test_an_own_return_model_is_simulated_whatever_else_is_set() -> None:
    """A lever elsewhere, and what has to be set aside of a guideline, leave the object in place."""
    some: dict[str, Any] = {"replications": 3, "years": 12, "jobs": 1}
    own = _halved("sodertalje@2015")
    alone = compare(own, **some).runs["returned"]
    found = explore(own, {"funding.total": [24_000_000]}, None, ["returned"], **some)
    assert found.runs["returned"].to_list() == alone.to_list()
    other = compare("sodertalje@2015", **some).runs["returned"]
    assert alone.to_list() != other.to_list()
    half = explore(own, {"return_model.share": [1.0]}, None, ["returned"], **some)
    assert half.runs["returned"].to_list() == alone.to_list()
    with_transition = _halved("norrkoping@2010")
    (policy,) = compare(with_transition, replications=1, years=1, jobs=1).experiment.policies
    assert type(policy.return_model) is Half


@pytest.mark.once
def test_an_own_return_model_that_was_written_anew_is_not_taken_for_the_one_before() -> None:
    """What was saved of one is not what comes of another of the same name."""
    policy, seen_hashes = registry().policy("sodertalje@2015"), list[str]()
    for share in (2, 4):
        typed: dict[str, Any] = {"ReturnFlow": ReturnFlow}
        exec(  # as at a prompt, where a class has no file
            f"class Own(ReturnFlow):\n    def settle(self, *given):\n        return {share}",
            typed,
        )
        values: dict[str, Any] = {
            each.name: getattr(policy.return_model, each.name) for each in fields(ReturnFlow)
        }
        own = evolve(policy, return_model=typed["Own"](**values))
        assert of_policy(own) not in {of_policy(policy), *seen_hashes}
        seen_hashes.append(of_policy(own))


def test_whole_numbers_of_a_range_are_as_likely_at_its_ends() -> None:
    """Each of four values in a fourth of the points, and none beyond the range."""
    limit = lever_named(registry().policy("orebro@2016"), "caps.new_investments.limit")
    spread = spread_of(Space(ends=(0.5, 4.2)), limit, (np.arange(400) + 0.5) / 400)
    assert [spread.count(value) for value in (1.0, 2.0, 3.0, 4.0)] == [100] * 4


def test_the_intervals_of_a_single_draw_are_over_its_replications(
    sif: Callable[..., Any], tmp_path: Path
) -> None:
    """And said to be."""
    plan = tmp_path / "plan.toml"
    plan.write_text(
        'policies = ["orebro@2016"]\noutcomes = ["ideas"]\nyears = 1\n'
        'levers = { "return_model.share" = [0.5] }\n'
    )
    assert "intervals over the replications" in sif("explore", str(plan), "--jobs", "1").out


def test_what_is_not_as_it_was_asked_for_is_noted() -> None:
    """A single draw where nothing is uncertain, a least past its most, rows that are alike."""
    said = [
        [note.en for note in explore("orebro@2016", None, each, ["grants"], **few).notes]
        for each, few in (
            (None, {**FEW, "draws": 9}),
            ({"effects.lifetime_least": (12, 400)}, {**FEW, "draws": 8}),
        )
    ]
    assert said[0][0] == "nothing is uncertain: a single draw, and not 9"
    assert said[1][0].startswith("effects.lifetime_least does not go past effects.lifetime_most")
    alike = pl.DataFrame({"return_model.share": [0.5, 0.5, 0.50001]})
    found = explore("orebro@2016", outcomes=["grants"], design=alike, **FEW)
    assert found.notes[0].en.startswith("1 of the 3 rows")
    assert len(found.runs) == 1


def test_values_of_levers_may_be_a_column_of_a_frame() -> None:
    """And those of numpy are as good as Python's."""
    for values in (pl.Series([True, False]), np.array([True, False]), [np.True_, np.False_]):
        found = explore(
            "norrkoping@2010", {"return_model.bounded_by_effect": values}, None, ["grants"], **FEW
        )
        assert found.runs["return_model.bounded_by_effect"].to_list() == ["true", "false"]


def test_a_frame_lacks_no_value_of_a_parameter() -> None:
    """A lever may be left out of a row, which is then the policy's own; a parameter may not."""
    frame = pl.DataFrame({"ideas.flow": [4.0, None]})
    with pytest.raises(SifError, match=r"ideas\.flow"):
        explore("orebro@2016", outcomes=["grants"], design=frame, years=1, jobs=1)


def test_a_frame_of_ones_own_is_simulated_row_by_row() -> None:
    """Each row is a variant in a draw, and nothing that is not in the frame is simulated."""
    frame = pl.DataFrame({"return_model.share": [0.0, 1.0, 1.0], "ideas.flow": [4.0, 4.0, 9.0]})
    found = explore(
        "orebro@2016", outcomes=["grants"], design=frame, replications=1, years=2, jobs=1
    )
    assert_frame_equal(found.runs.select(frame.columns), frame, check_row_order=False)


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"design": pl.DataFrame({"ideas.flow": [4.0, None]})}, "expected a number, got None"),
        ({"design": pl.DataFrame({"ideas.flow": ["a", "b"]})}, "expected a number, got 'a'"),
        ({"design": pl.DataFrame({"ideas.flw": [4.0]})}, r"ideas\.flow"),
        ({"design": pl.DataFrame({"ideas.flow": [4.0]}), "variants": 9}, "variants"),
        ({"design": pl.DataFrame({"ideas.flow": [4.0]}), "draws": 9}, "draws"),
        ({"design": pl.DataFrame({"ideas.flow": [4.0]}), "sampling": "sobol"}, "sampling"),
        ({"design": pl.DataFrame({"return_model.share": [0.5, math.nan]})}, "got nan"),
        ({"levers": {"caps.new_investments.limit": [2.5, 3.0]}}, "whole number, got 2.5"),
        ({"uncertainties": {"ideas.flow": [4, 8]}, "sampling": "factorial", "draws": 9}, "draws"),
        (
            {
                "uncertainties": {"ideas.flow": [4, 8], "ideas.stock": [4, 8]},
                "correlation": {("ideas.flow", "ideas.stock"): 0.5}, "sampling": "factorial",
            },
            "correlation",
        ),
        ({"levers": LEVERS, "variants": 9}, "variants"),
        ({"levers": list(LEVERS)}, "table of levers"),
        ({"levers": LEVERS, "sampling": "sobl"}, "sobol"),
        ({"levers": LEVERS, "outcomes": []}, "no outcome"),
        ({"uncertainties": {"ideas.flow": [8, 8.0]}}, "different values"),
        ({"uncertainties": WORLD, "correlation": {"ideas.flow": 0.4}}, "pair"),
        (
            {
                "uncertainties": {"ideas.flow": (4, 12), "ideas.stock": (4, 12)},
                "correlation": {
                    ("ideas.flow", "ideas.stock"): 0.1, ("ideas.stock", "ideas.flow"): 0.9,
                },
            },
            "two different",
        ),
    ],
)  # fmt: skip
def test_what_is_not_used_or_cannot_be_is_refused(asked: dict[str, Any], wrong: str) -> None:
    """Nothing that is asked for is left aside in silence."""
    with pytest.raises(SifError, match=wrong):
        explore("orebro@2016", **asked)


def test_a_row_may_leave_a_lever_as_it_is() -> None:
    """An empty cell of a frame is a policy that does not take the lever, or is not changed."""
    frame = pl.DataFrame(
        {"policy": ["orebro@2016", "norrkoping@2022"], "return_model.floor": [0.3, None]}
    )
    some = explore(
        ["orebro@2016", "norrkoping@2022"], None, None, "grants", design=frame,
        replications=1, years=1, jobs=1,
    )  # fmt: skip
    assert some.runs["return_model.floor"].to_list() == [0.3, None]


def test_factorial_draws_cross_all_values() -> None:
    """Values and the three levels of a range, each with each."""
    found = explore(
        "orebro@2016", None, {"ideas.flow": [4, 8], "behaviour.discount": (0.0, 0.1)}, ["grants"],
        sampling="factorial", replications=1, years=1, jobs=1,
    )  # fmt: skip
    cross = found.runs.select("ideas.flow", "behaviour.discount").rows()
    assert sorted(cross) == [(flow, each) for flow in (4.0, 8.0) for each in (0.0, 0.05, 0.1)]


@pytest.mark.parametrize(
    ("uncertainties", "wrong"),
    [
        ({"ideas.flo": (1, 2)}, r"ideas\.flo"),
        ({"ideas.evaluable": (0.5, 1.5)}, "0 to 1"),
        ({"ideas.flow": (9, 4)}, "low"),
        ({"ideas.flow": "as it is"}, "distribution"),
        ({"ideas.evaluable": stats.norm(9, 0.1)}, r"ideas\.evaluable: nothing of the distribution"),
        ({"structure.claims_horizon": {"none": -1, "savings": 1}}, "claims_horizon: weights must"),
        ({"structure.claims_horizon": {"none": "a", "savings": 1}}, "claims_horizon: weights must"),
        ({"structure.claims_horizon": {"none": math.nan}}, "claims_horizon: weights must"),
        ({"structure.claims_horizon": {}}, "claims_horizon: weights must"),
        ({"structure.claims_horizon": ["none", "none"]}, "claims_horizon: .*different values"),
        ({"structure.claims_horizon": "none"}, "claims_horizon: expected a list"),
        ({"municipality.committees": [3.5, 4]}, "whole number, got 3.5"),
        ({"municipality.committees": (3, 4.4)}, "whole number, got 4.4"),
        ("everything", "uncertainties|scenario"),
    ],
)
def test_impossible_uncertainties_are_refused(uncertainties: Any, wrong: str) -> None:
    """What a parameter cannot be is said before anything is run."""
    with pytest.raises(SifError, match=wrong):
        explore("orebro@2016", None, uncertainties, ["grants"], draws=2, years=1)


PLAN = """
policies = ["orebro@2016"]
outcomes = ["grants"]
years = 2
draws = 2
replications = 1
[levers]
"return_model.share" = [0.5, 1.0]
[uncertainties]
"ideas.flow" = { low = 4, high = 12 }
"effects.municipal_median" = { name = "triang", c = 0.3, loc = 0.5, scale = 2.0 }
[[correlation]]
between = ["ideas.flow", "effects.municipal_median"]
rank = 0.5
"""


def test_a_plan_in_a_file_is_the_same_exploration(sif: Callable[..., Any], tmp_path: Path) -> None:
    """`sif explore` runs what `explore` would, saves it, and shows its summary."""
    (tmp_path / "plan.toml").write_text(PLAN)
    out = tmp_path / "out"
    ran = sif("explore", str(tmp_path / "plan.toml"), "--jobs", "1", "--out", str(out),
              "--format", "json")  # fmt: skip
    assert ran.code == 0
    here = explore(
        ["orebro@2016"], {"return_model.share": [0.5, 1.0]},
        {"ideas.flow": (4, 12), "effects.municipal_median": stats.triang(0.3, loc=0.5, scale=2.0)},
        ["grants"], correlation={("ideas.flow", "effects.municipal_median"): 0.5},
        draws=2, replications=1, years=2, jobs=1,
    )  # fmt: skip
    assert_frame_equal(pl.read_parquet(out / "runs.parquet"), here.runs)
    assert ran.data["summary"][0]["mean"] == here.summary["mean"][0]
    saved = json.loads((out / "exploration.json").read_text("utf-8"))
    assert saved["variants"][1] == {"policy": "orebro@2016", "return_model.share": 1.0}
    assert sif("resume", str(out)).code == 0


def test_every_fault_of_a_plan_is_named_with_its_place(
    sif: Callable[..., Any], tmp_path: Path
) -> None:
    """Nothing is run, and each thing that is wrong is said where it is."""
    text = PLAN.replace("draws = 2", 'draws = "two"\nlever = 3').replace("rank = 0.5", "rank = 2")
    (tmp_path / "plan.toml").write_text(text)
    ran = sif("explore", str(tmp_path / "plan.toml"))
    assert ran.code == 2
    for place in ("draws", "lever", "correlation"):
        assert f"plan.toml: {place}" in ran.err


def test_levers_and_uncertainties_that_cannot_be_are_named_at_once(tmp_path: Path) -> None:
    """Each has its place in the file, and for a path without quotes it is said how to quote it."""
    plan = tmp_path / "plan.toml"
    plan.write_text(
        """
policies = ["orebro@2016"]
[levers.return_model]
share = [0.5]
[uncertainties]
"ideas.flow" = { low = 12, high = 4 }
"ideas.stock" = { name = "trang" }
"""
    )
    with pytest.raises(sifrules.FaultyFile) as wrong:
        read_plan(plan)
    said = str(wrong.value)
    assert '"return_model.share"' in said
    assert "uncertainties.ideas.flow" in said
    assert "uncertainties.ideas.stock" in said


@pytest.mark.parametrize("call", [sifrules.compare, explore, sifrules.experiment])
@pytest.mark.parametrize("wrong", ["sifrules_policies", [], 0])
def test_what_is_no_registry_is_refused(call: Callable[..., object], wrong: object) -> None:
    """In words, and not taken for the installed plugins where it is empty."""
    with pytest.raises(SifError, match=r"a registry, as sifrules\.registry"):
        call("orebro@2016", registry=wrong)


@pytest.mark.parametrize("call", [explore, sifrules.experiment])
def test_uncertainties_are_named_by_texts_in_any_row(call: Callable[..., Any]) -> None:
    """An array of names is as good as a list; numbers are refused in a sentence."""
    options = SMALL if call is explore else {"years": 2}
    call("orebro@2016", {}, pl.Series(["ideas.flow"]).to_numpy(), ["ideas"], **options)
    with pytest.raises(SifError, match="names of parameters"):
        call("orebro@2016", {}, [1, 2], ["ideas"], **options)


def test_replications_that_were_saved_are_read_from_there(tmp_path: Path) -> None:
    """In the same order, whether they are kept in memory too or not."""
    pair, few = ["orebro@2016", "malmo@2016"], {"replications": 3, "years": 2, "jobs": 1}
    saved = sifrules.compare(pair, **few, out=tmp_path / "out", keep=False)
    here = sifrules.compare(pair, **few)
    assert_frame_equal(saved.runs, here.runs)
