"""The EMA workbench (exploratory modelling): a policy as one of its models."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from sifrules.errors import SifError, nearest
from sifrules.values.messages import Message
from sifrules_simulation.experiments.experiment import DOT, Experiment, cut_off, experiment
from sifrules_simulation.experiments.exploration import Space
from sifrules_simulation.experiments.planning import Named
from sifrules_simulation.model.measures import SHOWN
from sifrules_simulation.model.parameters import declared

if TYPE_CHECKING:
    from ema_workbench import Model

_DIRECTIONS = ("maximise", "minimise", "info")
_WHOLE = {path for path, each in declared() if each.metadata["whole"]}


@frozen
class _Run:
    """The function of a model: the workbench looks at the name of what it calls."""

    experiment: Experiment
    __name__ = "experiment"

    def __call__(self, **values: Any) -> dict[str, float]:
        return self.experiment(**values)


def model(
    policy: Named,
    levers: Mapping[str, Any] | None = None,
    uncertainties: Mapping[str, Any] | Iterable[str] | str | None = None,
    outcomes: Mapping[str, str] | Iterable[str] = SHOWN,
    *,
    name: str = "sifrules",
    **how: Any,
) -> Model:
    """A policy as a model of the EMA workbench, with its uncertainties, levers and outcomes.

    They are given as to `sifrules.explore`; ``outcomes`` may say of each whether to ``maximise`` or
    ``minimise`` it, for a search. Names have two underscores for each dot of a path, as the
    workbench takes Python names. ``how`` is what `sifrules.experiment` takes besides, as
    ``replications``. Runs under the sequential and the multiprocessing evaluator. Needs the extra
    ``ema``.
    """
    try:
        with warnings.catch_warnings():  # on import it warns of what else it could be used with
            warnings.simplefilter("ignore")
            import ema_workbench as ema
    except ImportError:
        raise SifError(
            Message("decisions.needs", extra="ema"), fix=Message("install.extra", extra="ema")
        ) from None
    if isinstance(outcomes, str):
        outcomes = (outcomes,)
    wanted = dict(outcomes) if isinstance(outcomes, Mapping) else dict.fromkeys(outcomes, "info")
    for each, direction in wanted.items():
        if direction not in _DIRECTIONS:
            raise SifError(
                Message("ema.no_direction", outcome=each, direction=str(direction)),
                fix=nearest(str(direction), _DIRECTIONS),
            )
    function = experiment(policy, levers, uncertainties, tuple(wanted), **how)
    kinds = {
        "maximise": ema.ScalarOutcome.MAXIMIZE,
        "minimise": ema.ScalarOutcome.MINIMIZE,
        "info": ema.ScalarOutcome.INFO,
    }
    made = ema.Model(name, function=_Run(function))
    made.levers = _parameters(ema, function.levers)
    made.uncertainties = _parameters(ema, function.uncertainties)
    made.constants = [
        ema.Constant(path.replace(".", DOT), each.values[0])
        for path, each in (*function.levers.items(), *function.uncertainties.items())
        if len(each.values) == 1
    ]
    made.outcomes = [
        ema.ScalarOutcome(each, kind=kinds[wanted.get(each, "info")]) for each in function.outcomes
    ]
    return made


def _truncated(normal: Any, low: float, high: float) -> Any:
    """A normal distribution without what lies beyond what the parameter can be."""
    from scipy import stats

    middle, spread = normal.mean(), normal.std()
    return stats.truncnorm((low - middle) / spread, (high - middle) / spread, middle, spread)


def _parameters(ema: Any, spaces: Mapping[str, Space]) -> list[Any]:
    """Levers or uncertainties as the workbench has them; one value alone is a constant there."""
    return [_parameter(ema, path, each) for path, each in spaces.items() if len(each.values) != 1]


def _parameter(ema: Any, path: str, space: Space) -> Any:
    """A lever or an uncertainty as the workbench has it."""
    name = path.replace(".", DOT)
    if space.values:
        return ema.CategoricalParameter(name, list(space.values))
    if space.distribution is not None:
        dist = space.distribution.frozen
        if space.is_cut_off:
            if space.distribution.name != "norm" or space.ends is None:
                raise cut_off(path, space)
            dist = _truncated(dist, *space.ends)
        kind = ema.IntegerParameter if hasattr(dist, "pmf") else ema.RealParameter
        return kind.from_dist(name, dist)
    low, high = space.ends or (0.0, 1.0)
    if path in _WHOLE:
        return ema.IntegerParameter(name, round(low), round(high))
    return ema.RealParameter(name, low, high)
