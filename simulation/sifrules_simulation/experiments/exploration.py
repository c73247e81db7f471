"""Explorations (utforskningar): levers of policies × uncertainties of the world, as one design.

A lever or an uncertainty is given some values, a range or a distribution. Combinations of the
levers' values are *variants* of a policy; those of the uncertainties are *draws*. Every variant is
simulated in every draw, in the same worlds, so many replications each; the frame that comes out
has all of their values with the outcomes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, Literal

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError, nearest, shown, unexpected
from sifrules.plugin.registry import Registry
from sifrules.plugin.timelines import timeline
from sifrules.policy.fund_policy import FundPolicy
from sifrules.policy.timeline import periods
from sifrules.values.messages import Message
from sifrules_simulation.experiments.levers import Lever, lever_named
from sifrules_simulation.experiments.planning import Named
from sifrules_simulation.experiments.sampling import (
    ParameterSample,
    draws as latin_draws,
    latin_hypercube,
    placed,
    structures_at,
    uncertain,
)
from sifrules_simulation.model.distributions import Correlation, Distribution
from sifrules_simulation.model.parameters import declared
from sifrules_simulation.model.scenario_entries import unit_words
from sifrules_simulation.model.scenarios import Scenario, refuse_idle
from sifrules_simulation.model.streams import RandomStreams
from sifrules_simulation.model.structure import Structure

Array = NDArray[np.float64]
#: How points of the unit cube are chosen.
Sampling = Literal["latin_hypercube", "sobol", "monte_carlo", "factorial"]
SAMPLINGS: tuple[str, ...] = ("latin_hypercube", "sobol", "monte_carlo", "factorial")
#: What stands for ranges and distributions as the scenario states them.
AS_STATED = "scenario"
_STRUCTURE = "structure."
#: The least and the most that each parameter can be.
_BOUNDS = {path: field.metadata["bounds"] for path, field in declared()}
_WHOLE = {path for path, field in declared() if field.metadata["whole"]}
#: How many values of a range a factorial design takes.
LEVELS = 3
#: A distribution that reaches beyond its ends more seldom than this is not cut off.
_SELDOM = 1e-9
#: More variants of policies, or more draws, are no plan but a mistake.
MOST = 1_000_000


@frozen
class Space:
    """What a lever or an uncertainty may be: some values, a range, or a distribution."""

    values: tuple[Any, ...] = ()
    ends: tuple[float, float] | None = None
    distribution: Distribution | None = None

    @classmethod
    def of(cls, stated: object, path: str) -> Space:
        """Out of a list, a pair ``(low, high)``, a table, or a distribution of scipy.stats."""
        try:
            return cls._of(stated)
        except SifError as error:
            raise SifError(error.what, where=path, fix=error.fix) from None

    @classmethod
    def _of(cls, stated: object) -> Space:
        if isinstance(stated, Space):
            return stated
        if isinstance(stated, tuple):
            if len(stated) != 2:
                raise unexpected(Message("expected.range"), stated)
            return cls(ends=_ends(*stated))
        if isinstance(stated, Mapping):
            if stated.keys() == {"low", "high"}:
                return cls(ends=_ends(stated["low"], stated["high"]))
            return cls(distribution=Distribution.of(stated))
        if isinstance(stated, list | range | np.ndarray) or hasattr(stated, "to_list"):
            listed: Any = stated  # or a column of a frame
            values = tuple(each.item() if isinstance(each, np.generic) else each for each in listed)
            if not values or len({_same(each) for each in values}) < len(values):
                raise SifError(Message("exploration.values"), fix=Message("exploration.each_once"))
            return cls(values=values)
        if not isinstance(stated, Distribution) and not hasattr(stated, "ppf"):
            raise unexpected(Message("expected.space"), stated)
        return cls(distribution=Distribution.of(stated))

    @property
    def is_cut_off(self) -> bool:
        """Whether its distribution reaches beyond its ends, so that what lies there is left out."""
        if self.distribution is None or self.ends is None or self.distribution.values:
            return False
        dist, (low, high) = self.distribution.frozen, self.ends
        return bool(dist.cdf(np.nextafter(low, -np.inf)) > _SELDOM or dist.sf(high) > _SELDOM)

    def at(self, shares: Array) -> list[Any]:
        """What it is at some points from 0 to 1."""
        if self.values:
            places = np.minimum((shares * len(self.values)).astype(int), len(self.values) - 1)
            return [self.values[place] for place in places.tolist()]
        if self.ends is not None:
            low, high = self.ends
            between: list[float] = (low + shares * (high - low)).tolist()
            return between
        if self.distribution is None:  # one of the three is there
            raise AssertionError
        found: list[float] = self.distribution.quantiles(shares, -np.inf, np.inf).tolist()
        return found

    def levels(self) -> list[Any]:
        """Its values in a factorial design: all of them, or `LEVELS` of a range."""
        if self.values:
            return list(self.values)
        if self.ends is not None:
            return self.at(np.linspace(0, 1, LEVELS))
        return self.at((np.arange(LEVELS) + 0.5) / LEVELS)


def _same(value: object) -> str:
    """What is the same in values that are: 1 and 1.0, but not 1 and True."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(float(value)) if number else str(value)  # type: ignore[arg-type]  # a number


def spaces_of(levers: object) -> dict[str, Space]:
    """What each lever may be, by its path; `SifError` for what is no table of them."""
    if levers is None:
        return {}
    if not isinstance(levers, Mapping):
        found = unexpected(Message("expected.levers"), levers)
        raise SifError(found.what, fix=Message("exploration.write_levers"))
    return {path: Space.of(each, path) for path, each in levers.items()}


def refuse_beyond(path: str, value: object, unit: str) -> None:
    """Raise `SifError` for what a parameter cannot be."""
    low, high = _BOUNDS[path]
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise SifError(Message("scenario.no_number", value=shown(value)), where=path)
    if not low <= value <= high:
        wrong = Message(
            "scenario.number_within", low=low, high=high, unit=unit_words(unit), value=value
        )
        raise SifError(wrong, where=path)


def _ends(low: object, high: object) -> tuple[float, float]:
    try:
        found = float(low), float(high)  # type: ignore[arg-type]  # whatever they are
    except (TypeError, ValueError):
        raise unexpected(Message("expected.range"), (low, high)) from None
    if not found[0] < found[1]:
        raise SifError(Message("scenario.range_reversed"))
    return found


def points(count: int, paths: Sequence[str], seed: int, sampling: str) -> Array:
    """Points of the unit cube, a column for each path, chosen in one of the `SAMPLINGS`.

    More points begin with the fewer of the same seed. Of a Sobol' sequence, which is scrambled by
    the seed, numbers of points that are powers of two fill the cube most evenly.
    """
    _refuse_count(count)
    if not paths:
        return np.empty((count, 0))
    if sampling == "sobol":
        from scipy.stats import qmc

        engine = qmc.Sobol(len(paths), scramble=True, rng=np.random.default_rng(seed))
        found: Array = engine.random_base2(max(1, (count - 1).bit_length()))[:count]
        return found
    if sampling == "monte_carlo":
        streams = RandomStreams(seed, 0)
        columns = [streams.uniform(f"exploration.{path}", count) for path in paths]
        return np.column_stack(columns)
    if sampling == "latin_hypercube":
        return latin_hypercube(max(2, count), seed, paths)[:count]
    refuse_sampling(sampling)
    raise SifError(Message("exploration.how_many"))  # a factorial design has no points


def refuse_sampling(name: object) -> None:
    """Raise `SifError` for what is none of the `SAMPLINGS`."""
    if name not in SAMPLINGS:
        raise SifError(
            Message("exploration.no_sampling", name=shown(name)), fix=nearest(str(name), SAMPLINGS)
        )


def _refuse_count(count: object) -> None:
    if type(count) is not int or not 1 <= count <= MOST:
        raise SifError(Message("exploration.count", most=MOST, count=shown(count)))


# --- levers ---------------------------------------------------------------------------


@frozen(eq=False)
class Variant:
    """A policy with levers set: which policy, the value of each lever that it takes, and before."""

    named: str
    levers: Mapping[str, Any]
    policy: FundPolicy
    before: FundPolicy


@frozen(eq=False)
class LeverSettings:
    """Makes variants of policies: which levers each of them takes, and how values are written."""

    registry: Registry
    spaces: Mapping[str, Space]

    def takes(self, policy: FundPolicy) -> tuple[dict[str, Lever | None], dict[str, SifError]]:
        """The levers that a policy takes, as numbers where they are, and why not the others."""
        takes: dict[str, Lever | None] = {}
        refusals: dict[str, SifError] = {}
        for path, space in self.spaces.items():
            numbers = [_number_of(each, path) for _, each in periods(policy)]
            lever = next((each for each in numbers if each is not None), None)
            try:
                if lever is None and not space.values:
                    raise SifError(Message("break_even.no_lever", path=path, policy=policy.id))
                for value in space.values if lever is not None and not lever.is_share else ():
                    _refuse_part(path, value)
                value = space.levels()[0]
                timeline(self.registry, policy, [setting(path, lever, value)])
            except SifError as error:
                refusals[path] = error
            else:
                takes[path] = lever
        return takes, refusals

    def variant(
        self, policy: FundPolicy, levers: Mapping[str, tuple[Lever | None, Any]]
    ) -> Variant:
        """A policy with levers set to values; as it is where there are none."""
        settings = [setting(path, lever, value) for path, (lever, value) in levers.items()]
        changed = timeline(self.registry, policy, settings) if settings else policy
        return Variant(
            policy.id,
            {path: _plain(_written(lever, value)) for path, (lever, value) in levers.items()},
            changed,
            policy,
        )


def _number_of(policy: FundPolicy, path: str) -> Lever | None:
    try:
        return lever_named(policy, path)
    except SifError:
        return None


def _refuse_part(path: str, value: Any) -> None:
    """Raise `SifError` for a number with decimals where only a whole one can be."""
    if isinstance(value, float) and value % 1:
        raise SifError(unexpected(Message("expected.whole_number"), value).what, where=path)


def _written(lever: Lever | None, value: Any) -> str:
    if lever is not None and isinstance(value, float):
        return lever.written(value)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def setting(path: str, lever: Lever | None, value: Any) -> str:
    """A lever's value as a command line sets it; `SifError` for a number that is none."""
    if isinstance(value, float) and not math.isfinite(value):
        raise SifError(Message("scenario.no_number", value=shown(value)), where=path)
    return f"{path}={_written(lever, value)}"


def _plain(written: str) -> float | str:
    """A lever's value as a frame has it: a number where it is one."""
    try:
        return float(written)
    except ValueError:
        return written


def variants(
    registry: Registry,
    policies: Iterable[Named],
    levers: Mapping[str, Space],
    *,
    design: str,
    count: int | None,
    seed: int,
) -> tuple[list[Variant], list[Message]]:
    """Every policy with every combination of the levers that it takes, and notes on the others.

    A ``factorial`` design crosses all values; the others take ``count`` points. Raises `SifError`
    for a lever that none of the policies takes, and for a value that one cannot have.
    """
    settings, notes = LeverSettings(registry, levers), list[Message]()
    found: list[Variant] = []
    refused: dict[str, list[SifError]] = {path: [] for path in levers}
    named = [timeline(registry, each) for each in policies]
    for policy in named:
        takes, refusals = settings.takes(policy)
        for path, error in refusals.items():
            refused[path].append(error)
            notes.append(
                Message("exploration.not_taken", policy=policy.id, path=path, why=error.full_text)
            )
        combinations = _combinations(levers, takes, design, count, seed)
        seen: dict[tuple[str, ...], Variant] = {}
        for values in combinations:
            each = {path: (takes[path], value) for path, value in zip(takes, values, strict=True)}
            written = tuple(setting(path, *both) for path, both in each.items())
            if written not in seen:
                seen[written] = settings.variant(policy, each)
        found += seen.values()
    for errors in refused.values():
        if len(errors) == len(named):
            raise errors[0]
    return found, notes


def _combinations(
    levers: Mapping[str, Space],
    takes: Mapping[str, Lever | None],
    design: str,
    count: int | None,
    seed: int,
) -> list[tuple[Any, ...]]:
    if not takes:
        return [()]
    if design == "factorial":
        return list(product(*(levers[path].levels() for path in takes)))
    if count is None:
        raise SifError(Message("exploration.how_many"), fix=Message("exploration.give_variants"))
    paths = list(levers)
    cube = points(count, paths, seed, design)
    columns = [
        spread_of(levers[path], lever, cube[:, paths.index(path)]) for path, lever in takes.items()
    ]
    return list(zip(*columns, strict=True))


def spread_of(space: Space, lever: Lever | None, shares: Array) -> list[Any]:
    """A lever's values at some points from 0 to 1; each whole number of a range is as likely."""
    if space.ends is None or lever is None or lever.is_share:
        return space.at(shares)
    low, high = math.ceil(space.ends[0]), math.floor(space.ends[1])
    whole: list[float] = np.minimum(np.floor(low + shares * (high - low + 1)), high).tolist()
    return whole if low <= high else space.at(shares)


# --- uncertainties --------------------------------------------------------------------


def opened(
    scenario: Scenario,
    uncertainties: Mapping[str, Any] | Iterable[str] | str | None,
    correlation: Correlation | None = None,
) -> Scenario:
    """A scenario that leaves open what is uncertain, and nothing else.

    ``scenario`` leaves it as it is; names alone are drawn as the scenario states them. Raises
    `SifError` for what is no parameter, and for what a parameter cannot be.
    """
    if isinstance(uncertainties, str) and uncertainties == AS_STATED:
        return scenario if correlation is None else _together(scenario, correlation)
    listed = by_path(uncertainties)
    stated = {
        path: evolve(each, low=each.value, high=each.value, distribution=None)
        for path, each in scenario.stated.items()
    }
    weights: dict[str, Mapping[str, float]] = {}
    for path, given in listed.items():
        if path.startswith(_STRUCTURE):
            name = path.removeprefix(_STRUCTURE)
            weights[name] = _weights(scenario, name, given)
            continue
        scenario.value(path)
        before = scenario.stated[path]
        stated[path] = before if given == AS_STATED else _ranged(before, Space.of(given, path))
    found = evolve(scenario, stated=stated, weights=weights, correlation=Correlation())
    for path in listed:
        refuse_idle(found, path)
    joint = correlation
    if joint is None and set(scenario.correlation.paths) <= set(uncertain(found)):
        joint = scenario.correlation
    return found if joint is None else _together(found, joint)


def by_path(
    uncertainties: Mapping[str, Any] | Iterable[str] | str | None,
) -> Mapping[str, Any]:
    """What is uncertain by path: names alone are as the scenario states them."""
    if uncertainties is None:
        return {}
    if isinstance(uncertainties, Mapping):
        return uncertainties
    if isinstance(uncertainties, str):
        raise unexpected(Message("expected.uncertainties"), uncertainties)
    try:
        names = list(uncertainties)
    except TypeError:
        raise unexpected(Message("expected.uncertainties"), uncertainties) from None
    for name in names:
        if not isinstance(name, str):
            raise unexpected(Message("expected.uncertainties"), name)
    return dict.fromkeys(names, AS_STATED)


def _ranged(before: Any, space: Space) -> Any:
    """A parameter with the range or the distribution that it is given, within its bounds."""
    low, high = _BOUNDS[before.path]
    among = Distribution.among(space.values) if space.values else None
    for value in space.ends or (among.values if among is not None else ()):
        refuse_beyond(before.path, value, before.unit)
        if before.path in _WHOLE and value % 1:
            wrong = unexpected(Message("expected.whole_number"), value)
            raise SifError(wrong.what, where=before.path)
    if space.ends is not None:
        return evolve(before, low=space.ends[0], high=space.ends[1], distribution=None)
    return evolve(before, low=low, high=high, distribution=among or space.distribution)


def _weights(scenario: Scenario, name: str, given: object) -> Mapping[str, float]:
    """The weights of a structural assumption's alternatives."""
    if given == AS_STATED:
        if name not in scenario.weights:
            raise SifError(Message("exploration.no_weights", name=name))
        return scenario.weights[name]
    path = f"{_STRUCTURE}{name}"
    if not isinstance(given, Mapping | list | tuple):
        raise SifError(unexpected(Message("expected.list"), given).what, where=path)
    if isinstance(given, Mapping):
        found = dict(given)
    else:
        found = dict.fromkeys(Space.of(list(given), path).values, 1.0)
    weights = all(isinstance(each, int | float) and each >= 0 for each in found.values())
    if not weights or not 0 < sum(found.values()) < math.inf:
        raise SifError(Message("structure.weights"), where=path)
    for alternative in found:
        Structure().changed(name, alternative)
    return {alternative: float(weight) for alternative, weight in found.items()}


def _together(scenario: Scenario, correlation: Correlation) -> Scenario:
    open_now = uncertain(scenario)
    for path in correlation.paths:
        scenario.value(path)
        if path not in open_now:
            raise SifError(Message("correlation.certain", path=path))
    return evolve(scenario, correlation=correlation)


def sample(scenario: Scenario, count: int, seed: int, sampling: str) -> ParameterSample:
    """Draws of what a scenario leaves open; the scenario as it is where that is nothing.

    A ``factorial`` one crosses all values, `LEVELS` of a range, whatever the ``count``.
    """
    _refuse_count(count)
    refuse_sampling(sampling)
    paths = uncertain(scenario)
    if not paths and not scenario.weights:
        return ParameterSample(scenario, (), np.empty((1, 0)), np.arange(1))
    if sampling == "latin_hypercube":
        drawn = latin_draws(scenario, max(2, count), seed)
        return drawn.of(np.arange(count), drawn.origin)
    names = [*paths, *(f"{_STRUCTURE}{name}" for name in scenario.weights)]
    if sampling == "factorial":
        cube = np.array(list(product(*(_shares(scenario, path) for path in names))))
    else:
        cube = points(count, names, seed, sampling)
    values = placed(scenario, paths, cube[:, : len(paths)])
    found = ParameterSample(scenario, paths, values, np.arange(len(cube)))
    return evolve(found, structures=structures_at(scenario, cube[:, len(paths) :]))


def _shares(scenario: Scenario, path: str) -> list[float]:
    """The points from 0 to 1 that a factorial design takes of an uncertainty."""
    if path.startswith(_STRUCTURE):
        weights = np.array(list(scenario.weights[path.removeprefix(_STRUCTURE)].values()))
        shares = weights / weights.sum()
        return [float(each) for each in np.cumsum(shares) - shares / 2]
    distribution = scenario.stated[path].distribution
    if distribution is None:
        return [float(each) for each in np.linspace(0, 1, LEVELS)]
    count = len(distribution.values) or LEVELS
    return [(at + 0.5) / count for at in range(count)]
