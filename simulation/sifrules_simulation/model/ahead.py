"""What can be known before the time comes (på förhand): which ideas a committee chooses.

Where no rules change and nobody observes, what a committee does with an idea before it applies
depends on nothing that happens. It is worked out here for all ideas at once, and only those that
are chosen become processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from attrs import define

from sifrules.plugin.simulation import Behaviour, IdeaHistory, ProspectColumns
from sifrules.policy.columns import array_method
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
    _attempt(come, lambda process: _is_considered(process, months))
    _choose([process for process in come if process.chosen_ahead])
    for process, clock in zip(processes, clocks, strict=True):
        process.clock = clock
    return (process for process in come if process.chosen_ahead is not False)


def _attempt(processes: Iterable[IdeaProcess], step: Callable[[IdeaProcess], bool]) -> None:
    """Note of each process whether it passes a step; nothing where the step raises."""
    for process in processes:
        try:
            process.chosen_ahead = step(process)
        except Exception:  # whatever a plugin's own code raises is raised again, in its time
            process.chosen_ahead = None
            process.tested_by = None
            process.life = IdeaHistory(process.idea)


def _is_considered(process: IdeaProcess, months: int) -> bool:
    """Whether it comes to a choice: it is taken up, passes its test, and no refusal is foreseen."""
    calendar = process.clock = _Calendar(process.idea.arises)
    if not process.is_taken_up():
        return False
    process.prepare()
    if process.adapter.idea_test:
        calendar.month += process.given.handling.idea_test
        if calendar.month >= months or not process.is_tested():
            return False
    return not process.foresees_refusal()


def _choose(processes: Sequence[IdeaProcess]) -> None:
    """Let the committees choose, by columns where these hold for all."""
    if not processes:
        return
    if processes[0].rules.first.tracks:  # each may be on another
        _attempt(processes, IdeaProcess.chooses)
        return
    try:
        sees = ForesightColumns(processes[0].rules.at(0).alone, [_seen(each) for each in processes])
        chosen = _applies(processes[0].behaviour, sees.prospects())
        stakes: Sequence[Stake | None] = sees.stakes() or [None] * len(processes)
    except Exception:  # of one idea, or of all: the code of a plugin is tried one by one
        _attempt(processes, IdeaProcess.chooses)
        return
    for process, applies, stake in zip(processes, chosen, stakes, strict=True):
        process.chosen_ahead, process.stake = process.notes_choice(applies), stake


def _seen(process: IdeaProcess) -> Considered:
    return Considered(process.idea, process.project, process.expected_start, process.values)


def _applies(behaviour: Behaviour, prospects: ProspectColumns) -> list[bool]:
    """What a behaviour chooses, by its array method if it offers one that holds for it."""
    many = array_method(behaviour, "applies_many")
    chosen = map(behaviour.applies, prospects) if many is None else many(prospects).tolist()
    return list(map(bool, chosen))
