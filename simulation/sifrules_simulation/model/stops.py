"""The rules at which ideas and applications stop (var de stannar), by how they stop there.

A refusal is of an application or in an idea test; a committee that foresees one hands nothing in;
and an application that lacks what a rule reads is neither let through nor refused.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from sifrules.plugin.simulation import Halted


@frozen
class Stop:
    """A way of stopping at a rule: its name, as columns carry it, and the rules of one idea."""

    name: str
    rules: Callable[[Halted], tuple[str, ...]]


def _of_applications(life: Halted) -> tuple[str, ...]:
    return life.refused_by if life.applied is not None else ()


def _of_idea_tests(life: Halted) -> tuple[str, ...]:
    return life.refused_by if life.applied is None else ()


#: All ways, in the order in which they are shown.
STOPS = (
    Stop("refused_by", _of_applications),
    Stop("undecided_by", lambda life: life.undecided_by),
    Stop("idea_refused_by", _of_idea_tests),
    Stop("foreseen_by", lambda life: life.foreseen_by),
)
