"""The finding: its rule is stated before the run, and followed."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from sifrules import SifError
from sifrules.values.messages import Message
from sifrules_simulation.analysis.errors import not_installed, too_few
from sifrules_simulation.analysis.hypothesis import Hypothesis, HypothesisVerdict, VerdictCounts
from sifrules_simulation.presentation import study_words

RNG = np.random.default_rng(1)


def _around(mean: float, draws: int = 40, replications: int = 6) -> Any:
    """Differences that lie close around a mean."""
    return mean + 0.001 * RNG.standard_normal((draws, replications))


@pytest.mark.parametrize(
    ("mean", "verdict"),
    [
        (0.2, HypothesisVerdict.HOLDS),
        (-0.2, HypothesisVerdict.REVERSED),
        (0.0, HypothesisVerdict.SMALL),
        (0.04, HypothesisVerdict.SMALL),
    ],
)
def test_clear_differences_have_a_clear_verdict(mean: float, verdict: HypothesisVerdict) -> None:
    """Beyond the margin either way, or surely within it."""
    assert Hypothesis(0.05).classify_draws(_around(mean)).verdict is verdict


def test_what_depends_on_the_draw_cannot_be_determined() -> None:
    """Where it holds in half of the draws and is reversed in the other half."""
    tally = Hypothesis(0.05).classify_draws(np.vstack([_around(0.2), _around(-0.2)]))
    assert (tally.holds, tally.reversed, tally.unclear) == (40, 40, 0)
    assert tally.verdict is HypothesisVerdict.CANNOT_TELL
    assert "depends on the assumptions" in study_words.verdict(tally.verdict).text("en")
    assert "hänger på antagandena" in study_words.verdict(tally.verdict).text("sv")


def test_noise_within_a_draw_makes_it_too_close_to_tell() -> None:
    """A mean above the margin is not enough: its interval must lie above it."""
    noisy = 0.08 + RNG.standard_normal((50, 4))
    tally = Hypothesis(0.05).classify_draws(noisy)
    assert tally.unclear > 40


def test_few_draws_do_not_make_a_verdict_even_if_all_agree() -> None:
    """The share's interval still reaches too low."""
    assert (
        VerdictCounts(draws=8, holds=8, reversed=0, small=0).verdict
        is HypothesisVerdict.CANNOT_TELL
    )
    assert VerdictCounts(draws=16, holds=16, reversed=0, small=0).verdict is HypothesisVerdict.HOLDS


def test_replications_without_a_difference_are_left_out() -> None:
    """A draw with fewer than two is one in which it is unclear."""
    some = _around(0.2, draws=3)
    some[0, :4] = np.nan
    some[1, 1:] = np.nan
    some[2, :] = np.nan
    tally = Hypothesis(0.05).classify_draws(some)
    assert (tally.draws, tally.holds, tally.unclear) == (3, 1, 2)


@given(
    st.lists(st.lists(st.floats(-1, 1), min_size=3, max_size=3), min_size=1, max_size=30),
    st.floats(0, 0.9),
)
def test_the_other_way_round_holds_and_reversed_change_places(
    rows: list[list[float]], margin: float
) -> None:
    """The rule favours neither side, and every draw is counted once."""
    values = np.array(rows)
    one, other = (Hypothesis(margin).classify_draws(sign * values) for sign in (1, -1))
    assert (one.holds, one.reversed, one.small) == (other.reversed, other.holds, other.small)
    assert one.holds + one.reversed + one.unclear == one.draws == len(rows)


def test_a_wider_margin_never_lets_it_hold_more_often() -> None:
    """Nor be reversed more often."""
    values = 0.1 * RNG.standard_normal((60, 4))
    tallies = [Hypothesis(margin).classify_draws(values) for margin in (0.0, 0.02, 0.05, 0.2)]
    assert [each.holds for each in tallies] == sorted(
        (each.holds for each in tallies), reverse=True
    )


@pytest.mark.parametrize("margin", [-0.01, 1, 5, True, "0.05", float("nan")])
def test_an_impossible_margin_is_refused(margin: Any) -> None:
    """A margin is a share of viable ideas."""
    with pytest.raises(SifError, match="expected a margin from 0 up to 1, got"):
        Hypothesis(margin)


def test_hypothesis_estimand_and_rule_are_reported_with_their_numbers() -> None:
    """In both languages, before anything is run."""
    claim, estimand, rule = study_words.stated(Hypothesis(0.075).margin)
    assert "7.5 percentage points" in claim.text("en")
    assert "7,5 procentenheter" in claim.text("sv")
    assert "75 % of the draws" in rule.text("en")
    assert "minus" in estimand.text("sv")


def test_what_is_lacking_is_said_in_both_languages_also_from_another_process() -> None:
    """A Swedish study says in Swedish what could not be worked out, wherever it was tried."""
    error = too_few(Message("region.too_few", got=3, fewest=60))
    for each in (error, pickle.loads(pickle.dumps(error))):
        assert each.text("en").endswith("; run more draws")
        assert "känt i 3 dragningar" in each.text("sv")
        assert each.text("sv").endswith("; gör fler dragningar")
    assert not_installed("region.needs", "SALib").fix
