"""From levers and uncertainties to the plan of an exploration; the impossible is refused here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, frozen

from sifrules.dataframes import taken
from sifrules.errors import SifError, nearest, unexpected
from sifrules.plugin.registry import Registry
from sifrules.plugin.simulation import Behaviour, Measure, Portfolio
from sifrules.plugin.timelines import timeline
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.parts import Slot
from sifrules.values.messages import Message
from sifrules_simulation.experiments.defaults import YEARS
from sifrules_simulation.experiments.exploration import (
    SAMPLINGS,
    LeverSettings,
    Space,
    Variant,
    opened,
    refuse_beyond,
    sample,
    setting,
    spaces_of,
    variants,
)
from sifrules_simulation.experiments.explored import ExplorationPlan, chosen_measures, names_of
from sifrules_simulation.experiments.logged import logs_named
from sifrules_simulation.experiments.planning import (
    Named,
    comparison_design,
    each_named,
    whole_number,
)
from sifrules_simulation.experiments.sampling import ParameterSample
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.distributions import Correlation
from sifrules_simulation.model.measures import SHOWN
from sifrules_simulation.model.parameters import ORDERED
from sifrules_simulation.model.scenarios import (
    Scenario,
    refuse_idle,
    scenario as named_scenario,
)

if TYPE_CHECKING:
    import polars as pl

#: How many draws and replications an exploration has unless given otherwise.
DRAWS, REPLICATIONS = 32, 3


@frozen(kw_only=True)
class ExplorationRequest:
    """What is asked to be explored; each is what `sifrules.explore` takes by that name."""

    policies: Iterable[Named] | Named
    levers: Mapping[str, Any] | None = None
    uncertainties: Mapping[str, Any] | Iterable[str] | str | None = None
    outcomes: Sequence[str] = SHOWN
    design: object = None
    variants: int | None = None
    draws: int | None = None
    sampling: str | None = None
    correlation: object = None
    replications: int = REPLICATIONS
    scenario: str | Scenario = "default"
    years: int = YEARS
    seed: int = 1
    behaviour: str | Behaviour = USUAL
    measures: Iterable[Measure | Callable[[Portfolio], float | None]] = ()
    off: Iterable[str] = ()
    tables: Iterable[str] = ()


def exploration_plan(registry: Registry, asked: ExplorationRequest) -> ExplorationPlan:
    """The plan of an exploration. Raises `SifError` for all that is unknown or impossible."""
    whole_number(asked.replications, Message("progress.replications"), 1, 10_000)
    whole_number(asked.seed, Message("planning.seed"), 0, 2**63)
    scenario = asked.scenario
    if not isinstance(scenario, Scenario):
        scenario = named_scenario(scenario)
    named = each_named(asked.policies)
    if not named:
        raise SifError(
            Message("planning.no_policy"), fix=Message("planning.see", command="sif policies")
        )
    notes: list[Message] = []
    if isinstance(asked.design, str) or asked.design is None:
        spaces = spaces_of(asked.levers)
        how = _design_of(asked.design, spaces)
        if how == "factorial" and asked.variants is not None:
            raise SifError(
                Message("exploration.variants_unused"), fix=Message("exploration.no_variants")
            )
        around = opened(scenario, asked.uncertainties, _correlation(asked.correlation))
        found, notes = variants(
            registry, named, spaces, design=how, count=asked.variants, seed=asked.seed
        )
        drawn, said = _sampled(asked, around)
        notes += said
        pairs = (tuple(range(len(found))),) * len(drawn)
    else:
        if (
            asked.levers
            or asked.uncertainties
            or asked.correlation is not None
            or asked.variants is not None
            or asked.draws is not None
            or asked.sampling is not None
        ):
            raise SifError(Message("exploration.frame_or_levers"))
        frame = taken(asked.design)
        found, drawn, pairs = _of_frame(registry, named, scenario, frame)
        alike = len(frame) - len(frame.unique())
        if alike:
            notes.append(Message("exploration.rows_alike", alike=alike, count=len(frame)))
    planned = comparison_design(
        registry,
        [each.policy for each in found],
        scenario=scenario,
        years=asked.years,
        seed=asked.seed,
        behaviour=asked.behaviour,
        measures=asked.measures,
        off=asked.off,
    )
    if planned.left_out:
        raise SifError(planned.left_out[0].why)
    more = [each if isinstance(each, str) else each.name for each in planned.measures]
    own = more[len(registry.measures) :] if asked.measures else []
    measured = chosen_measures(planned, [*names_of(asked.outcomes), *own])
    return ExplorationPlan(
        design=evolve(measured, tables=logs_named(asked.tables)),
        variants=tuple(found),
        draws=drawn,
        pairs=pairs,
        replications=asked.replications,
        notes=tuple(notes),
    )


def _sampled(asked: ExplorationRequest, around: Scenario) -> tuple[ParameterSample, list[Message]]:
    """The draws of what is uncertain, and notes on what they are not as it was asked for.

    Raises `SifError` for what a factorial design of them does not use.
    """
    how = "latin_hypercube" if asked.sampling is None else asked.sampling
    if how == "factorial" and (asked.draws is not None or around.correlation.paths):
        raise SifError(
            Message("exploration.factorial_draws"), fix=Message("exploration.no_factorial_draws")
        )
    count = DRAWS if asked.draws is None else asked.draws
    drawn = sample(around, count, asked.seed, how)
    notes = list(_cut_off(drawn))
    if asked.draws is not None and len(drawn) < asked.draws and how != "factorial":
        notes.append(Message("exploration.one_draw", draws=asked.draws))
    return drawn, notes


def _cut_off(drawn: ParameterSample) -> Iterator[Message]:
    """What is cut off as a least would lie above a most that is certain, or the other way."""
    stated = drawn.scenario.stated
    for pair in ORDERED:
        for path, other in (pair, pair[::-1]):
            if path not in drawn.paths or other in drawn.paths:
                continue
            end, column = stated[other].value, drawn.values[:, drawn.paths.index(path)]
            beyond = stated[path].high > end if path == pair[0] else stated[path].low < end
            if beyond and (column == end).any():
                yield Message("exploration.cut_off", path=path, other=other, end=f"{end:g}")


def _design_of(design: str | None, spaces: Mapping[str, Space]) -> str:
    """How levers are combined: all of their values, or points where any has a range."""
    if design is None:
        return "factorial" if all(each.values for each in spaces.values()) else "latin_hypercube"
    if design not in SAMPLINGS:
        raise SifError(
            Message("exploration.no_sampling", name=design), fix=nearest(design, SAMPLINGS)
        )
    return design


def _correlation(given: object) -> Correlation | None:
    if given is None or isinstance(given, Correlation):
        return given
    if isinstance(given, Mapping):
        for pair in given:
            if not isinstance(pair, tuple) or len(pair) != 2:
                found = unexpected(Message("expected.pair"), pair)
                raise SifError(found.what, fix=Message("exploration.write_pair"))
        return Correlation.of_pairs(given)
    raise unexpected(Message("expected.correlation"), given)


# --- a frame of one's own -----------------------------------------------------------


def _of_frame(
    registry: Registry, named: Sequence[Named], scenario: Scenario, frame: pl.DataFrame
) -> tuple[list[Variant], ParameterSample, tuple[tuple[int, ...], ...]]:
    """The variants, draws and pairs of a frame: a row is a variant in a draw.

    A column is a parameter's path or a lever's, or ``policy`` with the name of one of the policies;
    without it every row is simulated under each of them.
    """
    if not len(frame):
        raise SifError(Message("exploration.empty_frame"))
    uncertain = [name for name in frame.columns if name in scenario.stated]
    levers = [name for name in frame.columns if name not in (*uncertain, "policy")]
    for path in uncertain:
        refuse_idle(scenario, path)
    for path in levers:
        if path.partition(".")[0] not in list(Slot):
            known = [*scenario.stated, *Slot, "policy"]
            raise SifError(Message("exploration.no_input", name=path), fix=nearest(path, known))
        if frame[path].null_count() == len(frame):
            raise SifError(Message("exploration.empty_column", name=path))
    policies = {policy.id: policy for policy in (timeline(registry, each) for each in named)}
    settings = LeverSettings(
        registry,
        {
            path: Space(values=tuple(frame[path].drop_nulls().unique(maintain_order=True)))
            for path in levers
        },
    )
    takes: dict[str, dict[str, Any]] = {}
    refused: dict[str, dict[str, SifError]] = {}
    found: dict[tuple[str, ...], int] = {}
    made: list[Variant] = []
    rows: dict[tuple[float, ...], list[int]] = {}
    for row in frame.iter_rows(named=True):
        for path in uncertain:
            refuse_beyond(path, row[path], scenario.stated[path].unit)
        values = tuple(float(row[path]) for path in uncertain)
        wanted = policies if "policy" not in row else {row["policy"]: policies.get(row["policy"])}
        met = rows.setdefault(values, [])
        for id, policy in wanted.items():
            if policy is None:
                raise SifError(
                    Message("comparison.no_policy", policy=str(id)), fix=nearest(str(id), policies)
                )
            place = _variant_of(settings, policy, levers, row, takes, refused, found, made)
            if place not in met:
                met.append(place)
    for values in rows:
        scenario.changed(dict(zip(uncertain, values, strict=True)))
    table = np.array(list(rows), dtype=float).reshape(len(rows), len(uncertain))
    drawn = ParameterSample(scenario, tuple(uncertain), table, np.arange(len(rows)))
    return made, drawn, tuple(tuple(each) for each in rows.values())


def _variant_of(
    settings: LeverSettings,
    policy: FundPolicy,
    levers: Sequence[str],
    row: Mapping[str, Any],
    takes: dict[str, dict[str, Any]],
    refused: dict[str, dict[str, SifError]],
    found: dict[tuple[str, ...], int],
    made: list[Variant],
) -> int:
    """The place of a row's variant among those made so far, made where it is new."""
    if policy.id not in takes:
        takes[policy.id], refused[policy.id] = settings.takes(policy)
    set_here = {path: row[path] for path in levers if row[path] is not None}
    for path, error in refused[policy.id].items():
        if path in set_here:
            raise error
    kinds = takes[policy.id]
    key = (policy.id, *(setting(path, kinds[path], value) for path, value in set_here.items()))
    if key not in found:
        found[key] = len(made)
        made.append(
            settings.variant(policy, {path: (kinds[path], each) for path, each in set_here.items()})
        )
    return found[key]
