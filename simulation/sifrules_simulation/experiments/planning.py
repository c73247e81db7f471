"""From names to what is run; everything impossible is refused here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen

from sifrules.errors import SifError, nearest, shown
from sifrules.plugin.registry import Registry
from sifrules.plugin.simulation import Behaviour, Measure
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.settlement import Investment, Settlement
from sifrules.rules.engines import engine_for
from sifrules.values.money import Ore
from sifrules_simulation.experiments.batches import Failure
from sifrules_simulation.experiments.design import Experiment, told
from sifrules_simulation.experiments.provenance import provenance
from sifrules_simulation.experiments.rerun import command, policy_argument
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.completion import fill_unstated, restated
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.policy_adapter import PolicyAdapter
from sifrules_simulation.model.replication import ReplicationSetup, simulate
from sifrules_simulation.model.scenarios import Scenario, scenario as named_scenario
from sifrules_simulation.model.world import World

#: A policy, by its id or file, or as it was built.
Named = str | Path | FundPolicy


@frozen(kw_only=True, eq=False)
class Plan:
    """What is to be run, against which baseline, and where it all comes from.

    ``assumed`` says of each policy what the scenario assumes where its guideline is silent.
    """

    experiment: Experiment
    baseline: str
    provenance: Mapping[str, Any]
    assumed: Mapping[str, tuple[str, ...]]


def planned(
    registry: Registry,
    policies: Iterable[Named] | None,
    *,
    scenario: str | Path | Scenario = "default",
    years: int = 15,
    seed: int = 1,
    baseline: str | None = None,
    behaviour: str = USUAL,
    off: Iterable[str] = (),
    engine: str = "compiled",
    check: bool = False,
) -> Plan:
    """What is to be run, with all that is impossible refused before anything runs."""
    around = scenario if isinstance(scenario, Scenario) else named_scenario(scenario)
    _whole(years, "years", 1, 100)
    _whole(seed, "seed", 0, 2**63)
    switches = Mechanisms.without(off)
    if behaviour not in registry.behaviours:
        known = nearest(behaviour, registry.behaviours)
        raise SifError(f"no behaviour {behaviour!r}", fix=known)
    named = tuple(policies or ())
    chosen = policies_named(registry, named)
    labels = tuple(policy.id for policy, _ in chosen)
    filled = [fill_unstated(registry, policy, around) for policy, _ in chosen]
    for policy, _ in filled:
        engine_for(policy.rulebook, engine)
        _refuse_unsettled(policy, around)
    experiment = Experiment(
        policies=tuple(policy for policy, _ in filled),
        labels=labels,
        asked=tuple(asked for _, asked in chosen),
        scenario=around,
        behaviour=registry.behaviours[behaviour],
        measures=tuple(registry.measures.values()),
        years=years,
        seed=seed,
        switches=switches,
        engine=engine,
        observers=registry.observers,
        check=check,
    )
    assumed = {label: changes for label, (_, changes) in zip(labels, filled, strict=True)}
    return Plan(
        experiment=experiment,
        baseline=_baseline(experiment, baseline, not named),
        provenance=provenance(experiment, registry, assumed),
        assumed=assumed,
    )


def policies_named(
    registry: Registry, named: Sequence[str | Path | FundPolicy]
) -> list[tuple[FundPolicy, str]]:
    """The policies named, all if none is, each with how a command line asks for it.

    Raises `SifError` where one is named twice, or where there is none at all.
    """
    found = [
        (policy, policy_argument(policy, each if isinstance(each, str | Path) else None))
        for each in named or registry.policies
        for policy in [_policy(registry, each)]
    ]
    if not found:
        raise SifError("there is no policy to simulate", fix="see sif plugins")
    labels = [policy.id for policy, _ in found]
    for label in labels:
        if labels.count(label) > 1:
            raise SifError(f"{label} is named twice", fix="name each policy once")
    return found


# --- what is refused, and what is chosen --------------------------------------------


def _policy(registry: Registry, named: Named) -> FundPolicy:
    return named if isinstance(named, FundPolicy) else registry.policy(named)


def _whole(number: Any, what: str, low: int, high: int) -> None:
    if type(number) is not int or not low <= number <= high:
        raise SifError(f"expected {what} from {low} to {high}, got {shown(number)}")


def _probe(policy: FundPolicy, scenario: Scenario) -> Settlement:
    """What comes back of an investment that did what was hoped."""
    cost = Ore(100_000_000)
    return policy.settle(
        Investment(cost=cost, start=scenario.begins, months=24, effect=cost, return_months=None)
    )


def claims_nothing(policy: FundPolicy, scenario: Scenario) -> bool:
    """Whether a policy claims nothing of an investment that did what was hoped."""
    settlement = _probe(policy, scenario)
    return settlement.settled and not settlement.claims


def _refuse_unsettled(policy: FundPolicy, scenario: Scenario) -> None:
    settlement = _probe(policy, scenario)
    if not settlement.settled:
        why = settlement.reason.en if settlement.reason else "its return cannot be told"
        raise SifError(
            f"{policy.id} cannot be simulated: {why}",
            fix="change or state what decides it, as with --set return_model.share=1.0",
        )


def _baseline(experiment: Experiment, named: str | None, everything: bool) -> str:
    """The policy to compare with: the one named, else the first; see `compare`."""
    labels = experiment.labels
    if named is not None:
        if named not in labels:
            wrong = f"the baseline {named!r} is not among the policies compared"
            raise SifError(wrong, fix=nearest(named, labels))
        return named
    if everything:
        for label, conduct in zip(labels, experiment.conducts(), strict=True):
            practice = conduct.practice
            if practice.has_fund and claims_nothing(practice.policy, practice.scenario):
                return label
    return labels[0]


#: What is measured of each arm: uptake and money, then what speaks for a return.
MEASURES = (
    "application_uptake",
    "granted",
    "grants",
    "returned",
    "months_exhausted",
    "evaluated",
    "net_municipal_saving",
    "human_gain",
)


@frozen(kw_only=True, eq=False)
class Setup:
    """Policies to study, and how they are lived by."""

    policies: tuple[FundPolicy, ...]
    labels: tuple[str, ...]
    asked: tuple[str, ...]
    scenario: Scenario
    behaviour: Behaviour
    measures: tuple[Measure, ...]
    assumed: tuple[tuple[str, ...], ...]
    years: int = 15
    seed: int = 1

    def conduct(self, policy: int, around: Scenario, switches: Mechanisms) -> ReplicationSetup:
        """How one policy is lived by in one world, with what it leaves open as drawn there."""
        stated = restated(self.policies[policy], self.assumed[policy], around)
        return ReplicationSetup(
            PolicyAdapter(stated, around, switches), self.behaviour.given(around.values)
        )

    def measured(self, conduct: ReplicationSetup, drawn: World) -> list[float]:
        """The measures of one policy in one world, not a number where not defined."""
        portfolio = simulate(conduct, drawn, self.years)
        values = [measure.of(portfolio) for measure in self.measures]
        return [np.nan if value is None else float(value) for value in values]

    def failure(
        self,
        part: str,
        draw: int | None,
        policy: int,
        around: Scenario,
        replication: int,
        switches: Mechanisms,
        error: Exception,
    ) -> Failure:
        """What is kept of a replication that failed."""
        again = command(
            self.asked[policy],
            around,
            seed=self.seed,
            replication=replication,
            years=self.years,
            behaviour=self.behaviour.name,
            off=switches.off,
        )
        return Failure(
            part=part,
            policy=self.labels[policy],
            draw=draw,
            replication=replication,
            seed=self.seed,
            error=told(error),
            command=again,
        )


def setup(
    registry: Registry,
    scenario: Scenario,
    named: Sequence[str | FundPolicy] | None,
    *,
    behaviour: str,
    years: int,
    seed: int,
    measures: Sequence[str] = MEASURES,
) -> Setup:
    """What is to be studied: the policies named, else all that claim a return."""
    if behaviour not in registry.behaviours:
        raise SifError(f"no behaviour {behaviour!r}", fix=nearest(behaviour, registry.behaviours))
    filled = [
        (asked, *fill_unstated(registry, policy, scenario))
        for policy, asked in policies_named(registry, named or ())
    ]
    returning = [each for each in filled if not claims_nothing(each[1], scenario)]
    if named and len(returning) < len(filled):
        without = next(policy for _, policy, _ in filled if claims_nothing(policy, scenario))
        raise SifError(
            f"{without.id} has no return flow to take out", fix="name policies that claim a return"
        )
    if not returning:
        raise SifError("no policy has a return flow", fix="see sif policies")
    return Setup(
        policies=tuple(policy for _, policy, _ in returning),
        labels=tuple(policy.id for _, policy, _ in returning),
        asked=tuple(asked for asked, _, _ in returning),
        scenario=scenario,
        behaviour=registry.behaviours[behaviour],
        measures=tuple(measure_named(registry, name) for name in measures),
        assumed=tuple(changes for _, _, changes in returning),
        years=years,
        seed=seed,
    )


def measure_named(registry: Registry, name: str) -> Measure:
    """A measure by its name; `SifError` names the nearest where there is none."""
    if name not in registry.measures:
        raise SifError(f"no measure {name!r}", fix=nearest(name, registry.measures))
    return registry.measures[name]
