"""Chunks of an experiment (delkörningar): some replications, each under all of its policies.

A replication is whole or left out: where it fails under one policy it is told as a failure,
and the others are left without it too, so that all are compared in the same worlds. Chunks
are the same however many processes share them, and are put together in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sifrules.plugin.simulation import Portfolio
from sifrules_simulation.experiments.batches import Failure, Piece, Running, died, in_order
from sifrules_simulation.experiments.design import Experiment, told
from sifrules_simulation.experiments.rerun import command
from sifrules_simulation.model.committees import COMMITTEE_ACCOUNTS, committee_accounts
from sifrules_simulation.model.replication import ReplicationSetup, simulate
from sifrules_simulation.model.world import world

if TYPE_CHECKING:
    import polars as pl

Array = NDArray[np.float64]

#: What the yearly panel counts, in this order.
PANEL = ("applications", "grants", "granted", "set_aside", "balance")
#: What the lists are called in a chunk's table.
PANEL_COLUMNS = tuple(f"yearly {name}" for name in PANEL)
COMMITTEE_COLUMNS = tuple(f"committees {name}" for name in COMMITTEE_ACCOUNTS)
REFUSED = "refused_by"
#: All columns that are lists.
LISTS = (*PANEL_COLUMNS, "balances", *COMMITTEE_COLUMNS, REFUSED)
#: How many policies times replications make up a chunk: a quarter of a second of work.
_CHUNK = 40
_PART = "replications"


@frozen(eq=False)
class Chunk:
    """What came of some replications, those that did not fail.

    ``replications`` are their numbers, ``values`` is replications × policies × measures,
    ``panel`` replications × policies × years × `PANEL`, ``balances`` replications × policies ×
    months, ``committees`` replications × policies × committees × `COMMITTEE_ACCOUNTS`; amounts
    in kronor.
    ``refused`` names for each of them, and each policy, the rules that refused an application,
    as often as they did.
    """

    replications: tuple[int, ...]
    values: Array
    panel: Array
    balances: Array
    committees: Array
    refused: tuple[tuple[tuple[str, ...], ...], ...]

    def refusals(self, policy: int) -> Mapping[str, int]:
        """How often each rule refused an application under one policy."""
        return Counter(rule for each in self.refused for rule in each[policy])


#: The first replication of a chunk, and how many there are.
Span = tuple[int, int]


def spans(experiment: Experiment, replications: int, start: int = 0) -> list[Span]:
    """The chunks of a run; the same for any number of processes."""
    size = max(1, _CHUNK // len(experiment.policies))
    return [
        (first, min(size, start + replications - first))
        for first in range(start, start + replications, size)
    ]


def run(
    experiment: Experiment, chunks: Sequence[Span], running: Running, numbers: range | None = None
) -> Iterator[Piece[Chunk]]:
    """Chunks of a run, or those with some ``numbers``, in order; the same on any processes."""
    some = range(len(chunks)) if numbers is None else numbers
    tasks = {number: (experiment, *chunks[number]) for number in some}
    yield from in_order(Replications(experiment, tuple(chunks)), run_chunk, tasks, running)


def run_chunk(experiment: Experiment, first: int, count: int) -> Piece[Chunk]:
    """Run a chunk; replications that fail are left out of it, and told."""
    conducts = experiment.conducts()
    done: list[Chunk] = []
    failures: list[Failure] = []
    for replication in range(first, first + count):
        try:
            done.append(_one(experiment, conducts, replication))
        except _Failed as failed:
            failures.append(_failure(experiment, replication, failed))
    return Piece(values=_together(done) if done else None, failures=tuple(failures))


def _one(experiment: Experiment, conducts: tuple[ReplicationSetup, ...], replication: int) -> Chunk:
    """A chunk of a single replication."""
    portfolios = list(_lived(experiment, conducts, replication))
    return Chunk(
        replications=(replication,),
        values=np.array([[_measured(experiment, each) for each in portfolios]]),
        panel=np.array([[_panel(each) for each in portfolios]]),
        balances=np.array([[each.balances for each in portfolios]]) / 100,
        committees=np.array([[committee_accounts(each) for each in portfolios]]),
        refused=(tuple(_refused(each) for each in portfolios),),
    )


def _together(chunks: Sequence[Chunk]) -> Chunk:
    return Chunk(
        replications=tuple(number for each in chunks for number in each.replications),
        values=np.concatenate([each.values for each in chunks]),
        panel=np.concatenate([each.panel for each in chunks]),
        balances=np.concatenate([each.balances for each in chunks]),
        committees=np.concatenate([each.committees for each in chunks]),
        refused=tuple(row for each in chunks for row in each.refused),
    )


def _lived(
    experiment: Experiment, conducts: tuple[ReplicationSetup, ...], replication: int
) -> Iterator[Portfolio]:
    """One replication under every policy, in one and the same world."""
    around = world(
        experiment.scenario,
        experiment.years,
        experiment.seed,
        replication,
        experiment.switches,
    )
    for label, conduct in zip(experiment.labels, conducts, strict=True):
        try:
            yield simulate(conduct, around, experiment.years)
        except Exception as error:  # a plugin's own code: whatever it raises is told
            raise _Failed(label, told(error)) from error


def _measured(experiment: Experiment, portfolio: Portfolio) -> list[float]:
    row = []
    for measure in experiment.measures:
        try:
            value = measure.of(portfolio)
            row.append(np.nan if value is None else float(value))
        except Exception as error:  # a plugin's own code: whatever it raises is told
            what = f"the measure {measure.name}: {told(error)}"
            raise _Failed(portfolio.policy, what) from error
    return row


class _Failed(Exception):
    """A replication that failed: under which policy, and with what error."""

    def __init__(self, label: str, error: str) -> None:
        super().__init__(label, error)
        self.label, self.error = label, error


def _failure(experiment: Experiment, replication: int, failed: _Failed) -> Failure:
    again = command(
        experiment.asked[experiment.labels.index(failed.label)],
        experiment.scenario,
        seed=experiment.seed,
        replication=replication,
        years=experiment.years,
        behaviour=experiment.behaviour.name,
        off=experiment.switches.off,
        engine=experiment.engine,
    )
    return Failure(
        part=_PART,
        policy=failed.label,
        draw=None,
        replication=replication,
        seed=experiment.seed,
        error=failed.error,
        command=again,
    )


def _panel(portfolio: Portfolio) -> Array:
    """What happened year by year, by `PANEL`."""
    table = np.zeros((portfolio.years, len(PANEL)))
    for life in portfolio.lives:
        if life.applied is not None:
            table[life.applied // 12, 0] += 1
        if life.granted_in is not None:
            table[life.granted_in // 12, 1] += 1
            table[life.granted_in // 12, 2] += life.cost / 100
    table[:, 3] = np.array(portfolio.put_in) / 100
    table[:, 4] = np.array(portfolio.balances[11::12]) / 100
    return table


def _refused(portfolio: Portfolio) -> tuple[str, ...]:
    return tuple(rule for life in portfolio.lives for rule in life.refused_by)


@frozen(eq=False)
class Replications:
    """The one part of an experiment: what its chunks look like as tables.

    A row is one policy in one replication: its measures, and as lists its yearly panel (a
    column for each of `PANEL`), its balances by month, what committees bear (a column for each
    of `COMMITTEE_ACCOUNTS`), and the rules that refused.
    """

    experiment: Experiment
    spans: tuple[Span, ...]
    name = _PART

    def runs(self, number: int) -> int:
        """How many replications a chunk takes."""
        return self.spans[number][1]

    def died(self, number: int) -> tuple[Failure, ...]:
        """What to tell as failed where the process that did a chunk died of it: all of it."""
        first, count = self.spans[number]
        seed = self.experiment.seed
        return tuple(died(_PART, None, each, seed) for each in range(first, first + count))

    def framed(self, number: int, values: Chunk | None) -> pl.DataFrame:
        """A chunk as a table, an empty one where every replication failed."""
        import polars as pl

        chunk = values or self._nothing
        policies, years = len(self.experiment.labels), self.experiment.years
        rows = len(chunk.replications) * policies
        numbers = chunk.values.reshape(rows, len(self._measures))
        panel = chunk.panel.reshape(rows, years, len(PANEL))
        lists = {name: panel[:, :, at] for at, name in enumerate(PANEL_COLUMNS)}
        lists["balances"] = chunk.balances.reshape(rows, 12 * years)
        committees = chunk.committees.reshape(
            rows, self.experiment.committees, len(COMMITTEE_ACCOUNTS)
        )
        lists |= {name: committees[:, :, at] for at, name in enumerate(COMMITTEE_COLUMNS)}
        refused = [each for one in chunk.refused for each in one]
        return pl.DataFrame(
            {
                "policy": pl.Series(self.experiment.labels * (rows // policies), dtype=pl.String),
                "replication": np.repeat(np.array(chunk.replications, dtype=np.int64), policies),
                **{name: numbers[:, at] for at, name in enumerate(self._measures)},
                **{
                    name: pl.Series(each, dtype=pl.Array(pl.Float64, each.shape[1]))
                    for name, each in lists.items()
                },
                REFUSED: pl.Series(refused, dtype=pl.List(pl.String)),
            }
        ).with_columns(pl.col(self._measures).fill_nan(None))

    def read(self, number: int, frame: pl.DataFrame) -> Chunk:
        """A chunk out of its table. Raises `ValueError` where it is not of that shape."""
        policies, years = len(self.experiment.labels), self.experiment.years
        columns = ["policy", "replication", *self._measures, *LISTS]
        if frame.columns != columns or len(frame) % policies:
            raise ValueError(f"not {policies} policies with their measures")
        count = len(frame) // policies
        numbers = frame.select(self._measures).fill_null(np.nan).to_numpy()
        panel = [_flat(frame[name]).reshape(count, policies, years) for name in PANEL_COLUMNS]
        refused = [tuple(each) for each in frame[REFUSED].to_list()]
        return Chunk(
            replications=tuple(frame["replication"].to_list()[::policies]),
            values=np.array(numbers, dtype=float).reshape(count, policies, -1),
            panel=np.stack(panel, axis=-1),
            balances=_flat(frame["balances"]).reshape(count, policies, 12 * years),
            committees=np.stack(
                [_flat(frame[name]).reshape(count, policies, -1) for name in COMMITTEE_COLUMNS],
                axis=-1,
            ),
            refused=tuple(
                tuple(refused[at : at + policies]) for at in range(0, len(refused), policies)
            ),
        )

    @property
    def _nothing(self) -> Chunk:
        empty = np.empty(0)
        return Chunk((), empty, empty, empty, empty, ())

    @property
    def _measures(self) -> list[str]:
        return [measure.name for measure in self.experiment.measures]


def _flat(lists: pl.Series) -> Array:
    return np.array(lists.explode().to_numpy(), dtype=float)
