"""Every unit has one entry, whose words and scale all that is shown takes."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from sifrules.values.numbers import read
from sifrules.values.text import LANGUAGES, Language
from sifrules_simulation.model.measures import MEASURES
from sifrules_simulation.model.parameters import declared
from sifrules_simulation.presentation.formatting import UNITS, interval, number, unit_of
from sifrules_simulation.statistics.estimates import Estimate


def test_every_unit_of_the_model_is_known() -> None:
    """No measure and no parameter has a unit that would be shown by its bare code."""
    used = {measure.unit for measure in MEASURES}
    used |= {field.metadata["unit"] for _, field in declared()}
    assert used <= set(UNITS)


@pytest.mark.parametrize("language", LANGUAGES)
@given(value=st.floats(0, 1))
def test_a_share_is_shown_in_per_cent(language: Language, value: float) -> None:
    """To one decimal, in either language."""
    shown = read(number(value, "share", language), language)
    assert float(shown) == pytest.approx(100 * value, abs=0.0501)


def test_an_amount_is_shown_in_millions() -> None:
    """Kronor are saved, millions of kronor shown, and the unit says so."""
    assert number(65_000_000, "SEK", "sv") == "65,0"
    assert unit_of("SEK").shown.sv == unit_of("SEK").difference.sv == "mnkr"
    assert (unit_of("SEK").saved.sv, unit_of("SEK").column.sv) == ("kr", "kronor")


def test_a_plugins_own_unit_is_shown_by_its_code() -> None:
    """Its numbers are shown as they are saved."""
    assert unit_of("pupils").difference.text("sv") == "pupils"
    assert number(12.34, "pupils", "en") == "12.3"


def test_half_of_the_interval_stands_next_to_the_mean() -> None:
    """In the unit of the mean; without an interval the mean stands alone, without a mean a dash."""
    assert interval(Estimate(0.5, 0.4, 0.6, 9), "share", "en", signed=True) == "+50.0 ±10.0"
    assert interval(Estimate(0.5, None, None, 1), "share", "en") == "50.0"
    assert interval(Estimate(None, None, None, 0), "share", "en") == "–"
