"""Ideas as a table (idéer i en tabell): a row for each idea, an array for each thing known of it.

The ideas of many replications stand in one table, so that what can be known of them is worked out
for all at once. An `Idea` is made of a row only where somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from math import fsum
from typing import Any

import numpy as np
from attrs import evolve, field, fields, frozen

from sifrules.plugin.simulation import Idea, committee_name
from sifrules.policy.columns import padded
from sifrules.values.money import in_lowest_terms
from sifrules_simulation.model.streams import Array

#: The fields of an idea that are columns of the table by their own name.
DRAWN: tuple[str, ...] = tuple(each.name for each in fields(Idea)[:-3])
#: A share in hundredths, as exact decimals.
_HUNDREDTHS = tuple(Decimal(n) / 100 for n in range(101))


@frozen(slots=False, eq=False)
class PayerShares:
    """Whose costs fall for each idea, as whole-number shares, a column for each payer.

    ``own`` says which is the committee whose idea it is. An idea of which nobody's costs are known
    to fall is paid for by its own.
    """

    shares: Array
    own: Array
    #: the share of the effect that the committee itself gains, from 0 to 1
    own_share: Array

    def take(self, rows: Array) -> PayerShares:
        """Those of some rows."""
        return PayerShares(self.shares[rows], self.own[rows], self.own_share[rows])


@frozen(slots=False, eq=False)
class IdeaTable:
    """Ideas of some replications, those of one after the other, in the order of their numbers.

    ``columns`` are what `Idea` holds by the same name, ``facts`` and ``luck`` by names too.
    ``own`` is the own committee's share of the costs that fall in hundredths, and ``other`` the
    number of the committee that has the rest; or -1, and it has all.
    """

    columns: Mapping[str, Array]
    facts: Mapping[str, Array]
    luck: Mapping[str, Array]
    own: Array
    other: Array
    #: ideas that were made already, by row
    _made: dict[int, Idea] = field(factory=dict, repr=False)

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.own)

    @classmethod
    def of(cls, ideas: Sequence[Idea]) -> IdeaTable:
        """The table of ideas that are there already."""
        nothing = np.full(len(ideas), -1)
        facts, luck = (ideas[0].facts, ideas[0].luck) if ideas else ({}, {})
        return cls(
            columns={name: np.array([getattr(each, name) for each in ideas]) for name in DRAWN},
            facts={name: np.array([each.facts[name] for each in ideas]) for name in facts},
            luck={name: np.array([each.luck[name] for each in ideas]) for name in luck},
            own=nothing,
            other=nothing,
            made=dict(enumerate(ideas)),
        )

    def with_gains(self, gains: Sequence[Mapping[str, Decimal] | None]) -> IdeaTable:
        """The table with whose costs fall by some of the ideas, as it is stated of these."""
        ideas = self.ideas(range(len(self)))
        pairs = zip(ideas, gains, strict=True)
        made = [one if said is None else evolve(one, gains=said) for one, said in pairs]
        nothing = np.full(len(self), -1)
        return evolve(self, own=nothing, other=nothing, made=dict(enumerate(made)))

    # --- ideas ----------------------------------------------------------------------

    def idea(self, row: int) -> Idea:
        """The idea of a row, the same each time."""
        return self._made.get(row) or self.ideas((row,))[0]

    def ideas(self, rows: Sequence[int]) -> tuple[Idea, ...]:
        """The ideas of some rows; those that nobody has asked for yet are made at once."""
        made = self._made
        new = [row for row in rows if row not in made]
        if new:
            at = np.array(new)
            drawn = (self.columns[name][at].tolist() for name in DRAWN)
            about = (self._gains(at), _by_name(self.facts, at), _by_name(self.luck, at))
            made.update(zip(new, map(Idea, *drawn, *about), strict=True))
        return tuple([made[row] for row in rows])

    def _gains(self, rows: Array) -> Iterator[Mapping[str, Decimal]]:
        """Whose costs fall: the committee's own and, where it crosses areas, one other's."""
        columns = (self.columns["committee"], self.other, self.own)
        for committee, other, share in zip(*(each[rows].tolist() for each in columns), strict=True):
            name = committee_name(committee)
            if other < 0:
                yield {name: _HUNDREDTHS[100]}
            else:
                rest = _HUNDREDTHS[100 - share]
                yield {name: _HUNDREDTHS[share], committee_name(other): rest}

    # --- what follows from the columns ----------------------------------------------

    @cached_property
    def payers(self) -> PayerShares:
        """Who pays a claim on each."""
        if self.own.size and self.own[0] < 0:
            return self._payers_of_ideas()
        alone = self.other < 0
        own = np.where(alone, 100, self.own)
        first = np.zeros((len(own), 2), bool)
        first[:, 0] = True
        return PayerShares(np.stack([own, 100 - own], axis=1), first, own / 100)

    def _payers_of_ideas(self) -> PayerShares:
        gains = [(self._made[row].gains, self._made[row].payer) for row in range(len(self))]
        shares = [in_lowest_terms(tuple(each.values())) if each else (1,) for each, _ in gains]
        own = [[name == payer for name in of] or [True] for of, payer in gains]
        return PayerShares(
            padded(shares),
            padded(own).astype(bool),
            np.array([float(of.get(payer, 0)) for of, payer in gains]),
        )

    @cached_property
    def viable(self) -> Array:
        """What `Idea.viable` says of each."""
        of = self.columns
        worth = (of["effect"] + of["outside"] + of["human"]) * (
            of["success"] + of["partly"] * of["partial"]
        )
        found: Array = ~of["regular"] & (worth >= of["cost"])
        return found

    def viable_between(self, first: int, until: int) -> tuple[int, float]:
        """How many ideas are viable of some that follow each other.

        And the sum of their attributable shares.
        """
        before, shares = self._viable_so_far
        return before[until] - before[first], fsum(shares[before[first] : before[until]])

    @cached_property
    def _viable_so_far(self) -> tuple[list[int], list[float]]:
        """How many are viable before each row, and the attributable shares of those that are."""
        return so_far(self.viable), self.columns["attributable"][self.viable].tolist()


def so_far(holds: Array) -> list[int]:
    """In how many rows something holds before each row, and at last in all.

    >>> so_far(np.array([True, False, True]))
    [0, 1, 1, 2]
    """
    return [0, *np.cumsum(holds).tolist()]


def _by_name(columns: Mapping[str, Array], rows: Array) -> Iterator[dict[str, Any]]:
    """The values of some rows, by the names of the columns."""
    names = list(columns)
    for values in zip(*(column[rows].tolist() for column in columns.values()), strict=True):
        yield dict(zip(names, values, strict=True))
