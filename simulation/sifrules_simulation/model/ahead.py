"""What can be known before the time comes (på förhand): which ideas a committee chooses.

Where no rules change and nobody observes, what a committee does with an idea before it applies
depends on nothing that happens. It is worked out here for all ideas of a table at once, those of
many replications, and only those that are chosen become processes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import field, frozen

from sifrules.plugin.simulation import (
    Behaviour,
    IdeaHistory,
    Prospect,
    ProspectColumns,
    Step,
    chooses,
    worth,
)
from sifrules.policy.columns import array_method
from sifrules_simulation.model.application_columns import (
    Applications,
    Eligibility,
    HaltedAhead,
)
from sifrules_simulation.model.foresight import ProspectEvaluator
from sifrules_simulation.model.foresight_columns import ForesightColumns, Stake
from sifrules_simulation.model.idea_process import IdeaProcess
from sifrules_simulation.model.idea_table import IdeaTable, so_far
from sifrules_simulation.model.parts_in_columns import NUMBERS, TRUTHS, array_of_part, of_part
from sifrules_simulation.model.streams import Array

#: Where an idea may stop before it is applied with; an idea that does not has the first.
_STEPS = (None, Step.NOT_TAKEN_UP, Step.IDEA_TEST, Step.FORESEEN_REFUSAL, Step.REFRAINS)
_NOT_TAKEN_UP, _IDEA_TEST, _FORESEEN, _REFRAINS = range(1, len(_STEPS))
_UNKNOWN = -1
_BY_NO_RULE = HaltedAhead()


@frozen(eq=False)
class Chosen:
    """What is known of an idea that its committee chooses to apply with."""

    applications: Applications
    #: its row among the applications
    row: int
    stake: Stake | None
    #: whether it meets every rule on ideas and applications
    meets: bool

    def begin(self, process: IdeaProcess) -> None:
        """Tell the process of the idea what has been worked out."""
        made = self.applications
        process.project = made.projects.project(self.row)
        process.lead, process.prepared_for = made.prepared_for[self.row]
        process.amount_lead = made.adapter.amount_lead(process.idea.luck["lead"])
        process.prepared_by, process.said = made.adapter, made.facts[self.row]
        process.tested_by = made.adapter if made.adapter.idea_test else None
        process.chosen_ahead, process.stake, process.meets = True, self.stake, self.meets


@frozen(slots=False, eq=False)
class ChosenAhead:
    """What becomes of the ideas of a table before they are applied with, a row for each idea."""

    table: IdeaTable
    stopped: Array
    considered: Array
    applied_for: Array
    scale: Array
    track: list[str | None]
    #: those that stopped at rules, by row
    halted: dict[int, HaltedAhead] = field(factory=dict)
    #: those that are chosen, by row
    chosen: dict[int, Chosen] = field(factory=dict)

    @classmethod
    def of_none(cls, table: IdeaTable) -> ChosenAhead:
        """What there is of ideas that nobody has considered."""
        rows = len(table)
        return cls(
            table,
            np.zeros(rows, np.int8),
            np.full(rows, _UNKNOWN),
            np.zeros(rows, np.int64),
            np.ones(rows),
            [None] * rows,
        )

    def halted_between(self, first: int, until: int) -> list[int]:
        """The rows, of some that follow each other, of ideas that stopped at a rule."""
        return _between(self._halted, first, until)

    def chosen_between(self, first: int, until: int) -> list[int]:
        """The rows, of some that follow each other, of ideas that are chosen."""
        return _between(self._chosen, first, until)

    def considered_between(self, first: int, until: int) -> int:
        """On how many ideas, of some that follow each other, committees make up their minds."""
        before = self._considered_so_far
        return before[until] - before[first]

    @cached_property
    def _halted(self) -> list[int]:
        return sorted(self.halted)

    @cached_property
    def _chosen(self) -> list[int]:
        return sorted(self.chosen)

    @cached_property
    def _considered_so_far(self) -> list[int]:
        return so_far(self.considered != _UNKNOWN)

    def halt(self, rows: Array, step: int, by: Iterable[HaltedAhead]) -> None:
        """Note at which step some ideas stopped, each by some rules."""
        self.stopped[rows] = step
        self.halted.update(zip(rows.tolist(), by, strict=True))

    @cached_property
    def _lists(self) -> tuple[list[Any], ...]:
        """The columns as lists, out of which single values are taken faster."""
        columns = (self.considered, self.stopped, self.applied_for, self.scale)
        return tuple(column.tolist() for column in columns)

    def life(self, row: int) -> IdeaHistory:
        """What became of an idea, as far as it is known ahead."""
        month, step, applied_for, scale = (each[row] for each in self._lists)
        halted = self.halted.get(row, _BY_NO_RULE)
        return IdeaHistory(
            idea=self.table.idea(row),
            considered=None if month == _UNKNOWN else month,
            chosen=None if month == _UNKNOWN else row in self.chosen,
            stopped=_STEPS[step],
            refused_by=halted.refused_by,
            undecided_by=halted.undecided_by,
            foreseen_by=halted.foreseen_by,
            applied_for=applied_for,
            scale=scale,
            track=self.track[row],
        )


def chosen_ahead(
    sees: ProspectEvaluator,
    behaviour: Behaviour,
    table: IdeaTable,
    own: Mapping[str, Array],
    months: int,
) -> ChosenAhead:
    """What becomes of the ideas of a table within so many months, until they are applied with.

    ``own`` are the facts that only this policy knows. Raises `PartRaised` where the code of a
    part raises for any of them.
    """
    found = ChosenAhead.of_none(table)
    given = sees.adapter.scenario.parameters
    come = table["arises"] < months
    attention = table.luck["attention"] < given.ideas.attention
    found.stopped[come & ~attention] = _NOT_TAKEN_UP
    rows = np.flatnonzero(come & attention)
    if len(rows):
        for each, made in _prepared(sees, behaviour, table, rows, own, found):
            if len(made):
                found.applied_for[made.rows] = made.projects.applied_for
                found.scale[made.rows] = made.projects.scale
                _consider(each, behaviour, made, months, found)
    return found


def _prepared(
    sees: ProspectEvaluator,
    behaviour: Behaviour,
    table: IdeaTable,
    rows: Array,
    own: Mapping[str, Array],
    found: ChosenAhead,
) -> list[tuple[ProspectEvaluator, Applications]]:
    """The applications as they are prepared, on each track those that are taken to it."""
    if not sees.on_tracks:
        return [(sees, Applications.prepared(sees.adapter, table, rows, own))]
    made = [
        (name, each, Applications.prepared(each.adapter, table, rows, own))
        for name, each in sees.on_tracks.items()
    ]
    best = _best(
        [of.against() for _, _, of in made],
        [
            _worth(behaviour, ForesightColumns(each, of, of.start).prospects())
            for _, each, of in made
        ],
    )
    taken = []
    for at, (name, each, of) in enumerate(made):
        some = np.flatnonzero(best == at)
        for row in of.rows[some].tolist():
            found.track[row] = name
        taken.append((each, of.take(some)))
    return taken


def _best(against: Sequence[Array], value: Sequence[Array]) -> Array:
    """Which of some tracks each idea is taken to, as `best_track` compares them.

    Of those with the fewest demands against it the one of most worth; of equals the first.
    """
    best = np.zeros(len(value[0]), np.int64)
    fewest, most = against[0], value[0]
    for at in range(1, len(value)):
        better = (against[at] < fewest) | ((against[at] == fewest) & (value[at] > most))
        best[better] = at
        fewest = np.where(better, against[at], fewest)
        most = np.where(better, value[at], most)
    return best


def _consider(
    sees: ProspectEvaluator,
    behaviour: Behaviour,
    made: Applications,
    months: int,
    found: ChosenAhead,
) -> None:
    """Test the ideas, foresee refusals, and let the committees choose."""
    rules, table = sees.adapter, made.table
    given = rules.scenario.parameters
    wait = given.handling.idea_test if rules.idea_test else 0
    eligible = Eligibility.of(made)
    month = made.of("arises") + wait
    left = month < months
    if rules.idea_test:
        stopped = eligible.stopped_at_test(left)
        at = list(stopped)
        found.halt(made.rows[at], _IDEA_TEST, stopped.values())
        left[at] = False
    knows = table.luck["knows_rules"][made.rows] < given.behaviour.knows_rules
    foreseen = eligible.foreseen(left & knows if rules.has_fund else left)
    at = list(foreseen)
    found.halt(made.rows[at], _FORESEEN, foreseen.values())
    left[at] = False
    some = np.flatnonzero(left)
    if len(some):
        _choose(sees, behaviour, made.take(some), month[some], eligible.take(some).met, found)


def _choose(
    sees: ProspectEvaluator,
    behaviour: Behaviour,
    made: Applications,
    month: Array,
    meets: Array,
    found: ChosenAhead,
) -> None:
    """Let the committees choose, each in its month."""
    expected = ForesightColumns(sees, made, made.start + month - made.of("arises"))
    applies = _applies(behaviour, expected.prospects())
    found.considered[made.rows] = month
    found.stopped[made.rows[~applies]] = _REFRAINS
    some = np.flatnonzero(applies)
    chosen, met = made.take(some), meets[some].tolist()
    rows = chosen.rows.tolist()
    made.table.ideas(rows)
    stakes: Sequence[Stake | None] = [None] * len(rows)
    if (known := expected.stakes()) is not None:
        stakes = list(map(Stake, *(each[some].tolist() for each in known)))
    for at, row in enumerate(rows):
        found.chosen[row] = Chosen(chosen, at, stakes[at], met[at])


def _between(rows: list[int], first: int, until: int) -> list[int]:
    """Those of some rows, in order, from one row up to another."""
    return rows[bisect_left(rows, first) : bisect_left(rows, until)]


def _applies(behaviour: Behaviour, prospects: ProspectColumns) -> Array:
    """What a behaviour chooses, by its array method if it offers one that holds for it."""
    many = array_method(behaviour, "applies_many")
    if many is None:
        alone = of_part(chooses)
        return np.array([alone(behaviour, each) for each in prospects], bool)
    chosen = of_part(many)(prospects)
    name = f"{type(behaviour).__name__}.applies_many"
    return array_of_part(chosen, name, len(prospects.luck), TRUTHS).astype(bool)


def _worth(behaviour: Behaviour, prospects: ProspectColumns) -> Array:
    """What applying is worth to committees, by the array method if there is one that holds."""
    many = array_method(behaviour, "worth_many")
    if many is None:
        return np.array([_worth_of(behaviour, each) for each in prospects])
    name = f"{type(behaviour).__name__}.worth_many"
    return array_of_part(of_part(many)(prospects), name, len(prospects.luck), NUMBERS)


@of_part
def _worth_of(behaviour: Behaviour, prospect: Prospect) -> float:
    return float(worth(behaviour, prospect))
