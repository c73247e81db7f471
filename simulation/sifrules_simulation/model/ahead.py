"""What can be known before the time comes (på förhand): which ideas a committee chooses.

Where no rules change and nobody observes, what a committee does with an idea before it applies
depends on nothing that happens. It is worked out here for all ideas at once, and only those that
are chosen become processes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import define

from sifrules.plugin.simulation import IdeaHistory
from sifrules_simulation.model.idea_process import IdeaProcess


@define
class _Calendar:
    """The month in which an idea is considered."""

    month: int


def chosen_ahead(processes: Iterable[IdeaProcess], months: int) -> Iterator[IdeaProcess]:
    """Those of some processes, at their beginning, that have to be run over so many months.

    The others end here with what became of them, and of those to run the choice is known. Where
    the code of a plugin raises, the process is left as it was: it raises again in its time.
    """
    for process in processes:
        if process.idea.arises >= months:
            continue
        fund = process.clock
        try:
            process.chosen_ahead = _is_chosen(process, months)
        except Exception:  # whatever a plugin's own code raises is raised again, in its time
            process.life = IdeaHistory(process.idea)
            process.chosen_ahead = None
        process.clock = fund
        if process.chosen_ahead is not False:
            yield process


def _is_chosen(process: IdeaProcess, months: int) -> bool:
    """Whether the committee comes to apply, by all that it considers."""
    calendar = process.clock = _Calendar(process.idea.arises)
    if not process.is_taken_up():
        return False
    process.prepare()
    if process.adapter.idea_test:
        calendar.month += process.given.handling.idea_test
        if calendar.month >= months or not process.is_tested():
            return False
    return not process.foresees_refusal() and process.chooses()
