"""The margin of what is tested, and what is said where something could not be worked out."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from sifrules import SifError
from sifrules.values.messages import Message
from sifrules_simulation.analysis.errors import not_installed, too_few
from sifrules_simulation.analysis.hypothesis import Hypothesis
from sifrules_simulation.presentation.hypothesis_words import stated


@pytest.mark.parametrize("margin", [-0.01, 1, 5, True, "0.05", float("nan")])
def test_an_impossible_margin_is_refused(margin: Any) -> None:
    """A margin is a share of viable ideas."""
    with pytest.raises(SifError, match="expected a margin from 0 up to 1, got"):
        Hypothesis(margin)


def test_the_hypotheses_and_the_rule_are_reported_with_their_numbers() -> None:
    """In both languages, before anything is run."""
    *claims, rule = stated(Hypothesis(0.075).margin)
    assert len(claims) == 9
    assert "7.5 percentage points" in rule.text("en")
    assert "7,5 procentenheter" in rule.text("sv")
    assert "minus" in claims[0].text("sv")


def test_what_is_lacking_is_said_in_both_languages_also_from_another_process() -> None:
    """A Swedish study says in Swedish what could not be worked out, wherever it was tried."""
    error = too_few(Message("region.too_few", got=3, fewest=60))
    for each in (error, pickle.loads(pickle.dumps(error))):
        assert each.text("en").endswith("; run more draws")
        assert "känt i 3 dragningar" in each.text("sv")
        assert each.text("sv").endswith("; gör fler dragningar")
    assert not_installed("region.needs", "SALib").fix
