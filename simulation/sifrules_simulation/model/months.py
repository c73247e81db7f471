"""Waiting for months (månader) in which nothing happens to an investment."""

from __future__ import annotations

from typing import Any

import simpy


class _Waited(simpy.Event):
    """Comes in a number of months, in the order in which a step each month would bring it.

    What happens in one month happens in the order in which it was waited for. An investment that
    waits for a year in twelve steps comes after one whose step was taken before its own, each
    month; one long wait would come first. So each month has its step, but of this event alone: no
    process is resumed for it, and no other event is made.
    """

    def __init__(self, env: simpy.Environment, months: int) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        self._left = months
        if months == 1:
            env.schedule(self, delay=1)
            return
        self._step = step = simpy.Event(env)
        step._ok, step._value = True, None
        self._callbacks: Any = [self._taken]
        step.callbacks = self._callbacks
        env.schedule(step, delay=1)

    def _taken(self, step: simpy.Event) -> None:
        self._left -= 1
        if self._left > 1:
            step.callbacks = self._callbacks
            self.env.schedule(step, delay=1)
        else:
            self.env.schedule(self, delay=1)


def monthly_steps(env: simpy.Environment, months: int) -> simpy.Event:
    """An event that comes after so many months, at least one, as if each were waited for.

    >>> env = simpy.Environment()
    >>> event = monthly_steps(env, 12)
    >>> env.run(until=event)
    >>> env.now
    12
    """
    return _Waited(env, months)
