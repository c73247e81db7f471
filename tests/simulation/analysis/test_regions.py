"""Where in the assumptions the finding turns: rules that are tried on draws held out."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sifrules.errors import SifError
from sifrules_simulation.analysis.regions import (
    DrawOutcome,
    ParameterInterval,
    Region,
    region,
    turns,
)
from sifrules_simulation.presentation import study_words
from sifrules_simulation.results.study_data import region_json

pytest.importorskip("sklearn", reason="the extra study is not installed here")

COUNT = 900
PATHS = ("a", "b", *(f"dummy.{number:02}" for number in range(20)))
VALUES = np.random.default_rng(1).random((COUNT, len(PATHS)))


def _where(holds: NDArray[np.bool_]) -> NDArray[np.str_]:
    return np.where(holds, DrawOutcome.HOLDS.value, DrawOutcome.NEITHER.value)


def _corner() -> Region:
    return region(PATHS, VALUES, _where((VALUES[:, 0] > 0.6) & (VALUES[:, 1] <= 0.3)))


def _turns(effect: Any, margin: float) -> Any:
    """What comes of a finding whose effect is known in each draw."""
    known = np.isfinite(effect)
    past = [np.where(known, sign * effect > margin, np.nan).astype(float) for sign in (1, -1)]
    return turns(*past)


@pytest.mark.once
def test_a_region_is_found_again_among_twenty_dummies() -> None:
    """It holds where a is above 0.6 and b at most 0.3, and the rule says so and no more."""
    found = _corner()
    assert found.tells
    (rule,) = [each for each in found.rules if each.outcome is DrawOutcome.HOLDS]
    bounds = {each.path: each for each in rule.conditions}
    assert bounds.keys() == {"a", "b"}
    assert bounds["a"].above == pytest.approx(0.6, abs=0.02)
    assert bounds["b"].most == pytest.approx(0.3, abs=0.02)
    assert (bounds["a"].most, bounds["b"].above) == (np.inf, -np.inf)
    assert rule.covered == pytest.approx(0.12, abs=0.03)
    assert rule.right.mean == pytest.approx(1, abs=0.1)


def test_the_rules_share_the_held_out_draws_among_them() -> None:
    """Every draw held out is spoken of by one rule, and a third of all is held out."""
    found = _corner()
    assert sum(rule.covered for rule in found.rules) == pytest.approx(1)
    assert sum(rule.right.count for rule in found.rules) == found.accuracy.count
    assert found.accuracy.count == pytest.approx(COUNT / 3, abs=2)
    assert [rule.covered for rule in found.rules] == sorted(
        (rule.covered for rule in found.rules), reverse=True
    )


def test_noise_has_no_region() -> None:
    """Outcomes at random: in none of ten studies do the rules do better than a guess."""
    rng = np.random.default_rng(2)
    found = [
        region(PATHS, VALUES, rng.choice([each.value for each in DrawOutcome], COUNT), seed=seed)
        for seed in range(10)
    ]
    assert not any(each.tells for each in found)
    words = study_words.region(region_json("p", "deters", found[0]))
    assert words.text("en").startswith("no clear turning point found")
    assert words.text("sv").startswith("ingen tydlig brytpunkt hittades")


def test_conditions_on_one_parameter_are_one() -> None:
    """A middle stretch reads as one condition with two ends."""
    middle = (VALUES[:, 0] > 0.2) & (VALUES[:, 0] <= 0.5)
    found = region(PATHS, VALUES, _where(middle))
    (rule,) = [each for each in found.rules if each.outcome is DrawOutcome.HOLDS]
    (condition,) = rule.conditions
    assert condition.above == pytest.approx(0.2, abs=0.02)
    assert condition.most == pytest.approx(0.5, abs=0.02)
    assert study_words.outcome(rule.outcome).text("en") == "the finding holds"


def test_three_outcomes_can_be_distinguished() -> None:
    """Holds above, reversed below, neither between, as the margin says."""
    found = region(PATHS, VALUES, _turns(VALUES[:, 0] - 0.5, 0.2))
    assert {rule.outcome for rule in found.rules} == set(DrawOutcome)
    assert found.accuracy.mean == pytest.approx(1, abs=0.05)


def test_a_whole_parameter_is_spoken_of_in_whole_numbers() -> None:
    """Years between which nothing lies; three digits would move them, so there are four."""
    years = np.floor(2000 + 30 * VALUES[:, :1])
    found = region(("year",), years, _where(years[:, 0] > 2013))
    assert {str(each) for rule in found.rules for each in rule.conditions} == {
        "year > 2013",
        "year <= 2013",
    }


def test_thresholds_have_three_digits() -> None:
    """Kronor by the million are not given to the last krona."""
    kronor = 1e7 * VALUES[:, :1]
    found = region(("kronor",), kronor, _where(kronor[:, 0] > 4_321_987))
    ends = {end for rule in found.rules for each in rule.conditions for end in (each.above,)}
    (end,) = ends - {-np.inf}
    assert end == float(f"{end:.3g}")


def test_a_condition_reads_as_it_is_met() -> None:
    """Above is above, at most is at most."""
    condition = ParameterInterval("a", above=0.2, most=0.5)
    assert condition.met(np.array([0.2, 0.3, 0.5, 0.6])).tolist() == [False, True, True, False]
    assert str(ParameterInterval("a", most=0.42)) == "a <= 0.42"
    assert str(ParameterInterval("a", above=0.42)) == "a > 0.42"


def test_one_outcome_turns_nowhere() -> None:
    """Where it always holds there is nothing to find, and that is what is said."""
    found = region(PATHS, VALUES, _where(np.ones(COUNT, dtype=bool)))
    assert not found.tells
    assert [rule.conditions for rule in found.rules] == [()]
    words = study_words.region(region_json("p", "deters", found)).text("en")
    assert words.startswith("the same outcome in every draw (the finding holds)")
    assert study_words.outcome(found.rules[0].outcome).text("sv") == "påståendet håller"


def test_a_rare_outcome_is_no_mistake() -> None:
    """A single draw of another outcome: no region, and no error."""
    found = region(PATHS, VALUES, _where(np.arange(COUNT) == 7))
    assert not found.tells
    assert len(found.seen) == 2


def test_draws_without_an_outcome_are_left_out() -> None:
    """An effect that is not a number is neither a turn nor a draw."""
    effect = np.where(np.arange(COUNT) < 300, np.nan, VALUES[:, 0])
    assert region(PATHS, VALUES, _turns(effect, 0.5)).accuracy.count == pytest.approx(200, abs=2)


def test_the_same_seed_gives_the_same_rules() -> None:
    """The split is drawn at random, but by the seed."""
    assert _corner() == _corner()


def test_too_few_draws_are_refused() -> None:
    """The message says how many are needed and how many there are."""
    few = _turns(np.where(np.arange(COUNT) < 59, 1.0, np.nan), 0.5)
    with pytest.raises(SifError, match="59 draws, and at least 60"):
        region(PATHS, VALUES, few)


def test_what_does_not_fit_together_is_refused() -> None:
    """Columns without a path, and outcomes that are none."""
    with pytest.raises(SifError, match="900 draws × 2 parameters, got 900 × 22"):
        region(PATHS[:2], VALUES, _where(VALUES[:, 0] > 0.5))
    with pytest.raises(SifError, match="no outcome 'perhaps'"):
        region(PATHS, VALUES, np.full(COUNT, "perhaps"))


def test_without_scikit_learn_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is an extra."""
    monkeypatch.setitem(sys.modules, "sklearn.tree", None)
    with pytest.raises(SifError, match=r"scikit-learn.*sifrules\[study\]"):
        _corner()
