"""One experiment as a function: values of levers and parameters in, outcomes out.

This is what other tools call: the EMA workbench, SALib, an optimiser, anything that has a function
of a dict. All experiments of one function are simulated in the same worlds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from attrs import define, evolve, field
from numpy.typing import NDArray

from sifrules.dataframes import taken
from sifrules.errors import SifError, nearest, shown, unexpected
from sifrules.plugin.registry import Registry, installed, registry_or_installed
from sifrules.plugin.simulation import Behaviour, Measure, Portfolio
from sifrules.plugin.timelines import timeline
from sifrules.policy.fund_policy import FundPolicy
from sifrules.values.messages import Message
from sifrules_simulation.execution.tasks import without_gc
from sifrules_simulation.experiments.cells import Cell, measures_of, run_cell
from sifrules_simulation.experiments.defaults import YEARS
from sifrules_simulation.experiments.design import Design
from sifrules_simulation.experiments.exploration import (
    AS_STATED,
    LeverSettings,
    Space,
    by_path,
    opened,
    refuse_beyond,
    spaces_of,
)
from sifrules_simulation.experiments.explored import chosen_measures, drawn_world, names_of
from sifrules_simulation.experiments.levers import Lever
from sifrules_simulation.experiments.planning import Named, comparison_design, whole_number
from sifrules_simulation.experiments.sampling import ParameterSample, uncertain
from sifrules_simulation.model.behaviours import USUAL
from sifrules_simulation.model.completion import fill_unstated
from sifrules_simulation.model.measures import SHOWN
from sifrules_simulation.model.parameters import declared
from sifrules_simulation.model.scenarios import Scenario, scenario as named_scenario
from sifrules_simulation.statistics.estimates import known_mean

Array = NDArray[np.float64]

#: What stands for the dot of a path where a tool takes Python names only.
DOT = "__"
#: How many policies with their levers set are remembered.
_REMEMBERED = 256


@define(eq=False, slots=False)
class Experiment:
    """A function of a dict: what comes of one policy with levers and parameters set.

    It takes ``{"return_model.share": 0.5, "ideas.flow": 8.0}``, or the same as keywords with two
    underscores for each dot, and gives the mean of every outcome over its replications, NaN where
    one is not defined. A lever or a parameter that is left out is as the policy or the scenario has
    it. It can be sent to other processes. Raises `SifError` for what is unknown or impossible.
    """

    design: Design
    levers: Mapping[str, Space]
    uncertainties: Mapping[str, Space]
    replications: int
    _policy: FundPolicy
    _takes: Mapping[str, Lever | None]
    _registry: Registry | None = field(default=None, repr=False)
    _made: dict[tuple[str, ...], Design] = field(factory=dict, init=False, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        own = self._registry if self._registry is not installed() else None
        return {**self.__dict__, "_registry": own, "_made": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The names of the outcomes."""
        return tuple(each.name for each in self.design.measures)

    def __call__(
        self, values: Mapping[str, Any] | None = None, /, **named: Any
    ) -> dict[str, float]:
        """The outcomes with these values."""
        if values is not None and not isinstance(values, Mapping):
            raise unexpected(Message("expected.values_by_path"), values)
        given = {**(values or {}), **{key.replace(DOT, "."): each for key, each in named.items()}}
        for path in given:
            if path not in self.levers and path not in self.uncertainties:
                known = (*self.levers, *self.uncertainties)
                raise SifError(Message("experiment.unknown", path=path), fix=nearest(path, known))
            if path in self.design.scenario.stated:
                refuse_beyond(path, given[path], self.design.scenario.stated[path].unit)
        levers = {path: value for path, value in given.items() if path in self.levers}
        return self._measured(self._design_of(levers), self._world_of(given))

    def as_set(self, path: str, value: Any) -> Any:
        """A lever's value as the policy takes it: a share to four decimals, or a whole number."""
        lever = self._takes.get(path)
        if lever is None or not isinstance(value, int | float):
            return value
        return float(lever.rounded(np.array(float(value))))

    def evaluate(self, points: Any) -> Array:
        """The outcomes of many points, a row each: columns as `salib_problem` names them."""
        names = (*self.levers, *self.uncertainties)
        if hasattr(points, "columns"):  # a frame has its columns by name, in whatever order
            frame = taken(points)
            _refuse_other_columns(names, frame.columns)
            points = frame.select(names).rows()
        rows = np.atleast_2d(np.asarray(points, dtype=object))
        if rows.ndim != 2 or rows.shape[1] != len(names):
            raise SifError(
                Message("experiment.shape", count=len(names), names=", ".join(names)),
                fix=Message("experiment.see_problem"),
            )
        found = [
            list(self(dict(zip(names, self._placed(list(row)), strict=True))).values())
            for row in rows
        ]
        return np.array(found, dtype=float)

    def _placed(self, row: Sequence[Any]) -> list[Any]:
        """The values of a point: of a list of values the one at that place."""
        spaces = {**self.levers, **self.uncertainties}
        return [
            _at_place(path, space.values, value) if space.values else value
            for (path, space), value in zip(spaces.items(), row, strict=True)
        ]

    def _design_of(self, levers: Mapping[str, Any]) -> Design:
        settings = LeverSettings(self._registry_here(), self.levers)
        each = {path: (self._takes[path], _python(value)) for path, value in levers.items()}
        variant_key = tuple(f"{path}={value!r}" for path, (_, value) in each.items())
        if variant_key not in self._made:
            if not each:
                return self.design
            changed = settings.variant(self._policy, each).policy
            filled, assumed = fill_unstated(self._registry_here(), changed, self.design.scenario)
            if len(self._made) >= _REMEMBERED:
                self._made.clear()
            self._made[variant_key] = evolve(
                self.design,
                policies=(filled,),
                labels=(filled.id,),
                asked=(filled.origin,),
                assumed=(assumed,),
                baseline=filled.id,
            )
        return self._made[variant_key]

    def _world_of(self, given: Mapping[str, Any]) -> Scenario:
        scenario = self.design.scenario
        values = {
            path: round(value) if _WHOLE.get(path) else float(value)
            for path, value in given.items()
            if path in scenario.stated and path not in self.levers
        }
        for path in given:
            if path not in values and path not in self.levers:
                scenario = scenario.assuming((f"{path}={given[path]}",))
        if not values:
            return scenario
        row = np.array([list(values.values())], dtype=float)
        drawn = ParameterSample(scenario, tuple(values), row, np.arange(1))
        return drawn_world(drawn, 0)

    def _measured(self, design: Design, around: Scenario) -> dict[str, float]:
        cell = Cell(
            part="experiment",
            policies=range(1),
            replications=range(self.replications),
            scenario=around,
            draw=0,
        )
        found = without_gc(run_cell, (design, cell, partial(measures_of, design)))
        if found.failures:
            raise found.failures[0].as_error(Message("failure.a_replication"))
        rows = np.array([each[0] for each in found.rows.values()], dtype=float)
        return dict(zip(self.outcomes, known_mean(rows).tolist(), strict=True))

    def _registry_here(self) -> Registry:
        """The plugins: those it was made with, which are those installed unless given."""
        if self._registry is None:
            self._registry = installed()
        return self._registry


def _at_place(path: str, values: Sequence[Any], place: Any) -> Any:
    """The value at a place of a list, or one of its texts as it is; `SifError` for no place."""
    if isinstance(place, str) and place in values:
        return place
    number = place if isinstance(place, int | float | np.number) else math.nan
    if not 0 <= number <= len(values):
        raise SifError(
            Message("experiment.no_place", place=shown(place), most=len(values)),
            where=path,
            fix=Message("experiment.see_problem"),
        )
    return values[min(int(number), len(values) - 1)]


def _refuse_other_columns(names: Sequence[str], columns: Sequence[str]) -> None:
    """Raise `SifError` for a frame that lacks a lever or parameter, or has what is none."""
    for name in columns:
        if name not in names:
            raise SifError(Message("experiment.unknown", path=name), fix=nearest(name, names))
    for name in names:
        if name not in columns:
            raise SifError(Message("experiment.no_column", path=name))


_WHOLE = {path: bool(each.metadata["whole"]) for path, each in declared()}


def _python(value: Any) -> Any:
    """A value without the type of a library."""
    return value.item() if isinstance(value, np.generic) else value


def experiment(
    policy: Named,
    levers: Mapping[str, Any] | None = None,
    uncertainties: Mapping[str, Any] | Iterable[str] | str | None = None,
    outcomes: Sequence[str] = SHOWN,
    *,
    replications: int = 3,
    scenario: str | Scenario = "default",
    years: int = YEARS,
    seed: int = 1,
    behaviour: str | Behaviour = USUAL,
    measures: Iterable[Measure | Callable[[Portfolio], float | None]] = (),
    off: Iterable[str] = (),
    registry: Registry | None = None,
) -> Experiment:
    """One policy as a function of a dict of levers and parameters, for any other tool.

    Levers and uncertainties are given as to `explore`. All experiments are simulated in the same
    worlds, so that outcomes differ by what was changed alone.

    >>> grants = experiment("orebro@2016", {"return_model.share": (0.0, 1.0)}, ["ideas.flow"],
    ...     ["ideas"], replications=1, years=2)
    >>> grants({"return_model.share": 0.5, "ideas.flow": 0.0}) == grants(ideas__flow=0.0)
    True
    """
    whole_number(replications, Message("progress.replications"), 1, 10_000)
    towns = registry_or_installed(registry)
    around = scenario if isinstance(scenario, Scenario) else named_scenario(scenario)
    if isinstance(uncertainties, str) and uncertainties == AS_STATED:
        weighted = (f"structure.{name}" for name in around.weights)
        uncertainties = (*uncertain(around), *weighted)
    listed = by_path(uncertainties)
    open_now = opened(around, listed)
    spaces: dict[str, Space] = {}
    for path, given in listed.items():
        if given == AS_STATED and path in open_now.stated:
            stated = open_now.stated[path]
            spaces[path] = Space(ends=(stated.low, stated.high), distribution=stated.distribution)
        elif path in open_now.stated:
            space, stated = Space.of(given, path), open_now.stated[path]
            if space.distribution is not None:  # it is cut off at what the parameter can be
                space = evolve(space, ends=(stated.low, stated.high))
            spaces[path] = space
        else:
            spaces[path] = Space(values=tuple(open_now.weights[path.partition(".")[2]]))
    lever_spaces = spaces_of(levers)
    design = comparison_design(
        towns, policy, scenario=around, years=years, seed=seed, behaviour=behaviour,
        measures=measures, off=off,
    )  # fmt: skip
    more = [each.name for each in design.measures[len(towns.measures) :]] if measures else []
    named = timeline(towns, policy)
    takes, refusals = LeverSettings(towns, lever_spaces).takes(named)
    for error in refusals.values():
        raise error
    return Experiment(
        design=chosen_measures(design, [*names_of(outcomes), *more]),
        levers=lever_spaces,
        uncertainties=spaces,
        replications=replications,
        policy=named,
        takes=takes,
        registry=towns,
    )


def salib_problem(function: Experiment) -> dict[str, Any]:
    """The problem dict of SALib for an experiment: names, bounds and distributions.

    Points that SALib samples go to `Experiment.evaluate`. A list of values is a whole number, its
    place. A distribution goes to SALib where it knows it (normal, lognormal, triangular, uniform),
    and a normal one is cut off at what the parameter can be. Correlations do not go to SALib.

    >>> flow = experiment("orebro@2016", {}, {"ideas.flow": (4.0, 12.0)}, ["ideas"])
    >>> salib_problem(flow)
    {'num_vars': 1, 'names': ['ideas.flow'], 'bounds': [[4.0, 12.0]], 'dists': ['unif']}
    """
    spaces = {**function.levers, **function.uncertainties}
    bounds: list[list[float]] = []
    dists: list[str] = []
    for path, space in spaces.items():
        if space.values:
            bounds.append([0.0, float(len(space.values))])
            dists.append("unif")
        elif space.distribution is None and space.ends is not None:
            bounds.append(list(space.ends))
            dists.append("unif")
        elif space.distribution is not None:
            kind, ends = _salib_distribution(path, space)
            bounds.append(ends)
            dists.append(kind)
    return {"num_vars": len(spaces), "names": list(spaces), "bounds": bounds, "dists": dists}


def cut_off(path: str, space: Space) -> SifError:
    """The error of a distribution that reaches beyond what the parameter can be."""
    low, high = space.ends or (-np.inf, np.inf)
    name = "" if space.distribution is None else space.distribution.name
    return SifError(
        Message("experiment.cut_off", name=name, path=path, low=f"{low:g}", high=f"{high:g}"),
        fix=Message("experiment.use_range"),
    )


def _salib_distribution(path: str, space: Space) -> tuple[str, list[float]]:
    """A distribution as SALib writes it; `SifError` for one that it does not know."""
    if space.distribution is None:
        raise AssertionError
    name, given = space.distribution.name, dict(space.distribution.parameters)
    loc, scale = given.get("loc", 0.0), given.get("scale", 1.0)
    if space.is_cut_off:
        if name == "norm" and space.ends is not None:
            return "truncnorm", [*space.ends, loc, scale]
        raise cut_off(path, space)
    if name == "norm":
        return "norm", [loc, scale]
    if name == "lognorm" and loc == 0:
        return "lognorm", [float(np.log(scale)), given["s"]]
    if name == "triang":
        return "triang", [loc, loc + scale, given["c"]]
    if name == "uniform":
        return "unif", [loc, loc + scale]
    raise SifError(
        Message("experiment.not_in_salib", name=name, path=path),
        fix=Message("experiment.use_range"),
    )
