"""Breakdowns (uppdelningar) of a portfolio: numbers by year, by month and by committee.

A breakdown that is listed in `BREAKDOWNS` is computed in every replication, averaged over
them, saved as a table of its name and described in the data dictionary: all it takes is its
entry here. Amounts are kronor, at the edge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules.plugin.simulation import Portfolio
from sifrules.values.messages import Text
from sifrules.values.text import LocalizedText
from sifrules_simulation.model.committee_accounts import committee_accounts

Array = NDArray[np.float64]


@frozen
class Column:
    """What a number of a breakdown is, and its unit; none for what only counts steps."""

    words: Text
    unit: str = ""


@frozen(kw_only=True)
class Breakdown:
    """A breakdown: the numbers ``columns`` for each of its steps, as for each year.

    ``step`` names the axis, in words ``step_words``, and ``each`` says step by step; ``steps``
    gives its length for a number of years and of committees. ``compute`` gives the numbers of
    one portfolio, steps × columns.
    """

    name: str
    step: str
    step_words: LocalizedText
    each: LocalizedText
    columns: Mapping[str, Column]
    steps: Callable[[int, int], int]
    compute: Callable[[Portfolio], Array]

    @property
    def saved(self) -> dict[str, str]:
        """Its columns by what they are called next to those of other breakdowns."""
        return {f"{self.name} {column}": column for column in self.columns}


def _by_year(portfolio: Portfolio) -> Array:
    table = np.zeros((portfolio.years, len(YEARLY.columns)))
    for life in portfolio.pursued:
        if life.applied is not None:
            table[life.applied // 12, 0] += 1
        if life.granted_in is not None:
            table[life.granted_in // 12, 1] += 1
            table[life.granted_in // 12, 2] += life.applied_for / 100
    table[:, 3] = np.array(portfolio.put_in) / 100
    table[:, 4] = np.array(portfolio.balances[11::12]) / 100
    return table


def _by_month(portfolio: Portfolio) -> Array:
    return np.array(portfolio.balances, dtype=float).reshape(-1, 1) / 100


YEARLY = Breakdown(
    name="yearly",
    step="year",
    step_words=LocalizedText(sv="år från början, från 1", en="year from the beginning, from 1"),
    each=LocalizedText(sv="år för år", en="year by year"),
    columns={
        "applications": Column(LocalizedText(sv="ansökningar", en="applications"), "count"),
        "grants": Column(LocalizedText(sv="beviljade", en="grants"), "count"),
        "granted": Column(LocalizedText(sv="beviljat", en="granted"), "SEK"),
        "set_aside": Column(
            LocalizedText(sv="avsatt under året", en="set aside in the year"), "SEK"
        ),
        "balance": Column(
            LocalizedText(sv="kvar i fonden vid årets slut", en="left at the year's end"), "SEK"
        ),
    },
    steps=lambda years, _: years,
    compute=_by_year,
)
BALANCES = Breakdown(
    name="balances",
    step="month",
    step_words=LocalizedText(sv="månad från början, från 1", en="month from the beginning, from 1"),
    each=LocalizedText(sv="månad för månad", en="month by month"),
    columns={
        "balance": Column(
            LocalizedText(sv="kvar i fonden vid månadens slut", en="left at the month's end"), "SEK"
        ),
    },
    steps=lambda years, _: 12 * years,
    compute=_by_month,
)
COMMITTEES = Breakdown(
    name="committees",
    step="committee",
    step_words=LocalizedText(
        sv="nämnd, den som vinner mest först", en="committee, the one that gains most first"
    ),
    each=LocalizedText(sv="nämnd för nämnd", en="committee by committee"),
    columns={
        "granted": Column(LocalizedText(sv="beviljat", en="granted"), "SEK"),
        "returned": Column(
            LocalizedText(sv="återbetalat, avgifter inräknade", en="paid back, fees with it"), "SEK"
        ),
        "effect": Column(LocalizedText(sv="sparat", en="saved"), "SEK"),
    },
    steps=lambda _, committees: committees,
    compute=committee_accounts,
)

BREAKDOWNS = (YEARLY, BALANCES, COMMITTEES)
