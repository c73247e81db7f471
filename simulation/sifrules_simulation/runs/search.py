"""Searching levers (sökning) for the best trade-offs, by an evolutionary algorithm of pymoo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sifrules.errors import SifError, shown, unexpected
from sifrules.values.messages import Message
from sifrules_simulation.execution.dispatch import run_ordered
from sifrules_simulation.experiments.experiment import Experiment, experiment
from sifrules_simulation.experiments.explored import names_of
from sifrules_simulation.experiments.planning import Named
from sifrules_simulation.statistics.fronts import on_front

if TYPE_CHECKING:
    import polars as pl

Array = NDArray[np.float64]
#: How many combinations each generation of a search has.
POPULATION = 40


def search(
    policy: Named,
    levers: Mapping[str, Any],
    *,
    maximise: Sequence[str] = (),
    minimise: Sequence[str] = (),
    evaluations: int = 2_000,
    seed: int = 1,
    jobs: int | None = None,
    **how: Any,
) -> pl.DataFrame:
    """The values of levers with which no outcome can be had better without another being worse.

    Levers are given as to `explore`; ranges are searched, lists of values are chosen from. NSGA-II
    of pymoo tries about so many combinations, all in the same worlds; ``how`` is what `experiment`
    takes besides, as ``replications`` and ``scenario``. A row for each trade-off that was found.
    More replications, and then `explore` of what was found, tell how sure it is. Needs the extra
    ``explore``.
    """
    import polars as pl

    maximise, minimise = names_of(maximise), names_of(minimise)
    named = (*maximise, *minimise)
    if not named:
        raise SifError(Message("decisions.no_outcome"))
    twice = sorted(name for name in set(named) if named.count(name) > 1)
    if twice:
        raise SifError(Message("decisions.twice", outcome=twice[0]))
    try:
        from pymoo.algorithms.moo.nsga2 import NSGA2
        from pymoo.core.problem import Problem
        from pymoo.operators.crossover.sbx import SBX
        from pymoo.operators.mutation.pm import PM
        from pymoo.optimize import minimize
    except ImportError:
        raise SifError(
            Message("decisions.needs", extra="explore"),
            fix=Message("install.extra", extra="explore"),
        ) from None
    if type(evaluations) is not int or evaluations < 1:
        raise SifError(Message("search.evaluations", value=shown(evaluations)))
    function = experiment(policy, levers, None, named, seed=seed, **how)
    if not function.levers:
        raise unexpected(Message("expected.levers"), levers)
    signs = np.array([-1.0] * len(maximise) + [1.0] * len(minimise))
    spaces = list(function.levers.items())
    known: dict[tuple[Any, ...], Array] = {}

    def settings(point: Sequence[float]) -> tuple[Any, ...]:
        return tuple(
            function.as_set(path, space.at(np.array([share]))[0])
            for (path, space), share in zip(spaces, point, strict=True)
        )

    def evaluated(points: Array) -> Array:
        wanted = list(dict.fromkeys(settings(point) for point in points))
        new = [each for each in wanted if each not in known]
        pieces = [new[first::_PIECES] for first in range(min(_PIECES, len(new)))]
        tasks = [(function, piece) for piece in pieces]
        # In order, so that the front is the same on any number of cores.
        for piece, outcomes in zip(pieces, run_ordered(_many, tasks, jobs), strict=True):
            known.update(zip(piece, outcomes, strict=True))
        found = np.array([known[settings(point)] for point in points])[:, : len(named)]
        return np.where(np.isnan(found), np.inf, found * signs)

    class Levers(Problem):  # type: ignore[misc]  # pymoo is not typed
        def _evaluate(self, points: Array, out: dict[str, Array], *_: Any, **__: Any) -> None:
            out["F"] = evaluated(points)

    size = min(POPULATION, max(4, evaluations // 5))
    problem = Levers(n_var=len(spaces), n_obj=len(named), xl=0.0, xu=1.0)
    algorithm = NSGA2(
        pop_size=size,
        crossover=SBX(prob=0.9, eta=15),
        mutation=PM(eta=20),
        eliminate_duplicates=True,
    )
    minimize(problem, algorithm, ("n_eval", evaluations), seed=seed, verbose=False)
    tried, values = list(known), np.array(list(known.values()), dtype=float)
    best = np.flatnonzero(on_front(-values[:, : len(named)] * signs)).tolist()
    return pl.DataFrame(
        {
            **{path: [tried[row][at] for row in best] for at, path in enumerate(function.levers)},
            **{name: values[best, at] for at, name in enumerate(function.outcomes)},
        }
    )


#: In how many pieces the new combinations of a generation are shared out.
_PIECES = 8


def _many(function: Experiment, some: Sequence[tuple[Any, ...]]) -> Array:
    """The outcomes of some combinations of levers."""
    names = list(function.levers)
    rows = [list(function(dict(zip(names, each, strict=True))).values()) for each in some]
    return np.array(rows, dtype=float)
