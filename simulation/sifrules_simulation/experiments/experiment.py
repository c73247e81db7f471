"""One experiment (experiment) as a function: of levers, which change the policy, and uncertainties.

For what chooses its experiments itself, as a search or another workbench does: what does not change
from one to the next, the registry and the scenario's file, is read once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from attrs import field, frozen

from sifrules.plugin.registry import Registry, installed
from sifrules.plugin.simulation import Portfolio
from sifrules.policy.fund_policy import FundPolicy
from sifrules.values.messages import Message
from sifrules_simulation.experiments.cells import Cell, measures_of, run_cell
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.planning import comparison_design, policies_named, whole_number
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.scenarios import Scenario, scenario

#: What was measured: for each measure a value for each replication, None where it is not defined.
Outcomes = dict[str, tuple[float | None, ...]]


@frozen(kw_only=True)
class Experiment:
    """Simulates one policy with some clauses and parameters changed.

    ``policy`` is an id, a file or a policy. A lever that is a float is rounded to the four decimals
    that a share may have. The replications are the same worlds each time, as far
    as the uncertainties leave them the same (common random numbers).

    >>> reduced = Experiment(policy="orebro@2016", replications=2, years=3)
    >>> outcomes = reduced({"return_model.share": 0.5}, {"behaviour.mission_weight": 1.2})
    >>> len(outcomes["applications"])
    2
    """

    policy: str | FundPolicy
    replications: int = 3
    years: int = 15
    seed: int = 1
    behaviour: str = USUAL
    around: Scenario = field(factory=scenario)
    registry: Registry = field(factory=installed)
    _base: FundPolicy = field(init=False)

    @_base.default
    def _named(self) -> FundPolicy:
        whole_number(self.replications, Message("progress.replications"), 1, 10_000)
        ((policy, _),) = policies_named(self.registry, (self.policy,))
        return policy

    def __call__(
        self, levers: Mapping[str, object], uncertainties: Mapping[str, float]
    ) -> Outcomes:
        """What is measured where clauses and parameters, by their paths, are as given.

        Raises `SifError` for what is unknown or impossible, and where a replication fails.
        """
        design = self.design(levers, uncertainties)
        cell = Cell(part="experiment", policies=range(1), replications=range(self.replications),
                    whole=True)  # fmt: skip

        def measured(portfolio: Portfolio) -> list[float]:
            return measures_of(design, portfolio)

        found = run_cell(design, cell, measured)
        for failure in found.failures:
            raise failure.as_error(Message("failure.a_replication"))
        rows = [row for (row,) in found.rows.values()]
        return {
            measure.name: _known([row[at] for row in rows])
            for at, measure in enumerate(design.measures)
        }

    def design(self, levers: Mapping[str, object], uncertainties: Mapping[str, float]) -> Design:
        """The design of one experiment."""
        changes = [f"{path}={_written(value)}" for path, value in levers.items()]
        policy = self.registry.changed(self._base, changes) if changes else self._base
        around = self.around.changed(uncertainties) if uncertainties else self.around
        return comparison_design(
            self.registry,
            policy,
            scenario=around,
            years=self.years,
            seed=self.seed,
            behaviour=self.behaviour,
        )


def _written(value: object) -> str:
    """A lever's value as a what-if has it; a share with the four decimals that it may have."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _known(values: Sequence[float]) -> tuple[float | None, ...]:
    return tuple(None if math.isnan(value) else value for value in values)
