"""What happened (händelser), by name: the same tables of a comparison and of an exploration."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from sifrules.errors import SifError, nearest
from sifrules.values.messages import Message
from sifrules_simulation.analysis.log_frames import event_log
from sifrules_simulation.model.logs import ALL_LOGS

if TYPE_CHECKING:
    import polars as pl

#: Every table of what happened, by name.
HAPPENED = (*ALL_LOGS, "event_log")


class Happened(ABC):
    """A result that has tables of what happened, where they were asked for by ``tables``."""

    __slots__ = ()

    @property
    @abstractmethod
    def kept_tables(self) -> tuple[str, ...]:
        """The names of the tables that were asked for."""

    @abstractmethod
    def _log(self, name: str) -> pl.DataFrame:
        """One of the tables that were asked for."""

    def log(self, name: str) -> pl.DataFrame:
        """What happened, by the name of a table: ``ideas``, ``events``, ``investments`` …

        Raises `SifError` where it was not asked for by ``tables``.
        """
        if name not in ALL_LOGS:
            raise SifError(Message("query.no_table", name=name), fix=nearest(name, ALL_LOGS))
        if name not in self.kept_tables:
            raise SifError(
                Message("comparison.not_logged", name=name),
                fix=Message("comparison.log", name=name),
            )
        return self._log(name)

    @property
    def ideas(self) -> pl.DataFrame:
        """A row for each idea of each policy and replication: what it is and what became of it."""
        return self.log("ideas")

    @property
    def events(self) -> pl.DataFrame:
        """A row for each event: its month, its idea, what happened, by which guideline."""
        return self.log("events")

    @property
    def event_log(self) -> pl.DataFrame:
        """The events in the columns of process mining (XES), as pm4py takes them."""
        return event_log(self.events.lazy()).collect()

    @property
    def investments(self) -> pl.DataFrame:
        """A row for each investment that was granted: money, months, outcome, claims."""
        return self.log("investments")

    @property
    def claims(self) -> pl.DataFrame:
        """A row for each entry on claims: claimed, paid, written down or exempted (kronor)."""
        return self.log("claims")

    @property
    def panel(self) -> pl.DataFrame:
        """A row for each policy, replication and year: applications, grants, money."""
        return self.log("panel")

    @property
    def committee_runs(self) -> pl.DataFrame:
        """A row for each committee of each policy and replication, by its number."""
        return self.log("committee_runs")
