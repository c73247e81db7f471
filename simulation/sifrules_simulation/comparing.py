"""The one way to compare policies: from ids or policies to a `Comparison`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from sifrules.engines import engine_for
from sifrules.errors import SifError, nearest, shown
from sifrules.money import Ore
from sifrules.policy import FundPolicy
from sifrules.registry import Registry
from sifrules.registry import registry as installed
from sifrules.settlement import Investment, Settlement
from sifrules_simulation.behaviours import USUAL
from sifrules_simulation.chunks import Span, run, spans
from sifrules_simulation.comparison import Comparison, Gathering
from sifrules_simulation.estimates import LEVEL
from sifrules_simulation.experiment import Experiment
from sifrules_simulation.pieces import Running
from sifrules_simulation.practice import completed
from sifrules_simulation.precision import Precision, looks, refuse_imprecise, within
from sifrules_simulation.provenance import provenance
from sifrules_simulation.reproducing import asked_for
from sifrules_simulation.scenarios import Scenario
from sifrules_simulation.scenarios import scenario as named_scenario
from sifrules_simulation.switches import Switches

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


def compare(
    policies: Iterable[Named] | None = None,
    *,
    scenario: str | Path | Scenario = "default",
    replications: int = 200,
    years: int = 15,
    seed: int = 1,
    baseline: str | None = None,
    behaviour: str = USUAL,
    off: Iterable[str] = (),
    engine: str = "compiled",
    check: bool = False,
    precision: tuple[str, float] | None = None,
    keep: bool = True,
    jobs: int | None = None,
    registry: Registry | None = None,
) -> Comparison:
    """Compare policies over years in the same worlds, pairwise with a baseline.

    ``policies`` are ids, files or policies, all that plugins offer if left out;
    ``baseline`` the id to compare with, the first if left out (of all, the first that
    has a fund and claims nothing back). ``off`` names switches to turn off,
    ``precision`` a measure and the half-width its paired differences must reach, with
    ``replications`` then the most that are spent. Raises `SifError` for what is unknown
    or impossible; a replication that fails is left out for all policies and told in
    ``failures``.

    >>> short = compare(["norrkoping@2010", "norrkoping@2022"], replications=2, years=3)
    >>> short.baseline, short.replications
    ('norrkoping@2010', 2)
    """
    plan = planned(
        registry or installed(),
        policies,
        scenario=scenario,
        years=years,
        seed=seed,
        baseline=baseline,
        behaviour=behaviour,
        off=off,
        engine=engine,
        check=check,
    )
    return carried_out(plan, replications, Running(jobs=jobs), precision=precision, keep_runs=keep)


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
    switches = Switches.without(off)
    if behaviour not in registry.behaviours:
        known = nearest(behaviour, registry.behaviours)
        raise SifError(f"no behaviour {behaviour!r}", fix=known)
    named = tuple(policies or ())
    chosen = policies_named(registry, named)
    labels = tuple(policy.id for policy, _ in chosen)
    filled = [completed(registry, policy, around) for policy, _ in chosen]
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
        (policy, asked_for(policy, each if isinstance(each, str | Path) else None))
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


def carried_out(
    plan: Plan,
    replications: int,
    running: Running,
    *,
    precision: tuple[str, float] | None = None,
    keep_runs: bool = False,
) -> Comparison:
    """Run a plan and gather what comes, chunk by chunk; what was done before Ctrl-C is there."""
    _whole(replications, "replications", 1, 10_000_000)
    experiment = plan.experiment
    refuse_precision(precision, experiment)
    gathering = Gathering(experiment, plan.baseline, keep_runs)
    stages = stages_of(replications, precision is not None)
    chunks = chunks_of(experiment, stages)
    level, reached, stopped = LEVEL, False, False
    try:
        for until, level in stages:
            some = range(gathering.chunks, sum(first < until for first, _ in chunks))
            for piece in run(experiment, chunks, running, some):
                gathering.add(piece)
            if precision is not None and within(
                gathering.widest(precision[0], level), precision[1]
            ):
                reached = True
                break
    except KeyboardInterrupt:
        stopped = True
    came = None
    if precision is not None:
        came = Precision(
            measure=precision[0],
            half_width=float(precision[1]),
            widest=gathering.widest(precision[0], level),
            reached=reached,
            spent=sum(count for _, count in chunks[: gathering.chunks]),
            most=replications,
            level=level,
        )
    return gathering.result(plan.provenance, level, stopped, came)


def stages_of(replications: int, precise: bool) -> list[tuple[int, float]]:
    """Until how many replications a run goes before it looks, and how sure it then must be."""
    return list(looks(replications)) if precise else [(replications, LEVEL)]


def chunks_of(experiment: Experiment, stages: Sequence[tuple[int, float]]) -> list[Span]:
    """The chunks of a run, none of which goes beyond a look."""
    found, start = [], 0
    for until, _ in stages:
        found += spans(experiment, until - start, start)
        start = until
    return found


# --- what is refused, and what is chosen --------------------------------------------


def _policy(registry: Registry, named: Named) -> FundPolicy:
    return named if isinstance(named, FundPolicy) else registry.policy(named)


def _whole(number: Any, what: str, low: int, high: int) -> None:
    if type(number) is not int or not low <= number <= high:
        raise SifError(f"expected {what} from {low} to {high}, got {shown(number)}")


def refuse_precision(precision: tuple[str, float] | None, experiment: Experiment) -> None:
    """Raise `SifError` for a precision that no comparison can reach."""
    if precision is None:
        return
    refuse_imprecise(precision, [each.name for each in experiment.measures])
    if len(experiment.policies) < 2:
        raise SifError("precision is of a difference", fix="name two policies or more")


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
