"""Tasks: work and its arguments, as they travel to whoever runs them.

Worker processes of this machine import this module, and otherwise only what the work needs.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from attrs import frozen

Result = TypeVar("Result")
#: The arguments of one task, by place.
Task = tuple[Any, ...]


@frozen
class Shared:
    """What all tasks have in common: the work, and arguments by place."""

    work: Callable[..., Any]
    arguments: Mapping[int, Any]


def split(tasks: Sequence[Task]) -> tuple[dict[int, Any], dict[int, Task]]:
    """The arguments that all tasks share, by place, and each task's own, by its number.

    >>> scenario = {"a": 1}
    >>> split([(scenario, 1), (scenario, 2)])
    ({0: {'a': 1}}, {0: (1,), 1: (2,)})
    """
    common = {
        place: argument
        for place, argument in enumerate(tasks[0])
        if all(each[place] is argument for each in tasks)
    }
    own = {
        number: tuple(each for place, each in enumerate(task) if place not in common)
        for number, task in enumerate(tasks)
    }
    return common, own


def run_task(shared: Shared, own: Task) -> Any:
    """Run one task, wherever it is."""
    rest = iter(own)
    count = len(own) + len(shared.arguments)
    task = (shared.arguments[at] if at in shared.arguments else next(rest) for at in range(count))
    return without_gc(shared.work, tuple(task))


def without_gc(work: Callable[..., Result], task: Task) -> Result:
    """Run a task with garbage collection off, which otherwise takes a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        return work(*task)
    finally:
        if was_on:
            gc.enable()
