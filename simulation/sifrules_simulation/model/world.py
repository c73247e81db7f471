"""The world (omvärlden): all that chance decides, drawn before a run and for every policy alike.

Each kind of draw has a named stream of its own, made of the seed, the name and the number
of the replication. What a stream gives does not depend on any policy, nor on what other
streams give: changing a clause changes no draw, and changing a parameter changes only
what it stands for. Streams give standard numbers (uniform, normal, exponential), a row
for each possible idea and a column for each committee; parameters turn them into ideas.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
from attrs import fields, frozen

from sifrules.plugin.simulation import Idea, committee_name
from sifrules.rules.conditions import Fact, Value
from sifrules.rules.kinds import Kind
from sifrules.rules.vocabulary import FACTS
from sifrules_simulation.model.idea_facts import HOLDS, SEEN_TO
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.own_ideas import OwnIdeas, Rows
from sifrules_simulation.model.parameters import Parameters
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.streams import Array, RandomStreams

#: Amounts are drawn in whole thousands of kronor.
_THOUSAND = 100_000
#: A share in hundredths, as exact decimals.
_HUNDREDTHS = tuple(Decimal(n) / 100 for n in range(101))

#: What chance settles in the life of an idea.
LUCK = (
    "attention",
    "choice",
    "knows_rules",
    "lead",
    "board",
    "outcome",
    "evaluation",
    "spent",
    "exemption",
    "implementation",
)


@frozen(slots=False)
class World:
    """What happens around the fund in one replication: the ideas, and years of surplus.

    ``surplus`` says of each year whether the one before closed with a surplus out of
    which money is set aside; never, unless the scenario says that it may be.
    """

    ideas: tuple[Idea, ...]
    surplus: tuple[bool, ...]
    draws: RandomStreams
    _rows: int
    _committees: int
    #: the rows of a list of the municipality's own ideas, by the place of an idea in ``ideas``
    _own: Rows = Rows()

    def own_fact(self, fact: Fact, share: float) -> Mapping[int, Value]:
        """What a fact that only a plugin knows is, for each idea by number.

        A flag holds with the share; a choice is any of its options alike; counts, months
        and shares are spread evenly over small values. Amounts and years are not made up:
        they stay missing.
        """
        listed = {
            self.ideas[place].number: value for place, value in self._own.stated(fact.name).items()
        }
        if fact.kind in (Kind.MONEY, Kind.YEAR):
            return listed
        drawn = self.draws.uniform(f"fact.{fact.name}", self._rows, self._committees)
        row = drawn.ravel()
        made_up = {
            idea.number: _made_up(fact, float(row[idea.number]), share) for idea in self.ideas
        }
        return made_up | listed


def _made_up(fact: Fact, draw: float, share: float) -> Value:
    match fact.kind:
        case Kind.FLAG:
            return draw < share
        case Kind.CHOICE:
            return fact.options[int(draw * len(fact.options))]
        case Kind.COUNT:
            return 1 + int(draw * 5)
        case Kind.MONTHS:
            return 6 + int(draw * 43)
        case _:
            return int(draw * 101) * 100


#: Facts that the world, the project or the fund settles; see `Idea.facts` and the adapter.
KNOWN = frozenset(name for name in FACTS if name.startswith(("application.", "parts.", "fund.")))


def world(
    scenario: Scenario, years: int, seed: int, replication: int, switches: Mechanisms
) -> World:
    """The world of one replication.

    The same scenario, years, seed and replication always give the same world; of the
    switches only novelty and organisation size have a bearing on it.
    """
    draws = RandomStreams(seed, replication)
    given = scenario.parameters
    size = switches.size(given)
    committees = given.municipality.committees
    chance = given.municipality.surplus if scenario.surplus_earmarks else 0.0
    surplus = tuple((draws.uniform("surplus", years) < chance).tolist())
    own = scenario.own_ideas
    if own is not None and not own.resampled:
        listed = _arises_as_listed(draws, own, scenario, 12 * years)
        made, chosen = _ideas(draws, given, listed, 12 * years, own)
        return World(made, surplus, draws, rows=own.count, committees=1, own=chosen)
    waiting = _waiting(draws, given, size)
    rate = given.ideas.flow * size / committees
    rows = _stock_rows(given, size) + _flow_rows(rate, years)
    arises = _arises(draws, given, waiting, rate, years, rows, switches)
    made, chosen = _ideas(draws, given, arises, 12 * years, own)
    return World(made, surplus, draws, rows=rows, committees=committees, own=chosen)


# --- when ideas arise ---------------------------------------------------------------


def _stock_rows(given: Parameters, size: float) -> int:
    """How many ideas a committee can have waiting: rows beyond what chance could fill."""
    mean = given.ideas.stock * size / given.municipality.committees
    return max(32, int(mean + 8 * math.sqrt(mean) + 8))


def _flow_rows(rate: float, years: int) -> int:
    mean = rate * years
    return int(mean + 8 * math.sqrt(mean) + 8)


def _waiting(draws: RandomStreams, given: Parameters, size: float) -> list[int]:
    """How many ideas each committee has waiting at the start: Poisson, one draw each."""
    committees = given.municipality.committees
    mean = given.ideas.stock * size / committees
    return [_poisson(mean, u) for u in draws.uniform("stock", committees).tolist()]


def _poisson(mean: float, u: float) -> int:
    """The Poisson quantile of ``u``: one draw, rising with the mean.

    Not `scipy.stats.poisson.ppf`: a world then takes 4 to 30 times as long to draw its stock
    (55 µs instead of 2 to 16), and each simulating process half a second more to start.
    """
    count, chance = 0, math.exp(-mean)
    below = chance
    while u > below and chance > 0:
        count += 1
        chance *= mean / count
        below += chance
    return count


def _arises(
    draws: RandomStreams,
    given: Parameters,
    waiting: list[int],
    rate: float,
    years: int,
    rows: int,
    switches: Mechanisms,
) -> Array:
    """The month in which each possible idea arises; those that do not have the last or later."""
    months, committees = 12 * years, given.municipality.committees
    flow_rows = _flow_rows(rate, years)
    stock_rows = rows - flow_rows
    patience = draws.uniform("stock.arises", stock_rows, committees)
    if switches.novelty:
        stock = np.floor(-given.ideas.novelty * np.log1p(-patience))
    else:
        stock = np.floor(patience * months)
    beyond = np.arange(stock_rows)[:, None] >= np.array(waiting)[None, :]
    stock = np.where(beyond, months, stock)
    gaps = draws.exponential("flow.arises", flow_rows, committees)
    with np.errstate(divide="ignore", invalid="ignore"):
        flow = np.floor(np.cumsum(gaps, axis=0) * 12 / rate) if rate > 0 else gaps * np.inf
    # The stock stands first: how many rows flow in depends on the years, and what a row
    # of a stream is stays the same only if what grows stands last.
    return np.concatenate([stock, np.where(np.isfinite(flow), flow, months)])


def _arises_as_listed(
    draws: RandomStreams, own: OwnIdeas, scenario: Scenario, months: int
) -> Array:
    """The month in which each idea of a list arises; any of them alike where it does not say."""
    drawn = np.floor(draws.uniform("own.arises", own.count) * months)
    rows = Rows(own, np.arange(own.count))
    dated = [None if each is None else each - scenario.begins for each in own.dates]
    arises = rows.over("arises", drawn).tolist()
    found = [one if said is None else said for one, said in zip(arises, dated, strict=True)]
    return np.array(found, dtype=float).reshape(-1, 1)


# --- what ideas are -----------------------------------------------------------------


def _ideas(
    draws: RandomStreams, given: Parameters, arises: Array, months: int, own: OwnIdeas | None
) -> tuple[tuple[Idea, ...], Rows]:
    """The ideas that arise within the time, in the order of their numbers.

    With those of a list, the rows that they are.
    """
    shape, committees = arises.shape, given.municipality.committees
    come = np.flatnonzero((arises.ravel() >= 0) & (arises.ravel() < months))

    def uniform(name: str, *depth: int) -> Array:
        return draws.uniform(name, *shape, *depth).reshape(-1, *depth)[come]

    def normal(name: str) -> Array:
        return draws.normal(name, *shape).ravel()[come]

    rows, committee = Rows(), come % shape[1]
    if own is not None:
        rows = Rows(own, come)
        if own.resampled:
            rows = Rows(own, (uniform("own.row") * own.count).astype(int))
        else:
            committee = (uniform("own.committee") * committees).astype(int)
        committee = (rows.over("committee", committee + 1) - 1) % committees
    columns = {
        "number": come,
        "committee": committee,
        "arises": arises.ravel()[come].astype(int),
        **_work(given, uniform, normal, rows),
        **_gains(given, uniform, normal, rows),
    }
    seen_to = uniform("completeness", len(SEEN_TO)) < given.handling.completeness
    for at, name in enumerate(SEEN_TO):
        seen_to[:, at] = rows.fact(name, seen_to[:, at])
    holds = [uniform(f"holds.{name}") < getattr(given.facts, name) for name in HOLDS]
    about = {
        name: rows.fact(f"application.{name}", column)
        for name, column in _about(columns, dict(zip(HOLDS, holds, strict=True))).items()
    }
    names = (*(f"application.{name}" for name in about), *SEEN_TO)
    facts = zip(*(about[name].tolist() for name in about), strict=True)
    chances = uniform("luck", len(LUCK))
    attention = LUCK.index("attention")
    taken_up = rows.over("taken_up", np.full(len(come), np.nan))
    chances[:, attention] = np.where(np.isnan(taken_up), chances[:, attention], 1 - taken_up)
    luck = chances.tolist()
    paying = rows.each(
        lambda stated: stated.gains, _paying(columns["committee"].tolist(), columns, committees)
    )
    names_of_columns = [field.name for field in fields(Idea)[:_DRAWN]]
    found: list[Idea] = []
    drawn: Iterator[Any] = zip(*(columns[name].tolist() for name in names_of_columns), strict=True)
    each = zip(drawn, paying, facts, seen_to.tolist(), luck, strict=True)
    for row, gains, holding, seen, lucky in each:
        facts_of_it = dict(zip(names, (*holding, *seen), strict=True))
        made: tuple[Any, ...] = (*row, gains, facts_of_it, dict(zip(LUCK, lucky, strict=True)))
        found.append(Idea(*made))
    return tuple(found), rows


#: How many of an idea's fields are columns of draws; the rest are put together from them.
_DRAWN = len(fields(Idea)) - 3

#: Gives the draws of a stream for the ideas that arise.
Stream = Callable[..., Array]


def _work(given: Parameters, uniform: Stream, normal: Stream, own: Rows) -> dict[str, Array]:
    """What is to be done: whose idea, what it costs, how long it takes."""
    ideas = given.ideas
    cost = _money(100 * ideas.cost_median * np.exp(ideas.cost_spread * normal("cost")))
    months = _between(uniform("months"), ideas.shortest / 6, ideas.longest / 6) * 6
    cost = own.over("cost", np.maximum(_THOUSAND, cost))
    drawn = np.where(uniform("origin") < ideas.civil_society, "civil_society", "internal")
    origin = np.array(list(own.each(lambda stated: stated.origins, drawn.tolist())), dtype=str)
    outside = origin == "civil_society"
    regular = uniform("regular") < np.where(outside, ideas.regular_civil, ideas.regular)
    return {
        "civil": outside,
        "origin": origin,
        "partner": ~outside | (uniform("partner") < ideas.partner),
        "cost": cost,
        "months": own.over("months", np.clip(months, ideas.shortest, ideas.longest).astype(int)),
        "areas": own.over("areas", _areas(uniform("areas"), ideas.several_areas)),
        "evaluable": own.over("evaluable", uniform("evaluable") < ideas.evaluable),
        "regular": own.over("regular", regular),
    } | _effects(given, cost, uniform, normal, own)


def _effects(
    given: Parameters, cost: Array, uniform: Stream, normal: Stream, own: Rows
) -> dict[str, Array]:
    """What it brings if all goes as hoped, and what the committee believes that it brings.

    An idea that is expected to have no effect in the municipality has none.
    """
    effects = given.effects
    here = uniform("in_municipality") < effects.in_municipality

    def gain(name: str, median: float) -> Array:
        return cost * median * np.exp(effects.spread * normal(name))

    def belief(name: str, truth: Array) -> Array:
        error = np.exp(effects.belief_noise * normal(f"belief.{name}"))
        return _money(truth * effects.optimism * error)

    effect = own.over("effect", here * gain("effect", effects.municipal_median))
    human = own.over("human", gain("human", effects.human_median))
    outside = _money(gain("outside", effects.outside_median))
    return {
        "effect": own.over("effect", _money(effect)),
        "human": own.over("human", _money(human)),
        "outside": own.over("outside", outside),
        "believed_effect": own.over("believed_effect", belief("effect", effect)),
        "believed_human": own.over("believed_human", belief("human", human)),
    }


def _gains(given: Parameters, uniform: Stream, normal: Stream, own: Rows) -> dict[str, Array]:
    """When the effect comes, how surely, and how much of it can be cashed and counted."""
    effects = given.effects
    success = np.clip(effects.success + effects.success_spread * normal("success"), 0.0, 1.0)
    success = own.over("success", success)
    drawn = {
        "delay": _between(uniform("delay"), effects.delay_least, effects.delay_most),
        "lifetime": _between(uniform("lifetime"), effects.lifetime_least, effects.lifetime_most),
        "partly": (1 - success) * effects.partly,
        "partial": np.full(success.shape, effects.partial),
        "cashable": _around(uniform("cashable"), effects.cashable, effects.share_spread),
        "attributable": _around(
            uniform("attributable"), effects.attributable, effects.share_spread
        ),
    }
    return {
        "success": success,
        **{name: own.over(name, column) for name, column in drawn.items()},
        "own": effects.own_least + uniform("own") * (effects.own_most - effects.own_least),
        "other": uniform("other"),
    }


def _about(columns: Mapping[str, Array], holds: Mapping[str, Array]) -> dict[str, Array]:
    """What is true of each application, by the fact's name, whatever the policy asks."""
    several = columns["areas"] >= 2
    gains = columns["believed_effect"] > 0
    return {
        **holds,
        "municipal_partner": columns["partner"],
        "areas": columns["areas"],
        "furthers_cooperation": several,
        "regular_operations": columns["regular"],
        "evaluable": columns["evaluable"],
        "municipal_effects": gains,
        "dampens_costs": gains,
        "lowers_costs": gains,
    }


def _paying(
    committees: list[int], columns: Mapping[str, Array], count: int
) -> Iterator[Mapping[str, Decimal]]:
    """Whose costs fall: the committee's own and, where it crosses areas, one other's."""
    own = np.rint(100 * columns["own"]).astype(int).tolist()
    others = (columns["other"] * max(1, count - 1)).astype(int).tolist()
    areas = columns["areas"].tolist()
    for at, share, step, across in zip(committees, own, others, areas, strict=True):
        if across < 2 or count < 2 or share >= 100:
            yield {committee_name(at): _HUNDREDTHS[100]}
        else:
            other = committee_name((at + 1 + step) % count)
            yield {committee_name(at): _HUNDREDTHS[share], other: _HUNDREDTHS[100 - share]}


def _between(draw: Array, low: float, high: float) -> Array:
    """Whole numbers spread evenly from low to high, both rounded down."""
    first = math.floor(low)
    drawn: Array = np.floor(draw * (math.floor(high) - first + 1))
    return first + drawn.astype(int)


def _around(draw: Array, mean: float, spread: float) -> Array:
    """Shares spread evenly around a mean, kept from 0 to 1."""
    return np.clip(mean + (2 * draw - 1) * spread, 0.0, 1.0)


def _areas(draw: Array, several: float) -> Array:
    """Areas of operation: one, or two to four where there are several."""
    within = np.clip((draw - (1 - several)) / max(several, 1e-12), 0.0, 0.999)
    return np.where(draw < 1 - several, 1, 2 + (within * 3).astype(int))


def _money(amount: Array) -> Array:
    """Amounts in öre, to whole thousands of kronor."""
    thousands: Array = np.rint(amount / _THOUSAND).astype(np.int64)
    amounts: Array = thousands * _THOUSAND
    return amounts
