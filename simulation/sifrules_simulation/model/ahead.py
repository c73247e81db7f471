"""What can be known before the time comes (på förhand): which ideas a committee chooses.

Where no rules change and nobody observes, what a committee does with an idea before it applies
depends on nothing that happens. It is worked out here for all ideas at once, and only those that
are chosen become processes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import define

from sifrules.plugin.simulation import Behaviour, IdeaHistory, ProspectColumns, Step
from sifrules.policy.columns import array_method
from sifrules_simulation.model.application_columns import Application, Eligibility
from sifrules_simulation.model.foresight_columns import Considered, ForesightColumns, Stake
from sifrules_simulation.model.idea_process import IdeaProcess


@define
class _Calendar:
    """The month in which an idea is considered."""

    month: int


def chosen_ahead(processes: Sequence[IdeaProcess], months: int) -> Iterator[IdeaProcess]:
    """Those of some processes, at their beginning, that have to be run over so many months.

    The others end here with what became of them, and of those to run the choice is known. Where
    the code of a plugin raises, the process is left as it was: it raises again in its time.
    """
    clocks = [process.clock for process in processes]
    come = [process for process in processes if process.idea.arises < months]
    try:
        _begin(come)
        left = _considered([process for process in come if process.is_taken_up()], months)
        _choose(left)
    except Exception:  # at once for all it cannot be, or a plugin's own code raises for one
        _one_by_one(come, months)
    for process, clock in zip(processes, clocks, strict=True):
        process.clock = clock
    return (process for process in come if process.chosen_ahead is not False)


def _begin(processes: Iterable[IdeaProcess]) -> None:
    for process in processes:
        process.clock = _Calendar(process.idea.arises)
        process.chosen_ahead = False


# --- at once ------------------------------------------------------------------------


def _considered(processes: Sequence[IdeaProcess], months: int) -> list[IdeaProcess]:
    """Those that come to a choice: they pass their test, and no refusal is foreseen."""
    for process in processes:
        process.prepare()
    if not processes:
        return []
    rules = processes[0].rules.first
    if rules.tracks:  # each may be on another
        return [process for process in processes if _comes_to_choice(process, months)]
    eligible = Eligibility.of(rules, [_application(process) for process in processes])
    wait = processes[0].given.handling.idea_test if rules.idea_test else 0
    found = []
    tested, foreseen = eligible.stopped_at_test(), eligible.foreseen()
    for process, stopping, against in zip(processes, tested, foreseen, strict=True):
        calendar = process.clock = _Calendar(process.idea.arises + wait)
        if calendar.month >= months:
            continue
        if rules.idea_test:
            if stopping is not None:
                process.life.refused_by = stopping.refused_by
                process.life.undecided_by = stopping.undecided_by
                process.stop(Step.IDEA_TEST)
                continue
            process.tested_by = rules
        if not process.refrains_from(against):
            found.append(process)
    return found


def _application(process: IdeaProcess) -> Application:
    return Application(process.idea, process.project, process.prepared_for, process.own_facts)


def _choose(processes: Sequence[IdeaProcess]) -> None:
    """Let the committees choose."""
    if not processes:
        return
    if processes[0].rules.first.tracks:
        for process in processes:
            process.chosen_ahead = process.chooses()
        return
    sees = ForesightColumns(processes[0].rules.at(0).alone, [_seen(each) for each in processes])
    chosen = _applies(processes[0].behaviour, sees.prospects())
    stakes: Sequence[Stake | None] = sees.stakes() or [None] * len(processes)
    for process, applies, stake in zip(processes, chosen, stakes, strict=True):
        process.chosen_ahead, process.stake = process.notes_choice(applies), stake


def _seen(process: IdeaProcess) -> Considered:
    return Considered(process.idea, process.project, process.expected_start, lambda: process.values)


def _applies(behaviour: Behaviour, prospects: ProspectColumns) -> list[bool]:
    """What a behaviour chooses, by its array method if it offers one that holds for it."""
    many = array_method(behaviour, "applies_many")
    chosen = map(behaviour.applies, prospects) if many is None else many(prospects).tolist()
    return list(map(bool, chosen))


# --- one by one ---------------------------------------------------------------------


def _one_by_one(processes: Iterable[IdeaProcess], months: int) -> None:
    for process in processes:
        _reset(process)
        try:
            process.chosen_ahead = _is_chosen(process, months)
        except Exception:  # whatever a plugin's own code raises is raised again, in its time
            _reset(process)
            process.chosen_ahead = None


def _reset(process: IdeaProcess) -> None:
    process.clock = _Calendar(process.idea.arises)
    process.life, process.tested_by = IdeaHistory(process.idea), None


def _is_chosen(process: IdeaProcess, months: int) -> bool:
    if not process.is_taken_up():
        return False
    process.prepare()
    return _comes_to_choice(process, months) and process.chooses()


def _comes_to_choice(process: IdeaProcess, months: int) -> bool:
    if process.adapter.idea_test:
        month = process.month + process.given.handling.idea_test
        process.clock = _Calendar(month)
        if month >= months or not process.is_tested():
            return False
    return not process.foresees_refusal()
