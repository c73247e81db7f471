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
from sifrules.plugin.simulation import Idea, committee_name
from sifrules.rules.conditions import Fact, Value
from sifrules.rules.kinds import Kind
from sifrules.rules.vocabulary import FACTS
from sifrules.values.messages import Message
from sifrules.values.money import LARGEST, Amount
from sifrules_simulation.model.arrivals import arrivals, arrivals_as_listed
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
            return self.listed.whole_fact(fact)
        drawn = self.draws.uniform(f"fact.{fact.name}", self.rows * self.committees)
        made_up = _made_up(fact, drawn[self.replication, self.numbers], share)
        return self.listed.fact(fact, made_up)


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
    given, listed = scenario.parameters, scenario.own_ideas
    if listed is not None and not listed.resampled:
        arises = arrivals_as_listed(draws, listed, scenario, 12 * years)
    else:
        arises = arrivals(draws, given, years, switches)
    _, rows, each_row = arises.shape
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
    _refuse_other_committees(stated, committees)
    with np.errstate(over="ignore", invalid="ignore"):  # what is no number is refused
        work = _work(given, uniform, normal, stated)
    columns = {
        "number": number,
        "committee": named - 1,
        "arises": arises.reshape(count, -1)[come].astype(int),
        **work,
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
        facts={name: stated.fact(FACTS[name], column) for name, column in facts.items()},
        luck=luck,
        own=own,
        other=other,
    )
    return (table if stated.gains is None else table.with_gains(stated.gains)), stated


def _refuse_other_committees(stated: Rows, count: int) -> None:
    """Raise `SifError` where costs fall at a committee that the municipality does not have."""
    known = {committee_name(number) for number in range(count)}
    for gains in stated.gains or ():
        for name in () if gains is None else gains.keys() - known:
            wrong = Message("own_ideas.no_such_gainer", committee=name, count=count)
            raise SifError(wrong, where="own_ideas")


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
    success = own.over("success", own.rest(success))
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
    """Amounts in öre, to whole thousands of kronor.

    Raises `SifError` where one is beyond all that is reckoned with, or is no number.
    """
    if not (np.abs(amount) <= LARGEST).all():
        raise SifError(
            Message("world.amount_too_large", most=Amount(LARGEST)),
            where="scenario",
            fix=Message("world.lower_amounts"),
        )
    thousands: Array = np.rint(amount / _THOUSAND).astype(np.int64)
    amounts: Array = thousands * _THOUSAND
    return amounts
