"""Waiting for months at once comes in the order in which single months would be waited for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import simpy
from hypothesis import given, strategies as st

from sifrules_simulation.model.months import monthly_steps

#: When a process begins to wait, and for how many months.
waits = st.lists(st.tuples(st.integers(0, 6), st.integers(1, 9)), min_size=1, max_size=8)


def order(processes: list[tuple[int, int]], at_once: bool) -> list[tuple[float, int]]:
    """When each process has waited, in the order in which they come."""
    env = simpy.Environment()
    came: list[tuple[float, int]] = []

    def waiting(number: int, begins: int, months: int) -> Iterator[Any]:
        yield env.timeout(begins)
        if at_once:
            yield monthly_steps(env, months)
        else:
            for _ in range(months):
                yield env.timeout(1)
        came.append((env.now, number))

    for number, (begins, months) in enumerate(processes):
        env.process(waiting(number, begins, months))  # type: ignore[arg-type]  # a generator
    env.run()
    return came


@given(processes=waits)
def test_processes_come_in_the_order_of_their_steps(processes: list[tuple[int, int]]) -> None:
    """Also those that end in one month and began in different ones."""
    assert order(processes, at_once=True) == order(processes, at_once=False)
