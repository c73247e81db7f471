"""When ideas arise (ankomster): those that wait at the start, and those that come over the years.

Each committee has rows of possible ideas, more than chance could fill: first the stock, then the
flow. Which of them come, and when, is drawn.
"""

from __future__ import annotations

import math

import numpy as np

from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.own_ideas import OwnIdeas, Rows
from sifrules_simulation.model.parameters import Parameters
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.streams import Array, ManyStreams

#: So many possible ideas in one replication at most: a slip in a rate would fill the memory.
_MOST = 2_000_000


def arrivals(draws: ManyStreams, given: Parameters, years: int, switches: Mechanisms) -> Array:
    """The month in which each possible idea arises; those that do not have the last or later.

    Replications × rows × committees. Raises `SifError` where there would be too many.
    """
    months, committees, size = 12 * years, given.municipality.committees, switches.size(given)
    rate = given.ideas.flow * size / committees
    flow_rows, stock_rows = _flow_rows(rate, years), _stock_rows(given, size)
    if (flow_rows + stock_rows) * committees > _MOST:
        raise SifError(
            Message("world.too_many_ideas", most=_MOST),
            where="scenario",
            fix=Message("world.lower_rates"),
        )
    waiting = _waiting(draws, given, size)
    patience = draws.uniform("stock.arises", stock_rows, committees)
    if switches.novelty:
        stock = np.floor(-given.ideas.novelty * np.log1p(-patience))
    else:
        stock = np.floor(patience * months)
    beyond = np.arange(stock_rows)[None, :, None] >= np.array(waiting)[:, None, :]
    stock = np.where(beyond, months, stock)
    gaps = draws.exponential("flow.arises", flow_rows, committees)
    with np.errstate(divide="ignore", invalid="ignore"):
        flow = np.floor(np.cumsum(gaps, axis=1) * 12 / rate) if rate > 0 else gaps * np.inf
    # The stock stands first: how many rows flow in depends on the years, and what a row
    # of a stream is stays the same only if what grows stands last.
    return np.concatenate([stock, np.where(np.isfinite(flow), flow, months)], axis=1)


def arrivals_as_listed(draws: ManyStreams, own: OwnIdeas, scenario: Scenario, months: int) -> Array:
    """The month in which each idea of a list arises; any of them alike where it does not say."""
    drawn = np.floor(draws.uniform("own.arises", own.count) * months)
    stated = Rows(own, np.arange(own.count))
    dated = [np.nan if each is None else each - scenario.begins for each in own.dates]
    arises = np.stack([stated.over("arises", each) for each in drawn])
    return np.where(np.isnan(dated), arises, np.array(dated))[:, :, None]


def _stock_rows(given: Parameters, size: float) -> int:
    """How many ideas a committee can have waiting: rows beyond what chance could fill."""
    mean = given.ideas.stock * size / given.municipality.committees
    return max(32, int(mean + 8 * math.sqrt(mean) + 8))


def _flow_rows(rate: float, years: int) -> int:
    mean = rate * years
    return int(mean + 8 * math.sqrt(mean) + 8)


def _waiting(draws: ManyStreams, given: Parameters, size: float) -> list[list[int]]:
    """How many ideas each committee has waiting at the start: Poisson, one draw each."""
    committees = given.municipality.committees
    mean = given.ideas.stock * size / committees
    drawn = draws.uniform("stock", committees).tolist()
    return [[poisson(mean, u) for u in each] for each in drawn]


def poisson(mean: float, u: float) -> int:
    """The Poisson quantile of ``u``: one draw, rising with the mean.

    Not `scipy.stats.poisson.ppf`: a world then takes 4 to 30 times as long to draw its stock
    (55 µs instead of 2 to 16), and each simulating process half a second more to start.
    """
    count = max(0, int(mean - _FAR_BELOW * math.sqrt(mean)))
    chance = math.exp(-mean) if count == 0 else _chance(mean, count)
    below = chance
    while u > below and chance > 0:
        count += 1
        chance *= mean / count
        below += chance
    return count


def _chance(mean: float, count: int) -> float:
    """The Poisson chance of so many, where that of none at all is too small to be a number."""
    return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))


#: So many standard deviations below the mean of a Poisson number there is nothing to count.
_FAR_BELOW = 20
