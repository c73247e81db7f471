"""The world (omvärlden): all that chance decides, drawn before a run and for every policy alike.

Each kind of draw has a named stream of its own, made of the seed, the name and the number
of the replication. What a stream gives does not depend on any policy, nor on what other
streams give: changing a clause changes no draw, and changing a parameter changes only
what it stands for. Streams give standard numbers (uniform, normal, exponential), a row
for each possible idea and a column for each committee; parameters turn them into ideas.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np
from attrs import field, frozen

from sifrules.errors import SifError
from sifrules.plugin.simulation import Idea
from sifrules.rules.conditions import Fact, Value
from sifrules.rules.kinds import Kind
from sifrules.rules.vocabulary import FACTS
from sifrules.values.messages import Message
from sifrules_simulation.model.idea_facts import HOLDS, SEEN_TO
from sifrules_simulation.model.idea_table import IdeaTable
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.own_ideas import OwnIdeas, Rows
from sifrules_simulation.model.parameters import Parameters
from sifrules_simulation.model.scenarios import Scenario
from sifrules_simulation.model.streams import Array, ManyStreams, RandomStreams

#: Amounts are drawn in whole thousands of kronor.
_THOUSAND = 100_000

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
#: The streams that every world is drawn from.
_STREAMS = (
    "stock", "stock.arises", "flow.arises", "surplus", "cost", "months", "origin", "partner",
    "areas", "evaluable", "regular", "in_municipality", "effect", "human", "outside",
    "belief.effect", "belief.human", "success", "delay", "lifetime", "cashable", "attributable",
    "own", "other", "completeness", "luck", *(f"holds.{name}" for name in HOLDS),
)  # fmt: skip


@frozen(slots=False)
class World:
    """What happens around the fund in one replication: the ideas, and years of surplus.

    ``surplus`` says of each year whether the one before closed with a surplus out of
    which money is set aside; never, unless the scenario says that it may be. The ideas are rows
    of a table that worlds of other replications may share, from ``first`` on to ``until``.
    """

    table: IdeaTable = field(eq=False, repr=False)
    first: int = field(eq=False, repr=False)
    until: int = field(eq=False, repr=False)
    surplus: tuple[bool, ...]
    draws: RandomStreams
    _own: OwnFacts = field(eq=False, repr=False)

    @classmethod
    def of(
        cls,
        ideas: Sequence[Idea],
        surplus: Sequence[bool],
        draws: RandomStreams,
        rows: int,
        committees: int,
    ) -> World:
        """The world in which some ideas arise."""
        table, many = IdeaTable.of(ideas), ManyStreams(draws.seed, (draws.replication,))
        own = OwnFacts(many, table["number"], np.zeros(len(table), int), rows, committees)
        return cls(table, 0, len(table), tuple(surplus), draws, own)

    @cached_property
    def ideas(self) -> tuple[Idea, ...]:
        """The ideas, in the order of their numbers."""
        return self.table.ideas(range(self.first, self.until))

    def own_column(self, fact: Fact, share: float) -> Array | None:
        """What a fact that only a plugin knows is, for each row of the table.

        A flag holds with the share; a choice is any of its options alike; counts, months
        and shares are spread evenly over small values. Amounts and years are not made up:
        they stay missing.
        """
        return self._own.column(fact, share)

    def own_fact(self, fact: Fact, share: float) -> Mapping[int, Value]:
        """The same for each idea of this world, by its number."""
        column = self._own.column(fact, share)
        if column is None:
            return {}
        rows = slice(self.first, self.until)
        numbers: list[int] = self.table["number"][rows].tolist()
        return dict(zip(numbers, column[rows].tolist(), strict=True))


@frozen(slots=False, eq=False)
class OwnFacts:
    """Facts that only a plugin knows, as they are made up for the rows of a table."""

    draws: ManyStreams
    numbers: Array
    #: which of the replications each row belongs to
    replication: Array
    rows: int
    committees: int
    #: the rows of a list of the municipality's own ideas, which may state such a fact
    listed: Rows = field(factory=Rows)
    _columns: dict[tuple[Fact, float], Array | None] = field(factory=dict, repr=False)

    def column(self, fact: Fact, share: float) -> Array | None:
        """The values of one fact; None where they stay missing."""
        if (fact, share) not in self._columns:
            self._columns[fact, share] = self._drawn(fact, share)
        return self._columns[fact, share]

    def _drawn(self, fact: Fact, share: float) -> Array | None:
        if fact.kind in (Kind.MONEY, Kind.YEAR):
            return self.listed.whole_fact(fact.name)
        drawn = self.draws.uniform(f"fact.{fact.name}", self.rows * self.committees)
        made_up = _made_up(fact, drawn[self.replication, self.numbers], share)
        return self.listed.fact(fact.name, made_up)


#: Between what numbers counts and months are made up that no guideline bounds.
_WITHIN = {Kind.COUNT: (1, 5), Kind.MONTHS: (6, 48)}


def made_up_within(fact: Fact) -> tuple[int, int]:
    """The least and the greatest value that is made up of a count or of months.

    They are the fact's own bounds; where it has only one, the other is as far from it as usual.

    >>> from sifrules import LocalizedText
    >>> pupils = Fact("application.pupils", Kind.COUNT, LocalizedText(sv="elever", en="pupils"))
    >>> from attrs import evolve
    >>> made_up_within(pupils), made_up_within(evolve(pupils, least=20, most=300))
    ((1, 5), (20, 300))
    >>> made_up_within(evolve(pupils, least=20)), made_up_within(evolve(pupils, most=3))
    ((20, 24), (1, 3))
    """
    low, high = _WITHIN[fact.kind]
    least = fact.least if fact.least is not None else min(low, fact.bounds[1])
    most = fact.most if fact.most is not None else max(high, least + high - low)
    if fact.least is None and fact.most is None:
        return low, high
    return least, min(most, fact.bounds[1])


def _made_up(fact: Fact, draw: Array, share: float) -> Array:
    match fact.kind:
        case Kind.FLAG:
            holds: Array = draw < share
            return holds
        case Kind.CHOICE:
            chosen: Array = np.array(fact.options)[(draw * len(fact.options)).astype(int)]
            return chosen
        case Kind.COUNT | Kind.MONTHS:
            low, high = made_up_within(fact)
            return low + (draw * (high - low + 1)).astype(int)
        case _:
            return (draw * 101).astype(int) * 100


#: Facts that the world, the project or the fund settles; see `Idea.facts` and the adapter.
KNOWN = frozenset(name for name in FACTS if name.startswith(("application.", "parts.", "fund.")))


def world(
    scenario: Scenario, years: int, seed: int, replication: int, switches: Mechanisms
) -> World:
    """The world of one replication.

    The same scenario, years, seed and replication always give the same world; of the
    switches only novelty and organisation size have a bearing on it.
    """
    (drawn,) = worlds(scenario, years, seed, (replication,), switches)
    return drawn


def worlds(
    scenario: Scenario,
    years: int,
    seed: int,
    replications: Sequence[int],
    switches: Mechanisms,
) -> list[World]:
    """The worlds of some replications, drawn at once: each is what `world` gives."""
    draws = ManyStreams(seed, tuple(replications), _STREAMS)
    given = scenario.parameters
    size = switches.size(given)
    committees = given.municipality.committees
    listed = scenario.own_ideas
    if listed is not None and not listed.resampled:
        rows, each_row = listed.count, 1
        arises = _arises_as_listed(draws, listed, scenario, 12 * years)
    else:
        waiting = _waiting(draws, given, size)
        rate = given.ideas.flow * size / committees
        rows, each_row = _stock_rows(given, size) + _flow_rows(rate, years), committees
        arises = _arises(draws, given, waiting, rate, years, rows, switches)
    chance = given.municipality.surplus if scenario.surplus_earmarks else 0.0
    surplus = (draws.uniform("surplus", years) < chance).tolist()
    months = arises.reshape(len(arises), -1)
    within, number = np.nonzero((months >= 0) & (months < 12 * years))
    table, stated = _ideas(draws, given, arises, (within, number), listed)
    own = OwnFacts(draws, number, within, rows, each_row, stated)
    until = np.searchsorted(within, np.arange(len(surplus)), side="right").tolist()
    return [
        World(table, first, last, tuple(each), RandomStreams(seed, replication), own)
        for first, last, each, replication in zip(
            (0, *until), until, surplus, replications, strict=False
        )
    ]


# --- when ideas arise ---------------------------------------------------------------


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
    return [[_poisson(mean, u) for u in each] for each in drawn]


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
    draws: ManyStreams,
    given: Parameters,
    waiting: list[list[int]],
    rate: float,
    years: int,
    rows: int,
    switches: Mechanisms,
) -> Array:
    """The month in which each possible idea arises; those that do not have the last or later.

    Replications × rows × committees.
    """
    months, committees = 12 * years, given.municipality.committees
    flow_rows = _flow_rows(rate, years)
    stock_rows = rows - flow_rows
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


def _arises_as_listed(draws: ManyStreams, own: OwnIdeas, scenario: Scenario, months: int) -> Array:
    """The month in which each idea of a list arises; any of them alike where it does not say."""
    drawn = np.floor(draws.uniform("own.arises", own.count) * months)
    stated = Rows(own, np.arange(own.count))
    dated = [np.nan if each is None else each - scenario.begins for each in own.dates]
    arises = np.stack([stated.over("arises", each) for each in drawn])
    return np.where(np.isnan(dated), arises, np.array(dated))[:, :, None]


# --- what ideas are -----------------------------------------------------------------


def _ideas(
    draws: ManyStreams,
    given: Parameters,
    arises: Array,
    come: tuple[Array, Array],
    listed: OwnIdeas | None,
) -> tuple[IdeaTable, Rows]:
    """The ideas that come about, in the order of replications and of their numbers.

    With the rows that they are of a list of the municipality's own.
    """
    count, committees = len(arises), given.municipality.committees
    _, number = come
    last = 1 + number.max(initial=-1)  # no stream is drawn from any further

    def uniform(name: str, *depth: int) -> Array:
        return draws.uniform(name, last, *depth)[come]

    def normal(name: str) -> Array:
        return draws.normal(name, last)[come]

    stated, committee = Rows(), number % arises.shape[2]
    if listed is not None and listed.resampled:
        stated = Rows(listed, (uniform("own.row") * listed.count).astype(int))
    elif listed is not None:
        stated = Rows(listed, number)
        committee = (uniform("own.committee") * committees).astype(int)
    named = stated.over("committee", committee + 1)
    if len(named) and named.max() > committees:
        wrong = Message("own_ideas.no_such_committee", number=int(named.max()), count=committees)
        raise SifError(wrong, where="own_ideas")
    columns = {
        "number": number,
        "committee": named - 1,
        "arises": arises.reshape(count, -1)[come].astype(int),
        **_work(given, uniform, normal, stated),
        **_gains(given, uniform, normal, stated),
    }
    seen_to = uniform("completeness", len(SEEN_TO)) < given.handling.completeness
    holds = {name: uniform(f"holds.{name}") < getattr(given.facts, name) for name in HOLDS}
    about = _about(columns, holds)
    luck = dict(zip(LUCK, uniform("luck", len(LUCK)).T, strict=True))
    luck["attention"] = stated.taken_up(luck["attention"])
    own, other = _paying(columns, committees)
    facts = {
        **{f"application.{name}": column for name, column in about.items()},
        **dict(zip(SEEN_TO, seen_to.T, strict=True)),
    }
    table = IdeaTable(
        columns=columns,
        facts={name: stated.fact(name, column) for name, column in facts.items()},
        luck=luck,
        own=own,
        other=other,
    )
    return (table if stated.gains is None else table.with_gains(stated.gains)), stated


#: Gives the draws of a stream for the ideas that arise.
Stream = Callable[..., Array]


def _work(given: Parameters, uniform: Stream, normal: Stream, own: Rows) -> dict[str, Array]:
    """What is to be done: whose idea, what it costs, how long it takes."""
    ideas = given.ideas
    cost = _money(100 * ideas.cost_median * np.exp(ideas.cost_spread * normal("cost")))
    months = _between(uniform("months"), ideas.shortest / 6, ideas.longest / 6) * 6
    cost = own.over("cost", np.maximum(_THOUSAND, cost))
    outside = own.civil(uniform("origin") < ideas.civil_society)
    regular = uniform("regular") < np.where(outside, ideas.regular_civil, ideas.regular)
    return {
        "civil": outside,
        "origin": np.where(outside, "civil_society", "internal"),
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
    found = {
        "effect": _money(effect),
        "human": _money(human),
        "outside": _money(gain("outside", effects.outside_median) - effects.shifted * effect),
        "believed_effect": belief("effect", effect),
        "believed_human": belief("human", human),
    }
    return {name: own.over(name, column) for name, column in found.items()}


def _gains(given: Parameters, uniform: Stream, normal: Stream, own: Rows) -> dict[str, Array]:
    """When the effect comes, how surely, and how much of it can be cashed and counted."""
    effects = given.effects
    success = np.clip(effects.success + effects.success_spread * normal("success"), 0.0, 1.0)
    success = own.over("success", success)
    drawn = {
        "delay": _between(uniform("delay"), effects.delay_least, effects.delay_most),
        "lifetime": _between(uniform("lifetime"), effects.lifetime_least, effects.lifetime_most),
        "success": success,
        "partly": (1 - success) * effects.partly,
        "partial": np.full(success.shape, effects.partial),
        "cashable": _around(uniform("cashable"), effects.cashable, effects.share_spread),
        "attributable": _around(
            uniform("attributable"), effects.attributable, effects.share_spread
        ),
    }
    return {
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


def _paying(columns: Mapping[str, Array], count: int) -> tuple[Array, Array]:
    """Whose costs fall: the committee's own share and, where it crosses areas, one other's."""
    own = np.rint(100 * columns["own"]).astype(int)
    step = (columns["other"] * max(1, count - 1)).astype(int)
    alone = (columns["areas"] < 2) | (count < 2) | (own >= 100)
    return own, np.where(alone, -1, (columns["committee"] + 1 + step) % count)


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
