"""Experiments (försök): policies × replications in one scenario, on common random numbers.

An `Experiment` says what is run. It is run in chunks of replications, each with all of
its policies, so that what is kept of a stopped run can still be compared in pairs.
Chunks are the same however many processes share them, and are put together in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve, field, frozen, validators
from numpy.typing import NDArray

from sifrules.errors import SifError
from sifrules.simulated import Behaviour, Measure, Observer, Portfolio
from sifrules_simulation.practice import Practice
from sifrules_simulation.replication import Conduct, live
from sifrules_simulation.reproducing import command
from sifrules_simulation.scenarios import Scenario
from sifrules_simulation.switches import ALL_ON, Switches
from sifrules_simulation.world import world

if TYPE_CHECKING:
    from sifrules.policy import FundPolicy

Array = NDArray[np.float64]

#: What the yearly panel counts, in this order.
PANEL = ("applications", "grants", "granted", "set_aside", "balance")
#: How many policies times replications make up a chunk: about half a second of work.
_CHUNK = 40


@frozen(kw_only=True, eq=False)
class Experiment:
    """What is run: policies in a scenario for so many years, from one seed.

    ``labels`` name the policies in what comes out, each once, and ``asked`` are what a
    command line writes for them.
    """

    policies: tuple[FundPolicy, ...]
    labels: tuple[str, ...]
    asked: tuple[str, ...]
    scenario: Scenario
    behaviour: Behaviour
    measures: tuple[Measure, ...]
    years: int = field(default=15, validator=[validators.ge(1), validators.le(100)])
    seed: int = field(default=1, validator=validators.ge(0))
    switches: Switches = ALL_ON
    engine: str = "compiled"
    observers: tuple[Observer, ...] = ()
    check: bool = False

    def conducts(self) -> tuple[Conduct, ...]:
        """How each policy is lived by."""
        behaviour = self.behaviour.given(self.scenario.values)
        return tuple(
            Conduct(
                Practice(policy, self.scenario, self.switches, self.engine),
                behaviour,
                self.observers,
                self.check,
            )
            for policy in self.policies
        )

    def portfolio(self, policy: int, replication: int, *watching: Observer) -> Portfolio:
        """One replication of one policy, watched if anyone asks."""
        conduct = self.conducts()[policy]
        conduct = evolve(conduct, observers=(*conduct.observers, *watching))
        around = world(self.scenario, self.years, self.seed, replication, self.switches)
        return live(conduct, around, self.years)


@frozen(eq=False)
class Chunk:
    """What came of some replications: measures and panels, and the first failure if any.

    ``values`` is replications × policies × measures, ``panel`` replications × policies ×
    years × `PANEL`, ``balances`` replications × policies × months; amounts in kronor.
    """

    first: int
    values: Array
    panel: Array
    balances: Array
    refused: tuple[Mapping[str, int], ...]
    failure: SifError | None = None


def chunks(experiment: Experiment, replications: int, start: int = 0) -> list[tuple[int, int]]:
    """The chunks of a run, as first replication and count; the same for any processes."""
    size = max(1, _CHUNK // len(experiment.policies))
    return [
        (first, min(size, start + replications - first))
        for first in range(start, start + replications, size)
    ]


def run_chunk(experiment: Experiment, first: int, count: int) -> Chunk:
    """Run a chunk; what had come before a failure in it is kept, whole replications only."""
    conducts = experiment.conducts()
    rows: list[Array] = []
    panels: list[Array] = []
    balances: list[Array] = []
    refused = [Counter[str]() for _ in conducts]
    failure = None
    for replication in range(first, first + count):
        try:
            portfolios = list(_lived(experiment, conducts, replication))
            rows.append(np.array([_measured(experiment, each) for each in portfolios]))
        except SifError as error:
            failure = error
            break
        panels.append(np.array([_panel(each) for each in portfolios]))
        balances.append(np.array([each.balances for each in portfolios]) / 100)
        for counter, portfolio in zip(refused, portfolios, strict=True):
            counter.update(rule for life in portfolio.lives for rule in life.refused_by)
    shape = (len(rows), len(conducts))
    return Chunk(
        first,
        np.array(rows, dtype=float).reshape(*shape, len(experiment.measures)),
        np.array(panels, dtype=float).reshape(*shape, experiment.years, len(PANEL)),
        np.array(balances, dtype=float).reshape(*shape, 12 * experiment.years),
        tuple(dict(counter) for counter in refused),
        failure,
    )


def _lived(
    experiment: Experiment, conducts: tuple[Conduct, ...], replication: int
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
            yield live(conduct, around, experiment.years)
        except Exception as error:  # a plugin's own code: whatever it raises is told
            raise _failed(experiment, label, replication, told(error)) from error


def _measured(experiment: Experiment, portfolio: Portfolio) -> list[float]:
    row = []
    for measure in experiment.measures:
        try:
            value = measure.of(portfolio)
            row.append(np.nan if value is None else float(value))
        except Exception as error:  # a plugin's own code: whatever it raises is told
            what = f"the measure {measure.name}: {told(error)}"
            raise _failed(experiment, portfolio.policy, portfolio.replication, what) from error
    return row


def _failed(experiment: Experiment, label: str, replication: int, what: str) -> SifError:
    again = command(
        experiment.asked[experiment.labels.index(label)],
        experiment.scenario,
        seed=experiment.seed,
        replication=replication,
        years=experiment.years,
        behaviour=experiment.behaviour.name,
        off=experiment.switches.off,
        engine=experiment.engine,
    )
    return SifError(
        f"replication {replication} of {label} (seed {experiment.seed}) failed: {what}",
        fix=f"see it with: {again}",
    )


def told(error: BaseException) -> str:
    """What went wrong. SimPy raises a copy of what a process raised, with it as the cause."""
    error = error.__cause__ or error
    if isinstance(error, SifError):
        return str(error)
    return " ".join(f"{type(error).__name__}: {error}".strip(": ").split())


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
