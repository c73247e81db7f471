"""Which rules bind what is under way when the rules of a fund change (övergång).

What the choice leads to in a simulated month is in the simulation's `rules_in_force`.
"""

from __future__ import annotations

from typing import Literal

from attrs import frozen


@frozen(kw_only=True)
class Binding:
    """Which rules bind what is under way at a reform (övergång): those of which day.

    An ``idea`` under test, an ``application`` under way and one in the ``queue`` are decided by
    the rules in force when they are ``decided``, or when they were ``begun``. An ``investment``
    is settled by the rules in force at its ``start``, at its ``grant`` or at its ``end``. A
    ``claim`` stands as it was ``settled``, or falls away where the rules in force when it is
    ``due`` claim nothing. A guideline's own transitional provision goes before.
    """

    idea: Literal["decided", "begun"] = "decided"
    application: Literal["decided", "begun"] = "decided"
    queue: Literal["decided", "begun"] = "decided"
    investment: Literal["start", "grant", "end"] = "start"
    claim: Literal["settled", "due"] = "settled"


#: The field's default: decided by the rules of the day, settled by those of the start.
USUAL = Binding()
