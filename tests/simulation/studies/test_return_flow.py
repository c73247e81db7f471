"""The study of the return flow, and the controls that its method must pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve, frozen
from hypothesis import given, strategies as st

from sifrules import FundPolicy, LocalizedText, Prospect, Registry, SifError, hookimpl
from sifrules_simulation import plugin as simulation_plugin
from sifrules_simulation.analysis.hypotheses import Grade, findings
from sifrules_simulation.analysis.hypothesis import Hypothesis
from sifrules_simulation.analysis.paired_effects import effects, runs
from sifrules_simulation.experiments.batches import Running
from sifrules_simulation.experiments.planning import study_design
from sifrules_simulation.experiments.sampling import draws
from sifrules_simulation.model.scenarios import Scenario, scenario
from sifrules_simulation.studies.return_flow import (
    UPTAKE,
    Study,
    answers,
    expected,
    over_draws,
    ratio,
    return_flow,
)

pytestmark = pytest.mark.once

STUDIES = Path(__file__).parents[3] / "docs" / "studies"
SMALL: dict[str, Any] = {
    "replications": 4, "cause_replications": 0, "calibrate": False, "jobs": 1,
}  # fmt: skip


def _study(registry: Registry, around: Scenario, policy: str | FundPolicy, **given: Any) -> Study:
    return return_flow(registry, around, [policy], **{**SMALL, **given})


# --- the verdict follows the world ----------------------------------------------------


def test_it_holds_where_nothing_comes_back_and_not_where_all_does(everything: Registry) -> None:
    """Two worlds in which the fund lasts, unlike in what effects are like and nothing else."""
    verdicts = {
        name: _study(everything, scenario(STUDIES / f"{name}.toml"), "sodertalje@2015", draws=8)
        for name in ("uncashable", "certain")
    }
    found = {name: study.answers[0].finding.grade for name, study in verdicts.items()}
    assert found == {"uncashable": Grade.NEARLY_ALL, "certain": Grade.FEW}


# --- controls -------------------------------------------------------------------------


def test_the_refill_does_not_matter_where_the_fund_lasts(everything: Registry) -> None:
    """Not even to the smallest fund: nothing is added by it in either of the made-up worlds."""
    for name in ("uncashable", "certain"):
        around = scenario(STUDIES / f"{name}.toml")
        study = return_flow(everything, around, draws=2, **{**SMALL, "replications": 2})
        assert len(study.answers) == 6
        assert {(each.policy, each.indirect.mean) for each in study.answers} == {
            (each.policy, 0.0) for each in study.answers
        }


def test_the_null_model_shows_no_effect_through_choice(everything: Registry) -> None:
    """The method's negative control: what differs differs by the refill, which is switched off."""
    study = return_flow(everything, scenario(), draws=6, behaviour="null", years=9, **SMALL)
    assert len(study.answers) == 6
    for each in study.answers:
        assert (each.direct.mean, each.direct.low, each.direct.high) == (0, 0, 0)
    differing = [each.difference.mean for each in study.answers]
    assert all(mean is not None and mean <= 0 for mean in differing)
    assert any(differing)


@frozen
class Shy:
    """Applies with one chance where it must expect a claim, with another where not."""

    name = "shy"
    words = LocalizedText(sv="skygg", en="shy")
    claimed: float = 0.25
    free: float = 0.75

    def given(self, parameters: Mapping[str, float]) -> Shy:
        return self

    def applies(self, prospect: Prospect) -> bool:
        owes = any(each.claims > 0 for each in prospect.expectations)
        return prospect.luck < (self.claimed if owes else self.free)


class _Offering:
    @hookimpl
    def sifrules_behaviours(self) -> tuple[Shy, ...]:
        return (Shy(),)


#: Nothing but the choice stands between an idea and an application.
OPEN_DOORS = {
    "municipality.population": 100_000,
    "ideas.attention": 1,
    "ideas.flow": 0,
    "ideas.novelty": 1,
    "behaviour.knows_rules": 0,
    "municipality.capacity": 1000,
    "handling.patience": 60,
    "effects.attributable": 1,
    "effects.share_spread": 0,
}


def test_an_effect_that_is_known_by_construction_is_recovered(
    registry_of: Callable[..., Registry], toy: Callable[..., Any]
) -> None:
    """The method's positive control: a claim lowers the chance to apply by fifty points."""
    rich = toy(funding={"kind": "endowment", "cite": "guide: 1", "amount": 50_000_000_000})
    registry = registry_of(rich, simulation=simulation_plugin, shy=_Offering())
    around = scenario().changed(OPEN_DOORS)
    stated = {
        path: evolve(each, low=each.value, high=each.value) if path in OPEN_DOORS else each
        for path, each in around.stated.items()
    }
    study = _study(
        registry, evolve(around, stated=stated), "toy@2020", draws=32, years=6, behaviour="shy"
    )
    (answer,) = study.answers
    truth = Shy().free - Shy().claimed
    assert answer.difference.low is not None
    assert answer.difference.high is not None
    assert answer.difference.low <= truth <= answer.difference.high
    assert answer.difference.high - answer.difference.low < 0.1
    assert answer.ratio.low is not None
    assert answer.ratio.high is not None
    assert answer.ratio.low <= Shy().free / Shy().claimed <= answer.ratio.high
    assert answer.finding.grade is Grade.NEARLY_ALL


# --- how it is made -------------------------------------------------------------------


def test_any_number_of_processes_gives_the_same(everything: Registry) -> None:
    """Draws are numbered, and put together in order."""
    one, two = (
        _study(everything, scenario(), "orebro@2016", draws=4, years=4, jobs=jobs).effects.values
        for jobs in (1, 2)
    )
    assert np.array_equal(one, two, equal_nan=True)


def test_both_arms_live_through_the_same_ideas(everything: Registry) -> None:
    """Without a policy's return flow nothing else changes: where it never claims, nothing does."""
    toothless = [f"return_model.{amount}=0.0" for amount in ("share", "floor", "fee")]
    policy = everything.policy("orebro@2016", toothless)
    with pytest.raises(SifError, match=r"no return flow to take out"):
        study_design(everything, scenario(), [policy], behaviour="weighing", years=4, seed=1)
    lived = study_design(everything, scenario(), ["orebro@2016"], behaviour="null", years=3, seed=1)
    found = effects(lived, draws(scenario(), 4, 1), 2, running=Running(jobs=1))
    # Over three years nothing has come back yet, and the null model minds no claim.
    assert not found.differences(0, UPTAKE).any()


def test_every_run_is_reported_as_many_as_were_expected(everything: Registry) -> None:
    """So the time left can be estimated honestly."""
    ticks: list[int] = []
    size: dict[str, Any] = {"draws": 4, "replications": 2, "cause_replications": 1}
    study = return_flow(
        everything, scenario(), ["orebro@2016", "sodertalje@2015"],
        years=2, jobs=1, tick=ticks.append, **size,
    )  # fmt: skip
    named = ["orebro@2016", "sodertalje@2015"]
    design = study_design(everything, scenario(), named, behaviour="weighing", years=2, seed=1)
    assert sum(ticks) == expected(everything, design, calibrate=True, **size)
    assert study.calibration is not None
    assert study.calibration.draws == 4
    assert study.by_record == ()
    assert study.causes is not None


def test_the_draws_like_the_record_are_draws_of_the_study(everything: Registry) -> None:
    """Their answer is that of the same runs, fewer of them."""
    study = return_flow(
        everything, scenario(), ["norrkoping@2010"],
        draws=64, replications=2, cause_replications=0, accept=0.8, years=2, jobs=1,
    )  # fmt: skip
    assert study.calibration is not None
    saved = study.calibration.posterior.kept
    (answer,) = study.by_record
    assert answer.draws == len(saved) == 51
    again = study.effects.of(saved, "posterior")
    assert answers(findings(again, 0.05), again)[0].difference == answer.difference


def test_what_cannot_be_worked_out_is_said_and_the_rest_is_given(everything: Registry) -> None:
    """Too few draws for what the effect depends on: an answer all the same."""
    study = _study(everything, scenario(), "orebro@2016", draws=8, years=3)
    assert study.answers
    assert study.dependence.sensitivity == {}
    assert any("at least 64 are needed" in str(error) for error in study.lacking)


class _Breaking(Shy):
    name = "breaking"

    def applies(self, prospect: Prospect) -> bool:
        raise ArithmeticError("out of luck")


def test_replications_that_fail_are_reported_with_the_command_that_shows_each(
    everything: Registry,
) -> None:
    """A row for each draw; where all of them fail, that is an error."""
    lived = study_design(
        everything, scenario(), ["orebro@2016"], behaviour="weighing", years=4, seed=5
    )
    broken = evolve(lived, behaviour=_Breaking())
    found = effects(broken, draws(scenario(), 4, 5), 2, running=Running(jobs=1))
    assert len(found.values) == 0
    reported = str(found.failure)
    assert "every draw failed, the first in replication 0 of orebro@2016 (seed 5)" in reported
    assert "ArithmeticError: out of luck" in reported
    assert "sif simulate orebro@2016 --draw 0" in reported
    assert "--seed 5 --trace 0" in reported
    assert [(each.draw, each.replication) for each in found.failures] == [
        (0, 0), (1, 2), (2, 4), (3, 6),
    ]  # fmt: skip
    assert found.failures[3].command.endswith("--seed 5 --trace 6")


def test_what_was_done_before_it_was_stopped_is_answered(
    everything: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the middle: the draws that are done, and that it was stopped."""
    from sifrules_simulation.experiments import batches as module

    finished = module.run_unordered

    def stopping(work: Any, tasks: Any, jobs: Any, *, here: bool) -> Any:
        for number, row in enumerate(finished(work, tasks, jobs, here=here)):
            if number == 3:
                raise KeyboardInterrupt
            yield row

    monkeypatch.setattr(module, "run_unordered", stopping)
    study = _study(everything, scenario(), "orebro@2016", draws=8, years=3)
    assert study.stopped
    assert study.answers[0].draws == len(study.effects.draws) == 3
    assert study.causes is None


# --- what is refused ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"draws": 1}, "expected at least 2 draws, got 1"),
        ({"draws": 4, "replications": 1}, "expected at least 2 replications a draw, got 1"),
        ({"draws": 4, "behaviour": "nul"}, "no behaviour 'nul'; did you mean null"),
    ],
)
def test_what_is_impossible_is_refused_before_anything_runs(
    everything: Registry, given: dict[str, Any], wrong: str
) -> None:
    """Each mistake is named."""
    with pytest.raises(SifError, match=wrong):
        _study(everything, scenario(), "orebro@2016", **given)


@pytest.mark.parametrize(
    ("named", "wrong"),
    [
        (["norrkoping@2022"], "norrkoping@2022 has no return flow to take out"),
        (["orebro@2016", "orebro@2016"], "orebro@2016 is named twice"),
        (["orebro@2061"], "did you mean orebro@2016"),
    ],
)
def test_policies_that_cannot_be_studied_are_named(
    everything: Registry, named: list[str], wrong: str
) -> None:
    """With what to do instead."""
    with pytest.raises(SifError, match=wrong):
        study_design(everything, scenario(), named, behaviour="weighing", years=4, seed=1)


# --- ratios ---------------------------------------------------------------------------


def test_a_ratio_over_nothing_is_not_known() -> None:
    """No number is invented where nobody applies with the return flow."""
    nothing = np.zeros(5)
    assert ratio(np.ones(5), nothing).mean is None
    assert ratio(np.array([1.0, np.nan]), np.array([1.0, 2.0])).mean is None


@given(st.lists(st.floats(0.1, 10), min_size=3, max_size=20), st.floats(0.1, 10))
def test_a_fixed_ratio_is_known_exactly(below: list[float], factor: float) -> None:
    """Draws in which both are high do not make it uncertain."""
    of = np.array(below)
    found = ratio(factor * of, of)
    assert found.mean == pytest.approx(factor)
    assert found.low == pytest.approx(found.high, abs=1e-6)


def test_draws_without_a_value_are_left_out_of_a_mean() -> None:
    """The count says how many were known."""
    found = over_draws(np.array([1.0, np.nan, 3.0]))
    assert (found.mean, found.count) == (2.0, 2)


def test_margins_next_to_the_usual_one_are_used(everything: Registry) -> None:
    """A margin that nothing reaches: no difference that reaches it."""
    study = _study(
        everything, scenario(), "orebro@2016", draws=16, years=4, finding=Hypothesis(0.99)
    )
    holds = study.answers[0].finding.holds
    assert holds is not None
    assert holds.share == 0
    assert runs(study.effects.design, 4) == 8
