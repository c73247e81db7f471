"""Measures of the first years and the later ones: is a fund used sooner, or longer?"""

from __future__ import annotations

from functools import partial

from sifrules.plugin.simulation import Measure, Portfolio
from sifrules.values.text import LocalizedText

#: How many of the years are the first ones.
FIRST_YEARS = 5


def uptake_of_period(portfolio: Portfolio, *, early: bool) -> float | None:
    """Application uptake among the viable ideas that arise in the first years, or later."""
    lives = [
        life
        for life in portfolio.lives
        if life.idea.viable and (life.idea.arises < 12 * FIRST_YEARS) is early
    ]
    return sum(life.applied is not None for life in lives) / len(lives) if lives else None


#: Uptake of the ideas of the first years, and of those of the later ones.
PERIOD_MEASURES = (
    Measure(
        "uptake_early",
        LocalizedText(sv="ansökningsgrad, år 1–5", en="application uptake, years 1–5"),
        "share",
        LocalizedText(
            sv="livskraftiga idéer från de första fem åren som blir en ansökan ÷ sådana idéer",
            en="viable ideas of the first five years that become an application ÷ such ideas",
        ),
        partial(uptake_of_period, early=True),
    ),
    Measure(
        "uptake_later",
        LocalizedText(sv="ansökningsgrad, år 6 och senare", en="application uptake, years 6 on"),
        "share",
        LocalizedText(
            sv="livskraftiga idéer från senare år som blir en ansökan ÷ sådana idéer",
            en="viable ideas of later years that become an application ÷ such ideas",
        ),
        partial(uptake_of_period, early=False),
    ),
)
