"""Table 3: a small fund, told in other simulation libraries and in ours.

Ideas arrive; some apply; an application is granted if the balance is enough for it, else
it is refused; a project runs for some months, and then pays a share of its grant back. The
balance is noted at the end of each month of fifteen years. All that chance decides is
drawn beforehand and given as lists, so that every library must come to the same balances,
to the krona. Moments are whole steps of 2^-20 of a month, which floating-point numbers
hold exactly, and no two things happen at once: the order is the same for all.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any

import simpy
from attrs import frozen

YEARS = 15
MONTHS = 12 * YEARS
#: What the fund begins with, in kronor.
BEGINS = 65_000_000
#: Ideas a year, the chance that one applies, and the tenths of a grant that are paid back.
FLOW, APPLIES, TENTHS = 12, 0.6, 7
#: A run goes on a little past the last month, whose end is noted.
UNTIL = MONTHS + 0.5


@frozen
class Drawn:
    """What chance decided: of each idea when it arrives, whether it applies, cost, months."""

    arrives: list[float]
    applies: list[bool]
    costs: list[int]
    months: list[int]


def drawn(number: int) -> Drawn:
    """The draws of one replication."""
    draw = random.Random(number)
    count = FLOW * YEARS
    # Each idea has a time of the month of its own, so that no two things happen at once.
    steps = draw.sample(range(1, 2**20), count)
    arrives = sorted(draw.randrange(MONTHS) + step / 2**20 for step in steps)
    return Drawn(
        arrives=arrives,
        applies=[draw.random() < APPLIES for _ in arrives],
        costs=[draw.randrange(300, 3_000) * 1_000 for _ in arrives],
        months=[draw.randrange(6, 37) for _ in arrives],
    )


#: The balance at the end of each month, given the draws.
Model = Callable[[Drawn], list[int]]


def paid_back(cost: int) -> int:
    """What a project pays back of its grant when it ends, in kronor."""
    return cost * TENTHS // 10


def plain(given: Drawn) -> list[int]:
    """The fund in a plain loop over a heap of what is to come: no library at all."""
    balance, balances = BEGINS, []
    order = itertools.count()
    ahead = [(at, next(order), "arrives", idea) for idea, at in enumerate(given.arrives)]
    ahead += [(float(month), next(order), "month", 0) for month in range(1, MONTHS + 1)]
    heapq.heapify(ahead)
    while ahead:
        now, _, what, idea = heapq.heappop(ahead)
        if what == "month":
            balances.append(balance)
        elif what == "ends":
            balance += paid_back(given.costs[idea])
        elif given.applies[idea] and given.costs[idea] <= balance:
            balance -= given.costs[idea]
            heapq.heappush(ahead, (now + given.months[idea], next(order), "ends", idea))
    return balances


def in_simpy(given: Drawn) -> list[int]:
    """The fund in SimPy: a process for each idea, one that lets them in, and a clock."""
    return _simpy(given)[0]


def simpy_events(given: Drawn) -> int:
    """How many events SimPy schedules for it."""
    return int(next(_simpy(given)[1]._eid))  # type: ignore[attr-defined]  # its counter


def _simpy(given: Drawn) -> tuple[list[int], simpy.Environment]:
    env = simpy.Environment()
    balance, balances = BEGINS, []

    def idea(number: int) -> Iterator[Any]:
        nonlocal balance
        cost = given.costs[number]
        if given.applies[number] and cost <= balance:
            balance -= cost
            yield env.timeout(given.months[number])
            balance += paid_back(cost)

    def arriving() -> Iterator[Any]:
        for number, at in enumerate(given.arrives):
            yield env.timeout(at - env.now)
            env.process(idea(number))

    def clock() -> Iterator[Any]:
        while True:
            yield env.timeout(1)
            balances.append(balance)

    env.process(arriving())
    env.process(clock())
    env.run(until=UNTIL)
    return balances, env
