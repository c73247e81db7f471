"""From names to a `Design`; everything impossible is refused here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from attrs import evolve, frozen

from sifrules.errors import SifError, nearest, shown, unexpected
from sifrules.plugin.registry import Registry
from sifrules.plugin.simulation import Behaviour, Measure, Portfolio
from sifrules.plugin.timelines import timeline
from sifrules.policy.contracts import funding_of, return_model_of
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.timeline import periods
from sifrules.rules.engines import engine_for
from sifrules.values.messages import Joined, Message, Text
from sifrules.values.text import same
from sifrules_simulation.experiments.defaults import YEARS
from sifrules_simulation.experiments.design import Design, LeftOut
from sifrules_simulation.experiments.logged import logs_named
from sifrules_simulation.experiments.provenance import environment
from sifrules_simulation.experiments.rerun import policy_argument
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.completion import assumes_no_return, fill_unstated
from sifrules_simulation.model.decision_measures import decision_measures
from sifrules_simulation.model.logs import PANEL
from sifrules_simulation.model.mechanisms import Mechanisms
from sifrules_simulation.model.probe import REACHED, hoped_for
from sifrules_simulation.model.scenarios import Scenario, scenario as named_scenario
from sifrules_simulation.model.timeline_notes import refuse_outside
from sifrules_simulation.model.track_measures import track_measures

#: A policy, by its id or file, or as it was built.
Named = str | Path | FundPolicy


def comparison_design(
    registry: Registry,
    policies: Iterable[Named] | Named | None,
    *,
    scenario: str | Path | Scenario = "default",
    years: int = YEARS,
    seed: int = 1,
    baseline: str | None = None,
    behaviour: str | Behaviour = USUAL,
    measures: Iterable[Measure | Callable[[Portfolio], float | None]] = (),
    off: Iterable[str] = (),
    engine: str = "compiled",
    check: bool = False,
    tables: Iterable[str] = (),
) -> Design:
    """The design of a comparison, with all that is impossible refused before anything runs.

    A ``behaviour`` may be an object, and ``measures`` are more of them than plugins offer.
    ``tables`` names the records of what happened that are kept; the yearly panel always is.

    Of several policies those that cannot be simulated are left out by name (`Design.left_out`);
    raises `SifError` where none can, or where that is the baseline.
    """
    around = scenario if isinstance(scenario, Scenario) else named_scenario(scenario)
    whole_number(years, Message("planning.years"), 1, 100)
    whole_number(seed, Message("planning.seed"), 0, 2**63)
    switches = Mechanisms.without(off)
    behaves = _behaviour_named(registry, behaviour)
    named = each_named(policies)
    chosen = _policies_in(registry, named, around)
    found, left_out = _simulable(registry, chosen, around, engine, years)
    design = Design(
        policies=tuple(each.policy for each in found),
        labels=tuple(each.policy.id for each in found),
        asked=tuple(each.asked for each in found),
        scenario=around,
        behaviour=behaves,
        measures=(
            *registry.measures.values(),
            *_more_measures(registry, measures),
            *track_measures(each.policy for each in found),
            *decision_measures(each.policy for each in found),
        ),
        assumed=tuple(each.assumed for each in found),
        left_out=left_out,
        baseline=found[0].policy.id,
        environment=environment(registry),
        years=years,
        seed=seed,
        switches=switches,
        engine=engine,
        observers=registry.observers,
        check=check,
        tables=tuple(name for name in logs_named(tables) if name != PANEL.name),
    )
    return evolve(design, baseline=_baseline(design, baseline, not named))


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
        raise SifError(
            Message("planning.no_policy"), fix=Message("planning.see", command="sif plugins")
        )
    labels = [policy.id for policy, _ in found]
    for label in labels:
        if labels.count(label) > 1:
            raise _twice(label, [asked for policy, asked in found if policy.id == label])
    return found


def _policies_in(
    registry: Registry, named: Sequence[str | Path | FundPolicy], scenario: Scenario
) -> list[tuple[FundPolicy, str]]:
    """The policies named, with the scenario's list of ideas read for the facts that they know."""
    chosen = policies_named(registry, named)
    if scenario.own_ideas is not None:
        scenario.own_ideas.read_facts((policy for policy, _ in chosen), registry.policies)
    return chosen


# --- what is refused, and what is chosen --------------------------------------------


@frozen
class _Simulable:
    """A policy with what it must state to be simulated, how it was asked for, and the changes."""

    policy: FundPolicy
    asked: str
    assumed: tuple[str, ...]


def _simulable(
    registry: Registry,
    chosen: Sequence[tuple[FundPolicy, str]],
    around: Scenario,
    engine: str,
    years: int,
) -> tuple[list[_Simulable], tuple[LeftOut, ...]]:
    """Those of some policies that can be simulated, and the others with why they cannot.

    Raises what speaks against the first where none can.
    """
    found: list[_Simulable] = []
    against: dict[str, SifError] = {}
    for policy, asked in chosen:
        try:
            refuse_outside(policy, around, years)
            filled, assumed = fill_unstated(registry, policy, around)
            for _, each in periods(filled):
                engine_for(each.rulebook, engine)
                _refuse_unsettled(each, around)
                funding_of(each).put_in(0, 0, False)
        except SifError as error:
            against[policy.id] = error
        except Exception as error:  # whatever a part of a plugin raises
            why = f"{type(error).__name__}: {error}"
            against[policy.id] = SifError(
                Message("planning.part_failed", policy=policy.id, error=why),
                fix=Message("planning.test_plugin"),
            )
        else:
            found.append(_Simulable(filled, asked, assumed))
    if not found:
        raise next(iter(against.values()))
    return found, tuple(LeftOut(policy, error.full_text) for policy, error in against.items())


def each_named(policies: Iterable[Named] | Named | None) -> tuple[Named, ...]:
    """The policies named, be they several or one; `SifError` where it is nothing that names any."""
    if isinstance(policies, str | Path | FundPolicy):
        return (policies,)
    try:
        return tuple(policies or ())
    except TypeError:
        raise unexpected(Message("expected.policies"), policies) from None


def _more_measures(
    registry: Registry, measures: Iterable[Measure | Callable[[Portfolio], float | None]]
) -> Iterator[Measure]:
    """Measures that no plugin offers: as they are, or made of a function and its docstring."""
    names = set(registry.measures)
    for each in _each_measure(measures):
        found = each if isinstance(each, Measure) else _measure_of(each)
        if found.name in names:
            raise SifError(
                Message("measure.name_taken", measure=found.name), fix=Message("measure.rename")
            )
        names.add(found.name)
        yield found


def _each_measure(measures: Any) -> Iterable[Any]:
    """The measures that are given, be they several or one."""
    if isinstance(measures, Measure | str) or callable(measures):
        return (measures,)
    if not isinstance(measures, Iterable):
        raise unexpected(Message("expected.measure"), measures)
    return measures


def _measure_of(function: object) -> Measure:
    name = getattr(function, "__name__", "")
    if not callable(function) or not name.isidentifier():
        raise unexpected(Message("expected.measure"), function)
    words = same((function.__doc__ or name).strip().splitlines()[0])
    return Measure(name, words, "", words, function)


def _behaviour_named(registry: Registry, name: object) -> Behaviour:
    """A behaviour as it is, or by its name; `SifError` names the nearest where there is none."""
    if not isinstance(name, str) and callable(getattr(name, "applies", None)):
        found: Any = name
        if isinstance(found, type):
            raise SifError(
                Message("behaviour.is_class", name=found.__name__),
                fix=Message("behaviour.make_one", name=found.__name__),
            )
        lacking = [each for each in ("name", "words", "given") if not hasattr(name, each)]
        if lacking:
            raise SifError(Message("behaviour.lacks", lacking=", ".join(lacking)))
        if not isinstance(found.name, str) or not found.name:
            raise unexpected(Message("expected.name_of_own_behaviour"), found.name)
        if not isinstance(found, type(registry.behaviours.get(found.name, found))):
            raise SifError(
                Message("behaviour.name_taken", behaviour=found.name), fix=Message("measure.rename")
            )
        return cast("Behaviour", found)
    if not isinstance(name, str):
        wanted = unexpected(Message("expected.name_of_behaviour"), name)
        raise SifError(wanted.what, fix=nearest("", registry.behaviours))
    if name not in registry.behaviours:
        known = nearest(name, registry.behaviours)
        raise SifError(Message("behaviour.unknown", behaviour=name), fix=known)
    return registry.behaviours[name]


def _twice(label: str, asked: Sequence[str]) -> SifError:
    """The error of a policy that is named twice, or of two that have one id."""
    if len(set(asked)) == 1:
        return SifError(
            Message("planning.named_twice", policy=label), fix=Message("planning.name_once")
        )
    return SifError(
        Message("policy.one_id", label=label, asked=Joined(asked, Message("nearest.and"))),
        fix=Message("policy.give_another_id"),
    )


def _policy(registry: Registry, named: Named) -> FundPolicy:
    return named if isinstance(named, FundPolicy) else timeline(registry, named)


def whole_number(number: Any, what: Text, low: int, high: int) -> None:
    """Raise `SifError` for what is no whole number from ``low`` to ``high``."""
    if type(number) is not int or not low <= number <= high:
        raise SifError(
            Message("planning.number_within", what=what, low=low, high=high, value=shown(number))
        )


def claims_nothing(policy: FundPolicy, scenario: Scenario) -> bool:
    """Whether a policy claims nothing, on any track, of an investment that did what was hoped.

    Nothing is claimed where a guideline says nothing on return either.
    """
    found = ((seen, seen.settle(hoped_for(scenario.begins))) for seen in policy.on_tracks)
    return all(
        not seen.states_return or (settlement.settled and not settlement.claims)
        for seen, settlement in found
    )


def _refuse_unsettled(policy: FundPolicy, scenario: Scenario) -> None:
    for seen in policy.on_tracks:
        _refuse_one_unsettled(seen, scenario)


def _refuse_one_unsettled(policy: FundPolicy, scenario: Scenario) -> None:
    model = return_model_of(policy)
    if model is None:
        return  # simulated as if nothing were returned, which is reported as an assumption
    if any(fact.name != REACHED for fact in model.settled_by):
        return  # it depends on the application; what stays open is a measure of each run
    settlement = policy.settle(hoped_for(scenario.begins))
    if not settlement.settled:
        why = settlement.reason or Message("planning.return_unknown")
        raise SifError(
            Message("planning.not_simulated", policy=policy.id, why=why),
            fix=Message("planning.state_return"),
        )


def _baseline(design: Design, named: str | None, everything: bool) -> str:
    """The policy to compare with: the one named, else the first; see `compare`."""
    labels = design.labels
    for each in design.left_out:
        if each.policy == named:
            raise SifError(each.why)
    if named is not None:
        if named not in labels:
            wrong = Message("planning.baseline_not_compared", baseline=named)
            raise SifError(wrong, fix=nearest(named, labels))
        return named
    if everything:
        for policy, label in enumerate(labels):
            adapter = design.setup(policy).adapter
            stated = not assumes_no_return(design.assumed[policy])
            if adapter.has_fund and stated and claims_nothing(adapter.policy, adapter.scenario):
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


def study_design(
    registry: Registry,
    scenario: Scenario,
    named: Sequence[str | FundPolicy] | None,
    *,
    behaviour: str,
    years: int,
    seed: int,
    measures: Sequence[str] = MEASURES,
) -> Design:
    """The design of a study: of the policies named, otherwise of all that claim a return."""
    behaves = _behaviour_named(registry, behaviour)
    chosen = _policies_in(registry, each_named(named), scenario)
    filled = [(asked, *fill_unstated(registry, policy, scenario)) for policy, asked in chosen]
    returning = [each for each in filled if not claims_nothing(each[1], scenario)]
    if named and len(returning) < len(filled):
        without = next(policy for _, policy, _ in filled if claims_nothing(policy, scenario))
        raise SifError(
            Message("planning.nothing_returned", policy=without.id),
            fix=Message("planning.name_returning"),
        )
    if not returning:
        raise SifError(
            Message("planning.none_returns"), fix=Message("planning.see", command="sif policies")
        )
    return Design(
        policies=tuple(policy for _, policy, _ in returning),
        labels=tuple(policy.id for _, policy, _ in returning),
        asked=tuple(asked for asked, _, _ in returning),
        scenario=scenario,
        behaviour=behaves,
        measures=tuple(measure_named(registry, name) for name in measures),
        assumed=tuple(changes for _, _, changes in returning),
        baseline=returning[0][1].id,
        environment=environment(registry),
        years=years,
        seed=seed,
    )


def measure_named(registry: Registry, name: str) -> Measure:
    """A measure by its name; `SifError` names the nearest where there is none."""
    if name not in registry.measures:
        raise SifError(
            Message("measure.unknown", measure=name), fix=nearest(name, registry.measures)
        )
    return registry.measures[name]
